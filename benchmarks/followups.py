"""Follow-ups made to stand alone, measured against rewrites by people (TREC CAsT 2019-2021).

    python benchmarks/followups.py [TURNS.jsonl.gz]

Token F1 of the rewrite against the human one, beside the turn as typed and "the last question put in front". The
conversations are split in two by a hash of their name: the rules were written while looking at one half, and the
other half is the figure that counts. A turn that people left as it was has to come back letter for letter.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from dateline.followups.followup import stand_alone  # noqa: E402

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "followups" / "turns.jsonl.gz"
Turn = dict[str, Any]


def f1(given: str, expected: str) -> float:
    """F1 of the lower-cased words, counted as often as they stand."""
    left, right = re.findall(r"\w+", given.lower()), re.findall(r"\w+", expected.lower())
    shared = sum((Counter(left) & Counter(right)).values())
    return 2 * shared / (len(left) + len(right)) if shared else float(left == right)


def last_in_front(turn: Turn) -> str:
    return f"{turn['history'][-1]['question']} {turn['question']}"


METHODS: dict[str, Callable[[Turn], str]] = {
    "as typed": lambda turn: turn["question"],
    "last question in front": last_in_front,
    "dateline": lambda turn: stand_alone(turn["question"], turn["history"]),
}


def half(turn: Turn) -> str:
    conversation = turn["id"].rsplit("_", 1)[0]
    return "seen" if int(hashlib.sha1(conversation.encode()).hexdigest(), 16) % 2 == 0 else "held back"


def mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not path.is_file():
        print(f"skipped: {path} is not there; name a file of turns (id, history, question, standalone)")
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        turns = [turn for turn in map(json.loads, lines) if turn["history"]]
    print(f"{'token F1':24}{'seen':>11}{'held back':>11}")
    for name, method in METHODS.items():
        row = [mean(f1(method(t), t["standalone"]) for t in turns if half(t) == part) for part in ("seen", "held back")]
        print(f"{name:24}{row[0]:11.3f}{row[1]:11.3f}")
    for part in ("seen", "held back"):
        began = time.perf_counter()
        mine = [(turn, METHODS["dateline"](turn)) for turn in turns if half(turn) == part]
        took = (time.perf_counter() - began) / len(mine)
        changed = [(t, r) for t, r in mine if r != t["question"]]
        gains = [f1(r, t["standalone"]) - f1(t["question"], t["standalone"]) for t, r in changed]
        alone = [(t, r) for t, r in mine if t["question"] == t["standalone"]]
        print(
            f"{part}: {len(mine)} turns, {len(changed)} rewritten, {sum(g > 0 for g in gains)} for the better and "
            f"{sum(g < 0 for g in gains)} for the worse; of {len(alone)} that stand alone "
            f"{sum(r != t['question'] for t, r in alone)} were touched; {took * 1000:.1f} ms a turn"
        )


if __name__ == "__main__":
    main()
