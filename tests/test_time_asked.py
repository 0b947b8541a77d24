"""What the reader is asked of a question with a time in it."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.question import understand

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
