"""Times named by the calendar: days, months, seasons, years, decades.

`FORMS` is the table: a name, a pattern, a reader. What a date leaves out is filled in from the article's day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from index import periods
from index.naming import Form, Named, Scene, name
from index.tense import sentence, tense

# Articles are stamped elsewhere and updated later: a date this little ahead of its article is not a year old.
_STAMP = timedelta(days=7)
# Without a verb that tells, a date is read ahead when that is nearer and at most a quarter off: "Oct. 21, 7:30 p.m."
_SOON = timedelta(days=92)

_MONTHS = {full[:3].lower(): number for number, full in enumerate(periods.MONTHS, 1)}
WEEKDAYS = {short: number for number, short in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_YEARS_ON = {"last": -1, "this": 0, "next": 1}
WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"

_MONTH = (
    f"(?:{'|'.join(periods.MONTHS)}|{'|'.join(full.upper() for full in periods.MONTHS)}|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)\b\.?)(?![a-z])"
)
ENGLISH_MONTH = re.compile(rf"\b{_MONTH}")
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_CENTURIES = r"(?:1[5-9]|20)"
_YEAR = rf"(?:{_CENTURIES}\d\d|2100)(?!\d)"
_ANY_WEEKDAY = rf"(?:{WEEKDAY}|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
_ON_WEEKDAY = rf"(?:(?P<weekday>{_ANY_WEEKDAY})(?:\s+(?:and|to)\s+{WEEKDAY})?,?\s+(?:the\s+)?)?"
_TO = r"(?:\s?[-–—]\s?|\s+(?P<joint>to|and|through|until|till|or)\s+)"
# What is counted in thousands without being a year: "2004 people", "1945 hours", "2000 feet".
_COUNTED = (
    r"(?!\s?%|,\d{3}|\s+(?:percent|per\s+cent|people|persons|men|women|children|troops|soldiers|civilians|fighters|"
    r"migrants|refugees|homes|houses|buildings|families|households|workers|jobs|employees|staff|students|pupils|"
    r"patients|cases|deaths|dead|injured|casualties|victims|votes|seats|points|pages|words|copies|tickets|fans|"
    r"spectators|residents|inhabitants|prisoners|police|officers|firefighters|vehicles|cars|trucks|aircraft|drones|"
    r"missiles|shells|met(?:er|re)s|kilomet(?:er|re)s|miles|feet|foot|acres|hectares|tonn?es|tons|kilos|kg|km|grams|"
    r"pounds|dollars|euros|yuan|yen|rupees|rubles|roubles|francs|calories|watts|megawatts|barrels|degrees|years|months|"
    r"days|hours|minutes|seconds|GMT|UTC|ET|EDT|EST|BST|CET|local\s+time|hrs|a\.m|p\.m|million|billion)\b)"
)


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _day_first(match: re.Match[str], scene: Scene) -> Named | None:
    days = _days(match, scene)
    if days is None:  # "12 and 20 May": no stretch, but the second stands beside its month
        read = _dated(match, scene, [_digits(match["day2"])])
        return replace(read, start=match.start("day2")) if read else None
    return _dated(match, scene, days)


def _month_first(match: re.Match[str], scene: Scene) -> Named | None:
    days = _days(match, scene)
    if days is None:  # "May 12 and 20"
        read = _dated(match, scene, [_digits(match["day"])])
        return replace(read, end=match.end() if match["year"] else match.end("day")) if read else None
    return _dated(match, scene, days)


def _digits(day: str) -> int:
    return int(day.rstrip("stndrh"))


def _days(match: re.Match[str], scene: Scene) -> list[int] | None:
    """The one day, or the first and last of a stretch; None for two days that make none."""
    first = _digits(match["day"])
    if not match["day2"]:
        return [first]
    second = _digits(match["day2"])
    if first >= second:
        return None
    if (
        match["joint"] in ("and", "or")
        and second > first + 1
        and not scene.before(match.start(), 9).endswith("etween ")
    ):
        return None
    return [first, second]


def _dated(match: re.Match[str], scene: Scene, days: list[int]) -> Named | None:
    """A day and a month, perhaps with a weekday, perhaps with a year."""
    month, relative = _MONTHS[match["month"][:3].lower()], not match["year"]
    if match["year"]:
        first = periods.valid_day(int(match["year"]), month, days[0])
    else:
        first = _nearest_day(month, days[0], match, scene)
    last = periods.valid_day(first.year, month, days[-1]) if first else None
    if first is None or last is None:
        return None
    return name(match, periods.day(first) if first == last else periods.stretch(first, last), relative)


def _nearest_day(month: int, number: int, match: re.Match[str], scene: Scene) -> date | None:
    """The year that a date leaves out: the nearest past one, unless its weekday or its sentence says otherwise."""
    today = scene.published
    if today is None:
        return None
    if match["relative"]:
        return periods.valid_day(today.year + _YEARS_ON[match["relative"]], month, number)
    if told := _year_told(match.start(), scene):
        return periods.valid_day(told, month, number)
    near = (periods.valid_day(today.year + step, month, number) for step in range(-8, 9))
    possible = [one for one in near if one is not None]
    if match["weekday"]:
        weekday = WEEKDAYS[match["weekday"][:3].lower()]
        fitting = [one for one in possible if one.weekday() == weekday and abs((one - today).days) < 400]
        if fitting:
            return min(fitting, key=lambda one: abs(one - today))
    past = max((one for one in possible if one <= today + _STAMP), default=None)
    ahead = min((one for one in possible if one >= today), default=None)
    match tense(scene.text, match.start(), match.end()):
        case "ahead":
            return ahead
        case None if past and ahead and ahead - today <= _SOON and ahead - today < today - past:
            return ahead
    return past


_OPENING_YEAR = re.compile(rf"[\"“‘']?(?:In|During)\s+(?P<year>{_YEAR})(?![-–/]\d)\b")


def _year_told(start: int, scene: Scene) -> int | None:
    """The year that the sentence opened with: "In 2019 he lost the seat in March"."""
    begins, _ = sentence(scene.text, start, start)
    opening = _OPENING_YEAR.match(scene.text, begins, start)
    return int(opening["year"]) if opening else None


def _iso(match: re.Match[str], scene: Scene) -> Named | None:
    return _full_day(match, int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: re.Match[str], scene: Scene) -> Named | None:
    """22/09/2023 and 09/22/2023; 09/10/2023 could be either and is left out. With dots the day comes first."""
    first, second, slash = int(match["first"]), int(match["second"]), match["mark"] != "."
    if match["mark"] != match["again"] or slash and first <= 12 and second <= 12 and first != second:
        return None
    month, number = (first, second) if slash and second > 12 else (second, first)
    return _full_day(match, int(match["year"]), month, number)


def _full_day(match: re.Match[str], year: int, month: int, number: int) -> Named | None:
    when = periods.valid_day(year, month, number)
    return name(match, periods.day(when)) if when else None


# ── months ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _month_of_year(match: re.Match[str], scene: Scene) -> Named | None:
    month = _MONTHS[match["month"][:3].lower()]
    if match["year"]:
        return name(match, periods.month(int(match["year"]), month))
    if scene.published is None:
        return None
    return name(match, periods.month(scene.published.year + _YEARS_ON[match["relative"]], month), relative=True)


# Month names that are also verbs, nouns or people need a word in front that makes them a month.
_DOUBTFUL = {"March", "April", "May", "June", "August"}
_MONTH_BEFORE = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Tt]hrough(?:out)?|[Oo]f|[Dd]uring|[Ee]arly|[Mm]id|[Ll]ate|"
    r"[Bb]etween|[Bb]efore|[Aa]fter|[Aa]round|for)[\s-]+(?:about\s+)?\Z"
)
_DETERMINER = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er)\s+\Z")
_MONTH_NOUN = re.compile(
    r"\s+(?!(?:on|for|of|and|to|is|was|has|had|who|said|says|will|would|could|should|must|led)\b)[a-z]"
)


def _month_alone(match: re.Match[str], scene: Scene) -> Named | None:
    """The nearest past month of that name, the article's own included, unless the sentence looks ahead."""
    word, today, text = match["month"], scene.published, scene.text
    if today is None or word[-1] == "." or len(word) == 3 and word != "May" or word.isupper():
        return None
    month, how = _MONTHS[word[:3].lower()], (match["relative"] or "").lower()
    told = None if how else _year_told(match.start(), scene)
    year = told or today.year
    sure = bool(how) or _reads_as_month(match, scene)
    if how.endswith(("last", "past")):
        year -= month >= today.month
    elif how.endswith(("next", "coming")):
        year += month <= today.month
    elif not how and not told:
        ahead = tense(text, match.start(), match.end()) == "ahead"
        year += month < today.month if ahead else -(month > today.month)
    return name(match, periods.month(year, month), relative=True, sure=sure)


def _reads_as_month(match: re.Match[str], scene: Scene) -> bool:
    before, after = scene.before(match.start()), scene.text[match.end() : match.end() + 3]
    surname = bool(re.match(r"[ ][A-Z]", after))
    if match["month"] not in _DOUBTFUL:
        return not surname or bool(_MONTH_BEFORE.search(before) or _DETERMINER.search(before))
    if surname or after.startswith(("'s", "’s")):
        return False  # "for April Jones", "in May's words"
    return bool(
        _MONTH_BEFORE.search(before) or _DETERMINER.search(before) and _MONTH_NOUN.match(scene.text, match.end())
    )


# ── years ────────────────────────────────────────────────────────────────────────────────────────────────────────

_YEAR_BEFORE = re.compile(
    r"(?:\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Dd]uring|[Oo]f|[Bb]efore|[Aa]fter|[Ee]arly|[Ll]ate|[Mm]id|"
    r"[Bb]etween|[Tt]hrough(?:out)?|[Bb]orn|[Ff]ounded|[Ee]stablished|[Oo]pened|[Bb]uilt|[Cc]irca|c\.|[Yy]ear|"
    r"[Bb]ack\s+to|dat(?:es|ed|ing)\s+to|as\s+(?:recently|late|early|far\s+back)\s+as|"
    r"(?:in|from|since|by)\s+(?:about|around|roughly|circa|approximately))[\s-]+(?:the\s+)?|[(\[])\Z"
)
_ABOUT = re.compile(r"\b(?:[Aa]bout|[Aa]round)\s+\Z")
_OWNER = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|[Tt]hat|[Tt]his)\s+|['’]s\s+|s['’]\s+)\Z"
)
_EVENT = re.compile(
    r"\s+(?:general\s+|presidential\s+|parliamentary\s+|midterm\s+|federal\s+)?(?:elections?|vote|visit|summit|war|"
    r"season|edition|campaign|census|olympics?|world\s+cup|championships?|tour|final|agreement|deal|treaty|accord|coup|"
    r"uprising|revolution|earthquake|quake|floods?|hurricane|attacks?|protests?|referendum|budget|report|study|film|"
    r"book|"
    r"invasion|crisis|pandemic|recession|law|ruling|race|primary|ballot|nominees?|nomination|candidates?|rivals?|draft|"
    r"finals?|levels)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:[.!?\n]\s*|[,;]\s+(?:and\s+)?)\Z")
_YEAR_VERB = re.compile(
    r"\s+(?:was|is|has|had|saw|will|brought|marks?|marked|began|ended|proved|became)\b|['’]s\s+[a-z]|\s+—\s|:\s+[A-Z]"
)


def _year(match: re.Match[str], scene: Scene) -> Named:
    """Four digits are a year for sure only where they read as one."""
    text, start, end = scene.text, match.start(), match.end()
    before = scene.before(start, 28)
    sure = bool(
        _YEAR_BEFORE.search(before)
        or _ABOUT.search(before)
        and int(match["year"]) % 100
        and re.match(r"[,.;:)]|\s*$", text[end : end + 3])
        or _OWNER.search(before)
        and re.match(r"\s+[\"“A-Za-z]", text[end : end + 6])
        or _EVENT.match(text, end)
        or (not before or _OPENS.search(before))
        and _YEAR_VERB.match(text, end)
    )
    return name(match, periods.year(int(match["year"])), sure=sure)


def _years(match: re.Match[str], scene: Scene) -> Named | None:
    """2011-2018, 2023-24. Two digits below 13 may be a month, so they must follow on: 2011-12 but not 2011-09."""
    first, short = int(match["year"]), len(match["second"]) == 2
    last = first // 100 * 100 + int(match["second"]) if short else int(match["second"])
    if short and last % 100 == 0:
        last += 100  # 1999-00
    steps = last - first
    if steps < 1 or steps > 400 or steps > 1 and (short and last % 100 <= 12 or match["mark"] == "/"):
        return None
    return name(match, periods.stretch(date(first, 1, 1), date(last, 12, 31)))


def _season(match: re.Match[str], scene: Scene) -> Named:
    return name(match, periods.season(_season_key(match), int(match["year"])))


def _season_near(match: re.Match[str], scene: Scene) -> Named | None:
    """Last summer is the last that is over, next summer the first that has not begun."""
    today = scene.published
    if today is None:
        return None
    nearby = [periods.season(_season_key(match), today.year + step) for step in (-2, -1, 0, 1, 2)]
    how = match["relative"].lower()
    if how.endswith(("last", "past")):
        return name(match, [one for one in nearby if one.before(today)][-1], relative=True)
    if how.endswith(("next", "coming")):
        return name(match, next(one for one in nearby if one.after(today)), relative=True)
    return name(match, next((one for one in nearby if one.contains(today)), nearby[2]), relative=True)


def _season_key(match: re.Match[str]) -> str:
    return match["season"].lower().replace("fall", "autumn")


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "final": -1}


def _portion(match: re.Match[str], scene: Scene) -> Named | None:
    """The second quarter of 2023, Q2 2023, the first half of last year."""
    if not match["year"] and scene.published is None:
        return None
    step = _YEARS_ON.get(match["relative"], 0)
    year = int(match["year"]) if match["year"] else (scene.published or date.min).year + step
    months = 6 if match["unit"] == "half" else 3
    number = int(match["q"]) if match["q"] else _ORDINALS[match["ordinal"].lower()]
    number = 12 // months if number == -1 else number
    if number * months > 12:
        return None
    first, last = periods.month(year, (number - 1) * months + 1).start, periods.month(year, number * months).end
    return name(match, periods.Period(first, last, "range"), relative=not match["year"])


def _decade(match: re.Match[str], scene: Scene) -> Named:
    """The 1990s; the '90s, of the last century that is not ahead of the article."""
    if match["decade"]:
        return name(match, periods.decade(int(match["decade"])))
    short = int(match["short"])
    return name(
        match,
        periods.decade(2000 + short if scene.published and scene.published.year >= 2000 + short else 1900 + short),
    )


def _century(match: re.Match[str], scene: Scene) -> Named:
    return name(match, periods.century(int(match["century"])))


RELATIVE = r"(?:[Ll]ast|[Nn]ext|[Tt]his(?:\s+(?:past|last|coming))?|[Tt]he\s+coming)"
_SEASON = r"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
# Not part of a longer number, a price, a reference, a telephone number.
_FREE = r"(?<![\d$£€.,:/#+])(?<!\d-)(?<![A-Z]-)"
_REST = r"(?!\d|[:,.]\d|\s?%|\s+(?:percent|per\s+cent|million|billion|a\.m|p\.m))"

_OF_YEAR = r",?\s+(?:of\s+)?(?P<relative>last|this|next)\s+year\b"

FORMS: tuple[Form, ...] = (
    (
        "iso",
        rf"(?<![\d-])(?P<year>{_CENTURIES}\d\d)[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?![\d-])",
        _iso,
    ),
    (
        "slashed",
        r"(?<![\d/.])(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)(?P<again>[/.-])"
        rf"(?P<year>{_CENTURIES}\d\d)(?!\d|[/.-]\d)",
        _slashed,
    ),
    (
        "date",
        rf"{_ON_WEEKDAY}{_FREE}(?P<day>{_DAY})(?:{_TO}(?P<day2>{_DAY}))?(?:\s+of\s+(?:the\s+)?|[\s-]+)"
        rf"(?P<month>{_MONTH})(?:(?:,?\s+|-)(?P<year>{_YEAR}){_COUNTED}|{_OF_YEAR})?",
        _day_first,
    ),
    (
        "american",
        rf"{_ON_WEEKDAY}(?P<month>{_MONTH})[\s-]+(?P<day>{_DAY}){_REST}(?:{_TO}(?P<day2>{_DAY}){_REST}(?!\s+{_MONTH}))?"
        rf"(?:,?\s+(?P<year>{_YEAR}){_COUNTED}|{_OF_YEAR})?",
        _month_first,
    ),
    (
        "month_year",
        rf"(?<!\d\s)(?P<month>{_MONTH})(?:(?:,?\s+(?:of\s+)?|[-/])(?P<year>{_YEAR}){_COUNTED}|"
        rf"{_OF_YEAR})",
        _month_of_year,
    ),
    ("month", rf"(?<!\d\s)(?:(?P<relative>{RELATIVE})\s+)?(?P<month>{_MONTH})(?!-)", _month_alone),
    (
        "portion",
        r"(?:(?P<ordinal>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast|[Ff]inal)\s+(?P<unit>quarter|half)\s+of\s+|"
        rf"Q(?P<q>[1-4])\s+(?:of\s+)?)(?:(?P<year>{_YEAR})|(?P<relative>last|this|next)\s+year\b)",
        _portion,
    ),
    ("season", rf"{_SEASON}(?:\s+of|,)?\s+(?P<year>{_YEAR})(?:[-–/]\d\d(?!\d))?{_COUNTED}", _season),
    ("season_near", rf"(?P<relative>{RELATIVE})\s+(?P<season>spring|summer|autumn|fall|winter)\b", _season_near),
    (
        "years",
        rf"{_FREE}(?P<year>{_CENTURIES}\d\d)\s?(?P<mark>[-–—/])\s?(?P<second>{_YEAR}|\d\d)(?![\d/:-]|[.,]\d){_COUNTED}",
        _years,
    ),
    (
        "decade",
        rf"(?:(?<![\d$£€.,])(?P<decade>{_CENTURIES}\d0)['’]?s\b|(?<=['’‘])(?P<short>[2-9]0)s\b)",
        _decade,
    ),
    ("year", rf"{_FREE}(?P<year>{_YEAR})(?![-/:]\d|[.,]\d|\w){_COUNTED}", _year),
    ("century", r"(?<!\d)(?P<century>1[5-9]|2[01])(?:st|nd|rd|th)[\s-]century\b", _century),
)
