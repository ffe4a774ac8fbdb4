#!/usr/bin/env bash
# Times this project on a GPU against PyTorch at full length, eager and compiled, on the same card, and whole jobs: REVIEWS.parquet [LIMIT].
# Needs the project built with natives for the GPU (jobs/pack-gpu-natives.sh) and the environment of eager.py with a PyTorch for the card.
# Prints lines of JSON; some eight minutes. Beforehand `nvidia-smi` shows that nobody else uses the card.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

reviews=$1 limit=${2:-65536}
cores=$(nproc)
tell() { printf '%s: ' "$1"; shift; "$@" 2> target/gpu.log | tail -n 1; }
eager() { target/eager/bin/python src/tools/eager.py score "models/$model" "$reviews" --limit "$eager_limit" --batch 2048 --threads "$cores" --device cuda "$@"; }
ours() { jobs/bench.sh --model "$model" --input "$reviews" --limit "$limit" --threads "$cores" --device cuda --runs 3 --json "$@"; }
job() {
  rm -rf target/gpu-output
  jobs/score.sh --model "$model" --input "$reviews" --output target/gpu-output --device cuda "$@" > target/gpu-job.txt
  target/eager/bin/python -c '
import glob, json, pyarrow.parquet
metrics = pyarrow.parquet.read_table(glob.glob("target/gpu-output/run=*/metrics")[0]).to_pylist()[0]
print(json.dumps({key: metrics[key] for key in ("texts_per_second", "tokens_per_second")}))'
}

for model in small-imdb base-imdb; do
  eager_limit=$([[ $model == small-imdb ]] && echo 32768 || echo 8192)
  tell "$model eager float32" eager
  tell "$model eager bfloat16" eager --bfloat16
  tell "$model compiled bfloat16" eager --bfloat16 --compile
  for dtype in float32 bfloat16; do
    tell "$model $dtype" ours --dtype "$dtype"
  done
  for positions in 65536 262144 1048576; do
    tell "$model bfloat16, $positions positions at once" ours --dtype bfloat16 --micro-batch "$positions"
  done
  tell "$model bfloat16, whole job" job --dtype bfloat16
done
