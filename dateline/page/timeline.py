"""The days that an answer's quotations speak of, laid out on a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.answer import Answer, Citation
from index.mentions import mentions

_MONTHS = "Jan Feb March April May June July Aug Sept Oct Nov Dec".split()
_MOST = 10  # points; more can't be told apart
_EACH = 2  # points of one quotation
_LONGEST = timedelta(days=366)  # a period longer than a year is no point on a line
_APART = 0.035  # of the line, between two points
_LABEL = 0.27  # of the line, as wide as a label is on a narrow screen


@dataclass(frozen=True)
class Point:
    """A day (or month, or year) on the line.

    `place` runs from 0 to 1, to scale but for points that would cover each other; `lane` counts from 0, so that
    labels of one lane don't touch; `told` is False for the day of the article, where the quotation names none.
    """

    label: str
    citation: int
    value: str
    told: bool
    place: float
    lane: int


@dataclass(frozen=True)
class _Dated:
    start: date
    end: date
    citation: int
    value: str
    told: bool

    @property
    def middle(self) -> float:
        return (self.start.toordinal() + self.end.toordinal()) / 2


def points(answer: Answer) -> tuple[Point, ...]:
    """The points of an answer, oldest first; one period is one point, at the quotation cited first."""
    found: dict[tuple[date, date], _Dated] = {}
    for dated in _dated(answer):
        found.setdefault((dated.start, dated.end), dated)
    kept = sorted(list(found.values())[:_MOST], key=lambda dated: (dated.middle, dated.start))
    places = _places([dated.middle for dated in kept])
    lanes = _lanes(places)
    return tuple(
        Point(_label(dated.start, dated.end), dated.citation, dated.value, dated.told, place, lane)
        for dated, place, lane in zip(kept, places, lanes, strict=True)
    )


def _dated(answer: Answer) -> Iterator[_Dated]:
    valued = {value.citation: value for conflict in answer.conflicts for value in conflict.values}
    for citation in answer.citations:
        value = valued.get(citation.number)
        if value and value.day:
            yield _Dated(value.day, value.day, citation.number, value.value, True)
        else:
            yield from _in_quotation(citation, value.value if value else "")


def _in_quotation(citation: Citation, value: str) -> Iterator[_Dated]:
    count = 0
    for mention in mentions(citation.quote, citation.published):
        start, end = mention.period.start, mention.period.end
        if start and end and end - start < _LONGEST and count < _EACH:
            count += 1
            yield _Dated(start, end, citation.number, value, True)
    if not count and citation.published:
        yield _Dated(citation.published, citation.published, citation.number, value, False)


def _places(middles: list[float]) -> list[float]:
    """Where each point stands, to scale, then moved apart where two would cover each other."""
    if not middles:
        return []
    first, span = middles[0], (middles[-1] - middles[0]) or 1.0
    places = [(middle - first) / span for middle in middles]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + _APART)
    over = max(places[-1], 1.0)
    return [round(place / over, 4) for place in places]


def _lanes(places: list[float]) -> list[int]:
    """The first lane in which each label is free of the ones before it."""
    ends: list[float] = []
    lanes = []
    for place in places:
        # Near an end of the line a label stands beside its point, else under its middle.
        left = min(max(place - _LABEL / 2, 0.0), 1.0 - _LABEL)
        lane = next((lane for lane, end in enumerate(ends) if end <= left), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = left + _LABEL
        lanes.append(lane)
    return lanes


def _label(start: date, end: date) -> str:
    month = _MONTHS[start.month - 1]
    if start == end:
        return f"{start.day} {month} {start.year}"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(start.year)
    if start.day == 1 and (end + timedelta(days=1)).day == 1 and (start.year, start.month) == (end.year, end.month):
        return f"{month} {start.year}"
    return f"{start.day} {month} – {end.day} {_MONTHS[end.month - 1]} {end.year}"
