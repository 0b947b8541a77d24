"""A statement that turns its quotation round fails: opposite words, bounds, units, and what is only expected."""

from __future__ import annotations

import pytest

from dateline.chatmodels.checking import check
from dateline.chatmodels.contraries import contrary


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The river fell by three metres.", "The river rose by three metres."),
        ("Unemployment increased to 5 per cent.", "Unemployment has decreased to 5 per cent."),
        ("The new Mill Bridge closed on Tuesday.", "The new Mill Bridge opened on Tuesday."),
        ("Ajax lost the match in Rotterdam.", "Ajax won the match in Rotterdam."),
        ("The court convicted Tom Reed of fraud.", "The court acquitted Tom Reed of fraud."),
        ("Ada Finch supports the bridge.", "Ada Finch opposes the bridge."),
        ("Ada Finch arrived before Tom Reed.", "Ada Finch arrived after Tom Reed."),
        ("The bridge lies north of Elmford.", "The bridge lies south of Elmford."),
        ("Tom Reed's mother was arrested.", "Tom Reed's father was arrested."),
        # An ordinal by itself was let through as no count.
        ("It was Assad's second visit to China.", "It was Assad's first visit to China in almost 20 years."),
        ("More than 100 people died in the flood.", "Fewer than 100 people died in the flood."),
        ("At most two million people fled.", "At least two million people fled."),
        ("The bridge cost 12 million euros.", "The bridge cost 12 million crowns."),
        ("The bridge is 12 miles long.", "The bridge is 12 kilometres long."),
        ("The strike lasted three weeks.", "The strike lasted three days."),
        ("Ada Finch resigned.", "Ada Finch said on Monday she would resign."),
        ("The bridge opened in May.", "The bridge is due to open in May."),
        ("The council approved the bridge.", "The council may approve the bridge next week."),
        ("The council will approve the bridge.", "The council approved the bridge on Monday."),
        ("Tom Reed stole the money.", "Tom Reed is accused of stealing the money."),
        ("Tom Reed stole the money.", "Tom Reed allegedly stole the money."),
    ],
)
def test_what_turns_the_quotation_round_is_found_and_not_supported(statement: str, quote: str) -> None:
    assert list(contrary(statement, quote))
    assert not check(statement, quote).supported


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("The river climbed by three metres.", "The river rose by three metres."),
        ("The river rose by three metres.", "The river rose by three metres and fell again."),
        ("The river fell, then rose.", "After it fell, the river rose."),
        ("The bridge opened on Tuesday.", "The bridge opened on Tuesday and will close for repairs in winter."),
        ("The bridge will open in May.", "The bridge is due to open in May."),
        ("Ada Finch plans to resign.", "Ada Finch said on Monday that she planned to resign."),
        ("Ada Finch resigned.", "Ada Finch resigned on Monday; she had said in May that she would resign."),
        ("Ada Finch announced her resignation.", "Ada Finch announced that she would resign."),
        ("If elected, Ada Finch will cut taxes.", "Ada Finch will cut taxes if elected."),
        ("More than 100 people died.", "At least 100 people died."),
        ("The bridge is 12 km long.", "The bridge is 12 kilometres long."),
        ("Prosecutors say Tom Reed stole the money.", "Prosecutors say Tom Reed stole the money."),
        ("", "The river rose."),
    ],
)
def test_what_says_the_same_is_let_through(statement: str, quote: str) -> None:
    assert not list(contrary(statement, quote))
