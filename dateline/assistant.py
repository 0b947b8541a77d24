"""The main path: a question is understood, searched for, answered, checked and cited, and an Answer comes out."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from dateline.answer import Answer, Conflict, Found, Seconds, Value
from dateline.citing import Cited, cite, compose
from dateline.model import Draft, Model
from dateline.question import Question, is_about, understand
from dateline.quotes import Quotes
from dateline.refusal import why
from index.articles import Article
from index.catalog import Filter, Holdings
from index.errors import ArticleMissing, QuestionError, StoreBusy
from index.search import Hit, search
from index.store import Store
from index.update import Update, Watch, update

Turn = Mapping[str, str] | Sequence[str]
Day = date | str


class Assistant:
    """Answers questions from a folder of dated articles.

    `Assistant("path/to/articles")` indexes what is new or changed, then is ready. `store` is where the index lies
    (by default `.dateline/` and the folder's name), `model` the name of what answers ("quotes" is built in),
    `update=False` takes the index as it stands. Several assistants on one folder share one store, and threads may
    share an assistant. Raises the errors of `index.errors`, each one line that says what mends it.
    """

    def __init__(
        self,
        articles: str | os.PathLike[str],
        *,
        store: str | os.PathLike[str] | None = None,
        model: str | Model = "quotes",
        update: bool = True,
        watch: Watch | None = None,
    ) -> None:
        self.folder = Path(articles)
        self._path = Path(store) if store is not None else None
        self._model = named(model) if isinstance(model, str) else model
        self.indexed: Update | None = None
        self._store = Store.open(self.folder, self._path)
        if update:
            self.indexed = self._brought_up(watch)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        asked: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
    ) -> Answer:
        """Answer a question.

        `history` holds the turns before it, oldest first, as {"question", "answer"}; `asked` is the day the question
        is asked on (else today); `since`, `until` (inclusive) and `source` narrow the articles that are searched.
        Days are dates or ISO strings.
        """
        *_, answer = self.stream(question, history, asked=asked, since=since, until=until, source=source)
        return answer

    async def aask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        asked: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
    ) -> Answer:
        """`ask` for a program with an event loop: the work is done in a thread of its own."""
        return await asyncio.to_thread(
            self.ask, question, history, asked=asked, since=since, until=until, source=source
        )

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        asked: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        source: str | None = None,
    ) -> Iterator[Answer]:
        """Answers that grow by one checked statement; the last one is what `ask` returns."""
        began = time.perf_counter()
        filter = Filter(_day(since, "since"), _day(until, "until"), source)
        understood = understand(question, history, _day(asked, "asked"))
        store = self._opened()
        hits = search(store, understood.standalone, filter)
        understood = understood.named_as(hit.text for hit in hits)
        searched = time.perf_counter()
        answer = None
        for draft in self._model.draft(understood, hits):
            now = time.perf_counter()
            seconds = Seconds(searched - began, now - searched, now - began)
            answer = self._checked(understood, hits, draft, filter, seconds)
            if answer.answered:
                yield answer
        if answer is None or not answer.answered:
            now = time.perf_counter()
            seconds = Seconds(searched - began, now - searched, now - began)
            yield self._checked(understood, hits, Draft(reason=""), filter, seconds) if answer is None else answer

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

    def with_model(self, model: str | Model) -> Assistant:
        """The same articles, answered from by another model."""
        return Assistant(self.folder, store=self._path, model=model, update=False)

    def update(self, *, empty: bool = False, watch: Watch | None = None) -> Update:
        """Index what is new or changed and drop what is gone; see `index.update.update`."""
        self.indexed = update(self._opened(), empty=empty, watch=watch)
        return self.indexed

    def close(self) -> None:
        """Let go of the store's files; every assistant on the same store then opens them again when it is asked."""
        self._store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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

    def _checked(
        self, question: Question, hits: Sequence[Hit], draft: Draft, filter: Filter, seconds: Seconds
    ) -> Answer:
        """The draft as an answer: quotations verified and numbered, or, where none holds, a refusal with its reason."""
        cited = cite(draft)
        found = tuple(Found(hit.article.id, hit.start, hit.end, hit.score) for hit in hits)
        answered = draft.reason is None and cited.stands
        days = [hit.article.published for hit in hits if is_about(hit, question)]
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
        )
        if not answered:
            reason = draft.reason or why(question, self._store.catalog, filter)
            return replace(blank, text=f"The articles don't say: {reason}.", reason=reason)
        return replace(
            blank,
            text=compose(cited.statements),
            short=draft.short,
            answered=True,
            statements=cited.statements,
            citations=cited.citations,
            conflicts=_conflicts(draft, cited),
        )


def named(model: str) -> Model:
    """The model of a name: the built-in one, or a chat model. None is ever chosen because a key is lying about."""
    if model == "quotes":
        return Quotes()
    from dateline.chatmodels.chat import ChatModel

    return ChatModel(model)


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
