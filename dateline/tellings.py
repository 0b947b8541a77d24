"""What the articles tell, sentence by sentence: each with its day, the times it names and the people it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dateline.matching import stems
from dateline.model import Quotation
from index.articles import Article
from index.days import Mention, Period, mentions
from index.search import Hit
from index.sentences import sentences

_TOP = 700  # code points that hold an article's headline and lead
_LEAD_LINES = 250
_STALE = 7  # days between the news and its report
_LEAD = 2  # sentences at the top of an article that say what it is about
# "DAMASCUS - " and "MOSCOW, Dec 9 (Wire) -": where a report was filed, in front of its first sentence.
DATELINE = re.compile(
    r"[A-Z][A-Z .,'’/-]+(?:(?<=, )[A-Z][\w .]{2,25}?)?(?:,? [A-Za-z]+\.? \d{1,2}(?:, \d{4})?)?"
    r"(?: \([^)]{2,30}\))? [-–—]{1,2} "
)
# An article's word on its own mistake, and the words that hold what was wrong.
_CORRECTION = re.compile(
    r"\b(?:correction|corrected|clarification|earlier version|misstated|misreported|mistakenly|wrongly|"
    r"erroneously|inaccurately|in error|"
    r"should have (?:said|read|been)|first gave|originally (?:said|stated|gave))\b",
    re.I,
)
RETRACTED = re.compile(
    r"\b(?:earlier version|previous version|first gave|misstated|misreported|mistakenly|wrongly|"
    r"erroneously|inaccurately|incorrectly|in error|"
    r"originally (?:said|stated|gave)|was named in|we (?:wrote|reported|said|gave)(?:, [^,]{3,60},)? that|"
    r"(?:same|our) report (?:gave|said))\b",
    re.I,
)
# A sentence that begins so speaks of what the one before it names. "It is raining" is quoted with more than it needs.
_TAKES_UP = re.compile(r"[\"“‘']?(?:He|She|It|They|His|Her|Hers|Its|Their|Theirs|Both|This|These|That|Those)\b")
_HELD = re.compile(r"\b(?:t(?:ook|aken) place|happened|occurred)\W(?:\w+\W){0,2}\Z")
_NEAR = 400  # code points of a sentence that is quoted only for whom the next one speaks of


@dataclass(frozen=True)
class News:
    """The day that an article reports on, and the sentence that gives it, where one does."""

    day: Period
    sentence: tuple[int, int] | None = None


def news_of(article: Article) -> News | None:
    """The day named near an article's top, shortly before its own day; else its own day, where it has one.

    "A video was published on Thursday of a talk that took place the day before": the news is the talk's day.
    """
    published = article.published
    if published is None:
        return None
    found = mentions(article.text[:_TOP], published)
    days = [mention for mention in found if mention.period.unit == "day" and _is_news(mention.period, published)]
    if not days:
        return News(Period(published, published, "day"))
    around = sentences(article.text, 0, min(len(article.text), 2 * _TOP))
    sentence = next((place for place in around if place[0] <= days[0].start < place[1]), None)
    end = sentence[1] if sentence else days[0].end
    held = (day for day in days if day.start < end and _HELD.search(article.text, max(0, day.start - 30), day.start))
    return News(next(held, days[0]).period, sentence)


def _is_news(period: Period, published: date) -> bool:
    return bool(period.point and period.start and 0 <= (published - period.start).days <= _STALE)


def explained(article: Article, sentence: tuple[int, int], previous: tuple[int, int] | None) -> Quotation:
    """The sentence as a quotation, with the one before it where a pronoun at its front stands for somebody there."""
    start, end = sentence
    if previous is not None and previous[1] - previous[0] <= _NEAR and _TAKES_UP.match(article.text, start):
        start = previous[0]
    return Quotation(article, start, end)


def with_day(quotation: Quotation, dated_by: tuple[int, int] | None) -> tuple[Quotation, ...]:
    """The quotation, and the sentence that gives its day where it does not itself."""
    if dated_by is None or quotation.start <= dated_by[0] and dated_by[1] <= quotation.end:
        return (quotation,)
    return quotation, Quotation(quotation.article, *dated_by)


@dataclass(frozen=True)
class Telling:
    """One sentence of an article, `article.text[start:end]`, the `number`th of its article's sentences."""

    article: Article
    start: int
    end: int
    number: int
    previous: tuple[int, int] | None = None

    @property
    def filed(self) -> str:
        """The place that the article was filed from, as its first line gives it; else its source's name."""
        match = DATELINE.match(self.article.text)
        return match.group() if match else self.article.source

    @property
    def quotation(self) -> Quotation:
        return explained(self.article, (self.start, self.end), self.previous)

    @cached_property
    def text(self) -> str:
        """The sentence on one line, without the place it was filed from; as long as in the article."""
        text = self.article.text[self.start : self.end].replace("\n", " ")
        filed = DATELINE.match(text)
        return " " * filed.end() + text[filed.end() :] if filed else text

    @cached_property
    def before(self) -> str:
        """The sentence in front of it, which says what its pronouns stand for."""
        return self.article.text[slice(*self.previous)].replace("\n", " ") if self.previous else ""

    @cached_property
    def words(self) -> frozenset[str]:
        return stems(self.article.text[self.start : self.end])

    @cached_property
    def around(self) -> frozenset[str]:
        """The words of the title, the sentence and the one before it."""
        return stems(f"{self.article.title}\n{self.before}") | self.words

    @cached_property
    def located(self) -> frozenset[str]:
        """The words of the title and of the place that the article was filed from."""
        return stems(f"{self.article.title}\n{self.filed}")

    @cached_property
    def lead(self) -> frozenset[str]:
        """The words of the title and the first lines: where the article's news took place, and whose it is."""
        return stems(f"{self.article.title}\n{self.filed}\n{self.article.text[:_LEAD_LINES]}")

    @cached_property
    def times(self) -> tuple[Mention, ...]:
        """The times that the sentence names, placed by its own offsets."""
        return mentions(self.text, self.article.published)

    @property
    def published(self) -> date | None:
        return self.article.published

    @property
    def leads(self) -> bool:
        """Whether it stands at the top of its article, and so tells its news."""
        return self.number < _LEAD

    @cached_property
    def reported(self) -> News | None:
        return news_of(self.article)

    @property
    def news(self) -> Period | None:
        """The day that the article reports on."""
        return self.reported.day if self.reported else None

    @property
    def corrects(self) -> bool:
        """Whether it is part of an article's correction."""
        return bool(_CORRECTION.search(self.text) or _CORRECTION.search(self.before) and "orrect" in self.before)

    @property
    def retracted(self) -> bool:
        """Whether what it says is what turned out wrong."""
        return bool(RETRACTED.search(self.text))


def tellings(hits: Sequence[Hit]) -> list[Telling]:
    """The sentences of the passages, each once, in the order of the hits."""
    found: dict[tuple[str, int], Telling] = {}
    for hit in hits:
        for telling in _of(hit):
            found.setdefault((hit.article.id, telling.start), telling)
    return list(found.values())


def _of(hit: Hit) -> Iterable[Telling]:
    """A passage's sentences; the one before the first belongs to the passage before it."""
    back = max(0, hit.start - _TOP)
    whole = sentences(hit.article.text, back, hit.end)
    early = len(sentences(hit.article.text, 0, min(back, _TOP))) if back else 0
    for number, (start, end) in enumerate(whole):
        if start >= hit.start:
            yield Telling(hit.article, start, end, early + number, whole[number - 1] if number else None)


def said(value: str, telling: Telling, lead: str = "") -> str:
    """A statement as a person reads it: the answer, then the sentence with where it stands and of which day."""
    value = f"{lead}: {value}" if lead else value[:1].upper() + value[1:]
    return f"{value}. {quoted(telling.quotation)}"


def quoted(quotation: Quotation) -> str:
    """A quotation in quotation marks, with its source and the day of its article."""
    article = quotation.article
    day = f"{article.published.day} {article.published:%B %Y}" if article.published else "undated"
    return f"“{' '.join(quotation.quote.split())}” ({article.source or article.title}, {day})"
