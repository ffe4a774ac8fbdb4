"""Writes inputs as programs write them, at random: random_inputs.py FOLDER COUNT SEED

Each input is a directory FOLDER/N. Standard output has a line of JSON for each: what to read, with
which options, how many rows there are, and where all are sure to come out as they are, their texts.
"""

import bz2
import gzip
import json
import os
import random
import sys

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.orc
import pyarrow.parquet

WORDS = ["good", "bad", "film", "naïve", "🎬", "say \"no\"", "a,b", "a;b", "tab\there", "'", "\\", "#", "{}", "[1]"]
BREAKS = ["\n", "\r\n", "\n\n"]
NAMES = ["part-{}", "a b {}", "für{}", "re[{}]", "{{{},x}}", "a#{}", "100%25{}", "x+y={}", "UPPER{}", "日本{}"]
ODD_NAMES = ["10:{}", "_hidden{}", ".hidden{}"]


def texts(rand, count, breaks):
    for _ in range(count):
        words = [rand.choice(WORDS) for _ in range(rand.randint(1, 12))]
        if breaks and rand.random() < 0.2:
            words.append(rand.choice(BREAKS) + "end")
        yield " ".join(words)


def columns(rand, count, breaks):
    table = {"id": [rand.randint(0, 10**12) for _ in range(count)], "text": list(texts(rand, count, breaks))}
    if rand.random() < 0.2:
        table["text"][0] = None
    if rand.random() < 0.3:
        table["label"] = [rand.randint(0, 1) for _ in range(count)]
    return table


def odd_arrow(rand, table, count):
    """Columns that nobody asks for."""
    odd = {
        "nanos": lambda: pyarrow.array([rand.randint(0, 10**18) for _ in range(count)], pyarrow.timestamp("ns")),
        "time": lambda: pyarrow.array([rand.randint(0, 10**6) for _ in range(count)], pyarrow.time64("us")),
        "half": lambda: pyarrow.array([pyarrow.scalar(1.0, pyarrow.float32()).cast(pyarrow.float16())] * count),
        "decimal": lambda: pyarrow.array([rand.randint(0, 999)] * count).cast(pyarrow.decimal128(30, 2)),
        "list": lambda: pyarrow.array([[1, None]] * count),
        "struct": lambda: pyarrow.array([{"a": 1, "b": "x"}] * count),
        "map": lambda: pyarrow.array([[("k", 1)]] * count, pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        "binary": lambda: pyarrow.array([b"\x00\xff"] * count),
        "null": lambda: pyarrow.nulls(count),
        "uint64": lambda: pyarrow.array([2**63] * count, pyarrow.uint64()),
        "dictionary": lambda: pyarrow.array(["x"] * count).dictionary_encode(),
        "duration": lambda: pyarrow.array([1] * count, pyarrow.duration("us")),
        "date": lambda: pyarrow.array([-500_000] * count, pyarrow.int32()).cast(pyarrow.date32()),
    }
    for name in rand.sample(sorted(odd), rand.randint(0, 4)):
        table = table.append_column(name, odd[name]())
    return table


def write_parquet(rand, path, data):
    count = len(data["id"])
    writer = rand.choice(["pyarrow", "pandas", "duckdb", "polars"])
    codec = rand.choice(["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
    if writer == "pandas":
        frame = pandas.DataFrame(data)
        frame["at"] = pandas.Timestamp("2026-11-01 10:00:00.000001")
        frame.to_parquet(path, index=rand.random() < 0.5)
    elif writer == "duckdb":
        frame = pandas.DataFrame(data)
        duckdb.sql(f"copy (select *, uuid() as u, time '10:00' as t, 1::hugeint as h from frame) to '{sql(path)}' (format parquet)")
    elif writer == "polars":
        polars.DataFrame(data).write_parquet(path, compression=rand.choice(["snappy", "zstd", "uncompressed", "gzip"]))
    else:
        table = odd_arrow(rand, pyarrow.table(data), count)
        version = rand.choice(["1.0", "2.4", "2.6"])
        pyarrow.parquet.write_table(
            table,
            path,
            compression=codec,
            version=version,
            data_page_version=rand.choice(["1.0", "2.0"]),
            row_group_size=rand.choice([1, 3, 1000]),
            coerce_timestamps="us" if version != "2.6" or rand.random() < 0.5 else None,  # older ones have no nanoseconds
            allow_truncated_timestamps=True,
        )
    return True


def write_orc(rand, path, data):
    texts_ = pyarrow.array(data["text"], pyarrow.string())
    pyarrow.orc.write_table(pyarrow.table({**data, "text": texts_}), path, compression=rand.choice(["uncompressed", "zlib", "snappy", "zstd"]))
    return True


def write_csv(rand, path, data):
    writer = rand.choice(["pandas", "duckdb", "polars"])
    if writer == "pandas":
        frame = pandas.DataFrame(data)
        with open(path, "w", encoding="utf-8", newline="") as file:
            frame.to_csv(file, index=rand.random() < 0.5, lineterminator=rand.choice(["\n", "\r\n"]), quoting=rand.choice([0, 1]))
    elif writer == "duckdb":
        frame = pandas.DataFrame(data)
        duckdb.sql(f"copy frame to '{sql(path)}' (format csv, header)")
    else:
        polars.DataFrame(data).write_csv(path, include_bom=rand.random() < 0.3)
    return False


def write_json(rand, path, data):
    rows = [dict(zip(data, values)) for values in zip(*data.values())]
    writer = rand.choice(["json", "joined", "pandas", "duckdb", "polars"])
    if writer == "pandas":
        pandas.DataFrame(data).to_json(path, orient="records", lines=True, force_ascii=rand.random() < 0.5)
    elif writer == "duckdb":
        frame = pandas.DataFrame(data)
        duckdb.sql(f"copy frame to '{sql(path)}' (format json)")
    elif writer == "polars":
        polars.DataFrame(data).write_ndjson(path)
    else:
        end = "\n" if writer == "json" else rand.choice(["", " ", "\n"])
        with open(path, "w", encoding="utf-8") as file:
            file.write(end.join(json.dumps(row, ensure_ascii=rand.random() < 0.5) for row in rows))
    return True


def write_text(rand, path, data):
    data["text"] = [(text or "").replace("\r", "").replace("\n", " ") for text in data["text"]]
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(text + "\n" for text in data["text"]))
    return True


def sql(path):
    return path.replace("'", "''")


WRITERS = {"parquet": write_parquet, "orc": write_orc, "csv": write_csv, "jsonl": write_json, "txt": write_text}


def compress(rand, path):
    """Compresses a text file, or claims to; gives its new name and whether it can be read."""
    kind = rand.choice(["gz", "bz2", "gzip", "zst", "lz4", "snappy", "xz", "lie"])
    with open(path, "rb") as file:
        content = file.read()
    os.remove(path)
    if kind in ("gz", "gzip", "lie"):
        content = gzip.compress(content)
    elif kind == "bz2":
        content = bz2.compress(content)
    elif kind == "xz":
        import lzma

        content = lzma.compress(content)
    elif kind == "snappy":
        content = pyarrow.compress(content, codec="snappy", asbytes=True)
    else:
        stream = pyarrow.BufferOutputStream()
        with pyarrow.CompressedOutputStream(stream, {"zst": "zstd", "lz4": "lz4"}[kind]) as out:
            out.write(content)
        content = stream.getvalue().to_pybytes()
    name = path if kind == "lie" else f"{path}.{kind}"
    with open(name, "wb") as file:
        file.write(content)


def one(rand, folder):
    format_ = rand.choice(sorted(WRITERS))
    layout = rand.choice(["file", "folder", "folder", "partitions", "nested", "mixed"])
    rows, exact, all_texts = 0, True, []
    files = 1 if layout == "file" else rand.randint(1, 4)
    for number in range(files):
        below = {"partitions": f"day=0{number}", "nested": f"2026/{number}"}.get(layout, "")
        if layout == "mixed" and number % 2:
            below = f"below{number}"
        os.makedirs(os.path.join(folder, below), exist_ok=True)
        names = ODD_NAMES if rand.random() < 0.03 else NAMES
        path = os.path.join(folder, below, rand.choice(names).format(number) + "." + format_)
        count = rand.choice([0, 1, 2, 7, 50]) if format_ in ("parquet", "csv") else rand.choice([1, 2, 7, 50])
        data = columns(rand, max(count, 1), format_ not in ("txt",))
        if count == 0:
            data = {name: values[:0] for name, values in data.items()}
        exact = WRITERS[format_](rand, path, data) and exact
        rows += len(data["id"])
        all_texts += data["text"]
        if format_ in ("csv", "jsonl", "txt") and rand.random() < 0.15:
            compress(rand, path)
    return {"rows": rows, "texts": sorted(text or "" for text in all_texts) if exact else None}


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        rand = random.Random(seed * 1_000_003 + number)
        place = os.path.join(folder, str(number))
        os.makedirs(place)
        print(json.dumps({"input": place, **one(rand, place)}))


main()
