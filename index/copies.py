"""Whether two articles tell the same story in the same words: wire copy, a republished text, a light edit.

Candidates come from MinHash signatures cut into bands (Broder, "On the resemblance and containment of documents", 1997;
Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3), so that an article is compared with a few
others and not with all. Each candidate is then compared exactly: a copy has the words, the numbers and the names of the
other, and a day near to its. A later version that adds to a story or corrects it is a copy too, until its figures are
others; the next issue of a bulletin whose form never changes is none.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from rensa import RMinHash

from index.articles import Article

# Bands and the hashes in each: two texts that share half of their shingles meet in one at 0.99, a tenth at 0.03.
BANDS, _ROWS = 32, 3
_SHINGLE = 3  # words
_SHORTEST = 12  # words; what shorter texts share says little
_LONGEST = 100_000  # code points of an article that are compared
# Shares of shingles: of the shorter text in the other, and of both in common.
_INSIDE, _COMMON = 0.75, 0.25
# Wire copy is printed within these days. What comes later has to be long, all but unchanged and under its old title.
_FRESH = timedelta(days=3)
_REPUBLISHED, _REPUBLISHED_WORDS = 0.9, 100
_WORD = re.compile(r"\w+(?:[.,'’]\w+)*")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_NUMBER_WORDS = frozenset("one two three four five six seven eight nine ten eleven twelve".split())


def keys(text: str) -> list[int]:
    """The `BANDS` bands of a text's signature, as 64-bit numbers: near-duplicates share some. None of a short text."""
    words = _words(text)
    if len(words) < _SHORTEST:
        return []
    signature = RMinHash(num_perm=BANDS * _ROWS, seed=1)
    signature.update(_shingles(words))
    hashes = signature.digest()
    bands = (struct.pack(f"<{_ROWS + 1}I", band, *hashes[band * _ROWS : (band + 1) * _ROWS]) for band in range(BANDS))
    return [int.from_bytes(blake2b(band, digest_size=8).digest(), "little", signed=True) for band in bands]


def are_copies(one: Article, other: Article) -> bool:
    """Whether one of the articles is a copy of the other, or a shorter or lightly edited version of it."""
    shorter, longer = sorted((_Telling.of(one), _Telling.of(other)), key=lambda told: len(told.words))
    if len(shorter.words) < _SHORTEST:
        return False
    shared = len(shorter.shingles & longer.shingles)
    common = shared / (len(shorter.shingles) + len(longer.shingles) - shared)
    if shared < _INSIDE * len(shorter.shingles) or common < _COMMON or not shorter.within(longer):
        return False
    if one.published is None or other.published is None or abs(one.published - other.published) <= _FRESH:
        return True
    return common >= _REPUBLISHED and len(shorter.words) >= _REPUBLISHED_WORDS and _same_title(one.title, other.title)


@dataclass(frozen=True)
class _Telling:
    """An article's words, and what must not differ between copies."""

    words: list[str]
    shingles: frozenset[str]
    numbers: frozenset[str]
    names: Counter[str]

    @classmethod
    def of(cls, article: Article) -> _Telling:
        text = article.text[:_LONGEST]
        written = _WORD.findall(text)
        words = [word.lower() for word in written]
        return cls(
            words,
            _shingles(words),
            frozenset(_NUMBER.findall(text)) | _NUMBER_WORDS.intersection(words),
            Counter(word.lower() for word in written if word[0].isupper()),
        )

    def within(self, other: _Telling) -> bool:
        """Whether its numbers and names stand in the other text too, but for a stray one in a hundred words."""
        known = set(other.words)
        stray = len(self.words) // 100
        strange = sum(count for name, count in self.names.items() if name not in known)
        return strange <= stray and len(self.numbers - other.numbers) <= stray


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text[:_LONGEST])]


def _shingles(words: list[str]) -> frozenset[str]:
    return frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _same_title(one: str, other: str) -> bool:
    """Whether titles have the same numbers and half of their words in common."""
    left, right = set(_words(one)), set(_words(other))
    return set(_NUMBER.findall(one)) == set(_NUMBER.findall(other)) and 2 * len(left & right) >= min(
        len(left), len(right)
    )
