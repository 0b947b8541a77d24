"""The folder of articles: its files, and the articles in each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles import Article, Unreadable
from index.formats import Place, Same, Taken, reader


@dataclass(frozen=True)
class File:
    """A file as the folder lists it: path relative to the folder with forward slashes, bytes, and time in ns."""

    path: str
    size: int
    mtime: int


def scan(folder: Path) -> Iterator[File]:
    """The article files under `folder` in a stable order, at the cost of one stat each. Hidden ones are passed over."""
    pending = [""]
    while pending:
        inside = pending.pop()
        with os.scandir(folder / inside) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        folders = []
        for entry in listed:
            path = f"{inside}{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{path}/")
            elif reader(entry.name) and entry.is_file():
                stat = entry.stat()
                yield File(path, stat.st_size, stat.st_mtime_ns)
        pending.extend(reversed(folders))


def read(
    folder: Path, file: File, taken: Taken = lambda key: False, records: dict[str, str] | None = None
) -> Iterator[Article | Unreadable | Same]:
    """The articles in one file. What is broken comes as an `Unreadable` in its place; the rest goes on.

    `taken` tells whether an article of another file already has an id. `records` has the digests of the records that
    the file's articles were made from, by id, and takes those of now; who gives none is given every article whole.
    """

    def same(key: str, raw: bytes) -> bool:
        assert records is not None
        before, records[key] = records.get(key), hashlib.sha256(raw).hexdigest()[:32]
        return before == records[key]

    found = reader(file.path)
    if found is None:
        return
    path = folder / file.path
    try:
        place = Place(file.path, file.size, lambda: path.open("rb"), taken)
        yield from found(place if records is None else replace(place, same=same))
    except Unreadable as error:
        yield error
    except OSError as error:
        yield Unreadable(f"{file.path}: can't be read ({error.strerror or error}); check its permissions")
