"""The two networks and how they are run: texts in, numbers out.

Both are all-MiniLM-L6-v2 (six layers of 384), and share its tokenizer; each folder's CARD.md says what was made of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

_HERE = Path(__file__).parent
_START, _BETWEEN = 101, 102  # [CLS] and [SEP]
# Small batches of like length: little of a batch is padding, and its arrays stay in the processor's cache.
_BATCH = 8


class _Network:
    """An ONNX file in a session that threads share, and the tokenizer."""

    folder: str

    @cached_property
    def tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_HERE / "embedder" / "tokenizer.json"))
        # The published file cuts and pads at 128 pieces, unseen.
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _cores()
        # A waiting thread that spins takes the time of whatever else runs on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            str(_HERE / self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def count(self, text: str) -> int:
        """How many word pieces a text has, special ones not counted."""
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def _run(self, rows: Sequence[Sequence[int]], types: Sequence[int] | None = None) -> NDArray[np.float32]:
        """Run rows of piece numbers, padded to the longest; `types` says where in each the second part begins."""
        import numpy as np

        longest = max(map(len, rows))
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        for row, pieces in enumerate(rows):
            ids[row, : len(pieces)] = pieces
        lengths = np.array([len(pieces) for pieces in rows])
        places = np.arange(longest)
        mask = (places < lengths[:, None]).astype(np.int64)
        inputs = {"ids": ids, "mask": mask}
        if types is not None:
            inputs["types"] = ((places >= np.array(types)[:, None]) & mask.astype(bool)).astype(np.int64)
        output: NDArray[np.float32] = self._session.run(None, inputs)[0]
        return output


class Embedder(_Network):
    """Texts to vectors whose cosine says how near they are in meaning."""

    folder = "embedder"
    # What a store remembers: the weights, never how they are run.
    name = "all-MiniLM-L6-v2"
    dimensions = 384
    # Word pieces that it reads, its two marks among them.
    max_tokens = 256

    def embed(self, texts: Sequence[str], truncate: bool = False) -> NDArray[np.float32]:
        """Vectors of unit length, one row a text, in the order given: shape (n, 384).

        A text of more than `max_tokens` pieces raises `ValueError`: no passage is cut unseen. `truncate=True` reads
        its beginning instead.
        """
        import numpy as np

        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        if truncate:
            rows = [pieces if len(pieces) <= self.max_tokens else [*pieces[: self.max_tokens - 1], _BETWEEN] for pieces in rows]
        for text, pieces in zip(texts, rows, strict=True):
            if len(pieces) > self.max_tokens:
                raise ValueError(f"{len(pieces)} word pieces, more than {self.max_tokens}: {text[:60]!r}...")
        vectors = np.zeros((len(rows), self.dimensions), dtype=np.float32)
        for batch in _batches(rows):
            vectors[batch] = self._run([rows[number] for number in batch])
        return vectors


@dataclass(frozen=True)
class Span:
    """Words of a passage that may answer: `text[start:end]` in code points, and their score in logits."""

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Reading:
    """What the reader makes of one passage: spans, best first, and the score of there being no answer in it.

    A span's score less `null` can be compared over passages.
    """

    spans: tuple[Span, ...]
    null: float


class Reader(_Network):
    """Points at the words of a passage that answer a question (Devlin et al., BERT, 2019, section 4.3)."""

    folder = "reader"
    # Word pieces of one window: question, header and a stretch of the passage. A longer passage takes several.
    max_tokens = 320
    _question = 64
    _header = 70
    _overlap = 48
    _longest_span = 30
    _kept = 8

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages, each a header (its article's title and day, or nothing) and a text, for one question.

        Spans lie in the text alone. Of a question longer than 64 pieces the beginning is read.
        """
        asked = self.tokenizer.encode(question, add_special_tokens=False).ids[: self._question]
        windows: list[_Window] = []
        for number, (header, text) in enumerate(passages):
            windows.extend(self._windows(number, asked, header, self.tokenizer.encode(text, add_special_tokens=False)))
        found: list[list[Span]] = [[] for _ in passages]
        nulls = [float("inf")] * len(passages)
        for batch in _batches([window.pieces for window in windows]):
            chosen = [windows[number] for number in batch]
            scores = self._run([window.pieces for window in chosen], [len(asked) + 2] * len(chosen))
            for window, row in zip(chosen, scores, strict=True):
                # A passage has no answer only where none of its windows has one.
                nulls[window.passage] = min(nulls[window.passage], float(row[0].sum()))
                found[window.passage].extend(self._spans(window, row))
        return [
            Reading(tuple(_distinct(spans)[: self._kept]), null) for spans, null in zip(found, nulls, strict=True)
        ]

    def _windows(self, passage: int, asked: list[int], header: str, text: Encoding) -> Iterator[_Window]:
        head = self.tokenizer.encode(header, add_special_tokens=False).ids[: self._header]
        before = [_START, *asked, _BETWEEN, *head]
        room = self.max_tokens - len(before) - 1
        for first in range(0, max(1, len(text.ids) - self._overlap), room - self._overlap):
            stretch = text.ids[first : first + room]
            yield _Window(passage, [*before, *stretch, _BETWEEN], len(before), text.offsets[first : first + room])

    def _spans(self, window: _Window, scores: NDArray[np.float32]) -> list[Span]:
        import numpy as np

        length = len(window.offsets)
        if not length:
            return []
        starts = scores[window.begin : window.begin + length, 0]
        ends = scores[window.begin : window.begin + length, 1]
        # Every start with every end that follows it closely: a band of the matrix of their sums.
        sums = starts[:, None] + ends[None, :]
        apart = np.arange(length)[None, :] - np.arange(length)[:, None]
        sums[(apart < 0) | (apart >= self._longest_span)] = -np.inf
        best = np.argsort(sums, axis=None)[::-1][: self._kept * 4]
        rows, columns = np.unravel_index(best, sums.shape)
        return [
            Span(window.offsets[row][0], window.offsets[column][1], float(sums[row, column]))
            for row, column in zip(rows, columns, strict=True)
            if np.isfinite(sums[row, column])
        ]


@dataclass(frozen=True)
class _Window:
    passage: int
    pieces: list[int]
    begin: int  # where in the pieces the passage begins
    offsets: list[tuple[int, int]]


def _distinct(spans: list[Span]) -> list[Span]:
    """Spans best first, without those that overlap a better one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.score):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return kept


def _batches(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Numbers of rows of like length, longest first, so that memory is at its highest at once."""
    order = sorted(range(len(rows)), key=lambda number: -len(rows[number]))
    for first in range(0, len(order), _BATCH):
        yield order[first : first + _BATCH]


def _cores() -> int:
    # What this process may use, which in a container is less than what the machine has.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
