"""The time in a question: which period it names, how it stands to it, and whether it asks for the first or the last."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from index.mentions import named, window
from index.naming import Named
from index.periods import MONTHS, Period, month, valid_day
from index.periods import day as period_of

Relation = Literal["in", "before", "after", "since", "until", "between", "as-of"]
Order = Literal["first", "last", "previous", "next"]


@dataclass(frozen=True)
class TimeAsked:
    """What a question says about time.

    `period` is the first time named (2011 in "before 2011"); `relation` without a period belongs to an event that the
    articles have to date ("before the war"). `spans` are the (start, end) of the words about time, in order; `periods`
    are all times named ("on 1 May or on 6 June 2023" names two, both of 2023).
    """

    period: Period | None
    relation: Relation | None
    order: Order | None
    spans: tuple[tuple[int, int], ...]
    periods: tuple[Period, ...] = ()

    @property
    def window(self) -> Period | None:
        """The days that the question is about, with "before" and the like applied; None where it offers several."""
        if self.period is None or len(self.periods) > 1 and self.relation == "in":
            return None
        return window(self.period, self.relation)


def in_question(text: str, asked: date) -> TimeAsked:
    """The time that a question names, seen from the day it is asked on."""
    readable = _LOWER.sub(lambda word: word[0].title(), text)
    periods, relation, spans = _times(readable, asked)
    order: Order | None = None
    for match in _ORDER.finditer(readable):
        if not _inside(match, spans) and not _no_order(match, readable):
            order = order or cast(Order, match.lastgroup)
            spans.append(match.span())
    if relation is None and (event := _EVENT.search(readable)) and not _inside(event, spans):
        relation = _RELATIONS[" ".join(event["word"].lower().split())]
        spans.append(event.span("word"))
    return TimeAsked(periods[0] if periods else None, relation, order, tuple(sorted(spans)), tuple(periods))


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────

_NAMES = "|".join([*(full.lower() for full in MONTHS), "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"])
_AFTER = "|".join(
    rf"(?<=\b{word}\s)" for word in "in by since until before after last next from of to early late mid through".split()
)
# Questions are typed without capitals; "may" and "march" are months only beside a number or after such a word.
_LOWER = re.compile(
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|"
    r"\b(?:january|february|april|june|july|august|september|october|november|december)\b|"
    rf"(?:(?<=\d\s)|(?<=\dst\s)|(?<=\dnd\s)|(?<=\drd\s)|(?<=\dth\s)|{_AFTER})(?:{_NAMES})\b|\b(?:{_NAMES})(?=\s+\d)"
)
_RELATIONS: dict[str, Relation] = {
    "before": "before", "prior to": "before", "after": "after", "following": "after", "since": "since",
    "until": "until", "till": "until", "up to": "until", "by": "until", "between": "between", "as of": "as-of",
    "as-of": "as-of",
}  # fmt: skip
_LEADING = re.compile(
    r"\b(?:(?P<relation>before|prior\s+to|after|following|since|until|till|between|as\s+of|up\s+to|by)|in|on|during|at|"
    r"from|over|within|for)\s+(?:the\s+(?:year\s+|end\s+of\s+)?)?\Z",
    re.IGNORECASE,
)
_LEADING_REACH = 24
_BEFORE_ITS = re.compile(
    r"\b(?P<relation>before|prior\s+to)\s+(?:(?:the|his|her|its|their)\s+)?(?:\w+\s+){1,2}(?:of|in|on)\s+\Z",
    re.IGNORECASE,
)


def _times(text: str, asked: date) -> tuple[list[Period], Relation | None, list[tuple[int, int]]]:
    """The times named and how the question stands to the first; the spans of all, with the words that lead to them."""
    found: list[Period] = []
    relation: Relation | None = None
    spans = []
    for one in _settled(named(text, asked)):
        # "before his trip of May 2024": the time is the trip's, and what is asked about lies before it.
        before = _BEFORE_ITS.search(text, 0, one.start)
        leading = before or _LEADING.search(text, max(0, one.start - _LEADING_REACH), one.start)
        spans.append((leading.start() if leading else one.start, one.end))
        found.append(one.period)
        if len(found) > 1:
            continue
        word = one.relation or (leading["relation"] if leading else None) or ""
        relation = _RELATIONS.get(" ".join(word.lower().split()), "in")
        if text[one.start : one.start + 7].lower() in ("between", "from th") or one.form == "range":
            relation = "between"
    return found, relation, spans


def _settled(found: list[Named]) -> list[Named]:
    """Beside a time with its year, a day or month without one is of that year; a bare weekday says nothing then."""
    years = [one.period.start.year for one in found if not one.relative and one.period.start]
    if not years:
        return found
    settled = []
    for one in found:
        first, last = one.period.start, one.period.end
        if one.relative and one.form == "weekday":
            continue
        if one.relative and one.form in ("date", "american", "month") and first and last and first.year == last.year:
            day = first.day if one.form != "month" else None
            moved = valid_day(years[0], first.month, day) if day else None
            period = month(years[0], first.month) if day is None else period_of(moved) if moved else one.period
            one = replace(one, period=period)
        settled.append(one)
    return settled


# ── events and order ─────────────────────────────────────────────────────────────────────────────────────────────

# "named after", "before the court": these say nothing about time.
_EVENT = re.compile(
    r"(?<!named )(?<!called )(?<!look )(?<!looks )(?<!looked )(?<!looking )(?<!sought )(?<!day )(?<!appear )"
    r"(?<!appeared )(?<!appears )(?<!testify )(?<!testified )(?<!brought )"
    r"\b(?P<word>before|prior\s+to|after|since|until|till|between)\b"
    r"(?!\s+(?:all|when|whom|which|what|(?:a|the)\s+(?:court|judge|jury|magistrate|committee|parliament|senate))\b)",
    re.IGNORECASE,
)

_UNITS = "nights?|days?|weeks?|weekends?|months?|years?|decades?|centur(?:y|ies)|quarters?|hours?"
_SEASONS = "spring|summer|autumn|fall|winter"
# After these, "first" and "last" are part of a name or of another expression.
_NOT_FIRST = (
    r"(?:ladies|lady|minister|names?|aid|class|degree|nations?|amendment|half|responders?|language|bank|round|floor|"
    r"republic|family|cousins?|wife|husband|son|daughter|child|world\s+war|hand|of\s+all|place|and\s+foremost|"
    rf"(?:\w+\s+)?(?:{_UNITS}))\b|[-–]"
)
_NOT_LAST = (
    rf"(?:names?|resort|minute|words?|straw|ditch|laugh|supper|rites|of\s+all|but\s+not|(?:\w+\s+)?(?:{_UNITS})|"
    rf"{_SEASONS}|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|until|till|for|from|through|longer)\b|[-–]"
)
_ORDER = re.compile(
    rf"\b(?:for\s+the\s+)?(?P<first>first|earliest)\b(?:\s+time\b)?(?!\s*{_NOT_FIRST})|"
    rf"(?<!\bat )\b(?:for\s+the\s+)?(?:most\s+)?(?P<last>last|latest|newest|recent|recently)\b(?:\s+time\b)?"
    rf"(?!\s*{_NOT_LAST})|"
    rf"\b(?P<previous>previous|previously|preceding)\b(?!\s+(?:{_UNITS})\b)|"
    rf"\b(?P<next>next|upcoming)\b(?!\s+(?:to|door|{_UNITS})\b)",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(r"\bhow\s+long\b", re.IGNORECASE)


def _no_order(match: re.Match[str], text: str) -> bool:
    """A name ("First Solar", "the Last Supper"), or the verb: "How long did it last?"."""
    word = match[match.lastgroup or 0]
    if word.lower() == "last" and _HOW_LONG.search(text, 0, match.start()):
        return True
    opens = not text[: match.start(match.lastgroup or 0)].strip()
    return word.istitle() and not opens and bool(re.match(r"\s+[A-Z]", text[match.end() : match.end() + 3]))


def _inside(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start < match.end() and match.start() < end for start, end in spans)
