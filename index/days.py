"""Days: of an article, of what its text names, of a question.

The three calls that the rest of Dateline makes are here: `published_day`, `mentions` and `in_question`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from index.asked import TimeAsked, in_question
from index.mentions import Mention, mentions, named
from index.periods import FIRST_YEAR, LAST_YEAR, Period, valid_day

__all__ = ["Dated", "Mention", "Period", "TimeAsked", "in_question", "mentions", "published_day"]

Origin = Literal["front matter", "file name", "dateline", "byline", "text", ""]


@dataclass(frozen=True)
class Dated:
    """The day of an article and where it was found; `sure` is False for a day that is only likely."""

    day: date | None
    origin: Origin
    sure: bool


# How much of a text is looked at for its day: a masthead, a headline, a byline and a first sentence.
_HEAD = 700


def published_day(*, meta: str | date | None, name: str, text: str) -> Dated:
    """The day an article was published, or an unknown one.

    `meta` is what its front matter or page says, `name` its file's name, `text` the article. The order is front
    matter, file name, dateline, byline, a full date in the first lines. A month alone is not a day, and a day outside
    1500 to 2100 or not in the calendar is refused. A file's modification time is no evidence and not asked for.
    """
    given = _given(meta)
    if given:
        return Dated(given, "front matter", True)
    in_name = _in_name(name)
    if in_name:
        return Dated(in_name, "file name", True)
    head = text[:_HEAD]
    return _dateline(head) or _byline(head) or _first_date(head) or Dated(None, "", False)


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
    if stamp := re.match(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?=$|[T\s])", value):
        return valid_day(*(int(piece) for piece in stamp.groups()))
    return _full_day(value) or _other_language(value)


def _full_day(value: str) -> date | None:
    """The first day in a short text that is complete without help."""
    return next((one.period.start for one in named(value, None) if one.period.point), None)


def _other_language(value: str) -> date | None:
    """What dateparser makes of a date in another language ("22 septembre 2023"), if it is complete."""
    if not re.search(r"[^\W\d_]{3}", value) or not re.search(r"\d{4}", value) or len(value) > 60:
        return None
    from dateparser.date import DateDataParser

    parser = DateDataParser(settings={"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"})
    found = parser.get_date_data(value).date_obj
    return valid_day(found.year, found.month, found.day) if found else None


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


# A place in capitals, perhaps with its state, and a date before a dash: HANGZHOU, China, Sept 22, 2023 (Wire) -
_DATELINE = re.compile(
    r"^[ \t>*_]*(?:[A-Z][A-Z.'’-]+(?:[ ,/]+[A-Z][\w.'’-]+){0,5})[,.]?\s+(?P<day>[^\n]{4,40}?)\s*(?:\([^)\n]{2,40}\)\s*)?[-–—]",
    re.MULTILINE,
)
_BYLINE = re.compile(
    r"^[^\n]{0,60}?\b(?P<word>(?:first\s+)?published|posted|date|issued|released|created|by\s+[A-Z][^\n|•·]{2,40}[|•·,]|"
    r"(?:last\s+)?(?:updated|modified))\s*(?:on|at|:)?[^\n]{0,40}",
    re.MULTILINE | re.IGNORECASE,
)


def _dateline(head: str) -> Dated | None:
    """A dateline; where it leaves the year out, the year of the first full date below it."""
    for line in _DATELINE.finditer(head):
        found = _full_day(line["day"])
        if found:
            return Dated(found, "dateline", True)
        if not re.search(r"\d", line["day"]):
            continue
        around = next((one.period.start for one in named(head[line.end() :], None) if one.period.point), None)
        if around:
            near = [one.period.start for one in named(line["day"], around) if one.period.point]
            if near and near[0] and abs((near[0] - around).days) < 60:
                return Dated(near[0], "dateline", False)
    return None


def _byline(head: str) -> Dated | None:
    """The day of a byline; "Updated" gives way to any other."""
    later: date | None = None
    for line in head.split("\n"):
        match = _BYLINE.match(line)
        found = _full_day(line[match.start("word") :]) if match and len(line) < 200 else None
        if match and found:
            if not re.search("updated|modified", match["word"], re.IGNORECASE):
                return Dated(found, "byline", True)
            later = later or found
    return Dated(later, "byline", False) if later else None


def _first_date(head: str) -> Dated | None:
    found = _full_day(head)
    return Dated(found, "text", False) if found else None
