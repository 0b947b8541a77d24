"""What a quotation must hold before a statement counts as supported by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from chat_server import hits

from dateline.chatmodels.checking import check, numbers
from dateline.chatmodels.grounding import ground
from dateline.chatmodels.replies import Said

DAY = date(2023, 9, 22)  # a Friday
QUOTE = "On Friday, Xi Jinping announced in Hangzhou that 1.2 million people in two cities had not left Syria."

HOLDS = [
    "On 22 September 2023 Xi Jinping announced that 1,200,000 people had not left Syria.",
    "In September 2023, Xi announced that people in 2 cities had not left Syria.",
    "Xi Jinping's announcement in Hangzhou: 1.2 million people in two Syrian cities had not left.",
    "As of 22 September 2023, 1.2 million people in two cities had not left Syria.",
]
FAILS = [
    ("On 15 September 2023 Xi Jinping announced that people had not left Syria.", "15 September 2023"),
    ("Xi Jinping announced that 1.3 million people had not left Syria.", "1.3 million"),
    ("Xi Jinping announced that people in three cities had not left Syria.", "three"),
    ("Vladimir Putin announced in Hangzhou that people had not left Syria.", "Vladimir"),
    ("Xi Jinping announced in Beijing that people in two cities had not left Syria.", "Beijing"),
    ("Xi Jinping announced that 1.2 million people in two cities had left Syria.", "not left"),
    ("Xi Jinping announced in 2004 that people in two cities had not left Syria.", "in 2004"),
]


@pytest.mark.parametrize("statement", HOLDS)
def test_the_same_facts_in_other_words_hold(statement: str) -> None:
    assert check(statement, QUOTE, DAY).missing == ()
    assert check(statement, QUOTE, DAY).supported


@pytest.mark.parametrize(("statement", "missing"), FAILS)
def test_a_changed_fact_fails_and_is_named(statement: str, missing: str) -> None:
    verdict = check(statement, QUOTE, DAY)
    assert not verdict.supported
    assert any(missing in words or words in missing for words in verdict.missing), verdict.missing


def test_a_wider_day_than_the_quotation_gives_holds_and_a_narrower_one_does_not() -> None:
    assert check("The bridge opened in May 2021.", "The bridge opened on 4 May 2021.").supported
    assert not check("The bridge opened on 4 May 2021.", "The bridge opened in May 2021.").supported


@pytest.mark.parametrize(
    ("statement", "quote", "holds"),
    [
        ("The bridge has been closed since 2011.", "The bridge has been closed since 2011.", True),
        ("The bridge has been closed since 2009.", "The bridge has been closed since 2011.", False),
        ("The bridge was closed from 2011 to 2018.", "The bridge was closed from 2011 to 2018.", True),
        ("The bridge was closed from 2010 to 2018.", "The bridge was closed from 2011 to 2018.", False),
        ("The bridge stays closed until June 2023.", "The bridge stays closed until May 2023.", False),
    ],
)
def test_a_stretch_of_time_holds_by_its_ends(statement: str, quote: str, holds: bool) -> None:
    assert check(statement, quote).supported is holds


def test_a_name_stands_in_the_quotation_which_reaches_back_for_it() -> None:
    passage = "Ada Finch is mayor of Elmford. The crowd was small. She cut the ribbon in the rain. Then all went home."
    assert not check("Ada Finch cut the ribbon in the rain.", "She cut the ribbon in the rain.").supported
    [hit] = hits(passage)
    [quotation] = ground(Said("Ada Finch cut the ribbon in the rain."), [hit]).quotations
    assert quotation.quote == "Ada Finch is mayor of Elmford. The crowd was small. She cut the ribbon in the rain."
    assert not ground(Said("Tom Reed cut the ribbon in the rain."), [hit]).quotations


def test_other_words_are_not_support() -> None:
    verdict = check("The talks ended with an agreement on grain.", "The weather in the capital was fine.")
    assert not verdict.supported and verdict.missing == () and verdict.score < 0.2


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The mayor did not resign.", "The mayor resigned on Monday."),
        ("The mayor resigned.", "The mayor never resigned, he said."),
        ("The mayor resigned.", "The mayor refused to resign."),
    ],
)
def test_a_negation_on_one_side_fails(statement: str, quote: str) -> None:
    assert not check(statement, quote).supported


def test_a_negation_of_something_else_is_let_through() -> None:
    assert check("Assad visited Hangzhou.", "Assad, who does not travel often, visited Hangzhou.").supported
    assert check("Not only Assad came, the ministers came too.", "Assad came and the ministers came too.").supported


def test_first_words_are_no_names_and_empty_statements_no_statements() -> None:
    assert check("Visitors came to the bridge.", "Some visitors came to the bridge.").supported
    assert not check("", "Some visitors came.").supported
    assert not check("It is so.", "").supported


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,200 or 1.2 thousand", ["1200", "1200.0"]),
        ("twenty-one and two hundred and five", ["21", "205"]),
        ("$3bn, 5.5% and the third", ["3000000000", "5.5", "3"]),
        ("5m people", ["5000000"]),
        ("no numbers, version v2a", []),
    ],
)
def test_numbers_are_read_by_value(text: str, values: list[str]) -> None:
    assert [value for value, _ in numbers(text)] == [Decimal(value) for value in values]
