"""Fit the weights of `dateline.confidence` on questions the reader was not trained on, and show how they hold.

    python benchmarks/calibrate.py [--data ../shared/data/reader/dev.jsonl.gz]

Every paragraph of a SQuAD-format set becomes an article; every question is searched for and read over all of them,
and each candidate answer is a case: right when it shares enough words with a given answer, wrong otherwise, and
always wrong for a question without an answer. Half of the questions fit the weights, the other half tests them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import tempfile
from dataclasses import astuple
from pathlib import Path

import numpy as np

from dateline.candidates import candidates
from dateline.confidence import Features
from dateline.evaluation.values import overlap
from dateline.question import understand
from index.search import search
from index.store import Store
from index.update import update
from models import load

RIGHT = 0.6  # token F1 from which a candidate counts as right
READ = 10


def cases(path: Path, most: int):
    """Features and labels of every candidate of every question: (question number, features, right)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:most]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        for context in {row["context"] for row in rows}:
            name = hashlib.sha256(context.encode()).hexdigest()[:16]
            (folder / f"{name}.txt").write_text(context, encoding="utf-8")
        store = Store.open(folder, Path(place) / "store")
        update(store)
        for number, row in enumerate(rows):
            question = understand(row["question"])
            hits = search(store, question.standalone)[:READ]
            golds = [answer["text"] for answer in row["answers"]] if row["answerable"] else []
            for candidate in candidates(question, hits, load("reader")):
                said = candidate.hit.article.text[candidate.start : candidate.end]
                right = any(max(overlap(said, gold), overlap(candidate.value, gold)) >= RIGHT for gold in golds)
                yield number, astuple(candidate.features), right
        store.close()


def fit(features: np.ndarray, labels: np.ndarray, ridge: float = 1.0) -> np.ndarray:
    """Logistic regression by Newton's method with a small ridge; the constant comes last."""
    design = np.column_stack([features, np.ones(len(features))])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (chance - labels) + ridge * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + ridge * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def calibrated(numbers: np.ndarray, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights that rank the candidates, scaled so that the best one of each question is as likely right as they say.

    The scaling is Platt's: a second regression on the first one's logit, over the answers that would be given.
    """
    weights = fit(features, labels)
    logits = np.column_stack([features, np.ones(len(features))]) @ weights
    best = np.array([np.flatnonzero(numbers == n)[np.argmax(logits[numbers == n])] for n in np.unique(numbers)])
    slope, constant = fit(logits[best][:, None], labels[best], ridge=0.01)
    weights = weights * slope
    weights[-1] += constant
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/reader/dev.jsonl.gz"))
    parser.add_argument("--most", type=int, default=2000)
    options = parser.parse_args()
    if not options.data.exists():
        raise SystemExit(f"{options.data} is not there: skipped")
    numbers, features, labels = map(np.array, zip(*cases(options.data, options.most), strict=True))
    first = numbers % 2 == 0
    weights = calibrated(numbers[first], features[first], labels[first].astype(float))
    names = [*Features.__dataclass_fields__, "constant"]
    print("fitted on half :", dict(zip(names, weights.round(3).tolist(), strict=True)))
    chance = 1 / (1 + np.exp(-np.column_stack([features, np.ones(len(features))]) @ weights))
    # What an answer is judged by: the most confident candidate of each question.
    held = np.unique(numbers[~first])
    best = np.array([np.flatnonzero(numbers == n)[np.argmax(chance[numbers == n])] for n in held])
    sure, right = chance[best], labels[best]
    edges = np.linspace(0, 1, 11)
    error = 0.0
    for low, high in zip(edges, edges[1:], strict=False):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            error += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
            said, was = sure[inside].mean(), right[inside].mean()
            print(f"  {low:.1f}-{high:.1f}  n {inside.sum():4}  said {said:.3f}  right {was:.3f}")
    print(f"expected calibration error {error:.3f} on {len(held)} questions not fitted on")
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    for wanted in (0.95, 0.9, 0.8, 0.7):
        reached = np.flatnonzero(precision >= wanted)
        if len(reached):
            answers = reached[-1] + 1
            print(f"  precision {wanted}: threshold {sure[order][answers - 1]:.3f}, answers {answers} of {len(order)}")
    print(
        "all the data   :",
        dict(zip(names, calibrated(numbers, features, labels.astype(float)).round(3).tolist(), strict=True)),
    )


if __name__ == "__main__":
    main()
