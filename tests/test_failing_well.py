"""A chat model that fails, over real HTTP: one clear line, the hits, what the built-in reader quotes, and on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_server import Misbehaving

from dateline import Answer, Assistant
from dateline.chatmodels.chat import ChatModel

QUESTION = "When did Mill Bridge open?"


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as started:
        yield started


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.chatmodels.endpoint._PAUSES", (0.01, 0.02))


def asked(server: Misbehaving, behaviour: str, folder: Path, store: Path, **options: float) -> list[Answer]:
    model = ChatModel("small-chat", base_url=server.at(behaviour), **options)  # type: ignore[arg-type]
    with Assistant(folder, store=store, model=model) as assistant:
        return list(assistant.stream(QUESTION))


@pytest.mark.parametrize(
    ("behaviour", "options", "words"),
    [
        ("wrong-key", {}, "key was refused"),
        ("no-model", {}, "no such model"),
        ("failing", {}, "out of memory"),
        ("poor", {}, "quota"),
        ("hanging", {"timeout": 0.3}, "no answer within"),
        ("alive-only", {"longest": 0.5}, "had not finished"),
        ("tiny", {}, "context"),
        ("json-cut", {}, "can't be read"),
        ("json-other", {}, "can't be read"),
        ("empty", {}, "empty answer"),
        ("cut", {}, "in the middle"),
        ("cut-softly", {}, "in the middle"),
        ("html", {}, "/v1"),
    ],
)
def test_each_failure_is_a_line_beside_what_the_built_in_reader_quotes(
    server: Misbehaving, folder: Path, tmp_path: Path, behaviour: str, options: dict[str, float], words: str
) -> None:
    answers = asked(server, behaviour, folder, tmp_path / "store", **options)
    last = answers[-1]
    assert last.trouble and words in last.trouble and "\n" not in last.trouble
    assert last.answered and last.short == "4 May 2021" and last.hits
    lengths = [len(answer.statements) for answer in answers]
    assert lengths == sorted(lengths)
    with Assistant(folder, store=tmp_path / "store") as built_in:
        quoted = built_in.ask(QUESTION)
        assert {citation.quote for citation in quoted.citations} <= {citation.quote for citation in last.citations}
        for citation in last.citations:
            assert built_in.article(citation.article).text[citation.start : citation.end] == citation.quote


def test_what_was_checked_before_a_stream_was_cut_stays(server: Misbehaving, folder: Path, tmp_path: Path) -> None:
    first, *_ = asked(server, "cut", folder, tmp_path / "store")[-1].statements
    assert first.text == "The new Mill Bridge in Elmford opened on 4 May 2021." and first.supported


def test_a_failure_in_rewriting_is_waited_for_once(server: Misbehaving, folder: Path, tmp_path: Path) -> None:
    before = len(server.asked.get("hanging", []))
    model = ChatModel("small-chat", base_url=server.at("hanging"), timeout=0.3)
    with Assistant(folder, store=tmp_path / "store", model=model) as assistant:
        answer = assistant.ask("Who opened it?", [(QUESTION, "4 May 2021.")])
    assert "Mill Bridge" in answer.standalone and answer.trouble
    assert len(server.asked["hanging"]) == before + 1


def test_after_a_failure_the_next_question_works(server: Misbehaving, folder: Path, tmp_path: Path) -> None:
    with Assistant(
        folder, store=tmp_path / "store", model=ChatModel("m", base_url=server.at("first-fails"))
    ) as assistant:
        assert assistant.ask(QUESTION).trouble
        answer = assistant.ask(QUESTION)
    assert answer.trouble is None and [statement.supported for statement in answer.statements] == [True, True]
    assert answer.usage and answer.usage.tokens_out


def test_where_the_articles_say_nothing_either_that_is_the_answer(
    server: Misbehaving, folder: Path, tmp_path: Path
) -> None:
    model = ChatModel("small-chat", base_url=server.at("wrong-key"))
    with Assistant(folder, store=tmp_path / "store", model=model) as assistant:
        answer = assistant.ask("When did the airport open?")
    assert answer.trouble and not answer.answered and answer.hits and answer.reason


def test_stop_ends_the_answer_and_the_servers_work(server: Misbehaving, folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    with Assistant(folder, store=tmp_path / "store", model=ChatModel("m", base_url=server.at("endless"))) as assistant:
        server.hung_up.clear()
        shown = []
        for answer in assistant.stream(QUESTION, stop=stop):
            shown.append(answer)
            stop.set()
        assert shown[-1].answered and len(shown) <= 3
        assert server.hung_up.wait(5)


def test_a_cancelled_question_stops_the_servers_work(server: Misbehaving, folder: Path, tmp_path: Path) -> None:
    server.asked.pop("thinking", None)
    with Assistant(folder, store=tmp_path / "store", model=ChatModel("m", base_url=server.at("thinking"))) as assistant:

        async def give_up() -> None:
            asking = asyncio.create_task(assistant.aask(QUESTION))
            while "thinking" not in server.asked:
                await asyncio.sleep(0.05)
            server.hung_up.clear()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

        asyncio.run(give_up())
        assert server.hung_up.wait(5)


def test_unsupported_statements_are_marked_or_left_out_and_counted(
    server: Misbehaving, folder: Path, tmp_path: Path
) -> None:
    model = ChatModel("m", base_url=server.at("invents"))
    with Assistant(folder, store=tmp_path / "store", model=model) as assistant:
        marked = assistant.ask(QUESTION)
    with Assistant(folder, store=tmp_path / "store", model=model, unsupported="drop") as assistant:
        dropped = assistant.ask(QUESTION)
    assert "Tom Reed" in marked.text and "no passage supports this" in marked.text and not marked.left_out
    assert "Tom Reed" not in dropped.text and dropped.left_out == 1
    standing, made = marked.supported
    assert (standing, made) == dropped.supported and made == standing + 1


def test_replies_are_kept_beside_the_store_unless_they_are_not_to_be(
    server: Misbehaving, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.at("good"))
    server.asked.pop("good", None)
    answers = []
    for cache in (True, True, False):
        with Assistant(folder, store=tmp_path / "store", model="small-chat", cache=cache) as assistant:
            answers.append(assistant.ask(QUESTION))
    assert len(server.asked["good"]) == 2
    assert answers[0].text == answers[1].text == answers[2].text
    assert [answer.usage.kept for answer in answers if answer.usage] == [False, True, False]
