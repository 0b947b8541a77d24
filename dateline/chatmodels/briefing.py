"""What a chat model is given: the question and numbered, dated passages, fenced off as text that others wrote.

A fence is a word made from the passages themselves, so that no article can contain it: an article would have to hold
the hash of a text that it is part of. The same passages give the same prompt, so that answers can be kept by content.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import prompts
from dateline.matching import share, stems
from dateline.model import Draft, Quotation
from index.days import Period, mentions
from index.sentences import sentences

if TYPE_CHECKING:
    from dateline.followups.followup import Turn
    from dateline.question import Question
    from index.search import Hit

Form = Literal["json", "markers"]

_MOST_PASSAGES = 12  # more only bury the ones that matter
_MOST_TIMES = 8
_BYTES_PER_TOKEN = 3.0  # English runs at four and over; digits, names and other alphabets below
_QUOTED = 3  # hits that come first because the built-in reader quotes them
_NEAR = 0.5  # the share of the question's words in a sentence whose days are noted
_TITLE = 160  # characters
_SENTENCE = 240  # characters


@dataclass(frozen=True)
class Brief:
    """A prompt and the hits behind its numbers: passage n is `hits[n - 1]`."""

    messages: prompts.Messages
    hits: tuple[Hit, ...]

    @property
    def tokens(self) -> int:
        return tokens(self.messages.text)


def brief(question: Question, hits: Sequence[Hit], room: int, form: Form, found: Draft | None = None) -> Brief:
    """The prompt for a question: as many of the hits, best first, as `room` tokens hold, at least one.

    A passage whose words stand in an earlier one of the same day is left out: it would cost room and prove nothing.
    `found` is what the built-in reader quotes: the hits that it quotes from come first, and it goes into the notes.
    """
    found = found or Draft()
    kept: list[Hit] = []
    seen: set[tuple[date | None, str]] = set()
    left = (
        room
        - tokens(_render(question, (), form, found).text)
        - tokens(_notes(question, hits[:_MOST_PASSAGES], found, ""))
    )
    quoted = [
        hit for hit in hits if any(_lies_in(quotation, hit) for claim in found.claims for quotation in claim.quotations)
    ]
    hits = list(dict.fromkeys([*quoted[:_QUOTED], *hits]))
    for hit in hits:
        told = hit.article.published, " ".join(hit.text.split())
        if told in seen:
            continue
        left -= tokens(_passage(len(kept) + 1, hit, "0" * 12))
        if kept and (left < 0 or len(kept) == _MOST_PASSAGES):
            break
        kept.append(hit)
        seen.add(told)
    return Brief(_render(question, kept, form, found), tuple(kept))


def rewriting(question: str, history: Sequence[Turn]) -> prompts.Messages:
    """The prompt that has a follow-up rewritten to stand alone; answers are cut to their first 300 characters."""
    said = [f"Question: {visible(turn.question)}\nAnswer: {visible(turn.answer)[:300]}" for turn in history[-6:]]
    conversation = "\n".join(said)
    return prompts.render("rewrite", conversation=conversation, question=visible(question), fence=fence(conversation))


def tokens(text: str) -> int:
    """About how many tokens a text takes, rather too many than too few: models count each in their own way."""
    return int(len(text.encode()) / _BYTES_PER_TOKEN) + 1


def fence(text: str) -> str:
    """A word that no part of `text` can contain."""
    salt = 0
    while (word := hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()[:12]) in text:
        salt += 1
    return word


def visible(text: str) -> str:
    """Text without characters that no reader sees: zero-width, direction marks, tags, control characters."""
    kept = (c for c in text if unicodedata.category(c) not in {"Cf", "Co", "Cs"} and (c in "\n\t" or c.isprintable()))
    return "".join(kept)


def _render(question: Question, hits: Sequence[Hit], form: Form, found: Draft) -> prompts.Messages:
    mark = fence("\n".join([question.standalone, *(f"{hit.article.title}\n{hit.text}" for hit in hits)]))
    return prompts.render(
        "answer",
        passages="\n\n".join(_passage(number, hit, mark) for number, hit in enumerate(hits, start=1)),
        notes=_notes(question, hits, found, mark),
        question=_one_line(question.standalone),
        asked=f"{question.asked:%A}, {question.asked.isoformat()}",
        fence=mark,
        form=prompts.render(f"form_{form}").system,
        cannot_answer=prompts.CANNOT_ANSWER,
    )


def _notes(question: Question, hits: Sequence[Hit], found: Draft, mark: str) -> str:
    """The days of the passages in order, and what the built-in reader found, each with its passage's number."""
    lines = [f"{mark} day: {period}, passage {number}: {words}" for period, number, words in _days(question, hits)]
    for claim in found.claims:
        for quotation in claim.quotations:
            number = next((n for n, hit in enumerate(hits, start=1) if _lies_in(quotation, hit)), None)
            if number is not None:
                lines.append(f"{mark} first reading, passage {number}: {_one_line(quotation.quote)[:_SENTENCE]}")
    if lines and found.short:
        lines.append(f"{mark} first reading, in short: {_one_line(found.short)[:_TITLE]}")
    return "\n".join([f"{mark} notes", *lines, f"{mark} end"]) if lines else f"{mark} no notes"


def _days(question: Question, hits: Sequence[Hit]) -> list[tuple[Period, int, str]]:
    """The days that the passages tell of in sentences near the question, oldest first, with those sentences."""
    told: dict[tuple[str, int], tuple[float, Period, int, str]] = {}
    for number, hit in enumerate(hits, start=1):
        for start, end in sentences(hit.article.text, hit.start, hit.end):
            sentence = hit.article.text[start:end]
            near = share(stems(sentence), question.terms)
            for mention in mentions(sentence, hit.article.published):
                if near >= _NEAR and mention.period.start is not None:
                    told.setdefault((str(mention.period), number), (near, mention.period, number, sentence))
    nearest = sorted(told.values(), key=lambda day: -day[0])[:_MOST_TIMES]
    ordered = sorted(nearest, key=lambda day: (day[1].start or date.min, day[2]))
    return [(period, number, _one_line(sentence)[:_SENTENCE]) for _, period, number, sentence in ordered]


def _lies_in(quotation: Quotation, hit: Hit) -> bool:
    return quotation.article.id == hit.article.id and hit.start <= quotation.start and quotation.end <= hit.end


def _passage(number: int, hit: Hit, mark: str) -> str:
    article = hit.article
    published = f"{article.published:%A}, {article.published.isoformat()}" if article.published else "unknown"
    lines = [
        f"{mark} passage {number}",
        f"{mark} day of the article: {published}",
        f"{mark} title: {_one_line(article.title)[:_TITLE]}",
    ]
    if article.source:
        lines.append(f"{mark} source: {_one_line(article.source)[:_TITLE]}")
    times = _times(hit)
    if times:
        lines.append(f"{mark} times: {times}")
    return "\n".join([*lines, visible(hit.text).strip(), f"{mark} end"])


def _times(hit: Hit) -> str:
    """What each expression of time in the passage comes to: a model should never have to work out a day."""
    told: dict[str, str] = {}
    for mention in mentions(hit.text, hit.article.published):
        words = _one_line(hit.text[mention.start : mention.end])
        if words != str(mention.period):
            told.setdefault(words, f'"{words}" is {mention.period}')
    return "; ".join(list(told.values())[:_MOST_TIMES])


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", visible(text)).strip()
