"""RSS and Atom as exported: each item an article, with its full text where the feed carries it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from index.articles import Article, Unreadable, make
from index.formats.markup import plain
from index.formats.place import Keys, Place

_LARGEST_FEED = 100_000_000
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def read(place: Place) -> Iterator[Article | Unreadable]:
    import feedparser

    raw = place.bytes(_LARGEST_FEED)
    if _ENTITY.search(raw[:10_000]):
        # Entities of its own are how a small file is made to fill the memory; no feed needs them.
        raise Unreadable(f"{place.name}: defines entities of its own, which no feed needs; export it again")
    parsed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries:
        raise Unreadable(f"{place.name}: no RSS or Atom feed with items; export it again, or take it out")
    keys = Keys(place)
    for number, entry in enumerate(parsed.entries, 1):
        where = f"{place.name}#{number}"
        url = entry.get("link") or ""
        try:
            matter = {
                "title": plain(entry.get("title") or ""),
                "published": entry.get("published") or entry.get("updated"),
                "source": (entry.get("source") or {}).get("title") or parsed.feed.get("title"),
                "url": url,
                "author": entry.get("author"),
                "language": parsed.feed.get("language"),
            }
            # By its address where it has no id: its number is another in the next export.
            yield make(keys.key(entry.get("id") or url, number), where, matter, _text(entry), origin="feed")
        except Unreadable as error:
            yield error


def _text(entry: Any) -> str:
    """The longest of what the item gives: its content, or its summary."""
    given = [content.get("value") for content in entry.get("content", [])] + [entry.get("summary")]
    return max((plain(one or "") for one in given), key=len)
