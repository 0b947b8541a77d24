"""The seam where an answerer plugs in: a question and its hits go in, drafts of statements with quotations come out.

Built-in reader (`dateline.quotes`) and chat models (`dateline.chatmodels`) both stand behind `Model`. A draft is a
proposal: the assistant checks every quotation against its article before anyone sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
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
    """One statement, without markers, and the quotations it stands on. None of them: it is unsupported."""

    text: str
    quotations: tuple[Quotation, ...] = ()


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
    """An answer so far. `reason` is set when the model finds that the articles don't say."""

    claims: tuple[Claim, ...] = ()
    short: str | None = None
    reason: str | None = None
    disagreements: tuple[Disagreement, ...] = ()
    confidence: float | None = None


class Model(Protocol):
    """Something that answers from hits."""

    @property
    def name(self) -> str: ...

    def draft(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        """Yield drafts that grow by one claim; the last one is the answer.

        Raises `ModelError` (one clear line) when the model can't be reached or refuses.
        """
        ...
