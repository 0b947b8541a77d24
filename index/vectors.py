"""Passage vectors in Chroma. They can be rebuilt from the catalog at any time.

Chroma is asked directly: llama-index's connector keeps a copy of each node beside its vector, which doubles the files,
halves the speed of adding and makes a query five times as long.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

# Chroma's default is squared Euclidean distance.
_SPACE = {"hnsw:space": "cosine"}
# Asked for fewer, the graph is searched less widely: of the hundred nearest 5 in 100 would be missed, with this 0.5. A
# search among given numbers is wider by itself: with half of that it misses as few, and takes two thirds of the time.
_WIDTH, _WIDTH_AMONG = 400, 200


class Vectors:
    """One Chroma collection under `folder`: passage numbers and their unit vectors."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        self._client = chromadb.PersistentClient(
            path=str(folder), settings=Settings(anonymized_telemetry=False, is_persistent=True)
        )
        # No embedding function: Chroma's own would be fetched from the network on first use.
        self._collection = self._client.get_or_create_collection("passages", metadata=_SPACE, embedding_function=None)

    @staticmethod
    def present(folder: Path) -> bool:
        return (folder / "chroma.sqlite3").exists()

    @staticmethod
    def clear(folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Let go of the files. Another process's additions are seen only by a client opened after them."""
        self._client.close()  # type: ignore[attr-defined]  # every client has it, the interface lacks it

    def count(self) -> int:
        return self._collection.count()

    def add(self, numbers: Sequence[int], vectors: Sequence[Sequence[float]]) -> None:
        # Neither text nor metadata: they live in the catalog, once.
        self._collection.add(ids=_keys(numbers), embeddings=list(vectors))

    def delete(self, numbers: Sequence[int]) -> None:
        self._collection.delete(ids=_keys(numbers))

    def search(
        self, vector: Sequence[float], limit: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest passages: (number, cosine), best first. `among` limits the search to those numbers.

        By number rather than by Chroma's own metadata filters, which are some thirty times slower.
        """
        found = self._collection.query(
            query_embeddings=[vector],
            n_results=max(limit, _WIDTH if among is None else _WIDTH_AMONG),
            ids=None if among is None else _keys(among),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        nearest = zip(found["ids"][0][:limit], distances[:limit], strict=True)
        return [(int(key), 1.0 - distance) for key, distance in nearest]


def _keys(numbers: Sequence[int]) -> list[str]:
    return [str(number) for number in numbers]
