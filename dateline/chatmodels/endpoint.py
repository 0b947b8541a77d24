"""An OpenAI-compatible server: streamed replies, the models it offers, and its failures in one line each.

The openai client is made at the first request, never on import. Retries are ours, so that a server that hangs is not
waited for three times. Each reply is fetched by a thread with an event loop of its own: a task can be cancelled at any
moment, even before the first byte, and that is how a visitor's "stop" reaches the server.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from dateline.answer import Usage
from dateline.chatmodels.source import ContextOverflow, SchemaRefused
from index.errors import ModelError

if TYPE_CHECKING:
    import openai

    from prompts import Messages

OPENAI = "https://api.openai.com/v1"
_PAUSES = (0.5, 1.5)  # seconds before the first and the second retry
_CONNECT = 5.0  # seconds
_LISTING = 5.0  # seconds for the list of models: a page waits for it
_BEAT = 0.1  # seconds between two looks at whether the asker still wants the reply
_PARTING = 2.0  # seconds that a cancelled request gets to close its connection
# Settings that some servers refuse, and what their refusal says. They are then left out, or put in other words.
_REFUSALS = {
    "response_format": re.compile(r"response_format|json_schema|structured|grammar", re.IGNORECASE),
    "max_tokens": re.compile(r"max_tokens", re.IGNORECASE),
    "temperature": re.compile(r"temperature", re.IGNORECASE),
    "stream_options": re.compile(r"stream_options|include_usage", re.IGNORECASE),
}
_TOO_LONG = re.compile(
    r"context (?:length|size|window)|maximum context|exceed_context_size|context_length_exceeded|too many tokens|"
    r"prompt is too long|input is too long|reduce the length",
    re.IGNORECASE,
)


class Endpoint:
    """A server by its address. `timeout` is the longest wait for a piece, `longest` for a whole reply, in seconds."""

    def __init__(
        self, base_url: str | None = None, api_key: str | None = None, timeout: float = 60.0, longest: float = 300.0
    ) -> None:
        self.base_url = base_url or OPENAI
        self._api_key = api_key
        self.timeout = timeout
        self.longest = longest
        self._refused: set[str] = set()

    @property
    def address(self) -> str:
        """The base URL without a name and password in it, for messages."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))

    def models(self) -> list[str]:
        """The names of the models that the server offers, in its order. Raises ModelError when it can't be asked."""
        import openai

        try:
            with openai.OpenAI(**self._how(min(_LISTING, self.timeout))) as client:
                return [model.id for model in client.models.list().data]
        except Exception as error:
            raise self.explained(error, "", "asked for its models") from error

    @contextmanager
    def stream(self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None) -> Iterator[Reply]:
        """A reply of at most `most` tokens, held to a JSON schema if one is given.

        Leaving the context closes the connection, which stops the server's work. Its pieces raise ModelError:
        `ContextOverflow` when the prompt is too long, `SchemaRefused` when `schema` is refused.
        """
        reply = Reply(self, model, messages, most, schema)
        try:
            yield reply
        finally:
            reply.close()

    async def chunks(
        self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None
    ) -> AsyncIterator[openai.types.chat.ChatCompletionChunk]:
        """The chunks of a reply as the server sends them, asked for again where that may help."""
        import openai

        async with openai.AsyncOpenAI(**self._how(self.timeout)) as client:
            opened = await self._open(client, model, messages, most, schema)
            async with opened:
                async for chunk in opened:
                    yield chunk

    async def _open(
        self,
        client: openai.AsyncOpenAI,
        model: str,
        messages: Messages,
        most: int,
        schema: Mapping[str, Any] | None,
    ) -> openai.AsyncStream[openai.types.chat.ChatCompletionChunk]:
        import openai

        pauses = list(_PAUSES)
        while True:
            sent = self._sent(schema)
            try:
                opened: openai.AsyncStream[openai.types.chat.ChatCompletionChunk]
                opened = await client.chat.completions.create(
                    model=model,
                    messages=[
                        {"role": "system", "content": messages.system},
                        {"role": "user", "content": messages.user},
                    ],
                    stream=True,
                    **self._settings(most, schema),
                )
                return opened
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if _TOO_LONG.search(f"{error.message} {error.body}"):
                    raise ContextOverflow(self.explained(error, model).args[0], _fitting(error)) from error
                refused = next((name for name in sent if _REFUSALS[name].search(error.message)), None)
                if refused is None:
                    raise self.explained(error, model) from error
                self._refused.add(refused)
                if refused == "response_format":
                    raise SchemaRefused(f"{self.address} takes no JSON schema") from error
            except Exception as error:
                if not _passing(error) or not pauses:
                    raise self.explained(error, model) from error
                await asyncio.sleep(pauses.pop(0))

    def _how(self, timeout: float) -> dict[str, Any]:
        import openai

        return {
            "base_url": self.base_url,
            # Servers without keys still want the header; the client wants some key to send in it.
            "api_key": self._api_key or "none",
            "max_retries": 0,
            "timeout": openai.Timeout(timeout, connect=min(_CONNECT, timeout)),
        }

    def _sent(self, schema: Mapping[str, Any] | None) -> list[str]:
        names = ["max_tokens", "temperature", "stream_options"] + ["response_format"] * (schema is not None)
        return [name for name in names if name not in self._refused]

    def _settings(self, most: int, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        settings: dict[str, Any] = {}
        settings["max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"] = most
        if "temperature" not in self._refused:
            settings["temperature"] = 0
        if "stream_options" not in self._refused:
            settings["stream_options"] = {"include_usage": True}
        if schema is not None:
            settings["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema},
            }
        return settings

    def who(self, model: str) -> str:
        return f"model {model!r} at {self.address}" if model else self.address

    def explained(self, error: Exception, model: str, when: str = "") -> ModelError:
        """What went wrong, where, and what mends it, in one line. What is no failure of a server is raised as it is."""
        import openai

        who = self.who(model)
        if isinstance(error, ModelError):
            return error
        if isinstance(error, openai.APITimeoutError) or "Timeout" in type(error).__name__:
            return ModelError(
                f"{who}: no answer within {self.timeout:g} s; see whether the server is busy, or ask again"
            )
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return ModelError(
                f"{who}: the key was refused ({error.status_code}); set OPENAI_API_KEY to one that it knows"
            )
        if isinstance(error, openai.NotFoundError):
            return ModelError(f"{who}: no such model there (404){self._offers()}")
        if isinstance(error, openai.RateLimitError):
            return ModelError(
                f"{who}: too many requests, or no credit left (429): {_told(error)}; wait, or look at the plan"
            )
        if isinstance(error, openai.APIStatusError):
            return ModelError(
                f"{who}: refused or failed ({error.status_code}): {_told(error)}; ask again, or another model"
            )
        if isinstance(error, openai.APIConnectionError) and not when:
            cause = _reason(error)
            return ModelError(
                f"{who}: can't be reached ({cause}); start the server, or set OPENAI_BASE_URL to where it is"
            )
        if isinstance(error, openai.APIError) or _of_transport(error) or isinstance(error, OSError):
            return ModelError(f"{who}: failed {when or 'to answer'} ({_reason(error)}); ask again")
        if isinstance(error, ValueError | TypeError | AttributeError):  # JSON that is none, or of another shape
            return ModelError(
                f"{who}: sent something that is no chat answer {when}".rstrip() + "; ask again, or another model"
            )
        raise error

    def _offers(self) -> str:
        try:
            listed = self.models()
        except ModelError:
            return "; check the name, and that the address is right (it usually ends in /v1)"
        return f"; it offers: {', '.join(listed[:8])}" if listed else "; it offers none"


class Reply:
    """A `dateline.chatmodels.source.Reply` from a server, with an empty piece ten times a second while it waits."""

    def __init__(
        self, endpoint: Endpoint, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None
    ) -> None:
        self.cut_short = False
        self.usage = Usage()
        self._endpoint = endpoint
        self._model = model
        self._asked = (model, messages, most, schema)
        self._arrived: SimpleQueue[str | Exception | None] = SimpleQueue()
        self._closed = False
        self._task: asyncio.Task[Any] | None = None
        self._worker = threading.Thread(target=self._work, name=f"reply of {model}", daemon=True)
        self._worker.start()

    def __iter__(self) -> Iterator[str]:
        while True:
            try:
                piece = self._arrived.get(timeout=_BEAT)
            except Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        """Cancel what is left of the request; its connection is closed when this returns."""
        self._closed = True
        if self._task is not None and not self._task.done():
            # The loop may close in this very moment, with the reply at its end.
            with suppress(RuntimeError):
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._worker.join(_PARTING)

    def _work(self) -> None:
        try:
            asyncio.run(self._fetch())
            self._arrived.put(None)
        except asyncio.CancelledError:
            self._arrived.put(None)
        except Exception as error:
            self._arrived.put(error)

    async def _fetch(self) -> None:
        endpoint, who = self._endpoint, self._endpoint.who(self._model)
        self._task = asyncio.current_task()
        if self._closed:
            return
        began = time.monotonic()
        heard = finished = False
        try:
            # A server that sends only signs of life never runs into the time between two pieces.
            async with asyncio.timeout(endpoint.longest):
                async for chunk in endpoint.chunks(*self._asked):
                    heard = True
                    if chunk.usage is not None:
                        tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
                        self.usage = Usage(*tokens, self.usage.first_word)
                    for choice in chunk.choices[:1]:
                        finished = finished or choice.finish_reason is not None
                        self.cut_short = self.cut_short or choice.finish_reason == "length"
                        if choice.delta.content:
                            if self.usage.first_word is None:
                                self.usage = replace(self.usage, first_word=time.monotonic() - began)
                            self._arrived.put(choice.delta.content)
        except TimeoutError as error:
            raise ModelError(
                f"{who} had not finished after {endpoint.longest:g} s; ask for less, or another model"
            ) from error
        except Exception as error:
            raise endpoint.explained(error, self._model, "in the middle of its answer" if heard else "") from error
        if not heard:
            raise ModelError(
                f"{who} sent nothing that reads as a chat answer; check that the address is an OpenAI-compatible one "
                "(it usually ends in /v1)"
            )
        if not finished:
            raise ModelError(f"{who} broke off in the middle of its answer; ask again")


def _passing(error: Exception) -> bool:
    """Whether the same request may succeed a moment later. A server that hung has been waited for long enough."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return False
    return isinstance(error, openai.APIConnectionError | openai.InternalServerError | openai.RateLimitError)


def _of_transport(error: Exception) -> bool:
    # While a reply is read the openai client lets its HTTP library's errors through (which one, its version decides).
    return type(error).__module__.partition(".")[0] in {"httpx", "httpx2", "httpcore", "httpcore2"}


def _fitting(error: openai.APIStatusError) -> float | None:
    """How much of a prompt a server had room for, by the numbers in its refusal (llama.cpp's fields, or its words)."""
    body = error.body if isinstance(error.body, dict) else {}
    room, sent = body.get("n_ctx"), body.get("n_prompt_tokens")
    if not (isinstance(room, int) and isinstance(sent, int)):
        counts = [int(count.replace(",", "")) for count in re.findall(r"\d[\d,]{2,}", error.message)]
        if len(counts) < 2:
            return None
        room, sent = min(counts), max(counts)
    return room / sent if 0 < room < sent else None


def _told(error: openai.APIStatusError) -> str:
    message = error.body.get("message") if isinstance(error.body, dict) else None
    return _one_line(str(message or error.message))


def _reason(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return _one_line(str(error)) or type(error).__name__


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]
