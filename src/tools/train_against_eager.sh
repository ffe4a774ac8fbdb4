#!/usr/bin/env bash
# Times training against eager PyTorch at full length (eager.py) on the same texts, one after the other: REVIEWS.parquet [LIMIT]. The sizes are
# Small's, batches have 64 texts. Needs the built project and the environment of eager.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

reviews=$1 limit=${2:-2048}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target/eager/bin/python -c '
import sys, pyarrow.parquet as parquet
parquet.write_table(parquet.read_table(sys.argv[1]).slice(0, int(sys.argv[2])), sys.argv[3])
' "$reviews" "$limit" "$work/texts.parquet"
# The steps alone: no teacher, no word vectors, no pretraining, nothing to validate on. With the dropout of eager.py, the published one.
{
  cat conf/train-small.properties
  printf '%s\n' epochs=1 batch-size=64 crops.share=0 teacher.share=0 teacher.document-vectors=0 start.word-vectors=0 pretrain.epochs=0
  printf 'dropout.%s\n' embedding=0.4 local-input=0.3 local-hidden=0.3 local-update=0.3 attention-weights=0.3 attention=0.3 broadcast=0.1 classifier=0.4
} > "$work/recipe.properties"
eager() { target/eager/bin/python src/tools/eager.py train models/small-imdb "$reviews" --limit "$limit" --batch 64 --threads 2; }
before=$(eager)
jobs/train.sh --input "$work/texts.parquet" --recipe "$work/recipe.properties" --validation 0 --threads 2 --output "$work/model" >&2
after=$(eager)
printf '%s\n' "$before" "$after" | target/eager/bin/python -c '
import json, sys
before, after = (json.loads(line)["train_per_s"] for line in sys.stdin)
ours = int(sys.argv[2]) / json.load(open(sys.argv[1]))["epochs"][0]["seconds"]
print("%.1f texts/s  eager %.1f and %.1f  %.1f times" % (ours, before, after, 2 * ours / (before + after)))
' "$work/model/training.json" "$limit"
