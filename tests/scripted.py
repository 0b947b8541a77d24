"""An assistant that answers as it is told, from real articles: what the measures are tested with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dateline.answer import Answer, Citation, Found, Seconds
from index.articles import Article
from index.errors import ArticleMissing

Scene = Answer | Exception


class Scripted:
    """Gives each question the answer written for it, or raises what is written; `heard` has what it was asked."""

    def __init__(self, articles: Sequence[Article], script: Mapping[str, Scene], model: str = "scripted") -> None:
        self.articles = {article.id: article for article in articles}
        self.script = dict(script)
        self.model = model
        self.heard: list[str] = []

    @property
    def fingerprint(self) -> str:
        return self.model + "".join(article.digest for article in self.articles.values())

    def ask(self, question: str, history: Sequence[Mapping[str, str]] = (), *, asked: date | None = None) -> Answer:
        self.heard.append(question)
        scene = self.script[question]
        if isinstance(scene, Exception):
            raise scene
        return replace(scene, question=question, model=self.model)

    def article(self, key: str) -> Article:
        if key not in self.articles:
            raise ArticleMissing(f"no article {key!r}")
        return self.articles[key]


def cited(number: int, article: Article, quote: str) -> Citation:
    """A citation of words of the article; of words it doesn't have, as if they stood at its beginning."""
    start = max(0, article.text.find(quote))
    return Citation(
        number, article.id, article.title, article.source, article.published, quote, start, start + len(quote)
    )


def answered(
    text: str,
    short: str | None,
    citations: Sequence[Citation] = (),
    hits: Sequence[str] = (),
    confidence: float | None = None,
    as_of: date | None = None,
    seconds: float = 0.5,
) -> Answer:
    found = tuple(Found(name, 0, 200, 1 / rank) for rank, name in enumerate(hits, 1))
    took = Seconds(seconds / 2, seconds / 2, seconds)
    return Answer(
        "", "", text, short, True, None, as_of, "", (), tuple(citations), (), found, took, confidence
    )  # fmt: skip


def refused(reason: str = "nothing bears on it", hits: Sequence[str] = (), as_of: date | None = None) -> Answer:
    answer = answered(f"The articles don't say: {reason}.", None, (), hits, None, as_of)
    return replace(answer, answered=False, reason=reason)
