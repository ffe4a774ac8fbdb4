"""Holds the accuracy that probabilities promise against the one that labels show.

    jobs/score.sh --input TRAIN.parquet --keep movie --dtype float32 --output OUT --run-id imdb
    jobs/score.sh --input samples/reviews.csv --dtype float32 --output OUT --run-id samples
    python3 src/tools/estimated_accuracy.py OUT/run=imdb OUT/run=samples      (needs pyarrow and NumPy)

Of the first run only films are used that the bundled models have not learned from: those that --validation-by movie holds out.
A temperature is fitted to half of these films; estimates are those of the other half, and of the second run.
"""

import sys

import numpy as np
from pyarrow import dataset

from films import bucket


def read(run, columns):
    rows = dataset.dataset(f"{run}/predictions", format="parquet").to_table(columns=columns)
    rows = rows.filter(dataset.field("logits").is_valid()).to_pydict()
    logits = np.array(rows["logits"], dtype=np.float64)
    return logits[:, 1] - logits[:, 0], np.array(rows["label"]), rows


def log_loss(scores, labels, temperature):
    return np.mean(np.logaddexp(0, np.where(labels == 1, -scores, scores) / temperature))


def estimate(scores, temperature):
    return 1 / (1 + np.exp(-np.abs(scores) / temperature))


def line(name, scores, labels, temperature):
    true = np.mean((scores > 0) == labels)
    each = [np.mean(estimate(scores, t)) for t in (1, temperature)]
    error = np.sqrt(true * (1 - true) / len(labels))
    print(f"| {name} | {len(labels):,} | {true:.1%} ± {error:.1%} | {each[0]:.1%} | {each[1]:.1%} |")


def main(known, other):
    scores, labels, rows = read(known, ["logits", "label", "tokens", "truncated", "movie"])
    buckets = np.array([bucket(film) for film in rows["movie"]])
    fitted, judged = buckets < 500, (buckets >= 500) & (buckets < 1_000)
    temperatures = np.arange(0.5, 3, 0.01)
    best = min(temperatures, key=lambda t: log_loss(scores[fitted], labels[fitted], t))
    print(f"temperature {best:.2f}, fitted to {fitted.sum():,} rows\n")
    print("| Rows | Number | Right | Estimate | Estimate at that temperature |\n|---|---|---|---|---|")
    scores, labels = scores[judged], labels[judged]
    line("other films", scores, labels, best)
    tokens = np.array(rows["tokens"])[judged]
    truncated = np.array(rows["truncated"])[judged]
    for low, high in ((1, 128), (129, 192), (193, 256)):
        some = (tokens >= low) & (tokens <= high) & ~truncated
        line(f"of {low} to {high} tokens", scores[some], labels[some], best)
    line("truncated", scores[truncated], labels[truncated], best)
    films = np.array(rows["movie"])[judged]
    each = []
    for film in np.unique(films):
        some = films == film
        if some.sum() >= 15:
            right = (scores[some] > 0) == labels[some]
            each.append((right.mean(), estimate(scores[some], best).mean(), some.sum()))
    true, promised, size = (np.array(values) for values in zip(*each))
    chance = np.sqrt(np.mean(promised * (1 - promised) / size))
    print(f"\n{len(each)} films of at least 15 reviews: estimate and accuracy {np.sqrt(np.mean((true - promised) ** 2)):.1%} apart"
          f" (root mean square), {chance:.1%} by chance alone\n")
    scores, labels, _ = read(other, ["logits", "label"])
    line("the second run", scores, labels, best)


main(*sys.argv[1:])
