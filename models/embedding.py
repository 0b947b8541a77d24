"""The embedder: texts in, vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.network import CLS, SEP, Network, tokenizer

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


class TextTooLong(ValueError):
    """A text has more word pieces than the network reads."""

    def __init__(self, pieces: int, limit: int) -> None:
        self.pieces, self.limit = pieces, limit
        super().__init__(
            f"a text of {pieces} word pieces, where the embedder reads {limit}: cut it, or pass truncate=True"
        )


class Embedder:
    """all-MiniLM-L6-v2 (Reimers and Gurevych, Sentence-BERT, 2019; Wang et al., MiniLM, 2020), run on the processor.

    `name` is what a store remembers: vectors of the same name can be compared, whatever machine made them.
    """

    name = "all-MiniLM-L6-v2"
    dimensions = 384
    max_tokens = 256  # word pieces, the two marks at the ends among them

    def __init__(self, folder: Path, way: str | None = None) -> None:
        self.tokenizer = tokenizer(folder / "tokenizer.json")
        self._network = Network(folder, way)
        self.way = self._network.way

    def count(self, text: str) -> int:
        """How many word pieces `text` has, without the two marks at its ends."""
        return len(self.tokenizer.encode(text, add_special_tokens=False))

    def embed(self, texts: Sequence[str], truncate: bool = False) -> NDArray[float32]:
        """Vectors of length 1, one a text in the order given: an array of shape (texts, dimensions).

        A text of more than `max_tokens` is refused with TextTooLong, or, where the caller says `truncate`, stands by
        its beginning.
        """
        import numpy

        room = self.max_tokens - 2
        rows = []
        for text in texts:
            pieces = self.tokenizer.encode(text, add_special_tokens=False).ids
            if len(pieces) > room and not truncate:
                raise TextTooLong(len(pieces) + 2, self.max_tokens)
            rows.append([CLS, *pieces[:room], SEP])
        vectors = numpy.empty((len(rows), self.dimensions), dtype=numpy.float32)
        for row, (made,) in self._network.outputs(rows):
            vectors[row] = made[0]
        return vectors
