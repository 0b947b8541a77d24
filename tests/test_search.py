"""Search: what is found, and what goes ahead of what."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.catalog import Filter
from index.errors import QuestionError
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


def numbered(count: int) -> dict[str, str]:
    """Articles a day apart, of two papers in turn, each about the council; every tenth about the lighthouse too."""
    made = {}
    for number in range(count):
        day, source = date(2020, 1, 1) + timedelta(number), ("The Echo", "The Post")[number % 2]
        told = "The lighthouse was painted red." if number % 10 == 0 else f"Item {number} was put off."
        told = f"The council met on the matter. {told}"
        made[f"{number:03}.md"] = f"---\npublished: {day}\nsource: {source}\n---\n{told}\n"
    return made


@pytest.mark.parametrize("few", [0, 10_000], ids=["many pass", "few pass"])
def test_a_filter_hides_the_rest_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr("index.search.FEW", few)
    store = stored(tmp_path, numbered(60))
    passed = {
        Filter(since=date(2020, 1, 21), until=date(2020, 1, 30)): [f"{number:03}.md" for number in range(20, 30)],
        Filter(since=date(2020, 2, 10)): [f"{number:03}.md" for number in range(40, 60)],
        Filter(source="the post", until=date(2020, 1, 10)): [f"{number:03}.md" for number in range(1, 10, 2)],
        Filter(since=date(2021, 1, 1)): [],
    }
    for filter, articles in passed.items():
        hits = search(store, "What did the council do about the lighthouse?", filter)
        assert sorted({hit.article.id for hit in hits}) == articles
        if articles and not filter.source:
            assert int(hits[0].article.id[:3]) % 10 == 0  # one about the lighthouse
        assert all(hit.vector_rank for hit in hits) and all(hit.word_rank for hit in hits)
    store.close()


@pytest.mark.parametrize("few", [0, 10_000], ids=["many pass", "few pass"])
@pytest.mark.parametrize("source", ["L'Écho du Québec", "Noon :news 'n' \"more\"", "100 % \\ true"])
def test_a_source_of_any_name_is_a_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, few: int
) -> None:
    monkeypatch.setattr("index.search.FEW", few)
    store = stored(tmp_path, {"other.md": "---\nsource: The Post\n---\nThe council met on the matter.\n"})
    (store.folder / "own.jsonl").write_text(
        json.dumps({"source": source, "text": "The council met on the matter."}), encoding="utf-8"
    )
    update(store)
    filter = Filter(source=source)
    assert [hit.article.source for hit in search(store, "What did the council do?", filter)] == [source]
    assert store.catalog.newest_with([["council"]], filter).articles == 1
    store.close()


def test_a_question_of_any_characters_is_searched_for(tmp_path: Path) -> None:
    store = stored(tmp_path, numbered(3))
    for question in (
        '"', "*", "NEAR(a b)", "title:x AND OR NOT", "-council ^met {a b}", "(((", "'; drop table words; --", "a\0b",
        "half a pair \ud83d", "?" * 5_000, "市長", "🙂",
    ):  # fmt: skip
        assert len(search(store, question)) == 3, question
    for empty in ("", " \n", "\0"):
        with pytest.raises(QuestionError):
            search(store, empty)
    store.close()


def test_days_that_no_day_is_between_are_said_so() -> None:
    with pytest.raises(QuestionError, match="2024-01-01 is after until 2023-01-01"):
        Filter(since=date(2024, 1, 1), until=date(2023, 1, 1))
    assert Filter(since=date(2023, 1, 1), until=date(2023, 1, 1))


def test_in_a_large_archive_a_passage_needs_one_of_the_rarer_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stored(tmp_path, numbered(60))
    asked = ["council", "matter", "lighthouse"]
    assert len(store.catalog.search_words(asked, 100)) == 60
    first = [number for number, _ in store.catalog.search_words(asked, 6)]
    monkeypatch.setattr("index.catalog._RARE", 10)
    assert [number for number, _ in store.catalog.search_words(asked, 100)] == first
    assert len(store.catalog.search_words(["council", "matter"], 100)) == 60  # where none is rare, any will do
    store.close()


def test_an_article_in_another_language_is_found_by_its_words(tmp_path: Path) -> None:
    told = {
        "pont.md": "Le nouveau pont sur la Loire a été inauguré mardi par la maire de Nantes, malgré la pluie. "
        "Les travaux ont duré trois ans et coûté douze millions d'euros.\n",
        "jisr.md": "افتتح رئيس البلدية الجسر الجديد فوق نهر دجلة يوم الثلاثاء وسط حضور كبير من سكان المدينة. "
        "واستغرقت أعمال البناء ثلاث سنوات.\n",
        "bridge.md": "The new bridge over the river Elm was opened by the mayor on Tuesday, in the rain.\n",
    }
    store = stored(tmp_path, told)
    assert {key: store.catalog.article(key).language for key in told} == {
        "pont.md": "fr",
        "jisr.md": "ar",
        "bridge.md": "en",
    }
    for question, key in (
        ("Qui a inauguré le pont sur la Loire ?", "pont.md"),
        ("Combien ont coute les travaux du pont ?", "pont.md"),  # as typed without its accents
        ("متى افتتح الجسر الجديد؟", "jisr.md"),
    ):
        hits = search(store, question)
        assert hits[0].article.id == key and hits[0].word_rank == 1, question
    store.close()
