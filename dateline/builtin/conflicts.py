"""Different counts of the same thing: in several articles, or set against each other in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dateline.builtin.candidates import Candidate
from dateline.builtin.groups import Group
from index.sentences import sentences

# A differing count is shown from this share of the answer's confidence.
_AS_SURE = 0.8
# A count in figures, and no year; and the words that make it somebody's.
_FIGURE = re.compile(r"(?<![\d.,])(?!(?:1[5-9]|20)\d\d\b)\d{1,3}(?:,?\d{3})*(?![\d%]|[.,]\d)")
_WHOSE = re.compile(
    r"\b(?:according to|by (?:its|his|her|their) own|sa(?:ys|id)|puts?|gives?|gave|counts|counted|reported|reports|"
    r"speaks? of|"
    r"wrote of|estimates?|estimated|reckons?|has .{0,20} in its register)\b",
    re.I,
)


def differing(answer: Group, others: Sequence[Group]) -> list[Candidate]:
    """Other counts of the same thing: of other sources, about as sure. Two numbers of one source count two things.

    A story's next version that has one in the place of the other differs from the first.
    """
    told = [member.hit.article for member in answer.members]
    found = []
    for other in others:
        best = other.best
        beside = any(one.witness == best.hit.article.witness and best.value in one.text for one in told)
        if other.confidence < _AS_SURE * answer.confidence or beside:
            continue
        told.extend(member.hit.article for member in other.members)
        found.append(best)
    return found


def rival(candidate: Candidate) -> Candidate | None:
    """The count that an article sets against this one: "the union put it at 6,000; the police counted 2,500"."""
    text, own = candidate.hit.article.text, _FIGURE.search(candidate.value)
    if own is None or not _WHOSE.search(text, *candidate.sentence):
        return None
    value = int(own.group().replace(",", ""))
    following = sentences(text, candidate.sentence[0], min(len(text), candidate.sentence[1] + 400))[:2]
    for start, end in following:
        for match in _FIGURE.finditer(text, max(start, candidate.end), end):
            other = int(match.group().replace(",", ""))
            whose = _WHOSE.search(text, candidate.end if start <= candidate.end <= end else start, end)
            if whose and other != value and max(other, value) <= 10 * min(other, value):
                return replace(
                    candidate, start=match.start(), end=match.end(), sentence=(start, end), value=match.group()
                )
    return None
