"""The time in a question: which period it names, how it stands to it, and whether it asks for the first or the last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.mentions import named, window
from index.periods import Period

Relation = Literal["in", "before", "after", "since", "until", "between", "as-of"]
Order = Literal["first", "last", "previous", "next"]


@dataclass(frozen=True)
class TimeAsked:
    """What a question says about time.

    `period` is the time as named (2011 in "before 2011"); `relation` without a period means an event that the
    articles have to date ("before the war"). `spans` are the (start, end) of the words about time, in order.
    """

    period: Period | None
    relation: Relation | None
    order: Order | None
    spans: tuple[tuple[int, int], ...]

    @property
    def window(self) -> Period | None:
        """The days that the question is about, with "before" and the like applied."""
        return window(self.period, self.relation) if self.period else None


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_LOWER = re.compile(
    rf"\b(?:{_WEEKDAYS})\b|(?<=\d )(?:{_MONTHS})\b|(?<=(?:th|st|nd|rd) )(?:{_MONTHS})\b|\b(?:{_MONTHS})(?=\s+\d)|"
    rf"(?:(?<=\bin )|(?<=\bby )|(?<=\bsince )|(?<=\buntil )|(?<=\bbefore )|(?<=\bafter )|(?<=\blast )|(?<=\bfrom )|(?<=\bof ))(?:{_MONTHS})\b"
)
_LEADING = re.compile(
    r"\b(?:(?P<relation>before|prior\s+to|after|following|since|until|till|between|as\s+of|up\s+to|by)|in|on|during|"
    r"at|from|over|within|for)\s+(?:the\s+(?:year\s+|end\s+of\s+)?)?\Z",
    re.IGNORECASE,
)
_RELATIONS: dict[str, Relation] = {
    "before": "before", "prior to": "before", "after": "after", "following": "after", "since": "since",
    "until": "until", "till": "until", "up to": "until", "by": "until", "between": "between", "as of": "as-of",
    "as-of": "as-of", "from": "in",
}  # fmt: skip
_EVENT = re.compile(
    r"(?P<after>(?<!named )(?<!called )(?<!look )(?<!looks )(?<!looking )(?<!looked )(?<!day )(?<!sought )(?<!go )(?<!going )"
    r"\bafter(?!\s+(?:all|whom|who|which|what)\b))|"
    r"(?P<before>(?<!appear )(?<!appeared )(?<!appears )(?<!testify )(?<!testified )(?<!brought )(?<!come )(?<!came )(?<!day )\b(?:before|prior\s+to))|"
    r"(?P<since>\bsince(?!\s+when\b))|(?P<until>\b(?:until|till)(?!\s+when\b))|(?P<between>\bbetween)",
    re.IGNORECASE,
)
# In "the last name" and "First Bank" nothing is asked about order.
_ORDER = re.compile(
    r"\bfor\s+the\s+(?P<first_time>first|last)\s+time\b|"
    r"\b(?P<first>first|earliest)\b(?!\s+(?:lady|ladies|minister|name|names|aid|class|degree|nations?|amendment|half|quarter|"
    r"responders?|person\s+singular|language|bank|round|floor|and\s+foremost|of\s+all|hand|republic|world\s+war|family|"
    r"cousins?|wife|husband|son|daughter|child)\b)(?![-–](?:class|degree|hand|ever\s+name|generation|rate))|"
    r"(?<!\bat )(?<!\bAt )(?<!\blong )\b(?P<last>last|latest|newest|most\s+recent(?:ly)?|recently)\b"
    r"(?!\s+(?:names?|night|week|month|year|decade|century|weekend|spring|summer|autumn|fall|winter|resort|minute|"
    r"words?|straw|ditch|laugh|supper|rites|of\s+all|"
    r"(?:\w+\s+)?(?:days|weeks|months|years|decades|hours)|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b)(?![-–](?:minute|ditch|gasp))|"
    r"\b(?P<previous>previous(?:ly)?|preceding|(?:the\s+)?(?:time|one)\s+before\s+last)\b|\b(?P<next>next|upcoming)\b(?!\s+(?:to|door)\b)",
    re.IGNORECASE,
)


def in_question(text: str, asked: date) -> TimeAsked:
    """The time that a question names, seen from the day it is asked on."""
    readable = _LOWER.sub(lambda word: word[0].title(), text)
    times = named(readable, asked)
    spans: list[tuple[int, int]] = []
    period: Period | None = None
    relation: Relation | None = None
    for one in times:
        leading = _LEADING.search(readable, max(0, one.start - 24), one.start)
        start = leading.start() if leading else one.start
        spans.append((start, one.end))
        if period is None:
            period = one.period
            word = one.relation or (leading["relation"] if leading else None) or "in"
            relation = _RELATIONS.get(" ".join(word.lower().split()), "in")
            if one.form == "range":
                relation = "between"
    order: Order | None = None
    for match in _ORDER.finditer(readable):
        if any(start < match.end() and match.start() < end for start, end in spans) or _proper(match, text):
            continue
        found: Order = _order_of(match)
        order = order or found
        spans.append(match.span())
    if relation is None:
        for match in _EVENT.finditer(readable):
            relation = next(name for name, value in match.groupdict().items() if value)  # type: ignore[assignment]
            spans.append(match.span())
            break
    return TimeAsked(period, relation, order, tuple(sorted(spans)))


def _order_of(match: re.Match[str]) -> Order:
    if match["first_time"]:
        return "first" if match["first_time"].lower() == "first" else "last"
    return next(name for name in ("first", "last", "previous", "next") if match[name])  # type: ignore[return-value]


def _proper(match: re.Match[str], text: str) -> bool:
    """Part of a name: First Solar, the Last Supper. A question's own first word is no name."""
    word = match[0]
    return (
        word[0].isupper()
        and not word.isupper()
        and bool(text[: match.start()].strip())
        and bool(re.match(r"\s+[A-Z]", text[match.end() : match.end() + 3]))
    )
