"""Quotations found in the text, checked and numbered: the only place where a citation is made.

`find` says where words stand in a text, `cite` turns a model's draft into statements and citations that hold, and
`compose` writes the answer a person reads. All three are pure: text in, text or data out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dateline.answer import Citation, Copy, Statement
from dateline.model import Claim, Draft, Quotation
from index.articles import Article

UNSUPPORTED = "(no passage supports this)"
"""Stands behind a statement where its markers would stand."""

_GAP = 300  # code points an ellipsis may stand for: about two sentences, so that a quotation stays one place
_NESTED = 4  # markers within markers that are taken out one by one
_PIECES = 6  # parts an ellipsis may cut a quotation into
_QUOTE_MARKS = frozenset("\"'`´‘’‚‛“”„‟‹›«»′″＂＇「」『』")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－")
_ELLIPSIS = re.compile(r"[\[(]\s?\.\.\.\s?[\])]|\.\.\.+")
_MARKER = re.compile(r"\s?(?:\[\^?\d{1,3}(?:\s?[-–,;]\s?\d{1,3}){0,9}\]|【[^】]{0,40}】)")

_LONG_MARKER = re.compile(r"\[(\d{4,})\]")  # "[2004]" may be an editor's, and still must not look like ours


@dataclass(frozen=True)
class Cited:
    """A draft after the check: statements in order, citations numbered from 1 in order of first use."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether there is an answer at all: without a citation there is none."""
        return bool(self.citations)

    def number(self, quotation: Quotation) -> int | None:
        """The number under which a quotation is cited, None where it is not."""
        place = (quotation.article.id, quotation.start, quotation.end)
        for citation in self.citations:
            if (citation.article, citation.start, citation.end) == place:
                return citation.number
        return None


def find(quote: str, text: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Where the words of `quote` stand in `text[start:end]`, as offsets into `text`, or None.

    Exact first. Then quotation marks, dashes, white space, case, invisible characters, Unicode composition and edge
    punctuation may differ, and an ellipsis stands for up to 300 characters. The words themselves never differ, and
    a place never begins or ends inside a word or a number. Time is linear in the text.
    """
    end = len(text) if end is None else max(0, min(end, len(text)))
    start = max(0, start)
    quote = quote.strip()
    if not any(map(str.isalnum, quote)):
        return None
    exact = _first(quote, text, start, end)
    if exact is not None:
        return exact
    wanted, _ = _fold(quote)
    folded, places = _fold(text, start, end)
    for words in dict.fromkeys((wanted, wanted.strip(" .,;:!?"))):
        pieces = [words] if words in folded else [piece.strip(" ,;:") for piece in _ELLIPSIS.split(words)]
        pieces = [piece for piece in pieces if piece]
        if not 0 < len(pieces) <= _PIECES:
            continue
        for first, last in _chains(pieces, folded):
            if _splits(places, first) or _splits(places, last):
                continue
            span = _with_marks(quote, text, places[first][0], places[last - 1][1], start, end)
            if _whole(text, *span):
                return span
    return None


def cite(draft: Draft, copies: Mapping[int, Sequence[Article]] | None = None) -> Cited:
    """Check every quotation of a draft against its article and number what holds.

    A quotation outside its article, or of nothing but space, is dropped. The same place keeps one number; a
    statement made twice is kept once; one that has lost all its quotations stays, as unsupported. Markers within a
    statement's text are taken out, so that the only ones a reader sees are those that lead somewhere. `copies` are
    the articles of each story, of which a citation names the others.
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    statements: dict[str, Statement] = {}
    for claim in draft.claims:
        text = unmarked(claim.text)
        if not text:
            continue
        numbers = tuple(dict.fromkeys(_number(quotation, citations, copies or {}) for quotation in _holding(claim)))
        earlier = statements.get(text)
        if earlier is not None:
            numbers = tuple(dict.fromkeys(earlier.citations + numbers))
        statements[text] = Statement(text, numbers, bool(numbers), claim.written)
    return Cited(tuple(statements.values()), tuple(citations.values()))


def compose(statements: Iterable[Statement], unsupported: Literal["mark", "drop"] = "mark") -> str:
    """The answer's text: statements with markers behind them ("... [1][2]"), unsupported ones marked or left out."""
    parts = []
    for statement in statements:
        if statement.supported and statement.citations:
            parts.append(statement.text + " " + "".join(f"[{number}]" for number in statement.citations))
        elif unsupported == "mark":
            parts.append(f"{statement.text} {UNSUPPORTED}")
    return " ".join(parts)


def unmarked(text: str) -> str:
    """`text` on one line without anything that reads as a marker: [1], [1, 2], [^3], 【4†source】."""
    for _ in range(_NESTED):  # "[[1]2]" leaves one behind at first
        text = _MARKER.sub("", text)
    text = _LONG_MARKER.sub(r"(\1)", text)
    if _MARKER.search(text):
        text = text.translate(str.maketrans("[]【】", "()()"))
    return " ".join(text.split())


def _holding(claim: Claim) -> Iterator[Quotation]:
    for quotation in claim.quotations:
        inside = 0 <= quotation.start < quotation.end <= len(quotation.article.text)
        if inside and any(map(str.isalnum, quotation.quote)):
            yield quotation


def _number(
    quotation: Quotation, citations: dict[tuple[str, int, int], Citation], copies: Mapping[int, Sequence[Article]]
) -> int:
    article = quotation.article
    place = (article.id, quotation.start, quotation.end)
    if place not in citations:
        citations[place] = Citation(
            number=len(citations) + 1,
            article=article.id,
            title=article.title,
            source=article.source,
            published=article.published,
            quote=quotation.quote,
            start=quotation.start,
            end=quotation.end,
            also=tuple(
                Copy(other.id, other.title, other.source, other.published)
                for other in (copies.get(article.story, ()) if article.story is not None else ())
                if other.id != article.id
            ),
        )
    return citations[place].number


def _first(quote: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    at = text.find(quote, start, end)
    while at >= 0:
        if _whole(text, at, at + len(quote)):
            return at, at + len(quote)
        # On by the quotation's length: stepping by one is quadratic on "aaaa...".
        at = text.find(quote, at + len(quote), end)
    return None


def _fold(text: str, start: int = 0, end: int | None = None) -> tuple[str, list[tuple[int, int]]]:
    """`text[start:end]` as it is compared, and for each of its characters the span of `text` that it stands for."""
    end = len(text) if end is None else end
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    at = start
    while at < end:
        after = at + 1
        while after < end and text[after] > "\u02ff" and unicodedata.combining(text[after]):
            after += 1
        character = text[at]
        if character in _QUOTE_MARKS:
            # An apostrophe is part of its word, a quotation mark is not: we're/were differ, "yes"/yes do not.
            inside = start < at and after < end and text[at - 1].isalnum() and text[after].isalnum()
            letters = "'" if inside else ""
        elif character in _DASHES:
            letters = "-"
        elif character.isspace():
            letters = " "
        elif character == "…":
            letters = "..."
        elif character > "\x7f" or after > at + 1:
            if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
                letters = ""
            else:
                letters = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text[at:after]).casefold())
        else:
            letters = character.lower()
        for letter in letters:
            last = folded[-1] if folded else ""
            if letter == " " and last in ("", " ", "-"):
                continue
            if letter == "-" and last in ("-", " "):
                if last == " ":
                    folded[-1], places[-1] = "-", (at, after)
                continue
            folded.append(letter)
            places.append((at, after))
        at = after
    if folded and folded[-1] == " ":
        folded.pop()
        places.pop()
    return "".join(folded), places


def _splits(places: list[tuple[int, int]], at: int) -> bool:
    """Whether `at` lies between what one character folds into: café holds no "cafe", groß no "gros"."""
    return 0 < at < len(places) and places[at - 1] == places[at]


def _chains(pieces: list[str], folded: str) -> Iterator[tuple[int, int]]:
    """Spans of `folded` that hold the pieces in order, no two further apart than an ellipsis may reach."""
    chains = [(at, at + len(pieces[0])) for at in _occurrences(pieces[0], folded)]
    for piece in pieces[1:]:
        longer = []
        nearest = -1
        for at in _occurrences(piece, folded):
            while nearest + 1 < len(chains) and chains[nearest + 1][1] <= at:
                nearest += 1
            if nearest >= 0 and at - chains[nearest][1] <= _GAP:
                longer.append((chains[nearest][0], at + len(piece)))
        chains = longer
    yield from chains


def _occurrences(piece: str, folded: str) -> Iterator[int]:
    at = folded.find(piece)
    while at >= 0:
        yield at
        at = folded.find(piece, at + len(piece))


def _with_marks(quote: str, text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    # The quotation's own marks were folded away: where the text has its like, they belong to it.
    if quote[0] in _QUOTE_MARKS and first > start and text[first - 1] in _QUOTE_MARKS:
        first -= 1
    if quote[-1] in _QUOTE_MARKS and last < end and text[last] in _QUOTE_MARKS:
        last += 1
    return first, last


def _whole(text: str, start: int, end: int) -> bool:
    return not (_cuts(text, start) or _cuts(text, end))


def _cuts(text: str, at: int) -> bool:
    """Whether a cut at `at` falls inside a word or a number; scripts without spaces between words are let through."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after):
        return True
    if before.isdigit() and after in ".,":
        return text[at + 1 : at + 2].isdigit()
    if after.isdigit() and before in ".,":
        return at > 1 and text[at - 2].isdigit()
    return _joins(before) and _joins(after)


def _joins(character: str) -> bool:
    return character.isalnum() and unicodedata.category(character) != "Lo"
