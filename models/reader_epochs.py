"""What a pass of training sees: examples of every kind by its share, in batches of like length."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from reader_data import Example, Maker
from reader_frames import Filler, Frame
from reader_news import Article
from reader_sources import Record
from tokenizers import Tokenizer

EPOCH = 40_000  # examples
Source = TypeVar("Source")


class Mix(NamedTuple):
    """How large a part of the examples each kind is."""

    statements: float  # of all
    frames: float  # of the questions, and of the statements
    news: float  # the same


def epoch(
    rows: list[Record],
    claims: list[Record],
    frames: list[Frame],
    news: list[list[Article]],
    tokenizer: Tokenizer,
    dayless: Callable[[str], str],
    seed: int,
    size: int,
    mix: Mix,
) -> list[list[Example]]:
    """Batches of EPOCH examples in all, of like length and in random order; every seed draws others.

    `news` are the articles of each file; `dayless` takes the days out of a text.
    """
    make = Maker(tokenizer, rows, seed, dayless)
    rows, rest = make.random.sample(rows, len(rows)), 1 - mix.frames - mix.news
    known = [(article, [other for other in file if other is not article]) for file in news for article in file]
    make.random.shuffle(known)
    filler = Filler(frames, seed)
    asked, judged = EPOCH * (1 - mix.statements), EPOCH * mix.statements
    read = [
        *_filled(make.examples, rows, asked * rest),
        *_filled(lambda frame: map(make.told, filler.cases(frame)), frames, asked * mix.frames),
        *_filled(lambda pair: make.reported(*pair), known, asked * mix.news),
    ]
    told = [example for example in [*make.statements(rows[: int(judged)]), *make.claims(claims)] if example]
    make.random.shuffle(told)
    said = [
        *told[: int(judged * rest)],
        *_filled(lambda frame: map(make.claimed, filler.statements(frame)), frames, judged * mix.frames),
        *_filled(lambda pair: make.stated(pair[0]), known, judged * mix.news),
    ]
    none = sum(example.end == 0 for example in read) / len(read)
    held = sum(example.supported or 0 for example in said) / max(1, len(said))
    print(
        f"{len(read)} windows, {none:.1%} without an answer; {len(said)} statements, {held:.1%} supported", flush=True
    )
    made = [*_batches(read, size, make.random), *_batches(said, size, make.random)]
    make.random.shuffle(made)
    return made


def _filled(
    make: Callable[[Source], Iterable[Example | None]], sources: list[Source], most: float
) -> Iterator[Example]:
    """So many examples, going round the sources."""
    made = (example for source in itertools.cycle(sources) for example in make(source) if example)
    return itertools.islice(made, int(most))


def _batches(examples: list[Example], size: int, order: random.Random) -> list[list[Example]]:
    order.shuffle(examples)
    chunks = [examples[at : at + size * 20] for at in range(0, len(examples), size * 20)]
    made = []
    for chunk in chunks:
        chunk.sort(key=lambda example: len(example.pieces))
        made += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    return made
