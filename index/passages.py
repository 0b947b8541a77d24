"""Articles cut into passages: runs of whole sentences with exact offsets, small enough to be embedded uncut.

Ours, not llama-index's SentenceSplitter: that counts a text's word pieces anew for each paragraph and sentence, which
made it a third of what indexing does beside embedding, and returns strings whose places have to be looked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from typing import TYPE_CHECKING

from index.furniture import is_furniture
from index.sentences import sentences
from models import load

if TYPE_CHECKING:
    from datetime import date

# Word pieces. The embedder takes 256: two are its own marks, the title has the rest of the room, the day a few.
PASSAGE_TOKENS = 180
_TITLE_TOKENS = 60
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n[^\S\n]*\n|\s*\Z)", re.DOTALL)
_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_INK = re.compile(r"\S")
_CLAUSE = re.compile(r"[,;:،؛、，；：][\"'”’»)\]]*")


@dataclass(frozen=True)
class Passage:
    """`text[start:end]` of an article, in code points."""

    start: int
    end: int


def header(title: str, published: date | None) -> str:
    """What stands in front of a passage when it is embedded or read: its article's title and day, or nothing."""
    day = f"{published.day} {published:%B %Y}" if published else ""
    parts = [part for part in (_fitting(title).rstrip(". "), day) if part]
    return f"{'. '.join(parts)}." if parts else ""


def passages(text: str) -> list[Passage]:
    """Cut `text` at sentence ends into passages of at most PASSAGE_TOKENS word pieces.

    White space is left out, and lines that are none of the article's own ("Read more: ..."), if there are others. A
    paragraph that fits stays whole. A sentence longer than a passage is cut at a comma, else between words: no
    passage is ever so long that the embedder would cut it unseen.
    """
    cut = _Cut(text)
    found: list[Passage] = []
    for start, end in cut.units():
        if found and cut.pieces(found[-1].start, end) <= PASSAGE_TOKENS and not text[found[-1].end : start].strip():
            found[-1] = Passage(found[-1].start, end)
        else:
            found.append(Passage(start, end))
    return found


class _Cut:
    """A text with its word pieces counted, once."""

    def __init__(self, text: str) -> None:
        encoded = load("embedder").tokenizer.encode(text, add_special_tokens=False)
        self._text = text
        self._width = max(map(len, text.split("\n")))
        self._starts = [start for start, _ in encoded.offsets]
        self._words = encoded.word_ids

    def pieces(self, start: int, end: int) -> int:
        """How many word pieces `text[start:end]` has."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def units(self) -> Iterator[tuple[int, int]]:
        """The paragraphs, and in the place of those too long for a passage their sentences, or what those are cut to.

        As (start, end), in order, without white space around them.
        """
        whole = [match.span() for match in _PARAGRAPH.finditer(self._text)]
        own = [part for paragraph in whole for part in self._own(*paragraph)]
        for part in own or whole:
            if self.pieces(*part) <= PASSAGE_TOKENS:
                yield part
            else:
                yield from chain.from_iterable(self._parts(*sentence) for sentence in sentences(self._text, *part))

    def _own(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The runs of a paragraph's lines that are the article's own; a line broken off at the text's width is."""
        lines = list(_LINE.finditer(self._text, start, end))
        broken = [len(one.group()) + len(other.group().split()[0]) >= self._width for one, other in pairwise(lines)]
        whole = [not (before or after) for before, after in zip([False, *broken], [*broken, False], strict=True)]
        for own, run in groupby(range(len(lines)), lambda at: not (whole[at] and is_furniture(lines[at].group()))):
            if own:
                numbers = list(run)
                yield lines[numbers[0]].start(), lines[numbers[-1]].end()

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        while self.pieces(start, end) > PASSAGE_TOKENS:
            first = bisect_left(self._starts, start)
            piece = first + PASSAGE_TOKENS
            # Inside a word the count would no longer be true of its two halves. A word has far fewer pieces than fit.
            while self._words[piece] == self._words[piece - 1]:
                piece -= 1
            stop = self._starts[piece]
            commas = [match.end() for match in _CLAUSE.finditer(self._text, (start + stop) // 2, stop)]
            part = self._text[start : commas[-1] if commas else stop].rstrip()
            yield start, start + len(part)
            after = _INK.search(self._text, start + len(part), end)
            start = after.start() if after else end
        if start < end:
            yield start, end


def _fitting(title: str) -> str:
    if len(title) <= _TITLE_TOKENS:  # a word piece is at least a character
        return title
    pieces = load("embedder").tokenizer.encode(title, add_special_tokens=False).offsets
    return title if len(pieces) <= _TITLE_TOKENS else title[: pieces[_TITLE_TOKENS - 1][1]]
