"""The reader: what in passages answers a question, and whether a quotation supports a statement."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from models.network import CLS, SEP, Network, tokenizer

if TYPE_CHECKING:
    from numpy import ndarray

_QUESTION = 64  # word pieces of a question that are read
_STATEMENT = 96
_KEPT = 128  # windows whose reading is kept
_HEADER = 80
_OVERLAP = 64  # word pieces that neighbouring windows of a long text share
_LONGEST = 30  # word pieces of an answer
_SPANS = 8
_LOOKED_AT = 100  # spans of a window, most of them one answer cut a little longer or shorter


@dataclass(frozen=True)
class Span:
    """Words that may answer: `text[start:end]` in code points. `score` is in logits, beside `Reading.null`."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Reading:
    """What the reader found in one passage: the likeliest spans, best first, and the score of "no answer here".

    `span.score - reading.null` can be compared over passages; above 0 the span is likelier than no answer.
    `relevance` is the logit that the passage answers the question at all, for ordering passages.
    """

    spans: tuple[Span, ...]
    null: float
    relevance: float

    @property
    def margin(self) -> float:
        """How much likelier the best span is than no answer; minus infinity where there is no span."""
        return self.spans[0].score - self.null if self.spans else float("-inf")


@dataclass(frozen=True)
class _Window:
    """A stretch of a passage as the network sees it: `text` begins at word piece `body` of `pieces`."""

    passage: int
    pieces: list[int]
    second: int
    body: int
    offsets: list[tuple[int, int]]
    words: list[bool]  # whether a word begins at each piece of the text, and one more for its end


class Reader:
    """all-MiniLM-L6-v2 taught to point at answers (a card stands beside the weights).

    A window's logits for where an answer starts and ends, and for the mark at its front where there is none, follow
    Devlin et al., BERT, 2019; the margin over "no answer", Rajpurkar et al., SQuAD 2.0, 2018; the relevance of a
    passage, read from the same mark, Nogueira and Cho, Passage Re-ranking with BERT, 2019.
    """

    max_tokens = 256

    def __init__(self, folder: Path, pieces: Path, way: str | None = None) -> None:
        self.tokenizer = tokenizer(pieces)
        self._network = Network(folder, way)
        # What was read last: search orders passages by what the answer is then looked for in.
        self._kept: dict[tuple[int, ...], list[ndarray[Any, Any]]] = {}
        self._lock = Lock()

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """What each passage says to the question. A passage is (header, text); offsets count `text` in code points.

        The header (title and day, or "") is read but never pointed at. A long text is read in windows that overlap;
        a question is cut after 64 word pieces, a header after 80.
        """
        asked = self._pieces(question, _QUESTION)
        windows = [
            window for number, passage in enumerate(passages) for window in self._windows(asked, number, *passage)
        ]
        found: list[list[tuple[float, Span]]] = [[] for _ in passages]
        nulls = [float("-inf")] * len(passages)
        relevant = [float("-inf")] * len(passages)
        for window, (starts, ends, relevance, _) in zip(windows, self._outputs(windows), strict=True):
            null = float(starts[0, 0] + ends[0, 0])
            nulls[window.passage] = max(nulls[window.passage], null)
            relevant[window.passage] = max(relevant[window.passage], float(relevance[0]))
            body = slice(window.body, window.body + len(window.offsets))
            text = passages[window.passage][1]
            for start, end, score in _best(starts[0, body], ends[0, body], window.words):
                first, last = window.offsets[start][0], _with_marks(text, window.offsets[end][1])
                found[window.passage].append((score - null, Span(first, last, score)))
        return [_reading(*each) for each in zip(found, nulls, relevant, strict=True)]

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """How likely each quotation supports its statement, 0 to 1; a pair is (statement, quotation).

        The likeliest of the windows that a long quotation is read in counts; a statement is cut after 96 word pieces.
        """
        windows = [
            window
            for number, (statement, quotation) in enumerate(pairs)
            for window in self._windows(self._pieces(statement, _STATEMENT), number, "", quotation)
        ]
        best = [0.0] * len(pairs)
        for window, (*_, support) in zip(windows, self._outputs(windows), strict=True):
            best[window.passage] = max(best[window.passage], 1 / (1 + math.exp(-float(support[0]))))
        return best

    def _outputs(self, windows: Sequence[_Window]) -> list[list[ndarray[Any, Any]]]:
        """What the network makes of each window; those read a moment ago are not read again."""
        keys = [tuple(window.pieces) for window in windows]
        with self._lock:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        new = [window for window, key in zip(windows, keys, strict=True) if key not in known]
        for number, made in self._network.outputs([w.pieces for w in new], [w.second for w in new]):
            known[tuple(new[number].pieces)] = made
        with self._lock:
            for key in keys:
                self._kept.pop(key, None)
                self._kept[key] = known[key]
            for old in list(self._kept)[:-_KEPT]:
                del self._kept[old]
        return [known[key] for key in keys]

    def _pieces(self, text: str, most: int) -> list[int]:
        pieces: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids[:most]
        return pieces

    def _windows(self, asked: list[int], number: int, header: str, text: str) -> list[_Window]:
        head = self._pieces(header + "\n", _HEADER) if header else []
        encoded = self.tokenizer.encode(text, add_special_tokens=False)
        front = [CLS, *asked, SEP, *head]
        room = self.max_tokens - len(front) - 1
        words = [not piece.startswith("##") for piece in encoded.tokens] + [True]
        made = []
        for first in range(0, max(1, len(encoded) - _OVERLAP), room - _OVERLAP):
            part = slice(first, first + room)
            made.append(
                _Window(
                    number,
                    [*front, *encoded.ids[part], SEP],
                    len(asked) + 2,
                    len(front),
                    encoded.offsets[part],
                    words[first : first + room + 1],
                )
            )
        return made


def _best(starts: ndarray[Any, Any], ends: ndarray[Any, Any], words: list[bool]) -> list[tuple[int, int, float]]:
    """The likeliest spans of whole words in one window: first and last word piece, score."""
    import numpy

    if not len(starts):
        return []
    whole = numpy.array(words)
    starts = numpy.where(whole[:-1], starts, -numpy.inf)
    ends = numpy.pad(numpy.where(whole[1:], ends, -numpy.inf), (0, _LONGEST - 1), constant_values=-numpy.inf)
    # scores[i, k] is that of the span from piece i to piece i + k.
    scores = starts[:, None] + numpy.lib.stride_tricks.sliding_window_view(ends, _LONGEST)
    flat = scores.ravel()
    top = numpy.argpartition(-flat, min(_LOOKED_AT, len(flat)) - 1)[:_LOOKED_AT]
    top = top[numpy.argsort(-flat[top], kind="stable")]
    first, more = numpy.divmod(top[numpy.isfinite(flat[top])], _LONGEST)
    return list(zip(first.tolist(), (first + more).tolist(), scores[first, more].tolist(), strict=True))


def _reading(found: list[tuple[float, Span]], null: float, relevance: float) -> Reading:
    """The best spans of a passage's windows, each with the margin that it has over its own window's null."""
    spans: list[Span] = []
    for margin, span in sorted(found, key=lambda each: -each[0]):
        if not any(_alike(span, better) for better in spans):
            spans.append(Span(span.start, span.end, null + margin))
        if len(spans) == _SPANS:
            break
    return Reading(tuple(spans), null, relevance)


def _alike(one: Span, other: Span) -> bool:
    """Whether two spans have more words in common than apart: the same answer, cut a little longer or shorter."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return 2 * common > max(one.end, other.end) - min(one.start, other.start)


def _with_marks(text: str, end: int) -> int:
    """`end`, moved past the combining marks that belong to the character before it."""
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1
    return end
