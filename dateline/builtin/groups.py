"""Candidates that give the same answer, and the order in which a question wants them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dateline.builtin.agreement import is_planned
from dateline.builtin.candidates import Candidate
from dateline.question import Question
from index.days import Period

# A newer statement about a state of things, or a more exact day, is taken over a surer one down to this share of it.
_NEWER = 0.6
_PRESENT = re.compile(r"\b(?:is|are|am|has|have|does|do|['’]s|['’]re|now|currently|still|today|latest)\b", re.I)
_FINAL = re.compile(r"\b(?:final|finally|in the end|latest|newest|most recent|eventually|so far|altogether)\b", re.I)


@dataclass(frozen=True)
class Group:
    """Candidates that give the same answer, most confident first."""

    members: tuple[Candidate, ...]

    @cached_property
    def best(self) -> Candidate:
        """The member that is quoted: the surest, but of days and the months they lie in the more exact.

        Of one story that several articles tell, the first to tell it.
        """
        near = [member for member in self.members if member.confidence >= _NEWER * self.members[0].confidence]
        best = min(near, key=_length)
        told = [one for one in near if one.hit.article.witness == best.hit.article.witness and one.key == best.key]
        return min(told, key=lambda member: member.hit.article.published or date.max)

    @cached_property
    def confidence(self) -> float:
        """Sources that say the same support each other: the chance that not all of them mislead."""
        by_source: dict[int | str, float] = {}
        for member in self.members:
            key = member.hit.article.witness
            by_source[key] = max(by_source.get(key, 0.0), member.confidence)
        wrong = 1.0
        for rank, sure in enumerate(sorted(by_source.values(), reverse=True)):
            # Reporters read each other, so that a further one counts for less than an independent witness.
            wrong *= 1 - sure * (0.5**rank)
        return 1 - wrong

    @property
    def told(self) -> date:
        """The day of the newest article that says it."""
        return max(member.hit.article.published or date.min for member in self.members)

    @property
    def day(self) -> date:
        """The day by which a state of things is ordered: that of the statement, else of its article."""
        return max(day_of(member) for member in self.members)


def grouped(found: Sequence[Candidate]) -> list[Group]:
    """The candidates by what they answer, the surest first."""
    groups: list[list[Candidate]] = []
    for candidate in found:
        for group in groups:
            if _same(group[0], candidate):
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    return sorted((Group(tuple(group)) for group in groups), key=lambda group: -group.confidence)


def _same(one: Candidate, other: Candidate) -> bool:
    if one.key == other.key:
        return True
    if one.dated and other.dated and one.period and other.period:
        # "22 September 2023" and "September 2023" date one event.
        return one.period.contains(other.period) or other.period.contains(one.period)
    shorter, longer = sorted((one.key, other.key), key=len)
    # "Xi" and "Xi Jinping", "Hangzhou" and "Hangzhou in eastern China", but not "7" and "7.8".
    return bool(shorter) and not re.search(r"\d", longer) and bool(re.search(rf"\b{re.escape(shorter)}\b", longer))


def _length(candidate: Candidate) -> int:
    """Days of the period that an answer names; 0 for an answer that is no period."""
    period = candidate.period
    if not candidate.dated or period is None or period.start is None or period.end is None:
        return 0
    return (period.end - period.start).days


def ranked(question: Question, groups: list[Group], threshold: float) -> list[Group]:
    """The groups in the order that the question wants, the answer first."""
    if not groups:
        return []
    if question.time.order in ("first", "last"):
        sure = [group for group in groups if group.confidence >= threshold]
        dated = [group for group in sure if question.kind != "when" or _exact(group.best.period)] or sure
        return sorted(dated, key=_order, reverse=question.time.order == "last")
    if is_planned(question) and question.kind in ("when", "where", "how-many"):
        near = [group for group in groups if group.confidence >= threshold]
        return sorted(near, key=lambda group: group.told, reverse=True) or groups
    if question.kind == "how-many" or (question.kind in ("who", "what", "where", "which") and _is_present(question)):
        up_to = question.kind == "how-many" and question.time.relation in ("as-of", "until")
        floor = (
            threshold if up_to or _FINAL.search(question.standalone) else max(threshold, _NEWER * groups[0].confidence)
        )
        near = [group for group in groups if group.confidence >= floor]
        return sorted(near, key=lambda group: group.day, reverse=True) or groups
    return groups


def _is_present(question: Question) -> bool:
    return bool(_PRESENT.search(question.core)) and question.time.period is None


def _exact(period: Period | None) -> bool:
    return period is not None and not period.approximate


def _order(group: Group) -> date:
    return day_of(group.best)


def day_of(candidate: Candidate) -> date:
    """The day a statement is about, the end of a period; its article's where it names none."""
    period = candidate.period
    day = (period.start or period.end) if period else None
    return day or candidate.hit.article.published or date.min


def fits_time(question: Question, candidate: Candidate) -> bool:
    """Whether a statement is of the time that the question asks about, where it asks about one."""
    window = question.time.window
    if window is None:
        return True
    published = candidate.hit.article.published
    relation = question.time.relation
    stated = relation == "in" and is_planned(question) or relation == "until" and question.kind == "how-many"
    if relation == "as-of" or stated:
        return window.end is None or published is None or published <= window.end
    times = candidate.times or ((Period(published, published, "day"),) if published else ())
    return not times or any(_as_told(time, published).overlaps(window) for time in times)


def _as_told(time: Period, published: date | None) -> Period:
    """A time without an end ("the first rise since 2018") as the article knows it: up to its own day."""
    if time.end is None and time.start and published and time.start <= published:
        return Period(time.start, published, "range")
    return time
