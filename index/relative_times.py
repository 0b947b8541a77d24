"""Times counted from another: from the article's day ("last week"), or from a day named before ("the next day").

`FORMS` is the table: a name, a pattern, a reader. Without the day to count from, nothing is read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from index import periods
from index.calendar_times import RELATIVE, WEEKDAY, WEEKDAYS
from index.naming import COUNT, Form, Named, Scene, in_range, name, number
from index.periods import Period
from index.tense import breaks, tense

# How far back "the next day" looks for the day it follows, in characters.
_ANCHOR_REACH = 300
# How far on "a week after the quake of 6 February" looks for its day.
_TARGET_REACH = 48
# The longest that a time may be to be counted from in a unit, in days: a month is too wide for "the next day".
_WIDEST = {"day": 1, "week": 7, "month": 31, "year": 366, "decade": 3653}


# ── from the article's day ───────────────────────────────────────────────────────────────────────────────────────

_OUTLET = re.compile(r"\b(?:USA|Russia|Psychology|History)\s+\Z")


def _today(match: re.Match[str], scene: Scene) -> Named | None:
    words, today = " ".join(match[0].lower().split()), scene.published
    if today is None or _OUTLET.search(scene.before(match.start())):
        return None
    steps = {"the day before": -2, "the day after": 2, "yesterday": -1, "tomorrow": 1, "last": -1}
    step = next((count for opening, count in steps.items() if words.startswith(opening)), 0)
    return name(match, periods.day(today + timedelta(days=step)), relative=True)


_HOLIDAY = re.compile(
    r"\b(?:Black|Good|Ash|Palm|Easter|Super|Cyber|Giving|Bloody|Ruby|Sheffield|Man|Shrove|Holy|Maundy|Casual|Freaky|"
    r"Big|Blue|TGI|Whit|Bowl|[Ee]very|[Ee]ach|[Mm]ost|[Oo]ne|[Aa]ny|[Ss]ome|[Aa]lternate|[Nn]o|The|first|second|"
    r"third|fourth|final)\s+\Z"
)
_NAMED_AFTER_IT = re.compile(
    r"s\b|\s+(?:Times|Telegraph|Mirror|Express|Mail|Post|Herald|Sun|Star|People|Independent|Tribune|Live|Lights|School|"
    r"school|Addams|Club|Review|the\s+13th|best\b|(?:Night|Morning)\s+(?:Live|Lights|Football|Fever))|-to-"
)
_SPOKEN_THEN = re.compile(
    r"\s+(?:statement|interview|press|news|report|release|post|tweet|speech|hearing|filing|briefing|call|letter|memo|"
    r"ruling|vote|meeting|email|note|article|column|address|announcement|deadline|game|match|raid|attack)\b"
)


def _weekday(match: re.Match[str], scene: Scene) -> Named | None:
    """The nearest past day of that name, the article's own included, unless the sentence looks ahead.

    "last Friday" is never today; "next Friday" is the first one after today; "this Friday" is of today's week.
    """
    text, today, before = scene.text, scene.published, scene.before(match.start())
    if today is None or _NAMED_AFTER_IT.match(text, match.end("weekday")):
        return None
    how = (match["relative"] or "").lower()
    if not how and _HOLIDAY.search(before):
        return None
    if not how and before.lower().endswith((" a ", "\na ")) and not _SPOKEN_THEN.match(text, match.end()):
        return None  # "on a Friday" is any Friday; "in a Friday statement" is one
    wanted = WEEKDAYS[match["weekday"][:3].lower()]
    back, on = (today.weekday() - wanted) % 7, (wanted - today.weekday()) % 7
    if how.endswith(("last", "past")):
        step = -(back or 7)
    elif how.endswith(("next", "coming")):
        step = on or 7
    else:
        ahead = tense(text, match.start(), match.end()) == "ahead"
        step = on if ahead else -back
        if how and not ahead:
            step = wanted - today.weekday()
    return name(match, periods.day(today + timedelta(days=step)), relative=True)


def _weekend(match: re.Match[str], scene: Scene) -> Named | None:
    """Saturday and Sunday: the last that has begun; "this weekend" is of today's week, "next" of the week after."""
    today, how = scene.published, (match["relative"] or "").lower()
    if today is None:
        return None
    saturday = today + timedelta(days=5 - today.weekday())
    if how.startswith("next"):
        saturday += timedelta(days=7)
    elif how == "last" or (not how or how.endswith(("past", "last"))) and saturday > today:
        ahead = not how and tense(scene.text, match.start(), match.end()) == "ahead"
        saturday -= timedelta(days=0 if ahead else 7)
    return name(match, periods.stretch(saturday, saturday + timedelta(days=1)), relative=True)


def _unit_near(match: re.Match[str], scene: Scene) -> Named | None:
    """Last week, this month, next year: calendar units around the article's day."""
    today, unit, how = scene.published, match["unit"], match["relative"].lower()
    if today is None:
        return None
    if scene.before(match.start()).lower().endswith("the "):
        # "over the last year" is a stretch up to now; "the last year of his life" is something else.
        if how == "this" or re.match(r"\s+of\b", scene.text[match.end() : match.end() + 5]):
            return None
        return _stretch(match, today, 1 if how == "next" else -1, unit)
    step = {"last": -1, "this": 0, "next": 1}[how]
    there = periods.shift(today.replace(day=1), step, unit) if unit == "month" else periods.shift(today, step, unit)
    return name(match, periods.around(there, unit), relative=True)


def _ago(match: re.Match[str], scene: Scene) -> Named | None:
    """An "ago" is as fine as its unit: two weeks ago is a week. Decades and centuries give a year, roughly."""
    today, count, unit = scene.published, number(match["count"]), match["unit"]
    if today is None or count is None or not in_range(today, -count, unit):
        return None
    then = periods.shift(today, -count, unit)
    if match["exact"]:
        return name(match, periods.around(then, match["exact"].replace("today", "day").split()[-1]), relative=True)
    rough = unit in ("decade", "century") or not match["count"].isdigit() and " of" in match["count"]
    named_unit = "year" if unit in ("decade", "century") else unit
    return name(match, replace(periods.around(then, named_unit), approximate=rough), relative=True)


_SPAN_BEFORE = re.compile(r"\b(?:[Tt]he|[Tt]hese|[Oo]ver|[Ii]n|[Ff]or|[Ww]ithin|[Dd]uring|his|her|its|their)\s+\Z")


def _last_few(match: re.Match[str], scene: Scene) -> Named | None:
    """The last three years: from the same day three years before up to the article's day."""
    today, count = scene.published, number(match["count"]) if match["count"] else 1
    if today is None or count is None or re.match(r"\s+of\b", scene.text[match.end() : match.end() + 5]):
        return None
    if not _SPAN_BEFORE.search(scene.before(match.start())):
        return None  # "the truce may last two weeks"
    ahead = (match["relative"] or match["alone"]).lower() in ("next", "coming")
    return _stretch(match, today, count if ahead else -count, match["unit"])


def _stretch(match: re.Match[str], today: date, count: int, unit: str) -> Named | None:
    if unit == "hour":
        count, unit = (1 if count > 0 else -1) * ((abs(count) + 23) // 24), "day"
    if not in_range(today, count, unit):
        return None
    other = periods.shift(today, count, unit)
    return name(match, periods.stretch(min(today, other), max(today, other)), relative=True)


# ── from a time named before ─────────────────────────────────────────────────────────────────────────────────────

_STEPS = {
    "next": 1, "following": 1, "after": 1, "previous": -1, "before": -1, "prior": -1, "same": 0, "that": 0,
}  # fmt: skip
_THROUGH = re.compile(r"\b(?:[Oo]ver|[Ii]n|[Ww]ithin|[Dd]uring|[Ff]or|by)\s+\Z")


def _following(match: re.Match[str], scene: Scene) -> Named | None:
    """The next day, the previous year, that month: beside the time named just before."""
    unit = match["unit"] if match["unit"] in _WIDEST else "day"
    how = (match["how"] or match["that"] or match["after"] or "").lower().split(" ")[0]
    if how == "next" and scene.published and _THROUGH.search(scene.before(match.start())):
        return _stretch(match, scene.published, 1, unit)
    if match["after"] and not re.match(r"\s*(?:[.,;:)\n]|$)", scene.text[match.end() : match.end() + 3]):
        return None  # "the day after the vote"
    return _counted(match, scene, _anchor(match.start(), scene), _STEPS[how], unit) if how else None


def _later(match: re.Match[str], scene: Scene) -> Named | None:
    """A week later; two days after the vote of 12 May; a week after the quake, when its day has just been named."""
    count, word, unit = number(match["count"]), match["word"].lower(), match["unit"]
    if count is None:
        return None
    step = -count if word in ("earlier", "before", "previously", "beforehand") else count
    anchor = _anchor(match.start(), scene)
    if word in ("after", "before"):
        stop = re.search(r"[.,;:\n]|$", scene.text[match.end() : match.end() + _TARGET_REACH])
        reach = match.end() + (stop.start() if stop else 0)
        # The target may not look for a target of its own: a text of nothing else would take forever.
        target = scene.find(replace(scene, previous=None, find=_nothing), match.end(), reach)
        if target is not None and target.sure:
            read = _counted(match, scene, target, step, unit)
            return replace(read, end=target.end) if read else None
        if anchor and not breaks(scene.text, anchor.end, match.start()):
            return None  # "on Friday, 20 years after the invasion": Friday is when, not since when
    read = _counted(match, scene, anchor, step, unit)
    if read and unit == "week" and anchor and anchor.period.start and anchor.period.point:
        when = periods.shift(anchor.period.start, step, unit)
        read = replace(read, period=Period(when, when, "day", approximate=True))
    return read


def _nothing(scene: Scene, start: int, end: int) -> None:
    return None


def _anchor(start: int, scene: Scene) -> Named | None:
    """The time named just before, in this sentence or the one before it."""
    previous = scene.previous
    if previous is None or start - previous.end > _ANCHOR_REACH:
        return None
    return previous if breaks(scene.text, previous.end, start) <= 1 else None


def _counted(match: re.Match[str], scene: Scene, anchor: Named | None, step: int, unit: str) -> Named | None:
    """`step` units from an anchor that is known as finely as the unit; never from the past into the future."""
    if anchor is None or anchor.period.start is None or anchor.period.end is None:
        return None
    first = anchor.period.start
    if (anchor.period.end - first).days >= _WIDEST[unit] or not in_range(first, step, unit):
        return None
    found = periods.around(periods.shift(first, step, unit), "year" if unit == "decade" else unit)
    found = replace(found, approximate=unit == "decade")
    if scene.published and found.after(scene.published) and not anchor.period.after(scene.published):
        return None
    return name(match, found, anchor.relative)


_UNIT = r"(?P<relative>[Ll]ast|[Tt]his|[Nn]ext)\s+(?P<unit>week|month|year|decade|century)\b(?!-)"
_WEEKEND = rf"(?:(?P<relative>{RELATIVE})|(?:[Oo]ver|[Dd]uring|[Aa]t)\s+the(?:\s+(?:past|last))?)\s+weekend\b"

FORMS: tuple[Form, ...] = (
    (
        "ago",
        rf"(?P<count>{COUNT})[\s-](?P<unit>day|week|month|year|decade|century)(?:s|ies)?\s+ago\b"
        r"(?:\s+(?P<exact>today|this\s+(?:week|month)))?",
        _ago,
    ),
    (
        "later",
        rf"(?P<count>{COUNT})[\s-](?P<unit>day|week|month|year|decade)s?\s+"
        r"(?P<word>later|earlier|afterwards?|previously|beforehand|after|before)\b",
        _later,
    ),
    (
        "last_few",
        rf"(?:(?P<relative>[Ll]ast|[Pp]ast|[Nn]ext|coming)\s+(?P<count>{COUNT})|(?P<alone>[Pp]ast|coming))\s+"
        r"(?P<unit>hour|day|week|month|year|decade)s?\b",
        _last_few,
    ),
    ("unit_near", _UNIT, _unit_near),
    ("weekend", _WEEKEND, _weekend),
    (
        "today",
        r"(?:[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow)(?:\s+(?:morning|afternoon|evening|"
        r"night))?\b(?!['’]s\s+world)|"
        r"[Tt]he\s+day\s+(?:before\s+yesterday|after\s+tomorrow)\b|[Tt]his\s+(?:morning|afternoon|evening)\b|"
        r"[Ll]ast\s+night\b",
        _today,
    ),
    (
        "weekday",
        rf"(?:(?P<relative>{RELATIVE})\s+)?(?P<weekday>{WEEKDAY})(?:\s+(?:morning|afternoon|evening|night)\b)?",
        _weekday,
    ),
    (
        "following",
        r"(?:[Tt]he\s+(?:(?:very\s+)?(?P<how>next|following|previous|same)\s+)?|(?P<that>[Tt]hat)\s+(?:same\s+)?)"
        r"(?P<unit>day|morning|afternoon|evening|night|week|month|year)\b(?:\s+(?P<after>after|before|prior))?",
        _following,
    ),
)  # fmt: skip
