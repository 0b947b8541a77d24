"""What speaks against an answer: another act, another role, a plan in place of a report."""

from __future__ import annotations

import pytest

from dateline.builtin.agreement import agreement
from dateline.question import understand


def fits(question: str, sentence: str, value: str) -> float:
    start = sentence.index(value)
    return agreement(understand(question), sentence, "", start, start + len(value))


@pytest.mark.parametrize(
    ("question", "good", "bad", "value"),
    [
        ("When did the bridge open?", "The bridge opened on 3 May.", "The bridge will open on 3 May.", "3 May"),
        (
            "When did the fire start?",
            "The fire started on 3 May.",
            "It has grown since the wind turned on 3 May.",
            "3 May",
        ),
        ("How many gold medals did they win?", "They won 12 gold medals.", "They won 12 medals.", "12"),
        ("How many died in Alby?", "In Alby 12 died.", "In Alby and Norby 12 died.", "12"),
        ("Who died?", "Tor Sol died.", "By Tor Sol", "Tor Sol"),
        ("Why did Alby leave?", "Alby left because of rain.", "Alby, a town of rain, left.", "rain"),
        (
            "When did Norby reopen its port?",
            "ALBY - Norby quietly reopened its port on 3 May.",
            "ALBY - Sudby quietly reopened its port near the Norby border on 3 May.",
            "3 May",
        ),
        ("Why did Alby change?", "Alby changed because of rain.", "Alby had not changed because of rain.", "rain"),
    ],
)
def test_the_better_of_two(question: str, good: str, bad: str, value: str) -> None:
    assert fits(question, good, value) == 1
    assert fits(question, bad, value) < 0.7


def test_a_name_of_the_question_is_no_answer() -> None:
    assert fits("What did Tor Sol say to Falk?", "Tor Sol met Ida Falk.", "Ida Falk") == 0


def test_another_place_or_another_subject_is_doubted() -> None:
    assert fits("When did Sol travel to Norby?", "Sol travelled to Alby on 3 May.", "3 May") < 0.7
    assert fits("How many medals did Norby win?", "Alby won 12 medals.", "12") < 0.7
    assert fits("How many medals did Norby win?", "The hosts won 12 medals.", "12") == 1


def test_a_number_of_something_else_and_a_place_without_its_name_are_doubted() -> None:
    games = "In Alby 900 athletes came in 40 sports."
    assert fits("How many athletes came?", games, "900") == 1
    assert fits("How many athletes came?", games, "40") < 0.7
    assert fits("Where did they meet?", "They met in Alby.", "Alby") == 1
    assert fits("Where did they meet?", "They met in this eastern Norbian city.", "eastern Norbian city") < 0.7
