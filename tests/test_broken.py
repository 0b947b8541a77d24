"""Assistants broken on purpose: each fault moves the figures that should catch it, to the value worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from lisbon import CASES, EARLIER, GOOD, VISIT, assistant, values
from scripted import Scripted, cited, refused

from dateline.answer import Answer, Seconds
from dateline.evaluation import evaluate
from dateline.evaluation.figures import FIGURES
from dateline.evaluation.testset import parse
from index.errors import ModelError


def shifted(answer: Answer) -> Answer:
    """The day after, in all that the answer says; the quotation stays."""
    later = [said and said.replace("4 June", "5 June") for said in (answer.text, answer.short)]
    return replace(answer, text=later[0] or "", short=later[1])


def citing(answer: Answer, **changes: Any) -> Answer:
    """With each citation changed, where there is one."""
    return replace(answer, citations=tuple(replace(one, **changes) for one in answer.citations))


def elsewhere(answer: Answer) -> Answer:
    """Verbatim words of the other article, which has nothing on the question."""
    others = {"visit.md": (EARLIER, "The minister did not attend."), "earlier.md": (VISIT, "It covers 1,200 boats.")}
    return replace(answer, citations=tuple(cited(one.number, *others[one.article]) for one in answer.citations))


ANSWERS = ("answer_em", "answer_f1", "answer_value")
SECONDS = Seconds(0.25, 0.25, 0.5)
SUPPORT = ("citation_recall", "citation_precision")
BROKEN: dict[str, tuple[Callable[[Answer], Answer], dict[str, float | None]]] = {
    # Each moves just these figures, to just these values; all the others stay as the right assistant has them.
    "the wrong day": (
        shifted,
        dict.fromkeys(["answer_em", "answer_value"], 3 / 4)
        | {"answer_f1": (3 + 2 / 3) / 4, "day_right": 0, "answered_precision": 2 / 3}
        | {"risk_coverage_area": (1 / 3) * (1 + 1 / 2 + 1 / 3) / 3}
        | dict.fromkeys(SUPPORT, 2 / 3),
    ),
    "the wrong day up to which it holds": (
        lambda answer: replace(answer, as_of=date(2024, 6, 4) if answer.as_of else None),
        {"as_of_right": 0},
    ),
    "the wrong article cited": (
        elsewhere,
        {"citation_article": 0} | dict.fromkeys(SUPPORT, 0),
    ),
    "an invented quotation": (
        lambda answer: citing(answer, quote="She met her colleague on 4 June 2024 aboard a yacht."),
        {"citation_verbatim": 0} | dict.fromkeys(SUPPORT, 0),
    ),
    "a quotation a letter beside its place": (
        lambda answer: citing(answer, start=7),
        {"citation_verbatim": 0} | dict.fromkeys(SUPPORT, 0),
    ),
    "an article that isn't there": (
        lambda answer: citing(answer, article="nowhere.md"),
        {"citation_verbatim": 0, "citation_article": 0} | dict.fromkeys(SUPPORT, 0),
    ),
    "no citation at all": (
        lambda answer: replace(answer, citations=()),
        {"citation_article": 0, "citation_verbatim": None} | dict.fromkeys(SUPPORT, 0),
    ),
    "refusing everything": (
        lambda answer: replace(refused(hits=[hit.article for hit in answer.hits], as_of=answer.as_of), seconds=SECONDS),
        {"answered": 0, "refusal_precision": 1 / 4, "refusal_f1": 2 / 5, "day_right": 0}
        | dict.fromkeys(ANSWERS, 1 / 4)
        | dict.fromkeys(("answered_precision", "risk_coverage_area"), None)
        | dict.fromkeys(("citation_article", "citation_verbatim", *SUPPORT), None),
    ),
    "answering everything": (
        lambda answer: answer if answer.answered else replace(GOOD[CASES[1]["question"]], hits=answer.hits),
        {"answered": 1, "refusal_recall": 0, "refusal_precision": None, "refusal_f1": 0, "answered_precision": 3 / 4}
        | {"risk_coverage_area": sum((0, 0.25, 1 / 3, 1 / 4)) / 4}
        | dict.fromkeys(ANSWERS, 3 / 4),
    ),
    "nothing found": (
        lambda answer: replace(answer, hits=()),
        {name: 0 for name in FIGURES if FIGURES[name].group == "Search"},
    ),
}


def measured(told: Scripted) -> dict[str, float]:
    return values(evaluate.run(told, [parse(case, "here") for case in CASES]))


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_assistant_is_caught(fault: str) -> None:
    breaks, moved = BROKEN[fault]
    right = measured(assistant())
    wrong = measured(Scripted([VISIT, EARLIER], {asked: breaks(answer) for asked, answer in GOOD.items()}))
    assert all(right.get(name) != value for name, value in moved.items()), "the right assistant stands elsewhere"
    for name in right.keys() | wrong.keys() | moved.keys():
        expected = moved.get(name, right.get(name))
        assert wrong.get(name) == (None if expected is None else pytest.approx(expected)), name


def test_an_assistant_that_fails_is_caught() -> None:
    wrong = measured(assistant(where=ModelError("the server is gone"), none=ModelError("the server is gone")))
    assert (wrong["failed"], wrong["answer_value"], wrong["refusal_recall"]) == (0.5, 0.5, 0)


def test_confidence_in_what_is_wrong_is_caught() -> None:
    """As many right answers, but surest where it errs."""
    one = assistant(where=replace(GOOD[CASES[2]["question"]], short="Lisbon", confidence=0.1))
    other = assistant(where=replace(GOOD[CASES[2]["question"]], short="Lisbon", confidence=0.99))
    assert measured(one)["risk_coverage_area"] == pytest.approx((0 + 0 + 1 / 3) / 3)
    assert measured(other)["risk_coverage_area"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert measured(one)["answer_value"] == measured(other)["answer_value"]
