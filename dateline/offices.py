"""An office as questions and sentences name it: its head, the words in front, the body that it is of.

"The finance minister of Syria", "the head of the Elmford school", "whoever runs the port", "the Foreign Ministry". What
sentences say of its holders is read in `dateline.builtin.tenures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dateline.matching import stem
from dateline.people import NAME, person
from dateline.phrases import PLACES

_SYNONYMS = (
    ("prime minister", "premier"),
    ("governor", "gov."),
    ("mp", "member of parliament"),
    ("chairman", "chairwoman", "chairperson", "chair"),
    ("king", "queen", "monarch"),
    ("spokesman", "spokeswoman", "spokesperson"),
    ("headteacher", "head teacher", "headmaster", "headmistress", "principal", "school head"),
    ("chief executive", "chief executive officer", "ceo"),
    ("councillor", "councilman", "councilwoman", "council member"),
    ("harbour master", "harbourmaster", "harbor master", "harbormaster"),
    ("secretary-general", "secretary general"),
    ("police chief", "chief of police", "head of police", "head of the police"),
    ("fire chief", "chief of the fire brigade", "head of the fire brigade", "head of the fire service"),
)
_HEADS = (
    "mp|member of parliament|congress(?:man|woman)|"
    "president|prime minister|premier|minister|chancellor|mayor|governor|senator|councillor|councilman|councilwoman|"
    "council member|chief executive(?: officer)?|ceo|chief of police|chief|head teacher|headteacher|headmaster|"
    "headmistress|principal|head|director|manager|chairman|chairwoman|chairperson|chair|king|queen|monarch|sultan|emir|"
    "pope|archbishop|bishop|vicar|pastor|secretary[- ]general|secretary of state|secretary|ambassador|envoy|"
    "commissioner|commander|speaker|leader|ruler|captain|coach|trainer|editor|rector|dean|prosecutor|judge|sheriff|"
    "marshal|treasurer|curator|librarian|harbou?r ?master|warden|superintendent|inspector|spokes(?:man|woman|person)|"
    "clerk|conductor|engineer|keeper|archivist|crown prince|prince|princess|champion|"
    r"owner|landlord|landlady|postmaster|stationmaster|surveyor|abbot|abbess|prior|prioress|intendant|provost|"
    r"regent|bailiff|reeve|ombudsman|auditor|comptroller|imam|rabbi|chaplain|foreman|attorney general|chief justice|"
    r"vice-chancellor|matron|steward|laird|alderman|magistrate|skipper"
)
ACTING = frozenset("acting interim caretaker provisional transitional temporary".split())
ENDED = frozenset("former ex ousted deposed late previous erstwhile onetime one-time fallen toppled dismissed".split())
AHEAD = frozenset("next future incoming designate".split())
ENTERING = frozenset("new newly newly-elected incoming".split())
# In front of an office these make it another one, unless they are asked for.
OTHER_OFFICE = frozenset(
    """vice deputy assistant prime under sub junior honorary club team student union company bank foreign finance
    interior defence defense health education transport trade justice culture lord parliamentary""".split()
)
# Of these there are many in one place: what stands in front says which, and has to be what was asked.
MANY = frozenset("minister secretary chief head director manager officer commissioner engineer clerk editor".split())
_STOPS = frozenset(
    """the a an as is was were are be been being become became becomes remains remain to of for in at by and or who
    that with from his her its their our named elected appointed chosen made not when while but then new-elected
    still now currently
    then said told says under on against over after before until since will would has had have""".split()
)
_DETERMINERS = frozenset("the a an his her its their our".split())
QUALIFYING = frozenset("current present sitting serving long-serving first last town city".split())
OF = re.compile(
    rf"(?! in (?:place|succession|charge)\b) (?:of|for|in|at) (?:the )?"
    rf"(?P<of>{NAME}|[a-z][\w-]+(?: (?!(?:of|since|until|from|who|and|in|on|at|after|before|when|with|for|to|has|"
    rf"had|is|was|by|during|as)\b)[a-z][\w-]+)?)"
)
# Who leads a body, whatever the office is called: "runs the port", "has headed the observatory since 2009".
LEADS = re.compile(
    r"\b(?P<verb>(?:(?:is|was|are|were|been) )?(?:heading|leading|running|directing|managing|governing|chairing|"
    r"commanding)|heads?|headed|leads?|led|runs?|ran|directs?|directed|manages?|managed|governs?|governed|chairs?|"
    r"chaired|commands?|commanded|(?:(?:is|was|are|were|been|put|placed|remains|takes?|took|taking) )?(?:in )?"
    r"charge (?:of|at)|"
    r"(?:(?:is|was|been|placed) )?at the (?:head|helm) of|looks? after|looked after|takes? over|took over|"
    r"conduct(?:s|ed) the (?:business|affairs) of)"
    r" (?:the )?(?P<what>(?!(?:of|in|for|to|on|at)\b)[\w’'-]+(?: [\w’'-]+){0,4})"
)
_MINISTRY = re.compile(
    r"\b(?:the )?(?P<kind>[A-Za-z][\w-]+) ministry\b|\bministry (?:of|for) (?P<of>[A-Za-z][\w-]+)|"
    r"\bminister (?:(?:is |was )?(?:responsible|in charge)|with responsibility) (?:of|for) (?P<for>[a-z][\w-]+)",
    re.I,
)
# "Delaine's presidency"
_REIGNS = {"presidency": "president", "premiership": "prime minister", "mayoralty": "mayor", "mayorship": "mayor"}
_REIGN = re.compile(rf"['’]s? (?P<reign>{'|'.join(_REIGNS)})\b", re.I)
# An office that leads its body, so that whoever "heads" or "runs" the body holds it.
LEADING = frozenset(
    """mayor governor chief head headteacher headmaster headmistress principal director manager chairman chairwoman
    chairperson chair leader ruler rector dean warden superintendent abbot abbess prior prioress intendant provost
    regent captain editor commander president sultan emir king queen curator keeper""".split()
)
_LEADING_WORDS = (*sorted(LEADING), "chief executive", "ceo", "prime minister", "head teacher", "harbour master")


@dataclass(frozen=True)
class Office:
    """An office as asked for: "finance minister" of Syria. `words` are its ways of being written, lower case."""

    words: tuple[str, ...]
    mods: frozenset[str]
    body: tuple[tuple[str, ...], ...]
    of: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether it is asked for by what it does, and may have any name."""
        return self.words is _LEADING_WORDS

    @property
    def ministry(self) -> str | None:
        """The field of a minister's office: finance."""
        return next(iter(self.mods), None) if self.words[0:1] and self.words[0].endswith(" minister") else None

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, self.words))})(?![\w-])", re.I)


def office_in(text: str, names: tuple[tuple[str, ...], ...]) -> tuple[Office, tuple[int, int]] | None:
    """The first office that a question speaks of, and where; `names` are the question's."""
    if found := ministry_in(text, names):
        return found
    if reign := _REIGN.search(text):
        return Office((_REIGNS[reign["reign"].lower()],), frozenset(), ()), reign.span()
    heads = list(re.finditer(rf"(?<![\w-])(?P<head>{_HEADS})\b(?!-)", text, re.I))
    if not heads:
        return None
    # In "when did Captain Marsh become harbour master" the first is a title.
    titled = tuple(" ".join(name).lower() for name in names)
    match = next((one for one in heads if not text[one.end() :].lstrip().lower().startswith(titled)), heads[0])
    left = in_front(text, match.start(), own=True)
    head = match["head"].lower()
    # Typed without capitals or apostrophe: "syrias prime minister".
    typed: tuple[tuple[str, ...], ...] = tuple((word,) for word in left.words if word.removesuffix("s") in PLACES)
    left = replace(left, words=tuple(word for word in left.words if (word,) not in typed))
    mods = [word for word in left.words if word not in QUALIFYING | ACTING | ENDED | ENTERING | AHEAD]
    written = " ".join([*mods, head])
    words: tuple[str, ...] = next(
        (group for group in _SYNONYMS if written in group or head in group and not mods), (written,)
    )
    if written not in words and mods:
        words = (written,)
    if head == "minister" and len(mods) == 1:
        words = _ministers(mods[0])
    after = OF.match(text, match.end())
    of: tuple[str, ...] = ()
    end = match.end()
    owner = {stem(word) for word in left.owner.split()}
    body = typed + tuple(name for name in names if any(stem(part) in owner for part in name))
    if after:
        end = after.end()
        if after["of"][0].isupper():
            first = after["of"].split()[0]
            body += tuple(name for name in names if stem(name[0]) == stem(first))
            while further := re.match(rf" and (?P<name>{NAME})", text[end:]):  # "MP for Elmford and Norby"
                end += further.end()
                body += tuple(name for name in names if " ".join(name) == further["name"])
        else:
            lower = after["of"].split()
            spoken = tuple(name for name in names if any(part.lower() in lower for part in name))
            body += spoken
            of = () if spoken else tuple(word for word in lower if word not in _STOPS)[:2]
            # "the chair of the council of Elmford"
            if (further := OF.match(text, end)) and further["of"][0].isupper():
                end = further.end()
                body += tuple(name for name in names if stem(name[0]) == stem(further["of"].split()[0]))
    return Office(words, frozenset(mods), tuple(dict.fromkeys(body)), of), (left.start, end)


def ministry_in(text: str, names: tuple[tuple[str, ...], ...]) -> tuple[Office, tuple[int, int]] | None:
    """The office of whoever heads a ministry that a question speaks of, and where."""
    match = _MINISTRY.search(text)
    field = match and (match["kind"] or match["of"] or match["for"])
    if not match or not field or field.lower() in _STOPS:
        return None
    owner = re.search(rf"(?P<name>{NAME})['’]s?\s\Z", text[: match.start()])
    start, end = (owner.start() if owner else match.start()), match.end()
    of = OF.match(text, end)
    said = [*(owner["name"].split() if owner else ()), *(of["of"].split() if of and of["of"][0].isupper() else ())]
    body = tuple(name for name in names if any(stem(part) == stem(word) for part in name for word in said))
    end = of.end() if of and said else end
    return Office(_ministers(field.lower()), frozenset([field.lower()]), body), (start, end)


def _ministers(field: str) -> tuple[str, ...]:
    return f"{field} minister", f"minister of {field}", f"minister for {field}"


def offices_in(text: str) -> Iterator[Office]:
    """Every office that a sentence speaks of, with the words in front that make it one of its kind."""
    for match in re.finditer(rf"(?<![\w-])(?:{_HEADS})\b(?!-)", text, re.I):
        left = in_front(text, match.start())
        mods = [word for word in left.words if word in OTHER_OFFICE]
        yield Office((" ".join([*mods, match.group().lower()]),), frozenset(mods), ())


def leading(body: tuple[tuple[str, ...], ...], of: tuple[str, ...]) -> Office:
    """The office of whoever leads a body, by whatever name."""
    return Office(_LEADING_WORDS, frozenset(), body, of)


@dataclass(frozen=True)
class Front:
    """What stands in front of an office's head: its words, whose it is, and where the phrase starts."""

    words: tuple[str, ...]
    owner: str
    determined: bool
    start: int


def in_front(text: str, end: int, own: bool = False) -> Front:
    words: list[str] = []
    owner: list[str] = []
    start, determined = end, False
    for match in reversed(list(re.finditer(r"[\w’'.-]+", text[max(0, end - 80) : end]))):
        at = max(0, end - 80) + match.start()
        if text[at + len(match.group()) : start].strip(" "):
            break
        word = match.group()
        possessive = bool(re.search(r"(?:['’]s|s['’])\Z", word))
        if owner and not word[0].isupper():
            determined = determined or word.lower() == "the"
            break
        if possessive or word[0].isupper() and word.lower() not in _STOPS | ACTING | ENDED | OTHER_OFFICE:
            if own and at == 0 and not possessive:
                break
            owner.insert(0, re.sub(r"['’]s?\Z", "", word))
            determined, start = True, at
            continue
        if word.lower() in _STOPS:
            if word.lower() in _DETERMINERS:
                determined, start = True, at
            if word.lower() in ("its", "their", "whose"):  # "South Korea sent its prime minister"
                named = [name for found in re.finditer(NAME, text[:at]) if (name := person(found.group()))]
                owner = named[-1 if word.lower() == "whose" else 0].split() if named else []
            break
        if len(words) == 4:
            break
        words.insert(0, word.lower())
        start = at
    parts = tuple(part for word in words for part in (word.split("-") if word.startswith(("ex-", "vice-")) else [word]))
    return Front(parts, " ".join(owner), determined, start)
