#!/usr/bin/env bash
# Starts a program of this project with spark-submit. The other scripts call it:
#   submit.sh CLASS [OPTION...] [--conf-file NAME|FILE] [-- SPARK-SUBMIT-OPTION...]
# With SPARK_HOME set it calls that Spark; otherwise the one that the build has assembled, or that of
# PySpark in SWARMFORMER_RUNTIME: the Python package has this script, and the jar in the directory jars. Images have the jar beside jobs/.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
class=$1
shift

fail() {
  echo "$1" >&2
  exit 2
}

options=()
conf_file=
while (($#)) && [[ $1 != -- ]]; do
  case $1 in
    --conf-file=*) conf_file=${1#*=} ;;
    --conf-file)
      conf_file=${2:--}
      [[ $conf_file != -* ]] || fail "--conf-file needs a name or a file, as in --conf-file standalone."
      shift
      ;;
    *) options+=("$1") ;;
  esac
  shift
done
(($# == 0)) || shift
submit_options=("$@")

# The checkup recommends a command with the same settings.
settings=()
if [[ $class == swarmformer.jobs.Doctor ]]; then
  submitted=$(printf '%s\n' ${conf_file:+--conf-file "$conf_file"} -- "$@")
  settings+=(--conf "spark.swarmformer.submitted=$submitted")
fi

# A file, or the name of one in conf/.
if [[ -n $conf_file && ! -f $conf_file ]]; then
  names=$(cd "$home/conf" && printf '%s ' *.conf)
  [[ -f $home/conf/$conf_file.conf ]] ||
    fail "There is no file $conf_file, nor $conf_file.conf in $home/conf, which has: ${names% }."
  conf_file=$home/conf/$conf_file.conf
fi
if [[ -n $conf_file ]]; then
  settings+=(--properties-file "$conf_file")
  # An installed Spark's own defaults stay in force below it; those in conf/ are for one machine.
  [[ -z ${SPARK_HOME:-} ]] || settings+=(--load-spark-defaults)
fi

# The files that Spark reads settings from, the first that has one wins. One after -- takes the place of --conf-file.
defaults=${SPARK_CONF_DIR:-${SPARK_HOME:-$home}/conf}/spark-defaults.conf
files=("${conf_file:-$defaults}")
[[ " ${settings[*]-} ${submit_options[*]-} " != *" --load-spark-defaults "* ]] || files+=("$defaults")
for ((i = 0; i < ${#submit_options[@]}; i++)); do
  case ${submit_options[i]} in
    --properties-file) files[0]=${submit_options[i + 1]-} ;;
    --properties-file=*) files[0]=${submit_options[i]#*=} ;;
  esac
done

# Their lines, those that win last. In Java's properties a line that ends with a backslash goes on in the next.
lines=
for file in "${files[@]}"; do
  [[ ! -f $file ]] || lines=$(sed -E -e '/^[[:space:]]*[#!]/d' -e ':a' -e '/\\$/{N;s/\\\n[[:space:]]*//;ba' -e '}' "$file")$'\n'$lines
done

# What Spark takes for a setting without an option of its own: the last --conf, or else what a file says.
setting() {
  local i
  for ((i = ${#submit_options[@]} - 1; i >= 0; i--)); do
    if [[ ${submit_options[i]#--conf=} == "$1"=* ]]; then
      echo "${submit_options[i]#*"$1="}"
      return
    fi
  done
  sed -En "s/^[[:space:]]*${1//./\\.}([[:space:]]*[=:]|[[:space:]])[[:space:]]*(.*[^[:space:]])[[:space:]]*$/\2/p" <<<"$lines" | tail -n 1
}

# Adds a file to an option that takes several: spark-submit heeds the last one of a name alone, and takes it
# instead of the setting.
add() {
  local i given
  for ((i = ${#submit_options[@]} - 1; i >= 0; i--)); do
    case ${submit_options[i]} in
      "$1") ((i + 1 == ${#submit_options[@]})) || submit_options[i + 1]+=,$3 ;;
      "$1"=*) submit_options[i]+=,$3 ;;
      *) continue ;;
    esac
    return
  done
  given=$(setting "$2")
  settings+=("$1" "${given:+$given,}$3")
}

# The master in force: the last --master, or else as other settings, or else spark-submit's variable.
master=$(setting spark.master)
master=${master:-${MASTER:-}}
for ((i = 0; i < ${#submit_options[@]}; i++)); do
  case ${submit_options[i]} in
    --master) master=${submit_options[i + 1]-} ;;
    --master=*) master=${submit_options[i]#*=} ;;
  esac
done

# On one machine the driver needs no public name, which may not resolve; executors elsewhere need it. At an
# address of its own it is found there alone.
if [[ ${master:-local} == local* && -z $(setting spark.driver.host) ]]; then
  address=$(setting spark.driver.bindAddress)
  case $address in
    '') settings+=(--conf spark.driver.host=localhost --conf spark.driver.bindAddress=127.0.0.1) ;;
    0.0.0.0 | :: | '[::]' | ::1 | '[::1]') settings+=(--conf spark.driver.host=localhost) ;;
    *) settings+=(--conf "spark.driver.host=$address") ;;
  esac
fi

# The script that finds GPUs travels with the job if the settings look for it in the working directory.
if [[ $(setting spark.executor.resource.gpu.discoveryScript) == ./discover-gpus.sh ]]; then
  add --files spark.files "$home/conf/discover-gpus.sh"
fi

# Packages are looked up as the user says, or else past what builds leave in the local Maven repository. In a pod there is no such file.
if [[ (" ${submit_options[*]-}" == *" --packages"* || -n $(setting spark.jars.packages)) && -z $(setting spark.jars.ivySettings) &&
  $master != k8s:* && -z ${DEFAULT_ARTIFACT_REPOSITORY:-} ]]; then
  path=${home//%/%25}
  settings+=(--conf "spark.jars.ivySettings=file:${path// /%20}/conf/ivysettings.xml")
fi

# The file of some name in the first directory that has one. After an upgrade without clean there are two.
built() {
  local folder found
  for folder in "$home/target" "$home/jars" "$home"; do
    [[ -d $folder ]] || continue
    found=$(find "$folder" -maxdepth 1 "$@")
    [[ $found != *$'\n'* ]] || fail "There are several versions in $folder: remove all but one of"$'\n'"$found"
    [[ -z $found ]] || break
  done
  echo "${found-}"
}

jar=$(built -name 'swarmformer-spark*.jar' ! -name '*-natives-*' ! -name '*-sources.jar' ! -name '*-javadoc.jar')
natives=${SWARMFORMER_NATIVES:-}
[[ -n $natives ]] || natives=$(built -name 'swarmformer-spark-*-natives-cpu.jar')
[[ -n $jar ]] || fail "The project is not built: run ./mvnw -DskipTests package in $home first."

# Progress is one line that changes on a terminal, and lines elsewhere.
if [[ -t 2 ]]; then
  export SWARMFORMER_PROGRESS=terminal
fi

# A GPU build of libtorch that was laid out on the machine takes the place of the CPU natives.
if [[ -n $natives && -z ${PYTORCH_LIBRARY_PATH:-}$(setting spark.executorEnv.PYTORCH_LIBRARY_PATH) ]]; then
  add --jars spark.jars "$natives"
fi
# What a training fits in Java itself is worth the compiling that conf/spark-defaults.conf leaves out.
if [[ $class == swarmformer.jobs.Train && -z $conf_file && -z ${SPARK_HOME:-}${SPARK_CONF_DIR:-} ]]; then
  driver_options=$(setting spark.driver.extraJavaOptions)
  # Java elsewhere does not know the option, and does not start with it.
  huge_pages=
  [[ $(uname) != Linux ]] || huge_pages=-XX:+UseTransparentHugePages
  settings+=(--conf "spark.driver.extraJavaOptions=${driver_options/-XX:TieredStopAtLevel=1/$huge_pages}")
fi

# Java names files in the encoding of the locale, and that of cron, systemd and many images has ASCII alone.
if [[ $(locale charmap 2>/dev/null) != UTF-8 ]]; then
  { export LC_ALL=C.UTF-8; } 2>/dev/null
fi
for where in executorEnv yarn.appMasterEnv kubernetes.driverEnv; do
  [[ -n $(setting "spark.$where.LC_ALL") ]] || settings+=(--conf "spark.$where.LC_ALL=C.UTF-8")
done

# What has failed fails again at once; whether and when to start it again is for the scheduler to say.
[[ -n $(setting spark.yarn.maxAppAttempts) ]] || settings+=(--conf spark.yarn.maxAppAttempts=1)

# Hadoop asks the system for the name of the user.
id -un >/dev/null 2>&1 ||
  fail "The user $(id -u) has no name, and Hadoop needs one: add a line for it to /etc/passwd (docs/operations.md)."

arguments=(--class "$class" ${settings[@]+"${settings[@]}"}
  ${submit_options[@]+"${submit_options[@]}"} "$jar" ${options[@]+"${options[@]}"})

export SWARMFORMER_LOGS=${SWARMFORMER_LOGS:-$home/logs}
if ! { mkdir -p "$SWARMFORMER_LOGS" && [[ -w $SWARMFORMER_LOGS ]]; } 2>/dev/null; then
  elsewhere=${TMPDIR:-/tmp}/swarmformer-logs-$(id -u)
  echo "Logs go to $elsewhere: $SWARMFORMER_LOGS cannot be written. SWARMFORMER_LOGS sets another directory." >&2
  export SWARMFORMER_LOGS=$elsewhere
fi

if [[ -n ${SPARK_HOME:-} ]]; then
  [[ -x $SPARK_HOME/bin/spark-submit ]] || fail "There is no $SPARK_HOME/bin/spark-submit: correct SPARK_HOME, or unset it."
  # Older ones do not even know our options; the program itself refuses the others.
  core=$(find "$SPARK_HOME/jars" -maxdepth 1 -name 'spark-core_*.jar' 2>/dev/null | head -n 1) || true
  [[ ! $core =~ spark-core_(2\.12-.*|2\.13-[0-3]\..*)\.jar$ ]] ||
    fail "Cannot run on Spark ${BASH_REMATCH[1]#*-} with Scala ${BASH_REMATCH[1]%%-*}: swarmformer-spark needs Spark 4.0.1 or a later 4.0, 4.1, 4.2 or 4.3, with Scala 2.13. Set SPARK_HOME to one of them."
  # A Spark that nobody told how to log tells the console everything. It splits these options at spaces.
  if [[ ! -e ${SPARK_CONF_DIR:-$SPARK_HOME/conf}/log4j2.properties ]]; then
    export SPARK_SUBMIT_OPTS="-Dlog4j2.configurationFile=\"file:$home/conf/log4j2.properties\" ${SPARK_SUBMIT_OPTS:-}"
  fi
  exec "$SPARK_HOME/bin/spark-submit" "${arguments[@]}"
fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "There is no java: install a JDK 17 or 21 and set JAVA_HOME."
version=$("$java" -version 2>&1) || fail "$java does not start: $version"
version=$(sed -n 's/.*version "\([0-9]*\).*/\1/p' <<<"$version")
((${version:-0} >= 17)) || fail "Spark runs on Java 17 or later, and $java is Java $version: set JAVA_HOME to a JDK 17 or 21."

export SPARK_HOME=${SWARMFORMER_RUNTIME:-$home/target/runtime} SPARK_SCALA_VERSION=2.13
if ((version >= 24)) && compgen -G "$SPARK_HOME/jars/spark-core_2.13-4.[01].*" >/dev/null; then
  fail "Spark 4.1 runs on Java 17 to 23, and $java is Java $version: set JAVA_HOME to a JDK 17 or 21."
fi

# Classes that the build has archived load in a third less time. Java takes them only if no directory on
# the class path has files, as conf/ is one for the processes of a cluster.
archive=$SPARK_HOME/classes.jsa
if [[ (-f $archive || -n ${SWARMFORMER_ARCHIVE_CLASSES:-}) && -z $conf_file${SPARK_CONF_DIR:-} && " ${submit_options[*]-}" != *master* ]]; then
  use=-XX:SharedArchiveFile
  [[ -z ${SWARMFORMER_ARCHIVE_CLASSES:-} ]] || use=-XX:ArchiveClassesAtExit
  SPARK_SUBMIT_OPTS="-Dlog4j2.configurationFile=\"file:$home/conf/log4j2.properties\" ${SPARK_SUBMIT_OPTS:-}"
  export SPARK_SUBMIT_OPTS="$SPARK_SUBMIT_OPTS $use=\"$archive\" -Xlog:cds=off -Xlog:cds+dynamic=off -Xlog:class+path=off"
  SPARK_CONF_DIR=$SPARK_HOME/conf
  metrics=$(setting spark.metrics.conf)
  arguments=(--properties-file "$defaults" --conf "spark.metrics.conf=${metrics:-$home/conf/metrics.properties}" "${arguments[@]}")
fi
export SPARK_CONF_DIR=${SPARK_CONF_DIR:-$home/conf}

# As bin/spark-class does: the launcher prints the command, an empty word and a line break first.
command=()
while IFS= read -r -d '' word; do
  word=${word#$'\n'}
  # Only for MLlib's linear algebra, and Java warns of it on the console.
  [[ -z $word || $word == --add-modules=jdk.incubator.vector ]] || command+=("$word")
done < <("$java" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
  org.apache.spark.deploy.SparkSubmit "${arguments[@]}")
((${#command[@]})) || exit 2
exec "${command[@]}"
