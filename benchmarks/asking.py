"""Seconds from a question to the passages that may answer it, by stage, in archives of growing size.

    python benchmarks/asking.py [--articles N ...] [--questions N] [--picture FILE]

Archives are generated from wire stories, their vectors without the network (benchmarks/archives.py); a question is
embedded by the network that ships. Each archive is indexed once and kept, then asked by a process of its own: its first
question cold (networks, word index and vectors opened from disk; "cold" leaves out what Python imports), the others
warm, in four ways: all articles, one year of twenty, one month, one source. Stages:

    question     its words and its vector
    filter       the passages that pass a filter, where they are few
    words        BM25 over the passages
    vectors      the nearest passages
    fusing       both rankings made one, articles fetched
    newest       the newest passages on the subject, for "as of"
    ranking      the reader orders the first ten

"before ranking" is all of them but the last, "processor" its processor time: what a machine with nothing else to do
would take at the most. Memory is the most that the asking process held, everything in it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from archives import Drawn, archive, questions
from growth import Line, picture
from public import HERE, RESULTS

from dateline.question import understand
from index.catalog import Filter

SIZES = ("6260", "62600")  # articles: 10,000 and 100,000 passages; "62600x16" has a million
KEPT = RESULTS / "asking"
FILTERS = {
    "all": Filter(),
    "one year": Filter(since=date(2015, 1, 1), until=date(2015, 12, 31)),
    "since 2010": Filter(since=date(2010, 1, 1)),
    "one month": Filter(since=date(2015, 3, 1), until=date(2015, 3, 31)),
    "one source": Filter(source="The Post"),
}
STAGES = ("question", "filter", "words", "vectors", "fusing", "newest", "ranking")
BEFORE = STAGES[:-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", nargs="*", default=SIZES, metavar="N[xTIMES]", help="sizes of archives")
    parser.add_argument("--questions", type=int, default=100, help="for each way (default: %(default)s)")
    parser.add_argument("--picture", type=Path, help="draw the growth with the size, of all sizes measured so far")
    parser.add_argument("--measure", help=argparse.SUPPRESS)  # the asking process
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(options.measure, options.questions)))
        return 0
    KEPT.mkdir(parents=True, exist_ok=True)
    for size in options.articles:
        _indexed(size)
        command = [sys.executable, __file__, "--measure", size, "--questions", str(options.questions)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        (KEPT / f"{size}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        _show(found)
    if options.picture:
        _draw(options.picture)
    return 0


def _indexed(size: str) -> None:
    from index.store import Store
    from index.update import update

    store = Store.open(archive(size), place(size), Drawn())
    began = time.perf_counter()
    done = update(store)
    if done.added:
        print(f"{done.added:,} articles indexed in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    store.close()


def place(size: str) -> Path:
    return RESULTS / "stores" / archive(size).name


def _measure(size: str, count: int) -> dict[str, Any]:
    """What one process that asks measures: milliseconds of each question by stage, and its memory in MB."""
    import chromadb  # noqa: F401  # imports are no part of a cold question: they are the same at any size
    import onnxruntime  # noqa: F401

    from index.store import Store

    asked = questions(count)
    embedding = Drawn()
    _forget(place(size))
    began = time.perf_counter()
    store = Store.open(archive(size), place(size), embedding)
    opening = 1000 * (time.perf_counter() - began)
    cold = _stages(store, asked[0], Filter()) | {"opening": opening}
    warm = {name: [_stages(store, question, filter) for question in asked] for name, filter in FILTERS.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    passages = store.catalog.holdings().passages
    store.close()
    return {"articles": size, "passages": passages, "cold": cold, "warm": warm, "memory": peak}


def _stages(store: Any, question: str, filter: Filter) -> dict[str, float]:
    """Milliseconds by stage of one question: what `index.search.search` and `Assistant.stream` do, step by step."""
    from index.search import FEW, at_the_edge, fuse, near, rerank
    from index.words import terms

    times: dict[str, float] = {}
    processor = time.process_time()

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = work()
        times[stage] = 1000 * (time.perf_counter() - began)
        return made

    today = date(2024, 1, 1)
    understood = understand(question, asked=today)
    words, vector = timed("question", lambda: (terms(question), store.embedding.get_query_embedding(question)))
    among = timed("filter", lambda: store.catalog.allowed(filter, FEW) if filter else None)
    by_words = timed("words", lambda: store.catalog.search_words(words, 100, filter, among))
    by_vectors = timed("vectors", lambda: near(store, vector, 100, filter, among))
    hits = timed("fusing", lambda: fuse(store, question, by_words, by_vectors, today))
    timed("newest", lambda: at_the_edge(store, understood.subjects, 20, False, filter))
    times["processor"] = 1000 * (time.process_time() - processor)
    timed("ranking", lambda: rerank(question, hits, today))
    return times


def _forget(folder: Path) -> None:
    """Ask the system to drop the files from its cache, so that the first question reads them from disk."""
    if hasattr(os, "posix_fadvise"):
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _show(found: Mapping[str, Any]) -> None:
    print(f"\n## {found['passages']:,} passages of {found['articles']} articles; memory {found['memory']:,.0f} MB\n")
    print("| milliseconds, median / 95 % | before ranking | processor | " + " | ".join(STAGES) + " |")
    print("|---" * (len(STAGES) + 3) + "|")
    for name, times in found["warm"].items():
        before = [sum(one[stage] for stage in BEFORE) for one in times]
        cells = [_cell(before), *(_cell([one[stage] for one in times]) for stage in ("processor", *STAGES))]
        print(f"| {name} | " + " | ".join(cells) + " |")
    cold = found["cold"]
    cells = [f"{sum(cold[stage] for stage in BEFORE):.0f}", *(f"{cold[stage]:.0f}" for stage in ("processor", *STAGES))]
    print(f"| cold, after opening in {cold['opening']:.0f} | " + " | ".join(cells) + " |", flush=True)


def _cell(times: Sequence[float]) -> str:
    return f"{median(times):.0f} / {sorted(times)[int(0.95 * (len(times) - 1))]:.0f}"


def _draw(path: Path) -> None:
    found = sorted((json.loads(kept.read_text("utf-8")) for kept in KEPT.glob("*.json")), key=lambda f: f["passages"])

    def line(name: str, way: str, stages: Sequence[str]) -> Line:
        points = [
            (one["passages"], median(sum(times[stage] for stage in stages) for times in one["warm"][way]))
            for one in found
        ]
        return Line(name, points)

    lines = [line("before ranking, all articles", "all", BEFORE), line("before ranking, one year", "one year", BEFORE)]
    lines += [line(stage, "all", [stage]) for stage in ("words", "vectors", "newest", "ranking")]
    path.write_text(picture("A question's milliseconds, median", "passages", lines), encoding="utf-8")
    print(f"drawn: {path.relative_to(HERE.parent) if path.is_relative_to(HERE.parent) else path}")


if __name__ == "__main__":
    sys.exit(main())
