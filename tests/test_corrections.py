"""What an article takes back, and what it gives in its place."""

from __future__ import annotations

import pytest
from towns import article, told

from dateline.builtin.corrections import answering, corrections
from dateline.question import understand


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("Correction: An earlier version said that 14 barns burned. There were 12.", "14", "12"),
        ("We wrote that the judge sat in Norby. She sat in Alby.", "Norby", "Alby"),
        ("The vote is in Alby. Norby was named in an earlier version of this article.", "Norby", "Alby"),
        ("The story gave the wrong length. It took 12 weeks, not nine.", "nine", "12 weeks"),
        ("There were 164 cases in Alby this summer, and not 131.", "131", "164 cases"),
        ("We reported, as others did, that it began on 12 July. It was on 2 July.", "12 July 2022", "2 July 2022"),
        ("This article first gave the year as 2012. It was in 2011.", "2012", "2011"),
    ],
)
def test_the_right_value_in_place_of_the_wrong(text: str, wrong: str, right: str) -> None:
    (found,) = corrections(told(article("2023-05-03", text)))
    assert (found.wrong, found.right) == (wrong, right)
    assert all(quotation.quote in text for quotation in found.quotations)


@pytest.mark.parametrize(
    "text", ["Twelve barns burned. There were 14 in all.", "An earlier version had a typing error."]
)
def test_what_takes_nothing_back(text: str) -> None:
    assert not list(corrections(told(article("2023-05-03", text))))


def test_only_answers_to_its_own_matter_are_corrected() -> None:
    text = "Correction: An earlier version said that 14 barns burned. There were 12."
    found = list(corrections(told(article("2023-05-03", text))))
    assert answering(understand("How many barns burned?"), found, "14")
    assert not answering(understand("How many barns burned?"), found, "15")
    assert not answering(understand("How many ships sank off Norby?"), found, "14")
