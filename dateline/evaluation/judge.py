"""An optional judge: a chat model, chosen by name, says of each answer whether it is right.

It is never the only measure: the computed figures stay as they are, and its agreement with them is a figure too.
A judge that fails is a line of the report; what it marked until then counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import prompts
from dateline.chatmodels.briefing import fence, visible
from dateline.evaluation import scores
from dateline.evaluation.scores import Row
from dateline.evaluation.testset import Case, Id
from index.errors import ModelError

if TYPE_CHECKING:
    from dateline.answer import Usage
    from prompts import Messages

VERDICTS = ("right", "refusal-right", "wrong")
SCHEMA = {
    "type": "object",
    "properties": {"verdict": {"type": "string", "enum": list(VERDICTS)}},
    "required": ["verdict"],
    "additionalProperties": False,
}
NO_ANSWER = "no answer; the articles don't say"
_TOKENS = 400  # a word is enough, but some models think first
_LONGEST = 2000  # characters of an answer that are shown
_VERDICT = re.compile(r"\W*(?:verdict\W+)?(refusal[-_ ]right|right|wrong)\W*", re.IGNORECASE)


class Completes(Protocol):
    """What a judge needs of a chat model; `dateline.chatmodels.chat.ChatModel` has it."""

    @property
    def name(self) -> str: ...

    def complete(self, messages: Messages, most: int, schema: Mapping[str, Any] | None = None) -> tuple[str, Usage]: ...


@dataclass(frozen=True)
class Judged:
    """The verdicts of a judge by question, and in one line what kept it from others."""

    model: str
    verdicts: Mapping[Id, str]
    trouble: str = ""

    def __str__(self) -> str:
        return f"judge {self.model}: {len(self.verdicts)} answers marked{f'; {self.trouble}' if self.trouble else ''}"


def can_mark(case: Case, row: Row) -> bool:
    """Whether there is an answer, and something expected that it can be held against."""
    return not scores.is_failed(row) and scores.score(case, row) is not None


def judged(judge: Completes, asked: Iterable[tuple[Case, Row]]) -> Judged:
    """Mark answers, one at a time, until there is no more or the judge fails."""
    verdicts: dict[Id, str] = {}
    unread = 0
    trouble = ""
    for case, row in asked:
        try:
            said, _ = judge.complete(messages(case, row), _TOKENS, SCHEMA)
        except ModelError as error:
            trouble = str(error)
            break
        found = verdict(said)
        if found is None:
            unread += 1
        else:
            verdicts[case.id] = found
    unclear = f"{unread} replies were no verdict" if unread else ""
    return Judged(judge.name, verdicts, "; ".join(filter(None, (unclear, trouble))))


def verdict(said: str) -> str | None:
    """The verdict of a reply: all of it, or its last line, is one of the words; None for anything else."""
    last = said.strip().rpartition("\n")[2]
    match = _VERDICT.fullmatch(said.strip()) or _VERDICT.fullmatch(last)
    return re.sub("[_ ]", "-", match[1].lower()) if match else None


def messages(case: Case, row: Row) -> Messages:
    """The prompt for one answer. The model sees what is expected, which the assistant never does."""
    expected = NO_ANSWER if case.answerable is False else " / ".join(case.answers)
    said = f"{row['text']} ({row['short']})" if row["short"] else row["text"] or row["reason"] or NO_ANSWER
    shown = {
        "question": visible(row["standalone"] or case.question),
        "expected": visible(expected),
        "given": visible(said)[:_LONGEST],
    }
    return prompts.render("judge", fence=fence("\n".join(shown.values())), **shown)
