"""Which came first: both sides are dated, then compared."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.builtin.comparisons import Dated, answer
from dateline.question import Question, understand
from index.periods import Period

DAYS = {"fire": date(2019, 3, 2), "strike": date(2019, 3, 11), "Penn": date(2020, 1, 1), "Roth": date(2021, 1, 1)}


def dated(question: Question) -> Dated | None:
    """The day of the first word that is known, as an archive would give it."""
    assert question.kind == "when"
    for word, day in DAYS.items():
        if word in question.standalone:
            return Dated(Period(day, day, "day"), word, ())
    return None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Did the fire start before or after the strike ended?", "Before"),
        ("Was the strike before or after the fire?", "After"),
        ("Which came first, the strike or the fire?", "the fire"),
        ("Which came last, the strike or the fire?", "the strike"),
        ("Who reached Alby first, Hanna Roth or Ivo Penn?", "Ivo Penn"),
        ("Which came first, the strike or the flood?", None),
        ("Did the fire start on Monday?", None),
    ],
)
def test_two_days_compared(question: str, short: str | None) -> None:
    draft = answer(understand(question, asked=date(2022, 1, 1)), dated)
    assert (draft.short if draft else None) == short
