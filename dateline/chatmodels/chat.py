"""Chat models: any OpenAI-compatible server, or a .gguf file served in the process, asked by name.

    brief (numbered, dated passages) -> endpoint (stream) -> replies (statements) -> ground (quotations) -> drafts

Nothing a model writes counts as supported unless a quotation that passes the support check was found for it. A model
is only ever used because someone named it: a key in the environment by itself does nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dateline.chatmodels import replies
from dateline.chatmodels.briefing import Brief, Form, brief, rewriting
from dateline.chatmodels.endpoint import ContextOverflow, Endpoint, SchemaRefused
from dateline.chatmodels.grounding import ground
from dateline.chatmodels.server import Server, is_gguf
from dateline.followup import Turn, turns
from dateline.matching import has, stems
from dateline.model import Claim, Draft
from index.errors import ModelError

if TYPE_CHECKING:
    from dateline.question import Question
    from index.search import Hit

NOT_SAID = "the model finds no answer in the passages"
UNPROVED = "nothing that the model said stands in the passages"
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

    `name` is what the server calls it, or the path of a .gguf file. `base_url` and `api_key` default to
    OPENAI_BASE_URL and OPENAI_API_KEY. `context` is how many tokens prompt and answer may take together, of which
    `answer_tokens` are kept for the answer. `timeout` is the longest wait for the next piece of an answer, `longest`
    for a whole one, both in seconds. Raises ModelError when no server is named, or the file can't be served.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        context: int = 8192,
        answer_tokens: int = 600,
        timeout: float = 60.0,
        longest: float = 300.0,
        threads: int | None = None,
    ) -> None:
        self.name = name
        self.context = context
        self.answer_tokens = answer_tokens
        self._base_url = base_url or os.environ.get("OPENAI_BASE_URL")
        self._api_key = api_key or os.environ.get("OPENAI_API_KEY")
        self._times = (timeout, longest)
        self._form: Form = "json"
        self._server = Server(name, context, threads) if is_gguf(name) else None
        if self._server is None and not (self._base_url or self._api_key):
            raise ModelError(
                f"model {name!r}: no server to ask; set OPENAI_BASE_URL (and OPENAI_API_KEY if it wants a key), "
                "or use the built-in model, quotes"
            )

    @cached_property
    def endpoint(self) -> Endpoint:
        """Where the model is asked; for a .gguf file the first use starts its server."""
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
        claims: list[Claim] = []
        for reply, sent, whole in self._replies(question, hits):
            said = replies.read(reply, whole)
            told = [statement for statement in said if not statement.refuses]
            for statement in told[len(claims) :]:
                claims.append(ground(statement, sent.hits))
                yield Draft(tuple(claims))
            if len(told) < len(said) or (whole and replies.refuses_in_json(reply)):
                if not claims:
                    yield Draft(reason=NOT_SAID)
                    return
                break
        if not claims:
            wrong = "gave an answer that can't be read" if reply.strip() else "gave an empty answer"
            raise ModelError(f"model {self.name!r} {wrong}; ask again, or choose another model")
        if not any(claim.quotations for claim in claims):
            yield Draft(tuple(claims), reason=UNPROVED)

    def rewrite(self, question: str, history: Sequence[Turn | Mapping[str, Any] | Sequence[str]]) -> str:
        """A follow-up as the model makes it stand alone; the question as it is where nothing usable came back."""
        earlier = turns(history)
        if not earlier:
            return question
        messages = rewriting(question, earlier)
        with self.endpoint.stream(self.name, messages, _REWRITE_TOKENS, None) as pieces:
            reply = replies.answer_part("".join(pieces)).strip()
        first = " ".join(reply.partition("\n")[0].split()).strip("\"'“”")
        return first if 3 <= len(first) <= 2 * len(question) + 200 else question

    def _replies(self, question: Question, hits: Sequence[Hit]) -> Iterator[tuple[str, Brief, bool]]:
        """The reply so far, as it grows, with the brief it answers and whether it is whole.

        Too many passages are made fewer, once. Raises ModelError.
        """
        room = self.context - self.answer_tokens
        shortened = False
        while True:
            sent = brief(question, hits, room, self._form)
            try:
                yield from ((reply, sent, whole) for reply, whole in self._reply(sent))
                return
            except SchemaRefused:
                self._form = "markers"
            except ContextOverflow as error:
                if shortened or len(sent.hits) == 1:
                    raise
                # What our count and the server's differ by is the same for fewer passages; a tenth is for safety.
                room = int(sent.tokens * (error.share or 0.5) * 0.9) - self.answer_tokens
                shortened = True

    def _reply(self, sent: Brief) -> Iterator[tuple[str, bool]]:
        schema = replies.SCHEMA if self._form == "json" else None
        reply = ""
        with self.endpoint.stream(self.name, sent.messages, self.answer_tokens, schema) as pieces:
            for piece in pieces:
                reply += piece
                if _MAY_END.search(piece):  # reading the whole reply anew at every piece would be for nothing
                    yield reply, False
                if len(reply) >= replies.LONGEST:
                    return
        if pieces.cut_short and reply.strip() and not replies.read(reply, final=False):
            raise ModelError(
                f"model {self.name!r} had said nothing whole after {self.answer_tokens} tokens; "
                "ask again, or choose another model"
            )
        yield reply, not pieces.cut_short


def _unknown_names(question: Question, hits: Sequence[Hit]) -> list[str]:
    """The names in a question that none of the articles has: what is asked about them can't be answered from these.

    A model would answer about somebody else, and its words could even be supported. Abbreviations are let through,
    articles spell them out.
    """
    articles = {hit.article.id: hit.article for hit in hits}
    known = [stems(f"{article.title}\n{article.text}") for article in articles.values()]
    asked = [name for name in question.names if not (len(name) == 1 and name[0].isupper())]
    return [" ".join(name) for name in asked if not any(has(text, word) for text in known for word in name)]
