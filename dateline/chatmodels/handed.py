"""A llama-index LLM that was handed in as the model: any of its integrations, or one of the caller's own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dateline.answer import Usage
from dateline.chatmodels.source import Reply, SchemaRefused
from index.errors import DatelineError, ModelError

if TYPE_CHECKING:
    from llama_index.core.base.llms.base import BaseLLM

    from prompts import Messages


class Handed:
    """The LLM as a `dateline.chatmodels.source.Source`. Its length of answer and temperature are its own affair."""

    def __init__(self, llm: BaseLLM) -> None:
        self._llm = llm

    @staticmethod
    def name(llm: BaseLLM) -> str:
        """What the LLM calls its model, or the name of its class."""
        return str(getattr(llm.metadata, "model_name", "") or type(llm).__name__)

    @contextmanager
    def stream(self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None) -> Iterator[Reply]:
        if schema is not None:
            raise SchemaRefused(f"{model} is asked through llama-index, which has no schema for all its LLMs")
        yield _Spoken(self._llm, model, messages)


class _Spoken:
    """The LLM's reply; llama-index doesn't say whether it was cut, and counts no tokens."""

    cut_short = False

    def __init__(self, llm: BaseLLM, model: str, messages: Messages) -> None:
        self.usage = Usage()
        self._llm = llm
        self._model = model
        self._messages = messages

    def __iter__(self) -> Iterator[str]:
        from llama_index.core.llms import ChatMessage, MessageRole

        began = time.monotonic()
        asked = [
            ChatMessage(role=MessageRole.SYSTEM, content=self._messages.system),
            ChatMessage(role=MessageRole.USER, content=self._messages.user),
        ]
        try:
            for response in self._llm.stream_chat(asked):
                if response.delta:
                    if self.usage.first_word is None:
                        self.usage = Usage(first_word=time.monotonic() - began)
                    yield response.delta
        except DatelineError:
            raise
        except Exception as error:  # each integration has exceptions of its own
            said = " ".join(str(error).split())[:200] or type(error).__name__
            raise ModelError(
                f"model {self._model!r}, handed in, failed ({said}); ask again, or choose another"
            ) from error
