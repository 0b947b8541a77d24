"""The turns of a conversation: what was asked, what was answered, and which phrases the two speak of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dateline.phrases import TIME, Phrase, phrases
from index.errors import QuestionError

_MARKERS = re.compile(r"\s?\[\d{1,3}\]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_READ = 400  # characters of an answer's first sentence that are looked through for names


@dataclass(frozen=True)
class Turn:
    """One question and its answer (empty where there was none)."""

    question: str
    answer: str = ""

    @cached_property
    def named(self) -> tuple[Phrase, ...]:
        """The phrases of the question, its times left out."""
        return tuple(phrase for phrase in phrases(self.question) if phrase.kind != "time")

    @cached_property
    def told(self) -> tuple[Phrase, ...]:
        """The names in the first sentence of the answer that the question did not have.

        Names alone: an answer quotes articles, whose other phrases are no longer what was asked about.
        """
        first = _SENTENCE_END.split(self._said.strip(), maxsplit=1)[0][:_READ]
        asked = self.question.lower()
        return tuple(phrase for phrase in phrases(first) if phrase.kind != "thing" and phrase.text.lower() not in asked)

    @property
    def answered_time(self) -> str | None:
        """The first time that the answer names."""
        return _first_time(self._said)

    @property
    def time(self) -> str | None:
        """The first time that the answer names, or else the question."""
        return self.answered_time or _first_time(self.question)

    @property
    def _said(self) -> str:
        return _MARKERS.sub("", self.answer)


def turns(history: Sequence[Turn | Mapping[str, Any] | Sequence[str]]) -> tuple[Turn, ...]:
    """The history as turns: from `Turn`s, {"question", "answer"} mappings or (question, answer) pairs.

    Raises QuestionError, naming the place, for anything else.
    """
    return tuple(_turn(entry, place) for place, entry in enumerate(history, start=1))


def _turn(entry: object, place: int) -> Turn:
    if isinstance(entry, Turn):
        return entry
    pair: tuple[object, ...] = ()
    if isinstance(entry, Mapping):
        pair = (entry.get("question"), entry.get("answer"))
    elif isinstance(entry, Sequence) and not isinstance(entry, str):
        pair = tuple(entry)
    match pair:
        case (str(question), str() | None as answer):
            return Turn(question, answer or "")
    raise QuestionError(
        f'history, turn {place}: give {{"question": ..., "answer": ...}} or a (question, answer) pair of texts'
    )


def _first_time(text: str) -> str | None:
    found = TIME.search(text)
    return found[0] if found else None
