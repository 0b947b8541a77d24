"""Copies of one story as one source: what several of them say is read in the first that said it, and only there.

The articles were grouped when they were indexed (`index.copies`). Here the passages of a copy are cut down to what it
does not share with an earlier one: the sentence that an editor changed, the paragraph or the correction that was added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dateline.tellings import DATELINE
from index.articles import Article
from index.search import Hit
from index.sentences import sentences

_WORD = re.compile(r"\w+")

# Where a sentence of a story first stood: by its words, the article and the offsets.
_First = dict[tuple[str, ...], tuple[Article, int, int]]


def once(hits: Sequence[Hit], copies: Mapping[int, Sequence[Article]]) -> list[Hit]:
    """The hits in their order, each stretch of them in the earliest copy that has it, and none twice.

    `copies` are the articles of each story, the one to quote first.
    """
    first = {story: _first(articles) for story, articles in copies.items() if len(articles) > 1}
    found: dict[tuple[str, int, int], Hit] = {}
    for hit in hits:
        known = first.get(hit.article.story) if hit.article.story is not None else None
        for part in _parts(hit, known, hits) if known else (hit,):
            found.setdefault((part.article.id, part.start, part.end), part)
    return list(found.values())


def _first(articles: Sequence[Article]) -> _First:
    found: _First = {}
    for article in articles:
        for start, end in sentences(article.text):
            found.setdefault(_words(article, start, end), (article, start, end))
    return found


def _parts(hit: Hit, first: _First, hits: Sequence[Hit]) -> Iterator[Hit]:
    """A hit cut where its sentences first stood in other articles; of these, the passages that are hits themselves."""
    part: Hit | None = None
    for start, end in sentences(hit.article.text, hit.start, hit.end):
        article, start, end = first.get(_words(hit.article, start, end), (hit.article, start, end))
        sentence = replace(hit, article=article, start=start, end=end)
        whole = None if article.id == hit.article.id else next((other for other in hits if _in(sentence, other)), None)
        sentence = replace(sentence, start=whole.start, end=whole.end) if whole else sentence
        if part is not None and _follows(part, sentence):
            part = replace(part, end=sentence.end)
            continue
        if part is not None and not _in(sentence, part):
            yield part
            part = sentence
        part = part or sentence
    if part is not None:
        yield part


def _follows(part: Hit, sentence: Hit) -> bool:
    """Whether a sentence comes next in the same article."""
    between = part.article.text[part.end : sentence.start]
    return part.article.id == sentence.article.id and part.end <= sentence.start and not between.strip()


def _in(part: Hit, hit: Hit) -> bool:
    return part.article.id == hit.article.id and hit.start <= part.start and part.end <= hit.end


def _words(article: Article, start: int, end: int) -> tuple[str, ...]:
    """A sentence as it is compared: its words, without the place that the article was filed from."""
    text = article.text[start:end]
    filed = DATELINE.match(text)
    return tuple(word.lower() for word in _WORD.findall(text[filed.end() :] if filed else text))
