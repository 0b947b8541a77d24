"""Answers compared: by their words, as SQuAD does, and by the days, numbers and units they hold.

A parser of its own, apart from the one that answers, so that an error there can't hide itself here. It reads what a
bare answer looks like ("September 22, 2023", "about 1,200 people", "7.8"), not prose with "last Friday" in it.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
STOP_WORDS = frozenset(
    "a an the of on in at to by for from with and or as is are was were be been being it its this that these those "
    "he she they his her their there which who whom had has have did do does not into than then also will would".split()
)
_NOT = frozenset("not never neither nor".split())
# Which side of its number a bound leaves open.
_BOUNDS = dict.fromkeys("more over above least exceeding".split(), 1)
_BOUNDS |= dict.fromkeys("less fewer under below most".split(), -1)
# Words before a number that don't change what it says.
_ABOUT = frozenset(
    "about around roughly approximately approx some nearly almost over circa least more exactly up just total early "
    "late mid date day year month".split()
)
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
_MONTH += r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_TO_DAY = r"(?:\s*(?:-|to|and|until|&)\s*(?P<last>\d{1,2})(?:st|nd|rd|th)?)?(?!\d)"
_YEAR = r"(?P<year>1\d{3}|20\d{2}|21\d{2})\b"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d-])(?P<year>\d{4})[-/](?P<number>\d{2})[-/](?P<day>\d{2})(?!\d)",
        rf"(?<![\w.]){_DAY}{_TO_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR})?",
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}{_TO_DAY}(?:,?\s+{_YEAR})?",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}",
        r"(?<![\d./-])(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d-])",
    )
)
_LONE_MONTH = re.compile(r"\b(?P<month>" + "|".join(month.capitalize() for month in MONTHS) + r")\b")
_BELOW_20 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_BELOW_20.split())}
_SMALL |= {word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)}
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALE = {"k": 1000, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12} | _LARGE
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {word: value for value, word in enumerate(_NTH.split(), 1)}
# Word to (what is measured, how many of its smallest unit). Miles, feet and pounds stay themselves.
_UNITS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("%", "percent", "percentage", "pct"), ("%", 1)),
    **dict.fromkeys(("mm", "millimetre", "millimeter"), ("length", 1)),
    **dict.fromkeys(("cm", "centimetre", "centimeter"), ("length", 10)),
    **dict.fromkeys(("metre", "meter"), ("length", 1000)),
    **dict.fromkeys(("km", "kilometre", "kilometer"), ("length", 10**6)),
    **dict.fromkeys(("g", "gram", "gramme"), ("weight", 1)),
    **dict.fromkeys(("kg", "kilo", "kilogram", "kilogramme"), ("weight", 1000)),
    **dict.fromkeys(("tonne",), ("weight", 10**6)),
    **dict.fromkeys(("second", "sec"), ("time", 1)),
    **dict.fromkeys(("minute", "min"), ("time", 60)),
    **dict.fromkeys(("hour", "hr"), ("time", 3600)),
    "day": ("time", 86_400),
    "week": ("time", 604_800),
    "month": ("months", 1),
    "year": ("months", 12),
    "decade": ("months", 120),
    **dict.fromkeys(("dollar", "usd", "$"), ("usd", 1)),
    **dict.fromkeys(("euro", "eur", "€"), ("eur", 1)),
    **dict.fromkeys(("pound sterling", "gbp", "£"), ("gbp", 1)),
    **dict.fromkeys(("yuan", "rmb", "renminbi"), ("cny", 1)),
    **dict.fromkeys(("yen", "jpy", "¥"), ("jpy", 1)),
    **dict.fromkeys(("mile", "mi"), ("mile", 1)),
    **dict.fromkeys(("ordinal",), ("ordinal", 1)),
}
_WORD_NUMBER = "|".join([*_SMALL, *_LARGE])
_NUMBER = re.compile(
    rf"(?P<money>(?:us|c|a|hk)?\$|€|£|¥)?\s?"
    rf"(?:(?<![\w.])(?<![a-z]-)(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\w*[:/]\d)"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<scale>dozen|hundred|thousand|million|billion|trillion|mln|mn|bn|tn|[km](?=\b))s?\b)?"
    rf"|\b(?P<words>(?:(?:a|half\sa)\s(?={'|'.join(_LARGE)}))?(?:{_WORD_NUMBER})(?:(?:[\s-]+(?:and\s+)?)(?:{_WORD_NUMBER}))*)\b"
    rf"|\b(?P<nth>{'|'.join(_ORDINALS)})\b)"
)
_UNIT_AFTER = re.compile(r"[\s-]?(?P<unit>%|per\scent\b|[a-z]+|[€£])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MOST_WORDS_MORE = 5
_SHORT = 1000  # characters; longer texts are passages and articles, not worth remembering

Day = tuple[int | None, int, int | None]
"""(year, month, day): the year is None where it isn't said, the day where a whole month is meant."""


@dataclass(frozen=True)
class Number:
    """A number as said, and its unit: what is measured and how many of the smallest unit one is."""

    value: Decimal
    unit: str = ""
    scale: int = 1

    def same(self, other: Number) -> bool:
        """Equal in value; a unit said on one side only is taken for granted on the other, "third" is never "3"."""
        if (self.unit and other.unit) or "ordinal" in (self.unit, other.unit):
            return self.unit == other.unit and self.value * self.scale == other.value * other.scale
        return self.value == other.value


@dataclass(frozen=True)
class Values:
    """What an answer says by value, and the words left over, without stop words, in a plain singular."""

    days: tuple[Day, ...] = ()
    numbers: tuple[Number, ...] = ()
    words: frozenset[str] = frozenset()


def normalised(text: str) -> str:
    """Lower case, without punctuation (ASCII's), without a/an/the, white space as single spaces.

    As the official SQuAD script does before it compares (Rajpurkar et al. 2016, arXiv:1606.05250).
    """
    text = text.lower().translate(_PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact(given: str, expected: str) -> float:
    """SQuAD's exact match: 1 where both are the same after `normalised`, else 0."""
    return float(normalised(given) == normalised(expected))


def overlap(given: str, expected: str) -> float:
    """SQuAD's F1: of precision and recall of the tokens of `normalised`, counted as often as they stand.

    Where either has no token left, 1 if both have none, else 0 (as the SQuAD 2.0 script).
    """
    left, right = normalised(given).split(), normalised(expected).split()
    if not left or not right:
        return float(left == right)
    shared = sum((Counter(left) & Counter(right)).values())
    return 2 * shared / (len(left) + len(right))


def best(measure: Callable[[str, str], float], given: str, accepted: Iterable[str]) -> float:
    """The highest `measure(given, expected)` over the acceptable answers, as SQuAD takes it; 0 without any."""
    return max((measure(given, expected) for expected in accepted), default=0.0)


def same(given: str, expected: str) -> float:
    """1 where both say the same by words (`exact`) or by value, else 0.

    By value: at least one day or number is said; the days are the same days and the numbers the same numbers, in
    any order and form ("22 September 2023", "September 22, 2023", "2023-09-22"; "two", "2"; "1.2 million",
    "1,200,000"; "2 km", "2,000 metres"), "about" and its like aside; and what other words they hold don't differ
    except that one side may hold up to five more, though no "not", and no "less than" against a "more than". A year
    the expected answer leaves out may be given, not the other way round.
    """
    if exact(given, expected):
        return 1.0
    left, right = values(given), values(expected)
    if not (right.days or right.numbers) or len(left.days) != len(right.days):
        return 0.0
    if not all(any(_same_day(day, known) for known in right.days) for day in left.days):
        return 0.0
    if not all(any(_same_day(day, known) for day in left.days) for known in right.days):
        return 0.0
    # "First" is said of much; it counts only where it is asked for.
    said = tuple(n for n in left.numbers if n.unit != "ordinal" or any(n.same(known) for known in right.numbers))
    if len(said) != len(right.numbers) or not _pair(said, right.numbers):
        return 0.0
    if _opposed(given, expected):
        return 0.0
    fewer, more = sorted((left.words, right.words), key=len)
    return float(fewer <= more and len(more) - len(fewer) <= _MOST_WORDS_MORE)


def _opposed(one: str, other: str) -> bool:
    """Whether only one says "not", or one bounds its number from below and the other from above."""
    left, right = (frozenset(normalised(text).split()) for text in (one, other))
    here, there = ({_BOUNDS[word] for word in words & _BOUNDS.keys()} for words in (left, right))
    return bool(left & _NOT) != bool(right & _NOT) or bool(here and there and not here & there)


def same_days(given: str, expected: str) -> float:
    """1 where `given` names the same days (or months) as `expected`, or the same years where it names no day.

    Other words and numbers don't matter.
    """
    left, right = values(given), values(expected)
    if not right.days:
        return float(bool(years(expected)) and not left.days and years(given) == years(expected))
    return float(
        all(any(_same_day(day, known) for known in right.days) for day in left.days)
        and all(any(_same_day(day, known) for day in left.days) for known in right.days)
    )


def years(text: str) -> frozenset[int]:
    """The numbers of a text that read as years: four digits, 1000 to 2199, no unit."""
    plain = {n.value for n in values(text).numbers if not n.unit and 1000 <= n.value < 2200}
    return frozenset(int(value) for value in plain if value == int(value))


def values(text: str) -> Values:
    """The days, numbers and remaining words of a text."""
    return _short_values(text) if len(text) <= _SHORT else _read(text)


@lru_cache(maxsize=4096)
def _short_values(text: str) -> Values:
    return _read(text)


def _read(text: str) -> Values:
    text = unicodedata.normalize("NFKC", _THOUSANDS.sub("", text)).translate(_SIGNS)
    days, text = _take_days(text)
    numbers, text = _take_numbers(text.lower())
    words = {singular(word) for word in _WORD.findall(text.lower())}
    return Values(days, numbers, frozenset(words - STOP_WORDS - _ABOUT - (WEEKDAYS if days else frozenset())))


# "1 200" with a space that holds a number together: no-break, thin, narrow.
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_SIGNS = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "’": "'", "\u00a0": " "})


def singular(word: str) -> str:
    """A plain singular: "people's" and "metres" without their endings."""
    word = word.removesuffix("'s").removesuffix("’s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def covers(known: Values, claimed: Values) -> bool:
    """Whether every day and number claimed is among those known; "one" is let through, it is rarely a count."""
    return all(any(_same_day(day, mine) for mine in known.days) for day in claimed.days) and all(
        number.value == 1 or any(number.same(mine) for mine in known.numbers) for number in claimed.numbers
    )


def _same_day(given: Day, expected: Day) -> bool:
    return given[1:] == expected[1:] and expected[0] in (None, given[0])


def _pair(left: tuple[Number, ...], right: tuple[Number, ...]) -> bool:
    rest = list(right)
    for number in left:
        found = next((other for other in rest if number.same(other)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _take_days(text: str) -> tuple[tuple[Day, ...], str]:
    found: list[tuple[int, Day]] = []
    for pattern in _DATES:
        text = pattern.sub(lambda match: _blank(match, found), text)
    if not found:
        text = _LONE_MONTH.sub(lambda match: _blank(match, found), text)
    found.sort(key=lambda place: place[0])
    days: list[Day] = []
    year: int | None = None
    for _, day in reversed(found):  # "28 June to 3 July 2023": a year said later holds for the day before it
        year = day[0] if day[0] is not None else year
        days.append((year, day[1], day[2]))
    return tuple(dict.fromkeys(reversed(days))), text


def _blank(match: re.Match[str], found: list[tuple[int, Day]]) -> str:
    group = match.groupdict()
    year = int(group["year"]) if group.get("year") else None
    if group.get("first"):
        one, two = int(group["first"]), int(group["second"])
        if one <= 12 and two <= 12 and one != two and group["mark"] in "/-":
            return match.group()  # 03/04/2023 is two days, by where one lives
        day, month = (two, one) if two > 12 else (one, two)
        days: list[int | None] = [day]
    else:
        month = int(group["number"]) if group.get("number") else _month(group["month"])
        days = [int(group[name]) for name in ("day", "last") if group.get(name)] or [None]
    if not 1 <= month <= 12 or not all(day is None or 1 <= day <= 31 for day in days):
        return match.group()
    found.extend((match.start(), (year, month, day)) for day in days)
    return " " * len(match.group())


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _take_numbers(text: str) -> tuple[tuple[Number, ...], str]:
    numbers: list[Number] = []
    rest: list[str] = []
    at = 0
    while match := _NUMBER.search(text, at):
        rest.append(text[at : match.start()])
        at = match.end()
        value, unit = _value(match), ""
        if match["money"]:
            unit = match["money"][-1]
        elif match["ordinal"] or match["nth"]:
            unit = "ordinal"
        elif (after := _UNIT_AFTER.match(text, at)) is not None:
            word = "%" if after["unit"].startswith("per cent") else singular(after["unit"])
            if word in _UNITS:
                unit, at = word, after.end()
        kind, scale = _UNITS.get(unit, ("", 1))
        numbers.append(Number(value, kind, scale))
    rest.append(text[at:])
    return tuple(numbers), " ".join(rest)


def _value(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        scale = _SHORT_SCALE.get(match["scale"], 1) if match["scale"] else 1
        return Decimal(match["digits"].replace(",", "")) * scale
    if match["nth"]:
        return Decimal(_ORDINALS[match["nth"]])
    words = re.split(r"[\s-]+", match["words"])
    half = words[0] == "half"
    total, current = 0, 0
    for word in words:
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _LARGE:
            total, current = total + (current or 1) * _LARGE[word], 0
    return Decimal(total + current) / (2 if half else 1)
