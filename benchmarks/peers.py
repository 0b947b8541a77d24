"""Dateline beside what a person would use instead, on the same questions, in one run, by the same measures.

    python benchmarks/peers.py [seeds] [news] [--data FOLDER] [--articles N] [--model NAME [--questions N]]

    Dateline              words and vectors, fused, as `dateline ask` searches
    words alone           BM25 over the same passages (SQLite's FTS5)
    vectors alone         the same passages' vectors in Chroma
    llama-index           its quickstart: SentenceSplitter as it comes, the same all-MiniLM-L6-v2, Chroma

Dateline gives passages down to the twentieth article, the others a hundred. By passage, larger chunks have it easier:
llama-index's are four times as long. Differences are Dateline's less the other's, by a paired bootstrap. Seconds are
those of a search, one question at a time, the index open. What is found is kept for benchmarks/readme.py.

With a chat model (of OPENAI_BASE_URL, or a .gguf file) its answers are measured too: Dateline's built-in reader,
Dateline with that model, and llama-index's CitationQueryEngine with the same model over the quickstart's index, as it
comes. A citation of the engine's is the chunk (512 tokens) that a marker points to; it is verbatim if there is such a
chunk and its text stands in the article. A chunk supports more than a sentence does, and an answer without any marker
has no citation to be wrong: read citation recall beside precision. An engine has no bare answer, so an answer counts as
right here where its text holds an acceptable one; that it doesn't know is read off its words, generously.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from public import DATA, HERE, RESULTS, news_set, opened, spread, table

from dateline.answer import Answer, Citation, Seconds
from dateline.evaluation import figures, scores, testset
from dateline.evaluation.figures import Measured
from dateline.evaluation.scores import retrieval
from dateline.evaluation.testset import Case
from index.errors import ArticleMissing, DatelineError

PEERS = RESULTS / "peers"
_DEPTH = 100
_COLUMNS = ("hit_at_1", "hit_at_5", "hit_at_10", "mrr_at_10", "ndcg_at_10", "passage_mrr_at_10", "seconds_search_p50")
_CITED = (
    "citation_precision",
    "citation_recall",
    "citation_verbatim",
    "citation_article",
    "answered",
    "refusal_recall",
    "seconds_total_p50",
)
_KNOWS_NOT = re.compile(
    r"\b(?:not|no|n't|cannot|unable|unclear)\b.{0,60}\b(?:mention|provid|contain|inform|specif|sa(?:y|id)|stat|answer|know)",
    re.IGNORECASE | re.DOTALL,
)

Hits = list[dict[str, Any]]
Ask = Callable[[Case], Answer]
Search = Callable[[str], Hits]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", nargs="*", choices=["seeds", "news", []], help="both, unless named")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--articles", type=int, default=700, help="news articles; 0: all (default: %(default)s)")
    parser.add_argument("--model", help="a chat model: its answers beside those of the CitationQueryEngine")
    parser.add_argument("--questions", type=int, default=40, help="that it is asked, 0: all (default: %(default)s)")
    options = parser.parse_args()
    for name in options.sets or ("seeds", "news"):
        print(f"\n## {name}\n")
        if name == "seeds":
            root = HERE.parent / "seeds"
            _compare(name, root / "articles", testset.load(root / "questions.jsonl"), options)
            continue
        try:
            folder, cases = news_set(options.data, options.articles)
        except FileNotFoundError as error:
            print(f"passed over: {error.filename} is not there")
            continue
        _compare(name, folder, cases, options)
    return 0


def _compare(name: str, folder: Path, cases: Sequence[Case], options: argparse.Namespace) -> None:
    from index.search import search, terms
    from index.store import Store

    # A follow-up means nothing to a search alone.
    asked = [case for case in cases if case.articles and not case.history]
    with opened(folder) as assistant:
        store = Store.open(folder, assistant.store)  # the one the assistant has open

        def fused(question: str) -> Hits:
            return [hit(one.article.id, one.start, one.end, one.score) for one in search(store, question)]

        def numbered(found: Sequence[tuple[int, float]]) -> Hits:
            passages = store.catalog.passages([number for number, _ in found])
            return [
                hit(passages[number].article.id, passages[number].passage.start, passages[number].passage.end, score)
                for number, score in found
            ]

        def words(question: str) -> Hits:
            return numbered(store.catalog.search_words(terms(question), _DEPTH))

        def vectors(question: str) -> Hits:
            with store.vectors() as near:
                return numbered(near.search(store.embedding.get_query_embedding(question), _DEPTH))

        systems: dict[str, Search] = {
            "Dateline": fused,
            "words alone": words,
            "vectors alone": vectors,
            "llama-index": _quickstart(quickstart := _index(store.catalog, RESULTS / "llama-index" / folder.name)),
        }
        measured = {
            system: measure(lambda case, run=run: run(case.question), asked, assistant)
            for system, run in systems.items()
        }
        summed = {system: figures.summarise(list(found.values())) for system, found in measured.items()}
        print(f"{len(asked)} questions with a known article, {folder.name}\n")
        table(summed, _COLUMNS)
        print()
        beside = {
            system: figures.differences(measured["Dateline"], found)["mrr_at_10"]
            for system, found in measured.items()
            if system != "Dateline"
        }
        for system, change in beside.items():
            between = f"{change.low:+.3f} to {change.high:+.3f}"
            print(f"- beside {system}: MRR@10 {change.by:+.3f} ({between}, p {change.p:.3f})")
        kept = {
            "questions": len(asked),
            "articles": len(store.catalog.article_ids()),
            "systems": {
                system: {name: one.to_dict() for name, one in found.items()} for system, found in summed.items()
            },
            "beside": {system: change.to_dict() for system, change in beside.items()},
        }
        PEERS.mkdir(parents=True, exist_ok=True)
        (PEERS / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        if options.model:
            _cite(assistant, quickstart, list(spread(cases, options.questions)), options.model)


def _cite(assistant: Any, index: Any, cases: Sequence[Case], name: str) -> None:
    """The citations of answers, by what makes them."""
    from dateline.chatmodels.chat import ChatModel

    model = ChatModel(name, context=4096, timeout=600, longest=1200, keep=RESULTS / "replies")

    def ours(asked: Any) -> Ask:
        return lambda case: asked.ask(case.question, case.history, asked=case.asked)

    systems: dict[str, Ask] = {
        "Dateline, built-in reader": ours(assistant),
        f"Dateline, {Path(name).name}": ours(assistant.with_model(model)),
        f"CitationQueryEngine, {Path(name).name}": _engine(index, model, assistant),
    }
    summed, held = {}, {}
    for system, ask in systems.items():
        measured, right = [], []
        for case in cases:
            try:
                answer = ask(case)
            except DatelineError as error:
                print(f"{system}, {case.id}: {error}", file=sys.stderr)
                continue
            measured.append(scores.measure(case, answer.to_dict(), _stored(assistant)))
            if case.answers and case.answerable is not False:
                right.append(answer.answered and any(scores.holds(answer.text, said) for said in case.answers))
        summed[system], held[system] = figures.summarise(measured), right
    print(f"\nAnswers to {len(cases)} questions\n")
    table(summed, _CITED)
    print()
    for system, right in held.items():
        print(f"- {system}: {sum(right)} of {len(right)} questions with an answer have it in the text")


def _engine(index: Any, model: Any, assistant: Any) -> Ask:
    """llama-index's CitationQueryEngine as it comes, asked with our client, its answer in the form of ours."""
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
    from llama_index.core.llms.callbacks import llm_completion_callback
    from llama_index.core.query_engine import CitationQueryEngine

    from prompts import Messages

    class Named(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(context_window=model.context, num_output=model.answer_tokens, model_name=model.name)

        @llm_completion_callback()
        def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
            return CompletionResponse(text=model.complete(Messages("", prompt), model.answer_tokens)[0])

        def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
            yield self.complete(prompt)

    engine = CitationQueryEngine.from_args(index, llm=Named())

    def ask(case: Case) -> Answer:
        began = time.perf_counter()
        response = engine.query(case.question)
        took = time.perf_counter() - began
        text = str(response).strip()
        numbers = dict.fromkeys(int(number) for number in re.findall(r"\[(\d{1,6})\]", text))
        cited = tuple(_source(number, response.source_nodes, assistant) for number in numbers)
        known = bool(text) and not _KNOWS_NOT.search(text)
        reason = None if known else "its words say so"
        return Answer(
            question=case.question,
            standalone=case.question,
            text=text,
            short=None,
            answered=known,
            reason=reason,
            as_of=None,
            model=model.name,
            citations=cited if known else (),
            seconds=Seconds(total=took),
        )

    return ask


def _source(number: int, nodes: Sequence[Any], assistant: Any) -> Citation:
    """The chunk behind a marker; one that points nowhere is a citation of nothing."""
    if not 1 <= number <= len(nodes):
        return Citation(number, "", "", "", None, "", 0, 0)
    node = nodes[number - 1].node
    article = assistant.article(node.ref_doc_id)
    chunk = node.get_content().partition(":\n")[2].strip()
    start = max(0, article.text.find(chunk))
    return Citation(
        number, article.id, article.title, article.source, article.published, chunk, start, start + len(chunk)
    )


def _stored(assistant: Any) -> scores.Stored:
    def stored(name: str) -> Any:
        try:
            return assistant.article(name)
        except ArticleMissing:
            return None

    return stored


def measure(search: Callable[[Case], Hits], asked: Sequence[Case], assistant: Any) -> dict[str, Measured]:
    stored = _stored(assistant)
    search(asked[0])  # what loads on first use is no part of a search
    found: dict[str, Measured] = {}
    for case in asked:
        began = time.perf_counter()
        hits = search(case)
        seconds = time.perf_counter() - began
        found[case.id] = {**retrieval(case, hits, stored), "seconds_search": (seconds,)}
    return found


def _index(catalog: Any, folder: Path) -> Any:
    """llama-index as its first page has it, but for the two things that would call out: the embedder and the store."""
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from dateline.engine import PassageEmbedding
    from models import load

    class Truncating(PassageEmbedding):
        """As the usual wrapper of this model does: of a chunk too long for it, the end is not read."""

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = load("embedder").embed(texts, truncate=True).tolist()
            return vectors

    client = chromadb.PersistentClient(path=str(folder), settings=chromadb.Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection("quickstart", embedding_function=None)
    context = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    embedding = Truncating()
    ids = catalog.article_ids()
    if not collection.count():
        documents = []
        for name in ids:
            article = catalog.article(name)
            about = {"title": article.title, "published": str(article.published or "")}
            documents.append(Document(id_=name, text=article.text, metadata=about))
        return VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=embedding)
    return VectorStoreIndex.from_vector_store(context.vector_store, embed_model=embedding)


def _quickstart(index: Any) -> Search:
    retriever = index.as_retriever(similarity_top_k=_DEPTH)

    def search(question: str) -> Hits:
        return [
            hit(
                str(found.node.ref_doc_id),
                found.node.start_char_idx or 0,
                found.node.end_char_idx or 0,
                found.score or 0,
            )
            for found in retriever.retrieve(question)
        ]

    return search


def hit(article: str, start: int, end: int, score: float) -> dict[str, Any]:
    return {"article": article, "start": start, "end": end, "score": score}


if __name__ == "__main__":
    sys.exit(main())
