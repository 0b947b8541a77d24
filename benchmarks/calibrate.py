"""Fit the weights of `dateline.builtin.confidence` on questions the reader was not trained on, and show how they hold.

    python benchmarks/calibrate.py [--data ../shared/data/reader/dev.jsonl.gz]

Fitted on the test sets whose answers were read while the rules were made, tested on halves of them that were not fitted
on, on SQuAD 2.0 paragraphs and on the articles of `models/news` that are kept out of the reader's training. Every
question is searched for and read as it is when it is asked, and each candidate answer is a case: right when it has a
given answer's value (or, of SQuAD and the news, enough of its words), wrong otherwise, and always wrong for a question
without an answer.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from dateline import Assistant
from dateline.builtin.confidence import Features
from dateline.builtin.quotes import of_its_time
from dateline.evaluation.testset import load as load_testset
from dateline.evaluation.values import overlap, same
from dateline.question import Question, understand
from index.search import Hit, search
from index.store import Store
from index.update import update
from models import load
from models.reader_news import Article, news

RIGHT = 0.6  # token F1 from which a candidate counts as right where answers are spans and not values
HERE = Path(__file__).parent
BUILT_WITH = [HERE.parent / "seeds", *(HERE / "towns" / name for name in ("torrenhythe", "averquilla", "karvelia"))]
Case = tuple[tuple[str, int], tuple[float, ...], bool]


def squad(path: Path, most: int) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][:most]


def reported() -> Iterator[Case]:
    """A third of the answered questions of the articles kept out, asked of a whole file; others of their own."""
    for name, file in enumerate(news(held=True)):
        numbers = itertools.count()
        yield from cases(f"news {name}", [row for article in file for row in answered(article)][::3], numbers)
        for article in file:
            yield from cases(f"news {name}", [told(article, question) for question in article.unanswered], numbers)


def answered(article: Article) -> list[dict[str, Any]]:
    return [told(article, asked.question, article.text[asked.start : asked.end]) for asked in article.answered]


def told(article: Article, question: str, *answers: str) -> dict[str, Any]:
    """A question beside its article, as SQuAD has it."""
    row = {"title": article.title, "published": article.day.isoformat(), "context": article.text, "question": question}
    return row | {"answerable": bool(answers), "answers": [{"text": answer} for answer in answers]}


def cases(name: str, rows: list[dict[str, Any]], numbers: Iterator[int]) -> Iterator[Case]:
    """Every candidate of every question: (the set and the question's number, its features, whether it is right)."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        for row in rows:
            at = hashlib.sha256(row["context"].encode()).hexdigest()[:16]
            front = {key: row[key] for key in ("title", "published") if row.get(key)}
            lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
            text = f"---\n{lines}---\n\n{row['context']}" if front else row["context"]
            (folder / f"{at}.md").write_text(text, encoding="utf-8")
        store = Store.open(folder, Path(place) / "store")
        update(store)
        for row, number in zip(rows, numbers, strict=False):
            question = understand(row["question"])
            golds = [answer["text"] for answer in row["answers"]] if row["answerable"] else []
            yield from judged((name, number), question, search(store, question.standalone), golds, RIGHT)
        store.close()


def asked(folder: Path) -> Iterator[Case]:
    """The same for the questions of a test set."""
    with tempfile.TemporaryDirectory() as place, Assistant(folder / "articles", store=place) as assistant:
        for number, case in enumerate(load_testset(folder / "questions.jsonl")):
            question = understand(case.question, case.history, case.asked)
            hits = assistant.search(question.standalone, asked=question.asked)
            yield from judged((folder.name, number), question, hits, case.answers if case.answerable else (), 1.0)


def judged(
    key: tuple[str, int], question: Question, hits: list[Hit], golds: Iterable[str], enough: float
) -> Iterator[Case]:
    """The candidates of one question; right with the value of a given answer, or with `enough` of its words (F1)."""
    question = question.named_as(hit.text for hit in hits)
    if question.kind == "yes-no":
        return
    for candidate in of_its_time(question, hits, load("reader")):
        said = candidate.hit.article.text[candidate.start : candidate.end]
        right = any(
            max(overlap(said, gold), overlap(candidate.value, gold)) >= enough or same(candidate.value, gold) == 1
            for gold in golds
        )
        yield key, astuple(candidate.features), right


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


def best_of(questions: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The place of the highest score of each question."""
    order = np.lexsort((-scores, questions))
    first = np.r_[True, questions[order][1:] != questions[order][:-1]]
    return order[first]


def calibrated(questions: np.ndarray, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights that rank the candidates, scaled so that the best one of each question is as likely right as they say.

    The scaling is Platt's: a second regression on the first one's logit, over the answers that would be given.
    """
    weights = fit(features, labels)
    logits = np.column_stack([features, np.ones(len(features))]) @ weights
    best = best_of(questions, logits)
    slope, constant = fit(logits[best][:, None], labels[best], ridge=0.01)
    weights = weights * slope
    weights[-1] += constant
    return weights


def shown(sure: np.ndarray, right: np.ndarray) -> None:
    """How often answers of a confidence are right, and which confidence it takes for how many to be."""
    edges = np.linspace(0, 1, 11)
    error = 0.0
    for low, high in zip(edges, edges[1:], strict=False):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            said, was = sure[inside].mean(), right[inside].mean()
            error += inside.mean() * abs(said - was)
            print(f"  {low:.1f}-{high:.1f}  n {inside.sum():4}  said {said:.3f}  right {was:.3f}")
    print(f"expected calibration error {error:.3f} on {len(sure)} questions not fitted on")
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    for wanted in (0.95, 0.9, 0.8, 0.7):
        reached = np.flatnonzero(precision >= wanted)
        if len(reached):
            answers = reached[-1] + 1
            print(f"  precision {wanted}: threshold {sure[order][answers - 1]:.3f}, answers {answers} of {len(order)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/reader/dev.jsonl.gz"))
    parser.add_argument("--most", type=int, default=300, help="questions of that file that are asked")
    options = parser.parse_args()
    found = list(reported())
    if options.data.exists():
        found += cases("SQuAD", squad(options.data, options.most), itertools.count())
    else:
        print(f"{options.data} is not there: not tested on it")
    for folder in BUILT_WITH:
        found += asked(folder)
    keys = sorted({key for key, _, _ in found})
    places = {key: number for number, key in enumerate(keys)}
    numbers = np.array([places[key] for key, _, _ in found])
    features = np.array([values for _, values, _ in found])
    labels = np.array([right for _, _, right in found], dtype=float)
    built = np.array([key[0] in {folder.name for folder in BUILT_WITH} for key, _, _ in found])
    first = built & (numbers % 2 == 0)
    weights = calibrated(numbers[first], features[first], labels[first])
    names = [*Features.__dataclass_fields__, "constant"]
    print("fitted on half :", dict(zip(names, weights.round(3).tolist(), strict=True)))
    chance = 1 / (1 + np.exp(-np.column_stack([features, np.ones(len(features))]) @ weights))
    # What an answer is judged by: the most confident candidate of each question.
    held = np.flatnonzero(~first)
    best = held[best_of(numbers[held], chance[held])]
    for name in sorted({name for name, _ in keys}):
        of_set = np.array([keys[numbers[at]][0] == name for at in best])
        print(f"{name}:")
        shown(chance[best][of_set], labels[best][of_set])
    whole = calibrated(numbers[built], features[built], labels[built])
    print("fitted on both :", dict(zip(names, whole.round(3).tolist(), strict=True)))


if __name__ == "__main__":
    main()
