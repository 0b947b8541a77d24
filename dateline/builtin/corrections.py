"""What an article says was wrong, and what it says is right in its place.

"The report gave the age of the oldest victim as 91. Mrs Harrow was 89." takes 91 back and gives 89. The sentence that
takes something back is known by its words (`dateline.tellings.RETRACTED`); the right value is the first one of the
same kind in the sentence beside it. "It took 12 weeks, not nine" says both itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dateline import acts
from dateline.matching import stems
from dateline.model import Quotation
from dateline.people import NAME, person
from dateline.question import Question
from dateline.tellings import Telling
from index.days import mentions

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,:]\d+)*(?![\w])(?:\s?(?:per cent|%|million|billion|thousand))?")
_COUNT = (
    r"(?:\d+(?:[.,:]\d+)*|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|\w+teen)"
)
# "It took 12 weeks, not nine": the sentence itself says what holds and what does not.
_NOT_THAT = re.compile(
    rf"(?<![\w.,])(?P<right>{_COUNT}(?: (?:million|thousand|per cent|percent|[a-z]+s)\b)?)[^.;,]{{0,60}},? "
    rf"(?:and |but )?not (?P<wrong>{_COUNT})(?![\w])",
    re.I,
)
# Of the question's words, so many have to stand around what was taken back.
_ABOUT = 0.5


@dataclass(frozen=True)
class Correction:
    """`wrong` was said and taken back in `telling`; `right`, at `start` and `end` of `instead`, holds in its place."""

    wrong: str
    right: str
    telling: Telling
    instead: Telling

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        if self.telling == self.instead:
            return (self.telling.quotation,)
        return self.instead.quotation, self.telling.quotation


def corrections(told: Sequence[Telling]) -> Iterator[Correction]:
    """What the sentences take back, with what they give in its place."""
    by_place = {(telling.article.id, telling.start): telling for telling in told}
    ordered = sorted(by_place.values(), key=lambda telling: (telling.article.id, telling.start))
    for at, telling in enumerate(ordered):
        if not telling.retracted:
            if beside := _NOT_THAT.search(telling.text):
                yield Correction(beside["wrong"], beside["right"], telling, telling)
            continue
        neighbours = [
            other
            for other in (*ordered[at + 1 : at + 2], *reversed(ordered[max(0, at - 1) : at]))
            if other.article.id == telling.article.id and not other.retracted and _same_paragraph(telling, other)
        ]
        for instead in neighbours:
            pairs = list(_pairs(telling, instead))
            for wrong, right in pairs:
                yield Correction(wrong, right, telling, instead)
            if pairs:
                break


def answering(question: Question, found: Sequence[Correction], value: str) -> Correction | None:
    """The correction that takes an answer to this question back."""
    for one in found:
        around = one.telling.around | one.instead.words
        if _same(one.wrong, value) and acts.share(around, question.terms) >= _ABOUT:
            return one
    return None


def _same_paragraph(one: Telling, other: Telling) -> bool:
    first, second = sorted((one, other), key=lambda telling: telling.start)
    return "\n" not in one.article.text[first.end : second.start]


def _pairs(telling: Telling, instead: Telling) -> Iterator[tuple[str, str]]:
    """Values of one kind in both sentences: times, then numbers, then names of places."""
    wrong_times, right_times = telling.times, instead.times
    if wrong_times and right_times:
        yield str(wrong_times[-1].period), str(right_times[0].period)
        return
    wrong_numbers, right_numbers = _numbers(telling.text), _numbers(instead.text)
    if wrong_numbers and right_numbers:
        yield wrong_numbers[-1], right_numbers[0]
        return
    placed = re.compile(rf"\b(?:in|at)\s+(?:the [a-z ]+ (?:at|in) )?(?P<name>{NAME})")
    wrong_place, right_place = placed.search(telling.text), placed.search(instead.text)
    wrong_name = wrong_place["name"] if wrong_place else re.match(rf"\s*(?P<name>{NAME})", telling.text)
    if right_place and wrong_name:
        name = wrong_name if isinstance(wrong_name, str) else wrong_name["name"]
        if person(name) and person(name) != person(right_place["name"]):
            yield name, right_place["name"]


def _numbers(text: str) -> list[str]:
    days = [day for day in mentions(text, None) if not text[day.start : day.end].isdigit()]
    return [
        match.group()
        for match in _NUMBER.finditer(text)
        if not any(day.start <= match.start() < day.end for day in days)
    ]


def _same(wrong: str, value: str) -> bool:
    """Whether an answer gives what was taken back."""
    left, right = stems(wrong), stems(value)
    return bool(left) and (left <= right or right <= left)
