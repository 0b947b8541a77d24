"""Counts that go on from a count: "how many were rescued?" and "how many of them were children?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.followups.turns import Turn
from dateline.phrases import AUXILIARIES, BEFORE_VERB, PREPOSITIONS, TOKEN, is_plural, is_verb, phrases

_COUNT = re.compile(r"how many\s+(?P<rest>.+?)\s*[?.!]*\Z", re.IGNORECASE)
_SO_MANY = re.compile(
    rf"\s*(?:(?:and|but|so)\s+)?how many\s+"
    rf"(?P<done>(?P<before>(?:{'|'.join(sorted(AUXILIARIES))}|also|still)\s+){{0,3}}(?P<verb>[a-z]+))"
    rf"(?P<when>\s(?:{'|'.join(sorted(PREPOSITIONS))})\s[a-z\s]+)?\s*[?.!]*\Z",
    re.IGNORECASE,
)
_STATES = frozenset("missing dead alive homeless trapped".split())
_SCENE = re.compile(r"\b(?:in|at|on|during|by|when|after|near|off|aboard)\s.*", re.IGNORECASE)
_OF_THEM = re.compile(
    rf"\bof (?:them|(?:those|these)(?=\s+(?:{'|'.join(sorted(AUXILIARIES))})\b|\s*[?.!]*\Z))\b", re.IGNORECASE
)


def so_many(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "How many were rescued?": of the people, and on the occasion, that the count before was of."""
    asked, counted = _SO_MANY.match(question), _counted(earlier[-1])
    if asked is None or counted is None or asked["verb"].lower() in AUXILIARIES:
        return None
    if any(phrase.kind != "thing" for phrase in phrases(question)):
        return None  # "how many were injured in Syria?" has a scene of its own
    things, clause = counted
    verb, said = asked["verb"].lower(), asked["done"] + (asked["when"] or "")
    if verb in _STATES or verb.endswith("ed") or is_verb(verb) and not is_plural(verb):
        scene = _SCENE.search(clause)
        return f"How many {things} {said} {scene[0]}?" if scene is not None else None
    if asked["before"] and is_plural(verb):
        return f"How many of the {things} that{clause} {said}?"
    return None  # "how many houses?"


def of_them(question: str, earlier: Sequence[Turn]) -> str:
    """ "How many of them were children?": of the people that were counted before."""
    found = _OF_THEM.search(question)
    counted = next(filter(None, map(_counted, reversed(earlier[-3:]))), None)
    if found is None or counted is None or any(phrase.plural for phrase in phrases(question[: found.start()])):
        return question
    things, clause = counted
    return f"{question[: found.start()]}of the {things} that{clause}{question[found.end() :]}"


def _counted(turn: Turn) -> tuple[str, str] | None:
    """What a question counts and the clause that says which: "people", " died in the flood in Elmford"."""
    count = _COUNT.match(turn.question.strip())
    things = next((phrase for phrase in turn.named if count and count["rest"].startswith(phrase.text)), None)
    if count is None or things is None:
        return None
    clause = count["rest"][len(things.text) :]
    verb = (TOKEN.findall(clause.lower()) or [""])[0]
    subject = next((phrase for phrase in turn.named if phrase.subject), None)
    if subject is not None and verb in BEFORE_VERB:
        # "How many medals did China win?": the medals that China did win.
        auxiliary, _, rest = clause.partition(f" {subject.text}")
        return things.text, f" {subject.text}{auxiliary}{rest}"
    if subject is None and (verb in AUXILIARIES - BEFORE_VERB or is_verb(verb)):
        return things.text, clause
    return None
