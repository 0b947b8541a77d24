"""One dated article, and what every format makes it by.

What can't be read raises `Unreadable` with one line that names the place and the mend, and the caller skips it and
goes on. The formats are in `index.formats`, the folder of files in `index.folder`.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.days import Origin, published_day
from index.languages import language_of

# One article. Longer than any book of news: such a file is a dump of many articles, and slow to no purpose.
LARGEST_ARTICLE = 5_000_000
_TITLE_LENGTH = 200
_WHOLE = 4  # characters beyond ASCII that are whole in UTF-8, for each one that is not, in what is taken for UTF-8
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*\s*$")
_DAY_IN_NAME = re.compile(r"[\s_-]*\d{4}[\s_-]?\d{2}[\s_-]?\d{2}[\s_-]*")
# What a record, a column or a front matter may call each part of an article, the contract's own name first.
_NAMES = {
    "title": ("title", "headline", "subject"),
    "published": ("published", "date", "published_at", "publication_date", "pub_date", "pubdate", "datepublished"),
    "source": ("source", "publisher", "publication", "outlet", "sitename"),
    "url": ("url", "link"),
    "author": ("author", "authors", "byline", "creator"),
    "language": ("language", "lang"),
}


@dataclass(frozen=True)
class Article:
    """One article as stored; offsets count code points of `text`.

    `published_from` says where its day was found, `sure` whether that is to be trusted. `language` is its ISO 639-1
    code, "" where the text is too short to tell. `story` is the same for articles of one store that are copies of one
    another (see `index.copies`), None for all others.
    """

    id: str
    title: str
    text: str
    published: date | None = None
    published_from: str = ""
    source: str = ""
    url: str = ""
    sure: bool = True
    author: str = ""
    language: str = ""
    story: int | None = None

    @property
    def witness(self) -> int | str:
        """What counts as one source: the story that its copies tell, else the article."""
        return self.id if self.story is None else self.story

    @property
    def digest(self) -> str:
        """Changes whenever anything that is stored of the article changes."""
        fields = (
            self.title,
            self.text,
            str(self.published),
            self.published_from,
            str(self.sure),
            self.source,
            self.url,
        )
        return hashlib.sha256("\x1f".join((*fields, self.author, self.language)).encode()).hexdigest()


class Unreadable(Exception):
    """One file or record that can't be read; `str(error)` says where, why, and what mends it."""


class Unreached(Unreadable):
    """A file or a folder that the system does not let us read now: what is known of it stays, and it is tried again."""


def make(
    key: str, place: str, matter: Mapping[str, Any], text: str, origin: Origin = "front matter", sure: bool = True
) -> Article:
    """An article from its parts; raises `Unreadable` where there is no text in it.

    `matter` gives its title, day and so on under any of their usual names; `origin` says where that day stood,
    `sure` whether it is to be trusted.
    """
    text = clean(text)
    if not text.strip():
        raise Unreadable(f"{place}: empty; there is no text to index")
    if len(text) > LARGEST_ARTICLE:
        raise Unreadable(f"{place}: {len(text):,} characters in one article, more than {LARGEST_ARTICLE:,}; split it")
    given = {part: next((matter[name] for name in names if matter.get(name)), None) for part, names in _NAMES.items()}
    name = Path(key).name
    day = given["published"]
    url = _one_line(given["url"])
    dated = published_day(
        meta=day if isinstance(day, date) or day is None else str(day),
        name=name,
        text=text,
        url=url,
        origin=origin,
        sure=sure,
    )
    return Article(
        id=key,
        title=_one_line(given["title"]) or _title(text, name),
        text=text,
        published=dated.day,
        published_from=dated.origin,
        source=_one_line(given["source"]),
        url=url,
        sure=dated.sure or dated.day is None,
        author=_one_line(given["author"]),
        language=_one_line(given["language"])[:2].lower() or language_of(text),
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
    if raw.startswith((b"%PDF-", b"{\\rtf")):
        raise Unreadable(f"{name}: a PDF or RTF file by its content; save it as text, or name a PDF .pdf")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # UTF-8 that was cut within a character or has a stray byte: in no other encoding do so many look whole.
        mended = raw.decode("utf-8-sig", "replace")
        lost = mended.count("\ufffd")
        if sum(not char.isascii() for char in mended) - lost > _WHOLE * lost:
            return mended
        # A text in Latin letters has few bytes beyond ASCII, and short ones are too little to guess an encoding from.
        if sum(byte > 127 for byte in sample) < len(sample) / 5:
            return raw.decode("cp1252", "replace")
        from charset_normalizer import from_bytes

        guess = from_bytes(sample).best()
        if guess is None:
            raise Unreadable(f"{name}: not text in any encoding known here; save it as UTF-8") from None
        return raw.decode(guess.encoding, "replace")


# What may stand above a headline: who wrote it, the paper's name over its day, the day, the page.
_BYLINE = re.compile(r"(?:By|From|Words|Text|Pictures?|Photos?)\b:? [A-Z][^.!?]{2,60}\Z|Page \d+\Z")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAY_LINE = re.compile(
    rf"\A(?:[\w .'’&-]{{0,40}}, )?(?:\w+day,? )?"
    rf"(?:(?:{_MONTH})\w*\.? \d{{1,2}},? \d{{4}}|\d{{1,2}} (?:{_MONTH})\w* \d{{4}})\Z"
)
_PAPER = re.compile(
    r"\A(?:[A-Z][\w'’&-]* ){0,4}(?:Times|Tribune|Advertiser|Courier|Post|News|Herald|Gazette|Echo|Chronicle|Press|"
    r"Journal|Mail|Observer|Standard|Star|Argus|Daily|Weekly|Live|Wire|Agency|Record|Register|Globe|Mercury|Examiner)\Z"
)


def _title(text: str, name: str) -> str:
    """A heading, else a first line that stands alone and is short, else the file's name made readable."""
    first, _, rest = text.strip().partition("\n")
    heading = _HEADING.match(first)
    if heading:
        return heading.group(1)[:_TITLE_LENGTH]
    lines = [line.strip() for line in text.split("\n", 20)[:20] if line.strip()]
    while len(lines) > 2 and (
        _BYLINE.match(lines[0]) or _DAY_LINE.search(lines[0]) or _PAPER.search(lines[0]) and _DAY_LINE.search(lines[1])
    ):
        lines = lines[1:]
    first = lines[0]
    if rest.strip() and len(first) <= 120 and first[-1:] not in ".!?:;,":
        return first
    stem = name.rsplit("#", 1)[0].rsplit(".", 1)[0] if "." in name else name
    words = _DAY_IN_NAME.sub(" ", stem).replace("-", " ").replace("_", " ").strip() or stem
    return words[:1].upper() + words[1:_TITLE_LENGTH]


def _one_line(value: object) -> str:
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return clean(" ".join(str(value).split()))[:_TITLE_LENGTH] if value is not None else ""
