"""What a question gets back: statements, the quotations they stand on, and what the articles leave open.

Everything here is data. A citation is only ever made by `dateline.citing`, which checks it against the article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Copy:
    """Another article that tells the story of a cited one in the same words."""

    article: str
    title: str
    source: str
    published: date | None


@dataclass(frozen=True)
class Citation:
    """One quotation: `quote == text of the article[start:end]`, counted in code points of the text as stored.

    Where several articles are copies of one story, `article` is the first that has these words and `also` names the
    others; together they are one source.
    """

    number: int
    article: str
    title: str
    source: str
    published: date | None
    quote: str
    start: int
    end: int
    also: tuple[Copy, ...] = ()


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer and the numbers of the citations under it.

    `supported` is False for a sentence that no quotation stands behind: it is shown as such, never linked. `written`
    is True where its words are a chat model's own, and False where the built-in reader quotes.
    """

    text: str
    citations: tuple[int, ...] = ()
    supported: bool = True
    written: bool = False


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
class Usage:
    """What a chat model took for an answer: tokens by its server's count, None where it doesn't say; seconds to the
    first word; the price, in the currency that prices were set in. `kept` says that it came from disk, for nothing."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    first_word: float | None = None
    price: float | None = None
    kept: bool = False

    def __str__(self) -> str:
        """In words: "1,204 tokens read, 58 written, first word after 0.8 s, 0.0012"."""
        parts = []
        if self.tokens_in is not None and self.tokens_out is not None:
            parts.append(f"{self.tokens_in:,} tokens read, {self.tokens_out:,} written")
        if self.kept:
            return ", ".join([*parts, "kept from before"])
        if self.first_word is not None:
            parts.append(f"first word after {self.first_word:.1f} s")
        if self.price is not None:
            parts.append(f"price {self.price:.4f}")
        return ", ".join(parts)

    def __add__(self, other: Usage) -> Usage:
        """Of two requests one after the other, such as a rewrite and the answer."""
        return Usage(
            _sum(self.tokens_in, other.tokens_in),
            _sum(self.tokens_out, other.tokens_out),
            other.first_word,
            _sum(self.price, other.price),
            self.kept and other.kept,
        )


@dataclass(frozen=True)
class Answer:
    """An answer, or the reason why there is none.

    `text` is what a person reads, with [1] markers; `short` the bare answer, None when there is none; `reason` is
    set when `answered` is False; `as_of` is the newest day among the articles with a passage about the question's
    subject; `standalone` is the question as it was understood, follow-ups resolved; `confidence` the model's own,
    from 0 to 1, None where it gives none. `trouble` is one line when the model that was asked failed and the built-in
    reader answered in its stead; `usage` is what a chat model took; `left_out` counts unsupported statements that the
    text doesn't show.
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
    trouble: str | None = None
    usage: Usage | None = None
    left_out: int = 0

    @property
    def supported(self) -> tuple[int, int]:
        """How many statements a quotation stands behind, and of how many that were made."""
        standing = sum(statement.supported for statement in self.statements)
        return standing, len(self.statements) + self.left_out

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready data: exactly what `dateline ask --json` prints, days in ISO form.

        A citation has `also` where there are copies of its article.
        """
        fields = _plain(asdict(self))
        for citation in fields["citations"]:
            if not citation["also"]:
                del citation["also"]
        for inner in ("statements", "confidence", "trouble", "usage", "left_out"):
            del fields[inner]
        return fields  # type: ignore[no-any-return]


def _sum(one: float | None, other: float | None) -> Any:
    return other if one is None else one if other is None else one + other


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
