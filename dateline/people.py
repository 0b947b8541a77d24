"""People in a sentence: their names as written, and whether two names mean one person."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PART = r"(?:(?:al|el|as|ad|ar|an|bin|ben|o|mc|d)[-'’])?[A-Z][\w’'-]*"
_LINK = r"(?:(?:al|bin|ibn|bint|de|da|di|del|der|den|van|von|la|le|el|ter|abu|y)[ ])*"
NAME = rf"(?:{_PART}|[A-Z]\.)(?:[ ]{_LINK}(?:{_PART}|[A-Z]\.))*"
"""A run of capitalised words. What is not a name is sorted out by `person`."""

_TITLES = frozenset(
    """mr mrs ms miss mx dr prof professor sir dame lord lady baroness sheikh sheikha sultan king queen prince
    princess emir crown president vice prime premier minister chancellor mayor governor senator general colonel
    captain major sergeant lieutenant judge justice father sister brother reverend rev bishop archbishop pope chief
    secretary mp cllr gov sen rep gen capt lt col sgt hon pres ambassador deputy
    councillor councilman councilwoman alderman inspector constable commissioner
    superintendent sheriff director chairman chairwoman chair former acting interim caretaker""".split()
)
_OFFICES = frozenset("minister prosecutor executive officer secretary governor commissioner director justice".split())
# Capitalised where they open a sentence or name a day, and no part of a person's name.
_PLAIN = frozenset(
    """the a an this that these those he she it they we i you his her its their our in on at after before but and as
    when while if since for from by with to there here what who whom how why however meanwhile later then now not no
    yes monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december correction caption editor until only both all some most many one two three
    four five six seven eight nine ten eleven twelve dozens hundreds thousands
    under over last next earlier yesterday today so or nor of council parliament commanders voters residents police
    officials government""".split()
)


def person(written: str) -> str | None:
    """The name in a run of capitalised words, without titles and opening words; None where none is left."""
    words = re.sub(r"['’]s?$", "", written.strip(" ,.;:")).split()
    while words and (words[0].lower().strip(".,") in _TITLES | _PLAIN):
        words = words[1:]
    # "Deputy Foreign Minister Ada Finch", "Chief Prosecutor Ada Finch": what an office is of goes with it.
    office = max((at for at, word in enumerate(words[:-1]) if word.lower() in _OFFICES), default=-1)
    words = words[office + 1 :]
    while words and words[-1].lower().strip(".,") in _PLAIN:
        words = words[:-1]
    return " ".join(words) or None


def surname(name: str) -> str:
    """The last word, lower case and without "al-": what later mentions use."""
    words = [word for word in name.split() if not re.fullmatch(r"(?:Jr|Sr|II|III|IV)\.?", word)] or [name]
    return re.sub(r"^(?:al|el|as|ad|ar|an)[-'’]", "", words[-1].lower())


def same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: the same last word, and no differing first names."""
    if surname(one) != surname(other):
        return False
    first, second = one.split(), other.split()
    if len(first) == 1 or len(second) == 1:
        return True
    first, second = one.title().split(), other.title().split()  # "PRIYA NAIR" opens an article
    return first[0][0] == second[0][0] and (
        first[0] == second[0] or len(first[0]) <= 2 or len(second[0]) <= 2 or first[0][:3] == second[0][:3]
    )


def fullest(names: Iterable[str]) -> str:
    """The longest of the ways in which one person is written."""
    return max(names, key=lambda name: (len(name.split()), len(name)))
