"""HTML as plain text, block by block: no choice of what is the article and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset(
    "p div li ul ol br h1 h2 h3 h4 h5 h6 blockquote table tr td th dd dt figure figcaption section article header "
    "footer main aside nav title body".split()
)
_HIDDEN = frozenset("script style noscript template svg head".split())


def plain(html: str) -> str:
    """A fragment of HTML as text, a block a line."""
    import lxml.etree
    import lxml.html

    if not html.strip():
        return ""
    try:
        return "\n".join(blocks(lxml.html.fragment_fromstring(html, create_parent="div")))
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^>]*>", " ", html)


def blocks(tree: HtmlElement) -> list[str]:
    """The text of a tree that shows, a block a line, empty ones left out."""
    lines = (" ".join(line.split()) for line in "".join(_pieces(tree)).split("\0"))
    return [line for line in lines if line]


def _pieces(tree: HtmlElement) -> Iterator[str]:
    """Texts in the order of the page, with a NUL wherever a block begins or ends; no deeper than memory allows."""
    pending: list[tuple[HtmlElement, bool]] = [(tree, False)]
    while pending:
        element, closing = pending.pop()
        block = "\0" if element.tag in _BLOCKS else ""
        if closing:
            yield block + ((element.tail or "") if element is not tree else "")
            continue
        pending.append((element, True))
        if not isinstance(element.tag, str) or element.tag in _HIDDEN:
            continue
        yield block + (element.text or "").replace("\0", "")
        pending.extend((child, False) for child in reversed(element))
