"""The chat page: questions on the left, the articles they are answered from on the right. Gradio is used here alone.

Its HTML comes from `dateline.page`, which escapes whatever an article, a model or a visitor wrote.
"""

# No `from __future__ import annotations` here: Gradio hands an event to a function by the type of its parameter, which
# it could not read from a string, since gradio is imported where it is used.

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.page import conversation as page
from dateline.page.conversation import Conversation, Turn
from dateline.page.sources import shown_articles, sources
from index.errors import DatelineError, ModelError, QuestionError

if TYPE_CHECKING:
    import gradio

    from dateline.answer import Answer
    from dateline.assistant import Assistant
    from index.articles import Article

_EXAMPLES = ("when-last-01", "who-02", "how-many-01", "before-after-02", "conflict-03", "unanswerable-01")
_AT_ONCE = 20  # answers worked on at the same time
_LISTED_FOR = 60.0  # seconds that the list of chat models is taken as it was
_OUR_FAULT = "This question could not be answered; what went wrong stands in the terminal that Dateline runs in."
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HEADERS = {
    # The second lock: even text that got past the escaping could load nothing from elsewhere and send nothing there.
    # Gradio's own scripts are inline, and it compiles its templates in the browser.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; form-action 'none'; "
    "base-uri 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def serve(assistant: "Assistant", host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until the process is stopped. Raises `DatelineError` when the address can't be listened on."""
    _check_free(host, port)
    demo = build(assistant)
    address = launch(demo, host, port)
    print(f"Dateline is at {address}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("", flush=True)  # the terminal's ^C stands on a line of its own
    finally:
        demo.close(verbose=False)


def build(assistant: "Assistant") -> "gradio.Blocks":
    """The page over an assistant, not yet served."""
    _keep_to_ourselves()
    import gradio as gr

    desk = Desk(assistant)
    script = _beside("page.js")

    demo: gr.Blocks
    with gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True) as demo:
        talk = gr.State(Conversation())
        masthead = gr.HTML(desk.masthead(), elem_id="masthead", apply_default_css=False)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                conversation = gr.HTML(
                    page.conversation(Conversation(), desk.examples),
                    elem_id="conversation",
                    apply_default_css=False,
                    js_on_load=script,
                )
                with gr.Row(elem_id="composer"):
                    box = gr.Textbox(
                        label="Question",
                        placeholder="Ask a question",
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        elem_id="question",
                        html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=True),
                    )
                    ask = gr.Button("Ask", variant="primary", elem_id="ask")
                    stop = gr.Button("Stop", elem_id="stop", visible=False)
                with gr.Row(elem_id="below"):
                    model = gr.Dropdown(
                        desk.choices([]), value=assistant.model, label="Answered by", elem_id="model", filterable=False
                    )
                    says = gr.HTML(page.says(""), apply_default_css=False)
                    anew = gr.Button("New conversation", elem_id="anew", size="sm")
            with gr.Column(elem_id="evidence"):
                panel = gr.HTML(sources(None, 0, {}), elem_id="sources", apply_default_css=False)

        drawn = [conversation, panel, box, ask, stop]

        def draw(held: Conversation, **text: Any) -> list[Any]:
            return [
                page.conversation(held, desk.examples),
                desk.sources(held),
                gr.update(**text),
                gr.update(visible=not held.busy),
                gr.update(visible=held.busy),
            ]

        def answer(question: str | None, chosen: str | None, held: Conversation) -> Iterator[list[Any]]:
            if held.busy:
                yield [gr.skip()] * len(drawn)
                return
            turn = held.ask(question or "", chosen or assistant.model)
            yield draw(held, value="")
            box = {}
            try:
                for _ in desk.answers(turn, held):
                    yield draw(held)
                    if turn.stopped:
                        return
            except DatelineError as error:
                turn.trouble = _sentence(str(error))
                if isinstance(error, QuestionError):
                    # To be mended, not typed again. In the last drawing: of two at once the page may skip the first.
                    box = {"value": question}
            finally:
                if not (turn.answer or turn.trouble or turn.stopped):
                    turn.trouble = _OUR_FAULT
                turn.finished = True
            yield draw(held, **box)

        def stopped(held: Conversation) -> list[Any]:
            if held.busy:
                held.turns[-1].end()
            return draw(held)

        def begin_anew(held: Conversation) -> list[Any]:
            stopped(held)
            held.turns.clear()
            return draw(held, value="")

        def example(event: gr.EventData) -> str:
            return str(event._data.get("question", ""))

        def show(held: Conversation, event: gr.EventData) -> Any:
            if held.turn(event._data.get("turn")) is None:
                return [gr.skip(), gr.skip()]
            held.shown = event._data["turn"]
            return [page.conversation(held, desk.examples), desk.sources(held)]

        def verdict(held: Conversation, event: gr.EventData) -> str:
            turn = held.turn(event._data.get("turn"))
            if turn and turn.answer and turn.finished:
                turn.verdict = desk.keep(turn.answer, bool(event._data.get("right")), event._data.get("should"))
            return page.conversation(held, desk.examples)

        def greet() -> list[Any]:
            offered, trouble = desk.offered()
            return [desk.masthead(), gr.update(choices=desk.choices(offered)), page.says(trouble)]

        private: dict[str, Any] = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": _AT_ONCE,
        }
        asking: list[Any] = [
            trigger(answer, [box, model, talk], drawn, concurrency_id="answers", **private)
            for trigger in (box.submit, ask.click)
        ]
        chosen = conversation.example(example, None, box, **private)
        asking.append(chosen.then(answer, [box, model, talk], drawn, concurrency_id="answers", **private))
        for event in asking:
            event.failure(draw, talk, drawn, **private)  # so that the page never stays busy
        stop.click(stopped, talk, drawn, cancels=asking, **private)
        anew.click(begin_anew, talk, drawn, cancels=asking, **private)
        conversation.show(show, talk, [conversation, panel], **private)
        conversation.verdict(verdict, talk, conversation, **private)
        demo.load(greet, None, [masthead, model, says], **private)

    demo.queue(default_concurrency_limit=_AT_ONCE)
    return demo


def launch(demo: "gradio.Blocks", host: str, port: int) -> str:
    """Start serving in the background and return the page's address. Raises `DatelineError` as `serve` does."""
    _keep_to_ourselves()
    import gradio as gr
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    middleware = [Middleware(_Headers)]
    if host in _LOOPBACK:
        # Else a page elsewhere could make its own name lead here and read the articles through its visitor's browser.
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]))
    try:
        demo.launch(
            server_name=host,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            inbrowser=False,
            ssr_mode=False,
            mcp_server=False,
            enable_monitoring=False,
            footer_links=[],
            max_file_size=1,  # nothing is uploaded here
            app_kwargs={"middleware": middleware, "docs_url": None, "redoc_url": None, "openapi_url": None},
            theme=gr.themes.Base(font=["sans-serif"], font_mono=["monospace"]),  # Gradio's own would be loaded
            css=_beside("page.css"),
            head=page.HEAD,
            favicon_path=Path(page.__file__).with_name("page.svg"),
        )
    except OSError as error:
        raise _taken(host, port) from error
    shown = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


class Desk:
    """What the page's functions share: the assistants, one a model, and the words around them. Knows no visitor."""

    def __init__(self, assistant: "Assistant") -> None:
        self.assistant = assistant
        self.examples = _examples(assistant.folder)
        self._by_model = {assistant.model: assistant}
        if "quotes" not in self._by_model:
            self._by_model["quotes"] = assistant.with_model("quotes")
        self._making = threading.Lock()
        self._listing = threading.Lock()
        self._listed: tuple[float, list[str], str] = (-_LISTED_FOR, [], "")

    def answers(self, turn: Turn, talk: Conversation) -> Iterator["Answer"]:
        """The turn's answers as they grow; a chat model that fails is stood in for by the built-in reader."""
        for answer in self._answering(turn.model).stream(turn.question, talk.history(), stop=turn.stop):
            if turn.stopped:
                return
            turn.answer = answer
            if answer.trouble:
                turn.trouble = f"{_sentence(answer.trouble)}. What follows is quoted by the built-in reader."
            yield answer

    def offered(self) -> tuple[list[str], str]:
        """The chat models of the endpoint, if one is named, or the line that says why they can't be listed."""
        from dateline.chatmodels.chat import models_offered

        with self._listing:
            when, names, trouble = self._listed
            if time.monotonic() - when >= _LISTED_FOR:
                try:
                    names, trouble = models_offered(), ""
                except DatelineError as error:
                    names, trouble = [], _sentence(str(error))
                self._listed = time.monotonic(), names, trouble
            return names, trouble

    def choices(self, offered: list[str]) -> list[tuple[str, str]]:
        """What may answer, as the page names it and as the assistant does: the built-in reader first."""
        names = list(dict.fromkeys(["quotes", self.assistant.model, *offered]))
        return [("quotes (built in)" if name == "quotes" else page.called(name), name) for name in names]

    def masthead(self) -> str:
        skipped = len(self.assistant.indexed.skipped) if self.assistant.indexed else 0
        try:
            return page.masthead(self.assistant.holdings, self.assistant.folder, skipped)
        except DatelineError:
            return page.masthead(None, self.assistant.folder)

    def sources(self, talk: Conversation) -> str:
        turn = talk.turn(talk.shown)
        articles: dict[str, Article] = {}
        for key in shown_articles(turn.answer) if turn and turn.answer else ():
            try:
                articles[key] = self.assistant.article(key)
            except DatelineError:
                continue  # gone since: the page shows its quotation alone and says so
        return sources(turn, talk.shown, articles)

    def keep(self, answer: "Answer", right: bool, should_be: object) -> str:
        """Keep a visitor's verdict as a test case; the line to show them."""
        from dateline.evaluation import feedback

        # An empty line is an answer too: that the articles don't say.
        said = should_be[:500] if isinstance(should_be, str) and not right else None
        try:
            feedback.keep(self.assistant.store, answer, right, said)
        except (DatelineError, OSError) as error:
            return f"That could not be kept: {error}"
        return "Kept as a question to measure by: dateline evaluate --from-feedback"

    def _answering(self, model: str) -> "Assistant":
        with self._making:
            if model not in self._by_model:
                if model not in self._listed[1]:
                    raise ModelError(f"model {model!r} is not offered any more; choose another")
                self._by_model[model] = self.assistant.with_model(model)
            return self._by_model[model]


class _Headers:
    """Adds `_HEADERS` to every response."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                ours = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *ours]}
            await send(message)

        await self.app(scope, receive, sending)


def _keep_to_ourselves() -> None:
    """Tell Gradio, before it is loaded, to ask nothing of anyone else's machine."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    # Gradio asks its own server whether it is up, which no proxy could tell it.
    for name in ("NO_PROXY", "no_proxy"):
        direct = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join(dict.fromkeys([*direct, "127.0.0.1", "localhost"]))


def _check_free(host: str, port: int) -> None:
    """Raises at once what `launch` would find out late."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise _taken(host, port) from error


def _taken(host: str, port: int) -> DatelineError:
    return DatelineError(f"can't listen on {host}:{port} (in use, or not this machine's); choose another with --port")


def _examples(folder: Path) -> list[str]:
    """Questions to try: of the seeds, whose test set has them; none for any other folder."""
    from dateline.cli import SEEDS

    cases = SEEDS.parent / "questions.jsonl"
    if folder.resolve() != SEEDS.resolve() or not cases.is_file():
        return []
    asked = {case["id"]: case["question"] for case in map(json.loads, cases.read_text(encoding="utf-8").splitlines())}
    return [asked[key] for key in _EXAMPLES if key in asked]


def _beside(name: str) -> str:
    return Path(page.__file__).with_name(name).read_text(encoding="utf-8")


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]
