"""Tells from Spark's event log where the time of a job went.

    jobs/score.sh ... -- --conf spark.eventLog.enabled=true --conf spark.eventLog.dir=LOGS --conf spark.eventLog.compress=false
    python3 src/tools/stages.py LOGS ROWS

Prints for each stage its tasks, wall and task seconds, the records that it read, and the longest task; then what share of
the wall time is not of the longest stage, and how often each of ROWS rows was read (of vectored reads Spark counts records, no bytes).
"""

import json
import pathlib
import sys
from collections import defaultdict


def main(folder, rows):
    stages = {}
    tasks = defaultdict(list)
    start = end = None
    for log in sorted(pathlib.Path(folder).rglob("*")):
        if not log.is_file() or log.name.startswith(".") or "appstatus" in log.name:
            continue
        for line in log.open():
            event = json.loads(line)
            kind = event["Event"]
            if kind == "SparkListenerApplicationStart":
                start = event["Timestamp"]
            elif kind == "SparkListenerApplicationEnd":
                end = event["Timestamp"]
            elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                tasks[event["Stage ID"]].append(event)
            elif kind == "SparkListenerStageCompleted":
                info = event["Stage Info"]
                stages[info["Stage ID"]] = info
    total = (end - start) / 1e3
    print(f"{'stage':>5} {'tasks':>6} {'wall s':>8} {'task s':>8} {'longest':>8} {'read':>12} {'written':>12}  name")
    read_all = longest_stage = task_all = 0
    for number, info in sorted(stages.items()):
        done = tasks[number]
        wall = (info["Completion Time"] - info["Submission Time"]) / 1e3
        run = [t["Task Info"]["Finish Time"] - t["Task Info"]["Launch Time"] for t in done]
        read = sum(t["Task Metrics"]["Input Metrics"]["Records Read"] for t in done)
        written = sum(t["Task Metrics"]["Output Metrics"]["Records Written"] for t in done)
        read_all += read
        task_all += sum(run) / 1e3
        longest_stage = max(longest_stage, wall)
        print(
            f"{number:>5} {len(done):>6} {wall:>8.1f} {sum(run) / 1e3:>8.1f} {max(run, default=0) / 1e3:>8.1f}"
            f" {read:>12,} {written:>12,}  {info['Stage Name'][:60]}"
        )
    print(f"application {total:.1f} s, tasks {task_all:.1f} s, longest stage {longest_stage:.1f} s,"
          f" outside it {100 * (total - longest_stage) / total:.0f} %, rows read {read_all / rows:.2f} times")


main(sys.argv[1], int(sys.argv[2]))
