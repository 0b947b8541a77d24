"""Dateline and llama-index: its query engine over our assistant, its LLMs as our chat model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from chat_server import GOOD
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms import CustomLLM

from dateline import Assistant

QUESTION = "When did Mill Bridge open?"


class Told(CustomLLM):
    """An LLM that says what it is told to, a word at a time, or fails with an error of its own."""

    says: str = GOOD
    heard: list[str] = []

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="told")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self.says)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        raise NotImplementedError

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        self.heard.extend(str(message.content) for message in messages)
        return self._words()

    def _words(self) -> Iterator[ChatResponse]:
        if not self.says:
            raise ConnectionError("the line\nis dead")
        for word in self.says.split(" "):
            yield ChatResponse(message=ChatMessage(content=self.says), delta=f"{word} ")


def test_the_assistant_is_a_query_engine(folder: Path, tmp_path: Path) -> None:
    with Assistant(folder, store=tmp_path / "store") as assistant:
        engine = assistant.as_query_engine()
        answer = assistant.ask(QUESTION)
        for response in (engine.query(QUESTION), asyncio.run(engine.aquery(QUESTION))):
            assert str(response) == answer.text
            assert [node.node.get_content() for node in response.source_nodes] == [c.quote for c in answer.citations]
            assert response.source_nodes[0].node.metadata["article"] == "bridge.md"
            assert response.metadata and response.metadata["answer"]["short"] == "4 May 2021"
        refusal = engine.query("When did the airport open?")
        assert not refusal.source_nodes and "don't say" in str(refusal)


def test_any_llama_index_llm_can_be_handed_in(folder: Path, tmp_path: Path) -> None:
    llm = Told()
    with Assistant(folder, store=tmp_path / "store", model=llm) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.model == "told" and answer.short == "4 May 2021" and answer.trouble is None
    assert [statement.supported for statement in answer.statements] == [True, True]
    assert QUESTION in llm.heard[1] and "[2]" in llm.heard[0]  # markers: llama-index has no schema for all its LLMs


@pytest.mark.parametrize("says", ["", "Tom Reed sold it in 1999. [1]"])
def test_one_that_fails_or_lies_is_stood_in_for(folder: Path, tmp_path: Path, says: str) -> None:
    with Assistant(folder, store=tmp_path / "store", model=Told(says=says)) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.short == "4 May 2021"
    assert (answer.trouble is None) == bool(says) and "\n" not in (answer.trouble or "")
    assert not [statement for statement in answer.statements if "1999" in statement.text and statement.supported]


def test_the_search_is_a_retriever(folder: Path, tmp_path: Path) -> None:
    with Assistant(folder, store=tmp_path / "store") as assistant:
        nodes = assistant.as_retriever(top_k=2).retrieve("When did the Harbour Bridge open?")
        assert 0 < len(nodes) <= 2
        assert [node.score for node in nodes] == sorted((node.score for node in nodes), reverse=True)
        for node in nodes:
            about = node.metadata
            assert assistant.article(about["article"]).text[about["start"] : about["end"]] == node.text
        none = assistant.as_retriever(since="2030-01-01").retrieve("When did the Harbour Bridge open?")
        assert none == []
