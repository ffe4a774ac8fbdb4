#!/usr/bin/env bash
# Times the network of this project against OpenVINO (openvino_peer.py) on the same texts, in turns: MODEL REVIEWS.parquet [LIMIT] [ROUNDS].
# LIMIT should be a multiple of 512, so that two threads have equally many batches of 256. Needs the built project, two cores, and the
# environment of openvino_peer.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

model=$1 reviews=$2 limit=${3:-1024} rounds=${4:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
jobs/export.sh --model "$model" --to onnx --output "$folder/model.onnx" >/dev/null
ours() {
  jobs/bench.sh --model "$model" --input "$reviews" --limit "$limit" --threads 2 --dtype "$1" --runs 2 --json | tail -n 1
}
for ((round = 0; round < rounds; round++)); do
  target/openvino/bin/python src/tools/openvino_peer.py "$folder/model.onnx" "$reviews" "$limit"
  ours float32
  ours bfloat16
done | target/openvino/bin/python -c '
import json, statistics, sys
lines = [json.loads(line) for line in sys.stdin]
peers, ours = lines[::3], [line for i, line in enumerate(lines) if i % 3]
for dtype in ("float32", "bfloat16"):
    there = [peer[dtype] for peer in peers]
    here = [run["model_per_s"] for run in ours if run["dtype"] == dtype]
    print("%-8s  here %s  OpenVINO %s  %.2f times" % (
        dtype, " ".join("%.0f" % rate for rate in here), " ".join("%.0f" % rate for rate in there),
        statistics.median(here) / statistics.median(there)))
'
