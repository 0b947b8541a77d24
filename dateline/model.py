"""The seam where an answerer plugs in: a question and its hits go in, drafts of statements with quotations come out.

Built-in reader (`dateline.builtin`) and chat models (`dateline.chatmodels`) both stand behind `Model`. A draft is a
proposal: the assistant checks every quotation against its article before anyone sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dateline.answer import Usage

if TYPE_CHECKING:
    from dateline.followups.followup import Turn
    from dateline.question import Question
    from index.articles import Article
    from index.search import Hit


@dataclass(frozen=True)
class Quotation:
    """Words of an article by their place: `article.text[start:end]`."""

    article: Article
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True)
class Claim:
    """One statement, without markers, and the quotations it stands on. None of them: it is unsupported.

    `written` says that its words are the model's own, else they are a quotation and what introduces it.
    """

    text: str
    quotations: tuple[Quotation, ...] = ()
    written: bool = False


@dataclass(frozen=True)
class Side:
    """One value in a disagreement, the day it held for or was reported on, and the words that give it."""

    value: str
    day: date | None
    quotation: Quotation


@dataclass(frozen=True)
class Disagreement:
    """Different values for the same thing, newest first. Each quotation also stands under one of the claims."""

    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Draft:
    """An answer so far. `reason` is set when the model finds that the articles don't say, `nearest` then what may
    answer but is too unsure to be given as the answer.

    `trouble` is the line that tells why another model's answer follows; `usage` what a chat model took.
    """

    claims: tuple[Claim, ...] = ()
    short: str | None = None
    reason: str | None = None
    disagreements: tuple[Disagreement, ...] = ()
    confidence: float | None = None
    trouble: str | None = None
    usage: Usage | None = None
    nearest: Quotation | None = None


@dataclass(frozen=True)
class Rewritten:
    """A follow-up made to stand alone, and what that took."""

    text: str
    usage: Usage | None = None


@runtime_checkable
class Model(Protocol):
    """Something that answers from hits."""

    @property
    def name(self) -> str: ...

    def draft(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        """Yield drafts that grow by one claim; the last one is the answer.

        A model that waits for another machine yields its last draft again a few times a second (an empty one at first):
        between two drafts is when it can be stopped, by closing the iterator.
        Raises `ModelError` (one clear line) when the model can't be reached or refuses.
        """
        ...


@runtime_checkable
class Rewriter(Protocol):
    """A model that also makes follow-ups stand alone; the others have it done by rule (`dateline.followups`)."""

    def rewrite(self, question: str, history: Sequence[Turn], stop: Event | None = None) -> Rewritten:
        """The question as it would be asked without the turns before it. Raises `ModelError`; `stop` ends the wait."""
        ...


@runtime_checkable
class Closeable(Protocol):
    """A model that holds something open, such as a server in this process; its next use opens it again."""

    def close(self) -> None: ...
