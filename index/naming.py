"""What the readers of time expressions share: what they get, what they give, and the words for numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from index.periods import FIRST_YEAR, LAST_YEAR, Period


@dataclass(frozen=True)
class Named:
    """A time as named: `text[start:end]`, and the form it was named in.

    `relative` when the article's day was needed; `relation` holds what stands in front ("since"), not yet applied to
    `period`. `sure` is False for what reads as a time only beside another: the 2018 of "from 2011 to 2018".
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
    """What a reader may look at besides its match.

    `previous` is the time named before, which "the next day" counts from; `find` the first time named in a stretch.
    """

    text: str
    published: date | None
    previous: Named | None
    find: Callable[[Scene, int, int], Named | None]

    def before(self, start: int, reach: int = 16) -> str:
        """The characters in front of a place."""
        return self.text[max(0, start - reach) : start]


# A reader turns a match of its form into a time, or into None where the words turn out to mean something else.
Reader = Callable[[re.Match[str], Scene], "Named | None"]
Form = tuple[str, str, Reader]


def name(match: re.Match[str], period: Period, relative: bool = False, sure: bool = True) -> Named:
    """The whole match as a time; the form is filled in by whoever asked."""
    return Named(match.start(), match.end(), period, relative, "", sure=sure)


_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: number for number, word in enumerate(_ONES + _TEENS, 1)}
_NUMBERS |= {word: number * 10 for number, word in enumerate(_TENS, 2)}
_NUMBERS |= {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a dozen": 12, "a hundred": 100, "half a": 0}


def _either_case(words: list[str]) -> str:
    return "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in words)


# Inside a larger expression: first letters in both cases, since ignoring case altogether is three times slower.
COUNT = (
    rf"(?:\d{{1,3}}|(?:{_either_case(_TENS)})(?:[-\s](?:{'|'.join(_ONES)}))?|{_either_case(_TEENS)}|"
    rf"{_either_case(_ONES)}|"
    r"(?:[Aa]\s+)?couple\s+of|[Aa]\s+dozen|[Aa]\s+hundred|[Aa]n?)"
)


def number(words: str) -> int | None:
    """A count in figures or words, up to a hundred."""
    words = " ".join(words.lower().split())
    if words.isdigit():
        return int(words)
    tens, _, ones = words.replace("-", " ").partition(" ")
    if words in _NUMBERS:
        return _NUMBERS[words]
    return _NUMBERS[tens] + _NUMBERS[ones] if tens in _NUMBERS and ones in _NUMBERS else None


_YEARS = {"day": 1 / 365, "week": 1 / 52, "month": 1 / 12, "year": 1, "decade": 10, "century": 100}


def in_range(when: date, count: int, unit: str) -> bool:
    """`count` units from a day still lie between the years that are spoken of at all."""
    return FIRST_YEAR < when.year + count * _YEARS[unit] < LAST_YEAR
