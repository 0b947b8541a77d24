"""Archives of any size for measuring speed: real wire stories' sentences dealt out anew, vectors without a network.

An archive's article takes its length from a story, its sentences and its title from others, its day from a story and
one of `YEARS` years, its source from a few large papers and many small ones: words, days and sources are as unevenly
spread as in the stories. Written once, a thousand articles a file, nothing held in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from public import DATA, HERE, RESULTS

from index.sentences import split
from index.words import terms
from models import load

WIRE = DATA / "wire" / "stories.jsonl.gz"
YEARS = 20
_FILE = 1000  # articles
_SOURCES = [f"The {name}" for name in "Courier Echo Herald Post Star Gazette Argus Mail Chronicle Observer".split()] + [
    f"Bulletin of {number}" for number in range(1, 91)
]


class Drawn(BaseEmbedding):
    """Vectors made without a network: the sum of a random vector a word, rarer words more. Near is what shares words.

    Where the time of embedding is not what is measured: it makes thousands of vectors a second. A question is put
    through the network that ships as well, so that it costs what it costs.
    """

    def __init__(self) -> None:
        super().__init__(model_name="drawn from words", embed_batch_size=2048)

    def _get_text_embedding(self, text: str) -> list[float]:
        total = np.zeros(load("embedder").dimensions, dtype=np.float32)
        for word in terms(text[:1500]):
            total += _vector(word.lower())
        made: list[float] = (total / (np.linalg.norm(total) or 1)).tolist()
        return made

    def _get_query_embedding(self, query: str) -> list[float]:
        load("embedder").embed([query], truncate=True)
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def archive(size: str) -> Path:
    """A folder of that many articles, as .jsonl files of a thousand; written when it is not there.

    `size` is a number of articles as long as stories, or, as in "62600x16", of articles as long as so many stories:
    a million passages, in a third of the time that as many short articles take.
    """
    folder = RESULTS / f"{'wire' if WIRE.exists() else 'seeds'}-{size}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        articles, _, length = size.partition("x")
        made = _dealt(int(articles), int(length or 1))
        for first in range(0, int(articles), _FILE):
            with (folder / f"{first // _FILE:06}.jsonl").open("w", encoding="utf-8") as lines:
                for article in islice(made, _FILE):
                    lines.write(json.dumps(article, ensure_ascii=False) + "\n")
        (folder / "done").touch()  # no article: its ending is of no format
    return folder


def stories() -> Iterator[dict[str, Any]]:
    """The wire stories, with days as ISO and lines joined; the seeds' where the stories are not there."""
    if not WIRE.exists():
        for path in sorted((HERE.parent / "seeds" / "articles").glob("*.md")):
            head, _, text = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
            matter = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
            yield {"id": path.stem, "title": matter["title"], "published": matter["published"], "text": text.strip()}
        return
    with gzip.open(WIRE, "rt", encoding="utf-8") as lines:
        for line in lines:
            story = json.loads(line)
            day = datetime.strptime(story["published"].title(), "%d-%b-%Y").date()
            yield {
                "id": story["id"],
                "title": story["title"],
                "published": day.isoformat(),
                "text": " ".join(story["text"].split()),
            }


def questions(count: int, seed: int = 7) -> list[str]:
    """Questions as long as people's: five to nine words out of a sentence."""
    dice = random.Random(seed)
    told, _, _ = _material()
    made = []
    while len(made) < count:
        words = dice.choice(told).split()
        if len(words) >= 12:
            first = dice.randrange(len(words) - 9)
            run = " ".join(words[first : first + dice.randint(5, 9)]).rstrip(".,;")
            made.append(f"{dice.choice(('What did', 'When did', 'Who said that', 'How many of'))} {run}?")
    return made


def _dealt(articles: int, times: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(1987)
    told, titles, shapes = _material()
    shares = [1 / (rank + 1) for rank in range(len(_SOURCES))]
    for number in range(articles):
        length, day = shapes[number % len(shapes)]
        day = date(2004 + dice.randrange(YEARS), day.month, min(day.day, 28))
        yield {
            "id": f"a{number}",
            "title": dice.choice(titles),
            "published": day.isoformat(),
            "source": dice.choices(_SOURCES, shares)[0],
            "text": " ".join(dice.choice(told) for _ in range(length * times)),
        }


@lru_cache(maxsize=1)
def _material() -> tuple[list[str], list[str], list[tuple[int, date]]]:
    """Sentences, titles, and each story's number of sentences and day."""
    told: list[str] = []
    titles, shapes = [], []
    for story in stories():
        sentences = [sentence.strip() for sentence in split(story["text"])]
        told += sentences
        titles.append(story["title"])
        shapes.append((len(sentences), date.fromisoformat(story["published"])))
    return told, titles, shapes


@lru_cache(maxsize=200_000)
def _vector(word: str) -> np.ndarray[Any, Any]:
    """A word's own random direction; that of long words, which are rarer, is longer."""
    number = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    drawn = np.random.default_rng(number).standard_normal(load("embedder").dimensions, dtype=np.float32)
    return drawn * min(len(word), 10)
