#!/usr/bin/env bash
# Times two nights of so many short texts (1,000,000), of which the second night has one percent new ones. Needs the built project.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

rows=${1:-1000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Texts of 5 to 14 words that depend on their id alone.
texts() {
  awk -v from="$1" -v rows="$rows" 'BEGIN {
    count = split("the film was a dull superb story with an awful plot and great actors but no end I liked boring music", words, " ")
    print "id,text"
    for (id = from; id < from + rows; id++) {
      text = ""
      for (k = 0; k < 5 + id % 10; k++) text = text " " words[1 + (id * 7919 + int(id / 97) * k + k * k * 31) % count]
      print id "," substr(text, 2)
    }
  }'
}

night() {
  texts "$2" > "$folder/$1.csv"
  echo "== night of $1, texts $2 to $(($2 + rows - 1))"
  time jobs/score-nightly.sh --input "$folder/$1.csv" --store "$folder/store" --date "$1"
}

night 2026-01-01 0
night 2026-01-02 $((rows / 100))
