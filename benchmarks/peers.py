"""Dateline beside what a person would use instead, on the same questions, in one run, by the same measures.

    python benchmarks/peers.py [seeds] [news] [--data FOLDER] [--articles N]

    Dateline              words and vectors, fused, as `dateline ask` searches
    words alone           BM25 over the same passages (SQLite's FTS5)
    vectors alone         the same passages' vectors in Chroma
    llama-index           its quickstart: SentenceSplitter as it comes, the same all-MiniLM-L6-v2, Chroma

Dateline gives passages down to the twentieth article, the others a hundred. By passage, larger chunks have it easier:
llama-index's are four times as long. Differences are Dateline's less the other's, by a paired bootstrap. Seconds are
those of a search, one question at a time, the index open.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from public import DATA, HERE, RESULTS, news_set, opened, table

from dateline.evaluation import figures, testset
from dateline.evaluation.figures import Measured
from dateline.evaluation.scores import retrieval
from dateline.evaluation.testset import Case
from index.errors import ArticleMissing

_DEPTH = 100
_COLUMNS = ("hit_at_1", "hit_at_5", "hit_at_10", "mrr_at_10", "ndcg_at_10", "passage_mrr_at_10", "seconds_search_p50")

Hits = list[dict[str, Any]]
Search = Callable[[str], Hits]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", nargs="*", choices=["seeds", "news", []], help="both, unless named")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--articles", type=int, default=1000, help="news articles; 0: all (default: %(default)s)")
    options = parser.parse_args()
    for name in options.sets or ("seeds", "news"):
        print(f"\n## {name}\n")
        if name == "seeds":
            root = HERE.parent / "seeds"
            _compare(root / "articles", testset.load(root / "questions.jsonl"))
            continue
        try:
            folder, cases = news_set(options.data, options.articles)
        except FileNotFoundError as error:
            print(f"passed over: {error.filename} is not there")
            continue
        _compare(folder, cases)
    return 0


def _compare(folder: Path, cases: Sequence[Case]) -> None:
    from index.search import search, terms
    from index.store import Store

    # A follow-up means nothing to a search alone.
    asked = [case for case in cases if case.articles and not case.history]
    with opened(folder) as assistant:
        store = Store.open(folder, assistant.store)  # the one the assistant has open

        def fused(question: str) -> Hits:
            return [_hit(hit.article.id, hit.start, hit.end, hit.score) for hit in search(store, question)]

        def numbered(found: Sequence[tuple[int, float]]) -> Hits:
            passages = store.catalog.passages([number for number, _ in found])
            return [
                _hit(passages[number].article.id, passages[number].passage.start, passages[number].passage.end, score)
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
            "llama-index": _quickstart(store.catalog, RESULTS / "llama-index" / folder.name),
        }
        measured = {name: _measure(run, asked, assistant) for name, run in systems.items()}
    held = assistant.folder
    print(f"{len(asked)} questions with a known article, {held.name}\n")
    table({name: figures.summarise(list(found.values())) for name, found in measured.items()}, _COLUMNS)
    print()
    for name, found in measured.items():
        if name != "Dateline":
            change = figures.differences(measured["Dateline"], found)["mrr_at_10"]
            print(
                f"- beside {name}: MRR@10 {change.by:+.3f} ({change.low:+.3f} to {change.high:+.3f}, p {change.p:.3f})"
            )


def _measure(search: Search, asked: Sequence[Case], assistant: Any) -> dict[str, Measured]:
    def stored(name: str) -> Any:
        try:
            return assistant.article(name)
        except ArticleMissing:
            return None

    search(asked[0].question)  # what loads on first use is no part of a search
    found: dict[str, Measured] = {}
    for case in asked:
        began = time.perf_counter()
        hits = search(case.question)
        seconds = time.perf_counter() - began
        found[case.id] = {**retrieval(case, hits, stored), "seconds_search": (seconds,)}
    return found


def _quickstart(catalog: Any, folder: Path) -> Search:
    """llama-index as its first page has it, but for the two things that would call out: the embedder and the store."""
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.embedding import PassageEmbedding

    class Truncating(PassageEmbedding):
        """As the usual wrapper of this model does: of a chunk too long for it, the end is not read."""

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = self.network.embed(texts, truncate=True).tolist()
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
        index = VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=embedding)
    else:
        index = VectorStoreIndex.from_vector_store(context.vector_store, embed_model=embedding)
    retriever = index.as_retriever(similarity_top_k=_DEPTH)

    def search(question: str) -> Hits:
        return [
            _hit(
                str(found.node.ref_doc_id),
                found.node.start_char_idx or 0,
                found.node.end_char_idx or 0,
                found.score or 0,
            )
            for found in retriever.retrieve(question)
        ]

    return search


def _hit(article: str, start: int, end: int, score: float) -> dict[str, Any]:
    return {"article": article, "start": start, "end": end, "score": score}


if __name__ == "__main__":
    sys.exit(main())
