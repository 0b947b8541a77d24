"""Where the known article of a question stands, by stage of the search, beside the plain ways to search.

    python benchmarks/search.py [--data FOLDER] [--articles N]

On `news`: web articles, and questions asked in the week of theirs. Others may hold the answer too, so that ranks say
less than differences do: each is ours less the other's over the same questions, by a paired bootstrap. Settings were
picked on every other question, the first among them; the rest, and all, are reported. By stage:

    words           BM25 over our passages
    vectors         the nearest of our passages
    fused           both, by reciprocal rank
    ranked          with the reader's order of the first ten: all that can be had without the question's day
    with the day    what a question gets that is asked on a day: news of the days before it goes ahead

The plain ways cut articles into windows of 150 words, title in front: BM25 (SQLite's FTS5, stop words dropped), vectors
(the same all-MiniLM-L6-v2, all compared exactly), and both by reciprocal rank (60). The windows' vectors are kept in
benchmarks/results; making those of 5,000 articles takes half an hour on two cores, and so does our own index.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from peers import Hits, hit, measure
from public import DATA, RESULTS, news_set, opened

from dateline.evaluation import figures
from dateline.evaluation.figures import Measured
from dateline.evaluation.testset import Case
from index.catalog import Catalog, Filter
from index.search import fuse, near, rerank
from index.search import search as whole
from index.store import Store
from index.words import terms
from models import load

KEPT = RESULTS / "search" / "news.json"
_WINDOW = 150  # words
_DEPTH = 100
_RRF = 60
_COLUMNS = ("hit_at_1", "hit_at_5", "hit_at_10", "hit_at_20", "mrr_at_10")

Search = Callable[[Case], Hits]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--articles", type=int, default=0, help="news articles, 0: all (default: %(default)s)")
    options = parser.parse_args()
    try:
        folder, cases = news_set(options.data, options.articles)
    except FileNotFoundError as error:
        print(f"passed over: {error.filename} is not there")
        return 0
    with opened(folder) as assistant:
        store = Store.open(folder, assistant.store)  # the one the assistant has open
        systems = {**_stages(store), **_plain(store.catalog, folder)}
        measured = {name: measure(search, cases, assistant) for name, search in systems.items()}
    print(f"{len(cases)} questions, {len(set(store.catalog.article_ids())):,} articles")
    halves = {"all": cases, "picked on": cases[::2], "other half": cases[1::2]}
    kept = {
        name: _show(name, {system: {case.id: found[case.id] for case in half} for system, found in measured.items()})
        for name, half in halves.items()
    }
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


def _stages(store: Store) -> dict[str, Search]:
    def words(case: Case) -> list[tuple[int, float]]:
        return store.catalog.search_words(terms(case.question), _DEPTH)

    def vectors(case: Case) -> list[tuple[int, float]]:
        return near(store, store.embedding.get_query_embedding(case.question), _DEPTH, Filter(), None)

    def fused(case: Case) -> Any:
        return fuse(store, case.question, words(case), vectors(case), None)

    def numbered(found: Sequence[tuple[int, float]]) -> Hits:
        passages = store.catalog.passages([number for number, _ in found])
        return [
            hit(passages[number].article.id, passages[number].passage.start, passages[number].passage.end, score)
            for number, score in found
        ]

    return {
        "words": lambda case: numbered(words(case)),
        "vectors": lambda case: numbered(vectors(case)),
        "fused": lambda case: _hits(fused(case)),
        "ranked": lambda case: _hits(rerank(case.question, fused(case), None)),
        "with the day": lambda case: _hits(whole(store, case.question, asked=case.asked)),
    }


def _hits(found: Iterable[Any]) -> Hits:
    return [hit(one.article.id, one.start, one.end, one.score) for one in found]


def _plain(catalog: Catalog, folder: Path) -> dict[str, Search]:
    windows = Windows(catalog, RESULTS / "windows" / folder.name)

    def by_rank(case: Case) -> Hits:
        scores: dict[int, float] = {}
        for found in (windows.words(case.question), windows.near(case.question)):
            for rank, (number, _) in enumerate(found, 1):
                scores[number] = scores.get(number, 0) + 1 / (_RRF + rank)
        return windows.hits(sorted(scores.items(), key=lambda pair: -pair[1]))

    return {
        "BM25 over windows": lambda case: windows.hits(windows.words(case.question)),
        "vectors of windows": lambda case: windows.hits(windows.near(case.question)),
        "both by reciprocal rank": by_rank,
    }


class Windows:
    """Articles in windows of 150 words, their words in an index and their vectors in a file."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._owners: list[str] = []
        self._words = sqlite3.connect(":memory:")
        self._words.execute("create virtual table words using fts5(text, tokenize='porter unicode61')")
        texts = []
        for name, text in _windows(catalog):
            self._owners.append(name)
            self._words.execute("insert into words values (?)", [text])
            texts.append(text)
        self._vectors = _embedded(texts, folder / "vectors.npy")

    def words(self, question: str) -> list[tuple[int, float]]:
        query = "select rowid - 1, -rank from words where words match ? order by rank limit ?"
        match = " OR ".join(f'"{word}"' for word in terms(question))
        return self._words.execute(query, [match, _DEPTH]).fetchall()

    def near(self, question: str) -> list[tuple[int, float]]:
        cosines = self._vectors @ load("embedder").embed([question], truncate=True)[0]
        return [(int(number), float(cosines[number])) for number in np.argsort(-cosines)[:_DEPTH]]

    def hits(self, found: Iterable[tuple[int, float]]) -> Hits:
        return [hit(self._owners[number], 0, 0, score) for number, score in found]


def _windows(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for name in catalog.article_ids():
        article = catalog.article(name)
        assert article is not None
        words = article.text.split()
        for first in range(0, len(words), _WINDOW):
            yield name, f"{article.title}. {' '.join(words[first : first + _WINDOW])}"


def _embedded(texts: Sequence[str], path: Path) -> Any:
    """The texts' vectors, made once; a run that is killed goes on where it was."""
    done = [np.load(part) for part in sorted(path.parent.glob(f"{path.stem}-*.npy"))]
    made = sum(map(len, done))
    while made < len(texts):
        vectors = load("embedder").embed(texts[made : made + 2048], truncate=True)
        np.save(path.parent / f"{path.stem}-{made:08}.npy", vectors)
        done.append(vectors)
        made += len(vectors)
        print(f"windows: {made:,} of {len(texts):,}", file=sys.stderr)
    return np.concatenate(done)


def _show(name: str, measured: Mapping[str, Mapping[str, Measured]]) -> dict[str, dict[str, float]]:
    """A table of the systems; what stands in it, by system, for benchmarks/readme.py."""
    print(f"\n{name}: {len(next(iter(measured.values())))} questions\n")
    print("| | recall@1 | @5 | @10 | @20 | MRR@10 | ranked, less this | with the day, less this |")
    print("|---" * 8 + "|")
    kept = {}
    for system, found in measured.items():
        summed = figures.summarise(list(found.values()))
        told = {column: summed[column].value for column in _COLUMNS}
        cells = [f"{value:.3f}" for value in told.values()]
        for ours in ("ranked", "with the day"):
            change = figures.differences(measured[ours], found)["mrr_at_10"]
            cells.append("" if system == ours else f"{change.by:+.3f} (p {change.p:.3f})")
            told["p"] = change.p
        kept[system] = told
        print(f"| {system} | " + " | ".join(cells) + " |")
    return kept


if __name__ == "__main__":
    sys.exit(main())
