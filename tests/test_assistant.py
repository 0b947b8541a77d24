"""The Python interface, end to end: real folders, real Chroma, the real networks."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS

from dateline import Answer, Assistant
from dateline.answer import Seconds
from dateline.model import Claim, Draft, Quotation
from dateline.question import Question
from index.errors import ArticleMissing, QuestionError, StoreMissing
from index.search import Hit


@pytest.fixture
def seeds(seed_store: Path) -> Iterator[Assistant]:
    with Assistant(SEEDS, store=seed_store) as assistant:
        yield assistant


def verbatim(assistant: Assistant, answer: Answer) -> None:
    for citation in answer.citations:
        assert assistant.article(citation.article).text[citation.start : citation.end] == citation.quote
        assert citation.quote.strip()


def test_the_question_the_project_was_asked_for(seeds: Assistant) -> None:
    answer = seeds.ask("When did Assad last visit China?")
    assert answer.short == "22 September 2023"
    assert answer.as_of is not None and answer.as_of >= date(2023, 9, 22)
    assert answer.citations[0].article == "assad-in-hangzhou.md"
    verbatim(seeds, answer)


def test_what_is_too_unsure_is_shown_as_the_nearest_in_a_refusal(seed_store: Path) -> None:
    with Assistant(SEEDS, store=seed_store, threshold=1.0) as strict:
        # What a sentence gives, an event among others, an office: no way to an answer passes the threshold by.
        for question in (
            "How many gold medals did China win in Hangzhou?",
            "When did Assad first visit China?",
            "Who is the president of Syria?",
        ):
            answer = strict.ask(question)
            assert not answer.answered and answer.reason and answer.reason in answer.text and not answer.citations
            nearest = re.search(r"“(.+)”", answer.text)
            assert nearest, answer.text
            assert any(nearest[1] in " ".join(strict.article(hit.article).text.split()) for hit in answer.hits)
        assert "“" not in strict.ask("When did Assad visit Norway?").text


def test_every_answer_is_cited_and_every_refusal_has_a_reason(seeds: Assistant) -> None:
    for question in (
        "When did Assad first visit China?",
        "who is the president of syria",
        "How many people died in the earthquake?",
        "Did Assad go to Jeddah?",
        "When did Assad last visit Norway?",
        "How old is Asma?",
        "!?what",
        "' OR 1=1 -- \" * NEAR(",
    ):
        answer = seeds.ask(question)
        assert answer.answered == bool(answer.citations) == bool(answer.short)
        assert answer.answered == (answer.reason is None)
        assert answer.hits
        verbatim(seeds, answer)


def test_a_small_town(folder: Path, tmp_path: Path) -> None:
    with Assistant(folder, store=tmp_path / "store") as assistant:
        assert assistant.indexed and assistant.indexed.added == 3
        answer = assistant.ask("When did the Mill Bridge open?")
        assert answer.short == "4 May 2021"
        assert answer.citations[0].article == "bridge.md"
        assert not assistant.ask("When did the airport open?").answered
        verbatim(assistant, answer)


def test_one_article_is_enough(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "one.txt").write_text("The lighthouse at Cape Orne was lit on 3 May 1901.", encoding="utf-8")
    with Assistant(tmp_path / "one", store=tmp_path / "store") as assistant:
        assert assistant.ask("When was the lighthouse at Cape Orne lit?").short == "3 May 1901"
        assert assistant.holdings.articles == 1


def test_stream_grows_and_ends_with_the_answer(seeds: Assistant) -> None:
    answers = list(seeds.stream("When did Assad last visit China?"))
    lengths = [len(answer.statements) for answer in answers]
    assert lengths == sorted(lengths)
    still = Seconds()
    assert replace(answers[-1], seconds=still) == replace(seeds.ask("When did Assad last visit China?"), seconds=still)


def test_async_and_threads(seeds: Assistant) -> None:
    async def both() -> list[Answer]:
        return await asyncio.gather(seeds.aask("When did Assad last visit China?"), seeds.aask("Who is Xi Jinping?"))

    assert asyncio.run(both())[0].short == "22 September 2023"
    shorts: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: shorts.append(seeds.ask("When did Assad last visit China?").short))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shorts == ["22 September 2023"] * 4


def test_days_and_sources_narrow_the_search(seeds: Assistant) -> None:
    answer = seeds.ask("When did Assad last visit China?", until="2020-01-01")
    assert {hit.article for hit in answer.hits} == {"assad-in-beijing-2004.md"}
    unknown = seeds.ask("When did Assad last visit China?", source="Courier")
    assert unknown.reason and unknown.reason.startswith("no article is of 'Courier'; they are of ")
    assert "Levant Wire" in unknown.reason
    answer = seeds.ask("earthquake", since=date(2023, 2, 8), until="2023-02-10", source="levant wire")
    for hit in answer.hits:
        article = seeds.article(hit.article)
        assert article.published and date(2023, 2, 8) <= article.published <= date(2023, 2, 10)
        assert article.source == "Levant Wire"
    assert not seeds.ask("earthquake", since="2090-01-01").hits


def test_a_follow_up_is_understood(seeds: Assistant) -> None:
    question = "When did Assad last visit China?"
    history = [{"question": question, "answer": seeds.ask(question).text}]
    answer = seeds.ask("Where did he meet Xi?", history)
    assert "Assad" in answer.standalone and answer.question == "Where did he meet Xi?"
    assert seeds.ask("Where did he meet Xi?", [(question, "22 September 2023.")]).standalone == answer.standalone


@pytest.mark.parametrize("question", ["", "   ", "?!", "x" * 10_001])
def test_what_is_no_question(seeds: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        seeds.ask(question)


def test_bad_days_are_named(seeds: Assistant) -> None:
    with pytest.raises(QuestionError, match="since"):
        seeds.ask("When?", since="22/9/2023")


def test_a_missing_article(seeds: Assistant) -> None:
    with pytest.raises(ArticleMissing, match="no-such"):
        seeds.article("no-such.md")


def test_two_assistants_share_a_store(seed_store: Path) -> None:
    one = Assistant(SEEDS, store=seed_store)
    two = Assistant(SEEDS, store=seed_store, update=False)
    assert one._store is two._store
    one.close()
    assert two.ask("When did Assad last visit China?").short == "22 September 2023"
    two.close()


def test_a_script_and_the_shell_run_beside_an_open_assistant(folder: Path, tmp_path: Path) -> None:
    with Assistant(folder, store=tmp_path / "store") as assistant:
        assistant.ask("When did the Mill Bridge open?")
        (folder / "new.txt").write_text("The Elm Ferry sank on 2 June 2024.", encoding="utf-8")
        command = [sys.executable, "-m", "dateline", "ask", "When did the Elm Ferry sink?"]
        command += ["--articles", str(folder), "--store", str(tmp_path / "store")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
        assert "2 June 2024" in done.stdout, done.stderr
        assert assistant.ask("When did the Elm Ferry sink?").short == "2 June 2024"


def test_a_store_deleted_while_in_use(folder: Path, tmp_path: Path) -> None:
    with Assistant(folder, store=tmp_path / "store") as assistant:
        shutil.rmtree(tmp_path / "store")
        with pytest.raises(StoreMissing, match="dateline index"):
            assistant.ask("When did the Mill Bridge open?")
        with Assistant(folder, store=tmp_path / "store"):
            assert assistant.ask("When did the Mill Bridge open?").short == "4 May 2021"


class Liar:
    """A model that quotes what is not there."""

    name = "liar"

    def draft(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        article = hits[0].article
        beyond = Quotation(article, len(article.text), len(article.text) + 40)
        yield Draft((Claim("It was on a Sunday [1].", (beyond,)), Claim("And on Monday.")), short="Sunday")


def test_what_no_quotation_stands_behind_is_no_answer(folder: Path, tmp_path: Path) -> None:
    with Assistant(folder, store=tmp_path / "store", model=Liar()) as assistant:
        answer = assistant.ask("When did the Mill Bridge open?")
    assert not answer.answered and answer.short is None and not answer.citations
    assert answer.reason and answer.model == "liar"


def test_the_newest_word_on_an_office_counts_though_the_search_ranks_it_low(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    works = "bridge school market church harbour library theatre hospital station museum park mill".split()
    for number in range(24):
        work, other = works[number % 12], works[(number * 5 + 1) % 12]
        text = f"Who is the mayor of Alby? The mayor of Alby, Lena Dahl, opened the {work} beside the {other}."
        day = f"2019-{number % 12 + 1:02}-{number + 1:02}"
        (folder / f"{number:02}.md").write_text(f"---\ntitle: Mayor of Alby\npublished: {day}\n---\n{text}\n")
    fish = " ".join(f"Boat number {number} landed herring and cod worth {number * 31} crowns." for number in range(9))
    news = f"{fish} The prize for the heaviest cod was handed over by Ivo Penn, the new mayor of Alby. {fish}"
    (folder / "fish.md").write_text(f"---\ntitle: A week at the quay\npublished: 2022-05-07\n---\n{news}\n")
    with Assistant(folder, store=tmp_path / "store") as assistant:
        answer = assistant.ask("Who is the mayor of Alby?", asked="2022-06-01")
    assert "fish.md" not in {hit.article for hit in answer.hits}
    assert answer.short == "Ivo Penn"
    assert answer.as_of == date(2022, 5, 7)
    assert answer.citations[0].article == "fish.md"
