"""Events over articles: which sentences tell of one, on which day, and in which order."""

from __future__ import annotations

from datetime import date

import pytest
from towns import article, told

from dateline.builtin.events import events, happenings
from dateline.builtin.occasions import answer
from dateline.builtin.sought import sought
from dateline.question import understand
from dateline.tellings import news_of

VISITS = (
    article("2012-04-12", "Queen Ingrid Sol visited Norby on Tuesday. It rained.", title="Queen in Norby"),
    article("2018-09-03", "NORBY - Ingrid Sol was received in Norby by the mayor on Sunday.", title="A guest"),
    article("2018-09-04", "Ingrid Sol, who had come to Norby on Sunday, left after two days.", title="Queen leaves"),
    article("2020-02-02", "A visit that Ingrid Sol was to pay to Norby on Saturday was called off.", title="Snow"),
    article("2022-06-20", "Ingrid Sol will travel to Norby in August.", title="Plans"),
    article(
        "2023-01-05", "Ingrid Sol flew to Alby on Monday. Her brother Tor Sol has often been to Norby.", title="Alby"
    ),
)


def short(question: str) -> str | None:
    draft = answer(understand(question, asked=date(2023, 6, 1)), told(*VISITS))
    return draft.short if draft else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did Ingrid Sol last visit Norby?", "2 September 2018"),
        ("When did Ingrid Sol first come to Norby?", "10 April 2012"),
        ("When was Ingrid Sol last in Norby?", "2 September 2018"),
        ("When did Ingrid Sol last go to Alby?", "2 January 2023"),
        ("How often did Ingrid Sol visit Norby?", "2"),
        ("Did Ingrid Sol visit Norby between 2013 and 2017?", "No"),
        ("Did Ingrid Sol visit Norby in 2018?", "Yes"),
        ("When did Ingrid Sol last travel to Sudby?", None),
    ],
)
def test_order_over_articles(question: str, expected: str | None) -> None:
    assert short(question) == expected


def test_what_came_before_is_said_too() -> None:
    draft = answer(understand("When did Ingrid Sol last visit Norby?", asked=date(2023, 6, 1)), told(*VISITS))
    assert draft and any(claim.text.startswith("Before that: 10 April 2012") for claim in draft.claims)
    assert all(claim.quotations for claim in draft.claims)


def test_a_second_visit_is_not_the_first_and_a_last_one_told_of_is_no_news() -> None:
    question = understand("When was Ingrid Sol in Sudby for the first time?", asked=date(2023, 6, 1))
    second = told(article("2021-05-05", "Ingrid Sol came to Sudby on Monday. It was her second visit to Sudby."))
    assert answer(question, second) is None
    asked = sought(question)
    empty = told(article("2021-05-05", "Two years after Ingrid Sol last visited Sudby, its hall is empty."))
    assert asked and not list(happenings(asked, empty))


def test_neighbouring_days_of_a_visit_are_one_event() -> None:
    question = sought(understand("When did Ingrid Sol last visit Norby?"))
    assert question
    found = events(list(happenings(question, told(*VISITS))), lasting=True)
    assert [str(event.period) for event in found] == ["10 April 2012", "2 September 2018"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The two had not met since 15 March of last year. Tor Sol and Ida Falk wept.", None),
        ("Tor Sol and Ida Falk had not met since 15 March of last year.", "15 March 2023"),
        ("The host told of his talk with Ida Falk. Tor Sol and Ida Falk met on Monday.", "22 July 2024"),
        ("Tor Sol may meet Ida Falk on Monday.", None),
        ("Tor Sol never met Ida Falk in 2020.", None),
    ],
)
def test_when_two_people_met(sentence: str, expected: str | None) -> None:
    question = understand("When did Tor Sol last meet Ida Falk?", asked=date(2024, 8, 1))
    draft = answer(question, told(article("2024-07-25", sentence, title="Two people")))
    assert (draft.short if draft else None) == expected


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            "When did Ingrid Sol visit Norby in 2015?",
            "are of 10 April 2012 and 2 September 2018; none is reported in 2015",
        ),
        (
            "When did Ingrid Sol visit Norby for the third time?",
            "10 April 2012 and 2 September 2018; no third is reported",
        ),
    ],
)
def test_a_refusal_says_the_nearest_that_is_told(question: str, reason: str) -> None:
    draft = answer(understand(question, asked=date(2023, 6, 1)), told(*VISITS))
    assert draft and draft.short is None and draft.reason and draft.reason.endswith(reason)


def test_what_was_published_a_day_later_is_of_its_own_day() -> None:
    text = "Ada Finch was in Elmford. A video of her talks was shown on Thursday; they took place the day before."
    told = news_of(article("2024-07-25", text))
    assert told is not None and str(told.day) == "24 July 2024"
    assert told.sentence is not None and "the day before" in text[slice(*told.sentence)]
