#!/usr/bin/env python3
"""The Large Movie Review Dataset's train split as the two files that the bundled models learned from.

    jobs/fetch-imdb.sh data
    python3 -m venv target/imdb && target/imdb/bin/pip install pyarrow
    target/imdb/bin/python src/tools/imdb_parquet.py data/aclImdb imdb

writes imdb/train.parquet (id, text, label, rating, movie; 25,000 rows) and imdb/unsup.parquet (id, text, movie; 50,000 rows). `movie` is the
film's number in the data set's lists of URLs, whose lines are in the order of the reviews' numbers.
"""
import argparse
import pathlib
import re

import pyarrow as pa
from pyarrow import parquet

FILM = re.compile(r"/title/(tt\d+)/")


def reviews(split, kind):
    """Number, rating, text and film of each review, in the order of their numbers."""
    films = [FILM.search(line)[1] for line in (split / f"urls_{kind}.txt").read_text().splitlines()]
    files = [(*map(int, file.stem.split("_")), file) for file in (split / kind).glob("*.txt")]
    for number, rating, file in sorted(files):
        yield number, rating, file.read_text(encoding="utf-8"), films[number]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("imdb", type=pathlib.Path, help="directory aclImdb")
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    split = arguments.imdb / "train"
    labelled = [
        {"id": f"train/{kind}/{number}", "text": text, "label": label, "rating": rating, "movie": film}
        for label, kind in enumerate(["neg", "pos"])
        for number, rating, text, film in reviews(split, kind)
    ]
    unlabelled = [
        {"id": f"train/unsup/{number}", "text": text, "movie": film}
        for number, _, text, film in reviews(split, "unsup")
    ]
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, rows in [("train", labelled), ("unsup", unlabelled)]:
        parquet.write_table(pa.Table.from_pylist(rows), arguments.output / f"{name}.parquet")
        print(f"{arguments.output / name}.parquet: {len(rows):,} rows")


if __name__ == "__main__":
    main()
