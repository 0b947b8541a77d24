"""What makes vectors of passages and questions, as llama-index embeddings: the shipped network, or one by name."""

from __future__ import annotations

import os
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.errors import ModelError
from models import Embedder, load


def embedding(embedder: str | BaseEmbedding) -> BaseEmbedding:
    """The embedder that is meant: the one that ships, one handed in, or by its name one of an OpenAI-compatible server.

    Raises `ModelError` where a name is given and no server is.
    """
    if isinstance(embedder, BaseEmbedding):
        return embedder
    return PassageEmbedding() if embedder == Embedder.name else ServedEmbedding(embedder)


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


class ServedEmbedding(BaseEmbedding):
    """A model of the OpenAI-compatible server that OPENAI_BASE_URL and OPENAI_API_KEY name; it is sent every passage.

    Nothing is asked of the server before the first text is embedded. Raises `ModelError`.
    """

    def __init__(self, name: str, **settings: Any) -> None:
        super().__init__(model_name=name, **{"embed_batch_size": 64, **settings})
        if not (os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_KEY")):
            raise ModelError(
                f"embedder {name!r}: no server to ask; set OPENAI_BASE_URL (and OPENAI_API_KEY if it wants a key), "
                f"or leave --embedder out for the built-in {Embedder.name}"
            )

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        import openai

        try:
            # The client wants a key even where the server wants none.
            with openai.OpenAI(api_key=os.environ.get("OPENAI_API_KEY") or "none") as client:
                made = client.embeddings.create(model=self.model_name, input=texts, encoding_format="float").data
        except openai.OpenAIError as error:
            raise ModelError(
                f"embedder {self.model_name!r}: {' '.join(str(error).split())}; see that it runs"
            ) from None
        if len(made) != len(texts):
            raise ModelError(f"embedder {self.model_name!r}: {len(made)} vectors for {len(texts)} texts")
        return [one.embedding for one in sorted(made, key=lambda one: one.index)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)
