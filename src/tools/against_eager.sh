#!/usr/bin/env bash
# Times this project against eager PyTorch at full length (eager.py) on the same texts, one after the other: MODEL REVIEWS.parquet [LIMIT].
# The texts are the first of the file: shuffle it. Needs the built project and the environment of eager.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

model=$1 reviews=$2 limit=${3:-1024}
eager() { target/eager/bin/python src/tools/eager.py score "$model" "$reviews" --limit "$limit" --threads 2; }
before=$(eager)
ours=$(jobs/bench.sh --model "$model" --input "$reviews" --limit "$limit" --threads 2 --dtype float32 --runs 3 --json | tail -n 1)
after=$(eager)
printf '%s\n' "$before" "$ours" "$after" | target/eager/bin/python -c '
import json, sys
before, ours, after = map(json.loads, sys.stdin)
print("GFLOP/s: %.0f of %.0f of a large product" % (ours["gflops"], ours["matmul_gflops"]))
for what in ("tokenise", "model", "end_to_end"):
    key = what + "_per_s"
    print("%-10s  %9.1f texts/s  eager %7.1f and %7.1f  %5.1f times" % (what, ours[key], before[key], after[key], 2 * ours[key] / (before[key] + after[key])))
'
