"""He, she, it and they in a question, and the phrase of an earlier turn that each takes up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.followups.topics import WEAK, in_full, rank, ranked
from dateline.followups.turns import Turn
from dateline.offices import offices_in
from dateline.phrases import AUXILIARIES, BEFORE_VERB, DETERMINERS, PREPOSITIONS, TOKEN, Phrase, is_plural, phrases

_MEN = frozenset({"he", "him", "his"})
_WOMEN = frozenset({"she", "her", "hers"})
_SEVERAL = frozenset({"they", "them", "their", "theirs"})
_OWNING = frozenset({"his", "its", "their"})
_OF = frozenset({" of ", " of the "})
_OWNED = frozenset({"'s ", "’s "})
_DOING = BEFORE_VERB | {"had", "has", "have"}
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_SHORT = {"s": " is", "re": " are", "ve": " have"}

_PRONOUN = re.compile(
    r"\b(?P<word>he|him|his|she|hers?|its?|they|them|theirs?)\b(?P<tail>['’](?:s|re|ve|d|ll))?", re.IGNORECASE
)
_HAPPENS = re.compile(r"\s+(?:happen|occur|take place|last|strike|break out)\b", re.IGNORECASE)
# "It" that stands for nothing: "is it good to", "how long does it take to", "what time is it".
_EXPLETIVE = re.compile(
    r"""\bit(?:['’]s)?\s+(?:is\s+|was\s+|be\s+)?(?:\w+\s+)?
          (?:good|bad|better|best|possible|safe|necessary|hard|easy|true|likely|legal|illegal|important|worth|
             ok|okay|normal|common|known|clear|unclear|said|reported|rain\w*|snow\w*)\b
          [^?]*\b(?:to|that|for|where|whether|who|when|why|how|\w+ing)\b |
        \b(?:how[ ](?:long|much|many)|what)\b.{0,40}\bit[ ](?:take|cost|mean)s?\b.{0,40}\bto\b |
        \b(?:who|what[ ](?:time|day|date|year))[ ](?:is|was)[ ]it\b |
        \bit[ ](?:seems|appears|sounds)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF = re.compile(r"\b(?:many|much|any|some|which|most|all|none|one|two|half) of \Z", re.IGNORECASE)
# Verbs and a preposition that make a pair of who does it and who comes after them.
_TOGETHER = frozenset("meet met marry married divorce fight with".split())
_ASKS_NAME = re.compile(
    r"""\s*(?:who|(?:which|what)\s+(?!(?:is|are|was|were|do|does|did|has|have|can|will|would)\b)\w+)\b""",
    re.IGNORECASE,
)


def pronoun(question: str, earlier: Sequence[Turn]) -> str:
    """The first he, she, it or they takes its phrase; those after it then refer within the question."""
    used = [found["word"].lower() for found in _PRONOUN.finditer(question)]
    if not _MEN.isdisjoint(used) and not _WOMEN.isdisjoint(used):
        return question  # two people, and no telling which of the names is whose
    for found in _PRONOUN.finditer(question):
        word = found["word"].lower()
        if word == "it" and _EXPLETIVE.search(question) or (found["tail"] or "").lower().endswith("ll"):
            continue
        if word == "it" and _HAPPENS.match(question, found.end()) and not _speaks_of_event(earlier):
            return question
        if _within(found, word):
            return question
        phrase = _referent(word, earlier)
        counted = word == "them" and _PART_OF.search(question[: found.start()])
        if phrase is not None and (is_plural(phrase) or not counted):
            return question[: found.start()] + _put(phrase, found) + question[found.end() :]
    return question


def _put(phrase: str, found: re.Match[str]) -> str:
    """The phrase in the place of a pronoun, with the ending that the pronoun had."""
    if _owns(found):
        ending = "'" if phrase.endswith("s") and is_plural(phrase) else "'s"
    else:
        tail = found["tail"] or ""
        ending = _SHORT.get(tail[1:].lower(), tail)
    if found.start() == 0:
        phrase = phrase[0].upper() + phrase[1:]
    return phrase + ending


def _owns(found: re.Match[str]) -> bool:
    """Whether a pronoun stands before what it owns: after "her" anything but a word that begins another phrase."""
    word = found["word"].lower()
    if word != "her":
        return word in _OWNING
    after = TOKEN.match(found.string[found.end() :].lstrip())
    return after is not None and after[0].lower() not in PREPOSITIONS | AUXILIARIES | DETERMINERS | {"and"}


def _speaks_of_event(earlier: Sequence[Turn]) -> bool:
    return any(phrase.event for turn in earlier[-3:] for phrase in turn.named)


def _within(found: re.Match[str], word: str) -> bool:
    """Whether the question itself names what the pronoun stands for."""
    named = [phrase for phrase in phrases(found.string[: found.start()]) if phrase.kind != "time"]
    if word in _MEN | _WOMEN:
        # "Before his trip of May, when had the governor been there?": who does it is named after the comma.
        comma = found.string.find(", ", found.end())
        later = [phrase for phrase in phrases(found.string) if phrase.start > comma >= 0]
        typed_small = found.string.islower()
        return any(phrase.kind == "person" for phrase in named) or any(
            doer.kind == "person" or any(offices_in(doer.text)) or typed_small and " " not in doer.text
            for doer in [*_doers(named), *_doers(later)]
        )
    if word in _SEVERAL:
        pairs = zip(named, named[1:], strict=False)
        return any(phrase.plural for phrase in named) or any(
            found.string[first.end : second.start] == " and " and "thing" not in {first.kind, second.kind}
            for first, second in pairs
        )
    # "The cable car in its first summer": what owns is mostly the nearest.
    return any(
        phrase.kind != "thing" or phrase.subject or word == "its" and phrase.text.startswith("the ")
        for phrase in named
        if not phrase.plural
    )


def _doers(named: Sequence[Phrase]) -> list[Phrase]:
    """Who does something in a question: "did the governor", "had Qatar's emir"."""
    return [
        named[at + 1] if phrase.owner and at + 1 < len(named) else phrase
        for at, phrase in enumerate(named)
        if phrase.subject and phrase.before in _DOING
    ]


def _referent(word: str, earlier: Sequence[Turn]) -> str | None:
    """The phrase that a pronoun takes up: the nearest turn that speaks of anything of its gender and number."""
    second: str | None = None
    for turn in reversed(earlier[-5:]):
        if word in _MEN | _WOMEN:
            person = _person(turn)
            if person is not None:
                return person
            continue
        sure = _told_name(turn) if word in {"it", "its"} else _pair(turn)
        if sure is not None:
            return sure
        found = ranked(_several(turn) if word in _SEVERAL else _single(turn, word))
        if found and rank(found[0]) < WEAK:
            return in_full(found[0], turn)
        if found and rank(found[0]) == WEAK and second is None:
            second = in_full(found[0], turn)
    return second


def _person(turn: Turn) -> str | None:
    """The person that a turn speaks of: who does what is asked, or answers "who", or else has an office or is named."""
    office = _office(turn)
    people = [phrase for phrase in turn.named if phrase.kind == "person"]
    doing = [phrase.text for phrase in people if phrase.subject and not phrase.owner]
    told = [phrase.text for phrase in turn.told if phrase.kind == "person" and _ASKS_NAME.match(turn.question)]
    # The office before the names: no list knows that the Elmford in "the mayor of Elmford" is a town.
    named = [phrase.text for phrase in people]
    return next(iter([*doing, *told, *filter(None, [office]), *named]), None)


def _office(turn: Turn) -> str | None:
    """The holder of an office that a question speaks of, with what it is of: "the mayor of Elmford"."""
    for first, second in zip(turn.named, turn.named[1:], strict=False):
        said = turn.question[first.start : second.end]
        between = turn.question[first.end : second.start]
        if second.owner or second.plural or first.plural:
            continue
        if first.owner and between in _OWNED and any(offices_in(second.text)):
            return said
        if between in _OF and any(offices_in(first.text)):
            return f"the {_ARTICLE.sub('', said)}"
    return None


def _told_name(turn: Turn) -> str | None:
    """The place or organisation that answers "which country", "which party"."""
    told = [phrase.text for phrase in turn.told if phrase.kind in {"place", "name"}]
    return told[0] if told and _ASKS_NAME.match(turn.question) else None


def _pair(turn: Turn) -> str | None:
    """Two names with "and" between them, or of two who meet, as one: the likeliest "they"."""
    for first, second in zip(turn.named, turn.named[1:], strict=False):
        if "thing" in {first.kind, second.kind}:
            continue
        if turn.question[first.end : second.start] == " and ":
            return turn.question[first.start : second.end]
        if first.subject and second.before in _TOGETHER and not first.owner and not second.owner:
            return f"{first.text} and {second.text}"
    return None


def _several(turn: Turn) -> list[Phrase]:
    """What "they" may be: phrases that read as more than one, or else an organisation."""
    plural = [phrase for phrase in turn.named if phrase.plural]
    return plural or [phrase for phrase in turn.named if phrase.kind == "name"]


def _single(turn: Turn, word: str) -> list[Phrase]:
    """What "it" or "its" may be."""
    return [phrase for phrase in turn.named if not phrase.plural and _may_be_it(phrase, turn, word)]


def _may_be_it(phrase: Phrase, turn: Turn, word: str) -> bool:
    if phrase.before in {"which", "what"}:
        return False  # what was asked for, not what was spoken of
    spoken_of = phrase.subject or phrase.central
    if phrase.kind == "place" and word == "it":
        return spoken_of  # "visit China": a place gone to is "there", not "it"
    if phrase.kind == "person":
        # "John Smith" is nobody's it, nor is who meets him; "Netflix", which no list tells from a surname, may be.
        others = [other for other in turn.named if other is not phrase and other.kind != "thing"]
        return (
            spoken_of
            and " " not in phrase.text
            and all(other.kind == "person" and other.before in PREPOSITIONS for other in others)
        )
    return True
