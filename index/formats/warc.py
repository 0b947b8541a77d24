"""Web archives: the pages of a WARC file. The day of the crawl is not taken for the day of an article."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message

from index.articles import Article, Unreadable
from index.formats.place import Keys, Place
from index.formats.web import LARGEST_PAGE, article, page

_PAGES = ("text/html", "application/xhtml+xml")


def read(place: Place) -> Iterator[Article | Unreadable]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    keys = Keys(place)
    number = 0
    with place.open() as file:
        try:
            for record in ArchiveIterator(file):
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                kind, charset = _kind(record.http_headers.get_header("Content-Type", ""))
                if kind not in _PAGES or record.http_headers.get_statuscode() != "200":
                    continue
                number += 1
                where = f"{place.name}#{number}"
                raw = record.content_stream().read(LARGEST_PAGE)
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                try:
                    yield article(keys.key(url, number), where, page(raw, where, charset), url)
                except Unreadable as error:
                    yield error
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            done = f"; the {number} pages before it were read" if number else ""
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            yield Unreadable(f"{place.name}: broken after page {number} ({reason}){done}; fetch the archive again")


def _kind(header: str) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = header or ""
    return message.get_content_type(), message.get_content_charset()
