"""The records that others made and the reader learns from: questions on paragraphs, and claims that people judged."""

from __future__ import annotations

import collections
import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# How many records of a source are read, where not all: the rest is far from news, or has long and vague answers.
TAKE = {"squadshifts_amazon_reviews": 5500, "policyqa": 1200, "subjqa": 400, "robustqa_race": 0}
REPEAT = {"squad2_half": 2}
CLAIMS = ("wice", "summedits")  # the sources of judged claims whose licence lets us train on them

Record = dict[str, Any]


def half(evidence: str) -> int:
    """Which half of the judged claims a document is on: those of half 1 are only measured on."""
    return int(hashlib.sha1(evidence.encode()).hexdigest(), 16) % 2


def records(path: Path, seed: int) -> list[Record]:
    by_source: dict[str, list[Record]] = collections.defaultdict(list)
    for row in _lines(path):
        by_source[row["source"]].append(row)
    order = random.Random(seed)
    chosen = []
    for source, group in sorted(by_source.items()):
        order.shuffle(group)
        chosen += group[: TAKE.get(source, len(group))] * REPEAT.get(source, 1)
    return chosen


def judged(path: Path) -> list[Record]:
    return [row for row in _lines(path) if row["source"].startswith(CLAIMS) and half(row["evidence"]) == 0]


def _lines(path: Path) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
