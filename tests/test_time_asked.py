"""What the reader is asked of a question with a time in it, and which passages bear on a question."""

from __future__ import annotations

from datetime import date

import pytest
from towns import article

from dateline.question import is_about, understand
from index.search import Hit

ASKED = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who was mayor of Alby in May 2022?", "Who was mayor of Alby?"),
        ("In March 2020, when was the bridge supposed to open?", "when was the bridge supposed to open?"),
        ("What was the turnout in the vote of May 2022?", "What was the turnout in the vote of May 2022?"),
        ("Who was mayor before 2019?", "Who was mayor before 2019?"),
        ("When did Ada Finch last visit Alby?", "When did Ada Finch visit Alby?"),
    ],
)
def test_the_reader_is_not_asked_when_it_all_was(question: str, read: str) -> None:
    assert understand(question, asked=ASKED).read_as == read


def test_a_passage_bears_on_a_question_where_two_sentences_in_a_row_have_its_words() -> None:
    question = understand("When will the harbour crane be repaired?", asked=ASKED)
    apart = article(
        "2024-05-01",
        "The harbour is full. Snow fell. A crane came. Four roofs fell. The church was repaired.",
    )
    beside = article("2024-05-02", "Snow fell. The harbour lost its crane. It can be repaired, the mayor said.")
    assert not is_about(Hit(apart, 0, len(apart.text), 1.0), question)
    assert is_about(Hit(beside, 0, len(beside.text), 1.0), question)
