#!/usr/bin/env bash
# Scores the last nights, for systemd or cron:
#   nightly.sh DAYS OPTION... [-- SPARK-SUBMIT-OPTION...]
# with the options of score-nightly.sh except --date. Days are those of --zone (default: UTC). Each of the last DAYS days is
# started, the oldest first: a night that is scored already is left as it is, one that was stopped goes on. A --deadline of HH:MM
# is the next one from the start of this script, for all nights.
# Exit code: that of the first night that failed, else 8 if another process has one, else 6 if a gate is closed, else 7 if the
# deadline passed.
set -uo pipefail

jobs=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
days=${1:-}
[[ $days =~ ^[1-9][0-9]*$ ]] || {
  echo "Usage: $0 DAYS OPTION..., as in: $0 3 --table shop.reviews --store hdfs:///nights" >&2
  exit 2
}
shift

now=$(date +%s)
options=("$@")
zone=UTC
at=0 # where the deadline is
for ((i = 0; i < ${#options[@]}; i++)); do
  case ${options[i]} in
    --) break ;;
    --zone) zone=${options[i + 1]-} ;;
    --zone=*) zone=${options[i]#*=} ;;
    --deadline) at=$((i + 1)) ;;
    --deadline=*) at=$i ;;
  esac
done

# For a name that is not there, date takes UTC without a word.
zones=${TZDIR:-/usr/share/zoneinfo}
[[ $zone == UTC || -f $zones/$zone ]] || {
  echo "There is no time zone '$zone' in $zones: set --zone to a name such as Europe/Berlin, or install tzdata." >&2
  exit 2
}
today=$(TZ=$zone date --date "@$now" +%F)

end=
time=${options[at]-}
time=${time#--deadline=}
if [[ $time =~ ^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$ ]]; then
  for day in "$today" "$(date --utc --date "$today 1 day" +%F)"; do
    # A time that a clock passes over when summer begins is left to the job.
    end=$(TZ=$zone date --date "$day $time" +%s 2>/dev/null) || break
    ((end <= now)) || break
  done
  [[ -z $end ]] || options[at]=${options[at]%"$time"}$(date --utc --date "@$end" +%FT%TZ)
fi

# A failure tells more than what a later start may end.
rank() {
  case $1 in
    0) echo 0 ;;
    7) echo 1 ;;
    6) echo 2 ;;
    8) echo 3 ;;
    *) echo 4 ;;
  esac
}

worst=0
for ((day = days; day > 0; day--)); do
  night=$(date --utc --date "$today $day days ago" +%F)
  if [[ -n $end ]] && (($(date +%s) >= end)); then
    echo "Night $night not started: the deadline has passed." >&2
    code=7
  else
    code=0
    "$jobs/score-nightly.sh" --date "$night" ${options[@]+"${options[@]}"} || code=$?
  fi
  if (($(rank "$code") > $(rank "$worst"))); then worst=$code; fi
  # After the deadline no other night is begun.
  ((code != 7)) || break
done
exit "$worst"
