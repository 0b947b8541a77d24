"""Articles grouped by the story they tell: copies of one another, and copies of those. Part of the catalog.

An article that comes joins the group of each of its copies; one that goes leaves the others grouped among themselves.
Either looks at a bounded number of articles, so that indexing stays linear in their number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sql

from index.articles import Article
from index.copies import BANDS, are_copies, keys
from index.tables import articles, bands, copies, to_article

# Articles looked at in one band, the newest first, and compared of all that share one: a form that fills a band with
# hundreds (a daily table) costs no more than that.
_IN_BAND = 20
_COMPARED = 20
_in_bands = (
    sql.select(bands.c.article).where(bands.c.key == sql.bindparam(f"key{place}")).order_by(bands.c.article.desc())
    for place in range(BANDS)
)
# Made once: to put it together takes longer than to run it.
_IN_BANDS = sql.union_all(*(sql.select(one.limit(_IN_BAND).subquery().c.article) for one in _in_bands))


def join(link: sql.Connection, number: int, article: Article) -> None:
    """Group an article that was just stored under `number` with its copies."""
    own = keys(article.text)
    if not own:
        return
    found = [near for near, text in _near(link, own) if are_copies(article, text)]
    link.execute(sql.insert(bands), [{"key": key, "article": number} for key in own])
    if not found:
        return
    pairs = [(number, copy) for copy in found] + [(copy, number) for copy in found]
    link.execute(sql.insert(copies), [{"article": one, "copy": other} for one, other in pairs])
    told = set(link.scalars(sql.select(articles.c.story).where(articles.c.number.in_(found)))) - {None}
    story = min(told or found)
    _name(link, [number, *found], story)
    # Groups that it joins take one name. Who has it already is left alone: a group may be large.
    link.execute(sql.update(articles).where(articles.c.story.in_(told - {story})).values(story=story))


def leave(link: sql.Connection, number: int, article: Article) -> None:
    """Forget an article that is about to be dropped, and group those that it held together anew."""
    link.execute(sql.delete(bands).where(bands.c.key.in_(keys(article.text)), bands.c.article == number))
    own = list(link.scalars(sql.select(copies.c.copy).where(copies.c.article == number)))
    if not own:
        return
    link.execute(sql.delete(copies).where(copies.c.article == number))
    link.execute(sql.delete(copies).where(copies.c.article.in_(own), copies.c.copy == number))
    story = link.scalar(sql.select(articles.c.story).where(articles.c.number == number))
    others = sql.select(articles.c.number).where(articles.c.story == story, articles.c.number != number)
    if len(link.scalars(others.limit(2)).all()) == 1:
        _name(link, own, None)
    elif len(_connected(link, own)) > 1:
        # Its copies are none of each other's: they may still hang together by further ones.
        for group in _connected(link, link.scalars(others).all()):
            _name(link, group, min(group) if len(group) > 1 else None)


def _name(link: sql.Connection, numbers: Collection[int], story: int | None) -> None:
    link.execute(sql.update(articles).where(articles.c.number.in_(numbers)).values(story=story))


def _near(link: sql.Connection, own: list[int]) -> Iterable[tuple[int, Article]]:
    """The articles that share most bands with these."""
    shared = Counter(link.scalars(_IN_BANDS, {f"key{place}": key for place, key in enumerate(own)}))
    numbers = [number for number, _ in shared.most_common(_COMPARED)]
    rows = link.execute(sql.select(articles).where(articles.c.number.in_(numbers)))
    return [(row.number, to_article(row)) for row in rows]


def _connected(link: sql.Connection, numbers: Collection[int]) -> list[set[int]]:
    """These articles in groups of those that are copies of one another, or of a copy among them."""
    joined = defaultdict(set)
    for row in link.execute(sql.select(copies).where(copies.c.article.in_(numbers), copies.c.copy.in_(numbers))):
        joined[row.article].add(row.copy)
    left, groups = set(numbers), []
    while left:
        group, edge = set(), {left.pop()}
        while edge:
            group |= edge
            edge = set().union(*(joined[number] for number in edge)) - group
        left -= group
        groups.append(group)
    return groups
