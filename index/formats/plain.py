"""Text and Markdown, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.articles import LARGEST_ARTICLE, Article, Unreadable, decode, make
from index.formats.place import Place
from index.formats.web import article

_FRONT_MATTER = re.compile(r"\A\s*^---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# A web page, whatever its file is called.
_PAGE = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
_PAIR = re.compile(r"([A-Za-z_][\w -]*?)\s*:\s*(.*?)\s*$")


def read(place: Place) -> Iterator[Article | Unreadable]:
    key = place.alone()
    if place.size > LARGEST_ARTICLE:
        raise Unreadable(f"{place.name}: {place.size:,} bytes in one article, more than {LARGEST_ARTICLE:,}; split it")
    text = decode(place.bytes(LARGEST_ARTICLE), place.name)
    if _PAGE.match(text):
        yield article(key, place.name, text)
        return
    matter, text = _front_matter(text, place.name)
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
    block = match.group(1)
    try:
        # A few lines of aliases can stand for more than any memory holds.
        if "*" in block and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block, yaml.SafeLoader)):
            raise yaml.YAMLError
        matter = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError):  # ValueError: a day that no calendar has, such as 2023-02-31
        matter = _pairs(block, name)
    if matter is None:
        matter = {}
    if not isinstance(matter, dict):
        if _PAIR.search(block):
            matter = _pairs(block, name)
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
