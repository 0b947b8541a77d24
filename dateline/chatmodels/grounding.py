"""A model's statement put on the words that support it, or on nothing.

The passage a model points to is tried first, then the others, then another of the hits. A place counts when the support
check passes: being the nearest is not enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dateline.chatmodels.checking import Verdict, check, overlap
from dateline.chatmodels.replies import Said
from dateline.citing import find
from dateline.model import Claim, Quotation
from index.sentences import sentences

if TYPE_CHECKING:
    from index.search import Hit

_BACK = 4  # sentences that a quotation reaches back for a name
_TRIED = 3  # sentences of a passage that are checked, those with most of the statement's words first


def ground(said: Said, passages: Sequence[Hit], hits: Sequence[Hit] = ()) -> Claim:
    """The statement with the quotation that supports it; without any where none does.

    `passages` are those the model was given, in the order of their numbers. A statement that fails there is tried once
    more, with the passage among the rest of the `hits` that has most of its words. Words that the statement itself puts
    between quotation marks have to stand in the place it is given, or it is unsupported.
    """
    pointed = [passages[number - 1] for number in said.passages if 1 <= number <= len(passages)]
    others = [hit for hit in passages if hit not in pointed]
    rest = [hit for hit in hits if hit not in passages]
    likest = sorted(rest, key=lambda hit: overlap(said.text, hit.text), reverse=True)[:1]
    quotation = _among(said, pointed) or _among(said, others) or _among(said, likest)
    return Claim(said.text, (quotation,) if quotation else (), written=True)


def _among(said: Said, hits: Iterable[Hit]) -> Quotation | None:
    """The first supported place of the likeliest, in the first passage that has one."""
    for hit in hits:
        for places in _places(said, hit):
            for quotation in places:
                if _verdict(said, quotation).supported:
                    return quotation
    return None


def _verdict(said: Said, quotation: Quotation) -> Verdict:
    article = quotation.article
    misquoted = [words for words in _own_words(said) if find(words, quotation.quote) is None]
    if misquoted:
        return Verdict(False, tuple(misquoted))
    return check(said.text, quotation.quote, article.published)


def _places(said: Said, hit: Hit) -> tuple[list[Quotation], ...]:
    """Where the statement may stand in a passage, the likeliest places first, and where it may if not there.

    First the sentences around the words that the model copied, those words alone, and the sentences most like it;
    then two sentences side by side; last a longer stretch back, to the name that "she" or "the president" stands for.
    """
    text = hit.article.text
    spans = sentences(text, hit.start, hit.end)
    copied = [span for quote in said.quotes if (span := find(quote, text, hit.start, hit.end)) is not None]
    around = [_around(span, spans) for span in copied]
    likest = sorted(spans, key=lambda span: overlap(said.text, text[span[0] : span[1]]), reverse=True)[:_TRIED]
    first = [Quotation(hit.article, *span) for span in dict.fromkeys([*around, *copied, *likest])]
    further = [_pairs(likest[:1], spans), _stretches(likest[:1], spans)]
    return first, *([Quotation(hit.article, *span) for span in tier] for tier in further)


def _around(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The whole sentences that a span touches: a reader checks a sentence, not half of one."""
    touched = [(start, end) for start, end in spans if start < span[1] and span[0] < end]
    return (min(span[0], touched[0][0]), max(span[1], touched[-1][1])) if touched else span


def _pairs(best: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The best sentence with the one before it and with the one after: a statement often draws two together."""
    for span in best:
        at = spans.index(span)
        if at > 0:
            yield spans[at - 1][0], span[1]
        if at + 1 < len(spans):
            yield span[0], spans[at + 1][1]


def _stretches(best: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for span in best:
        at = spans.index(span)
        yield from ((spans[first][0], span[1]) for first in range(at - 2, max(-1, at - _BACK - 1), -1))


def _own_words(said: Said) -> tuple[str, ...]:
    """What the statement puts between quotation marks (the words a model copied beside it are no part of it)."""
    return tuple(quote for quote in said.quotes if quote in said.text)
