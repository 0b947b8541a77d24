"""The main path: a question is understood, searched for, answered, checked and cited, and an Answer comes out."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from dateline.answer import Answer, Conflict, Found, Seconds, Usage, Value
from dateline.attribution import attributed, names_a_source
from dateline.builtin.confidence import THRESHOLD
from dateline.builtin.quotes import Quotes
from dateline.citing import Cited, cite, compose
from dateline.followups.followup import turns
from dateline.model import Closeable, Draft, Model, Rewriter
from dateline.question import SOON, Question, is_about, understand
from dateline.refusal import why
from dateline.retold import once
from dateline.tellings import quoted
from index.articles import Article
from index.catalog import Filter, Holdings
from index.embedding import Embedding, embedding
from index.errors import ArticleMissing, ModelError, QuestionError, StoreBusy
from index.search import Hit, at_the_edge, search
from index.store import Store
from index.update import Update, Watch, update

if TYPE_CHECKING:
    from llama_index.core.base.llms.base import BaseLLM

    from dateline.engine import QueryEngine, Retriever

# Passages that are looked at for their day, beside those that the search brings up.
_EDGE = 20

Turn = Mapping[str, str] | Sequence[str]
Day = date | str


class Asking(TypedDict, total=False):
    """The keywords of a question; see `Assistant.stream`."""

    asked: Day | None
    since: Day | None
    until: Day | None
    source: str | None
    stop: Event | None


class Assistant:
    """Answers questions from a folder of dated articles.

    `Assistant("path/to/articles")` indexes what is new or changed, then is ready. `store` is where the index lies
    (by default `.dateline/` and the folder's name), `model` what answers: a name ("quotes" is built in), a `Model`, or
    a llama-index LLM. `update=False` takes the index as it stands. `cache=False` asks a chat model anew what it was
    asked before. `unsupported` says what becomes of statements that no quotation supports: "mark" or "drop".
    `threshold` (0 to 1) is how sure the built-in reader has to be for its answer to be given. `embedder` makes the
    vectors: a name (all-MiniLM-L6-v2 is built in), or a llama-index embedding; a store keeps to its own. Several
    assistants on one folder share one store, and threads may share an assistant. Raises the errors of `index.errors`,
    each one line that says what mends it.
    """

    def __init__(
        self,
        articles: str | os.PathLike[str],
        *,
        store: str | os.PathLike[str] | None = None,
        model: str | Model | BaseLLM = "quotes",
        update: bool = True,
        watch: Watch | None = None,
        cache: bool = True,
        unsupported: Literal["mark", "drop"] = "mark",
        threshold: float = THRESHOLD,
        embedder: str | Embedding | None = None,
    ) -> None:
        self.folder = Path(articles)
        self._path = Path(store) if store is not None else None
        self._cache = cache
        self._unsupported = unsupported
        self._quotes = Quotes(threshold)
        self.indexed: Update | None = None
        self._store = Store.open(self.folder, self._path, None if embedder is None else embedding(embedder))
        self._model = chosen(model, self._quotes, self._store.path / "replies" if cache else None)
        if update:
            self.indexed = self._brought_up(watch)

    def ask(self, question: str, history: Sequence[Turn] = (), **asking: Unpack[Asking]) -> Answer:
        """Answer a question.

        `history` holds the turns before it, oldest first, as {"question", "answer"}; for the keywords see `stream`.
        """
        *_, answer = self.stream(question, history, **asking)
        return answer

    async def aask(self, question: str, history: Sequence[Turn] = (), **asking: Unpack[Asking]) -> Answer:
        """`ask` for a program with an event loop: the work is done in a thread of its own, and ends when cancelled."""
        asking["stop"] = stop = asking.get("stop") or Event()
        try:
            return await asyncio.to_thread(self.ask, question, history, **asking)
        except asyncio.CancelledError:
            stop.set()
            raise

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        asked: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Answer]:
        """Answers that grow by one checked statement; the last one is what `ask` returns.

        `asked` is the day the question is asked on (else today); `since`, `until` (inclusive) and `source` narrow the
        articles that are searched. Days are dates or ISO strings. A question that names a paper of the folder
        ("according to the Courier") is asked of that paper's articles first, and of all where they don't answer.
        `stop`, once set, ends the answer where it is, and a chat model's work with it. A chat model that fails is stood
        in for by the built-in reader: `Answer.trouble`.
        """
        clock = Clock()
        filter = Filter(_day(since, "since"), _day(until, "until"), source)
        understood, made = self._understood(question, history, _day(asked, "asked"), stop)
        if source is None and (meant := self._attributed(understood)):
            understood, source = meant
            answered = False
            for answer in self._answers(understood, made, replace(filter, source=source), stop, clock):
                if answered := answer.answered:
                    yield answer
            if answered:
                return
            # What that paper doesn't say another may: its answer is better than none, and names the paper it stands in.
        yield from self._answers(understood, made, filter, stop, clock)

    def _answers(
        self, understood: Question, made: Draft, filter: Filter, stop: Event | None, clock: Clock
    ) -> Iterator[Answer]:
        """The answers of `stream` to a question as it was understood."""
        store = self._opened()
        hits = search(store, understood.standalone, filter, asked=understood.asked)
        understood = understood.named_as(hit.text for hit in hits)
        edge = _edge(store, understood, filter)
        copies = store.catalog.copies({hit.article.story for hit in (*hits, *edge) if hit.article.story}, filter)
        searched = Searched(tuple(hits), tuple(edge), copies, filter)
        clock.searched()
        shown = 0
        draft = Draft(reason="")
        with closing(self._drafts(understood, searched.told_once(), made)) as drafts:
            for draft in drafts:
                if stop is not None and stop.is_set():
                    stands = any(claim.quotations for claim in draft.claims)
                    draft = replace(draft, reason=None if stands else "the answer was stopped")
                    break
                if len(draft.claims) > shown and draft.reason is None:
                    shown = len(draft.claims)
                    answer = self._checked(understood, searched, draft, clock.seconds)
                    if answer.answered:
                        yield answer
        yield self._checked(understood, searched, draft, clock.seconds)

    def article(self, key: str) -> Article:
        """An article as stored; raises `ArticleMissing`."""
        found = self._opened().catalog.article(key)
        if found is None:
            raise ArticleMissing(
                f"no article {key!r} in the index of {self.folder}; its articles are named as its files"
            )
        return found

    @property
    def holdings(self) -> Holdings:
        """How many articles and passages there are, and the days they run over."""
        return self._opened().catalog.holdings()

    @property
    def model(self) -> str:
        return self._model.name

    @property
    def store(self) -> Path:
        return self._store.path

    def with_model(self, model: str | Model | BaseLLM) -> Assistant:
        """The same articles, answered from by another model."""
        return Assistant(
            self.folder,
            store=self._path,
            model=model,
            update=False,
            cache=self._cache,
            unsupported=self._unsupported,
            threshold=self._quotes.threshold,
            embedder=self._store.embedding,
        )

    def search(
        self,
        question: str,
        *,
        asked: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
    ) -> list[Hit]:
        """The passages that `ask` looks for an answer in, best first; see `index.search.search`."""
        filter = Filter(_day(since, "since"), _day(until, "until"), source)
        return search(self._opened(), question, filter, asked=_day(asked, "asked") or date.today())

    def as_retriever(
        self, *, top_k: int = 10, since: Day | None = None, until: Day | None = None, source: str | None = None
    ) -> Retriever:
        """The search as a llama-index retriever; see `dateline.engine`."""
        from dateline.engine import Retriever

        return Retriever(lambda question: self.search(question, since=since, until=until, source=source), top_k)

    def as_query_engine(self) -> QueryEngine:
        """The assistant as a llama-index query engine; see `dateline.engine`."""
        from dateline.engine import QueryEngine

        return QueryEngine(self)

    def update(self, *, empty: bool = False, watch: Watch | None = None) -> Update:
        """Index what is new or changed and drop what is gone; see `index.update.update`."""
        self.indexed = update(self._opened(), empty=empty, watch=watch)
        return self.indexed

    def close(self) -> None:
        """Let go of the store's files and of what the model holds; whoever is asked next opens them again."""
        self._store.close()
        if isinstance(self._model, Closeable):
            self._model.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _understood(
        self, question: str, history: Sequence[Turn], asked: date | None, stop: Event | None
    ) -> tuple[Question, Draft]:
        """The question as it stands alone, by the model where that is one for it, and what this took or met."""
        understood = understand(question, history, asked)
        if not history or not isinstance(self._model, Rewriter):
            return understood, Draft()
        try:
            made = self._model.rewrite(understood.text, turns(history), stop)
        except ModelError as error:
            return understood, Draft(trouble=str(error))
        return understand(question, history, asked, made.text), Draft(usage=made.usage)

    def _attributed(self, understood: Question) -> tuple[Question, str] | None:
        """The question without the paper that it names, and that paper; None where it names none of the folder's."""
        if not names_a_source(understood.standalone):
            return None
        meant = attributed(understood.standalone, self._opened().catalog.sources())
        if meant is None:
            return None
        bare, source = meant
        return understand(understood.text, asked=understood.asked, standalone=bare), source

    def _drafts(self, question: Question, hits: Sequence[Hit], made: Draft) -> Generator[Draft]:
        """The model's drafts; once it fails, the built-in reader's, after what was said until then."""
        said = made
        try:
            if made.trouble is None:
                for said in self._model.draft(question, hits):
                    if made.usage is not None:
                        said = replace(said, usage=made.usage + (said.usage or Usage()))
                    yield said
                return
        except ModelError as error:
            made = replace(made, trouble=str(error))
        for draft in self._quotes.draft(question, hits):
            stands = any(claim.quotations for claim in said.claims)
            reason = None if stands else draft.reason
            yield replace(
                draft, claims=(*said.claims, *draft.claims), reason=reason, trouble=made.trouble, usage=said.usage
            )

    def _brought_up(self, watch: Watch | None) -> Update | None:
        try:
            return update(self._store, watch=watch)
        except StoreBusy:
            # Another process is indexing: what it has done so far can be asked.
            if not self.holdings.articles:
                raise
            return None

    def _opened(self) -> Store:
        """The store, opened again when it was closed or made anew; raises `StoreMissing` when it was deleted."""
        if self._store.closed or self._store.replaced():
            self._store = Store.reopen(self._store)
        return self._store

    def _checked(self, question: Question, searched: Searched, draft: Draft, seconds: Seconds) -> Answer:
        """The draft as an answer: quotations verified and numbered, or, where none holds, a refusal with its reason."""
        cited = cite(draft, searched.copies)
        shown = tuple(one for one in cited.statements if one.supported or self._unsupported == "mark")
        found = tuple(Found(hit.article.id, hit.start, hit.end, hit.score) for hit in searched.hits)
        answered = draft.reason is None and cited.stands
        days = [hit.article.published for hit in (*searched.hits, *searched.edge) if is_about(hit, question)]
        if answered:
            days += [citation.published for citation in cited.citations]
        blank = Answer(
            question=question.text,
            standalone=question.standalone,
            text="",
            short=None,
            answered=False,
            reason=None,
            as_of=max((day for day in days if day), default=None),
            model=self._model.name,
            hits=found,
            seconds=seconds,
            confidence=draft.confidence,
            trouble=draft.trouble,
            usage=draft.usage,
        )
        if not answered:
            reason = draft.reason or why(question, self._store.catalog, searched.filter)
            nearest = f" The nearest, too unsure to be the answer: {quoted(draft.nearest)}" if draft.nearest else ""
            return replace(blank, text=f"The articles don't say: {reason}.{nearest}", reason=reason)
        return replace(
            blank,
            text=compose(shown),
            short=draft.short,
            answered=True,
            statements=shown,
            left_out=len(cited.statements) - len(shown),
            citations=cited.citations,
            conflicts=_conflicts(draft, cited),
        )


@dataclass(frozen=True)
class Searched:
    """What a question is answered from: the hits, the passages at the edge of time, and the copies of their stories."""

    hits: tuple[Hit, ...]
    edge: tuple[Hit, ...]
    copies: Mapping[int, Sequence[Article]]
    filter: Filter

    def told_once(self) -> list[Hit]:
        """The passages, best first, none twice: what copies of one story share is told by the first of them."""
        return once((*self.hits, *self.edge), self.copies)


class Clock:
    """Wall time by stage."""

    def __init__(self) -> None:
        self._began = self._searched = time.perf_counter()

    def searched(self) -> None:
        self._searched = time.perf_counter()

    @property
    def seconds(self) -> Seconds:
        now = time.perf_counter()
        return Seconds(self._searched - self._began, now - self._searched, now - self._began)


def chosen(model: str | Model | BaseLLM, quotes: Quotes, keep: Path | None = None) -> Model:
    """The model that is meant: by its name, or handed in. None is ever chosen because a key is lying about.

    `quotes` is the built-in one, whose findings a chat model is told; `keep` is where a chat model's replies are kept.
    A model that was made by the caller sees to both itself.
    """
    if model == "quotes":
        return quotes
    if isinstance(model, Model):
        return model
    from dateline.chatmodels.chat import ChatModel

    return ChatModel(model, keep=keep, quotes=quotes)


def _edge(store: Store, question: Question, filter: Filter) -> list[Hit]:
    """The newest passages on the question's subject; the oldest where it asks for the first.

    Of a past time, those that were written until soon after it.
    """
    window = question.time.window
    if window and window.end and question.time.relation not in ("after", "since"):
        until = min(window.end + SOON, filter.until or date.max)
        filter = replace(filter, until=until)
    return at_the_edge(store, question.subjects, _EDGE, question.time.order == "first", filter)


def _conflicts(draft: Draft, cited: Cited) -> tuple[Conflict, ...]:
    found = []
    for disagreement in draft.disagreements:
        values = tuple(
            Value(side.value, side.day, number)
            for side in disagreement.sides
            if (number := cited.number(side.quotation)) is not None
        )
        if len(values) > 1:
            found.append(Conflict(disagreement.about, values))
    return tuple(found)


def _day(value: Day | None, name: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise QuestionError(f"{name} is {value!r}, not a day; write it as 2023-09-22") from None
