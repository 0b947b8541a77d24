"""Chat models: any OpenAI-compatible server, a .gguf file served in the process, a llama-index LLM.

    brief (numbered, dated passages) -> source (stream) -> replies (statements) -> ground (quotations) -> settled

Nothing a model writes counts as supported unless a quotation that passes the support check was found for it. A model
is only ever used because someone named it: a key in the environment by itself does nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from dateline.answer import Usage
from dateline.builtin.quotes import Quotes
from dateline.chatmodels import replies
from dateline.chatmodels.briefing import Brief, Form, brief, rewriting
from dateline.chatmodels.endpoint import Endpoint
from dateline.chatmodels.grounding import ground
from dateline.chatmodels.handed import Handed
from dateline.chatmodels.kept import Kept
from dateline.chatmodels.server import Server, is_gguf
from dateline.chatmodels.source import ContextOverflow, SchemaRefused, Source
from dateline.chatmodels.standing import settled
from dateline.followups.followup import Turn, stand_alone, turns
from dateline.matching import has, stems
from dateline.model import Draft, Rewritten
from index.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.base.llms.base import BaseLLM

    from dateline.question import Question
    from index.search import Hit
    from prompts import Messages

PRICE = "DATELINE_PRICE"
"""The variable that sets what a million tokens cost: "0.40,1.60" for those read and those written."""
_REWRITE_TOKENS = 120
_MAY_END = re.compile(r"[.!?…。！？\n}\]]")
# Not for chat: an endpoint's list names them all alike.
_OTHER_USES = re.compile(r"embed|whisper|tts|dall-e|image|moderation|rerank|transcribe|realtime|audio", re.IGNORECASE)


def models_offered(base_url: str | None = None, api_key: str | None = None) -> list[str]:
    """The chat models of the server that `base_url` or OPENAI_BASE_URL names; none when neither does.

    A key alone names no server: listing would then call OpenAI without anyone having asked. Raises ModelError when
    the server can't be asked.
    """
    base_url = base_url or os.environ.get("OPENAI_BASE_URL")
    if not base_url:
        return []
    listed = Endpoint(base_url, api_key or os.environ.get("OPENAI_API_KEY")).models()
    return [name for name in listed if not _OTHER_USES.search(name)]


class ChatModel:
    """A chat model behind `dateline.model.Model`.

    `model` is what the server calls it, the path of a .gguf file, or a llama-index LLM. `base_url` and `api_key`
    default to OPENAI_BASE_URL and OPENAI_API_KEY. `context` is how many tokens prompt and answer may take together, of
    which `answer_tokens` are kept for the answer. `timeout` is the longest wait for the next piece of an answer,
    `longest` for a whole one, both in seconds. `keep` is a folder where replies are kept, so that nothing is asked
    twice. `price` is what a million tokens cost, (read, written), by default what DATELINE_PRICE says. `quotes` is the
    built-in reader whose findings it is told. Raises ModelError when no server is named, or the file can't be served.
    """

    def __init__(
        self,
        model: str | BaseLLM,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        context: int = 8192,
        answer_tokens: int = 600,
        timeout: float = 60.0,
        longest: float = 300.0,
        threads: int | None = None,
        keep: str | os.PathLike[str] | None = None,
        price: tuple[float, float] | None = None,
        quotes: Quotes | None = None,
    ) -> None:
        self.name = model if isinstance(model, str) else Handed.name(model)
        # A file is known by its name: where it lies is no visitor's affair.
        self.called = Path(self.name).name if is_gguf(self.name) else self.name
        self.context = context
        self.answer_tokens = answer_tokens
        self.price = price or _price_set()
        self._keep = Path(keep) if keep is not None else None
        self._handed = None if isinstance(model, str) else Handed(model)
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL")
        self._api_key = api_key or os.environ.get("OPENAI_API_KEY")
        self._times = (timeout, longest)
        self._form: Form = "json" if self._handed is None else "markers"
        self._quotes = quotes or Quotes()
        self._server = Server(model, context, threads) if isinstance(model, str) and is_gguf(model) else None
        if not (self._server or self._handed or self._base_url or self._api_key):
            raise ModelError(
                f"model {self.name!r}: no server to ask; set OPENAI_BASE_URL (and OPENAI_API_KEY if it wants a key), "
                "or use the built-in model, quotes"
            )

    @cached_property
    def endpoint(self) -> Endpoint:
        """The server that is asked; for a .gguf file the first use starts it."""
        if self._server is not None:
            return Endpoint(self._server.base_url(), self._server.key, *self._times)
        return Endpoint(self._base_url, self._api_key, *self._times)

    def close(self) -> None:
        """End the server of a .gguf file and free its memory; the next use starts it again."""
        if self._server is not None:
            self._server.close()
            self.__dict__.pop("endpoint", None)

    def draft(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        """Drafts that grow by one statement, each with its quotation or with none; see `dateline.model.Model`."""
        if not hits:
            yield Draft(reason="no passage was found to ask the model about")
            return
        unknown = _unknown_names(question, hits)
        if unknown:
            yield Draft(reason=f"no passage found speaks of {' or '.join(unknown)}")
            return
        *_, found = self._quotes.draft(question, hits)
        draft, heard, refused = Draft(), _Heard(), False
        for heard in self._heard(question, hits, found):
            said = replies.read(heard.text, heard.whole)
            told = [statement for statement in said if not statement.refuses]
            for statement in told[len(draft.claims) :]:
                draft = replace(draft, claims=(*draft.claims, ground(statement, heard.passages, hits)))
                yield draft
            refused = len(told) < len(said) or (heard.whole and replies.refuses_in_json(heard.text))
            if refused:
                break
            yield draft
        if not draft.claims and not refused:
            wrong = "gave an answer that can't be read" if heard.text.strip() else "gave an empty answer"
            raise ModelError(f"model {self.called!r} {wrong}; ask again, or choose another model")
        last = settled(question, draft.claims, replies.bare(heard.text), found)
        yield replace(last, usage=self._priced(heard.usage))

    def rewrite(
        self, question: str, history: Sequence[Turn | Mapping[str, Any] | Sequence[str]], stop: Event | None = None
    ) -> Rewritten:
        """A follow-up as the model makes it stand alone.

        It may only use words of the conversation; where the model's are others, or it says nothing usable, the
        follow-up is resolved by rule. See `dateline.model.Rewriter`.
        """
        earlier = turns(history)
        if not earlier:
            return Rewritten(question)
        text = ""
        with self._source.stream(self.called, rewriting(question, earlier), _REWRITE_TOKENS, None) as reply:
            for piece in reply:
                text += piece
                if stop is not None and stop.is_set():
                    break
        first = " ".join(replies.answer_part(text).strip().partition("\n")[0].split()).strip("\"'“”")
        usable = replies.only_of_the_conversation(first, question, earlier)
        return Rewritten(first if usable else stand_alone(question, earlier), self._priced(reply.usage))

    def complete(self, messages: Messages, most: int, schema: Mapping[str, Any] | None = None) -> tuple[str, Usage]:
        """One whole reply of at most `most` tokens, without what was thought aloud, and what it took.

        It is held to the schema where the model can be. Raises ModelError.
        """
        try:
            with self._source.stream(self.called, messages, most, schema if self._form == "json" else None) as reply:
                text = "".join(reply)
        except SchemaRefused:
            self._form = "markers"
            return self.complete(messages, most)
        return replies.answer_part(text), self._priced(reply.usage)

    @property
    def _source(self) -> Source:
        source: Source = self._handed or self.endpoint
        if self._keep is None:
            return source
        if self._server is not None:
            asked = self._server.identity
        else:
            asked = "llama-index" if self._handed is not None else self.endpoint.address
        return Kept(source, self._keep, asked)

    def _heard(self, question: Question, hits: Sequence[Hit], found: Draft) -> Iterator[_Heard]:
        """The reply as it grows. Too many passages are made fewer, once. Raises ModelError."""
        room = self.context - self.answer_tokens
        shortened = False
        while True:
            sent = brief(question, hits, room, self._form, found)
            try:
                yield from self._reply(sent)
                return
            except SchemaRefused:
                self._form = "markers"
            except ContextOverflow as error:
                if shortened or len(sent.hits) == 1:
                    raise
                # What our count and the server's differ by is the same for fewer passages; a tenth is for safety.
                room = int(sent.tokens * (error.share or 0.5) * 0.9) - self.answer_tokens
                shortened = True

    def _reply(self, sent: Brief) -> Iterator[_Heard]:
        schema = replies.SCHEMA if self._form == "json" else None
        text = ""
        with self._source.stream(self.called, sent.messages, self.answer_tokens, schema) as reply:
            for piece in reply:
                text += piece
                # Reading the whole reply anew at every piece would be for nothing; an empty piece is a sign of life.
                if not piece or _MAY_END.search(piece):
                    yield _Heard(text, sent.hits, False, reply.usage)
                if len(text) >= replies.LONGEST:
                    return
        if reply.cut_short and text.strip() and not replies.read(text, final=False):
            raise ModelError(
                f"model {self.called!r} had said nothing whole after {self.answer_tokens} tokens; "
                "ask again, or choose another model"
            )
        yield _Heard(text, sent.hits, not reply.cut_short, reply.usage)

    def _priced(self, usage: Usage) -> Usage:
        if self.price is None or usage.kept or usage.tokens_in is None or usage.tokens_out is None:
            return usage
        read, written = self.price
        return replace(usage, price=(usage.tokens_in * read + usage.tokens_out * written) / 1_000_000)


@dataclass(frozen=True)
class _Heard:
    """A reply so far, the passages behind its numbers, whether it is whole, and what it took."""

    text: str = ""
    passages: tuple[Hit, ...] = ()
    whole: bool = False
    usage: Usage = Usage()


def _unknown_names(question: Question, hits: Sequence[Hit]) -> list[str]:
    """The names in a question that none of the articles has: what is asked about them can't be answered from these.

    A model would answer about somebody else, and its words could even be supported. Abbreviations are let through,
    articles spell them out.
    """
    articles = {hit.article.id: hit.article for hit in hits}
    known = [stems(f"{article.title}\n{article.text}") for article in articles.values()]
    asked = [name for name in question.names if not (len(name) == 1 and name[0].isupper())]
    return [" ".join(name) for name in asked if not any(has(text, word) for text in known for word in name)]


def _price_set() -> tuple[float, float] | None:
    said = os.environ.get(PRICE)
    if not said:
        return None
    try:
        read, written = map(float, said.split(","))
    except ValueError:
        raise ModelError(
            f"{PRICE} is {said!r}; write what a million tokens cost, read and written: 0.40,1.60"
        ) from None
    return read, written
