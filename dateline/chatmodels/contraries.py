"""Words that a statement turns into their contrary, and what it tells as done that its quotation only expects.

By lists of words. A word is only held against its contrary: "fell" fails where the quotation says "rose" and nothing
like "fell"; that a word isn't there at all is weighed elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dateline.chatmodels.roles import TOKEN, base, is_past
from index.sentences import sentences


def _listed(text: str) -> list[str]:
    """The lines of a list, those that are indented joined to the one before."""
    return re.sub(r"\n\s+", " ", text.strip()).splitlines()


# A line is a family, its sides between semicolons: a word of one side contradicts those of the others.
_FAMILIES = """
rise increase climb grow jump soar surge double triple quadruple expand; fall decrease drop decline shrink plunge slump
    sink halve reduce
open reopen; close shut
win victory; lose loss
support back favour favor endorse approve; oppose reject object
convict guilty; acquit clear innocent
arrest detain capture seize; release free
begin start launch; end finish cease stop halt
succeed success; fail failure collapse
accept agree; refuse reject
arrive come enter return; leave depart
buy purchase acquire; sell sale
live survive alive; die dead kill
strengthen; weaken
legalise legalize; ban forbid prohibit outlaw
confirm; deny
before; after
north northern; south southern; east eastern; west western; north-west north-western northwest northwestern;
    north-east north-eastern northeast northeastern; south-west south-western southwest southwestern;
    south-east south-eastern southeast southeastern
mother; father; brother; sister; son; daughter; wife; husband; uncle; aunt; grandmother; grandfather
first; second; third; fourth; fifth; sixth; seventh; eighth; ninth; tenth
majority; minority
man men; woman women
left-wing; right-wing
oldest eldest; youngest
largest biggest highest longest; smallest lowest shortest
best; worst
"""
_SIDES = tuple(
    tuple(frozenset(base(word) for word in side.split()) for side in family.split(";")) for family in _listed(_FAMILIES)
)
_UNITS = """
dollar dollars; euro euros; pound pounds; crown crowns krona kronor; yen; yuan renminbi; rouble roubles ruble rubles;
    lira liras; franc francs; rupee rupees; dinar dinars; dirham dirhams; riyal riyals; peso pesos
kilometre kilometres kilometer kilometers km; mile miles; metre metres meter meters; foot feet; centimetre centimetres
    cm; inch inches
kilogram kilograms kilo kilos kg; tonne tonnes ton tons; gram grams
seconds; minute minutes; hour hours; day days; week weeks; month months; year years; decade decades
"""
_SIDE_OF_UNIT = {
    word: (family, side)
    for family, line in enumerate(_listed(_UNITS))
    for side, words in enumerate(line.split(";"))
    for word in words.split()
}
_NUMBER = (
    r"(?P<number>\d[\d.,]*\d|\d|(?:a\s)?hundred|a\s(?:thousand|million)|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?)"
    r"(?:\s(?:hundred|thousand|million|billion|trillion)\b)*"
)
_BOUND = re.compile(
    r"\b(?:(?P<least>(?:more|greater|higher|longer|larger|older)\s+than|over|above|at\s+least|exceed(?:s|ed|ing)?|"
    r"no\s+(?:fewer|less)\s+than)|(?:(?<!no\s)(?:fewer|less|lower|shorter|smaller|younger)\s+than|under|below|"
    rf"at\s+(?:the\s+)?most|up\s+to|no\s+more\s+than|almost|nearly))\s+[$€£]?{_NUMBER}",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?<![\w.,]){_NUMBER}[\s-]+(?P<unit>[a-z]+)", re.IGNORECASE)

_TO_COME = frozenset("will shall".split())
_AHEAD = frozenset(
    """would may might could should can must if unless whether due expected expects expect hope hopes hoped
    plan plans planned intends intended want wants wanted wish wishes threatened threatens vowed pledged promised agreed
    agrees set scheduled slated likely possibly perhaps probably asked urged told ordered trying tried tries ready about
    aims aimed wanted considering mulled demanded""".split()
)
_ALLEGED = frozenset("allegedly reportedly purportedly supposedly accused suspected alleged rumoured rumored".split())
_REACH = 3  # tokens from a cue to its verb: "is due to open", "would not then resign"


def contrary(statement: str, quote: str) -> Iterator[str]:
    """The words of a statement whose contrary stands in the quotation, and the verbs that it only expects."""
    said, given = _bases(statement), _bases(quote)
    for family in _SIDES:
        for side in family:
            mine, others = side & said.keys(), frozenset().union(*(other for other in family if other is not side))
            # A statement that has both sides ("fell, then rose") sets them against each other itself.
            if mine and others & given.keys() and not (side & given.keys() or others & said.keys()):
                yield said[min(mine)]
    yield from _bounds(statement, quote)
    yield from _units(statement, quote)
    yield from _expected(statement, quote)


@lru_cache(maxsize=2048)  # each statement is held against many sentences, and each sentence against many statements
def _bases(text: str) -> dict[str, str]:
    """The base of each word of a text, with the word."""
    return {base(token.lower()): token for token in TOKEN.findall(text)}


def _bounds(statement: str, quote: str) -> Iterator[str]:
    """ "More than 100" where the quotation has "fewer than 100"."""
    given = {(match["number"].lower(), bool(match["least"])) for match in _BOUND.finditer(quote)}
    for match in _BOUND.finditer(statement):
        number, least = match["number"].lower(), bool(match["least"])
        if (number, not least) in given and (number, least) not in given:
            yield match[0]


def _units(statement: str, quote: str) -> Iterator[str]:
    """ "12 miles" where the quotation has "12 kilometres"."""
    given = {(match["number"].lower(), *_SIDE_OF_UNIT[match["unit"].lower()]) for match in _counted(quote)}
    for match in _counted(statement):
        number, (family, side) = match["number"].lower(), _SIDE_OF_UNIT[match["unit"].lower()]
        same = {unit for value, kind, unit in given if (value, kind) == (number, family)}
        if same and side not in same:
            yield match[0]


def _counted(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _COUNTED.finditer(text) if match["unit"].lower() in _SIDE_OF_UNIT)


def _expected(statement: str, quote: str) -> Iterator[str]:
    """What is told as done and only expected or alleged in the quotation, or as still to come where it was done."""
    given: dict[str, set[str]] = {}
    for word, token, how in _told(quote):
        given.setdefault(word, set()).add(how or ("done" if is_past(token) else ""))
    for word, token, how in _told(statement):
        others = given.get(word, set())
        undone = not how and is_past(token) and others and others <= {"ahead", "to come", "alleged"}
        if undone or (how == "to come" and others == {"done"}):
            yield token


@lru_cache(maxsize=2048)
def _told(text: str) -> tuple[tuple[str, str, str], ...]:
    """Each word's base, the word, and whether what stands before it makes it "to come", "ahead" or "alleged"."""
    found = []
    for start, end in sentences(text):
        tokens = [token.lower() for token in TOKEN.findall(text[start:end])]
        found += [(base(token), token, _made(tokens, at)) for at, token in enumerate(tokens) if token.isalpha()]
    return tuple(found)


def _made(tokens: Sequence[str], at: int) -> str:
    for place in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if not tokens[place][0].isalnum():
            return ""
        if tokens[place] in _ALLEGED:
            return "alleged"
        if tokens[place] in _TO_COME:
            return "to come"
        if tokens[place] in _AHEAD:
            return "ahead"
    return ""
