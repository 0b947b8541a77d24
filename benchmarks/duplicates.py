"""Copies of one story found among wire stories: how fast, how many, and how many of them people call copies.

    python benchmarks/duplicates.py [STORIES.jsonl.gz]

Stories are put into a catalog as indexing puts them, a quarter, a half and all of them: the time for one should stay
the same. Pairs of stories were read one by one, and the verdicts stand in `duplicates.jsonl` (ids alone: the text is
its publisher's). Three draws, each uniform: `grouped` of the pairs that Dateline groups, `minhash` of those that only
MinHash by itself does, `near` of those that it leaves although most of the shorter text stands in the longer. The
peers: MinHash with bands by itself (rensa's, word triples, Jaccard similarity by estimate of 0.7 and over), and a hash
of the normalised text.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path

import sqlalchemy as sql
from rensa import RMinHash, RMinHashLSH

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.articles import Article  # noqa: E402
from index.catalog import Catalog  # noqa: E402
from index.tables import articles as articles_table  # noqa: E402

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "wire" / "stories.jsonl.gz"
VERDICTS = Path(__file__).parent / "duplicates.jsonl"
Pair = tuple[str, str]
_COMMIT = 500  # stories of one transaction
_PERMUTATIONS, _PEER_BANDS, _ALIKE = 128, 16, 0.7


def stories(path: Path) -> list[Article]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Article(
            record["id"],
            record["title"],
            record["text"],
            datetime.strptime(record["published"].title(), "%d-%b-%Y").date(),
        )
        for record in records
    ]


def dateline(held: Sequence[Article]) -> set[Pair]:
    """Pairs that stand in one group, by the catalog itself."""
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "catalog.sqlite", create=True)
        for at in range(0, len(held), _COMMIT):
            with catalog.writing() as writer:
                for article in held[at : at + _COMMIT]:
                    writer.put_article(article, "stories", [])
        with catalog._engine.connect() as link:
            known = articles_table.c
            rows = link.execute(sql.select(known.story, known.id).where(known.story.is_not(None))).all()
        catalog.close()
    return pairs((row.story, row.id) for row in rows)


def minhash(held: Sequence[Article]) -> set[Pair]:
    """MinHash with bands by itself, as it is mostly used to clean collections of text."""
    index = RMinHashLSH(_ALIKE, _PERMUTATIONS, _PEER_BANDS)
    signatures = []
    found = set()
    for number, article in enumerate(held):
        words = re.findall(r"\w+", article.text.lower())
        signature = RMinHash(_PERMUTATIONS, 1)
        signature.update([" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))])
        for other in index.query(signature):
            if signature.jaccard(signatures[other]) >= _ALIKE:
                found.add(pair(article.id, held[other].id))
        index.insert(number, signature)
        signatures.append(signature)
    return found


def same_text(held: Sequence[Article]) -> set[Pair]:
    """The same letters and figures in the same order."""
    return pairs(
        (hashlib.sha1("".join(re.findall(r"\w", article.text.lower())).encode()).digest(), article.id)
        for article in held
    )


def near(held: Sequence[Article], groups: set[Pair]) -> set[Pair]:
    """Pairs of neighbouring days that share most of the shorter text's triples of words, and are in no group."""
    by_words: dict[str, list[int]] = defaultdict(list)
    shingles = []
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for number, article in enumerate(held):
        words = re.findall(r"\w+", article.text.lower())
        own = {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))}
        shingles.append(own)
        for shingle in own:
            for other in by_words[shingle][-50:]:
                shared[other, number] += 1
            by_words[shingle].append(number)
    return {
        pair(held[one].id, held[other].id)
        for (one, other), count in shared.items()
        if 2 * count >= min(len(shingles[one]), len(shingles[other]))
        and abs((held[one].published - held[other].published).days) <= 3  # type: ignore[operator]
    } - groups


def pairs(grouped: Iterable[tuple[object, str]]) -> set[Pair]:
    groups: dict[object, list[str]] = defaultdict(list)
    for group, key in grouped:
        groups[group].append(key)
    return {pair(one, other) for keys in groups.values() for one, other in combinations(keys, 2)}


def pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True)
class Verdict:
    """Whether two stories, read side by side, tell the same in the same words; `draw` says where the pair came from."""

    pair: Pair
    draw: str
    same: bool


def verdicts() -> list[Verdict]:
    lines = VERDICTS.read_text(encoding="utf-8").splitlines()
    return [Verdict(pair(*line["pair"]), line["draw"], line["same"]) for line in map(json.loads, lines)]


def precision(found: set[Pair], groups: set[Pair], read: Sequence[Verdict]) -> tuple[float | None, int]:
    """The share of a method's pairs that are the same story, and on how many that were read it stands.

    What it shares with Dateline's groups and what it has besides were drawn apart, so they are weighed by their sizes.
    """
    right, count = 0.0, 0
    for part in (found & groups, found - groups):
        same = [one.same for one in read if one.pair in part]
        if part and not same:
            return None, count
        right += len(part) * sum(same) / len(same) if same else 0.0
        count += len(same)
    return right / len(found), count


def recall(groups: set[Pair], pools: dict[str, set[Pair]], read: Sequence[Verdict]) -> float:
    """The share found of all pairs known of, by what was read of each pool."""
    sizes = {"grouped": groups, **pools}
    right = {
        draw: len(pool) * sum(one.same for one in read if one.draw == draw) / sum(one.draw == draw for one in read)
        for draw, pool in sizes.items()
    }
    return right["grouped"] / sum(right.values())


METHODS: dict[str, Callable[[Sequence[Article]], set[Pair]]] = {
    "dateline": dateline,
    "minhash alone": minhash,
    "same text": same_text,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("stories", type=Path, nargs="?", default=DATA)
    path = options.parse_args().stories
    if not path.exists():
        print(f"{path} is not here: nothing to measure")
        return
    held = stories(path)
    found: dict[str, set[Pair]] = {}
    print(f"{len(held):,} stories; milliseconds a story")
    for name, method in METHODS.items():
        times = []
        for count in (len(held) // 4, len(held) // 2, len(held)):
            began = time.perf_counter()
            found[name] = method(held[:count])
            times.append(f"{count:,}: {(time.perf_counter() - began) / count * 1000:.2f}")
        print(f"  {name:14} {', '.join(times)}")
    print(f"  most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, the stories' text included")
    read = verdicts()
    groups = found["dateline"]
    print("precision by pairs that were read")
    for name, pairs_found in found.items():
        share, count = precision(pairs_found, groups, read)
        print(f"  {name:14} {'-' if share is None else f'{share:.3f}'} of {len(pairs_found)} pairs ({count} read)")
    only = found["minhash alone"] - groups
    pools = {"minhash": only, "near": near(held, groups) - found["minhash alone"]}
    print(f"share found of the pairs with half of the shorter text in common: {recall(groups, pools, read):.2f}")


if __name__ == "__main__":
    main()
