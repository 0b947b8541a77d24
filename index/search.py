"""Search: words and vectors, each ranked on its own, fused by reciprocal rank.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
Rank Learning Methods", SIGIR 2009. It needs no common scale between BM25 and cosine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from index.articles import Article
from index.catalog import Filter
from index.store import Store
from index.words import terms

# The paper's constant: how little the first ranks stand out.
_RRF = 60
# How much news of the day of the question gains, and the days after which that is down to a third.
_FRESH = 0.3
_FRESH_DAYS = 30
# Passages asked of each side.
_DEPTH = 100
# Articles that a search returns.
ARTICLES = 20
# Passages of a filter that the vector search ranks; of more, the newest articles' are taken.
_LARGEST_FILTER = 20_000


@dataclass(frozen=True)
class Hit:
    """A passage that a search brought up. `score` is the fused one; the ranks (from 1) say which part found it."""

    article: Article
    start: int
    end: int
    score: float
    word_rank: int | None = None
    vector_rank: int | None = None
    cosine: float | None = None

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def search(
    store: Store,
    question: str,
    filter: Filter | None = None,
    articles: int = ARTICLES,
    asked: date | None = None,
) -> list[Hit]:
    """Passages for a question, best first, down to the first one of the last of `articles` distinct articles.

    `asked` is the day the question is asked on: news of the weeks before it goes a little ahead of what is older, as
    people ask about what has just been in the news. It hides nothing, and does nothing to an archive that ended long
    before. Raises `StoreMissing` when the store was deleted meanwhile.
    """
    store.check_present()
    filter = filter or Filter()
    found = terms(question)
    vector = store.embedding.get_query_embedding(question)
    depth = _DEPTH
    while True:
        words = store.catalog.search_words(found, depth, filter)
        vectors = _near(store, vector, depth, filter)
        hits = _fuse(store, words, vectors, asked)
        reached = _until(hits, articles)
        # Few long articles can fill both lists: look deeper until there are articles enough, or no more passages.
        if reached is not None or max(len(words), len(vectors)) < depth:
            return hits[:reached]
        depth *= 4


def _fuse(
    store: Store, words: list[tuple[int, float]], vectors: list[tuple[int, float]], asked: date | None
) -> list[Hit]:
    word_ranks = {number: rank for rank, (number, _) in enumerate(words, 1)}
    vector_ranks = {number: rank for rank, (number, _) in enumerate(vectors, 1)}
    cosines = dict(vectors)
    scores = {
        number: sum(1 / (_RRF + ranks[number]) for ranks in (word_ranks, vector_ranks) if number in ranks)
        for number in word_ranks | vector_ranks
    }
    stored = store.catalog.passages(list(scores))  # lacks those that were dropped since they were embedded
    scores = {number: scores[number] * _fresh(stored[number].article.published, asked) for number in stored}
    return [
        Hit(
            stored[number].article,
            stored[number].passage.start,
            stored[number].passage.end,
            round(scores[number], 6),
            word_ranks.get(number),
            vector_ranks.get(number),
            cosines.get(number),
        )
        for number in sorted(stored, key=lambda number: (-scores[number], number))
    ]


def _fresh(published: date | None, asked: date | None) -> float:
    """What an article's score is multiplied by: more than 1 for news of the weeks before the day of the question."""
    age = (asked - published).days if asked and published else -1
    return 1 + _FRESH * math.exp(-age / _FRESH_DAYS) if age >= 0 else 1.0


def _until(hits: list[Hit], articles: int) -> int | None:
    """How many hits it takes to reach that many distinct articles; None when they don't."""
    seen: set[str] = set()
    for count, hit in enumerate(hits, 1):
        seen.add(hit.article.id)
        if len(seen) == articles:
            return count
    return None


def _near(store: Store, vector: list[float], depth: int, filter: Filter) -> list[tuple[int, float]]:
    among = None
    if filter:
        among = store.catalog.allowed(filter, _LARGEST_FILTER)
        if not among:
            return []
    with store.vectors() as vectors:
        return vectors.search(vector, depth, among)
