"""Text and Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.articles import LARGEST_ARTICLE, Article, Unreadable, decode, make
from index.formats.place import Place

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"([A-Za-z_][\w -]*?)\s*:\s*(.*?)\s*$")


def read(place: Place) -> Iterator[Article | Unreadable]:
    key = place.alone()
    if place.size > LARGEST_ARTICLE:
        raise Unreadable(f"{place.name}: {place.size:,} bytes in one article, more than {LARGEST_ARTICLE:,}; split it")
    matter, text = _front_matter(decode(place.bytes(LARGEST_ARTICLE), place.name), place.name)
    yield make(key, place.name, matter, text)


def _front_matter(text: str, name: str) -> tuple[dict[str, Any], str]:
    """The `key: value` block between two lines of `---`, and the text after it."""
    import yaml

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT_MATTER.match(text)
    if match is None:
        if text.startswith("---\n") and _PAIR.match(text[4:].split("\n", 1)[0]):
            raise Unreadable(f"{name}: its front matter is never closed; put a line of --- after it")
        return {}, text
    try:
        matter = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError):  # ValueError: a day that no calendar has, such as 2023-02-31
        matter = _pairs(match.group(1), name)
    if matter is None:
        matter = {}
    if not isinstance(matter, dict):
        if _PAIR.search(match.group(1)):
            matter = _pairs(match.group(1), name)
        else:
            return {}, text  # prose between two rules
    return {str(key).strip().lower(): value for key, value in matter.items()}, text[match.end() :].lstrip("\n")


def _pairs(block: str, name: str) -> dict[str, str]:
    """Front matter that is not YAML (`title: War: a history`), read a line at a time."""
    pairs = {}
    for number, line in enumerate(block.split("\n"), 2):
        if not line.strip():
            continue
        match = _PAIR.match(line)
        if match is None:
            raise Unreadable(f"{name}: front matter line {number} is not `key: value`; mend it or take it out")
        pairs[match.group(1)] = match.group(2).strip("\"'")
    return pairs
