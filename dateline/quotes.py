"""The built-in model: it points at words of the articles and quotes the sentences they stand in. It invents nothing.

Question and hits -> candidates (`dateline.candidates`) -> those of the time asked for -> the one that the question's
order wants (best, first, last, newest) -> the quotations, and what else the articles give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from dateline import comparisons, incumbents, occasions
from dateline.agreement import is_planned
from dateline.candidates import Candidate, Place, candidates
from dateline.comparisons import Dated
from dateline.confidence import THRESHOLD
from dateline.corrections import Correction, answering, corrections
from dateline.matching import share_of_names
from dateline.model import Claim, Disagreement, Draft, Quotation, Side
from dateline.question import Question
from dateline.tellings import Telling, said, tellings
from index.days import Period
from index.search import Hit
from models import Reader, load

# Passages read for one question; more for a question that orders events over many articles.
_READ = 10
_READ_ORDERED = 24
# Quotations shown for one answer.
_SHOWN = 3
# A newer statement about a state of things, or a more exact day, is taken over a surer one down to this share of it.
_NEWER = 0.6
# The day of one side of a comparison is as sure as this.
_DAYS = 0.25
# A differing count is shown from this share of the answer's confidence.
_AS_SURE = 0.8
# A sentence settles a yes/no question when it has this share of the question's words.
_SETTLES = 0.7
_PRESENT = re.compile(r"\b(?:is|are|am|has|have|does|do|['’]s|['’]re|now|currently|still|today|latest)\b", re.I)
_FINAL = re.compile(r"\b(?:final|finally|in the end|latest|newest|most recent|eventually|so far|altogether)\b", re.I)
_STATE = re.compile(r"\s*(?:is|are|am)\b", re.I)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|nobody|none|neither|nor|without|den(?:y|ies|ied)|refus(?:e|es|ed)|fail(?:s|ed)? to|"
    r"cancel(?:s|led|ed)?|ruled out)\b|n['’]t\b",
    re.I,
)


@dataclass(frozen=True)
class _Group:
    """Candidates that give the same answer, most confident first."""

    members: tuple[Candidate, ...]

    @cached_property
    def best(self) -> Candidate:
        """The member that is quoted: the surest, but of days and the months they lie in the more exact."""
        near = [member for member in self.members if member.confidence >= _NEWER * self.members[0].confidence]
        return min(near, key=_length)

    @cached_property
    def confidence(self) -> float:
        """Articles that say the same support each other: the chance that not all of them mislead."""
        by_article: dict[str, float] = {}
        for member in self.members:
            key = member.hit.article.id
            by_article[key] = max(by_article.get(key, 0.0), member.confidence)
        wrong = 1.0
        for rank, sure in enumerate(sorted(by_article.values(), reverse=True)):
            # Articles copy each other, so that a further one counts for less than an independent witness.
            wrong *= 1 - sure * (0.5**rank)
        return 1 - wrong

    @property
    def told(self) -> date:
        """The day of the newest article that says it."""
        return max(member.hit.article.published or date.min for member in self.members)

    @property
    def day(self) -> date:
        """The day by which a state of things is ordered: that of the statement, else of its article."""
        return max(_day(member) for member in self.members)


class Quotes:
    """The model that ships: no key, no server, no network."""

    name = "quotes"

    def __init__(self, threshold: float = THRESHOLD) -> None:
        """`threshold`: answers with a lower confidence (0 to 1) are withheld."""
        self._threshold = threshold

    @cached_property
    def _reader(self) -> Reader:
        return load("reader")

    def draft(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        told = tellings(hits)
        if (office := incumbents.asked(question)) and (held := incumbents.answer(question, office, told)):
            yield from _growing(held)
            return
        if occasion := occasions.answer(question, told):
            yield from _growing(occasion)
            return
        if compared := comparisons.answer(question, lambda side: self._day(side, hits, told)):
            yield from _growing(compared)
            return
        if question.kind == "yes-no":
            yield from self._settle(question, hits)
            return
        near = hits[: _READ_ORDERED if question.time.order else _READ]
        found = [candidate for candidate in candidates(question, near, self._reader) if _fits_time(question, candidate)]
        taken_back = list(corrections(told))
        found = [_corrected(question, candidate, taken_back) for candidate in found]
        groups = _grouped(found)
        ranked = _ranked(question, groups, self._threshold)
        if not ranked or ranked[0].confidence < self._threshold:
            best = max((group.confidence for group in groups), default=0.0)
            yield Draft(reason="", confidence=best)
            return
        yield from self._quote(question, ranked)

    def _quote(self, question: Question, ranked: list[_Group]) -> Iterator[Draft]:
        """The answer, then what else is known, a claim at a time."""
        answer, *others = ranked
        sure = answer.confidence
        claims = [Claim(_said(answer.best), answer.best.quotations)]
        yield Draft(tuple(claims), answer.best.value, confidence=sure)
        for member in _elsewhere(answer):
            claims.append(Claim(_said(member, lead="Also"), member.quotations))
            yield Draft(tuple(claims), answer.best.value, confidence=sure)
        others = [other for other in others if other.confidence >= self._threshold and other.best.whole]
        disagreements: tuple[Disagreement, ...] = ()
        if question.time.order in ("first", "last") and others and others[0].best.period:
            before = others[0].best
            lead = "Before that" if question.time.order == "last" else "After that"
            claims.append(Claim(_said(before, lead), before.quotations))
        elif question.kind == "how-many":
            differing = _differing(answer, others)
            for other in differing[: _SHOWN - 1]:
                claims.append(Claim(_said(other, "Another count"), (other.quotation,)))
            if differing:
                counts = sorted([answer.best, *differing[: _SHOWN - 1]], key=_day, reverse=True)
                sides = tuple(Side(count.value, _day(count), count.quotation) for count in counts)
                disagreements = (Disagreement(question.standalone, sides),)
        yield Draft(tuple(claims), answer.best.value, None, disagreements, sure)

    def _day(self, question: Question, hits: Sequence[Hit], told: Sequence[Telling]) -> Dated | None:
        """When an event was, for a comparison: by what is told of it, else by the surest day that is read."""
        question = question.named_as(hit.text for hit in hits)
        if (event := occasions.only(question, told)) is not None:
            best = event.best
            return Dated(best.period, said(str(best.period), best.telling), best.quotations)
        found = [
            one for one in candidates(question, hits[:_READ], self._reader) if one.period and one.confidence >= _DAYS
        ]
        if not found or found[0].period is None:
            return None
        return Dated(found[0].period, _said(found[0]), found[0].quotations)

    def _settle(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        """A yes/no question: the statement that has all that it asks about settles it."""
        best: tuple[float, Quotation] | None = None
        # Whether something is so now can't be read off a sentence that has its words: it may tell of its end.
        hits = () if _STATE.match(question.standalone) else hits
        for place in (Place(question, hit, hits[0].score) for hit in hits[:_READ]):
            for index, sentence in enumerate(place.sentences):
                features, _ = place.judged(index, margin=0.0)
                named = share_of_names(place.around(index), question.names)
                covered = named * features.terms * (0.4 + 0.6 * features.in_sentence)
                if best is None or covered > best[0]:
                    best = covered, Quotation(place.hit.article, *sentence)
        if best is None or best[0] < _SETTLES:
            yield Draft(reason="", confidence=best[0] if best else 0.0)
            return
        covered, quotation = best
        negated = bool(_NEGATED.search(quotation.quote)) != bool(_NEGATED.search(question.core))
        short = "No" if negated else "Yes"
        yield Draft((Claim(f"{short}. {_quoted(quotation)}", (quotation,)),), short, confidence=covered)


def _corrected(question: Question, candidate: Candidate, taken_back: Sequence[Correction]) -> Candidate:
    """The candidate, or what an article gave in its place when it took it back."""
    one = answering(question, taken_back, candidate.value)
    if one is None:
        return candidate
    telling = one.instead
    return replace(
        candidate,
        hit=replace(candidate.hit, article=telling.article, start=telling.start, end=telling.end),
        start=telling.start,
        end=telling.end,
        sentence=(telling.start, telling.end),
        value=one.right,
        period=None,
        dated_by=(one.telling.start, one.telling.end),
    )


def _growing(draft: Draft) -> Iterator[Draft]:
    """A draft a claim at a time."""
    for count in range(1, len(draft.claims)):
        yield replace(draft, claims=draft.claims[:count])
    yield draft


def _grouped(found: Sequence[Candidate]) -> list[_Group]:
    groups: list[list[Candidate]] = []
    for candidate in found:
        for group in groups:
            if _same(group[0], candidate):
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    return sorted((_Group(tuple(group)) for group in groups), key=lambda group: -group.confidence)


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


def _ranked(question: Question, groups: list[_Group], threshold: float) -> list[_Group]:
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
        floor = threshold if _FINAL.search(question.standalone) else max(threshold, _NEWER * groups[0].confidence)
        near = [group for group in groups if group.confidence >= floor]
        return sorted(near, key=lambda group: group.day, reverse=True) or groups
    return groups


def _is_present(question: Question) -> bool:
    return bool(_PRESENT.search(question.core)) and question.time.period is None


def _exact(period: Period | None) -> bool:
    return period is not None and not period.approximate


def _order(group: _Group) -> date:
    return _day(group.best)


def _day(candidate: Candidate) -> date:
    """The day a statement is about, the end of a period; its article's where it names none."""
    period = candidate.period
    day = (period.start or period.end) if period else None
    return day or candidate.hit.article.published or date.min


def _fits_time(question: Question, candidate: Candidate) -> bool:
    """Whether a statement is of the time that the question asks about, where it asks about one."""
    window = question.time.window
    if window is None:
        return True
    published = candidate.hit.article.published
    if question.time.relation == "as-of" or is_planned(question) and question.time.relation == "in":
        return window.end is None or published is None or published <= window.end
    times = candidate.times or ((Period(published, published, "day"),) if published else ())
    return not times or any(time.overlaps(window) for time in times)


def _differing(answer: _Group, others: Sequence[_Group]) -> list[Candidate]:
    """Other counts of the same thing: in other articles, about as sure. Two numbers of one article count two things."""
    seen = {member.hit.article.id for member in answer.members}
    found = []
    for other in others:
        if other.confidence < _AS_SURE * answer.confidence or other.best.hit.article.id in seen:
            continue
        seen.update(member.hit.article.id for member in other.members)
        found.append(other.best)
    return found


def _elsewhere(group: _Group) -> list[Candidate]:
    """Others that give the same answer in words of their own, one an article, each with all that the question says."""
    seen = {group.best.hit.article.id}
    quotes = {group.best.quotation.quote}
    found = []
    for member in group.members[1:]:
        if member.hit.article.id in seen or member.quotation.quote in quotes or not member.whole:
            continue
        seen.add(member.hit.article.id)
        quotes.add(member.quotation.quote)
        found.append(member)
    return found[: _SHOWN - 1]


def _said(candidate: Candidate, lead: str = "") -> str:
    value = candidate.value[:1].upper() + candidate.value[1:]
    return (
        f"{lead}: {candidate.value}. {_quoted(candidate.quotation)}"
        if lead
        else f"{value}. {_quoted(candidate.quotation)}"
    )


def _quoted(quotation: Quotation) -> str:
    article = quotation.article
    day = f"{article.published.day} {article.published:%B %Y}" if article.published else "undated"
    return f"“{' '.join(quotation.quote.split())}” ({article.source or article.title}, {day})"
