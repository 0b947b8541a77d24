"""Which of two things came first: each is dated by itself, then they are compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dateline.model import Claim, Draft, Quotation
from dateline.question import Question, understand
from index.periods import Period

_SURE = 0.7
_BEFORE_OR_AFTER = re.compile(
    r"\s*(?P<auxiliary>did|was|were|had|has|have|is|are)\s+(?P<one>.+?),?\s+"
    r"(?P<word>before or after|after or before|earlier or later than|"
    r"later or earlier than)\s+(?P<other>.+?)\s*\?*\s*\Z",
    re.I,
)
_CAME_FIRST = re.compile(
    r"\s*(?:which|what)\b.{0,60}?\b(?:came|comes|was|were|happened|took place|occurred)\s+(?P<order>first|earlier|"
    r"last|later)\b"
    r".{0,12}?[,:]\s*(?P<one>.+?),?\s+or\s+(?P<other>.+?)\s*\?*\s*\Z",
    re.I,
)
_WHO_FIRST = re.compile(
    r"\s*who\s+(?P<act>.+?)\s+(?P<order>first|earlier|last|later)\s*[,:]\s*(?P<one>.+?),?\s+or\s+(?P<other>.+?)\s*\?*\s*\Z",
    re.I,
)


@dataclass(frozen=True)
class Dated:
    """The day of one side and the words that give it."""

    period: Period
    claim: str
    quotations: tuple[Quotation, ...]


Finder = Callable[[Question], Dated | None]
"""Dates the event in a "when" question."""


def answer(question: Question, find: Finder) -> Draft | None:
    """The comparison as a draft; None where the question is none or a side has no day."""
    text = question.standalone
    if match := _BEFORE_OR_AFTER.match(text):
        sides = (f"When {match['auxiliary'].lower()} {match['one']}?", _when(match["other"]))
    elif match := _WHO_FIRST.match(text):
        sides = (_when(f"{match['one']} {match['act']}"), _when(f"{match['other']} {match['act']}"))
    elif match := _CAME_FIRST.match(text):
        sides = (_when(match["one"]), _when(match["other"]))
    else:
        return None
    one, other = (find(understand(side, asked=question.asked)) for side in sides)
    if one is None or other is None or one.period.overlaps(other.period):
        return None
    first = one.period.before(other.period)
    claims = tuple(Claim(side.claim, side.quotations) for side in ((one, other) if first else (other, one)))
    if "order" not in match.groupdict():
        short = "Before" if first else "After"
    else:
        wanted = first == (match["order"].lower() in ("first", "earlier"))
        short = match["one"] if wanted else match["other"]
        short = re.sub(r"\A(?:the one|that)\s+(?:(?:in|at|to|of|from|with|by)\s+)?", "", short)
    return Draft(
        (Claim(f"{short[:1].upper()}{short[1:]}. {claims[0].text}", claims[0].quotations), *claims[1:]),
        short,
        confidence=_SURE,
    )


def _when(words: str) -> str:
    """A "when" question about a clause ("the strike ended") or a noun ("the theft at the museum")."""
    return f"When {words}?"
