"""Candidate answers: the words in the hits that may answer a question, each with its sentence, its day and how sure.

The reader points at words; what fits the kind of question stays ("when" needs a day, "how many" a number), and
every candidate is put on one scale, so that those of different passages can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dateline.builtin.agreement import agreement
from dateline.builtin.confidence import Features, confidence, fit_of
from dateline.matching import share, share_of_names, stems
from dateline.model import Quotation
from dateline.people import NAME
from dateline.question import Question
from dateline.tellings import DATELINE, RETRACTED, explained, news_of, with_day
from index.days import Mention, Period, mentions
from index.passages import header
from index.search import Hit
from index.sentences import sentences

if TYPE_CHECKING:
    from models import Reader

# Spans taken of one passage.
_SPANS = 4
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBER = re.compile(
    r"\d|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores|hundreds?|"
    r"thousands?|millions?|billions?|half|third|quarter|once|twice|several|many|few)\b",
    re.I,
)
# An event told as news: "this visit", "his first trip there in almost 20 years", "the first since 2004".
_NEWS = re.compile(
    r"\b(?:this|the current|the present)\s+(?:\w+\s+)?(?:is\b|was\b|visit|trip|tour|journey|meeting|summit|talks|vote|"
    r"election|attack|strike|agreement|decision|announcement)|"
    r"\bfirst\b[^.;]{0,60}?\b(?:in|for|since)\s+(?:(?:almost|nearly|about|around|over|more than|at least)\s+)?"
    r"(?:\d+|an?|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|the)\b",
    re.I,
)
_ROUNDING = frozenset("the a an about some around more than nearly almost over at least people".split())
_OPEN = re.compile(r"\b(?:since|until|till|from|by|how long)\b", re.I)
_LONG = 20_000  # code points of an article that are looked through for the names of a question
_LENGTH_OF_TIME = re.compile(r"\b(?:second|minute|hour|day|night|week|month|year|decade|centur)", re.I)
# "Thirteen of the 22": the count is thirteen. "The Great Hall" goes on "of the People".
_SHARE = re.compile(
    r"(?<=\w) of (?:the|its|their|all) (?:\d+|two|three|four|five|six|seven|eight|nine|ten|\w+teen|twenty)\b.*\Z", re.S
)
# "95 million from 80 million": what it was before is no part of what it is.
_FROM = re.compile(r"(?<=\w),? (?:up |down )?(?:from|compared with|against) (?:about |some )?\d.*\Z", re.S)
_NAME_GOES_ON = re.compile(r" of (?:the )?[A-Z]\w+")
_BETWEEN = re.compile(r"\b[Bb]etween (?P<both>(?P<first>\d[\d,.]*) and \d[\d,.]*\d)")
# "Ada Finch, head of the school, played": who it was is the name.
_NAME_ALONE = re.compile(rf"(?P<name>{NAME})(?:, [a-z]| (?:has|had|is|was|will|who|said|played|took|came|won|made)\b)")
_EDGES = " \t\n,;:.–—-\"“”‘’'()[]"


@dataclass(frozen=True)
class Candidate:
    """Words that may answer, `article.text[start:end]`, in the sentence `sentence`.

    `period` is the time of what they say, where the sentence names one; `times` are all that it names.
    """

    hit: Hit
    start: int
    end: int
    sentence: tuple[int, int]
    value: str
    period: Period | None
    times: tuple[Period, ...]
    confidence: float
    features: Features
    whole: bool  # all names and words of the question stand around the sentence
    previous: tuple[int, int] | None = None  # the sentence before it
    dated_by: tuple[int, int] | None = None  # another sentence that gives the day of this one
    taken_back: str = ""  # what an article said first, where `value` is its correction

    @property
    def dated(self) -> bool:
        """Whether the answer is a time."""
        return self.period is not None and self.value == str(self.period)

    @property
    def quotation(self) -> Quotation:
        return explained(self.hit.article, self.sentence, self.previous)

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """The sentence, and the one that gives its day where it does not itself."""
        return with_day(self.quotation, self.dated_by)

    @cached_property
    def key(self) -> str:
        """The same for two candidates that give the same answer."""
        words = re.findall(r"\w+", self.value.lower())
        return " ".join(word for word in words if word not in _ROUNDING)


def candidates(question: Question, hits: Sequence[Hit], reader: Reader) -> list[Candidate]:
    """Every fitting span of every hit, most confident first."""
    found: list[Candidate] = []
    passages = [(header(hit.article.title, hit.article.published), hit.text) for hit in hits]
    for hit, reading in zip(hits, reader.read(question.read_as, passages), strict=True):
        place = Place(question, hit, hits[0].score, reading.relevance)
        spans = (
            place.candidate(hit.start + span.start, hit.start + span.end, span.score - reading.null)
            for span in reading.spans
        )
        best: dict[object, Candidate] = {}
        for candidate in spans:
            # One telling of an event has one time: the best date of a sentence is the one that answers "when".
            key = candidate and (candidate.sentence if question.kind == "when" else (candidate.sentence, candidate.key))
            if candidate and key not in best and len(best) < _SPANS:
                best[key] = candidate
        if question.kind == "when" and reading.spans:
            found.extend(place.reported(reading.margin))
        found.extend(best.values())
    return sorted(found, key=lambda candidate: -candidate.confidence)


class Place:
    """One hit, with its sentences and the times they mention."""

    def __init__(self, question: Question, hit: Hit, best: float, relevance: float = 0.0) -> None:
        """`best` is the search score of the best hit, `relevance` the reader's of this one."""
        self.question = question
        self.hit = hit
        self.best = best
        self.relevance = relevance
        self.text = hit.article.text
        self.sentences = sentences(self.text, hit.start, hit.end)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The times the passage mentions, at their place in the article."""
        found = mentions(self.hit.text, self.hit.article.published)
        return tuple(
            Mention(self.hit.start + mention.start, self.hit.start + mention.end, mention.period, mention.relative)
            for mention in found
        )

    def candidate(self, start: int, end: int, margin: float) -> Candidate | None:
        """The span as a candidate, None where it does not fit the kind of question."""
        index = next((i for i, (first, last) in enumerate(self.sentences) if first <= start < last), None)
        if index is None:
            return None
        sentence = self.sentences[index]
        start, end = self._trimmed(start, end, sentence[0])
        if start >= end or end > sentence[1]:  # no answer runs over the end of a sentence
            return None
        within = [mention for mention in self.mentions if sentence[0] <= mention.start < sentence[1]]
        value, period = self._value(start, end, within)
        if value is None or self._repeats(value, period):
            return None
        times = tuple(mention.period for mention in within)
        fits = self._fits(index, start, end)
        if not fits or RETRACTED.search(self._told(index)):
            return None
        features = self.judged(index, margin, fits)
        whole = features.terms == features.near == fits == 1
        return Candidate(
            self.hit,
            start,
            end,
            sentence,
            value,
            period,
            times,
            confidence(features),
            features,
            whole,
            self._before(index),
        )

    def _fits(self, index: int, start: int, end: int) -> float:
        """How well the words `text[start:end]` of a sentence fit what is asked, from 0 to 1."""
        first = self.sentences[index][0]
        before = self.text[slice(*(self._before(index) or (0, 0)))]
        return agreement(self.question, self._told(index), before, start - first, end - first)

    def _told(self, index: int) -> str:
        """A sentence on one line, as long as it is."""
        return self.text[slice(*self.sentences[index])].replace("\n", " ")

    def reported(self, margin: float) -> list[Candidate]:
        """Sentences that tell of the event as this article's own news: it is of the article's day, whatever they name.

        "This is his first visit to China in almost 20 years": the visit is now, the years are those without one.
        """
        found = []
        for index, sentence in enumerate(self.sentences):
            news = _NEWS.search(self.text, *sentence)
            reported = news_of(self.hit.article) if news else None
            if news is None or reported is None:
                continue
            fits = self._fits(index, news.start(), news.end())
            features = self.judged(index, margin, fits)
            if fits and features.terms == features.near == 1:
                place = (self.hit, news.start(), news.end(), sentence)
                sure, back = confidence(features), self._before(index)
                day = reported.day
                found.append(Candidate(*place, str(day), day, (day,), sure, features, True, back, reported.sentence))
        return found

    def _value(self, start: int, end: int, within: list[Mention]) -> tuple[str | None, Period | None]:
        """The answer as it is written, and the time of the statement, from the times that its sentence names."""
        text = self.text[start:end]
        pointed = [mention for mention in within if mention.start < end and start < mention.end]
        nearest = min(within, key=lambda mention: _apart(mention, start, end), default=None)
        period = (pointed[0] if pointed else nearest).period if nearest else None
        match self.question.kind:
            case "when":
                # "since July 2000" is the time of a state, an answer only to "since when".
                if period is None or (period.open and not _OPEN.search(self.question.standalone)):
                    return None, None
                return str(period), period
            case "how-many":
                # A day is no count, though it has a number in it.
                counted = _NUMBER.search(text) and not (pointed and pointed[0].start <= start and end <= pointed[0].end)
                return (text if counted else None), period
            case "how-long":
                return (text if _LENGTH_OF_TIME.search(text) or pointed else None), period
            case "either":
                return (text if share(stems(self.question.core), text.split()) == 1 else None), period
            case "who" if name := _NAME_ALONE.match(text):
                return name["name"], period
            case "who" | "where":
                return (text if any(letter.isupper() for letter in text) else None), period
        return text, period

    def _repeats(self, value: str, period: Period | None) -> bool:
        """Whether an answer says no more than the question does."""
        if self.question.kind == "either":
            return False
        if self.question.kind == "when":
            return period is not None and period in (self.question.time.period, self.question.time.window)
        return share(stems(self.question.standalone), value.split()) == 1

    def judged(self, index: int, margin: float, fits: float = 1.0) -> Features:
        """What speaks for an answer in the sentence of that number."""
        around = self.around(index)
        return Features(
            margin=margin,
            relevance=self.relevance,
            terms=share(around, self.question.terms),
            in_sentence=share(self._words(index), self.question.terms),
            near=share_of_names(around, self.question.names),
            in_article=share_of_names(self._article, self.question.names),
            cosine=self.hit.cosine or 0.0,
            search=self.hit.score / self.best if self.best else 0.0,
            fit=fit_of(fits),
        )

    def _before(self, index: int) -> tuple[int, int] | None:
        return self.sentences[index - 1] if index else None

    def around(self, index: int) -> frozenset[str]:
        """The words of the title, the sentence, and the one before it, which says what its pronouns stand for."""
        return stems(self.hit.article.title) | self._words(index) | (self._words(index - 1) if index else frozenset())

    @cached_property
    def _article(self) -> frozenset[str]:
        return stems(f"{self.hit.article.title}\n{self.text[:_LONG]}")

    def _words(self, index: int) -> frozenset[str]:
        first, last = self.sentences[index]
        return stems(self.text[first:last])

    def _trimmed(self, start: int, end: int, sentence: int) -> tuple[int, int]:
        filed = DATELINE.match(self.text, sentence)
        start = max(start, filed.end()) if filed else start
        while start < end and self.text[start] in _EDGES:
            start += 1
        while end > start and self.text[end - 1] in _EDGES:
            end -= 1
        if self.text[start:end].lower().endswith(("'s", "’s")):
            end -= 2
        if share := _SHARE.search(self.text, start, end) or _FROM.search(self.text, start, end):
            end = share.start()
        elif self.text[start : start + 1].isupper() and (rest := _NAME_GOES_ON.match(self.text, end)):
            end = rest.end()
        span = _BETWEEN.search(self.text, max(sentence, start - 9), min(len(self.text), end + 30))
        if span and span.start("first") <= start and end <= span.end():
            start, end = span.span("both")
        if start < end:
            # A number is never cut: the network's word pieces make three of "37,000".
            for number in _DIGITS.finditer(self.text, max(sentence, start - 20), min(len(self.text), end + 20)):
                if number.start() < start < number.end():
                    start = number.start()
                if number.start() < end < number.end():
                    end = number.end()
        return start, end


def _apart(mention: Mention, start: int, end: int) -> int:
    return max(mention.start - end, start - mention.end, 0)
