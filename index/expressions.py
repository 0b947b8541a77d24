"""The forms in which a text names a time, and what each of them means.

A row of `_FORMS` is a name, a pattern and a reader; all patterns run as one. A reader gets the match and returns the
period with whether the article's day was needed, or None where the words turn out to mean something else. Relative
forms are resolved against the article's day or against a time named just before; with neither they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index import periods, tense
from index.periods import Period

# Articles are stamped in another time zone than they are written in: a date may lie a day ahead of its article.
_AHEAD_OF_ITSELF = timedelta(days=1)
# How far back "the next day" looks for the day it follows, in characters.
_ANCHOR_REACH = 300

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
NUMBERS = {word: number for number, word in enumerate(f"{_ONES} eighteen nineteen twenty".split(), 1)}
NUMBERS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBERS |= {"a": 1, "an": 1, "a couple of": 2, "a dozen": 12, "a hundred": 100}
_MONTHS = {name[:3].lower(): number for number, name in enumerate(periods.MONTHS, 1)}
_WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "final": -1}
_LENGTH = {"day": 1, "week": 7, "month": 31, "season": 92, "year": 366, "range": 366, "decade": 3653, "century": 36525}


@dataclass(frozen=True)
class Named:
    """A time as named: `text[start:end]`, and the form it was named in.

    `relation` holds what stands in front ("since"), not yet applied to `period`. `sure` is False for what reads as a
    time only beside another one: the 2018 of "from 2011 to 2018".
    """

    start: int
    end: int
    period: Period
    relative: bool
    form: str
    relation: str | None = None
    sure: bool = True


@dataclass(frozen=True)
class Scene:
    """What a reader may look at besides its match: the whole text, the article's day, the time named before."""

    text: str
    published: date | None
    previous: Named | None = None


Reader = Callable[[re.Match[str], Scene], "Named | None"]


def first_in(scene: Scene, start: int, end: int | None = None) -> Named | None:
    """The first time named from `start` on; `scene.previous` is the time that "the next day" counts from."""
    at, end = start, len(scene.text) if end is None else end
    while match := _ANY.search(scene.text, at, end):
        pattern, reader = _COMPILED[match.lastgroup or ""]
        again = pattern.match(scene.text, match.start())
        read = reader(again, scene) if again else None
        if read is not None:
            return replace(read, form=match.lastgroup or "")
        at = match.start() + 1
    return None


# ── days and months of the calendar ──────────────────────────────────────────────────────────────────────────────

_MONTH = (
    "(?:" + "|".join(periods.MONTHS) + "|" + "|".join(name.upper() for name in periods.MONTHS) + "|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)\b\.?)(?![a-z])"
)
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]\d\d|20\d\d|2100)(?!\d)"
_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_ANY_WEEKDAY = rf"(?:{_WEEKDAY}|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
_BEFORE_DATE = rf"(?:(?P<weekday>{_ANY_WEEKDAY}),?\s+(?:the\s+)?)?"
# What can be counted: "2004 people" is no year. Endings do most of the work, since years rarely go before a plural.
_COUNTED = (
    r"(?!\s?%|,\d{3}|\s+(?:percent|per\s+cent|people|persons|men|women|children|troops|soldiers|civilians|fighters|"
    r"migrants|refugees|homes|houses|buildings|families|households|workers|jobs|employees|staff|students|pupils|"
    r"patients|cases|deaths|dead|injured|casualties|victims|votes|seats|points|pages|words|copies|tickets|fans|"
    r"spectators|residents|inhabitants|prisoners|police|officers|firefighters|vehicles|cars|trucks|aircraft|drones|"
    r"missiles|shells|met(?:er|re)s|kilomet(?:er|re)s|miles|feet|foot|acres|hectares|tonn?es|tons|kilos|kg|km|grams|"
    r"pounds|dollars|euros|yuan|yen|rupees|rubles|roubles|francs|calories|watts|megawatts|barrels|degrees|years|months|"
    r"days|hours|minutes|seconds|GMT|UTC|ET|EDT|EST|BST|CET|local\s+time|hrs|a\.m|p\.m|million|billion)\b)"
)
_YEAR_AFTER = rf"(?:,?\s+(?P<year>{_YEAR}){_COUNTED})?"
_TO = r"(?:\s?[-–—]\s?|\s+(?P<joint>to|and|through|until|till|or)\s+)"


def _day_first(match: re.Match[str], scene: Scene) -> Named | None:
    return _dated(match, scene, day_first=True)


def _month_first(match: re.Match[str], scene: Scene) -> Named | None:
    return _dated(match, scene, day_first=False)


def _dated(match: re.Match[str], scene: Scene, *, day_first: bool) -> Named | None:
    """A day and a month, perhaps two days, perhaps a weekday, perhaps a year."""
    groups = match.groupdict()
    month, given_year = _MONTHS[groups["month"][:3].lower()], groups.get("year")
    days = [int(re.sub(r"\D", "", groups[key])) for key in ("day", "day2") if groups.get(key)]
    start, end = match.start(), match.end()
    if len(days) == 2 and not _run_on(days, groups.get("joint"), scene.text, start):
        # Two days that make no stretch ("12 and 20 May"): keep the one that stands beside its month.
        if day_first:
            days, start = days[1:], match.start("day2")
        else:
            days, end = days[:1], end if given_year else match.end("day")
    weekday = _WEEKDAYS[groups["weekday"][:3].lower()] if groups.get("weekday") else None
    if given_year:
        first, last = (periods.valid_day(int(given_year), month, number) for number in (days[0], days[-1]))
        relative = False
    else:
        first, relative = _nearest_day(month, days[0], weekday, scene, match), True
        last = periods.valid_day(first.year, month, days[-1]) if first else None
    if first is None or last is None or last < first:
        return None
    return Named(start, end, periods.day(first) if first == last else periods.stretch(first, last), relative, "date")


def _run_on(days: list[int], joint: str | None, text: str, start: int) -> bool:
    if days[0] >= days[1]:
        return False
    if joint in ("and", "or"):
        return days[1] == days[0] + 1 or bool(re.search(r"[Bb]etween\s+\Z", text[max(0, start - 9) : start]))
    return True


def _nearest_day(month: int, number: int, weekday: int | None, scene: Scene, match: re.Match[str]) -> date | None:
    """The year that a date leaves out: the nearest past one, unless its weekday or its sentence says otherwise."""
    today = scene.published
    if today is None:
        return None
    near = [periods.valid_day(today.year + step, month, number) for step in range(-8, 9)]
    possible = [one for one in near if one is not None]
    if weekday is not None:
        fitting = [one for one in possible if one.weekday() == weekday and abs((one - today).days) < 400]
        if fitting:
            return min(fitting, key=lambda one: abs(one - today))
    if tense.looks_ahead(scene.text, match.start(), match.end()):
        return min((one for one in possible if one >= today), default=None)
    return max((one for one in possible if one <= today + _AHEAD_OF_ITSELF), default=None)


def _iso(match: re.Match[str], scene: Scene) -> Named | None:
    return _full_day(match, int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: re.Match[str], scene: Scene) -> Named | None:
    """22/09/2023 and 09/22/2023; 09/10/2023 could be either and is left out. With dots the day comes first."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["mark"] != match["again"]:
        return None
    if match["mark"] == "/" and first <= 12 and second <= 12 and first != second:
        return None
    return _full_day(match, year, *((second, first) if match["mark"] != "/" or first > 12 else (first, second)))


def _full_day(match: re.Match[str], year: int, month: int, number: int) -> Named | None:
    when = periods.valid_day(year, month, number)
    return Named(match.start(), match.end(), periods.day(when), False, "date") if when else None


def _month_of_year(match: re.Match[str], scene: Scene) -> Named | None:
    month = _MONTHS[match["month"][:3].lower()]
    if match["year"]:
        return _read(match, periods.month(int(match["year"]), month), False)
    if scene.published is None:
        return None
    step = {"last": -1, "this": 0, "that": 0, "next": 1}[match["relative"]]
    return _read(match, periods.month(scene.published.year + step, month), True)


# Month names that are also names of people, verbs or nouns: they need a word in front that makes them a month.
_DOUBTFUL = {"March", "April", "May", "June", "August"}
_MONTH_BEFORE = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Tt]hrough(?:out)?|[Oo]f|[Dd]uring|[Ee]arly|[Mm]id|[Ll]ate|"
    r"[Bb]etween|[Bb]efore|[Aa]fter|[Aa]round|for)[\s-]+(?:about\s+)?\Z"
)
_MONTH_NOUN = re.compile(
    r"\s+(?!on|for|of|and|to|is|was|has|had|who|said|says|will|would|could|should|must|led\b)[a-z]"
)


def _month_alone(match: re.Match[str], scene: Scene) -> Named | None:
    """The nearest past month of that name, the article's own included, unless the sentence looks ahead."""
    name, today, text = match["month"], scene.published, scene.text
    if today is None or len(name.rstrip(".")) < 4 and name != "May" or name.isupper() and name != "MAY":
        return None
    month, year, how = _MONTHS[name[:3].lower()], today.year, match["relative"]
    before = text[max(0, match.start() - 16) : match.start()]
    sure = True
    if name in _DOUBTFUL and not how and not _MONTH_BEFORE.search(before):
        determined = re.search(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er)\s+\Z", before)
        sure = bool(determined and _MONTH_NOUN.match(text, match.end()))
    if name in _DOUBTFUL and text[match.end() : match.end() + 2] in ("'s", "’s") and not how:
        return None  # "in May's words"
    if re.match(r"\s+[A-Z]", text[match.end() : match.end() + 3]) and name in _DOUBTFUL and not how:
        sure = False  # "April Jones"
    match how and how.split()[-1].lower():
        case "last" | "past":
            year -= month >= today.month
        case "next" | "coming":
            year += month <= today.month
        case "this":
            pass
        case _ if tense.looks_ahead(text, match.start(), match.end()):
            year += month < today.month
        case _:
            year -= month > today.month
    return replace(_read(match, periods.month(year, month), True), sure=sure)


# ── years, seasons, decades ──────────────────────────────────────────────────────────────────────────────────────

_YEAR_BEFORE = re.compile(
    r"(?:\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Dd]uring|[Oo]f|[Bb]efore|[Aa]fter|[Ee]arly|[Ll]ate|[Mm]id|"
    r"[Bb]etween|[Tt]hrough(?:out)?|[Bb]orn|[Cc]irca|c\.|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|[Yy]ear|"
    r"[Bb]ack\s+to|dat(?:es|ed|ing)\s+to|than\s+in|(?:in|from|since|by)\s+(?:about|around|roughly|circa|approximately))"
    r"[\s-]+(?:the\s+)?|[(\[])\Z"
)
_ABOUT_YEAR = re.compile(r"\b(?:[Aa]bout|[Aa]round)\s+\Z")
_DETERMINED = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|[Tt]hat|[Tt]his)\s+|['’]s\s+|s['’]\s+)\Z"
)
_EVENT = re.compile(
    r"\s+(?:general\s+|presidential\s+|parliamentary\s+|midterm\s+|federal\s+)?(?:elections?|vote|visit|summit|war|"
    r"season|edition|campaign|census|olympics|world\s+cup|championships?|tour|final|agreement|deal|treaty|accord|coup|"
    r"uprising|revolution|earthquake|quake|flood|hurricane|attacks?|protests?|referendum|budget|report|study|film|book|"
    r"invasion|crisis|pandemic|recession|law|ruling|race|primary|ballot)\b",
    re.IGNORECASE,
)
_YEAR_VERB = re.compile(
    r"\s+(?:was|is|has|had|saw|will|brought|marks?|marked|began|ended|proved|became)\b|['’]s\s+[a-z]"
)


def _year(match: re.Match[str], scene: Scene) -> Named | None:
    """Four digits, a year only where they read as one."""
    text, start, end = scene.text, match.start(), match.end()
    before = text[max(0, start - 28) : start]
    sure = bool(_YEAR_BEFORE.search(before))
    if not sure and _ABOUT_YEAR.search(before):
        sure = int(match["year"]) % 100 != 0 and bool(re.match(r"[,.;:)]|\s*$", text[end:]))
    if not sure and _DETERMINED.search(before):
        sure = bool(re.match(r"\s+[A-Za-z]", text[end : end + 6]))
    if not sure:
        opens = not before or bool(re.search(r"(?:[.!?\n]\s*|[,;]\s+(?:and\s+)?)\Z", before))
        sure = bool(_EVENT.match(text, end)) or opens and bool(_YEAR_VERB.match(text, end))
    return replace(_read(match, periods.year(int(match["year"])), False), sure=sure)


def _years(match: re.Match[str], scene: Scene) -> Named | None:
    """2011-2018, 2023-24. Two digits below 13 may be a month, so they must follow on: 2011-12 but not 2011-09."""
    first, short = int(match["year"]), len(match["second"]) == 2
    last = first // 100 * 100 + int(match["second"]) if short else int(match["second"])
    last += 100 if short and last < first and last % 100 == 0 else 0
    if last <= first or last - first > 400 or short and last - first > 1 and int(match["second"]) <= 12:
        return None
    if match["mark"] == "/" and last != first + 1:
        return None
    return _read(match, periods.stretch(date(first, 1, 1), date(last, 12, 31)), False)


def _season(match: re.Match[str], scene: Scene) -> Named | None:
    name, today = match["season"].lower().replace("fall", "autumn"), scene.published
    if match["year"]:
        if (
            match["season"].lower() == "fall"
            and not match["of"]
            and not re.search(
                r"\b(?:in|the|last|this|of)\s+(?:the\s+)?\Z", scene.text[max(0, match.start() - 12) : match.start()]
            )
        ):
            return None  # "would fall 2004 short"
        return _read(match, periods.season(name, int(match["year"])), False)
    if today is None:
        return None
    how = match["relative"].split()[-1].lower()
    nearby = [periods.season(name, today.year + step) for step in (-2, -1, 0, 1, 2)]
    if how in ("last", "past"):
        return _read(match, [one for one in nearby if one.before(today)][-1], True)
    if how in ("next", "coming"):
        return _read(match, next(one for one in nearby if one.after(today)), True)
    current = next((one for one in nearby if one.contains(today)), None)
    return _read(match, current or periods.season(name, today.year), True)


def _portion(match: re.Match[str], scene: Scene) -> Named | None:
    """The second quarter of 2023, Q2 2023, the first half of last year."""
    if match["year"]:
        year, relative = int(match["year"]), False
    elif scene.published:
        year, relative = scene.published.year + {"last": -1, "this": 0, "next": 1}[match["relative"]], True
    else:
        return None
    months = 6 if match["unit"] == "half" else 3
    count = 12 // months
    number = int(match["q"]) if match["q"] else _ORDINALS[match["ordinal"].lower()]
    number = count if number == -1 else number
    if number > count:
        return None
    first = date(year, (number - 1) * months + 1, 1)
    last = periods.month(year, number * months).end
    return _read(match, periods.stretch(first, last or first), relative)


def _decade(match: re.Match[str], scene: Scene) -> Named | None:
    """The 1990s; the '90s, of the century that makes them past."""
    if match["decade"]:
        return _read(match, periods.decade(int(match["decade"])), False)
    ahead = 2000 + int(match["short"]) > (scene.published.year if scene.published else 2026)
    return _read(match, periods.decade((1900 if ahead else 2000) + int(match["short"])), False)


def _century(match: re.Match[str], scene: Scene) -> Named | None:
    return _read(match, periods.century(int(match["century"])), False)


# ── counted from the article's day ───────────────────────────────────────────────────────────────────────────────


def _today(match: re.Match[str], scene: Scene) -> Named | None:
    words, today = re.sub(r"\s+", " ", match[0].lower()), scene.published
    if today is None or re.search(
        r"\b(?:USA|Russia|Psychology|History)\s+\Z", scene.text[max(0, match.start() - 12) : match.start()]
    ):
        return None
    steps = {"the day before yesterday": -2, "the day after tomorrow": 2, "yesterday": -1, "tomorrow": 1, "last": -1}
    step = next((count for start, count in steps.items() if words.startswith(start)), 0)
    return _read(match, periods.day(today + timedelta(days=step)), True)


_NOT_A_DAY = re.compile(
    r"\b(?:Black|Good|Ash|Palm|Easter|Super|Cyber|Giving|Bloody|Ruby|Sheffield|Man|Shrove|Holy|Maundy|Casual|Freaky|"
    r"Big|Blue|TGI|Whit|Bowl|[Ee]very|[Ee]ach|[Mm]ost|[Oo]ne|[Aa]|[Aa]ny|[Ss]ome|[Aa]lternate|[Nn]o|The)\s+\Z"
)
_NAMED_FOR_A_DAY = re.compile(
    r"s\b|\s+(?:Times|Telegraph|Mirror|Express|Mail|Post|Herald|Sun|Star|People|Independent|Tribune|Live|Lights|School|"
    r"school|Addams|Club|Review|the\s+13th|best\b|(?:Night|Morning)\s+(?:Live|Lights|Football|Fever))|-to-"
)


def _weekday(match: re.Match[str], scene: Scene) -> Named | None:
    """The nearest past day of that name, the article's own included, unless the sentence looks ahead.

    "last Friday" is never today; "next Friday" is the first one after today; "this Friday" is of today's week.
    """
    text, today = scene.text, scene.published
    before = text[max(0, match.start() - 12) : match.start()]
    if today is None or _NAMED_FOR_A_DAY.match(text, match.end("weekday")):
        return None
    if not match["relative"] and _NOT_A_DAY.search(before):
        return None
    wanted = _WEEKDAYS[match["weekday"][:3].lower()]
    back, ahead = (today.weekday() - wanted) % 7, (wanted - today.weekday()) % 7
    match match["relative"] and match["relative"].split()[-1].lower():
        case "last" | "past":
            step = -(back or 7)
        case "next" | "coming":
            step = ahead or 7
        case "this":
            step = wanted - today.weekday()
            if step < 0 and tense.looks_ahead(text, match.start(), match.end()):
                step += 7
        case _:
            step = ahead if tense.looks_ahead(text, match.start(), match.end()) else -back
    return _read(match, periods.day(today + timedelta(days=step)), True)


def _weekend(match: re.Match[str], scene: Scene) -> Named | None:
    """Saturday and Sunday: the last that has begun; "this weekend" is of today's week, "next" of the week after."""
    today = scene.published
    if today is None:
        return None
    saturday = today + timedelta(days=5 - today.weekday())
    how = (match["relative"] or "").split()[-1:] or ["the"]
    if how == ["next"]:
        saturday += timedelta(days=7)
    elif how == ["last"] or how in (["the"], ["past"]) and saturday > today:
        saturday -= timedelta(days=7)
        if how == ["the"] and tense.looks_ahead(scene.text, match.start(), match.end()):
            saturday += timedelta(days=7)
    return _read(match, periods.stretch(saturday, saturday + timedelta(days=1)), True)


def _relative_unit(match: re.Match[str], scene: Scene) -> Named | None:
    """Last week, this month, next year: calendar units around the article's day."""
    today, unit, how = scene.published, match["unit"], match["relative"].lower()
    before = scene.text[max(0, match.start() - 8) : match.start()]
    if today is None:
        return None
    if re.search(r"\b[Tt]he\s+\Z", before):
        # "over the last year" is a stretch up to now; "the last year of his life" is something else.
        if how == "this" or re.match(r"\s+of\b", scene.text[match.end() : match.end() + 5]):
            return None
        return _stretch_from(match, today, 1 if how == "next" else -1, unit)
    step = {"last": -1, "this": 0, "next": 1}[how]
    if unit == "century":
        return _read(match, periods.century((today.year + 99) // 100 + step), True)
    return _read(
        match, periods.around(periods.shift(today.replace(day=1) if unit == "month" else today, step, unit), unit), True
    )


def _ago(match: re.Match[str], scene: Scene) -> Named | None:
    """Two weeks ago is the week that lies two back: an "ago" is as fine as its unit."""
    today = scene.published
    count = _number(match["count"])
    if today is None or count is None or not _within(today, -count, match["unit"]):
        return None
    then = periods.shift(today, -count, match["unit"])
    if match["exact"]:
        return _read(
            match, periods.around(then, {"today": "day"}.get(match["exact"], match["exact"].split()[-1])), True
        )
    return _read(match, replace(periods.around(then, match["unit"]), approximate=match["count"] == "a couple of"), True)


def _last_few(match: re.Match[str], scene: Scene) -> Named | None:
    """The last three years: from the same day three years before up to the article's day."""
    today, before = scene.published, scene.text[max(0, match.start() - 12) : match.start()]
    count = _number(match["count"]) if match["count"] else 1
    if today is None or count is None or re.match(r"\s+of\b", scene.text[match.end() : match.end() + 5]):
        return None
    # Without an article "last two weeks" may be the verb.
    if not re.search(r"\b(?:[Tt]he|[Tt]hese|[Oo]ver|[Ii]n|[Ff]or|[Ww]ithin|[Dd]uring|his|her|its|their)\s+\Z", before):
        return None
    how = (match["relative"] or match["alone"]).lower()
    return _stretch_from(match, today, count if how in ("next", "coming") else -count, match["unit"])


def _stretch_from(match: re.Match[str], today: date, count: int, unit: str) -> Named | None:
    if unit == "hour":
        count, unit = (-1 if count < 0 else 1) * ((abs(count) + 23) // 24), "day"
    if not _within(today, count, unit):
        return None
    other = periods.shift(today, count, unit)
    return _read(match, periods.stretch(min(today, other), max(today, other)), True)


# ── counted from a time named before ─────────────────────────────────────────────────────────────────────────────


def _following(match: re.Match[str], scene: Scene) -> Named | None:
    """The next day, the previous year, that month: beside the time named just before."""
    unit = {"morning": "day", "evening": "day", "night": "day", "afternoon": "day"}.get(match["unit"], match["unit"])
    how = (match["how"] or match["that"] or match["after"] or "").lower().split(" ")[0]
    if not how:
        return None
    step = {"next": 1, "following": 1, "after": 1, "previous": -1, "before": -1, "same": 0, "that": 0}[how]
    if (
        how == "next"
        and scene.published
        and re.search(
            r"\b(?:[Oo]ver|[Ii]n|[Ww]ithin|[Dd]uring|[Ff]or|by)\s+\Z",
            scene.text[max(0, match.start() - 8) : match.start()],
        )
    ):
        return _stretch_from(match, scene.published, 1, unit)
    if match["after"] and not re.match(r"\s*(?:[.,;:)\n]|$)", scene.text[match.end() : match.end() + 3]):
        return None  # "the day after the vote"
    return _counted(match, scene, _anchor(match.start(), scene), step, unit)


def _later(match: re.Match[str], scene: Scene) -> Named | None:
    """A week later; two days after the vote of 12 May; a year before that."""
    count = _number(match["count"])
    if count is None:
        return None
    word = match["word"].lower()
    step = -count if word in ("earlier", "before", "previously", "beforehand") else count
    if word in ("after", "before", "since"):
        stop = re.search(r"[.,;:\n]|$", scene.text[match.end() : match.end() + 48])
        reach = match.end() + (stop.start() if stop else 0)
        target = first_in(replace(scene, previous=None), match.end(), reach)
        if target is not None and target.sure:
            read = _counted(match, scene, target, step, match["unit"])
            return replace(read, end=target.end) if read else None
        anchor = _anchor(match.start(), scene)
        if anchor and not tense.breaks(scene.text, anchor.end, match.start()):
            return None  # "on Friday, 20 years after the invasion": Friday is when, not since when
        return _counted(match, scene, anchor, step, match["unit"])
    return _counted(match, scene, _anchor(match.start(), scene), step, match["unit"])


def _anchor(start: int, scene: Scene) -> Named | None:
    """The time named just before, in this sentence or the one before it."""
    previous = scene.previous
    if previous is None or start - previous.end > _ANCHOR_REACH:
        return None
    return previous if tense.breaks(scene.text, previous.end, start) <= 1 else None


def _counted(match: re.Match[str], scene: Scene, anchor: Named | None, step: int, unit: str) -> Named | None:
    """`step` units from an anchor that is known at least as finely as the unit, and never past the article's day."""
    if anchor is None or anchor.period.start is None or anchor.period.end is None:
        return None
    period = anchor.period
    spread = (period.end - period.start).days if period.end and period.start else 0
    if spread >= _LENGTH[unit] or period.start is None or not _within(period.start, step, unit):
        return None
    found = periods.around(periods.shift(period.start, step, unit), unit)
    if unit == "week" and period.point and match.re is _COMPILED["later"][0]:
        when = periods.shift(period.start, step, unit)
        found = Period(when, when, "day", approximate=True)
    if scene.published and found.after(scene.published) and not anchor.period.after(scene.published):
        return None
    return _read(match, found, anchor.relative)


# ── shared ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(match: re.Match[str], period: Period, relative: bool) -> Named:
    return Named(match.start(), match.end(), period, relative, "")


def _number(words: str) -> int | None:
    words = re.sub(r"\s+", " ", words.lower())
    if words.isdigit():
        return int(words)
    if words in NUMBERS:
        return NUMBERS[words]
    tens, _, ones = words.replace(" ", "-").partition("-")
    return NUMBERS[tens] + NUMBERS[ones] if tens in NUMBERS and ones in NUMBERS else None


def _within(when: date, count: int, unit: str) -> bool:
    """The result stays between the years that are spoken of at all."""
    years = count * {"day": 1 / 365, "week": 1 / 52, "month": 1 / 12, "year": 1, "decade": 10, "century": 100}.get(
        unit, 1
    )
    return periods.FIRST_YEAR < when.year + years < periods.LAST_YEAR


_COUNT = (
    r"(?:\d{1,3}|(?:[Tt]wenty|[Tt]hirty|[Ff]orty|[Ff]ifty|[Ss]ixty|[Ss]eventy|[Ee]ighty|[Nn]inety)(?:[-\s](?:"
    + "|".join(_ONES.split()[:9])
    + r"))?|[Aa]\s+couple\s+of|[Aa]\s+dozen|[Aa]\s+hundred|[Aa]n?|"
    + "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in f"{_ONES} eighteen nineteen".split())
    + ")"
)
_HOW = r"(?:[Ll]ast|[Nn]ext|[Tt]his(?:\s+(?:past|last|coming))?|[Tt]he\s+coming)"

_FORMS: tuple[tuple[str, str, Reader], ...] = (
    ("iso", r"(?<![\d-])(?P<year>(?:1[5-9]|20)\d\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?![\d-])", _iso),
    ("slashed", r"(?<![\d/.])(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)(?P<again>[/.-])(?P<year>(?:1[5-9]|20)\d\d)(?!\d|[/.-]\d)", _slashed),
    ("date", rf"{_BEFORE_DATE}(?<![\d.,:/$£€#-])(?P<day>{_DAY})(?:{_TO}(?P<day2>{_DAY}))?(?:\s+of\s+(?:the\s+)?|[\s-]+)(?P<month>{_MONTH})(?:(?:,?\s+|-)(?P<year>{_YEAR}){_COUNTED})?", _day_first),
    ("american", rf"{_BEFORE_DATE}(?P<month>{_MONTH})[\s-]+(?P<day>{_DAY})(?![\d]|[:,.]\d|\s?%|\s+(?:percent|per\s+cent|million|billion|a\.m|p\.m))(?:{_TO}(?P<day2>{_DAY})(?!\d|[:,.]\d|\s?%|\s+{_MONTH}))?{_YEAR_AFTER}", _month_first),
    ("month_year", rf"(?P<month>{_MONTH})(?:(?:,?\s+(?:of\s+)?|[-/])(?P<year>{_YEAR}){_COUNTED}|,?\s+(?:of\s+)?(?P<relative>last|this|next)\s+year\b)", _month_of_year),
    ("month", rf"(?:(?P<relative>{_HOW})\s+)?(?P<month>{_MONTH})(?!-)", _month_alone),
    ("portion", rf"(?:(?P<ordinal>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast|[Ff]inal)\s+(?P<unit>quarter|half)\s+of\s+|Q(?P<q>[1-4])\s+(?:of\s+)?)(?:(?P<year>{_YEAR})|(?P<relative>last|this|next)\s+year\b)", _portion),
    ("season", rf"(?:(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)(?:(?P<of>\s+of)|,)?\s+(?P<year>{_YEAR})(?:[-–/]\d\d(?!\d))?{_COUNTED})", _season),
    ("this_season", rf"(?P<relative>{_HOW})\s+(?P<season>spring|summer|autumn|fall|winter)\b(?P<year>)", _season),
    ("years", rf"(?<![\d$£€.,:/#-])(?P<year>(?:1[5-9]|20)\d\d)(?:\s?(?P<mark>[-–—/])\s?)(?P<second>{_YEAR}|\d\d)(?![\d/:-]|[.,]\d){_COUNTED}", _years),
    ("decade", r"(?:(?<![\d$£€.,])(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b|['’‘](?P<short>[2-9]0)s\b)", _decade),
    ("year", rf"(?<![\d$£€.,:/#+-])(?P<year>{_YEAR})(?![-/:]\d|[.,]\d|\w){_COUNTED}", _year),
    ("century", r"(?<!\d)(?P<century>1[5-9]|2[01])(?:st|nd|rd|th)[\s-]century\b", _century),
    ("ago", rf"(?P<count>{_COUNT})[\s-](?P<unit>day|week|month|year|decade)s?\s+ago\b(?:\s+(?P<exact>today|this\s+(?:week|month)))?", _ago),
    ("later", rf"(?P<count>{_COUNT})[\s-](?P<unit>day|week|month|year|decade)s?\s+(?P<word>later|earlier|afterwards?|previously|beforehand|after|before)\b", _later),
    ("last_few", rf"(?:(?P<relative>[Ll]ast|[Pp]ast|[Nn]ext|coming)\s+(?P<count>{_COUNT})|(?P<alone>[Pp]ast|coming))\s+(?P<unit>hour|day|week|month|year|decade)s?\b", _last_few),
    ("relative_unit", r"(?P<relative>[Ll]ast|[Tt]his|[Nn]ext)\s+(?P<unit>week|month|year|decade|century)\b(?!-)", _relative_unit),
    ("weekend", rf"(?:(?P<relative>{_HOW})|(?:[Oo]ver|[Dd]uring|[Aa]t)\s+the(?:\s+(?:past|last))?)\s+weekend\b", _weekend),
    ("named", r"(?:[Tt]oday|[Tt]onight|[Yy]esterday|[Tt]omorrow)(?:\s+(?:morning|afternoon|evening|night))?\b(?!['’]s\s+world)|[Tt]he\s+day\s+(?:before\s+yesterday|after\s+tomorrow)\b|[Tt]his\s+(?:morning|afternoon|evening)\b|[Ll]ast\s+night\b", _today),
    ("weekday", rf"(?:(?P<relative>{_HOW})\s+)?(?P<weekday>{_WEEKDAY})(?:\s+(?:morning|afternoon|evening|night)\b)?", _weekday),
    ("following", r"(?:(?:[Tt]he\s+(?:very\s+)?(?P<how>next|following|previous|same)|(?P<that>[Tt]hat\s+same|[Tt]hat))\s+|[Tt]he\s+)(?P<unit>day|morning|afternoon|evening|night|week|month|year)\b(?:\s+(?P<after>after|before))?", _following),
)  # fmt: skip
_COMPILED = {name: (re.compile(pattern), reader) for name, pattern, reader in _FORMS}
_INNER = re.compile(r"\(\?P<\w+>")
_ANY = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{name}>{_INNER.sub('(?:', pattern)})" for name, pattern, _ in _FORMS) + ")"
)
