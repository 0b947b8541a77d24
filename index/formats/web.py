"""Web pages: the article's text without the page's furniture, and what the page says of title, day and source."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.articles import Article, Unreadable, decode, make
from index.days import published_day
from index.formats.markup import blocks
from index.formats.page_facts import Facts, facts
from index.formats.place import Place
from index.furniture import is_furniture

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST_PAGE = 20_000_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
# Characters that a tree of XML can't hold, as they are and by their numbers.
_CONTROL = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[\da-f]))(?:;|\b)",
    re.IGNORECASE,
)
# Who took a picture: no part of what its caption states.
_CREDIT = re.compile(
    r"\s*(?:[\[(](?:photo|image|picture|foto|credit|file|source|ap|afp|reuters|getty)[^\])]{0,80}[\])]|"
    r"(?:photo(?:graph)?|image|picture|credit|source)"
    r"(?:\s+(?:by|credit|courtesy))?\s*[:/][^.]{0,80}|/?\s*getty images)\.?\s*\Z",
    re.IGNORECASE,
)
_FACT = 8  # words from which a caption that is a sentence states a fact
_HEAD_LINES = 12
_LONG_CELL = 200  # code points: a cell that holds more is a column of a page, not a figure
_PARAGRAPH = 60
_LOST = 0.3  # share of the main part's paragraphs and headings: when more are missing, the text is cut anew
_FEW = 200  # code points: less than this of a page is likelier its furniture than its article


def read(place: Place) -> Iterator[Article | Unreadable]:
    key = place.alone()
    yield article(key, place.name, page(place.bytes(LARGEST_PAGE), place.name))


def article(key: str, name: str, html: str, url: str = "") -> Article:
    """The article of a page, `name` its place for messages; raises `Unreadable` where the page has no text."""
    found, text = read_page(html, name)
    matter: dict[str, Any] = {
        "title": found.title,
        "published": found.published,
        "source": found.source,
        "url": found.url or url,
        "author": found.author,
        "language": found.language,
    }
    return make(key, name, matter, text, origin="page", sure=found.sure)


def read_page(html: str, name: str) -> tuple[Facts, str]:
    """What a page says of itself, and its article's text, a paragraph a line."""
    import lxml.etree
    import lxml.html

    html = _CONTROL.sub("", html)
    try:
        tree = lxml.html.document_fromstring(_DECLARED.sub("", html), parser=lxml.html.HTMLParser(huge_tree=False))
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        raise Unreadable(f"{name}: no page that can be read; save it again as HTML") from None
    found = facts(tree, html)
    if not found.published:
        found = _dated_by_its_head(tree, found)
    for apart in list(tree.iter("nav", "footer", "aside")):
        apart.drop_tree()
    _captions_as_text(tree)
    _unwrap_layout(tree)
    text = _text(tree, found)
    if not text:
        raise Unreadable(f"{name}: no article text in the page (made by a script?); save it as it shows, or as text")
    return found, text


def page(raw: bytes, name: str, charset: str | None = None) -> str:
    """The bytes of a page as text: by its mark, by what its server says, by what it says itself, else by a guess."""
    declared = _CHARSET.search(raw[:4096])
    for encoding in (charset, declared[1].decode("ascii") if declared else None):
        if not encoding or raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            continue
        try:
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return decode(raw, name)


def _dated_by_its_head(tree: HtmlElement, found: Facts) -> Facts:
    """The day of a byline or dateline under the headline, which the text that is kept may lack."""
    lines = blocks(tree)
    title = next((at for at, line in enumerate(lines) if found.title and line.startswith(found.title)), 0)
    for lines_read in (lines[title : title + _HEAD_LINES], lines[:_HEAD_LINES]):
        dated = published_day(meta=None, name="", text="\n".join(lines_read))
        if dated.day and dated.origin in ("byline", "dateline"):
            return replace(found, published=dated.day.isoformat(), sure=dated.sure)
    return found


def _unwrap_layout(tree: HtmlElement) -> None:
    """Tables that lay out a page, as old pages have them, become plain blocks; tables of figures stay."""
    for table in list(tree.iter("table")):
        cells = list(table.iter("td"))
        if any(len(cell.text_content()) > _LONG_CELL for cell in cells):
            for part in [table, *table.iter("tbody", "tr", "td")]:
                part.tag = "div"


def _captions_as_text(tree: HtmlElement) -> None:
    """Captions that state something become paragraphs, which survive; a credit or a label goes."""
    import lxml.html

    for caption in list(tree.iter("figcaption")):
        said = _CREDIT.sub("", " ".join(caption.text_content().split()))
        figure = next(caption.iterancestors("figure"), caption)
        if len(said.split()) >= _FACT and figure.getparent() is not None:
            paragraph = lxml.html.Element("p")
            paragraph.text = said
            figure.addnext(paragraph)
        tail = caption.tail
        caption.getparent().remove(caption)
        if tail and tail.strip() and figure is not caption:
            figure.tail = (figure.tail or "") + tail


def _text(tree: HtmlElement, found: Facts) -> str:
    from trafilatura import bare_extraction, baseline

    def extracted() -> str:
        # A copy: trafilatura takes the tree apart.
        document = bare_extraction(deepcopy(tree), include_comments=False, favor_recall=True, with_metadata=False)
        return str(getattr(document, "text", None) or "")

    text = extracted()
    parts, held = _parts(tree), " ".join(text.split())
    if sum(part not in held for part in parts) > len(parts) * _LOST:
        # Names of classes mislead it on pages of several parts: it takes the first for the whole.
        for element in tree.iter():
            element.attrib.pop("class", None)
            element.attrib.pop("id", None)
        text = max(text, extracted(), key=len)
    # A page that a script fills may still carry its article in its data, and there with its paragraphs.
    if len(found.body) > 2 * len(text) or (found.body and _bare(found.body) == _bare(text)):
        text = found.body
    if len(text) < _FEW:
        plainer = str(baseline(tree)[1] or "")
        text = plainer if len(plainer) > len(text) else text
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept = [line for line in lines if line and not is_furniture(line)]
    head = [at for at, line in enumerate(kept[:_HEAD_LINES]) if _bare(line) == _bare(found.title)]
    if head and len(kept) > 1:
        del kept[head[0]]
    return "\n".join(line for at, line in enumerate(kept) if not at or line != kept[at - 1])


def _parts(tree: HtmlElement) -> list[str]:
    """The longer paragraphs of the page's main part, and the headings between them."""
    main = next((part for name in ("article", "main", "body") for part in tree.iter(name)), tree)
    apart = {part for section in main.iter("section") for part in section.iter()}
    found = (
        (part.tag, " ".join(part.text_content().split())) for part in main.iter("p", "h2", "h3") if part not in apart
    )
    return [text for tag, text in found if text and (tag != "p" or len(text) >= _PARAGRAPH)]


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()
