"""A few articles in code: what the modules of time are tested on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dateline.tellings import Telling, tellings
from index.articles import Article, make
from index.search import Hit


def article(day: str, text: str, title: str = "News", source: str = "Wire") -> Article:
    """An article of a day, YYYY-MM-DD; its id is the day."""
    made = make(day, f"{day}.md", {"title": title, "source": source}, text)
    return replace(made, published=date.fromisoformat(day))


def told(*articles: Article) -> list[Telling]:
    """The sentences of the articles, each taken whole as one passage."""
    return tellings([Hit(each, 0, len(each.text), 1.0) for each in articles])
