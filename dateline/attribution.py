"""A paper that a question names ("according to the Courier"): it says whose articles to ask, not what they mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = r"(?-i:[A-Z])[\w’'&.-]*(?:[ ](?:of[ ](?:the[ ])?)?(?-i:[A-Z])[\w’'&.-]*){0,5}"
_NAMED = re.compile(
    rf"[ ,]*\b(?:according to|as (?:reported|told|written|printed) (?:by|in)|(?:reported|printed) (?:by|in))[ ]"
    rf"(?:the[ ])?(?P<name>{_WORDS})(?P<after>,?[ ]*)",
    re.IGNORECASE,
)


def names_a_source(question: str) -> bool:
    """Whether a question has the words that a paper is named with; a person or an office may be meant too."""
    return bool(_NAMED.search(question))


def attributed(question: str, sources: Iterable[str]) -> tuple[str, str] | None:
    """The question without "according to the Courier", and the source that is meant; None where it names none.

    A source is meant by its name or by some of its words ("the Courier": The Elmford Courier), if no other has them.
    """
    match = _NAMED.search(question)
    if not match:
        return None
    named = _words(match["name"])
    meant = {source.lower(): source for source in sources if named and named <= _words(source)}
    whole = [source for source in meant.values() if named == _words(source)]
    (source,) = whole[:1] or (list(meant.values()) if len(meant) == 1 else [""])
    if not source:
        return None
    before, after = question[: match.start()], question[match.end() :]
    if not before.strip():
        return after[:1].upper() + after[1:], source
    return f"{before}{' ' if after[:1].isalnum() else ''}{after}", source


def _words(name: str) -> set[str]:
    return {word.lower().strip(".'’") for word in re.findall(r"[\w’'&.-]+", name)} - {"the", "of"}
