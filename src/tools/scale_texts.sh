#!/usr/bin/env bash
# Writes a CSV file of short texts, to see how jobs grow with the rows: src/tools/scale_texts.sh ROWS [REPEATED] [FIRST_ID] > texts.csv
# REPEATED of the rows are one and the same text. All are labelled.
set -euo pipefail
awk -v rows="$1" -v repeated="${2:-0}" -v first="${3:-0}" 'BEGIN {
  split("good bad film plot cast dull fine slow great weak story scene music end actor", words, " ")
  print "id,text,label"
  for (i = 0; i < rows; i++) {
    seed = (i + first) * 7919
    text = words[1 + seed % 15] " " words[1 + int(seed / 15) % 15] " " words[1 + int(seed / 225) % 15] " " (i + first)
    if (i < repeated) print "same,the same good film," i % 2
    else print i + first "," text "," i % 2
  }
}'
