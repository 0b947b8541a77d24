"""CSV: one article a row, under a row of column names."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from index.articles import LARGEST_ARTICLE, Article, Unreadable, clean, decode, make
from index.formats.place import Keys, Place, Same

_TEXT = ("text", "body", "content", "article", "article_text", "full_text", "maintext")
_SAMPLE = 65_536


def read(place: Place) -> Iterator[Article | Unreadable | Same]:
    csv.field_size_limit(LARGEST_ARTICLE)
    with place.open() as file:
        sample = file.read(_SAMPLE)
        head = decode(sample, place.name)
        file.seek(0)
        encoding = "utf-16" if sample[:2] in (b"\xff\xfe", b"\xfe\xff") else _encoding(sample)
        rows = csv.reader(io.TextIOWrapper(file, encoding, errors="replace", newline=""), delimiter=_delimiter(head))
        try:
            names = [name.strip().strip("\ufeff").lower().replace(" ", "_") for name in next(rows, [])]
        except csv.Error as error:
            raise Unreadable(f"{place.name}: not a table ({error}); save it as CSV") from None
        column = next((name for name in _TEXT if name in names), None)
        if column is None:
            listed = ", ".join(clean(name)[:40] for name in names[:8]) or "none"
            raise Unreadable(f"{place.name}: no column named text among its columns ({listed}); name one so")
        yield from _articles(place, rows, names, column)


def _articles(
    place: Place, rows: Iterator[list[str]], names: list[str], column: str
) -> Iterator[Article | Unreadable | Same]:
    keys = Keys(place)
    number = 0
    while True:
        number += 1
        where = f"{place.name}#{number}"
        try:
            row = next(rows, None)
            if row is None:
                return
            if not any(map(str.strip, row)):
                continue
            record = dict(zip(names, row, strict=False))
            key = keys.key(clean(record.get("id", "")), number)
            known = place.same(key, repr(record).encode())
            yield Same(key) if known else make(key, where, record, record.get(column, ""))
        except csv.Error as error:
            yield Unreadable(f"{where}: broken row ({error}); quote its text and double the quotes in it")
        except Unreadable as error:
            yield error


def _encoding(sample: bytes) -> str:
    try:
        # A sample may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(head: str) -> str:
    """The one of the usual delimiters that the first line has most of."""
    first = head.split("\n", 1)[0]
    return max(",;\t|", key=first.count)
