"""Who did what to whom: whether a statement has exchanged the parts that its quotation gives.

By rule, without a parser: what stands right before a verb and right after it, turned round where the verb is passive
("was beaten by"); the two sides of "larger than"; and "from one to the other". Only an exchange is found, both parts
in the other's place: that something is left out, or told of somebody else, is for the other checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dateline.matching import has, stem, stems
from index.sentences import sentences


@dataclass(frozen=True)
class Act:
    """A verb's stem, the stems of who or what acts, and of who or what is acted on."""

    verb: str
    by: frozenset[str]
    on: frozenset[str]


def exchanged(statement: str, quote: str) -> Iterator[str]:
    """The verbs whose two parts stand the other way round in the quotation, and nowhere in it as the statement says."""
    given = acts(quote)
    for said in acts(statement):
        ways = {_way(said, act) for act in given if act.verb == said.verb}
        if "crossed" in ways and "same" not in ways:
            yield said.verb


def _way(said: Act, given: Act) -> Literal["same", "crossed", "other"]:
    # A word that both parts have ("the mayor of Elmford sued the mayor of Oakley") tells them not apart.
    by, on = said.by - said.on, said.on - said.by
    if _meet(by, given.on - given.by) and _meet(on, given.by - given.on):
        return "crossed"
    untold = not given.by and (not given.on or _meet(on, given.on))  # "and was beaten in 2014": it may be said there
    return "same" if untold or _meet(by, given.by) else "other"


@lru_cache(maxsize=2048)  # each statement is held against many sentences, and each sentence against many statements
def acts(text: str) -> tuple[Act, ...]:
    """What a text tells with both or one of its parts, sentence by sentence."""
    return tuple(act for start, end in sentences(text) for act in _acts(TOKEN.findall(text[start:end])))


TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*|[^\w\s]")
_SIDES = frozenset("against to over for at on than".split())  # between a verb and what it acts on
_WITHIN = frozenset("the a an this that these those his her its their of".split())
_BE = frozenset("is are was were be been being get gets got".split())
_AUXILIARY = _BE | frozenset(
    """has have had having do does did will would can could may might shall should must to not never also then again
    still already once twice later first finally soon just only even both all now""".split()
)
_COMPARED = frozenset("more less fewer".split())
_RELATIVE = frozenset("who which that".split())
_EDGES = frozenset(
    """in into on onto at to from for with by about over under after before during since until between among against
    through without within as than like and or but if so nor while because when where who whom whose which what how why
    it he she they we you i him them us me there here more less fewer not no""".split()
)
# What two do with each other has no parts to exchange.
_MUTUAL = frozenset(
    """meet talk speak marry sign agree discuss negotiate clash draw play face fight border merge share tie divorce
    debate quarrel argue ally unite link connect part separate compare engage pair cooperat work exchang shake swap
    differ match resembl equal cost be""".split()
)
_PASTS = """beat beat beaten, buy bought, sell sold, win won, lose lost, hit hit, strike struck, shoot shot, lead led,
    send sent, give gave given, take took taken, tell told, leave left, meet met, pay paid, lend lent, teach taught,
    catch caught, bite bit bitten, overthrow overthrew overthrown, choose chose chosen, fight fought, seek sought,
    bring brought, see saw seen, find found, know knew known, hold held, say said, speak spoke spoken, write wrote
    written, steal stole stolen, drive drove driven, throw threw thrown, forgive forgave forgiven, forbid forbade
    forbidden, feed fed, draw drew drawn, show showed shown, keep kept, hear heard,
    rise rose risen, fall fell fallen, begin began begun, come came come, go went gone, grow grew grown, make made,
    shrink shrank shrunk, sink sank sunk, shut shut, break broke broken, flee fled, swear swore sworn, spend spent"""
_BASE = {past: verb for verb, *pasts in (entry.split() for entry in _PASTS.split(",")) for past in pasts}


def _acts(tokens: Sequence[str]) -> Iterator[Act]:
    for at, token in enumerate(tokens):
        if token == "from":
            yield from _ways(tokens, at)
        elif at + 1 < len(tokens) and tokens[at + 1] == "than" and token.islower():
            more = tokens[at - 1] if at and tokens[at - 1] in _COMPARED else ""
            yield Act(f"{more} {token} than".strip(), _before(tokens, at), _after(tokens, at + 2)[0])
        elif (verb := _verb(tokens, at)) and verb not in _MUTUAL:
            yield _told(tokens, at, verb)


def _told(tokens: Sequence[str], at: int, verb: str) -> Act:
    before = _before(tokens, at)
    aside = at - 1
    while aside >= 0 and tokens[aside] in _AUXILIARY - _BE:
        aside -= 1
    passive = aside >= 0 and tokens[aside] in _BE
    agent = _agent(tokens, at, passive)
    if passive or agent:
        return Act(verb, agent, before)
    after, end = _after(tokens, at + 1)
    if end < len(tokens) and tokens[end] in ("to", "from"):  # sold the house to
        after |= _after(tokens, end + 1)[0]
    return Act(verb, before, after)


def _ways(tokens: Sequence[str], at: int) -> Iterator[Act]:
    """ "from Elmford to Oakley", "to Oakley from Elmford" """
    start, end = _after(tokens, at + 1)
    if end < len(tokens) and tokens[end] == "to":
        yield Act("from … to", start, _after(tokens, end + 1)[0])
        return
    for back in range(at - 1, max(-1, at - 6), -1):
        if tokens[back] == "to":
            goal, end = _after(tokens, back + 1)
            if end == at:
                yield Act("from … to", start, goal)
            return


def is_past(word: str) -> bool:
    """Whether a word in lower case reads as a verb in the past, or its participle."""
    return word in _BASE or (word.endswith("ed") and len(word) > 3)


def base(word: str) -> str:
    """The stem of a word under which its forms are compared: of "bought" and "buys" that of "buy"."""
    return stem(_BASE.get(word, word))


def _verb(tokens: Sequence[str], at: int) -> str:
    """The stem under which a verb in the past is compared, or one in the present before a name; else nothing."""
    word = tokens[at]
    if not word.islower():
        return ""
    if is_past(word):
        return base(word)
    # "beats" is a verb between two names, else mostly a noun.
    between = 0 < at < len(tokens) - 1 and tokens[at - 1][0].isupper() and tokens[at - 1][-2:] not in ("'s", "’s")
    if between and word.endswith("s") and (tokens[at + 1][0].isupper() or tokens[at + 1] in ("the", "a", "an")):
        return stem(word)
    return ""


def _before(tokens: Sequence[str], at: int) -> frozenset[str]:
    """The words before a verb: of "Tom Reed, a builder, sued" and "Tom Reed, who sued" those before the comma."""
    at -= 1
    while at >= 0 and (tokens[at] in _AUXILIARY | _COMPARED or tokens[at].endswith("ly")):
        at -= 1
    if at >= 0 and tokens[at] == ",":
        at = next((back for back in range(at - 1, -1, -1) if tokens[back] == ","), at) - 1
    elif at >= 0 and tokens[at] in _RELATIVE:
        at -= 2 if at and tokens[at - 1] == "," else 1
    found: list[str] = []
    while at >= 0 and _goes_on(tokens, at):
        found.append(tokens[at])
        at -= 1
    return _kept(found)


def _after(tokens: Sequence[str], at: int) -> tuple[frozenset[str], int]:
    """The words after a verb, and where they end."""
    while at < len(tokens) and tokens[at] in _SIDES:
        at += 1
    found: list[str] = []
    while at < len(tokens) and _goes_on(tokens, at):
        found.append(tokens[at])
        at += 1
    return _kept(found), at


def _agent(tokens: Sequence[str], at: int, passive: bool) -> frozenset[str]:
    """Who is named after "by": of a passive within the clause, of "accused by" right behind the word."""
    for place in range(at + 1, min(len(tokens), at + 8)):
        if tokens[place] == "by":
            return _after(tokens, place + 1)[0]
        if not passive or not tokens[place][0].isalnum() or _verb(tokens, place):
            break
    return frozenset()


def _goes_on(tokens: Sequence[str], at: int) -> bool:
    word = tokens[at]
    return word[0].isalnum() and word not in _EDGES | _AUXILIARY and not _verb(tokens, at)


def _kept(words: Sequence[str]) -> frozenset[str]:
    return stems(" ".join(re.sub(r"['’]s?\Z", "", word) for word in words if word.lower() not in _WITHIN))


def _meet(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(word in others or has(others, word) for word in some)
