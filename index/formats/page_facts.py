"""What a web page says of itself: schema.org data, meta tags, then what htmldate finds.

Only the day of first publication counts: "modified" never does. The day is the one written, in the page's own zone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KINDS = re.compile(r"Article|Posting|Report|NewsItem")
_PAGE = re.compile(r"WebPage\Z|ItemPage\Z")
# What stands around the data in scripts of old templates.
_WRAPPING = re.compile(r"\A\s*(?://)?\s*(?:<!\[CDATA\[|<!--)|(?://)?\s*(?:\]\]>|-->)\s*\Z|;\s*\Z")
_DAY_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "og:published_time",
    "publishdate",
    "publish-date",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
)
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "parsely-title")
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "publisher")
_AUTHOR_NAMES = ("author", "article:author", "dc.creator", "parsely-author")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?")
_LARGEST_DATA = 2_000_000


@dataclass(frozen=True)
class Facts:
    """Each "" where the page does not say. `sure` is False for a day that is only likely; `body` is the article's text
    where the page's data carries it."""

    title: str = ""
    published: str = ""
    sure: bool = True
    source: str = ""
    url: str = ""
    author: str = ""
    language: str = ""
    body: str = ""


def facts(tree: HtmlElement, html: str) -> Facts:
    link = tree.find(".//link[@rel='canonical']")
    url = link.get("href", "") if link is not None else ""
    things = list(_things(tree))
    data = _own([thing for thing in things if _is_a(thing, _KINDS)], url)
    page = next((thing for thing in things if _is_a(thing, _PAGE)), {})
    metas = _metas(tree)
    title = _text(data.get("headline")) or _first(metas, _TITLE_NAMES) or _property(tree, "headline") or _heading(tree)
    source = _name(data.get("publisher")) or _first(metas, _SITE_NAMES)
    said = (
        _text(data.get("datePublished"))
        or _first(metas, _DAY_NAMES)
        or _property(tree, "datePublished")  # after these: a list of other stories may stand above the page's own
        or _marked(tree)
        or _text(page.get("datePublished"))
    )
    return Facts(
        title=_without_site(title, source),
        published=said or _found(html),
        sure=bool(said),
        source=source,
        url=url or metas.get("og:url", ""),
        author=_name(data.get("author")) or _first(metas, _AUTHOR_NAMES),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip(),
        body=_text(data.get("articleBody"), keep=True),
    )


def _things(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The things of schema.org on a page, as JSON-LD gives them."""
    for script in tree.iter("script"):
        if not (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            continue
        written = (script.text_content() or "")[:_LARGEST_DATA]
        while (bare := _WRAPPING.sub("", written)) != written:
            written = bare
        try:
            pending = [json.loads(written, strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            thing = pending.pop(0)
            if isinstance(thing, list):
                pending = thing + pending
            elif isinstance(thing, dict):
                yield thing
                pending += [thing[name] for name in ("@graph", "mainEntity") if name in thing]


def _is_a(thing: dict[str, Any], kind: re.Pattern[str]) -> bool:
    kinds = thing.get("@type")
    return any(isinstance(one, str) and kind.search(one) for one in (kinds if isinstance(kinds, list) else [kinds]))


def _own(articles: list[dict[str, Any]], url: str) -> dict[str, Any]:
    """Of the articles that a page tells of, the one that it is itself: of its address, else the first."""

    def is_of_it(thing: dict[str, Any]) -> bool:
        entity = thing.get("mainEntityOfPage")
        named = (thing.get("url"), thing.get("@id"), entity.get("@id") if isinstance(entity, dict) else entity)
        return bool(url) and any(isinstance(one, str) and one.split("#")[0] == url for one in named)

    return next(filter(is_of_it, articles), next(iter(articles), {}))


def _property(tree: HtmlElement, name: str) -> str:
    """The first value that a page's markup gives a property of schema.org."""
    found = tree.find(f".//*[@itemprop='{name}']")
    if found is None:
        return ""
    return _text(found.get("content") or found.get("datetime") or found.text_content())


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def _marked(tree: HtmlElement) -> str:
    """The day in a <time> that is marked as the publication's, or in the first that stands in the article's head."""
    times = [time for time in tree.iter("time") if _ISO.match(time.get("datetime") or "")]
    own = [time for time in times if "publish" in str(sorted(time.attrib.items())).lower() or "pubdate" in time.attrib]
    for time in own or [time for time in times if not _is_later(time)]:
        return str(time.get("datetime"))
    return ""


def _is_later(time: HtmlElement) -> bool:
    """Whether a time is that of a change, of a comment, or of another story in a list."""
    around = [time, *time.iterancestors()][:5]
    marks = " ".join(f"{element.get('class', '')} {element.get('itemprop', '')} {element.tag}" for element in around)
    return bool(re.search(r"modif|updat|comment|related|sidebar|aside|nav|footer", marks, re.IGNORECASE))


def _found(html: str) -> str:
    """What htmldate makes of the rest of the page: addresses, bylines, its structure."""
    import htmldate

    return htmldate.find_date(html, original_date=True, extensive_search=False) or ""


def _heading(tree: HtmlElement) -> str:
    headings = [" ".join(heading.text_content().split()) for heading in tree.iter("h1")]
    title = tree.find(".//title")
    named = " ".join((title.text_content() if title is not None else "").split())
    # A page's only heading of the first order is its headline, unless it is the site's own name.
    own = [heading for heading in headings if heading and (not named or heading.lower() in named.lower())]
    return (own or [named] if named else headings or [""])[0]


def _without_site(title: str, source: str) -> str:
    """A headline without the site's name behind it: "Bridge opens | The Echo"."""
    parts = re.split(r"\s+[|–—·•»-]\s+", title)
    if len(parts) > 1 and (parts[-1].lower() == source.lower() or (" | " in title and len(parts[-1].split()) <= 4)):
        return title[: title.rindex(parts[-1])].rstrip(" |–—·•»-")
    return title


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if name in metas), "")


def _name(value: Any) -> str:
    """The name of a person or body, or of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value)))
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any, keep: bool = False) -> str:
    if not isinstance(value, str):
        return ""
    import html

    value = html.unescape(value)
    return value.strip() if keep else " ".join(value.split())
