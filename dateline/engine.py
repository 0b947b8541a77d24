"""The assistant as a llama-index query engine: for programs that are built on llama-index already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

if TYPE_CHECKING:
    from llama_index.core.prompts.mixin import PromptMixinType

    from dateline.answer import Answer
    from dateline.assistant import Assistant


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


def _response(answer: Answer) -> Response:
    said: dict[str, Any] = answer.to_dict()
    nodes = [
        NodeWithScore(node=TextNode(text=citation.pop("quote"), metadata=citation), score=1.0)
        for citation in (dict(citation) for citation in said["citations"])
    ]
    return Response(response=answer.text, source_nodes=nodes, metadata={"answer": said})
