"""Search: what is found, and what goes ahead of what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from index.search import search
from index.store import Store
from index.update import update


def stored(tmp_path: Path, articles: dict[str, str]) -> Store:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, content in articles.items():
        (folder / name).write_text(content, encoding="utf-8")
    store = Store.open(folder, tmp_path / "store")
    update(store)
    return store


def found(store: Store, question: str, asked: date | None = None) -> list[str]:
    return list(dict.fromkeys(hit.article.id for hit in search(store, question, asked=asked)))


ALIKE = "---\npublished: {day}\n---\nThe council of Port Halden met about the price of the ferry.\n"


def test_of_like_articles_the_news_of_the_day_goes_first(tmp_path: Path) -> None:
    days = {"a.md": "2022-03-01", "b.md": "2023-03-01", "c.md": "2024-03-01"}
    store = stored(tmp_path, {name: ALIKE.format(day=day) for name, day in days.items()})
    question = "What did the council say about the ferry?"
    assert found(store, question, asked=date(2023, 3, 5))[0] == "b.md"
    assert found(store, question, asked=date(2024, 3, 5))[0] == "c.md"
    # Hidden is none, and a day long after them all changes nothing.
    assert set(found(store, question, asked=date(2024, 3, 5))) == set(days)
    assert found(store, question, asked=date(2030, 1, 1)) == found(store, question)
    store.close()


def test_news_of_another_matter_does_not_go_ahead_of_the_answer(tmp_path: Path) -> None:
    articles = {
        "old.md": "---\npublished: 2015-06-01\n---\nThe lighthouse at Gull Point was painted red by Otto Brandt.\n",
        "new.md": "---\npublished: 2023-06-01\n---\nThe council met on Tuesday about the budget of the town.\n",
    }
    store = stored(tmp_path, articles)
    assert found(store, "Who painted the lighthouse at Gull Point?", asked=date(2023, 6, 2))[0] == "old.md"
    store.close()
