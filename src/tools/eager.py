#!/usr/bin/env python3
"""SwarmFormer in plain PyTorch, for comparison: every text at full length, in float32 and eager unless told otherwise.

    python3 -m venv target/eager
    target/eager/bin/pip install torch "tokenizers>=0.21" safetensors pyarrow numpy
    target/eager/bin/python src/tools/eager.py score MODEL REVIEWS.parquet --limit 1024 --threads 2
    target/eager/bin/python src/tools/eager.py train MODEL REVIEWS.parquet --limit 256 --threads 2
    target/eager/bin/python src/tools/eager.py step MODEL > expected.json

MODEL is a directory with config.json and model.safetensors. `score` and `train` print texts a second as one line of JSON; `step` makes one
step of AdamW without dropout on a few made-up texts and prints what it gives, for TrainableNetworkTest.
"""
import argparse
import json
import os
import pathlib
import time

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

TOKENIZER = pathlib.Path(__file__).parent.parent / "main/resources/swarmformer/tokens/tokenizer.json"


class Gate(nn.Sequential):
    def __init__(self, d):
        super().__init__(nn.Linear(2 * d, d), nn.GELU(), nn.Linear(d, d), nn.Sigmoid())

    def forward(self, x, update):
        return super().forward(torch.cat([x, update], -1))


class LocalStep(nn.Module):
    def __init__(self, d, rate):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.Dropout(rate), nn.Linear(d, d))
        self.gate_net = Gate(d)
        self.dropout = nn.Dropout(rate)

    def forward(self, x):
        x = self.dropout(x)
        update = self.dropout(self.mlp((x.roll(1, 1) + x + x.roll(-1, 1)) / 3))
        return x + self.gate_net(x, update) * (update - x)


class Attention(nn.Module):
    def __init__(self, d, rate):
        super().__init__()
        self.query, self.key, self.value = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)
        self.dropout = nn.Dropout(rate)

    def forward(self, means):
        scores = self.query(means) @ self.key(means).mT / means.shape[-1] ** 0.5
        return self.dropout(self.dropout(scores.softmax(-1)) @ self.value(means))


class Broadcast(nn.Module):
    def __init__(self, d, rate):
        super().__init__()
        self.linear = nn.Linear(d, d)
        self.gate_net = Gate(d)
        self.dropout = nn.Dropout(rate)

    def forward(self, x, clusters):
        size = x.shape[1] // clusters.shape[1]
        update = self.dropout(self.linear(clusters)).repeat_interleave(size, 1)
        return x + self.gate_net(x, update) * update


class Layer(nn.Module):
    def __init__(self, config, rate):
        super().__init__()
        d = config["d_model"]
        self.steps, self.size = config["T_local"], config["cluster_size"]
        self.local_agg = LocalStep(d, rate)
        self.global_attn = Attention(d, rate)
        self.broadcast = Broadcast(d, rate / 3)

    def forward(self, x):
        for _ in range(self.steps):
            x = self.local_agg(x)
        means = x.unflatten(1, (-1, self.size)).mean(2)
        return self.broadcast(x, self.global_attn(means))


class Embedding(nn.Module):
    def __init__(self, config, rate):
        super().__init__()
        self.embed = nn.Embedding(config["vocab_size"], config["d_model"])
        self.dropout = nn.Dropout(rate)

    def forward(self, ids):
        return self.dropout(self.embed(ids))


class SwarmFormer(nn.Module):
    def __init__(self, config, classes, rate):
        super().__init__()
        self.embedding = Embedding(config, rate * 4 / 3)
        self.layers = nn.ModuleList(Layer(config, rate) for _ in range(config["num_layers"]))
        self.classifier = nn.Linear(config["d_model"], classes)
        self.dropout = nn.Dropout(rate * 4 / 3)

    def forward(self, ids):
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x)
        return self.classifier(self.dropout(x.mean(1)))


def load(folder, rate=0.0):
    config = json.loads((folder / "config.json").read_text())
    weights = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    network = SwarmFormer(config, len(weights["classifier.bias"]), rate)
    network.load_state_dict(weights)
    return config, network


def read(path, limit):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    rows = table.slice(0, limit)
    return rows["text"].to_pylist(), rows["label"].to_pylist() if "label" in table.column_names else None


def opened_tokenizer(config, threads):
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    os.environ["RAYON_NUM_THREADS"] = str(threads)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    length = config["seq_len"]
    tokenizer.enable_truncation(length, direction=config.get("truncation_side", "right"))
    tokenizer.enable_padding(length=length, pad_id=0, pad_token="[PAD]")
    tokenizer.encode_batch_fast(["It starts its threads."] * 64)
    return tokenizer


def encode(texts, tokenizer):
    return torch.tensor([encoding.ids for encoding in tokenizer.encode_batch_fast(texts)])


@torch.inference_mode()
def score(arguments):
    config, network = load(arguments.model)
    network.eval().to(arguments.device)
    if arguments.bfloat16:
        network.bfloat16()
    if arguments.compile:
        network.compile()
    texts, _ = read(arguments.reviews, arguments.limit)
    for _ in range(2):
        network(torch.zeros(arguments.batch, config["seq_len"], dtype=torch.long, device=arguments.device)).argmax(1).tolist()
    tokenizer = opened_tokenizer(config, arguments.threads)
    start = time.perf_counter()
    ids = encode(texts, tokenizer)
    tokenised = time.perf_counter()
    for batch in ids.split(arguments.batch):
        network(batch.to(arguments.device)).argmax(1).tolist()
    end = time.perf_counter()
    return {
        "tokenise_per_s": len(texts) / (tokenised - start),
        "model_per_s": len(texts) / (end - tokenised),
        "end_to_end_per_s": len(texts) / (end - start),
    }


def train(arguments):
    config, network = load(arguments.model, rate=0.3)
    network.train()
    texts, labels = read(arguments.reviews, arguments.limit)
    ids, labels = encode(texts, opened_tokenizer(config, arguments.threads)), torch.tensor(labels)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    batches = list(zip(ids.split(arguments.batch), labels.split(arguments.batch)))
    start = 0.0
    for number, (batch, label) in enumerate(batches):
        if number == 1:  # the first is a warm-up
            start = time.perf_counter()
        optimizer.zero_grad()
        functional.cross_entropy(network(batch), label).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    return {"train_per_s": sum(len(label) for _, label in batches[1:]) / (time.perf_counter() - start)}


def step(arguments):
    config, network = load(arguments.model)
    network = network.double()
    length, vocabulary = config["seq_len"], config["vocab_size"]
    classes = network.classifier.out_features
    ids = torch.tensor([[(7 * i + 3 * row + 1) % vocabulary for i in range(length)] for row in range(2)])
    ids[1, max(1, length // 4):] = 0
    targets = torch.zeros(2, classes, dtype=torch.double)
    for row in range(2):
        targets[row, row % classes] += 0.75 / 2
        targets[row, (row + 1) % classes] += 0.25 / 2
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1)
    losses, norms = [], []
    for _ in range(2):
        optimizer.zero_grad()
        loss = -(targets * network(ids).log_softmax(1)).sum()
        loss.backward()
        losses.append(loss.item())
        norms.append(nn.utils.clip_grad_norm_(network.parameters(), 0.5).item())
        optimizer.step()
    weights = {name: [value.sum().item(), value.square().sum().item()] for name, value in network.state_dict().items()}
    return {"losses": losses, "norms": norms, "weights": weights}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for command in (score, train, step):
        sub = commands.add_parser(command.__name__)
        sub.set_defaults(command=command)
        sub.add_argument("model", type=pathlib.Path)
        if command is not step:
            sub.add_argument("reviews", type=pathlib.Path)
            sub.add_argument("--limit", type=int, default=1024)
            sub.add_argument("--batch", type=int, default=256 if command is score else 64)
            sub.add_argument("--threads", type=int, default=2)
        if command is score:
            sub.add_argument("--device", default="cpu")
            sub.add_argument("--bfloat16", action="store_true")
            sub.add_argument("--compile", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(getattr(arguments, "threads", 1))
    print(json.dumps(arguments.command(arguments)))


if __name__ == "__main__":
    main()
