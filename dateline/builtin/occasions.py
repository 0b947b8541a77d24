"""Questions about the order of events: the first, the last, the one before, how often, whether in a stretch of time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.acts import LASTING
from dateline.builtin.events import Event, Happening, events, happenings
from dateline.builtin.sought import sought
from dateline.model import Claim, Draft
from dateline.question import Question
from dateline.tellings import Telling, said
from index.periods import Period

_SURE = 0.75
_SHOWN = 3
_FIT = 0.65
# A telling this good is clear, and another one below this share of it is no rival.
_CLEAR = 0.95
_OFTEN = re.compile(r"\bhow often\b|\bhow many (?:times|visits|trips|journeys|tours|meetings|summits)\b", re.I)
_NTH_WORDS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_NTHS = {word: number for number, word in _NTH_WORDS.items()}
_NTH = re.compile(r"\b(?P<nth>second|third|fourth|fifth)\s+(?:time|visit|trip|journey|meeting)\b", re.I)
# "It was her second visit": whatever the articles lack, it was not the first.
_LATER = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|another) (?:\w+ )?(?:time|visit|trip|journey|"
    r"tour|meeting|summit|concert|appearance|stay|flight)\b",
    re.I,
)
_BEFORE_WHAT = re.compile(r"\b(?:before|after) [\w’']+ \w", re.I)
_DID = re.compile(r"\s*(?:did|has|have|had|was|were)\b", re.I)


def answer(question: Question, told: Sequence[Telling]) -> Draft | None:
    """The answer as a draft; None where the question is of another kind or no sentence tells of such an event."""
    order, window, relation = question.time.order, question.time.window, question.time.relation
    often = bool(_OFTEN.search(question.core))
    whether = question.kind == "yes-no" and window is not None and bool(_DID.match(question.core))
    ordered = question.kind == "when" and (order is not None or relation in ("before", "after"))
    plain = question.kind == "when" and not ordered
    if not (often or whether or ordered or plain):
        return None
    asked = sought(question)
    if asked is None:
        return None
    found = [one for one in happenings(asked, told, ahead=order == "next") if one.fit >= _FIT]
    known = events(found, bool(asked.act & LASTING))
    if question.kind == "when" and (nth := _NTH.search(question.core)):
        return _nth(known, _NTHS[nth["nth"].lower()]) if known and (asked.others or asked.actor) else None
    if plain:
        within = [event for event in known if window is None or event.period.overlaps(window)]
        if known and not within and asked.actor and asked.others:
            return Draft(reason=_none_in(known, window))
        event = _only(within)
        return _one(event, None, "") if event else None
    if not known:
        return Draft(reason="") if ordered and asked.actor and asked.others else None
    if whether:
        return _whether(known, window)
    within = [event for event in known if window is None or event.period.overlaps(window)]
    if order is None and window is None and _BEFORE_WHAT.search(question.standalone):
        return None  # what it was before, the articles don't date
    if relation in ("before", "after") and window is not None:
        within = [event for event in within if window.contains(event.period)]
    if often:
        return _often(known, within, window)
    back = order in ("last", "previous") or order is None and relation == "before"
    if order == "first":
        within = [event for event in within if not any(_LATER.search(one.telling.text) for one in event.told)]
        if first := _said_first(within):
            within = [first]
    if not within:
        return None
    ranked = sorted(within, key=lambda event: event.day, reverse=back)
    at = 1 if order == "previous" and relation is None else 0
    if at >= len(ranked):
        return None
    return _one(ranked[at], ranked[at + 1] if at + 1 < len(ranked) else None, "Before that" if back else "After that")


def _nth(known: Sequence[Event], number: int) -> Draft:
    """The second, third ... of its kind, by the days that the articles give."""
    if len(known) < number:
        return Draft(reason=f"the ones they date are of {_listed(known)}; no {_NTH_WORDS[number]} is reported")
    return _one(known[number - 1], None, "")


def only(question: Question, told: Sequence[Telling]) -> Event | None:
    """The one event that a question asks the day of, where the articles clearly tell of one."""
    asked = sought(question)
    if asked is None:
        return None
    return _only(events([one for one in happenings(asked, told) if one.fit >= _FIT], bool(asked.act & LASTING)))


def _only(known: Sequence[Event]) -> Event | None:
    """The one event of its kind, or the one that by far the best telling speaks of."""
    ranked = sorted(known, key=lambda event: -event.fit)
    if not ranked or not ranked[0].best.period.point or ranked[0].fit < _CLEAR:
        return None
    if len(ranked) > 1 and ranked[1].fit > _CLEAR * ranked[0].fit:
        return None
    return ranked[0]


def _said_first(known: Sequence[Event]) -> Event | None:
    """The event that a sentence itself calls the first, where only one is called so."""
    called = [event for event in known if any(re.search(r"\bfirst\b", one.telling.text, re.I) for one in event.told)]
    return called[0] if len(called) == 1 and called[0] is min(known, key=lambda event: event.day) else None


def _one(event: Event, other: Event | None, lead: str) -> Draft:
    best = event.best
    claims = [Claim(said(str(best.period), best.telling), best.quotations)]
    claims += [Claim(said(str(one.period), one.telling, "Also"), one.quotations) for one in _elsewhere(event)]
    if other is not None:
        claims.append(Claim(said(str(other.period), other.best.telling, lead), other.best.quotations))
    return Draft(tuple(claims), str(best.period), confidence=_SURE * event.fit)


def _elsewhere(event: Event) -> list[Happening]:
    """Other sources' tellings of the same day, one a source."""
    seen = {event.best.telling.article.witness}
    found = []
    for one in event.told:
        if one.telling.article.witness not in seen and one.period == event.best.period:
            seen.add(one.telling.article.witness)
            found.append(one)
    return found[: _SHOWN - 1]


def _often(known: Sequence[Event], within: Sequence[Event], window: Period | None) -> Draft | None:
    if not within:
        return Draft(reason=_none_in(known, window)) if window else None
    claims = tuple(Claim(said(str(event.period), event.best.telling), event.best.quotations) for event in within)
    return Draft(claims, str(len(within)), confidence=_SURE)


def _whether(known: Sequence[Event], window: Period | None) -> Draft | None:
    """Whether it happened in a stretch of time: told of then, or only before and after."""
    assert window is not None
    inside = [event for event in known if window.contains(event.period)]
    # "Between 2004 and 2023" is asked about what lies between two known events, not about these.
    edges = window.unit == "range"
    inner = [event for event in inside if not (edges and _at_edge(event, window))]
    if inner:
        return Draft(_dated(inner[:_SHOWN], "Yes"), "Yes", confidence=_SURE)
    if any(event.period.overlaps(window) and event.period.open for event in known):
        return None
    beside = sorted(known, key=lambda event: event.day)
    return Draft(
        _dated(beside[:_SHOWN], f"No: none is reported {_worded(window)}. The ones they date"), "No", confidence=_SURE
    )


def _at_edge(event: Event, window: Period) -> bool:
    years = {day.year for day in (window.start, window.end) if day}
    return event.day.year in years and window.start is not None and window.start.month == 1


def _dated(known: Sequence[Event], lead: str) -> tuple[Claim, ...]:
    first, *others = known
    claims = [Claim(said(f"{lead}: {first.period}", first.best.telling), first.best.quotations)]
    claims += [Claim(said(str(event.period), event.best.telling), event.best.quotations) for event in others]
    return tuple(claims)


def _none_in(known: Sequence[Event], window: Period | None) -> str:
    return f"the ones they date are of {_listed(known)}; none is reported {_worded(window)}"


def _listed(known: Sequence[Event]) -> str:
    days = [str(event.period) for event in known]
    return days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"


def _worded(window: Period | None) -> str:
    return f"in {window}" if window and not window.open else str(window)
