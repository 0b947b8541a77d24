"""PDF: the text layer, its lines joined into paragraphs, what stands on every page left out.

The days in a PDF's own data are of the file, not of the article, and are not read.
"""

from __future__ import annotations

import collections
import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.articles import LARGEST_ARTICLE, Article, Unreadable, make
from index.formats.place import Place

_LARGEST_FILE = 200_000_000
_EDGE = 3  # lines at the top and the bottom of a page that may be furniture
_PAGE_NUMBER = re.compile(r"(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?|[-–]\s*\d{1,4}\s*[-–]", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\Z")
# A line this long, as a share of the longest, was broken because it was full.
_FULL = 0.75
_ENDS = (".", "!", "?", ":", "”", '"', "»")
_PROGRAMS = re.compile(r"microsoft|untitled|\.(?:docx?|indd|qxd|pdf)\b|^\W*\Z", re.IGNORECASE)


def read(place: Place) -> Iterator[Article | Unreadable]:
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    key = place.alone()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends by itself is no news to the user
    raw = place.bytes(_LARGEST_FILE)
    try:
        document = pypdf.PdfReader(io.BytesIO(raw), strict=False)
        if document.is_encrypted and not document.decrypt(""):
            raise Unreadable(f"{place.name}: locked with a password; save it without one")
        pages = list(_pages(document))
        known = document.metadata
        title, author = (known.title or "", known.author or "") if known else ("", "")
    except DependencyError:
        raise Unreadable(f"{place.name}: protected by AES, which is not undone here; save it without that") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        # A damaged file shows in many ways, and each is the file's.
        raise Unreadable(f"{place.name}: a damaged PDF ({_first_line(error)}); save it again") from None
    text = paragraphs(pages)
    if not text:
        raise Unreadable(f"{place.name}: no text in it, only pictures (a scan?); run text recognition on it first")
    yield make(key, place.name, {"title": "" if _PROGRAMS.search(title) else title, "author": author}, text)


def _pages(document: Any) -> Iterator[list[str]]:
    length = 0
    for page in document.pages:
        text = page.extract_text() or ""
        length += len(text)
        yield [" ".join(line.split()) for line in text.split("\n")]
        if length > LARGEST_ARTICLE:
            return


def paragraphs(pages: Sequence[Sequence[str]]) -> str:
    """The lines of pages as paragraphs, one a line; words divided at a line's end are whole again."""
    lines = [line for page in pages for line in _without_furniture(page, _repeated(pages))]
    longest = max(map(len, lines), default=0)
    made: list[str] = []
    going = False  # whether the paragraph goes on in the next line
    for line in lines:
        if not line:
            going = going and not made[-1].endswith(_ENDS)
            continue
        if going and _HYPHEN.search(made[-1]) and line[0].islower():
            made[-1] = _HYPHEN.sub("", made[-1]) + line
        elif going:
            made[-1] += f" {line}"
        else:
            made.append(line)
        going = len(line) >= _FULL * longest or not line.endswith(_ENDS) and len(line) > longest / 2
    return "\n".join(made)


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Lines at the edges of half of the pages or more, whatever their numbers: heads and feet."""
    count = collections.Counter(
        edge for page in pages for edge in {_numberless(line) for line in [*page[:_EDGE], *page[-_EDGE:]] if line}
    )
    return frozenset(edge for edge, times in count.items() if times > 2 and times >= len(pages) / 2)


def _without_furniture(page: Sequence[str], repeated: frozenset[str]) -> list[str]:
    last = len(page) - _EDGE
    return [
        line
        for at, line in enumerate(page)
        if not ((at < _EDGE or at >= last) and (_numberless(line) in repeated or _PAGE_NUMBER.fullmatch(line)))
    ]


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _first_line(error: Exception) -> str:
    return (str(error).strip().split("\n")[0] or type(error).__name__)[:100]
