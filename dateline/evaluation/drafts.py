"""Test cases proposed from dated statements, for a person to accept, edit or drop.

No model: a sentence that names one day and something by name becomes "When was it that ...?", with the day as its
answer and its place as the proof. What the articles say elsewhere isn't looked at, so a draft may ask about something
that happened more than once. Each line says "draft": true; a person who accepts it takes that out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from dateline.evaluation.values import STOP_WORDS
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
_LEANS = frozenset("however another soon less neither both between it's that's here's meanwhile today".split())
_SPEECH = re.compile(r"[\"“”„«»:;?!()\[\]]|\b(?:I|we|you|our|will|would|could|might|may)\b")
_PAST = re.compile(
    r"\b(?:was|were|had|did|said|[a-z]+ed|met|won|held|took|went|came|gave|made|began|left|told|sent|put|cut|set|"
    r"shot|fell|rose|flew|drew|grew|saw|led|lost|paid|sold|bought|brought|spoke|broke|wrote|ran|shut|hit)\b"
)
# Words before a day that make it the edge of something, and words after it that make it a name's part.
_EDGE = re.compile(
    r"\b(?:since|until|till|before|after|by|from|between|to|than|of|for|last|next)\s*(?:the\s*)?\Z", re.IGNORECASE
)
_PREPOSITION = re.compile(r",?\s*\b(?:on|in|at|early|late)?\s*\Z", re.IGNORECASE)


class Indexed(Protocol):
    """What drafts need of an assistant: where its index lies."""

    @property
    def store(self) -> Path: ...


def propose(assistant: Indexed, most: int = 50) -> Iterator[dict[str, Any]]:
    """At most `most` lines of a test set, from articles spread evenly over the days of the index."""
    catalog = open_catalog(assistant.store)
    try:
        keys = catalog.article_ids()
        # Every so many first, then the others: few drafts from many articles come from all their years.
        step = max(1, len(keys) // max(1, most))
        order = [key for first in range(step) for key in keys[first::step]]
        count = 0
        for key in order:
            if count >= most:
                return
            article = catalog.article(key)
            for line in drafts(article)[: most - count] if article else ():
                yield line
                count += 1
    finally:
        catalog.close()


def drafts(article: Article) -> list[dict[str, Any]]:
    """The lines of a test set that one article gives, at most two."""
    found = []
    for start, end in sentences(article.text):
        question = _question(article, start, end)
        if question is not None:
            asked, day = question
            digest = hashlib.sha256(f"{article.id}\n{asked}".encode()).hexdigest()
            found.append(
                {
                    "id": f"draft-{digest[:10]}",
                    "question": asked,
                    "answers": [day],
                    "articles": [article.id],
                    "passages": [{"article": article.id, "start": start, "end": end}],
                    "answerable": True,
                    "type": "when",
                    "draft": True,
                }
            )
        if len(found) == _AN_ARTICLE:
            break
    return found


def _question(article: Article, start: int, end: int) -> tuple[str, str] | None:
    text = article.text[start:end]
    sentence = DATELINE.sub("", text, count=1)
    if not text.endswith(".") or _SPEECH.search(text) or "\n" in text or not _stands_alone(sentence, article.text):
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
