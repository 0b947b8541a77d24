"""A small test set on two articles, and an assistant that answers all of it rightly, or what a test changes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from scripted import Scripted, answered, cited, refused

from dateline.evaluation import evaluate
from index.articles import Article

VISIT = Article(
    "visit.md",
    "Minister in Lisbon",
    "The foreign minister arrived in Lisbon on Tuesday. She met her colleague on 4 June 2024 and signed "
    "a treaty on fishing. It covers 1,200 boats.",
    date(2024, 6, 5),
)
EARLIER = Article(
    "earlier.md",
    "Talks about fish",
    "Talks about fishing began on 3 May 2024 in Madrid. The minister did not attend.",
    date(2024, 5, 4),
)
MET = "She met her colleague on 4 June 2024 and signed a treaty on fishing."
CASES: list[dict[str, Any]] = [
    {
        "id": "when",
        "question": "When did the ministers meet?",
        "answers": ["4 June 2024"],
        "articles": ["visit.md"],
        "type": "when",
        "as_of": "2024-06-05",
    },
    {
        "id": "count",
        "question": "How many boats does it cover?",
        "answers": ["1,200"],
        "articles": ["visit.md"],
        "type": "how-many",
    },
    {
        "id": "where",
        "question": "Where did talks begin?",
        "answers": ["Madrid"],
        "articles": ["earlier.md"],
        "type": "where",
    },
    {
        "id": "none",
        "question": "When did the minister visit Oslo?",
        "answers": [],
        "answerable": False,
        "type": "unanswerable",
    },
]
GOOD = {
    CASES[0]["question"]: answered(
        f"{MET} [1]", "4 June 2024", [cited(1, VISIT, MET)], ["visit.md", "earlier.md"], 0.9, date(2024, 6, 5)
    ),
    CASES[1]["question"]: answered(
        "It covers 1,200 boats. [1]", "1,200", [cited(1, VISIT, "It covers 1,200 boats.")], ["visit.md"], 0.8
    ),
    CASES[2]["question"]: answered(
        "Talks about fishing began on 3 May 2024 in Madrid. [1]",
        "Madrid",
        [cited(1, EARLIER, "Talks about fishing began on 3 May 2024 in Madrid.")],
        ["visit.md", "earlier.md"],
        0.7,
    ),
    CASES[3]["question"]: refused(hits=["visit.md"]),
}
WRONG_DAY = answered(f"{MET} [1]", "5 June 2024", [cited(1, VISIT, MET)], ["visit.md"], 0.9, date(2024, 6, 5))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def assistant(**changes: Any) -> Scripted:
    script: dict[str, Any] = dict(GOOD)
    for case in CASES:
        if case["id"] in changes:
            script[case["question"]] = changes[case["id"]]
    return Scripted([VISIT, EARLIER], script)


def written(folder: Path) -> Path:
    """The test set as a file."""
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


def values(report: evaluate.Report) -> dict[str, float]:
    return {name: figure.value for name, figure in report.figures.items()}
