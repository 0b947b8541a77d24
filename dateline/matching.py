"""Whether words mean the same word: by stem, and by a shared beginning long enough to be a name's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"\w+(?:[.,’'-]\w+)*")
# What makes a people's name of a country's: Omani, Iranian, Japanese, Turkish. The longest first.
_PEOPLE = ("ians", "ian", "ese", "ish", "ans", "an", "is", "i", "ns", "n")
_SHARED = 4  # letters that make Syria and Syrian, earthquake and earthquakes one


_ARTICLES = frozenset("al el the of bin ibn de la van von der new saint st".split())


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without its ending, lower case (Snowball's English stemmer)."""
    return str(_stemmer().stemWord(re.sub(r"['’]s?$", "", word.lower())))


@lru_cache(maxsize=4_096)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words; of a word with a hyphen also those of its parts."""
    found = set()
    for word in _WORD.findall(text):
        found.add(stem(word))
        if not word.isalpha():
            found.update(stem(part) for part in re.findall(r"\w+", word))
    return frozenset(found)


def has(text: frozenset[str], word: str) -> bool:
    """Whether `word` is among the stems of a text."""
    wanted = stem(word)
    if wanted in text:
        return True
    if len(wanted) < _SHARED or not wanted.isalpha():
        return False
    return any(len(other) >= _SHARED and (other.startswith(wanted) or wanted.startswith(other)) for other in text)


def share(text: frozenset[str], words: Iterable[str]) -> float:
    """Which share of `words` a text has, from 0 to 1; 1 where there are none."""
    asked = list(words)
    return sum(has(text, word) for word in asked) / len(asked) if asked else 1.0


def share_of_names(text: frozenset[str], names: Iterable[tuple[str, ...]]) -> float:
    """Which share of the names a text has. A name counts by any of its words: Xi Jinping is also Xi."""
    asked = list(names)
    return sum(any(has(text, root) for root in roots(name)) for name in asked) / len(asked) if asked else 1.0


@lru_cache(maxsize=4_096)
def roots(name: tuple[str, ...]) -> tuple[str, ...]:
    """What the words of a name may begin in a text, so that Omani finds Oman, and Saudi-Iranian either of them."""
    found = []
    for word in "-".join(name).split("-"):
        if word.lower() in _ARTICLES:
            continue
        ending = next((end for end in _PEOPLE if word.endswith(end) and len(word) - len(end) >= _SHARED), "")
        found.append(word.removesuffix(ending) if word[:1].isupper() else word)
    return tuple(found) or name


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
