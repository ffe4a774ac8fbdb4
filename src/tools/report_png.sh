#!/usr/bin/env bash
# Makes docs/report.png, the top of the samples' report. Needs the built project and Chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
jobs/evaluate.sh --input samples/reviews.csv --output "$output" --run-id samples
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$output/profile" \
  --window-size=1120,1180 --screenshot="$PWD/docs/report.png" \
  "file://$output/run=samples/evaluation/report.html"
