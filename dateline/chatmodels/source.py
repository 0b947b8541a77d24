"""Where replies come from: the seam between what a chat model is asked and whatever answers for it.

A server (`endpoint`), a llama-index LLM (`handed`) and replies kept on disk (`kept`) all stand behind `Source`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from dateline.answer import Usage
from index.errors import ModelError

if TYPE_CHECKING:
    from prompts import Messages


class ContextOverflow(ModelError):
    """The prompt is longer than the model's context. `share` says how much of it would have fitted, where known."""

    def __init__(self, message: str, share: float | None = None) -> None:
        super().__init__(message)
        self.share = share


class SchemaRefused(ModelError):
    """The source can't hold its answers to a JSON schema."""


class Reply(Protocol):
    """A reply as it arrives: an iterator of pieces of text, with an empty one now and then while there is none.

    `cut_short` is True once it ended for want of tokens; `usage` is what it took, whole at its end.
    """

    @property
    def cut_short(self) -> bool: ...

    @property
    def usage(self) -> Usage: ...

    def __iter__(self) -> Iterator[str]: ...


class Source(Protocol):
    """Something that replies to messages."""

    def stream(
        self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None
    ) -> AbstractContextManager[Reply]:
        """A reply of at most `most` tokens, held to a JSON schema if one is given; leaving the context ends it.

        Its pieces raise `ModelError`: `ContextOverflow` for too long a prompt, `SchemaRefused` where that is refused.
        """
        ...
