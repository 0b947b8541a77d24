"""What a conversation is about: which phrases of a question a later turn can take up, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dateline.followups.turns import Turn
from dateline.phrases import DETERMINERS, PREPOSITIONS, PRONOUNS, QUESTION_WORDS, TOKEN, Phrase, phrases

WEAK = 4  # from this rank on a phrase is what is said about a topic, and itself one only where nothing better is

# A phrase that itself points somewhere else.
_CLOSED = re.compile(
    r"(?:my|your|our|this|that|these|those|its|their|his|her)\b|(?:\w+ )?(?:time|way)\Z", re.IGNORECASE
)
_LOCATING = frozenset({"in", "at", "of", "on"})
# "What are the symptoms?", "how big is the main hall?": a thing asked for, and nothing that says whose it is.
_PART = re.compile(
    r"""(?P<head>(?:[^?.!]*[.!]\s+)?
        (?:what(?:['’]s|\s+(?:is|are|was|were))|who[ ](?:is|are|was|were)|
           how[ ](?:much|big|large|high|long)[ ](?:is|are|was|were)|
           tell[ ]me[ ](?:more[ ])?about|describe|are[ ]there|is[ ]there)\s+
        (?P<thing>(?:(?:the|some|any|common|important|other|main|typical|possible|famous|good)\s+)+
                  (?:[a-z-]+\s+){0,2}[a-z-]+))
    \s*(?P<mark>[?.!]*)\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)


def belonging(question: str, earlier: Sequence[Turn]) -> str:
    """ "What are the symptoms?": a thing with nothing to belong to belongs to what the conversation is about."""
    found = _PART.match(question)
    if found is None:
        return question
    words = set(TOKEN.findall(found["thing"].lower()))
    if words & (PREPOSITIONS | PRONOUNS | QUESTION_WORDS | {"other"}):
        return question
    named = phrases(question)
    topic = _topic(earlier)
    if topic is None or [phrase.kind for phrase in named] != ["thing"]:
        return question
    if set(TOKEN.findall(topic.lower())) & words - DETERMINERS:
        return question
    return f"{found['head']} of {topic}{found['mark']}"


def _topic(earlier: Sequence[Turn]) -> str | None:
    """The likeliest topic of the nearest turn that has one."""
    for turn in reversed(earlier[-5:]):
        found = ranked(turn.named)
        if found and rank(found[0]) < WEAK:
            return in_full(found[0], turn)
    return None


def ranked(found: Iterable[Phrase]) -> list[Phrase]:
    """The phrases that a later turn can take up, the likeliest topic first."""
    return sorted((phrase for phrase in found if not _CLOSED.match(phrase.text)), key=rank)


def rank(phrase: Phrase) -> int:
    """How likely a question is about a phrase, 0 the likeliest.

    What another phrase is part of ("the symptoms of anemia", "Syria's president") comes before the subject, then names.
    "The test" and the object of a verb are what is said about a topic, seldom the topic.
    """
    definite = phrase.kind == "thing" and phrase.text.lower().startswith("the ")
    if phrase.event:
        return 0
    if phrase.central:
        return 2 if definite else 0
    if phrase.subject:
        return WEAK if definite else 1
    if phrase.kind != "thing":
        return 3
    return WEAK + (2 if phrase.before in PREPOSITIONS else 1)


def in_full(phrase: Phrase, turn: Turn) -> str:
    """A phrase of the turn's question with the place that tells which: "the earthquake in Turkey"."""
    if phrase.kind == "thing":
        for other in turn.named:
            if other.kind in {"place", "name"} and turn.question[phrase.end : other.start].strip() in _LOCATING:
                return turn.question[phrase.start : other.end]
    return phrase.text
