"""An OpenAI-compatible server: streamed replies, the models it offers, and its failures in one line each.

The openai client is made at the first request, never on import. Retries are ours, so that a server that hangs is not
waited for three times.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from index.errors import ModelError

if TYPE_CHECKING:
    import openai

    from prompts import Messages

OPENAI = "https://api.openai.com/v1"
_PAUSES = (0.5, 1.5)  # seconds before the first and the second retry
_CONNECT = 5.0  # seconds
_LISTING = 5.0  # seconds for the list of models: a page waits for it
# Settings that some servers refuse, and what their refusal says. They are then left out, or put in other words.
_REFUSALS = {
    "response_format": re.compile(r"response_format|json_schema|structured|grammar", re.IGNORECASE),
    "max_tokens": re.compile(r"max_tokens", re.IGNORECASE),
    "temperature": re.compile(r"temperature", re.IGNORECASE),
}
_TOO_LONG = re.compile(
    r"context (?:length|size|window)|maximum context|exceed_context_size|context_length_exceeded|too many tokens|"
    r"prompt is too long|input is too long|reduce the length",
    re.IGNORECASE,
)


class ContextOverflow(ModelError):
    """The prompt is longer than the server's context. `share` says how much of it would have fitted, where known."""

    def __init__(self, message: str, share: float | None = None) -> None:
        super().__init__(message)
        self.share = share


class SchemaRefused(ModelError):
    """The server can't hold its answers to a JSON schema."""


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

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai

        # Servers without keys still want the header; the client wants some key to send in it.
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self._api_key or "none",
            max_retries=0,
            timeout=openai.Timeout(self.timeout, connect=min(_CONNECT, self.timeout)),
        )

    def models(self) -> list[str]:
        """The names of the models that the server offers, in its order. Raises ModelError when it can't be asked."""
        try:
            listed = self._client.with_options(timeout=min(_LISTING, self.timeout)).models.list()
            return [model.id for model in listed.data]
        except Exception as error:
            raise self.explained(error, "", "asked for its models") from error

    @contextmanager
    def stream(self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None) -> Iterator[Reply]:
        """A reply of at most `most` tokens, held to a JSON schema if one is given.

        Leaving the context closes the connection, which stops the server's work. Raises ModelError, before the first
        piece or between two: `ContextOverflow` when the prompt is too long, `SchemaRefused` when `schema` is refused.
        """
        opened = self._open(model, messages, most, schema)
        # A server that sends only signs of life never runs into the time between two pieces.
        watch = threading.Timer(self.longest, opened.close)
        watch.daemon = True
        watch.start()
        try:
            yield Reply(self, opened, model)
        finally:
            watch.cancel()
            opened.close()

    def _open(
        self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None
    ) -> openai.Stream[openai.types.chat.ChatCompletionChunk]:
        import openai

        pauses = list(_PAUSES)
        while True:
            sent = self._sent(schema)
            try:
                opened: openai.Stream[openai.types.chat.ChatCompletionChunk]
                opened = self._client.chat.completions.create(
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
                time.sleep(pauses.pop(0))

    def _sent(self, schema: Mapping[str, Any] | None) -> list[str]:
        names = ["max_tokens", "temperature"] + ["response_format"] * (schema is not None)
        return [name for name in names if name not in self._refused]

    def _settings(self, most: int, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        settings: dict[str, Any] = {}
        settings["max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"] = most
        if "temperature" not in self._refused:
            settings["temperature"] = 0
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
    """A reply as it arrives: an iterator of pieces of text. `cut_short` is True once it ended for want of tokens."""

    def __init__(self, endpoint: Endpoint, opened: openai.Stream[Any], model: str) -> None:
        self.cut_short = False
        self._endpoint = endpoint
        self._opened = opened
        self._model = model
        self._deadline = time.monotonic() + endpoint.longest

    def __iter__(self) -> Iterator[str]:
        endpoint, who = self._endpoint, self._endpoint.who(self._model)
        heard = finished = False
        try:
            for chunk in self._opened:
                heard = True
                for choice in chunk.choices[:1]:
                    finished = finished or choice.finish_reason is not None
                    self.cut_short = choice.finish_reason == "length"
                    if choice.delta.content:
                        yield choice.delta.content
                if time.monotonic() > self._deadline:
                    break
        except Exception as error:
            if time.monotonic() < self._deadline:
                raise endpoint.explained(error, self._model, "in the middle of its answer" if heard else "") from error
        if time.monotonic() > self._deadline:
            raise ModelError(f"{who} had not finished after {endpoint.longest:g} s; ask for less, or another model")
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
