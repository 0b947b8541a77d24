"""A follow-up made to stand alone, without a model: what "he", "there", "then" and "what about Moscow?" refer to.

Precision first: a question that says what it is about is given back letter for letter, and so is one whose reference
can't be told from the earlier turns. Each turn's question is resolved in its turn, so that a topic carries on through
a chain of follow-ups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dateline.followups.counts import of_them, so_many
from dateline.followups.ellipsis import bare_word, what_about
from dateline.followups.pronouns import pronoun
from dateline.followups.references import act, ones, then, there
from dateline.followups.topics import belonging
from dateline.followups.turns import Turn, turns

__all__ = ["Turn", "stand_alone", "turns"]

_REMEMBERED = 12  # turns looked back over; older ones are another conversation
_LONGEST = 400  # characters: a longer question brings its own context


def stand_alone(question: str, history: Sequence[Turn | Mapping[str, Any] | Sequence[str]]) -> str:
    """The question as it would be asked without the turns before it; unchanged where it already stands alone."""
    earlier: list[Turn] = []
    for turn in turns(history)[-_REMEMBERED:]:
        earlier.append(Turn(_resolve(turn.question, earlier), turn.answer))
    return _resolve(question, earlier)


def _resolve(question: str, earlier: Sequence[Turn]) -> str:
    if not earlier or not question.strip() or len(question) > _LONGEST:
        return question
    for borrow in (bare_word, so_many, what_about):
        whole = borrow(question, earlier)
        if whole is not None:
            return whole
    resolved = question
    for refer in (then, there, act, of_them, pronoun, ones):
        resolved = refer(resolved, earlier)
    return resolved if resolved != question else belonging(question, earlier)
