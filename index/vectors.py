"""Passage vectors in Chroma, through llama-index's connector. They can be rebuilt from the catalog at any time."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Chroma's default is squared Euclidean distance.
_SPACE = {"hnsw:space": "cosine"}


class Vectors:
    """One Chroma collection under `folder`: passage numbers and their unit vectors."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self._client = chromadb.PersistentClient(
            path=str(folder), settings=Settings(anonymized_telemetry=False, is_persistent=True)
        )
        # No embedding function: Chroma's own would be fetched from the network on first use.
        self._collection = self._client.get_or_create_collection("passages", metadata=_SPACE, embedding_function=None)
        self._store = ChromaVectorStore(chroma_collection=self._collection)

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
        from llama_index.core.schema import TextNode

        # No text: it lives in the catalog, once.
        nodes: list[Any] = [
            TextNode(id_=str(number), text="", embedding=list(vector))
            for number, vector in zip(numbers, vectors, strict=True)
        ]
        self._store.add(nodes)

    def delete(self, numbers: Sequence[int]) -> None:
        self._store.delete_nodes([str(number) for number in numbers])

    def search(
        self, vector: Sequence[float], limit: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest passages: (number, cosine), best first. `among` limits the search to those numbers."""
        from llama_index.core.vector_stores.types import VectorStoreQuery

        if among is not None:
            # By number rather than by Chroma's own metadata filters, which are some thirty times slower.
            found = self._collection.query(
                query_embeddings=list(vector),
                n_results=limit,
                ids=[str(number) for number in among],
                include=["distances"],
            )
            distances = (found["distances"] or [[]])[0]
            return [(int(key), 1.0 - distance) for key, distance in zip(found["ids"][0], distances, strict=True)]
        result = self._store.query(VectorStoreQuery(query_embedding=list(vector), similarity_top_k=limit))
        # The connector's similarity is exp(-distance), and the distance is 1 - cosine.
        return [
            (int(key), 1.0 + math.log(max(similarity, 1e-9)))
            for key, similarity in zip(result.ids or [], result.similarities or [], strict=True)
        ]
