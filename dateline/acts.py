"""What is done, in whatever verb or noun: a visit is a trip, a journey, a stay. A few general classes of acts.

The classes are those that news is made of, in everyday English; a word may be in more than one ("receive" is a
visit and
a meeting). A verb that is in none stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dateline.matching import has, stem
from dateline.phrases import is_verb

_CLASSES = {
    "go": """visit trip travel tour journey go goes going went gone come came coming arrive arrival fly flew flown
        land return receive welcome host guest attend drive drove""",
    "meet": "meet met meeting talk conversation conversations receive see saw seen summit host welcome encounter",
    "speak": "say said speak spoke speech tell told announce declare state address statement",
    "die": "die dead death deaths kill fatality fatalities toll perish lives victim",
    "hurt": "hurt injure injury injuries wound casualty",
    "begin": "begin began begun start open launch inaugurate inauguration opening",
    "reopen": "reopen open restore",
    "end": "end close closing finish finished conclude shut over",
    "sign": "sign signature seal signing join",
    "agree": "agree agreement deal accord pact vote approve decide decision",
    "win": "win won victory beat defeat",
    "lose": "lose lost defeat",
    "found": "found establish set create form",
    "marry": "marry wedding married",
    "born": "born birth",
    "arrest": "arrest detain custody jail",
    "burn": "burn burnt fire blaze",
    "flood": "flood flooding overflow burst",
    "quake": "earthquake quake tremor",
    "strike": "strike walkout stoppage",
    "work": "work resume resumption",
    "rob": "rob robbery robbed burgle burglary theft thief thieves steal stole stolen loot",
    "find": "find found discover discovery recover recovery trace",
    "damage": "damage destroy wreck ruin lost devastate",
    "sail": "sail sailed sailing voyage",
    "protest": "protest rally demonstration demonstrate demonstrator march",
    "take": "take took taken capture seize conquer",
    "elect": "elect election vote poll",
    "leave": "resign resignation quit leave left retire oust depart departure",
    "office": "become became appoint appointment inaugurate oath",
    "build": "build built construct construction complete",
    "join": "join enter accede membership admit",
    "suspend": "suspend suspension expel",
    "move": "move moved relocate",
    "report": "report reported",
    "raise": "raise rise rose increase",
    "fall": "fall fell fallen drop decrease",
    "send": "send sent",
    "reach": "reach arrive cross enter come came",
    "perform": "perform performance sing sang sung concert recital gig play played appear appearance stage singer",
    "collapse": "collapse cave subside subsidence landslide landslip slide rockfall avalanche give gave",
    "crash": "crash collide collision derail derailment wreck",
    "sink": "sink sank sunk capsize founder",
    "explode": "explode explosion blast detonate bomb bombing",
    "rescue": "rescue save lift free freed pull bring brought",
    "evacuate": "evacuate evacuation",
    "dismiss": "dismiss dismissal sack fire fired remove removal oust throw thrown threw depose suspend topple",
    "choose": "choose chose chosen elect election appoint appointment name pick select",
    "rule": "rule ruling judgment judgement verdict acquit uphold upheld",
    "convict": "convict conviction sentence guilty",
    "overturn": "overturn quash annul reverse void nullify",
    "ratify": "ratify ratification",
    "sue": "sue lawsuit suit",
    "publish": "publish publication release report issue",
    "unveil": "unveil present show reveal",
    "cancel": "cancel cancellation scrap drop call axe abandon",
    "delay": "delay postpone postponement defer",
    "ban": "ban prohibit outlaw forbid forbade banned",
    "buy": "buy bought purchase acquire acquisition takeover",
    "sell": "sell sold sale",
    "merge": "merge merger union unite unification",
    "resume": "resume resumption restart reopen",
    "celebrate": "celebrate celebration anniversary mark feast festival",
    "bury": "bury burial funeral laid",
    "invade": "invade invasion attack raid assault offensive",
    "withdraw": "withdraw withdrew withdrawal pull retreat",
    "break": "break broke broken breach rupture",
    "fail": "fail failure",
    "pass": "pass passed approve approval adopt adoption",
    "hold": "hold held host stage",
}
# Acts told in more than one word.
_PHRASES = (
    (
        frozenset({"strike"}),
        r"walk(?:s|ed|ing)? (?:out|off)|stop(?:s|ped)? work|down(?:s|ed)? tools|(?:went|go|gone|goes) on strike",
    ),
    (frozenset({"work"}), r"(?:went|go|gone|were|was|are|be|been) back (?:to|at) work"),
    (frozenset({"rob"}), r"br(?:oke|eak|eaks|oken) in(?:to)?"),
    (frozenset({"leave"}), r"step(?:s|ped)? down|st(?:ood|and|ands) down|g(?:ave|ive|iven) up|(?:was|were) voted out"),
    (
        frozenset({"office"}),
        r"t(?:ook|ake|akes|aken) (?:over|office|up)|sworn in|takes? the oath|voted (?:back )?in|get back in",
    ),
    (frozenset({"end"}), r"g(?:ave|iven) up|c(?:ame|ome) to an end|laid up|wound up"),
    (frozenset({"begin"}), r"br(?:oke|eak|oken) out|got under way|set off"),
    (
        frozenset({"go"}),
        r"set foot|pa(?:y|id|ys) (?:a|the|his|her|their|its) (?:\w+ )?visit|spen(?:t|d) \w+ (?:in|at)|dined in|"
        r"g(?:ot|et|ets) to(?= [A-Z])",
    ),
    (
        frozenset({"perform"}),
        r"(?:took|take|takes|taken) the stage|(?:gave|give|gives|given) (?:\w+ ){1,3}(?:songs|encores|concert|recital)",
    ),
    (frozenset({"collapse"}), r"c(?:ame|ome) down|ca(?:ve|ved|ves|ving) in|g(?:ave|ive|iven) way"),
    (frozenset({"convict"}), r"found guilty"),
    (frozenset({"overturn"}), r"(?:thr(?:ow|ew|ows|own)) out|set aside|struck down"),
    (frozenset({"dismiss"}), r"relieved of|shown the door|forced out|voted out"),
    (frozenset({"cancel"}), r"called off"),
    (frozenset({"delay"}), r"put (?:off|back)"),
    (frozenset({"die"}), r"los(?:t|e) (?:their|his|her) li(?:fe|ves)|passed away"),
)
_TURNS = frozenset({"begin", "end", "reopen"})
# Acts that last: what is told of neighbouring days is one of them.
LASTING = frozenset({"go", "meet"})
_BEING = re.compile(r"\b(?:was|were|is|are|been|be|sat|appeared|seen|landed|back|there)\b", re.I)
_WORD = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in _CLASSES.items():
        for word in words.split():
            found.setdefault(stem(word), set()).add(name)
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


def classes(word: str) -> frozenset[str]:
    """The classes of acts that a word tells of; none for a word that tells of none."""
    word = word.lower()
    return _table().get(word) or _table().get(stem(word)) or frozenset()


def alike(word: str) -> list[str]:
    """The word and the other words of its classes, those of one class alone."""
    named = classes(word)
    return [word, *(other for name in named if len(named) == 1 for other in _CLASSES[name].split() if other != word)]


@lru_cache(maxsize=1)
def _told_in_phrases() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    return tuple((names, re.compile(rf"\b(?:{pattern})\b", re.I)) for names, pattern in _PHRASES)


def act(words: list[str], text: str = "") -> frozenset[str]:
    """What the words of a question ask about: the classes of its first verb or act, or that verb's own stem."""
    for names, pattern in _told_in_phrases():
        if pattern.search(text):
            return names
    # "The strike ended" is about an end, and not about a strike; "agreed to open" is about an agreement.
    turns = [word for word in words if classes(word) and classes(word) <= _TURNS]
    if turns and not re.search(rf"\bto {re.escape(turns[-1])}", text, re.I):
        return classes(turns[-1])
    for word in words:
        if found := classes(word):
            return found
    for word in words:
        if is_verb(word.lower()):
            return frozenset({stem(word)})
    return frozenset()


def is_class(wanted: frozenset[str]) -> bool:
    """Whether an act is of a class, and not one verb for itself."""
    return bool(wanted & _CLASSES.keys())


def done(text: str, wanted: frozenset[str]) -> Iterator[re.Match[str]]:
    """Where a text has words of one of these classes, or, for one without a class, the verb itself."""
    for names, pattern in _told_in_phrases():
        if names & wanted:
            yield from pattern.finditer(text)
    for match in _WORD.finditer(text):
        word = match.group()
        if classes(word) & wanted or stem(word) in wanted:
            yield match


def share(told: frozenset[str], terms: Sequence[str]) -> float:
    """Which share of a question's words a text has, an act by any word of its class; `told` are the text's stems."""
    names = {name for word in told for name in classes(word)}
    return sum(has(told, term) or bool(classes(term) & names) for term in terms) / len(terms) if terms else 1.0


def being(text: str) -> Iterator[re.Match[str]]:
    """Where a text says that somebody was somewhere."""
    yield from _BEING.finditer(text)
