"""What a question gets back: statements, the quotations they stand on, and what the articles leave open.

Everything here is data. A citation is only ever made by `dateline.citing`, which checks it against the article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Citation:
    """One quotation: `quote == text of the article[start:end]`, counted in code points of the text as stored."""

    number: int
    article: str
    title: str
    source: str
    published: date | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer and the numbers of the citations under it.

    `supported` is False for a sentence that no quotation stands behind: it is shown as such, never linked.
    """

    text: str
    citations: tuple[int, ...] = ()
    supported: bool = True


@dataclass(frozen=True)
class Value:
    """One side of a conflict: what was said, the day it was said or held for, and where."""

    value: str
    day: date | None
    citation: int


@dataclass(frozen=True)
class Conflict:
    """Different values for the same thing, newest first."""

    about: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Found:
    """A passage the search brought up: offsets into the article's text and the search's own score."""

    article: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Seconds:
    """Wall time by stage, in seconds."""

    search: float = 0.0
    answer: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Answer:
    """An answer, or the reason why there is none.

    `text` is what a person reads, with [1] markers; `short` the bare answer, None when there is none; `reason` is
    set when `answered` is False; `as_of` is the newest day among the articles with a passage about the question's
    subject; `standalone` is the question as it was understood, follow-ups resolved; `confidence` the model's own,
    from 0 to 1, None where it gives none.
    """

    question: str
    standalone: str
    text: str
    short: str | None
    answered: bool
    reason: str | None
    as_of: date | None
    model: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    hits: tuple[Found, ...] = ()
    seconds: Seconds = Seconds()
    confidence: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready data: exactly what `dateline ask --json` prints, days in ISO form."""
        fields = _plain(asdict(self))
        for inner in ("statements", "confidence"):
            del fields[inner]
        return fields  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
