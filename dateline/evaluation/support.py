"""Whether quotations back a statement: the offline check under citation precision and recall.

No model is asked. Facts (days, numbers, names) are compared by value and the other words by their share, so the check
sees an invented figure, a wrong day and a quotation about something else; it can't see a "not", nor who did what to
whom. Its accuracy on claims with known evidence is printed by benchmarks/public.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dateline.citing import UNSUPPORTED
from dateline.evaluation.values import (
    MONTHS,
    STOP_WORDS,
    WEEKDAYS,
    Day,
    Values,
    covers,
    normalised,
    singular,
    values,
    years,
)

if TYPE_CHECKING:
    from index.articles import Article
    from index.days import Period

# The least share of a statement's words that its quotations must hold.
_WORDS_SUPPORTED = 0.6
_STEM = 5
_END = re.compile(r"(?P<markers>(?:\[\d{1,6}\])+)[.;,]?|" + re.escape(UNSUPPORTED))
_ATTRIBUTION = re.compile(r"\(([^()]{1,200})\)\Z")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class Said:
    """A statement as a person reads it, and the numbers of the citations behind it."""

    text: str
    numbers: tuple[int, ...] = ()


def is_verbatim(citation: Mapping[str, Any], article: Article | None) -> bool:
    """Whether the quotation stands in the article as stored, at the place that the citation names."""
    start, end = citation["start"], citation["end"]
    return article is not None and 0 <= start < end and article.text[start:end] == citation["quote"] != ""


def statements(text: str) -> Iterator[Said]:
    """The statements of an answer's text: what stands before each run of markers, or before `UNSUPPORTED`."""
    at = 0
    for end in _END.finditer(text):
        if said := text[at : end.start()].strip():
            yield Said(said, tuple(map(int, re.findall(r"\d+", end["markers"] or ""))))
        at = end.end()
    if said := text[at:].strip():
        yield Said(said)


def supports(statement: str, premises: Sequence[tuple[Article | None, str]]) -> bool:
    """Whether quotations back a statement, without a model: a check of facts and words, not of logic.

    Each quotation is read with its article's title, and "(source, day)" behind a statement is taken off where both are
    the article's own: it says where the quotation stands, not what it says. The statement is backed if it stands in a
    quotation as it is; or if every day in it is named there, or meant there by an expression such as "on Friday" as of
    the article's day; every number stands there in value ("one" aside); every capitalised word but the first stands
    there; and so do at least six tenths of its words, stop words aside. Words are the same if their first five letters
    are. It can't see a "not", nor who did what to whom: an upper bound on true support.
    """
    if not premises:
        return False
    statement = _without_attribution(statement, premises)
    text = " \n ".join(quote for _, quote in premises)
    if f" {normalised(statement)} " in f" {normalised(text)} ":
        return True
    text += "".join(f" \n {article.title}" for article, _ in premises if article is not None)
    known, claimed = values(text), values(statement)
    meant = _meant(premises) if claimed.days or years(statement) else ()
    for day in claimed.days:
        if not covers(known, Values(days=(day,))) and not _within(meant, day):
            return False
    for number in claimed.numbers:
        year = not number.unit and 1000 <= number.value < 2200 and number.value == int(number.value)
        if not covers(known, Values(numbers=(number,))) and not (year and _within(meant, (int(number.value), 0, None))):
            return False
    words = {_stem(word) for word in _WORD.findall(text.lower())}
    names = {_stem(word.lower()) for word in _WORD.findall(statement)[1:] if word[0].isupper()} - _CALENDAR
    mine = {_stem(word) for word in claimed.words}
    return names - _COMMON <= words and len(mine & words) >= _WORDS_SUPPORTED * len(mine)


_CALENDAR = frozenset(word[:_STEM] for word in (*MONTHS, *WEEKDAYS))
_COMMON = frozenset(word[:_STEM] for word in STOP_WORDS)


def _without_attribution(statement: str, premises: Sequence[tuple[Article | None, str]]) -> str:
    """The statement without "(source, day)" at its end where that names one of the articles quoted."""
    match = _ATTRIBUTION.search(statement.rstrip(" ."))
    if match is None:
        return statement
    said = values(match[1])
    for article, _ in premises:
        if article is None:
            continue
        day = article.published
        days = {(day.year, day.month, day.day)} if day else set()
        if set(said.days) <= days and said.words <= values(f"{article.source} {article.title} undated").words:
            return statement[: match.start()]
    return statement


def _stem(word: str) -> str:
    """The beginning of a word, so that visit, visits and visited, Syria and Syrian meet."""
    return singular(word)[:_STEM]


def _meant(premises: Sequence[tuple[Article | None, str]]) -> tuple[Period, ...]:
    """The times that the quotations mean, worked out as of their articles' days."""
    from index.days import mentions

    return tuple(
        mention.period
        for article, quote in premises
        for mention in mentions(quote, article.published if article is not None else None)
    )


def _within(meant: Sequence[Period], claimed: Day) -> bool:
    """Whether a time meant lies within the day, month (day None) or year (month 0) claimed."""
    year, month, day = claimed
    if year is None:
        return False
    for period in meant:
        if period.start is None or period.end is None or period.start.year != year or period.end.year != year:
            continue
        if month and not period.start.month == period.end.month == month:
            continue
        if day is None or (period.point and period.start.day == day):
            return True
    return False
