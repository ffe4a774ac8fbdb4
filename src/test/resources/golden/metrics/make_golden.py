"""Writes cases.jsonl and statistics.json: predictions and counts, and what others say of them.

Usage: python make_golden.py   (needs scikit-learn 1.7 or newer; made with 1.9.1,
scipy 1.17.1, numpy 2.4.6, statsmodels 0.15.0, cleanlab 2.9.0)

Those others are scikit-learn, scipy, statsmodels, cleanlab and numpy.

A line is a case: rows (label, prediction, logits), any of them null, and the expected figures.
Logits are float32; everything else is computed from them in float64. Log loss is that of
scipy's logsumexp, because scikit-learn clips probabilities; both are compared where nothing clips.
"""

import json
import pathlib

import numpy as np
from cleanlab.count import compute_confident_joint
from scipy import optimize, stats
from scipy.special import logsumexp, softmax
from sklearn import metrics
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

RANDOM = np.random.default_rng(20)


def figures(labels, predictions, logits, classes):
    names = list(range(classes))
    chosen = {"labels": names, "zero_division": 0}
    chosen |= {"average": "binary"} if classes == 2 else {"average": "macro"}
    probabilities = softmax(logits, axis=1)
    log_loss = np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels])
    if probabilities.min() > 1e-12:
        clipped = metrics.log_loss(labels, probabilities, labels=names)
        assert abs(clipped - log_loss) < 1e-12
    brier = (
        metrics.brier_score_loss(labels, probabilities[:, 1], pos_label=1)
        if classes == 2
        else metrics.brier_score_loss(labels, probabilities, labels=names)
    )
    both = classes == 2 and len(set(labels)) == 2
    return {
        "accuracy": metrics.accuracy_score(labels, predictions),
        "precision": metrics.precision_score(labels, predictions, **chosen),
        "recall": metrics.recall_score(labels, predictions, **chosen),
        "f1": metrics.f1_score(labels, predictions, **chosen),
        "roc_auc": metrics.roc_auc_score(labels, logits[:, 1] - logits[:, 0]) if both else None,
        "average_precision": (
            metrics.average_precision_score(labels, logits[:, 1] - logits[:, 0]) if both else None
        ),
        "log_loss": log_loss,
        "brier_score": brier,
        "confusion_matrix": metrics.confusion_matrix(labels, predictions, labels=names).tolist(),
    }


BINS = 20


def confidences(logits, temperature):
    """Probability of the predicted class, as 1 / sum(exp(z - max)): softmax may differ in a last bit."""
    shifted = (logits - logits.max(axis=1, keepdims=True)) / temperature
    return 1 / np.exp(shifted).sum(axis=1)


def calibration(labels, predictions, logits, temperature):
    confidence = confidences(logits, temperature)
    right = labels == predictions
    edges = np.arange(BINS + 1) / BINS
    rows = np.histogram(confidence, edges)[0]  # a bin holds its lower end, the last both
    filled = rows > 0
    binned = [
        stats.binned_statistic(confidence, values, "mean", edges).statistic[filled]
        for values in (confidence, right.astype(float))
    ]
    apart = np.abs(binned[0] - binned[1])
    scaled = logits / temperature
    return {
        "temperature": temperature,
        "log_loss": np.mean(logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]),
        "expected_error": np.average(apart, weights=rows[filled]),
        "greatest_error": apart.max(),
        "rows": rows[filled].tolist(),
        "confidence": binned[0].tolist(),
        "accuracy": binned[1].tolist(),
    }


def fitted_temperature(labels, logits):
    """The temperature of least log loss; None where it is not between 0.01 and 100."""
    own = logits[np.arange(len(labels)), labels]

    def loss(inverse):
        return np.mean(logsumexp(inverse * logits, axis=1) - inverse * own)

    def slope(inverse):
        return np.mean((softmax(inverse * logits, axis=1) * logits).sum(axis=1) - own)

    if slope(0.01) >= 0 or slope(100) <= 0:
        return None
    least = optimize.brentq(slope, 0.01, 100, xtol=1e-15, rtol=1e-14)
    searched = optimize.minimize_scalar(
        lambda log: loss(np.exp(log)), (np.log(least) - 1, np.log(least) + 1)
    )
    assert abs(np.exp(searched.x) / least - 1) < 1e-5
    return 1 / least


def coverage(labels, predictions, logits):
    """Each distinct confidence from the greatest down: rows decided, and how many of them wrong."""
    confidence = confidences(logits, 1)
    wrong = labels != predictions
    cuts = []
    for cut in np.unique(confidence)[::-1]:
        decided = confidence >= cut
        cuts.append((cut, int(decided.sum()), int((decided & wrong).sum())))
    targets = []
    for allowed in (0.01, 0.02, 0.05):
        fitting = [cut for cut in cuts if cut[2] / cut[1] <= allowed]
        cut, rows, mistakes = fitting[-1] if fitting else (None, 0, 0)
        targets.append([allowed, rows, cut, mistakes / rows if rows else None])
    thresholds = []
    for least in (0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
        decided = confidence >= least
        thresholds.append([least, int(decided.sum()), int((decided & wrong).sum())])
    return {"targets": targets, "thresholds": thresholds}


def quality(labels, predictions, logits):
    temperature = fitted_temperature(labels, logits)
    scaled = None
    if temperature is not None:
        scaled = calibration(labels, predictions, logits, temperature)
    return {
        "calibration": calibration(labels, predictions, logits, 1),
        "scaled": scaled,
        "coverage": coverage(labels, predictions, logits),
    }


def nothing(classes):
    shares = dict.fromkeys(("accuracy", "precision", "recall", "f1"), 0.0)
    unknown = dict.fromkeys(("roc_auc", "average_precision", "log_loss", "brier_score"))
    return shares | unknown | {"confusion_matrix": [[0] * classes] * classes}


def case(name, classes, labels, logits):
    """labels: a class or None for each row; logits: N numbers or None for each row."""
    logits = [None if row is None else np.float32(row).astype(np.float64) for row in logits]
    predictions = [None if row is None else int(np.argmax(row)) for row in logits]
    judged = [i for i, label in enumerate(labels) if label is not None and logits[i] is not None]
    columns = [np.array([column[i] for i in judged]) for column in (labels, predictions, logits)]
    expected = figures(*columns, classes) if judged else nothing(classes)
    unlabelled = sum(label is None for label in labels)
    expected |= {
        "rows": len(labels),
        "evaluated": len(judged),
        "without_label": unlabelled,
        "without_prediction": len(labels) - len(judged) - unlabelled,
    }
    rows = [
        [label, prediction, None if row is None else [float(str(np.float32(x))) for x in row]]
        for label, prediction, row in zip(labels, predictions, logits)
    ]
    return {
        "name": name,
        "rows": rows,
        "expected": expected,
        "quality": quality(*columns) if judged else None,
    }


def labels_of(classes, size):
    return [int(label) for label in RANDOM.integers(0, classes, size)]


def noisy(labels, classes, scale=1.0):
    """Logits that favour the label, mostly."""
    logits = RANDOM.normal(0, 1, (len(labels), classes))
    logits[np.arange(len(labels)), labels] += 1
    return list(scale * logits)


def with_holes(values, every):
    return [None if i % every == 0 else value for i, value in enumerate(values)]


def random(name, classes, size, scale=1.0):
    labels = labels_of(classes, size)
    return case(name, classes, labels, noisy(labels, classes, scale))


def cases():
    yield random("two classes", 2, 300)
    yield random("three classes", 3, 200)
    yield random("five classes", 5, 200)
    yield random("sure and sometimes wrong", 2, 100, 30)
    yield random("five classes, sure and sometimes wrong", 5, 60, 60)
    labels = labels_of(2, 200)
    rounded = [np.round(row) for row in noisy(labels, 2)]
    yield case("ties in scores", 2, labels, rounded)
    yield case("one score for all", 2, labels[:20], [[0.5, 0.5]] * 20)
    yield case("all right", 2, [0, 1, 1], [[3, -1], [0, 2], [-4, 4]])
    yield case("all wrong", 2, [1, 0, 0], [[3, -1], [0, 2], [-4, 4]])
    yield case("only positive labels", 2, [1] * 40, noisy([1] * 40, 2))
    yield case("only negative labels", 2, [0] * 40, noisy([0] * 40, 2))
    yield case("one class of three", 3, [2] * 15, noisy([2] * 15, 3))
    yield case("never predicts positive", 2, [0, 1, 1, 0], [[5, x] for x in (1, 2, 3, 4)])
    yield case("one positive row", 2, [1], [[-0.25, 0.75]])
    yield case("one negative row", 2, [0], [[-0.25, 0.75]])
    yield case("one row of three classes", 3, [1], [[0.1, 0.2, 0.3]])
    yield case("no rows", 2, [], [])
    yield case("saturated", 2, [0, 1, 0, 1, 1], [[80, -80], [-80, 80], [-80, 80], [80, -80], [90, 90]])
    yield case("beyond exp", 2, [0, 1, 1], [[800, -800], [800, -800], [3e38, -3e38]])
    yield case("saturated, three classes", 3, [0, 1, 2], [[80, -80, 0], [-80, 80, 80], [80, 80, -80]])
    labels = labels_of(2, 90)
    yield case("some null labels", 2, with_holes(labels, 4), noisy(labels, 2))
    yield case("some null predictions", 2, labels, with_holes(noisy(labels, 2), 5))
    yield case("both null", 2, with_holes(labels, 4), with_holes(noisy(labels, 2), 6))
    yield case("no labels", 2, [None] * 10, noisy(labels[:10], 2))
    yield case("no predictions", 2, labels[:10], [None] * 10)
    labels = labels_of(3, 60)
    yield case("three classes with nulls", 3, with_holes(labels, 4), with_holes(noisy(labels, 3), 7))


def intervals():
    pairs = [(0, 1), (1, 1), (0, 50), (50, 50), (1, 2), (220, 305), (21550, 25000), (999999, 1000000)]
    pairs += [(int(RANDOM.integers(0, whole + 1)), int(whole)) for whole in RANDOM.integers(1, 5000, 20)]
    for part, whole in pairs:
        interval = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
        yield {"part": part, "whole": whole, "low": interval.low, "high": interval.high}


def mc_nemar():
    pairs = [(0, 0), (0, 1), (1, 0), (3, 3), (0, 10), (25, 11), (480, 520), (0, 1000)]
    pairs += [(501, 500), (600, 600), (700, 800), (2000, 1000), (0, 5000)]
    pairs += [(int(a), int(b)) for a, b in RANDOM.integers(0, 400, (20, 2))]
    pairs += [(int(a), int(b)) for a, b in RANDOM.integers(900, 1000, (10, 2))]
    for here, there in pairs:
        exact = here + there <= 1000
        if here + there == 0:
            p = 1.0
        elif exact:
            p = stats.binomtest(here, here + there, 0.5).pvalue
        else:
            p = stats.chi2.sf(max(0, abs(here - there) - 1) ** 2 / (here + there), 1)
        yield {"here": here, "there": there, "exact": exact, "p": p}


def likely(first, second, rows, difference):
    """The most likely share of rows that only the second has right, if the difference were so."""
    both = rows - first - second

    def slope(share):  # of the log likelihood, times its three denominators
        one, two, rest = share + difference, share, 1 - 2 * share - difference
        return first * two * rest + second * one * rest - 2 * both * one * two

    low, high = max(0.0, -difference), (1 - difference) / 2
    if slope(low + 1e-15) <= 0:
        return low
    return high if slope(high - 1e-15) >= 0 else optimize.brentq(slope, low, high, xtol=1e-16)


def tango(first, second, rows, wanted):
    """Tango's interval by its definition: all differences that the score test does not reject."""

    def score(difference):
        share = likely(first, second, rows, difference)
        variance = rows * (2 * share + difference - difference**2)
        return (first - second - rows * difference) / np.sqrt(variance)

    found, ends = (first - second) / rows, []
    for sign in (1, -1):
        bound = -sign
        if found == bound:
            ends.append(bound)
            continue
        ends.append(
            optimize.brentq(
                lambda at: score(at) - sign * wanted,
                bound * (1 - 1e-13),
                found - sign * 1e-13,
                xtol=1e-14,
            )
        )
    return ends


def paired_differences():
    table = [(0, 0, 10), (1, 0, 1), (0, 1, 1), (0, 0, 1), (5, 0, 5), (0, 5, 5), (3, 3, 6), (1, 0, 50)]
    table += [(12, 4, 50), (10, 2, 305), (480, 520, 25000), (4, 4, 305), (14, 0, 44)]
    for rows in RANDOM.integers(10, 2000, 20):
        first = int(RANDOM.integers(0, rows + 1))
        table.append((first, int(RANDOM.integers(0, rows - first + 1)), int(rows)))
    for first, second, rows in table:
        low, high = tango(first, second, rows, stats.norm.ppf(0.975))
        yield {"first": first, "second": second, "rows": rows, "low": low, "high": high}


def weak_slices():
    cases = [(30, 20, 305, 230), (30, 30, 305, 230), (152, 104, 305, 230), (1000, 800, 2500, 2100)]
    cases += [(1001, 800, 2500, 2100), (20000, 17900, 25000, 22500), (40, 0, 80, 40), (50, 50, 99, 99)]
    for rows, right, all_rows, all_right in cases:
        if rows <= 1000:
            table = [[right, rows - right]]
            table.append([all_right - right, all_rows - all_right - rows + right])
            p = stats.fisher_exact(table, alternative="less").pvalue
        else:
            outcomes = np.repeat([1, 0, 1, 0], [right, rows - right, all_right - right,
                                                all_rows - all_right - rows + right])
            one, other = outcomes[:rows], outcomes[rows:]
            error = np.sqrt(outcomes.var() * (1 / len(one) + 1 / len(other)))
            p = stats.norm.cdf((one.mean() - other.mean()) / error)
        yield {"rows": rows, "right": right, "all_rows": all_rows, "all_right": all_right, "p": p}


def clustered():
    """Of rows in groups: cluster-robust standard error of a mean, and Wilson's interval of as many
    rows as that error is worth, at the quantile of Student's t with a degree less than groups."""
    for groups, size, spread in [(2, 5, 0.3), (5, 8, 0.0), (20, 15, 0.25), (60, 12, 0.4), (40, 1, 0.2)]:
        sizes = RANDOM.integers(1, size + 1, groups)
        chances = np.clip(RANDOM.normal(0.8, spread, groups), 0.05, 0.95)
        names = np.repeat(np.arange(groups), sizes)
        right = (RANDOM.random(len(names)) < chances[names]).astype(float)
        right[0], right[-1] = 1, 0
        fit = OLS(right, np.ones(len(right))).fit(cov_type="cluster", cov_kwds={"groups": names})
        share, error = right.mean(), fit.bse[0]
        worth = share * (1 - share) / error**2
        alpha = 2 * stats.norm.sf(stats.t.ppf(0.975, groups - 1))
        low, high = proportion_confint(share * worth, worth, alpha=alpha, method="wilson")
        yield {
            "groups": names.tolist(),
            "right": right.astype(int).tolist(),
            "low": low,
            "high": high,
        }


def percentiles():
    for size in (1, 2, 5, 100, 997):
        values = [int(value) for value in RANDOM.integers(1, 769, size)]
        shares = [5, 25, 50, 75, 95, 99]
        yield {"values": values, "expected": np.percentile(values, shares).tolist()}


def label_issues():
    """Rows off the diagonal of cleanlab's confident joint, before it is calibrated."""
    for rows, classes, noise in [(200, 2, 0.1), (400, 3, 0.2), (50, 2, 0.0), (600, 5, 0.3)]:
        truth = RANDOM.integers(0, classes, rows)
        labels = np.where(RANDOM.random(rows) < noise, RANDOM.integers(0, classes, rows), truth)
        logits = RANDOM.normal(0, 1, (rows, classes)) + 2.5 * np.eye(classes)[truth]
        logits = logits.astype(np.float32).astype(float)
        joint = compute_confident_joint(labels, softmax(logits, axis=1), calibrate=False)
        off = joint - np.diag(np.diag(joint))
        yield {"labels": labels.tolist(), "logits": logits.tolist(), "off_diagonal": off.tolist()}


def clustered_differences():
    """Of two runs on rows in groups: Tango's interval, and McNemar's statistic, of as many rows as the
    cluster-robust standard error of the difference is worth, by Student's t as in clustered()."""
    table = [(2, 6, 0.1, 0.3), (5, 8, 0.1, 0), (20, 15, 0.1, 0.25), (60, 12, 0.0, 0.4), (40, 1, 0.1, 0.2)]
    for groups, size, shift, spread in [*table, (60, 12, 0.15, 0.1), (30, 40, -0.1, 0.05)]:
        names = np.repeat(np.arange(groups), RANDOM.integers(1, size + 1, groups))
        lift = RANDOM.normal(shift, spread, groups)[names]
        here = (RANDOM.random(len(names)) < np.clip(0.7 + lift, 0.05, 0.95)).astype(int)
        there = (RANDOM.random(len(names)) < np.clip(0.7 - lift, 0.05, 0.95)).astype(int)
        here[0], there[0], here[-1], there[-1] = 1, 0, 0, 1
        difference = (here - there).astype(float)
        fit = OLS(difference, np.ones(len(names))).fit(
            cov_type="cluster", cov_kwds={"groups": names}, use_t=True
        )
        worth = difference.var() / fit.bse[0] ** 2
        first, second = np.mean(difference == 1) * worth, np.mean(difference == -1) * worth
        low, high = tango(first, second, worth, stats.t.ppf(0.975, groups - 1))
        t = (first - second) / np.sqrt(first + second)
        yield {
            "groups": names.tolist(),
            "here": here.tolist(),
            "there": there.tolist(),
            "effective_rows": worth,
            "low": low,
            "high": high,
            "p": 2 * stats.t.sf(abs(t), groups - 1),
        }


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("cases.jsonl")
    target.write_text("".join(json.dumps(each) + "\n" for each in cases()))
    statistics = {
        "wilson": list(intervals()),
        "mc_nemar": list(mc_nemar()),
        "percentiles": list(percentiles()),
        "paired_differences": list(paired_differences()),
        "weak_slices": list(weak_slices()),
        "clustered": list(clustered()),
        "label_issues": list(label_issues()),
        "clustered_differences": list(clustered_differences()),
    }
    target.with_name("statistics.json").write_text(json.dumps(statistics) + "\n")
