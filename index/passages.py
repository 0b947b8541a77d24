"""Articles cut into passages: runs of whole sentences with exact offsets, small enough to be embedded uncut."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.sentences import split
from models import load

if TYPE_CHECKING:
    from datetime import date

    from llama_index.core.node_parser import SentenceSplitter

# Word pieces. The embedder takes 256: two are its own marks, the title has the rest of the room, the day a few.
PASSAGE_TOKENS = 180
_TITLE_TOKENS = 60


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
    """Cut `text` at sentence ends into passages of at most PASSAGE_TOKENS word pieces; only white space is left out.

    A sentence longer than a passage is cut at a comma, else at a space, else anywhere: no passage is ever so long
    that the embedder would cut it unseen.
    """
    found = []
    cursor = 0
    for chunk in _splitter().split_text(text):
        # The splitter returns stretches of the text, in order and without overlap: each stands at or after the last.
        start = text.index(chunk, cursor)
        cursor = start + len(chunk)
        found.append(Passage(start, cursor))
    return found


def _fitting(title: str) -> str:
    if len(title) <= _TITLE_TOKENS:  # a word piece is at least a character
        return title
    pieces = load("embedder").tokenizer.encode(title, add_special_tokens=False).offsets
    return title if len(pieces) <= _TITLE_TOKENS else title[: pieces[_TITLE_TOKENS - 1][1]]


@lru_cache(maxsize=1)
def _splitter() -> SentenceSplitter:
    from llama_index.core.node_parser import SentenceSplitter

    tokenizer = load("embedder").tokenizer
    return SentenceSplitter(
        chunk_size=PASSAGE_TOKENS,
        chunk_overlap=0,
        tokenizer=lambda text: tokenizer.encode(text, add_special_tokens=False).ids,
        paragraph_separator="\n\n",
        chunking_tokenizer_fn=split,
    )
