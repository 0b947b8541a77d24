"""Drafted questions: from dated statements that stand alone, provable, readable as a test set."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from dateline import Assistant
from dateline.evaluation import testset
from dateline.evaluation.drafts import drafts, propose
from index.articles import Article


def drafted(text: str) -> list[tuple[str, str]]:
    lines = drafts(Article("a.md", "A title", text, date(2024, 6, 6)))
    return [(line["question"], line["answers"][0]) for line in lines]


@pytest.mark.parametrize(
    ("sentence", "question", "day"),
    [
        (
            "The foreign minister of Norway arrived in Lisbon on Tuesday with nine aides.",
            "When was it that the foreign minister of Norway arrived in Lisbon with nine aides?",
            "4 June 2024",
        ),
        (
            "OSLO - Norway signed a treaty on fishing with Portugal on 3 May 2024.",
            "When was it that Norway signed a treaty on fishing with Portugal?",
            "3 May 2024",
        ),
    ],
)
def test_a_dated_statement_becomes_a_question(sentence: str, question: str, day: str) -> None:
    assert drafted(sentence) == [(question, day)]


@pytest.mark.parametrize(
    "sentence",
    [
        "He arrived in the Portuguese capital of Lisbon on Tuesday with nine aides.",  # who?
        "The foreign minister of Norway arrived in Lisbon last month with nine aides.",  # no day
        "The foreign minister of Norway has waited in Lisbon since Tuesday with nine aides.",  # not the day it began
        "The foreign minister of Norway said on Tuesday: “I arrived in Lisbon with nine aides.”",  # speech
        "The foreign minister of Norway came on Monday and left Lisbon on Tuesday with nine aides.",  # two days
        "The foreign minister of Norway will arrive in Lisbon on Tuesday with nine aides.",  # not yet
        "The weather was fine on Tuesday.",  # of nothing by name
    ],
)
def test_what_would_make_no_question_is_left_out(sentence: str) -> None:
    assert drafted(sentence) == []


def test_drafts_are_lines_of_a_test_set(folder: Path, tmp_path: Path) -> None:
    (folder / "more.md").write_text(
        "---\npublished: 2024-06-06\n---\nNorway signed a treaty on fishing with Portugal on Tuesday.\n"
    )
    with Assistant(folder, store=tmp_path / "store") as assistant:
        lines = list(propose(assistant, most=10))
        assert list(propose(assistant, most=1)) == lines[:1]
        path = tmp_path / "drafts.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        cases = testset.load(path)
        assert {case.articles[0] for case in cases} >= {"more.md"}
        for case in cases:
            assert case.extra == {"draft": True}
            (passage,) = case.passages
            text = assistant.article(passage.article).text[passage.start : passage.end]
            assert text.endswith(".")
            assert text.split()[-2] in case.question
