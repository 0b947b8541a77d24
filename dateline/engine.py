"""The assistant as a llama-index query engine and retriever, and the embedder that ships as a llama-index embedding.

For programs that are built on llama-index already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr

from index.embedding import ShippedEmbedding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from llama_index.core.prompts.mixin import PromptMixinType

    from dateline.answer import Answer
    from dateline.assistant import Assistant
    from index.search import Hit


class QueryEngine(BaseQueryEngine):
    """`query("...")` and `aquery` answer as `Assistant.ask` does.

    The response's text is `Answer.text`, its source nodes are the citations, each node's text the quotation and its
    metadata the rest of the citation, its score 1: it was checked. `response.metadata["answer"]` is `Answer.to_dict()`.
    """

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(CallbackManager())
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._assistant.ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(await self._assistant.aask(query_bundle.query_str))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class Retriever(BaseRetriever):
    """`retrieve("...")` gives the first `top_k` passages as nodes, best first.

    A node's text is the passage, its metadata the article's id, title, source and day and the passage's place in it.
    """

    def __init__(self, search: Callable[[str], Sequence[Hit]], top_k: int) -> None:
        super().__init__(CallbackManager())
        self._search = search
        self._top_k = top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(hit) for hit in self._search(query_bundle.query_str)[: self._top_k]]


class PassageEmbedding(BaseEmbedding):
    """all-MiniLM-L6-v2 run on this machine: unit vectors of 384 numbers. Nothing is fetched."""

    _shipped: ShippedEmbedding = PrivateAttr(default_factory=ShippedEmbedding)

    def __init__(self, **settings: Any) -> None:
        super().__init__(model_name=ShippedEmbedding.model_name, **{"embed_batch_size": 512, **settings})

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._shipped.get_text_embedding_batch(texts)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._shipped.get_query_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _node(hit: Hit) -> NodeWithScore:
    article = hit.article
    about = {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "start": hit.start,
        "end": hit.end,
    }
    node = TextNode(id_=f"{article.id}:{hit.start}", text=hit.text, metadata=about)
    return NodeWithScore(node=node, score=hit.score)


def _response(answer: Answer) -> Response:
    said: dict[str, Any] = answer.to_dict()
    nodes = [
        NodeWithScore(node=TextNode(text=citation.pop("quote"), metadata=citation), score=1.0)
        for citation in (dict(citation) for citation in said["citations"])
    ]
    return Response(response=answer.text, source_nodes=nodes, metadata={"answer": said})
