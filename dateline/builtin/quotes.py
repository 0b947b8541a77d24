"""The built-in model: it points at words of the articles and quotes the sentences they stand in. It invents nothing.

Question and hits -> candidates (`dateline.builtin.candidates`) -> those of the time asked for -> the one that the
question's order wants (best, first, last, newest) -> the quotations, and what else the articles give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from dateline.builtin import comparisons, incumbents, occasions
from dateline.builtin.candidates import Candidate, Place, candidates
from dateline.builtin.comparisons import Dated
from dateline.builtin.confidence import THRESHOLD
from dateline.builtin.conflicts import differing, rival
from dateline.builtin.corrections import Correction, answering, corrections
from dateline.builtin.groups import Group, day_of, fits_time, grouped, ranked
from dateline.model import Claim, Disagreement, Draft, Quotation, Side
from dateline.question import Question
from dateline.tellings import Telling, quoted, said, tellings
from index.search import Hit
from models import Reader, load

# Passages read for one question; more for a question that orders events over many articles.
_READ = 10
_READ_ORDERED = 24
# Quotations shown for one answer.
_SHOWN = 3
# What is less sure than this is not worth showing beside a refusal.
_NEAREST = 0.2
# The day of one side of a comparison is as sure as this.
_DAYS = 0.25
# A sentence settles a yes/no question when it has this share of the question's words.
_SETTLES = 0.7
_NOW = re.compile(
    r"\b(?:now|currently|at present|today|at the moment|these days|latest|newest|current|present)\b", re.I
)
# What an older statement is worth of what is so now, and how many days make it old.
_STALE, _FRESH = 0.6, 30
_STATE = re.compile(r"\s*(?:is|are|am)\b", re.I)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|nobody|none|neither|nor|without|den(?:y|ies|ied)|refus(?:e|es|ed)|fail(?:s|ed)? to|"
    r"cancel(?:s|led|ed)?|ruled out)\b|n['’]t\b",
    re.I,
)


class Quotes:
    """The model that ships: no key, no server, no network."""

    name = "quotes"

    def __init__(self, threshold: float = THRESHOLD) -> None:
        """`threshold`: answers with a lower confidence (0 to 1) are withheld."""
        self.threshold = threshold

    @cached_property
    def _reader(self) -> Reader:
        return load("reader")

    def draft(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        """The answer, a claim at a time; what is less sure than the threshold is withheld."""
        for draft in self._found(question, hits):
            if draft.reason is None and (draft.confidence or 0.0) < self.threshold:
                yield _withheld(draft)
                return
            yield draft

    def _found(self, question: Question, hits: Sequence[Hit]) -> Iterator[Draft]:
        """The answer, however sure: by what is told of offices and events, else by what the reader points at."""
        told = tellings(hits)
        taken_back = list(corrections(told))
        held = (office := incumbents.asked(question)) and incumbents.answer(question, office, told)
        if held and held.short and answering(question, taken_back, held.short):
            held = None
        by_rule = (
            held
            or _put_right(question, occasions.answer(question, told), taken_back)
            or comparisons.answer(question, lambda side: self._day(side, hits, told))
        )
        if by_rule:
            yield from _growing(by_rule)
            return
        if question.kind == "yes-no":
            yield from self._settle(question, hits)
            return
        found = of_its_time(question, hits, self._reader)
        found = [_corrected(question, candidate, taken_back) for candidate in found]
        groups = grouped(_as_of_now(question, found))
        in_order = ranked(question, groups, self.threshold) or groups[:1]
        if not in_order:
            yield Draft(reason="", confidence=0.0)
            return
        yield from self._quote(question, in_order)

    def _quote(self, question: Question, in_order: list[Group]) -> Iterator[Draft]:
        """The answer, then what else is known, a claim at a time."""
        answer, *others = in_order
        sure = answer.confidence
        claims = [Claim(_said(answer.best), answer.best.quotations)]
        yield Draft(tuple(claims), answer.best.value, confidence=sure)
        for member in _elsewhere(answer):
            claims.append(Claim(_said(member, lead="Also"), member.quotations))
            yield Draft(tuple(claims), answer.best.value, confidence=sure)
        others = [other for other in others if other.confidence >= self.threshold and other.best.whole]
        disagreements: tuple[Disagreement, ...] = ()
        if question.time.order in ("first", "last") and others and others[0].best.period:
            before = others[0].best
            lead = "Before that" if question.time.order == "last" else "After that"
            claims.append(Claim(_said(before, lead), before.quotations))
        elif question.kind == "how-many":
            set_against = rival(answer.best)
            counts_beside = [set_against] if set_against else differing(answer, others)
            for other in counts_beside[: _SHOWN - 1]:
                claims.append(Claim(_said(other, "Another count"), (other.quotation,)))
            if counts_beside:
                counts = sorted([answer.best, *counts_beside[: _SHOWN - 1]], key=day_of, reverse=True)
                sides = tuple(Side(count.value, day_of(count), count.quotation) for count in counts)
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
                features = place.judged(index, margin=0.0)
                covered = features.near * features.terms * (0.4 + 0.6 * features.in_sentence)
                if best is None or covered > best[0]:
                    best = covered, Quotation(place.hit.article, *sentence)
        if best is None or best[0] < _SETTLES:
            yield Draft(reason="", confidence=best[0] if best else 0.0)
            return
        covered, quotation = best
        negated = bool(_NEGATED.search(quotation.quote)) != bool(_NEGATED.search(question.core))
        short = "No" if negated else "Yes"
        yield Draft((Claim(f"{short}. {quoted(quotation)}", (quotation,)),), short, confidence=covered)


def of_its_time(question: Question, hits: Sequence[Hit], reader: Reader) -> list[Candidate]:
    """What the reader points at in the first hits that is of the time asked about, most confident first; more hits are
    read where the question orders events over many articles."""
    near = hits[: _READ_ORDERED if question.time.order else _READ]
    return [candidate for candidate in candidates(question, near, reader) if fits_time(question, candidate)]


def _as_of_now(question: Question, found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates; where the question asks for what is so now, older ones are doubted if a newer article tells of
    all that they tell of."""
    days = [day for one in found if (day := one.hit.article.published) and _is_newer(one, found)]
    if not _NOW.search(question.standalone) or not days:
        return list(found)
    newest = max(days)
    return [
        replace(one, confidence=one.confidence * _STALE)
        if one.hit.article.published and (newest - one.hit.article.published).days > _FRESH
        else one
        for one in found
    ]


def _is_newer(one: Candidate, found: Sequence[Candidate]) -> bool:
    return one.features.terms >= max(other.features.terms for other in found)


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
        previous=telling.previous,
        value=one.right,
        period=None,
        dated_by=(one.telling.start, one.telling.end),
        taken_back=one.wrong,
    )


def _put_right(question: Question, draft: Draft | None, taken_back: Sequence[Correction]) -> Draft | None:
    """A draft, or what an article gave in the place of its answer when it took it back."""
    one = draft and draft.short and answering(question, taken_back, draft.short)
    if not draft or not one:
        return draft
    words = f"{one.right}, corrected from {one.wrong}"
    return replace(draft, claims=(Claim(said(words, one.instead), one.quotations),), short=one.right)


def _withheld(draft: Draft) -> Draft:
    """A refusal in place of an answer that is not sure enough, with what would have been quoted."""
    sure = draft.confidence or 0.0
    nearest = next((quotation for claim in draft.claims for quotation in claim.quotations), None)
    return Draft(reason="", confidence=sure, nearest=nearest if sure >= _NEAREST else None)


def _growing(draft: Draft) -> Iterator[Draft]:
    """A draft a claim at a time."""
    for count in range(1, len(draft.claims)):
        yield replace(draft, claims=draft.claims[:count])
    yield draft


def _elsewhere(group: Group) -> list[Candidate]:
    """Others that give the same answer in words of their own, one a source, each with all that the question says."""
    seen = {group.best.hit.article.witness}
    quotes = {group.best.quotation.quote}
    found = []
    for member in group.members[1:]:
        if member.hit.article.witness in seen or member.quotation.quote in quotes or not member.whole:
            continue
        seen.add(member.hit.article.witness)
        quotes.add(member.quotation.quote)
        found.append(member)
    return found[: _SHOWN - 1]


def _said(candidate: Candidate, lead: str = "") -> str:
    value = f"{lead}: {candidate.value}" if lead else candidate.value[:1].upper() + candidate.value[1:]
    if candidate.taken_back:
        value += f", corrected from {candidate.taken_back}"
    return f"{value}. {quoted(candidate.quotation)}"
