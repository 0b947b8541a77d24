"""Words of a question that stand for a phrase of an earlier turn: "then", "there", "that visit", "ones"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.followups.turns import Turn
from dateline.phrases import AUXILIARIES, PREPOSITIONS, TIME, Phrase, dated, phrases

_AFTER = re.compile(r"\b(?:before|after|since) (?P<that>that|then)(?=\s*[?.!]?\s*\Z)", re.IGNORECASE)
_THEN = re.compile(
    r"\b(?:(?:back\s)?then|at (?:that|the) time|that (?:day|year|month|week))(?=\s*[?.!]?\s*\Z)", re.IGNORECASE
)
_THERE = re.compile(
    r"(?P<before>\w+)\s+(?P<there>there)\b"
    r"(?!\s+(?:is|are|was|were|be|been|will|a|an|any|still|have|has|such|more))",
    re.IGNORECASE,
)
# Words after which "there" is no place: "is there a", "so there".
_EXISTS = AUXILIARIES - {"been"} | frozenset("so if that because and but out over hi hello".split())
_TO_THERE = frozenset("been go goes went going travel traveled travelled fly flew get got come return".split())
_AT_THERE = PREPOSITIONS | {"visit", "visited"}
# The noun that takes up a verb of an earlier question, that verb, and what ties its object to the noun.
_ACTS = {
    "visit": ("visit", "to"),
    "trip": ("travel", "to"),
    "attack": ("attack", "on"),
    "meeting": ("meet", "with"),
    "invasion": ("invade", "of"),
    "signing": ("sign", "of"),
    "resignation": ("resign", "from"),
    "arrest": ("arrest", "of"),
    "launch": ("launch", "of"),
    "strike": ("strike", "on"),
    "death": ("die", "in"),
}
_ACT = re.compile(
    rf"\b(?:that|this|the|(?P<owner>his|her|their|its))\s+(?P<which>(?:first|last|second|previous|latest|next)\s+)?(?P<noun>{'|'.join(_ACTS)})\b"
    r"(?!\s+(?:to|of|on|by|with|in|from|at)\b)",
    re.IGNORECASE,
)
_ONES = re.compile(r"(?<=\w\s)(?P<ones>ones)\b", re.IGNORECASE)
_UNDETERMINED = re.compile(r"^(?:the|a|an|some|any|all|these|those)\s+", re.IGNORECASE)


def then(question: str, earlier: Sequence[Turn]) -> str:
    """ "Who was king then?", "and who after that?": the time of the nearest turn that names one."""
    after, found = _AFTER.search(question), _THEN.search(question)
    time = next((turn.time for turn in reversed(earlier[-3:]) if turn.time), None)
    if time is None or TIME.search(question):
        return question
    if after is not None:
        return question[: after.start("that")] + time + question[after.end("that") :]
    if found is not None:
        return question[: found.start()] + dated(time) + question[found.end() :]
    return question


def there(question: str, earlier: Sequence[Turn]) -> str:
    """ "Who did she meet there?": the place that the nearest turn speaks of."""
    for found in _THERE.finditer(question):
        before = found["before"].lower()
        if before in _EXISTS:
            continue
        place = next(filter(None, map(_place, reversed(earlier[-4:]))), None)
        if place is None or any(phrase.kind == "place" for phrase in phrases(question[: found.start()])):
            return question  # "when was he in Oslo before his holiday there?" says where
        preposition = "" if before in _AT_THERE else "to " if before in _TO_THERE else "in "
        return question[: found.start("there")] + preposition + place + question[found.end() :]
    return question


def _place(turn: Turn) -> str | None:
    """The place that a turn speaks of: its answer's where it asks for one, or else its question's last."""
    told = [phrase.text for phrase in turn.told if phrase.kind == "place"]
    asked = [phrase.text for phrase in reversed(turn.named) if phrase.kind == "place"]
    asks_where = turn.question.lower().lstrip().startswith(("where", "which", "what"))
    return next(iter(told + asked if asks_where else asked + told), None)


def act(question: str, earlier: Sequence[Turn]) -> str:
    """ "That visit", after "when did Assad last visit China?": the act with who did it and to whom."""
    found = _ACT.search(question)
    if found is None or found["owner"] and any(phrase.kind == "person" for phrase in phrases(question)):
        return question  # "what did Reed do during his visit?" says whose
    verb, tie = _ACTS[found["noun"].lower()]
    for turn in reversed(earlier[-3:]):
        named = [phrase for phrase in turn.named if phrase.kind in {"person", "place", "name"}]
        doer = next((phrase for phrase in named if phrase.subject), None)
        if doer is None or not re.search(rf"\b{verb}", turn.question):
            continue
        to = _object(verb, doer, named)
        owner = found["owner"] or f"{doer.text}'s"  # the pronoun takes its phrase later
        said = f"{owner} {found['which'] or ''}{found['noun']}{f' {tie} {to.text}' if to else ''}"
        return question[: found.start()] + said + question[found.end() :]
    return question


def _object(verb: str, doer: Phrase, named: Sequence[Phrase]) -> Phrase | None:
    """The phrase to which the doer did it: the one straight after the verb."""
    return next((phrase for phrase in named if phrase.start > doer.start and phrase.before.startswith(verb)), None)


def ones(question: str, earlier: Sequence[Turn]) -> str:
    """ "What are the important ones?": the things the question before spoke of, without their qualifiers."""
    found = _ONES.search(question)
    if found is None:
        return question
    for turn in reversed(earlier[-3:]):
        things = [phrase.text for phrase in turn.named if phrase.kind == "thing" and phrase.plural]
        if things:
            return question[: found.start()] + _UNDETERMINED.sub("", things[0]) + question[found.end() :]
    return question
