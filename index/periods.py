"""A stretch of time as people name it: a day, May 2023, the 1990s, since 2011.

A season is three whole months of the north (winter 2022 is December 2022 to February 2023), a week runs from Monday
to Sunday, "early", "mid" and "late" are the thirds of a year or a decade and the tens of days of a month.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "season", "year", "decade", "range"]
Part = Literal["early", "mid", "late"]

PARTS: tuple[Part, ...] = ("early", "mid", "late")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
FIRST_YEAR, LAST_YEAR = 1500, 2100


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both included; None leaves that side open, never both.

    `unit` says how it was named, which may be wider than the interval: "earlier this year" is a year, cut at the
    article's day. Of an open period it is the unit of the side that was named ("since 2011" is a year). Raises
    ValueError for a period that ends before it starts or is open on both sides.
    """

    start: date | None
    end: date | None
    unit: Unit
    approximate: bool = False

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            raise ValueError("a period needs a start or an end")
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"a period can't end before it starts: {self.start} to {self.end}")

    @property
    def point(self) -> bool:
        """One known day."""
        return self.start is not None and self.start == self.end

    @property
    def open(self) -> bool:
        """Without a known start or a known end."""
        return self.start is None or self.end is None

    @property
    def order(self) -> tuple[date, date]:
        """What to sort by for first and last: an open period stands where its known side is."""
        known = self.start or self.end or date.min
        return known, self.end or known

    def contains(self, other: Period | date) -> bool:
        """All of `other` lies in this period."""
        other = other if isinstance(other, Period) else day(other)
        return _floor(self) <= _floor(other) and _ceiling(other) <= _ceiling(self)

    def overlaps(self, other: Period | date) -> bool:
        """They share a day."""
        other = other if isinstance(other, Period) else day(other)
        return _floor(self) <= _ceiling(other) and _floor(other) <= _ceiling(self)

    def before(self, other: Period | date) -> bool:
        """It is over before `other` starts."""
        other = other if isinstance(other, Period) else day(other)
        return _ceiling(self) < _floor(other)

    def after(self, other: Period | date) -> bool:
        """It starts when `other` is over."""
        other = other if isinstance(other, Period) else day(other)
        return other.before(self)

    def since(self) -> Period:
        """From its first day on."""
        return replace(self, start=_floor(self), end=None)

    def until(self) -> Period:
        """Up to its last day."""
        return replace(self, start=None, end=_ceiling(self))

    def __str__(self) -> str:
        about = "about " if self.approximate else ""
        if self.start is None or self.end is None:
            word = "until" if self.start is None else "since"
            return f"{word} {about}{self._side()}"
        return about + self._closed(self.start, self.end)

    def _side(self) -> str:
        """The named side of an open period, in its own unit."""
        known = self.start or self.end
        assert known is not None
        if self.unit == "season":
            return str(season_at(known))
        if self.unit in ("month", "year", "decade"):
            whole = around(known, self.unit)
            if known in (whole.start, whole.end):
                return str(whole)
            if self.unit != "month":
                return _months(known, known)
        return _days(known, known)

    def _closed(self, start: date, end: date) -> str:
        match self.unit:
            case "year" if start.year == end.year:
                return _named(self, str(start.year), year(start.year))
            case "decade" if start.year // 10 == end.year // 10:
                return _named(self, f"{start.year // 10 * 10}s", decade(start.year), "the ")
            case "month" if (start.year, start.month) == (end.year, end.month):
                return _named(self, f"{MONTHS[start.month - 1]} {start.year}", month(start.year, start.month))
            case "season":
                return _season_name(start)
        if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31):
            if start.year % 100 == 1 and end.year == start.year + 99:
                return f"the {_ordinal(end.year // 100)} century"
            return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
            return _months(start, end)
        return _days(start, end)


def day(when: date) -> Period:
    """The period of one day."""
    return Period(when, when, "day")


def week(when: date) -> Period:
    """Monday to Sunday around a day."""
    monday = when - timedelta(days=when.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def month(of_year: int, number: int) -> Period:
    """A calendar month; `number` runs from 1 to 12."""
    return Period(date(of_year, number, 1), date(of_year, number, monthrange(of_year, number)[1]), "month")


def season(name: str, of_year: int) -> Period:
    """A season by its key in `SEASONS`; a winter belongs to the year it starts in."""
    first = SEASONS[name]
    last = month(*add_months(of_year, first, 2))
    return Period(date(of_year, first, 1), last.end, "season")


def season_at(when: date) -> Period:
    """The season a day lies in."""
    name = list(SEASONS)[(when.month - 3) // 3 % 4]
    return season(name, when.year - (when.month < 3))


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31), "year")


def decade(of_year: int) -> Period:
    """The ten years around a year: the 1990s for 1994."""
    first = of_year // 10 * 10
    return Period(date(first, 1, 1), date(first + 9, 12, 31), "decade")


def century(number: int) -> Period:
    """The 20th century, from 1901 to 2000, for 20."""
    return Period(date(number * 100 - 99, 1, 1), date(number * 100, 12, 31), "range")


def stretch(start: date, end: date) -> Period:
    """From one day to another."""
    return Period(start, end, "range")


def part(which: Part, of: Period) -> Period:
    """Early, mid or late in a month, a year or a decade; of anything else the whole."""
    if of.start is None or of.end is None or of.unit not in ("month", "year", "decade"):
        return of
    first, last = of.start, of.end
    if of.unit == "month":
        cuts = [first, first.replace(day=11), first.replace(day=21)]
    elif of.unit == "year":
        cuts = [first, first.replace(month=5), first.replace(month=9)]
    else:
        cuts = [first, first.replace(year=first.year + 4), first.replace(year=first.year + 7)]
    ends = [cuts[1] - timedelta(days=1), cuts[2] - timedelta(days=1), last]
    at = PARTS.index(which)
    return replace(of, start=cuts[at], end=ends[at])


def add_months(of_year: int, number: int, count: int) -> tuple[int, int]:
    """(year, month) that lies `count` months later."""
    total = of_year * 12 + number - 1 + count
    return total // 12, total % 12 + 1


def shift(when: date, count: int, unit: str) -> date:
    """A day moved by a count of days, weeks, months, years or decades; the 31st becomes a month's last day."""
    if unit in ("day", "week"):
        return when + timedelta(days=count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "year": 12, "decade": 120, "century": 1200}[unit]
    to_year, to_month = add_months(when.year, when.month, months)
    return date(to_year, to_month, min(when.day, monthrange(to_year, to_month)[1]))


def around(when: date, unit: str) -> Period:
    """The calendar day, week, month, year or decade that a day lies in."""
    match unit:
        case "day":
            return day(when)
        case "week":
            return week(when)
        case "month":
            return month(when.year, when.month)
        case "year":
            return year(when.year)
        case "decade":
            return decade(when.year)
    return century((when.year + 99) // 100)


def valid_day(of_year: int, number: int, of_month: int) -> date | None:
    """A day of the calendar between 1500 and 2100, or None: there is no 31 February."""
    if not FIRST_YEAR <= of_year <= LAST_YEAR:
        return None
    try:
        return date(of_year, number, of_month)
    except ValueError:
        return None


def _floor(period: Period) -> date:
    return period.start or date.min


def _ceiling(period: Period) -> date:
    return period.end or date.max


def _named(period: Period, name: str, whole: Period, article: str = "") -> str:
    """A name with "early", "mid" or "late" where the interval is that part of the whole."""
    for which in PARTS:
        piece = part(which, whole)
        if (piece.start, piece.end) == (period.start, period.end):
            return f"{article}{which}{'-' if which == 'mid' else ' '}{name}"
    return article + name


def _season_name(start: date) -> str:
    name = list(SEASONS)[(start.month - 3) // 3 % 4]
    first = start.year - (start.month < 3)
    return f"{name} {first}–{(first + 1) % 100:02}" if name == "winter" else f"{name} {first}"


def _months(start: date, end: date) -> str:
    last = f"{MONTHS[end.month - 1]} {end.year}"
    if (start.year, start.month) == (end.year, end.month):
        return last
    if start.year == end.year:
        return f"{MONTHS[start.month - 1]}–{last}"
    return f"{MONTHS[start.month - 1]} {start.year} – {last}"


def _days(start: date, end: date) -> str:
    last = f"{end.day} {MONTHS[end.month - 1]} {end.year}"
    if start == end:
        return last
    if start.year != end.year:
        return f"{start.day} {MONTHS[start.month - 1]} {start.year} – {last}"
    if start.month != end.month:
        return f"{start.day} {MONTHS[start.month - 1]} – {last}"
    return f"{start.day}–{last}"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
