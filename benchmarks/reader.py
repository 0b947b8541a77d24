"""The built-in reader on SQuAD 2.0 paragraphs it was not trained on, and on news: exact match, F1, refusals, its speed.

    python benchmarks/reader.py

The measures are those of SQuAD (Rajpurkar et al., 2016 and 2018): words compared without case, punctuation and
articles, the best of the reference answers. "Forced" takes the best span of an answerable question whatever the score
of no answer. With refusals, every question counts: an unanswerable one is right when refused. The news is our own and
kept out of training: passages made of frames (`models/reader_frames.py`), and whole articles (`models/news`), whose
passages are read as the index cuts them.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import re
import statistics
import string
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from index.passages import header, passages  # noqa: E402
from models import Reader, load  # noqa: E402
from models.reader_frames import Filler, frames  # noqa: E402
from models.reader_news import news  # noqa: E402

PIECES = ROOT / "models/embedder/tokenizer.json"
ROUNDS = 15  # of each frame, with other names and days
DATA = ROOT.parent / "shared" / "data" / "reader" / "dev.jsonl.gz"


def words(text: str) -> list[str]:
    kept = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", kept).split()


def f1(given: str, expected: str) -> float:
    ours, theirs = words(given), words(expected)
    if not ours or not theirs:
        return float(ours == theirs)
    common = sum((collections.Counter(ours) & collections.Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs))


class Case(NamedTuple):
    question: str
    passages: list[tuple[str, str]]  # each its header and its text
    answers: list[str]  # none where the passages do not answer


class Read:
    """One question read: how good the best span of all passages is, and how much likelier than no answer."""

    def __init__(self, case: Case, reader: Reader) -> None:
        self.margin, given = float("-inf"), ""
        for (_, text), reading in zip(case.passages, reader.read(case.question, case.passages), strict=True):
            if reading.margin > self.margin:
                self.margin, given = reading.margin, text[reading.spans[0].start : reading.spans[0].end]
        self.answerable = bool(case.answers)
        self.f1 = max((f1(given, answer) for answer in case.answers), default=0.0)
        self.exact = any(words(given) == words(answer) for answer in case.answers)

    def right(self, threshold: float) -> float:
        if self.margin > threshold:
            return self.f1 if self.answerable else 0.0
        return float(not self.answerable)


def wikipedia(row: dict[str, Any]) -> Case:
    return Case(row["question"], [("", row["context"])], [answer["text"] for answer in row["answers"]])


def framed() -> Iterator[Case]:
    """Questions and passages of the frames kept out of training."""
    held = frames(held=True)
    filler = Filler(held, seed=5)
    for case in (case for _ in range(ROUNDS) for frame in held for case in filler.cases(frame)):
        answers = [case.passage[slice(*case.answer)]] if case.answer else []
        yield Case(case.question, [(header(case.title, None), case.passage)], answers)


def reported() -> Iterator[Case]:
    """Questions of the articles kept out of training, beside all passages of their article."""
    for article in (article for file in news(held=True) for article in file):
        told = [
            (header(article.title, article.day), article.text[each.start : each.end]) for each in passages(article.text)
        ]
        for asked in article.answered:
            yield Case(asked.question, told, [article.text[asked.start : asked.end]])
        for question in article.unanswered:
            yield Case(question, told, [])


def quality(reads: list[Read]) -> None:
    answerable = [read for read in reads if read.answerable]
    print(f"{len(reads)} questions, {len(answerable)} of them answerable")
    print(f"answerable, forced: F1 {mean(r.f1 for r in answerable):.1%}, EM {mean(r.exact for r in answerable):.1%}")
    thresholds = [0.0, *sorted(read.margin for read in reads)]
    best = max(thresholds, key=lambda threshold: mean(read.right(threshold) for read in reads))
    for name, threshold in (("best", best), ("zero", 0.0)):
        kept = mean(read.margin > threshold for read in answerable)
        caught = mean(read.margin <= threshold for read in reads if not read.answerable)
        score = mean(read.right(threshold) for read in reads)
        print(
            f"with refusals, {name} threshold {threshold:+.2f}: SQuAD 2.0 F1 {score:.1%}; "
            f"answers {kept:.1%} of the answerable, refuses {caught:.1%} of the others"
        )


def speed(cases: list[dict[str, Any]], folder: Path) -> None:
    """Eight passages read for a question, each way in turn."""
    readers = {way: Reader(folder, PIECES, way) for way in ("quick", "float")}
    took: dict[str, list[float]] = {way: [] for way in readers}
    for at in range(0, min(240, len(cases)), 8):
        passages = [("A title of seven words and a day. 3 May 2023.", case["context"]) for case in cases[at : at + 8]]
        for way, reader in readers.items():
            began = time.perf_counter()
            reader.read(cases[at]["question"], passages)
            took[way].append(time.perf_counter() - began)
    pieces = statistics.mean(len(readers["float"].tokenizer.encode(case["context"])) for case in cases[:240])
    for way, seconds in took.items():
        middle = statistics.median(seconds)
        print(
            f"eight passages of {pieces:.0f} word pieces, {way}: {middle * 1000:.0f} ms at the median of {len(seconds)}"
        )


def mean(values: Any) -> float:
    return statistics.fmean(float(value) for value in values)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the built-in reader on SQuAD 2.0 paragraphs.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument(
        "--weights", type=Path, help="another folder with a model.onnx, instead of the reader that ships"
    )
    parser.add_argument("--first", type=int, help="only so many questions")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"skipped: no data at {options.data} (--data PATH)", file=sys.stderr)
        return
    reader = Reader(options.weights, PIECES) if options.weights else load("reader")
    with gzip.open(options.data, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines][: options.first]
    print("SQuAD 2.0:")
    quality([Read(wikipedia(case), reader) for case in cases])
    print("news, made of frames kept out of training:")
    quality([Read(case, reader) for case in framed()])
    print("news, articles kept out of training:")
    quality([Read(case, reader) for case in reported()])
    speed(cases, options.weights or ROOT / "models/reader")


if __name__ == "__main__":
    main()
