"""A folder of files, read as dated articles.

Reading is strict about damage and lenient about form: what can't be read raises `Unreadable` with one line that
names the place and the mend, and the caller skips it and goes on.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.days import published_day

# One article. Longer than any book of news: such a file is a dump of many articles, and slow to no purpose.
LARGEST_ARTICLE = 5_000_000
_TITLE_LENGTH = 200
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*\s*$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"([A-Za-z_][\w -]*?)\s*:\s*(.*?)\s*$")
_DAY_IN_NAME = re.compile(r"[\s_-]*\d{4}[\s_-]?\d{2}[\s_-]?\d{2}[\s_-]*")


@dataclass(frozen=True)
class Article:
    """One article as stored. `published_from` says where its day was found; offsets count code points of `text`."""

    id: str
    title: str
    text: str
    published: date | None = None
    published_from: str = ""
    source: str = ""
    url: str = ""

    @property
    def digest(self) -> str:
        """Changes whenever anything that is stored of the article changes."""
        fields = (self.title, self.text, str(self.published), self.published_from, self.source, self.url)
        return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


@dataclass(frozen=True)
class File:
    """A file as the folder lists it: path relative to the folder with forward slashes, bytes, and time in ns."""

    path: str
    size: int
    mtime: int


# Whether an article of another file already has this id.
Taken = Callable[[str], bool]


class Unreadable(Exception):
    """One file or record that can't be read; `str(error)` says where, why, and what mends it."""


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
            elif Path(entry.name).suffix.lower() in READERS and entry.is_file():
                stat = entry.stat()
                yield File(path, stat.st_size, stat.st_mtime_ns)
        pending.extend(reversed(folders))


def read(folder: Path, file: File, taken: Taken = lambda key: False) -> Iterator[Article | Unreadable]:
    """The articles in one file. What is broken comes as an `Unreadable` in its place; the rest goes on.

    `taken` tells whether an article of another file already has an id.
    """
    try:
        yield from READERS[Path(file.path).suffix.lower()](folder / file.path, file.path, taken)
    except Unreadable as error:
        yield error
    except OSError as error:
        yield Unreadable(f"{file.path}: can't be read ({error.strerror or error}); check its permissions")


def _read_text(path: Path, name: str, taken: Taken) -> Iterator[Article | Unreadable]:
    if taken(name):
        raise Unreadable(f"{name}: a record of another file has this name as its id; rename the file")
    if path.stat().st_size > LARGEST_ARTICLE:
        raise Unreadable(
            f"{name}: {path.stat().st_size:,} bytes in one article, more than {LARGEST_ARTICLE:,}; split it"
        )
    text = decode(path.read_bytes(), name)
    matter, text = _front_matter(text, name)
    yield make(name, name, matter, text)


def _read_jsonl(path: Path, name: str, taken: Taken) -> Iterator[Article | Unreadable]:
    seen: set[str] = set()
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            place = f"{name}#{number}"
            try:
                line = decode(raw.removeprefix(codecs.BOM_UTF8), place).strip()
                if not line:
                    continue
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise Unreadable(f"{place}: not a JSON object; each line is one article with a text")
                if not isinstance(record.get("text"), str):
                    raise Unreadable(f"{place}: no text; give the record one under 'text'")
                given = record.get("id")
                key = clean(str(given)).strip() if isinstance(given, (str, int)) and str(given).strip() else place
                key = place if key in seen or taken(key) else key
                seen.add(key)
                yield make(key, place, record, record["text"])
            except json.JSONDecodeError as error:
                yield Unreadable(f"{place}: not JSON ({error.msg} at column {error.colno}); one object a line")
            except Unreadable as error:
                yield error


# What is read, by the file name's ending.
READERS = {".txt": _read_text, ".md": _read_text, ".jsonl": _read_jsonl}


def make(key: str, place: str, matter: Mapping[str, Any], text: str) -> Article:
    """An article from its parts; raises `Unreadable` where there is no text in it."""
    text = clean(text)
    if not text.strip():
        raise Unreadable(f"{place}: empty; there is no text to index")
    if len(text) > LARGEST_ARTICLE:
        raise Unreadable(f"{place}: {len(text):,} characters in one article, more than {LARGEST_ARTICLE:,}; split it")
    name = Path(key).name
    day = matter.get("published") or matter.get("date")
    dated = published_day(meta=day if isinstance(day, date) or day is None else str(day), name=name, text=text)
    return Article(
        id=key,
        title=_one_line(matter.get("title")) or _title(text, name),
        text=text,
        published=dated.day,
        published_from=dated.origin,
        source=_one_line(matter.get("source")),
        url=_one_line(matter.get("url")),
    )


def clean(text: str) -> str:
    """Newlines as "\\n", no NUL, nothing that UTF-8 can't carry."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def decode(raw: bytes, name: str) -> str:
    """Bytes as text: UTF-8 or UTF-16 by their marks, else the best guess. Raises `Unreadable` for what isn't text."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise Unreadable(f"{name}: broken UTF-16; save it as UTF-8") from None
    sample = raw[:65_536]
    if (
        sample.count(0) + sum(sample.count(byte) for byte in b"\x01\x02\x03\x04\x05\x06\x0e\x0f\x10")
        > len(sample) // 100
    ):
        raise Unreadable(f"{name}: not text (a binary file?); remove it or give it its true ending")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A text in Latin letters has few bytes beyond ASCII, and short ones are too little to guess an encoding from.
        if sum(byte > 127 for byte in sample) < len(sample) / 5:
            return raw.decode("cp1252", "replace")
        from charset_normalizer import from_bytes

        guess = from_bytes(sample).best()
        if guess is None:
            raise Unreadable(f"{name}: not text in any encoding known here; save it as UTF-8") from None
        return raw.decode(guess.encoding, "replace")


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


def _title(text: str, name: str) -> str:
    """A heading, else a first line that stands alone and is short, else the file's name made readable."""
    first, _, rest = text.strip().partition("\n")
    heading = _HEADING.match(first)
    if heading:
        return heading.group(1)[:_TITLE_LENGTH]
    first = first.strip()
    if rest.strip() and len(first) <= 120 and first[-1:] not in ".!?:;,":
        return first
    stem = name.rsplit("#", 1)[0].rsplit(".", 1)[0] if "." in name else name
    words = _DAY_IN_NAME.sub(" ", stem).replace("-", " ").replace("_", " ").strip() or stem
    return words[:1].upper() + words[1:_TITLE_LENGTH]


def _one_line(value: object) -> str:
    return clean(" ".join(str(value).split()))[:_TITLE_LENGTH] if value is not None else ""
