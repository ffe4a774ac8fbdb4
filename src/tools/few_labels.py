#!/usr/bin/env python3
"""The few labelled reviews of docs/training-log.md: 500, 2,000 and 10,000 of IMDb's train split, and those of other films to validate on.

    src/tools/few_labels.py imdb few

(needs pyarrow; imdb_parquet.py makes the directory imdb) writes few/held.parquet, the reviews that --validation-by movie holds out, and
few/500.parquet, few/2000.parquet and few/10000.parquet of the others, each part of the next, and few/unlabelled.parquet, 10,000 without labels. The
column `three` has a class for the ratings 1 to 4 (0), 7 and 8 (1), 9 and 10 (2).
"""
import argparse
import pathlib
import random

import pyarrow as pa
from pyarrow import parquet

from films import held_out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("imdb", type=pathlib.Path, help="directory of train.parquet and unsup.parquet")
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    table = parquet.read_table(arguments.imdb / "train.parquet")
    three = [0 if rating <= 4 else 1 if rating <= 8 else 2 for rating in table["rating"].to_pylist()]
    table = table.append_column("three", pa.array(three, pa.int32()))
    held, others = [], []
    for row, film in enumerate(table["movie"].to_pylist()):
        (held if held_out(film) else others).append(row)
    random.Random(1).shuffle(others)
    arguments.output.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table.take(held), arguments.output / "held.parquet")
    for texts in (500, 2_000, 10_000):
        parquet.write_table(table.take(others[:texts]), arguments.output / f"{texts}.parquet")
    unlabelled = parquet.read_table(arguments.imdb / "unsup.parquet")
    rows = sorted(random.Random(1).sample(range(len(unlabelled)), 10_000))
    parquet.write_table(unlabelled.take(rows), arguments.output / "unlabelled.parquet")


main()
