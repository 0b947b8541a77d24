"""The articles beside an answer, its quotations marked in the text around them; HTML made as in `dateline.page`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from dateline.answer import Citation, Found
from dateline.page.conversation import Turn, in_words, quotation_id

if TYPE_CHECKING:
    from datetime import date

    from dateline.answer import Answer
    from index.articles import Article

_AROUND = 320  # code points shown on each side of a quotation
_WORD = 40  # code points looked through for the end of a word; not every script has spaces
_ARTICLE = 60_000  # code points of an article that are unfolded
_NEAREST = 4  # articles shown under a refusal
_QUESTION = 400  # code points of a question that are repeated
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


class Excerpt(NamedTuple):
    """A stretch of an article and the quotations that lie in it."""

    start: int
    end: int
    citations: tuple[Citation, ...]


def sources(turn: Turn | None, number: int, articles: Mapping[str, Article]) -> str:
    """The articles that a turn's answer quotes, or of a refusal the nearest passages.

    `articles` holds those that could be read, by id; a quotation of any other is shown by itself.
    """
    answer = turn.answer if turn else None
    if answer is None:
        return _panel(
            "Sources",
            '<p class="note">The articles that an answer quotes stand here, each with its day and the quotation '
            "marked in the text around it.</p>",
        )
    asked = f'<p class="note for">{escape(answer.standalone[:_QUESTION])}</p>'
    back = f'<a class="back" href="#turn-{number}">Back to the answer</a>'
    if answer.answered:
        cards = (_card(cited, number, articles.get(key)) for key, cited in _by_article(answer.citations))
        return _panel("Sources", asked, *cards, beside=back)
    near = [_near(found, articles[found.article]) for found in _nearest(answer) if found.article in articles]
    if not near:
        return _panel("Sources", asked, '<p class="note">No passage came near the question.</p>', beside=back)
    told = '<p class="note told">None of them answers the question. This is what came nearest.</p>'
    return _panel("Nearest passages", asked, told, *near, beside=back)


def shown_articles(answer: Answer) -> list[str]:
    """The ids of the articles that `sources` shows for an answer."""
    shown = answer.citations if answer.answered else _nearest(answer)
    return list(dict.fromkeys(one.article for one in shown))


def excerpts(text: str, citations: Iterable[Citation]) -> list[Excerpt]:
    """The stretches of an article to show: each quotation with the sentences around it, joined where they meet."""
    stretches: list[Excerpt] = []
    for citation in sorted(citations, key=lambda one: (one.start, one.end)):
        start, end = _around(text, citation.start, citation.end)
        last = stretches[-1] if stretches else None
        if last and start <= last.end:
            stretches[-1] = Excerpt(min(start, last.start), max(end, last.end), (*last.citations, citation))
        else:
            stretches.append(Excerpt(start, end, (citation,)))
    return stretches


def marked(text: str, start: int, end: int, citations: Iterable[Citation], turn: int | None = None) -> str:
    """`text[start:end]` as HTML with the quotations in it highlighted; with a turn's number markers lead to them.

    Quotations may overlap: each letter is written once, under all the quotations that it belongs to.
    """
    inside = [one for one in citations if start <= one.start and one.end <= end]
    edges = sorted({start, end, *(one.start for one in inside), *(one.end for one in inside)})
    parts = []
    for left, right in zip(edges, edges[1:], strict=False):
        over = [one for one in inside if one.start <= left and right <= one.end]
        if turn is not None:
            parts += [_anchor(turn, one) for one in over if one.start == left]
        piece = escape(text[left:right])
        parts.append(_mark(over, piece) if over else piece)
    return "".join(parts)


def _panel(heading: str, *parts: str, beside: str = "") -> str:
    return f'<div class="sources"><div class="head"><h2>{heading}</h2>{beside}</div>{"".join(parts)}</div>'


def _card(citations: Sequence[Citation], turn: int, article: Article | None) -> str:
    """One article with its quotations; those that no longer stand in it are shown by themselves, and that is said."""
    first = citations[0]
    numbers = "".join(f'<span class="number">{one.number}</span>' for one in citations)
    standing = [one for one in citations if article and article.text[one.start : one.end] == one.quote]
    shown = excerpts(article.text, standing) if article else []
    body = [_passage(article.text, excerpt, turn) for excerpt in shown] if article else []
    why = "The article has changed since it was quoted." if article else "The article can’t be read any more."
    for one in citations:
        if one not in standing:
            body.append(_quote(_anchor(turn, one) + _mark([one], escape(one.quote))))
            body.append(f'<p class="note">{why}</p>')
    body.append(_also(first))
    if article and not any(excerpt.start == 0 and excerpt.end == len(article.text) for excerpt in shown):
        body.append(_whole(article, standing))
    place = _place(first.source, first.published, first.article, article.url if article else "")
    return (
        f'<article class="card"><header><div class="numbers" aria-hidden="true">{numbers}</div>'
        f'<div><h3 dir="auto">{escape(first.title)}</h3>{place}</div></header>{"".join(body)}</article>'
    )


def _also(citation: Citation) -> str:
    """The copies of an article, which make no further source of it."""
    if not citation.also:
        return ""
    names = "; ".join(
        f"{escape(copy.source or copy.title)}, {in_words(copy.published)} "
        f'(<span class="file">{escape(copy.article)}</span>)'
        for copy in citation.also
    )
    return f'<p class="note also" dir="auto">The same story, counted as one source: {names}</p>'


def _near(found: Found, article: Article) -> str:
    return (
        f'<details class="card near"><summary dir="auto">{escape(article.title)} '
        f'<span class="note">{in_words(article.published)}</span></summary>'
        f"{_place(article.source, article.published, article.id, article.url)}"
        f"{_quote(escape(article.text[found.start : found.end].strip()))}{_whole(article, ())}</details>"
    )


def _place(source: str, published: date | None, key: str, url: str) -> str:
    """Where an article comes from: its source, day and file, and a link where it has an address on the web."""
    parts = [escape(source)] if source else []
    day = in_words(published)
    parts.append(f'<time datetime="{published.isoformat()}">{day}</time>' if published else day)
    parts.append(f'<span class="file">{escape(key)}</span>')
    if re.match(r"https?://[^\s/]", url):  # nothing is loaded from it, and no other kind of address is linked
        parts.append(f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">original</a>')
    return f'<p class="place">{" · ".join(parts)}</p>'


def _passage(text: str, excerpt: Excerpt, turn: int) -> str:
    start, end = excerpt.start, excerpt.end
    first, last = min(one.start for one in excerpt.citations), max(one.end for one in excerpt.citations)
    while start < first and text[start].isspace():
        start += 1
    while end > last and text[end - 1].isspace():
        end -= 1
    before = '<span aria-hidden="true">… </span>' if text[:start].strip() else ""
    after = '<span aria-hidden="true"> …</span>' if text[end:].strip() else ""
    return _quote(f"{before}{marked(text, start, end, excerpt.citations, turn)}{after}")


def _whole(article: Article, citations: Sequence[Citation]) -> str:
    """The whole article, folded; of a very long one the stretch around its first quotation."""
    start, end, note = 0, len(article.text), ""
    if end > _ARTICLE:
        middle = citations[0].start if citations else 0
        start = max(0, min(middle - _ARTICLE // 2, end - _ARTICLE))
        end = start + _ARTICLE
        rest = f"{_ARTICLE:,} of its {len(article.text):,} characters; for all of it: dateline show {article.id}"
        note = f'<p class="note">{escape(rest)}</p>'
    return (
        f'<details class="whole"><summary>Read the whole article</summary>{note}'
        f'<div class="article" dir="auto">{marked(article.text, start, end, citations)}</div></details>'
    )


def _quote(inside: str) -> str:
    return f'<blockquote class="passage" dir="auto">{inside}</blockquote>'


def _mark(citations: Iterable[Citation], inside: str) -> str:
    return f'<mark data-quotes="{" ".join(str(one.number) for one in citations)}">{inside}</mark>'


def _anchor(turn: int, citation: Citation) -> str:
    return f'<span class="anchor" id="{quotation_id(turn, citation.number)}" tabindex="-1"></span>'


def _nearest(answer: Answer) -> list[Found]:
    """The best passage of each of the nearest articles."""
    best: dict[str, Found] = {}
    for found in answer.hits:
        best.setdefault(found.article, found)
    return list(best.values())[:_NEAREST]


def _by_article(citations: Sequence[Citation]) -> Iterator[tuple[str, list[Citation]]]:
    """Grouped by article, the article first cited first."""
    order: dict[str, int] = {}
    for citation in citations:
        order.setdefault(citation.article, len(order))
    ranked = sorted(citations, key=lambda one: (order[one.article], one.number))
    for key, cited in groupby(ranked, key=lambda one: one.article):
        yield key, list(cited)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """A quotation's place widened to whole sentences, by about `_AROUND` on each side."""
    left, right = max(0, start - _AROUND), min(len(text), end + _AROUND)
    if left > 0:
        breaks = [found.end() for found in _SENTENCE_END.finditer(text, left, start)]
        left = breaks[0] if breaks else start
    if right < len(text):
        breaks = [found.start() for found in _SENTENCE_END.finditer(text, end, right)]
        right = breaks[-1] if breaks else end
    # Where no sentence ends near by: at least to the end of the word.
    low, high = max(0, left - _WORD), min(len(text), right + _WORD)
    while left > low and not text[left - 1].isspace():
        left -= 1
    while right < high and not text[right].isspace():
        right += 1
    return left, right
