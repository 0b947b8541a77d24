"""JSON lines: one article a line."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from index.articles import LARGEST_ARTICLE, Article, Unreadable, clean, decode, make
from index.formats.place import Keys, Place, Same

# Bytes of a line: an article of the largest size, its characters escaped ("\\u00e9"), and its other fields.
_LONGEST_LINE = 6 * LARGEST_ARTICLE + 100_000
_SAMPLE = 1_000  # bytes


def read(place: Place) -> Iterator[Article | Unreadable | Same]:
    keys = Keys(place)
    with place.open() as file:
        _refuse(file.read(_SAMPLE), place.name)
        file.seek(0)
        for number, raw in enumerate(_lines(file), 1):
            where = f"{place.name}#{number}"
            try:
                if raw is None:
                    raise Unreadable(f"{where}: a line of more than {_LONGEST_LINE:,} bytes; one article a line")
                line = decode(raw.removeprefix(codecs.BOM_UTF8), where).strip()
                if not line:
                    continue
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise Unreadable(f"{where}: not a JSON object; each line is one article with a text")
                if not isinstance(record.get("text"), str):
                    raise Unreadable(f"{where}: no text; give the record one under 'text'")
                given = record.get("id")
                key = keys.key(clean(given) if isinstance(given, str) else given, number)
                yield Same(key) if place.same(key, raw.strip()) else make(key, where, record, record["text"])
            except json.JSONDecodeError as error:
                yield Unreadable(f"{where}: not JSON ({error.msg} at column {error.colno}); one object a line")
            except ValueError:  # what json says of a number of thousands of digits
                yield Unreadable(f"{where}: a number in it is too long to be read; take it out")
            except RecursionError:
                yield Unreadable(f"{where}: nested too deep to be an article; one flat object a line")
            except Unreadable as error:
                yield error


def _refuse(sample: bytes, name: str) -> None:
    """Raise `Unreadable` for a file that has no line to be read, rather than once for each of its lines."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(f"{name}: JSON lines in UTF-16; save it as UTF-8")
    first = sample.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n", 1)[0].strip()
    if first.startswith(b"[") or first == b"{":
        raise Unreadable(f"{name}: one JSON value over many lines; write one object a line")


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file, None for one that is too long to be held."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(_LONGEST_LINE)
        yield None
