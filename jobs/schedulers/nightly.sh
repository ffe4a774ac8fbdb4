#!/usr/bin/env bash
# Scores the last nights, for systemd or cron:
#   nightly.sh DAYS OPTION... [-- SPARK-SUBMIT-OPTION...]
# with the options of score-nightly.sh except --date. Days are those of UTC. Each of the last DAYS days is started, the oldest
# first: a night that is scored already is left as it is, one that was stopped goes on.
# Exit code: that of the first night that was not scored.
set -uo pipefail

jobs=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
days=${1:-}
[[ $days =~ ^[1-9][0-9]*$ ]] || {
  echo "Usage: $0 DAYS OPTION..., as in: $0 3 --table shop.reviews --store hdfs:///nights" >&2
  exit 2
}
shift

first=0
for ((day = days; day > 0; day--)); do
  code=0
  "$jobs/score-nightly.sh" --date "$(date --utc --date "$day days ago" +%F)" "$@" || code=$?
  ((first)) || first=$code
  # After the deadline no other night is begun.
  ((code != 7)) || break
done
exit "$first"
