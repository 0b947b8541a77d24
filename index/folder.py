"""The folder of articles: its files, and the articles in each."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.articles import Article, Unreached, Unreadable
from index.formats import Place, Same, Taken, reader, told


@dataclass(frozen=True)
class File:
    """A file as the folder lists it: path relative to the folder with forward slashes, bytes, and time in ns.

    `path` is text: bytes of a name that are no UTF-8 stand in it written out, as in `caf\\xe9.txt`; the system's own
    `name` is what the file is opened by.
    """

    path: str
    size: int
    mtime: int
    name: str


@dataclass
class Aside:
    """What a scan leaves out.

    `closed` are the folders that can't be listed ("" or a path with a slash at its end), each with why; `others` counts
    the files of kinds that nothing here reads, by their ending.
    """

    closed: dict[str, str] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)


def scan(folder: Path, aside: Aside | None = None) -> Iterator[File]:
    """The article files under `folder` in a stable order, at the cost of one stat each; `aside` takes what is left out.

    Hidden files, links to folders, and what goes while it is looked at are passed over.
    """
    aside = aside or Aside()
    pending = [""]
    while pending:
        inside = pending.pop()
        try:
            with os.scandir(folder / inside) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError as error:
            path = _text(inside)
            aside.closed[path] = f"{path or folder}: can't be listed ({error.strerror}); check its permissions"
            continue
        folders = []
        for entry in listed:
            name = f"{inside}{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{name}/")
            elif not reader(entry.name):
                if entry.is_file(follow_symlinks=False):
                    aside.others[os.path.splitext(_text(entry.name))[1].lower()] += 1
            elif (stat := _stat(entry)) is not None:
                yield File(_text(name), stat.st_size, stat.st_mtime_ns, name)
        pending.extend(reversed(folders))


def _text(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    """The stat of a file, None for what is none: a pipe, a link to nothing or to itself, one deleted meanwhile."""
    try:
        return entry.stat() if entry.is_file() else None
    except OSError:
        return None


def read(
    folder: Path, file: File, taken: Taken = lambda key: False, records: dict[str, str] | None = None
) -> Iterator[Article | Unreadable | Same]:
    """The articles in one file. What is broken comes as an `Unreadable` in its place; the rest goes on.

    Where the system does not let it be read, now or not to its end, an `Unreached` comes last.

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
    path = folder / file.name
    place = Place(file.path, file.size, lambda: path.open("rb"), taken)
    try:
        yield from told(found, place if records is None else replace(place, same=same))
    except OSError as error:
        yield Unreached(f"{file.path}: can't be read ({error.strerror or error}); check its permissions")
