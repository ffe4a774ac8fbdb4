#!/usr/bin/env bash
# Writes four nights of a table that grows, as JSON lines, made of the bundled samples. Each night holds the reviews
# of the one before and more; in the last one some reviews of the nights before have been edited.
set -euo pipefail
samples=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../samples/reviews.jsonl

# Usage: night DATE ROWS [EDIT...]
night() {
  head -n "$2" "$samples" | sed -e "s/\"date\": \"[^\"]*\"/\"date\": \"$1\"/" "${@:3}"
}

night 2026-03-01 60
night 2026-03-02 120
night 2026-03-03 200
night 2026-03-04 310 -e 's/ not / so /' -e 's/ never / always /'
