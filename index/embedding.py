"""What makes vectors of passages and questions: the shipped network, one of a server by name, or any of llama-index's.

None of ours is made of llama-index's classes, which take longer to import than a question takes to answer; they are
used where one is handed in. `dateline.engine.PassageEmbedding` is the shipped network for llama-index programs.
"""

from __future__ import annotations

import os
from typing import Protocol

from index.errors import ModelError
from models import Embedder, load

_AT_ONCE = 64  # texts sent to a server in one request


class Embedding(Protocol):
    """What the store asks of an embedder: a name that tells its vectors from others', and vectors of texts.

    llama-index's `BaseEmbedding` is one.
    """

    model_name: str

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """A vector of each text."""
        ...

    def get_query_embedding(self, query: str) -> list[float]:
        """The vector of a question."""
        ...


def embedding(embedder: str | Embedding) -> Embedding:
    """The embedder that is meant: the one that ships, one handed in, or by its name one of an OpenAI-compatible server.

    Raises `ModelError` where a name is given and no server is.
    """
    if not isinstance(embedder, str):
        return embedder
    return ShippedEmbedding() if embedder == Embedder.name else ServedEmbedding(embedder)


class ShippedEmbedding:
    """all-MiniLM-L6-v2 run on this machine: unit vectors of 384 numbers. Nothing is fetched."""

    model_name = Embedder.name

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        # As many texts as are handed over: each core takes the next, and none waits for the end of a small batch.
        vectors: list[list[float]] = load("embedder").embed(texts).tolist()
        return vectors

    def get_query_embedding(self, query: str) -> list[float]:
        # A question may be longer than the network reads; its beginning then stands for it.
        vector: list[float] = load("embedder").embed([query], truncate=True)[0].tolist()
        return vector


class ServedEmbedding:
    """A model of the OpenAI-compatible server that OPENAI_BASE_URL and OPENAI_API_KEY name; it is sent every passage.

    Nothing is asked of the server before the first text is embedded. Raises `ModelError`.
    """

    def __init__(self, name: str) -> None:
        self.model_name = name
        if not (os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_KEY")):
            raise ModelError(
                f"embedder {name!r}: no server to ask; set OPENAI_BASE_URL (and OPENAI_API_KEY if it wants a key), "
                f"or leave --embedder out for the built-in {Embedder.name}"
            )

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        return [vector for at in range(0, len(texts), _AT_ONCE) for vector in self._request(texts[at : at + _AT_ONCE])]

    def get_query_embedding(self, query: str) -> list[float]:
        return self._request([query])[0]

    def _request(self, texts: list[str]) -> list[list[float]]:
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
