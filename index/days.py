"""Days: of an article, of what its text names, of a question.

The three calls that the rest of Dateline makes are here: `published_day`, `mentions` and `in_question`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

from index.asked import TimeAsked, in_question
from index.calendar_times import ENGLISH_MONTH, WEEKDAY
from index.mentions import Mention, mentions, named
from index.naming import Named
from index.periods import FIRST_YEAR, LAST_YEAR, Period, valid_day
from index.tense import tense

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

__all__ = ["Dated", "Mention", "Origin", "Period", "TimeAsked", "in_question", "mentions", "published_day"]

Origin = Literal["front matter", "page", "e-mail", "feed", "file name", "address", "dateline", "byline", "text", ""]


@dataclass(frozen=True)
class Dated:
    """The day of an article and where it was found; `sure` is False for a day that is only likely."""

    day: date | None
    origin: Origin
    sure: bool


# How much of a text is looked at for its day: a masthead, a headline, a byline and a first sentence.
_HEAD = 700
_LONGEST_DATE = 60
_WEEKDAY = re.compile(WEEKDAY)
_FIRST_LINES = 300
# How far, and for how many of its dates, a text is searched for one that it names twice.
_BODY, _CANDIDATES = 20_000, 8
# A dateline without a year lies this near, in days, to the full date that gives it one.
_NEAR_DATELINE = 60


def published_day(
    *,
    meta: str | date | None,
    name: str,
    text: str,
    url: str = "",
    origin: Origin = "front matter",
    sure: bool = True,
) -> Dated:
    """The day an article was published, or an unknown one.

    `meta` is what its front matter or page says, `origin` which of these, and `sure` whether it is to be trusted;
    `name` is its file's name, `url` its address, `text` the article. The order is front matter, file name, address,
    dateline, byline, a full date in the first lines. A month alone is not a day, and a day outside 1500 to 2100 or not
    in the calendar is refused. A file's modification time is no evidence and not asked for.
    """
    given = _given(meta)
    if given:
        return Dated(given, origin, sure)
    in_name = _in_name(name)
    if in_name:
        return Dated(in_name, "file name", True)
    in_address = _in_address(url)
    if in_address:
        return Dated(in_address, "address", True)
    head = text[:_HEAD]
    return _dateline(head) or _byline(head) or _in_text(text) or Dated(None, "", False)


def _given(meta: str | date | None) -> date | None:
    if isinstance(meta, datetime):
        meta = meta.date()
    if isinstance(meta, date):
        return meta if FIRST_YEAR <= meta.year <= LAST_YEAR else None
    value = " ".join((meta or "").split())
    if not value or not any(mark.isdigit() for mark in value):
        return None
    if compact := re.match(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4}(?:\d\d)?Z?)?$", value):
        return valid_day(*(int(piece) for piece in compact.groups()))
    if seconds := re.match(r"(\d{10})(?:\d{3})?(?:\.\d+)?$", value):  # since 1970, as databases write it
        day = datetime.fromtimestamp(int(seconds[1]), UTC)
        return valid_day(day.year, day.month, day.day)
    if stamp := re.match(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?=$|[T\s])", value):
        return valid_day(*(int(piece) for piece in stamp.groups()))
    if eastern := re.match(r"(\d{4})\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]", value):
        return valid_day(*(int(piece) for piece in eastern.groups()))
    value = re.sub(r"\s[\d:]{8}(?:\s[+-]\d{4}|\s[A-Z]{3,4})?(?=\s\d{4}$)", ",", value)  # Thu May 4 10:00:00 2023
    return _full_day(re.sub(r"(?<=\d)\.(?=\s)", "", value)) or _other_language(value)


def _full_day(text: str, published: date | None = None) -> date | None:
    """The first day named in a text; without the article's day, only one that is complete in itself."""
    return next((one.period.start for one in named(text, published) if one.period.point), None)


def _other_language(value: str) -> date | None:
    """What dateparser makes of a full date in another language: "22 septembre 2023". It tries a hundred, slowly."""
    word, number, year = r"[^\W\d_]{3}", r"\b\d\d?\b", r"\b\d{4}\b"
    if len(value) > _LONGEST_DATE or ENGLISH_MONTH.search(value):
        return None
    if not all(re.search(part, value) for part in (word, number, year)):
        return None
    found = _dateparser().get_date_data(value).date_obj
    return valid_day(found.year, found.month, found.day) if found else None


@cache
def _dateparser() -> DateDataParser:
    """One for the process: it remembers which languages it has met, and takes a second to start."""
    from dateparser.date import DateDataParser

    return DateDataParser(settings={"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"})


_NAME_DAY = re.compile(r"(?<!\d)(\d{4})([-_. ]?)(\d\d)\2(\d\d)(?:(?!\d)|(?=[T_-]?\d{4}(?:\d\d)?(?!\d)))")


def _in_name(name: str) -> date | None:
    stem = name.rsplit(".", 1)[0] if re.search(r"\.[A-Za-z]\w{0,4}$", name) else name
    for year, _, month, number in _NAME_DAY.findall(stem):
        if found := valid_day(int(year), int(month), int(number)):
            return found
    if not re.search(r"\d{4}", stem):
        return None
    words = re.sub(r"[-_]+", " ", stem)
    return _full_day(words) or _full_day(words.title())


_ADDRESS_DAY = re.compile(r"/(\d{4})([/-])(\d\d?)\2(\d\d?)(?=[/_-]|\Z)")


def _in_address(url: str) -> date | None:
    """The day that an address is filed under: https://echo.example/2023/09/22/bridge."""
    match = _ADDRESS_DAY.search(url)
    return valid_day(int(match[1]), int(match[3]), int(match[4])) if match else None


# A place in capitals, perhaps with its land, then a date before a dash: HANGZHOU, China, Sept 22, 2023 (Wire) -
_DATELINE = re.compile(
    r"^[ \t>*_]*[A-Z][A-Z.'’-]+(?:[ ,/]+[A-Z][\w.'’-]+){0,5}?[,.]?\s+"
    r"(?P<day>[A-Z][a-z]{2}[^\n]{2,20}?|\d[^\n]{4,30}?)\s*"
    r"(?:\([^)\n]{2,40}\)\s*)?[-–—]",
    re.MULTILINE,
)
# What stands in front of the day of an article on a line of its own.
_BYLINE = re.compile(
    r"[\s>*_#|•·-]*(?:(?P<later>(?:last\s+)?(?:updated|modified|revised))|(?:first\s+|originally\s+)?(?:published|"
    r"posted)|"
    r"date[d]?|issued|released|created|by\s[^\n]{2,80}?[|•·,–—-])(?:\s+(?:on|at))?\s*[:*_]*\s*\Z",
    re.IGNORECASE,
)
# What else such a line may hold: a time of day, a zone, a weekday.
_CLOCK = re.compile(
    r"\d{1,2}[:.]\d\d(?::\d\d)?|\b(?:[ap]\.?m\b\.?|(?-i:[A-Z]{2,4})\b|at|on|updated|published|first|posted|last)|"
    r"[\W\d_]+",
    re.IGNORECASE,
)
_LONGEST_BYLINE = 160


def _dateline(head: str) -> Dated | None:
    """A dateline; where it leaves the year out, the year of the first full date below it."""
    for line in _DATELINE.finditer(head):
        if found := _full_day(line["day"]):
            return Dated(found, "dateline", True)
        below = _full_day(head[line.end() :])
        near = _full_day(line["day"], below) if below else None
        if below and near and abs((near - below).days) < _NEAR_DATELINE:
            return Dated(near, "dateline", False)
    return None


def _byline(head: str) -> Dated | None:
    """The day on a line of its own, or after "Published"; "Updated" gives way to any other."""
    later: date | None = None
    for line in head.split("\n"):
        days = [one for one in named(line, None) if one.period.point] if len(line) < _LONGEST_BYLINE else []
        if not days:
            continue
        first, start = days[0].period.start, line[: days[0].start]
        label = _BYLINE.match(start)
        if label is None and (start.strip(" \t>*_#|•·-([") or _CLOCK.sub("", _blanked(line, days))):
            continue
        if label and label["later"]:
            later = later or first
        else:
            return Dated(first, "byline", True)
    return Dated(later, "byline", False) if later else None


def _blanked(line: str, days: list[Named]) -> str:
    for one in reversed(days):
        line = line[: one.start] + line[one.end :]
    return line


# A first line that names another day than its own: a birth, a deadline, a beginning.
_OTHER_DAY = re.compile(r"\b(?:born|since|from|until|till|by|before|after)\s+(?:on\s+)?\Z", re.IGNORECASE)


def _in_text(text: str) -> Dated | None:
    """A full date that the text also gives as a weekday without its year, else a full date in the first lines.

    The second is a guess: most dates in a first paragraph are of something else.
    """
    full = [one for one in named(text[:_BODY], None) if one.period.point]
    for found in sorted({one.period.start for one in full if one.period.start}, reverse=True)[:_CANDIDATES]:
        told = (
            one for one in named(text[:_BODY], found) if one.relative and one.period.start == found and one.period.point
        )
        if any(one.form in ("date", "american") and _WEEKDAY.match(text, one.start) for one in told):
            return Dated(found, "text", False)
    for one in full:
        own = not _OTHER_DAY.search(text, max(0, one.start - 12), one.start)
        if one.start < _FIRST_LINES and own and tense(text, one.start, one.end) != "ahead":
            return Dated(one.period.start, "text", False)
    return None
