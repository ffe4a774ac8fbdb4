#!/usr/bin/env bash
# Fetches the Large Movie Review Dataset (84 MB) from its home, checks it, and unpacks it to
# DIR/aclImdb:  fetch-imdb.sh [DIR], by default data/ in the project.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
folder=${1:-$home/data}
url=https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz
md5=7c2ac02c03563afcf9b574c7e56c153a
archive=$folder/aclImdb_v1.tar.gz

if [[ $folder == -* ]]; then
  echo "Usage: $0 [DIR]" >&2
  exit 2
fi
if [[ -d $folder/aclImdb ]]; then
  echo "$folder/aclImdb is there already."
  exit 0
fi
mkdir -p "$folder"

if [[ ! -f $archive ]]; then
  curl --fail --location --retry 3 --output "$archive.part" "$url" || {
    echo "Cannot fetch $url: see the line above. Fetch it by other means and put it at $archive." >&2
    exit 3
  }
  mv "$archive.part" "$archive"
fi
found=$({ md5sum "$archive" 2>/dev/null || md5 -r "$archive"; } | cut -d ' ' -f 1)
if [[ $found != "$md5" ]]; then
  echo "Cannot use $archive: its MD5 is $found, not $md5. Delete it and run again." >&2
  exit 3
fi

# Unpacked beside its place and moved there whole.
unpacked=$(mktemp -d "$folder/aclImdb.XXXXXX")
trap 'rm -rf "$unpacked"' EXIT
tar -xzf "$archive" -C "$unpacked"
mv "$unpacked/aclImdb" "$folder/aclImdb"
echo "Done: jobs/evaluate.sh --input $folder/aclImdb/test --output output"
