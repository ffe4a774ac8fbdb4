#!/usr/bin/env bash
# Evaluates the samples once and keeps what Java has loaded for it in target/runtime/classes.jsa, which jobs/submit.sh
# starts with. Without the archive everything works, so whatever goes wrong here is no failure of the build.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 0
runtime=target/runtime
# One that is newer than all it was made from stays.
if [[ -f $runtime/classes.jsa && -z $(find "$runtime/jars" -newer "$runtime/classes.jsa" -print -quit) ]]; then
  exit 0
fi
rm -f "$runtime/classes.jsa"
mkdir -p "$runtime/conf"
output=$(mktemp -d)
unset SPARK_HOME SPARK_CONF_DIR SWARMFORMER_RUNTIME
SWARMFORMER_ARCHIVE_CLASSES=1 SWARMFORMER_LOGS=$output jobs/evaluate.sh --input samples/reviews.csv --output "$output" >"$output/log" 2>&1 ||
  echo "No archive of classes: jobs start a little slower. $(tail -n 1 "$output/log")"
rm -rf "$output"
exit 0
