#!/usr/bin/env python3
"""Sentences of product reviews, film reviews and tweets with people's judgement, as files to train and to evaluate with.

    pip download --no-deps --no-binary :all: vaderSentiment==2.5
    src/tools/sentences_parquet.py vaderSentiment-2.5.tar.gz sentences      (needs pyarrow)

writes sentences/amazonReviewSnippets.parquet, sentences/movieReviewSnippets.parquet and sentences/tweets.parquet (id, review, text, label) from the
data of Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text" (2014; MIT licence): those whose mean
of twenty judgements, from -4 to 4, is below -0.5 (label 0) or above 0.5 (label 1).
"""
import argparse
import pathlib
import tarfile

import pyarrow as pa
from pyarrow import parquet

DATA = "vaderSentiment-2.5/additional_resources/hutto_ICWSM_2014.tar.gz"


def judged(lines):
    for line in lines:
        name, judgement, text = line.decode("utf-8", "replace").rstrip("\r\n").split("\t", 2)
        if abs(float(judgement)) > 0.5:
            yield {"id": name, "review": name.split("_")[0], "text": text.strip(), "label": int(float(judgement) > 0)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    schema = pa.schema({"id": pa.string(), "review": pa.string(), "text": pa.string(), "label": pa.int32()})
    with tarfile.open(arguments.package) as package, tarfile.open(fileobj=package.extractfile(DATA)) as data:
        for name in ("amazonReviewSnippets", "movieReviewSnippets", "tweets"):
            lines = data.extractfile(f"hutto_ICWSM_2014/{name}_GroundTruth.txt")
            table = pa.Table.from_pylist(list(judged(lines)), schema)
            parquet.write_table(table, arguments.output / f"{name}.parquet")
            print(f"{name}: {len(table):,} sentences")


main()
