#!/usr/bin/env bash
# Scores one night on Kubernetes with a plain spark-submit, from the image of docker/Dockerfile:
#   kubernetes-submit.sh YYYY-MM-DD OPTION...
# with the options of score-nightly.sh except --date. Needs SPARK_HOME and kubectl, and addresses in
# conf/kubernetes-gpu.conf (or the file that SWARMFORMER_CONF names).
# Exit code: that of the job, which spark-submit does not pass on from a cluster.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
conf=${SWARMFORMER_CONF:-$home/conf/kubernetes-gpu.conf}
date=${1:-}
if [[ ! $date =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]]; then
  echo "Usage: $0 YYYY-MM-DD OPTION..., as in: $0 2026-11-01 --input s3a://bucket/reviews --store hdfs://namenode:8020/nights --device cuda" >&2
  exit 2
fi
shift
if [[ ! -x ${SPARK_HOME:-}/bin/spark-submit ]]; then
  echo "There is no \$SPARK_HOME/bin/spark-submit: set SPARK_HOME to a Spark 4.1." >&2
  exit 2
fi

setting() {
  sed -En "s/^[[:space:]]*$1([[:space:]]*[=:]|[[:space:]])[[:space:]]*(.*[^[:space:]])[[:space:]]*$/\2/p" "$conf" | tail -n 1
}
namespace=$(setting 'spark\.kubernetes\.namespace')
pod=swarmformer-nightly-$date-$(date +%s)

submitted=0
"$SPARK_HOME/bin/spark-submit" --properties-file "$conf" --deploy-mode cluster --name swarmformer-nightly \
  --conf spark.kubernetes.driver.pod.name="$pod" --class swarmformer.jobs.ScoreNightly \
  local:///opt/swarmformer/swarmformer-spark.jar --date "$date" "$@" || submitted=$?

code=$(kubectl get pod "$pod" --namespace "${namespace:-default}" \
  --output 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}') || code=
if [[ ! $code =~ ^[0-9]+$ ]]; then
  echo "The exit code of the driver's pod $pod is not known: see the lines above." >&2
  exit $((submitted ? submitted : 1))
fi
((code == 0)) || echo "The job ended with exit code $code: kubectl logs $pod --namespace ${namespace:-default}" >&2
exit "$code"
