"""Counts that an article sets against each other."""

from __future__ import annotations

import pytest
from towns import article

from dateline.builtin.candidates import Candidate
from dateline.builtin.confidence import Features
from dateline.builtin.conflicts import rival
from index.search import Hit
from index.sentences import sentences


def count(text: str, value: str) -> Candidate:
    """The first sentence with a value in it, as the reader points at it."""
    start = text.index(value)
    sentence = next(place for place in sentences(text) if place[0] <= start < place[1])
    hit = Hit(article("2023-05-03", text), 0, len(text), 1.0)
    return Candidate(hit, start, start + len(value), sentence, value, None, (), 0.5, Features(*[1] * 8, 0), True)


@pytest.mark.parametrize(
    ("text", "value", "other"),
    [
        ("The union put the crowd at 6,000; the police counted 2,500.", "6,000", "2,500"),
        ("The county counts 1,240 houses. The insurers give 1,910.", "1,240", "1,910"),
        ("The county counts 1,240 houses. It has done so since 2019.", "1,240", None),
        ("Alby lost 1,240 houses. The bank gave 3,000 crowns.", "1,240", None),
        ("The county counts 1,240 houses. The bank gives 900,000 crowns.", "1,240", None),
    ],
)
def test_the_count_set_against_another(text: str, value: str, other: str | None) -> None:
    found = rival(count(text, value))
    assert (found.value if found else None) == other
    assert not found or other is None or other in found.quotation.quote
