"""The shipped embedder as llama-index knows embeddings."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from models import Embedder, load


class PassageEmbedding(BaseEmbedding):
    """all-MiniLM-L6-v2 run on this machine: unit vectors of 384 numbers. Nothing is fetched."""

    _network: Embedder = PrivateAttr()

    def __init__(self, **settings: Any) -> None:
        network = load("embedder")
        # As many texts as are handed over: each core takes the next, and none waits for the end of a small batch.
        super().__init__(model_name=network.name, **{"embed_batch_size": 512, **settings})
        self._network = network

    @property
    def network(self) -> Embedder:
        return self._network

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._network.embed(texts).tolist()
        return vectors

    def _get_query_embedding(self, query: str) -> list[float]:
        # A question may be longer than the network reads; its beginning then stands for it.
        vector: list[float] = self._network.embed([query], truncate=True)[0].tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)
