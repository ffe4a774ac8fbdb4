#!/usr/bin/env bash
# Starts a program of this project with spark-submit. The other scripts call it:
#   submit.sh CLASS [OPTION...] [-- SPARK-SUBMIT-OPTION...]
# With SPARK_HOME set it calls that Spark; otherwise the one that the build has assembled.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
class=$1
shift

options=()
while (($#)) && [[ $1 != -- ]]; do
  options+=("$1")
  shift
done
(($# == 0)) || shift
submit_options=("$@")

fail() {
  echo "$1" >&2
  exit 2
}

built() {
  [[ ! -d $home/target ]] || find "$home/target" -maxdepth 1 "$@" | head -n 1
}

jar=$(built -name 'swarmformer-spark-*.jar' ! -name '*-natives-*')
natives=$(built -name 'swarmformer-spark-*-natives-cpu.jar')
[[ -n $jar ]] || fail "The project is not built: run ./mvnw -DskipTests package in $home first."

# Progress is one line that changes on a terminal, and lines elsewhere.
if [[ -t 2 ]]; then
  export SWARMFORMER_PROGRESS=terminal
fi

# A GPU build of libtorch that was laid out on the machine takes the place of the CPU natives.
jars=()
if [[ -n $natives && -z ${PYTORCH_LIBRARY_PATH:-} ]]; then
  jars=(--jars "$natives")
fi

# spark-submit heeds the last --jars alone.
for ((i = 0; i < ${#submit_options[@]} && ${#jars[@]}; i++)); do
  case ${submit_options[i]} in
    --jars) ((i + 1 == ${#submit_options[@]})) || submit_options[i + 1]+=,$natives ;;
    --jars=*) submit_options[i]+=,$natives ;;
    *) continue ;;
  esac
  jars=()
done

if [[ -z ${SWARMFORMER_LOGS:-} ]]; then
  export SWARMFORMER_LOGS=$home/logs
fi

if [[ -n ${SPARK_HOME:-} ]]; then
  [[ -x $SPARK_HOME/bin/spark-submit ]] || fail "There is no $SPARK_HOME/bin/spark-submit: correct SPARK_HOME, or unset it."
  # A Spark that nobody told how to log tells the console everything.
  if [[ ! -e ${SPARK_CONF_DIR:-$SPARK_HOME/conf}/log4j2.properties ]]; then
    export SPARK_SUBMIT_OPTS="${SPARK_SUBMIT_OPTS:-} -Dlog4j2.configurationFile=file:$home/conf/log4j2.properties"
  fi
  exec "$SPARK_HOME/bin/spark-submit" --class "$class" ${jars[@]+"${jars[@]}"} \
    ${submit_options[@]+"${submit_options[@]}"} "$jar" ${options[@]+"${options[@]}"}
fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "There is no java: install a JDK 17 or 21 and set JAVA_HOME."
version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
((version >= 17 && version < 24)) || fail "Spark 4.1 runs on Java 17 to 23, and $java is Java $version: set JAVA_HOME to a JDK 17 or 21."

export SPARK_HOME=$home/target/runtime SPARK_CONF_DIR=${SPARK_CONF_DIR:-$home/conf} SPARK_SCALA_VERSION=2.13

# As bin/spark-class does: the launcher prints the command, an empty word and a line break first.
command=()
while IFS= read -r -d '' word; do
  word=${word#$'\n'}
  # Only for MLlib's linear algebra, and Java warns of it on the console.
  [[ -z $word || $word == --add-modules=jdk.incubator.vector ]] || command+=("$word")
done < <("$java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit --class "$class" ${jars[@]+"${jars[@]}"} \
  ${submit_options[@]+"${submit_options[@]}"} "$jar" ${options[@]+"${options[@]}"})
((${#command[@]})) || exit 2
exec "${command[@]}"
