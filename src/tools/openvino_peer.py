#!/usr/bin/env python3
"""SwarmFormer in OpenVINO, for comparison: a model of jobs/export.sh --to onnx, every text at full length, two streams on two threads.

    python3 -m venv target/openvino
    target/openvino/bin/pip install openvino tokenizers pyarrow numpy
    target/openvino/bin/python src/tools/openvino_peer.py MODEL.onnx REVIEWS.parquet LIMIT

Prints one line of JSON: the texts per second of the network alone in float32 and bfloat16, of the better batch size each.
"""
import json
import pathlib
import sys
import time

import numpy
import openvino
import pyarrow.parquet
from tokenizers import Tokenizer

TOKENIZER = pathlib.Path(__file__).parent.parent / "main/resources/swarmformer/tokens/tokenizer.json"
STREAMS = 2
BATCHES = (16, 64)


def ids(model, reviews, limit):
    """(N, L): the reviews' ids, padded with 0 to the model's length."""
    length = model.inputs[0].get_partial_shape()[1].get_length()
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(length=length)
    texts = pyarrow.parquet.read_table(reviews, columns=["text"]).slice(0, limit)["text"].to_pylist()
    return numpy.array([encoding.ids for encoding in tokenizer.encode_batch(texts)], dtype=numpy.int64)


def texts_per_second(core, model, rows, precision, batch):
    settings = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": STREAMS,
        "NUM_STREAMS": STREAMS,
    }
    queue = openvino.AsyncInferQueue(core.compile_model(model, "CPU", settings), STREAMS)
    pieces = [rows[at : at + batch] for at in range(0, len(rows), batch)]
    for piece in pieces[: 2 * STREAMS]:  # warm-up
        queue.start_async([piece])
    queue.wait_all()
    start = time.perf_counter()
    for piece in pieces:
        queue.start_async([piece])
    queue.wait_all()
    return len(rows) / (time.perf_counter() - start)


def main(onnx, reviews, limit):
    core = openvino.Core()
    model = core.read_model(onnx)
    rows = ids(model, reviews, int(limit))
    print(
        json.dumps(
            {
                name: max(texts_per_second(core, model, rows, precision, batch) for batch in BATCHES)
                for name, precision in (("float32", "f32"), ("bfloat16", "bf16"))
            }
        )
    )


main(*sys.argv[1:])
