"""Search: words and vectors, each ranked on its own, fused by reciprocal rank; the first hits ranked by the reader.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
Rank Learning Methods", SIGIR 2009. It needs no common scale between BM25 and cosine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.articles import Article, clean
from index.catalog import Filter
from index.errors import QuestionError
from index.passages import header
from index.store import Store
from index.words import terms
from models import load

# The paper's constant: how little the first ranks stand out.
_RRF = 60
# How much news of the days before the question gains, and after how many days that is down to a third: much where the
# question asks for what is recent, a little where it says nothing, nothing where it names a year.
_RECENT = re.compile(
    r"\b(?:this (?:week|month|morning|weekend|season|summer|winter|spring|autumn|fall)|"
    r"last (?:night|week|weekend|month)|recent(?:ly)?|latest|just|today|tonight|yesterday|now|current(?:ly)?)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_FRESH_IF_RECENT = 0.5, 14
_FRESH = 0.1, 7
# Passages that the reader orders: it reads them for the answer anyway, and more change nothing (benchmarks/LOG.md).
_READ = 10
# Passages asked of each side.
_DEPTH = 100
# Articles that a search returns.
ARTICLES = 20
# Of so few passages that a filter leaves, each is ranked; of more, the best of all are looked at until enough pass.
FEW = 10_000


@dataclass(frozen=True)
class Hit:
    """A passage that a search brought up. `score` is the fused one; the ranks (from 1) say which part found it.

    `relevance` is the reader's logit that the passage answers, for the passages that it was asked about.
    """

    article: Article
    start: int
    end: int
    score: float
    word_rank: int | None = None
    vector_rank: int | None = None
    cosine: float | None = None
    relevance: float | None = None

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

    `asked` is the day the question is asked on: news of the weeks before it goes ahead of what is older where the
    question asks for what is recent ("this week"), and a little where it does not say. It hides nothing, and does
    nothing to an archive that ended long before. Raises `StoreMissing` when the store was deleted meanwhile, and
    `QuestionError` for an empty question.
    """
    store.check_present()
    question = clean(question)
    if not question.strip():
        raise QuestionError("the question is empty; type some words, such as: Assad in China")
    filter = filter or Filter()
    found = terms(question)
    vector = store.embedding.get_query_embedding(question)
    among = store.catalog.allowed(filter, FEW) if filter else None
    depth = _DEPTH
    while True:
        words = store.catalog.search_words(found, depth, filter, among)
        vectors = near(store, vector, depth, filter, among)
        hits = rerank(question, fuse(store, question, words, vectors, asked), asked)
        reached = _until(hits, articles)
        # Few long articles can fill both lists: look deeper until there are articles enough, or no more passages.
        if reached is not None or max(len(words), len(vectors)) < depth:
            return hits[:reached]
        depth *= 4


def at_the_edge(
    store: Store, subjects: Iterable[Sequence[str]], limit: int, oldest: bool = False, filter: Filter | None = None
) -> list[Hit]:
    """Passages that mention every subject (by any of its words), the newest first, or the oldest: no score, but a day.

    A search by likeness may miss the last of many tellings, and it is the last that tells what is so now.
    """
    found = store.catalog.passages_with(subjects, limit, oldest, filter)
    return [Hit(one.article, one.passage.start, one.passage.end, 0.0) for one in found]


def fuse(
    store: Store,
    question: str,
    words: list[tuple[int, float]],
    vectors: list[tuple[int, float]],
    asked: date | None,
) -> list[Hit]:
    """The passages that either side found, as hits, by the sum of their reciprocal ranks and by their news."""
    word_ranks = {number: rank for rank, (number, _) in enumerate(words, 1)}
    vector_ranks = {number: rank for rank, (number, _) in enumerate(vectors, 1)}
    cosines = dict(vectors)
    scores = {
        number: sum(1 / (_RRF + ranks[number]) for ranks in (word_ranks, vector_ranks) if number in ranks)
        for number in word_ranks | vector_ranks
    }
    stored = store.catalog.passages(list(scores))  # lacks those that were dropped since they were embedded
    scores = {number: scores[number] * _fresh(question, stored[number].article.published, asked) for number in stored}
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


def rerank(question: str, hits: list[Hit], asked: date | None) -> list[Hit]:
    """The hits with a third ranking fused in: how likely the reader holds the first of them to answer."""
    first = hits[:_READ]
    readings = load("reader").read(question, [(header(h.article.title, h.article.published), h.text) for h in first])
    likely = sorted(range(len(first)), key=lambda at: -readings[at].relevance)
    places = {at: place for place, at in enumerate(likely, 1)}
    made = []
    for at, hit in enumerate(hits):
        gain = _fresh(question, hit.article.published, asked) / (_RRF + places.get(at, len(first) + 1))
        relevance = readings[at].relevance if at < len(first) else None
        made.append(replace(hit, score=round(hit.score + gain, 6), relevance=relevance))
    return sorted(made, key=lambda hit: -hit.score)


def _fresh(question: str, published: date | None, asked: date | None) -> float:
    """What an article's score is multiplied by: more than 1 for news of the weeks before the day of the question."""
    age = (asked - published).days if asked and published else -1
    if age < 0 or _YEAR.search(question):
        return 1.0
    gain, days = _FRESH_IF_RECENT if _RECENT.search(question) else _FRESH
    return 1 + gain * math.exp(-age / days)


def _until(hits: list[Hit], articles: int) -> int | None:
    """How many hits it takes to reach that many distinct articles; None when they don't."""
    seen: set[str] = set()
    for count, hit in enumerate(hits, 1):
        seen.add(hit.article.id)
        if len(seen) == articles:
            return count
    return None


def near(
    store: Store, vector: list[float], depth: int, filter: Filter, among: list[int] | None
) -> list[tuple[int, float]]:
    """The nearest passages that pass the filter, by their vectors: (number, cosine), best first.

    `among` are the passages that pass, where they are few.
    """
    if among == []:
        return []
    with store.vectors() as vectors:
        if among is not None or not filter:
            return vectors.search(vector, depth, among)
        reach = depth
        while True:
            reach *= 4
            found = vectors.search(vector, reach)
            passing = store.catalog.passing([number for number, _ in found], filter)
            if len(passing) >= depth or len(found) < reach:
                return [pair for pair in found if pair[0] in passing][:depth]
