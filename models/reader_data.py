"""What the reader learns from: windows of questions and passages, and statements beside what should support them.

Two thirds of the windows have a made-up title and day in front, as passages have at run time. Negatives are made to
look right: a name, a number or a noun of the question changed, a question asked of another subject, the passage of
another record that shares most of the question's rare words, another part of the same text.
"""

from __future__ import annotations

import collections
import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from reader_frames import Case, Statement
from reader_news import Article, Asked
from reader_sources import Record
from tokenizers import Tokenizer

CLS, SEP = 101, 102
WINDOW = 200  # word pieces in all
# Passages at run time are of all lengths; short windows cost less, and what is learned on them holds on long ones.
ROOMS = (WINDOW, WINDOW, 150, 110)
NEWS_ROOMS = (WINDOW, 150, 110, 110)
STATEMENT_ROOM = 110
QUESTION = 48
HEADER = 40
STATEMENT = 90
LONGEST_SPAN = 40
MONTHS = "January February March April May June July August September October November December".split()
NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*\b")
NUMBER = re.compile(r"\b\d[\d,.]*\b")
NOUN = re.compile(r"\b[a-z]{5,}\b")
RARE = re.compile(r"[A-Za-z]{5,}|\d{4}")
SENTENCE = re.compile(r"[A-Z][^.!?\n]{40,250}[.!?](?=\s|$)")
BREAK = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
STRETCH = 900  # code points of evidence beside a claim
OPPOSITES = dict(
    pair
    for one, other in (
        ("before", "after"),
        ("more", "fewer"),
        ("rose", "fell"),
        ("won", "lost"),
        ("first", "last"),
        ("increased", "decreased"),
        ("higher", "lower"),
        ("began", "ended"),
        ("north", "south"),
        ("east", "west"),
        ("largest", "smallest"),
        ("accepted", "rejected"),
        ("all", "none"),
        ("always", "never"),
        ("with", "without"),
        ("was", "was not"),
        ("is", "is not"),
        ("were", "were not"),
        ("are", "are not"),
        ("can", "cannot"),
        ("has", "has not"),
        ("had", "had not"),
    )
    for pair in ((one, other), (other, one))
    if " " not in pair[0]
)


class Example(NamedTuple):
    """[CLS] question [SEP] header and passage [SEP], with what each head should say of it."""

    pieces: list[int]
    second: int  # where header and passage begin
    start: int = 0  # the answer's first and last piece, 0 and 0 where there is none
    end: int = 0
    relevant: float | None = None  # whether the passage answers the question; None teaches that head nothing
    supported: float | None = None  # whether the passage supports the statement that stands in the question's place


class Maker:
    """Turns records into examples, and makes those without an answer."""

    def __init__(self, tokenizer: Tokenizer, rows: list[Record], seed: int, dayless: Callable[[str], str]) -> None:
        """`dayless` takes the days out of a text."""
        self.tokenizer = tokenizer
        self.dayless = dayless
        self.random = random.Random(seed)
        self.names = sorted({found.group() for row in rows for found in NAME.finditer(row["question"])})
        self.nouns = sorted({found.group() for row in rows for found in NOUN.finditer(row["question"])})
        self.contexts = list(dict.fromkeys(row["context"] for row in rows if len(row["context"]) < 4000))
        self.named = [row["question"] for row in rows if len(NAME.findall(row["question"])) == 1]
        self.answers: dict[str, list[str]] = collections.defaultdict(list)
        for row in rows:
            if row["answerable"]:
                self.answers[row["context"]].append(row["answers"][0]["text"])
        self.holding: dict[str, list[int]] = collections.defaultdict(list)
        for number, context in enumerate(self.contexts):
            for word in set(RARE.findall(context)):
                self.holding[word].append(number)

    # -- Questions --

    def examples(self, row: Record) -> list[Example | None]:
        question, context = row["question"], row["context"]
        if not row["answerable"]:
            return [self.window(question, context, None, relevant=None)]
        answers = row["answers"]
        given = answers[0] if self.random.random() < 0.7 else self.random.choice(answers)
        answer = (given["answer_start"], given["answer_start"] + len(given["text"]))
        made = [self.window(question, context, answer)]
        roll = self.random.random()
        if len(context) > 3000:
            made.append(self.elsewhere(question, context, answer))
        elif roll < 0.16:
            changed = self.near_miss(question, context)
            made.append(self.window(changed, context, None, relevant=None) if changed else None)
        elif roll < 0.21:
            other = self.of_another(context)
            made.append(self.window(other, context, None, relevant=None) if other else None)
        elif roll < 0.45:
            alike = self.alike(question, context, given["text"])
            made.append(self.window(question, alike, None) if alike else None)
        elif roll < 0.48:
            other = self.random.choice(self.contexts)
            made.append(self.window(question, other, None) if given["text"].lower() not in other.lower() else None)
        return made

    def window(
        self,
        question: str,
        context: str,
        answer: tuple[int, int] | None,
        relevant: float | None = 0.0,
        title: str = "",
        published: date | None = None,
        room: int | None = None,
    ) -> Example | None:
        """A stretch of `context` behind the question, with `answer` in it where there is one; None if it won't fit."""
        asked = self._encode(question).ids[:QUESTION]
        head = self._encode(self.header(context, title, published)).ids[:HEADER]
        encoded = self._encode(context)
        room = min(WINDOW - len(asked) - len(head) - 3, room or self.random.choice(ROOMS))
        begin = len(asked) + 2 + len(head)
        if answer is None:
            first = self.random.randint(0, max(0, len(encoded.ids) - room))
            start = end = 0
        else:
            touched = [at for at, (a, b) in enumerate(encoded.offsets) if b > answer[0] and a < answer[1]]
            if not touched or touched[-1] - touched[0] >= min(LONGEST_SPAN, room):
                return None
            low, high = max(0, touched[-1] - room + 1), min(touched[0], max(0, len(encoded.ids) - room))
            first = self.random.randint(min(low, high), max(low, high))
            start, end = begin + touched[0] - first, begin + touched[-1] - first
            if start < begin or end >= begin + room:
                return None
            relevant = 1.0
        pieces = [CLS, *asked, SEP, *head, *encoded.ids[first : first + room], SEP]
        return Example(pieces, len(asked) + 2, start, end, relevant)

    def header(self, context: str, title: str = "", published: date | None = None) -> str:
        """A title and a day, as stand in front of a passage at run time; where none are given, made up or left out."""
        if published:
            return f"{title}. {published.day} {published:%B %Y}.\n"
        if not title and self.random.random() < 0.35:
            return ""
        words = context.split()
        at = self.random.randrange(max(1, len(words) - 8))
        title = title or " ".join(words[at : at + self.random.randint(3, 9)]).strip(",.;:")
        day = f"{self.random.randint(1, 28)} {self.random.choice(MONTHS)} {self.random.randint(1995, 2024)}"
        return f"{title}. {day}.\n" if self.random.random() < 0.8 else f"{title}.\n"

    def told(self, case: Case) -> Example | None:
        """A question and a passage made of frames."""
        relevant = None if case.near else 0.0
        return self.window(case.question, case.passage, case.answer, relevant, case.title, room=WINDOW)

    def reported(self, article: Article, others: Sequence[Article]) -> Iterator[Example | None]:
        """An article's questions beside it, and beside articles about the same place that do not answer them."""
        for asked in article.answered:
            told = {"title": article.title, "published": article.day, "room": self.random.choice(NEWS_ROOMS)}
            yield self.window(asked.question, article.text, (asked.start, asked.end), **told)
            answer = article.text[asked.start : asked.end]
            if self.random.random() < 0.3:
                yield self.elsewhere(asked.question, article.text, (asked.start, asked.end), **told)
            if self.random.random() < 0.5 and (other := self._nearest(asked, others, answer)):
                near = _closest(asked.question, other.text)
                yield self.window(asked.question, near, None, **told | {"title": other.title, "published": other.day})
            elif self.random.random() < 0.3 and (changed := self.near_miss(asked.question, article.text)):
                yield self.window(changed, article.text, None, relevant=None, **told)
        for question in article.unanswered:
            yield self.window(question, article.text, None, relevant=None, title=article.title, published=article.day)

    def _nearest(self, asked: Asked, others: Sequence[Article], answer: str) -> Article | None:
        """One of the three articles that share most with the question and lack its answer."""
        words = set(RARE.findall(asked.question))
        lacking = [other for other in others if not _stands(answer, other.text)]
        lacking.sort(key=lambda other: -sum(word in other.text for word in words))
        return self.random.choice(lacking[:3]) if lacking else None

    def elsewhere(self, question: str, context: str, answer: tuple[int, int], **told: Any) -> Example | None:
        """A window of the same long text, away from the answer."""
        side = max(context[: answer[0]], context[answer[1] :], key=len)
        if len(side) <= 600 or _stands(context[slice(*answer)], side):
            return None
        return self.window(question, side, None, **told)

    def alike(self, question: str, context: str, answer: str) -> str | None:
        """The context of another record that shares most rare words with the question and lacks the answer."""
        votes: collections.Counter[int] = collections.Counter()
        for word in sorted(set(RARE.findall(question))):
            if len(self.holding[word]) < 400:
                votes.update(self.holding[word])
        near = [self.contexts[number] for number, _ in votes.most_common(6)]
        return next((other for other in near if other != context and answer.lower() not in other.lower()), None)

    def near_miss(self, question: str, context: str) -> str | None:
        """The question with a name, a number or a noun changed to one that the passage lacks: not answered any more."""
        spots = [*NAME.finditer(question), *NUMBER.finditer(question)]
        pool = self.names
        if not spots or self.random.random() < 0.2:
            spots = [spot for spot in NOUN.finditer(question) if spot.group() in context]
            pool = self.nouns
        if not spots:
            return None
        spot = self.random.choice(spots)
        new = self.random.choice(pool)
        if spot.group()[0].isdigit():
            new = self.other_number(spot.group()) or ""
        if not new or new.lower() in context.lower() or new.lower() in question.lower():
            return None
        return question[: spot.start()] + new + question[spot.end() :]

    def of_another(self, context: str) -> str | None:
        """A question about somebody else, asked of somebody whom this passage names: it says nothing of the kind."""
        names = NAME.findall(context)
        if not names:
            return None
        asked = self.random.choice(self.named)
        if sum(word in context for word in RARE.findall(asked)) > 1:
            return None
        return NAME.sub(self.random.choice(names), asked, count=1)

    def other_number(self, text: str) -> str | None:
        digits = re.sub(r"\D", "", text)
        new = int(digits) + self.random.choice((-30, -7, -3, -2, -1, 1, 2, 3, 9, 40)) if 0 < len(digits) < 7 else -1
        return str(new) if new >= 0 else None

    # -- Statements --

    def statements(self, rows: list[Record]) -> Iterator[Example | None]:
        """Statements made of questions and their answers, right and wrong ones, and of the passages' own sentences."""
        for row in rows:
            question, context = row["question"], row["context"]
            if len(context) > 4000:
                continue
            if not row["answerable"]:
                if others := self.answers[context]:
                    yield self.pair(stated(question, self.random.choice(others)), context, None, 0.0)
                continue
            answer = row["answers"][0]
            text, place = answer["text"], answer["answer_start"]
            if len(text) > 80:
                continue
            if self.random.random() < 0.12:
                yield self.retold(context)
            roll = self.random.random()
            if roll < 0.45:
                yield self.pair(stated(question, text), context, place, 1.0)
            elif roll < 0.75:
                if other := self.other_answer(text, context):
                    yield self.pair(stated(question, other), context, place, 0.0)
            elif roll < 0.88:
                if changed := self.near_miss(question, context):
                    yield self.pair(stated(changed, text), context, place, 0.0)
            elif alike := self.alike(question, context, text):
                yield self.pair(stated(question, text), alike, None, 0.0)

    def other_answer(self, answer: str, context: str) -> str | None:
        """Words of the same shape in the same passage: a number for a number, a name for a name."""
        found = self.answers[context] + (NUMBER if answer[:1].isdigit() else NAME).findall(context)
        other = self.random.choice(found)
        alike = other[:1].isdigit() == answer[:1].isdigit() and other[:1].isupper() == answer[:1].isupper()
        apart = not set(other.lower().split()) & set(answer.lower().split())
        return other if alike and apart and len(other) < 80 else None

    def retold(self, context: str) -> Example | None:
        """A sentence of the passage with less in it, or with one thing turned false."""
        sentences = SENTENCE.findall(context)
        if not sentences:
            return None
        told = self.random.choice(sentences)
        place = context.index(told)
        if self.random.random() < 0.4:
            parts = told.split(", ")
            return self.pair(", ".join(parts[: max(1, len(parts) - 1)]), context, place, 1.0)
        words = told.split(" ")
        turned = [at for at, word in enumerate(words) if word in OPPOSITES]
        if turned and self.random.random() < 0.5:
            at = self.random.choice(turned)
            return self.pair(" ".join([*words[:at], OPPOSITES[words[at]], *words[at + 1 :]]), context, place, 0.0)
        spots = [*NAME.finditer(told), *NUMBER.finditer(told)]
        if not spots:
            return None
        spot = self.random.choice(spots)
        new = self.other_number(spot.group()) if spot.group()[0].isdigit() else self.random.choice(self.names)
        if not new or new == spot.group():
            return None
        return self.pair(told[: spot.start()] + new + told[spot.end() :], context, place, 0.0)

    def claims(self, rows: list[Record]) -> Iterator[Example | None]:
        """Claims that people judged, each beside the stretch of its evidence that shares most words with it.

        Where the evidence is longer than a stretch, a claim of several sentences is taken apart: all of a supported one
        hold, and of an unsupported one the only one that no supported claim on the same evidence has does not.
        """
        true: dict[str, set[str]] = collections.defaultdict(set)
        for row in rows:
            if row["supported"]:
                true[row["evidence"]].update(BREAK.split(row["claim"]))
        told: dict[tuple[str, str], float] = {}
        for row in rows:
            claim, evidence, supported = row["claim"], row["evidence"], float(row["supported"])
            parts = BREAK.split(claim)
            if len(evidence) <= STRETCH or row["source"] == "wice":
                told[evidence, claim] = supported
            elif supported:
                told.update({(evidence, part): 1.0 for part in parts})
            elif len(rest := [part for part in parts if part not in true[evidence]]) == 1:
                told[evidence, rest[0]] = 0.0
        for (evidence, claim), supported in told.items():
            yield self.pair(claim, _closest(claim, evidence), None, supported, whole=True)

    def stated(self, article: Article) -> Iterator[Example | None]:
        """An article's claims, each beside the stretch or the three sentences of it that share most words with it."""
        for claims, supported in ((article.supported, 1.0), (article.unsupported, 0.0)):
            for claim in claims:
                near = _closest(claim, article.text) if self.random.random() < 0.5 else _quoted(claim, article.text)
                yield self.pair(claim, near, None, supported, whole=True)

    def pair(
        self, statement: str, context: str, place: int | None, supported: float, whole: bool = False
    ) -> Example | None:
        """A statement beside a stretch of the context around `place` (in code points; anywhere where it is None).

        Both without their days, which are compared by value at run time; None where a day may be what makes it false.
        """
        bare = self.dayless(statement)
        if bare != statement and (not supported or len(bare.split()) < 3):
            return None
        said = self._encode(bare).ids[:STATEMENT]
        place = None if place is None else len(self.dayless(context[:place]))
        encoded = self._encode(self.dayless(context))
        room = WINDOW - len(said) - 3
        if not whole:
            room = min(room, self.random.choice((STATEMENT_ROOM, STATEMENT_ROOM, 60)))
        last = max(0, len(encoded.ids) - room)
        if place is None:
            first = self.random.randint(0, last)
        else:
            at = next((number for number, (_, b) in enumerate(encoded.offsets) if b > place), 0)
            first = min(last, max(0, at - self.random.randint(room // 4, room // 2)))
        pieces = [CLS, *said, SEP, *encoded.ids[first : first + room], SEP]
        return Example(pieces, len(said) + 2, supported=supported)

    def claimed(self, made: Statement) -> Example | None:
        """A claim and a passage made of frames."""
        return self.pair(made.claim, made.passage, None, float(made.supported), whole=True)

    def _encode(self, text: str) -> Any:
        return self.tokenizer.encode(text, add_special_tokens=False)


def _closest(claim: str, evidence: str) -> str:
    """The stretch of the evidence that shares most words with the claim."""
    words = set(RARE.findall(claim))
    starts = range(0, max(1, len(evidence) - STRETCH + 200), 200)
    best = max(starts, key=lambda at: sum(word in evidence[at : at + STRETCH] for word in words))
    return evidence[best : best + STRETCH]


def _quoted(claim: str, evidence: str) -> str:
    """The three sentences in a row of the evidence that share most words with the claim."""
    words, told = set(RARE.findall(claim)), BREAK.split(evidence)
    threes = [" ".join(told[at : at + 3]) for at in range(max(1, len(told) - 2))]
    return max(threes, key=lambda three: sum(word in three for word in words))


def _stands(answer: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.I) is not None


_IS = re.compile(r"^(?:what|who|which)\s+(is|was|are|were)\s+(.+?)\s*\?*$", re.I)
_SUBJECT = re.compile(
    r"^(?:who|what)\s+(?!did|does|do|has|had|have|can|could|will|would|should|is|was|are|were)(.+?)\s*\?*$", re.I
)
_ASKED = re.compile(
    r"^(?:(?:in|on|at|by|for|from|to|with)\s+)?"
    r"(?:how (?:many|much|long|old|often)|who|whom|whose|what|which|when|where|why|how)\b\s*"
    r"(?:year|day|month|date|did|does|do|was|were|is|are)?\s*(?:did|does|do|was|were|is|are)?\s*(.+?)\s*\?*$",
    re.I,
)


def stated(question: str, answer: str) -> str:
    """A question and an answer as one statement, in rough English: its words carry what it says."""
    if found := _IS.match(question):
        return f"{found[2]} {found[1]} {answer}"
    if found := _SUBJECT.match(question):
        return f"{answer} {found[1]}"
    if found := _ASKED.match(question):
        return f"{found[1]} {answer}"
    return f"{question.rstrip('? ')} {answer}"
