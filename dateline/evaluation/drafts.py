"""Test cases proposed from articles, for a person to accept, edit or drop.

Without a model, a sentence that names one day and something by name becomes "When was it that ...?", with the day as
its answer and its place as the proof. A chat model asks in its own words, and of other things than days; of what it
writes only that is kept whose quotation stands in the article and backs the answer. What the articles say elsewhere
isn't looked at, so a draft may ask about something that happened more than once. Each line says "draft": true; a
person who accepts it takes that out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import prompts
from dateline.chatmodels.briefing import fence, visible
from dateline.citing import find
from dateline.evaluation.judge import Completes
from dateline.evaluation.support import supports
from dateline.evaluation.values import STOP_WORDS, normalised
from dateline.question import names
from dateline.tellings import DATELINE
from index.articles import Article
from index.days import mentions
from index.periods import MONTHS
from index.place import open_catalog
from index.sentences import sentences

_AN_ARTICLE = 2  # drafts of one article: ten on one event test one thing
_LENGTH = (40, 180)
# A subject that stands alone: a determiner, or a name; "he" and "For the first time" lean on something else.
_DETERMINER = re.compile(r"(?:The|A|An|Some|Two|Three|Four|Five|Six|Dozens|Hundreds|Thousands|Many|Most)\b")
_LEANS = frozenset("however another one soon less neither both between it's that's here's meanwhile today".split())
_SPEECH = re.compile(r"[\"“”„«»:;?!()\[\]]|\b(?:I|we|you|our|will|would|could|might|may)\b")
_PAST = re.compile(
    r"\b(?:was|were|had|did|said|[a-z]+ed|met|won|held|took|went|came|gave|made|began|left|told|sent|put|cut|set|"
    r"shot|fell|rose|flew|drew|grew|saw|led|lost|paid|sold|bought|brought|spoke|broke|wrote|ran|shut|hit)\b"
)
# Words before a day that make it the edge of something, and words after it that make it a name's part.
_EDGE = re.compile(
    r"\b(?:since|until|till|before|after|by|from|between|to|than|of|for|last|next)\s*(?:the\s*)?\Z", re.IGNORECASE
)
# What such a sentence speaks of stands in another one, or is still to come.
_ELSEWHERE = re.compile(r"\b(?:he|him|she|they|them|it|this|these|those|(?:was|were) to)\b", re.IGNORECASE)
_PREPOSITION = re.compile(r",?(?:\s+(?:early|late))?(?:\s+(?:on|in|at))?\s*\Z", re.IGNORECASE)


_KINDS = ("when", "who", "where", "how-many", "what", "why")
_ASKED = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "type": {"type": "string", "enum": list(_KINDS)},
        "answer": {"type": "string"},
        "quote": {"type": "string"},
    },
    "required": ["question", "type", "answer", "quote"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {"questions": {"type": "array", "items": _ASKED}},
    "required": ["questions"],
    "additionalProperties": False,
}
_TOKENS = 600  # of a reply
_READ = 8000  # characters of an article that a chat model reads
_LONGEST = 300  # characters of a question
_OF_THE_TEXT = re.compile(r"\b(?:articles?|reports? (?:say|mention)|passages?|according to the)\b", re.IGNORECASE)


class Indexed(Protocol):
    """What drafts need of an assistant: where its index lies."""

    @property
    def store(self) -> Path: ...


def propose(assistant: Indexed, most: int = 50, model: Completes | None = None) -> Iterator[dict[str, Any]]:
    """At most `most` lines of a test set, from articles spread evenly over the days of the index.

    `model` is a chat model that writes them, and is asked about as many articles at the most. Raises ModelError.
    """
    drafted = drafts if model is None else partial(written, model=model)
    catalog = open_catalog(assistant.store)
    try:
        keys = catalog.article_ids()
        # Every so many first, then the others: few drafts from many articles come from all their years.
        step = max(1, len(keys) // max(1, most))
        order = [key for first in range(step) for key in keys[first::step]]
        seen: set[str] = set()  # the copies of a story give the same questions
        for key in order[:most] if model is not None else order:
            article = catalog.article(key)
            for line in drafted(article) if article is not None else ():
                if len(seen) < most and (asked := normalised(line["question"])) not in seen:
                    seen.add(asked)
                    yield line
            if len(seen) >= most:
                return
    finally:
        catalog.close()


def drafts(article: Article) -> list[dict[str, Any]]:
    """The lines of a test set that one article gives, at most two."""
    found = []
    for start, end in sentences(article.text):
        question = _question(article, start, end)
        if question is not None:
            found.append(_line(article, *question, "when", start, end))
        if len(found) == _AN_ARTICLE:
            break
    return found


def written(article: Article, model: Completes) -> list[dict[str, Any]]:
    """The lines that a chat model makes of one article, at most two, those alone that hold. Raises ModelError."""
    shown = {
        "title": visible(article.title),
        "day": f"published {article.published}" if article.published else "undated",
        "text": visible(article.text[:_READ]),
    }
    filled = prompts.render("drafts", fence=fence("\n".join(shown.values())), most=str(_AN_ARTICLE), **shown)
    said, _ = model.complete(filled, _TOKENS, SCHEMA)
    return [line for told in _told(said) if (line := _held(article, told)) is not None][:_AN_ARTICLE]


def _told(said: str) -> list[Any]:
    """The questions of a reply, whatever stands around its JSON; none of a reply without any."""
    start, end = said.find("{"), said.rfind("}") + 1
    try:
        whole = json.loads(said[start:end])
    except (ValueError, RecursionError):
        return []
    questions = whole.get("questions") if isinstance(whole, dict) else None
    return questions if isinstance(questions, list) else []


def _held(article: Article, told: Any) -> dict[str, Any] | None:
    """A model's question as a line, if it can stand alone and its quotation stands in the article and backs it."""
    said = [told.get(name) for name in ("question", "answer", "quote")] if isinstance(told, dict) else []
    parts = [" ".join(visible(part).split()) for part in said if isinstance(part, str)]
    if len(parts) != 3:
        return None
    question, answer, quote = parts
    place = find(quote, article.text)
    if place is None or not question.endswith("?") or len(question) > _LONGEST or _OF_THE_TEXT.search(question):
        return None
    if not normalised(answer) or f" {normalised(answer)} " in f" {normalised(question)} ":
        return None
    known = normalised(f"{article.title} {article.text}").split()
    if not all(word in known for name in names(question) for word in normalised(" ".join(name)).split()):
        return None
    if not supports(answer, [(article, article.text[slice(*place)])]):
        return None
    kind = told.get("type")
    return _line(article, question, answer, kind if kind in _KINDS else "", *place)


def _line(article: Article, question: str, answer: str, kind: str, start: int, end: int) -> dict[str, Any]:
    digest = hashlib.sha256(f"{article.id}\n{question}".encode()).hexdigest()
    return {
        "id": f"draft-{digest[:10]}",
        "question": question,
        "answers": [answer],
        "articles": [article.id],
        "passages": [{"article": article.id, "start": start, "end": end}],
        "answerable": True,
        "type": kind,
        "draft": True,
    }


def _question(article: Article, start: int, end: int) -> tuple[str, str] | None:
    text = article.text[start:end]
    sentence = DATELINE.sub("", text, count=1)
    if not text.endswith(".") or "\n" in text or _SPEECH.search(text) or _ELSEWHERE.search(sentence):
        return None
    if not _stands_alone(sentence, article.text):
        return None
    named = mentions(sentence, article.published)
    if len(named) != 1 or not named[0].period.point or named[0].period.start is None:
        return None
    mention, day = named[0], named[0].period.start
    before, after = sentence[: mention.start], sentence[mention.end :]
    if not before or _EDGE.search(before) or re.match(r"['’\w-]", after):
        return None
    rest = " ".join(f"{_PREPOSITION.sub('', before)} {after}".split()).rstrip(". ").replace(" ,", ",")
    if not _LENGTH[0] <= len(rest) <= _LENGTH[1] or not names(rest) or not _PAST.search(rest):
        return None
    if _DETERMINER.match(rest):
        rest = rest[0].lower() + rest[1:]
    return f"When was it that {rest}?", f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _stands_alone(sentence: str, text: str) -> bool:
    """Whether it opens with a subject of its own. A first word is a name if the article never writes it small."""
    first = re.match(r"[A-Z][\w'’.-]*", sentence)
    if first is None:
        return False
    word = re.escape(first.group().lower())
    common = (
        first.group().lower().replace("’", "'") in STOP_WORDS | _LEANS or re.search(rf"\b{word}\b", text) is not None
    )
    return bool(_DETERMINER.match(sentence)) or not (common or first.group().endswith(("ing", "ly", "ed")))
