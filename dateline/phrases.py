"""The phrases a question is about: names, places, times and things, found by small word lists and word order.

No tagger and no model: questions are short and built alike (an auxiliary, a subject, a verb), and a follow-up only
needs to know which few phrases an earlier question spoke of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "place", "name", "time", "thing"]

TOKEN = re.compile(r"[^\W_]+(?:[-'’.&/][^\W_]+)*")


def _words(text: str, between: str | None = None) -> frozenset[str]:
    return frozenset(" ".join(word.split()) for word in text.split(between))


DETERMINERS = _words(
    """
    the a an this that these those some any all both each every its their his her my your our no
    """
)
AUXILIARIES = _words(
    """
    is are was were be been being am do does did has have had can could will would shall should may might must
    isn't aren't wasn't weren't doesn't don't didn't hasn't haven't can't couldn't won't wouldn't
    """
)
# Auxiliaries after which the subject is followed by a bare verb: "did NP visit", never "is NP visit".
BEFORE_VERB = _words(
    """
    do does did can could will would shall should may might must doesn't don't didn't
    """
)
QUESTION_WORDS = _words(
    """
    who whom whose what which when where why how what's who's where's when's how's
    """
)
PREPOSITIONS = _words(
    """
    of in on at to from for with by about into onto over under after before during since until till between among
    against through without within near across as than like besides toward towards per via behind beyond around up
    down out off along despite except regarding according inside outside above below compared versus vs instead
    because
    """
)
PRONOUNS = _words(
    """
    i you he she it we they me him us them one ones mine yours hers ours theirs himself herself itself themselves
    someone anyone everyone something anything everything nothing nobody it's that's there's i'd i'm i've you're
    they're he's she's we're it'll let's
    """
)
_OTHER = _words(
    """
    and or but if so then there here not also just only even ever never already still yet again too very much many
    more most less least few several other another else such same last first next really actually currently
    usually typically often always sometimes recently now today ago soon once long far old away back well exactly
    mostly commonly originally while whether though although please ok okay oh no yes thanks wow hmm cool
    interesting tell me describe give show explain list name earlier later mentioned heard meant
    """
)
_VERBS = _words(
    """
    happen work compare differ cause use help start begin end stop change affect impact influence become develop
    create build invent discover find form live die grow eat drink cook cost pay buy sell win lose play write read
    speak mean include contain need want try treat prevent cure improve increase decrease reduce rise fall spread
    survive escape arrive leave return visit meet sign join announce attack kill invade govern rule lead run vote
    elect resign appoint launch produce make get take give go come see know think say ask look keep let put seem
    feel call move believe bring provide stand set hold turn show follow learn serve add open walk offer remember
    love consider appear wait expect stay spend receive respond compete replace shift choose fix spoil fly swim
    travel taste smell last require relate originate contribute protect fight celebrate perform record star marry
    talk choke decide agree refuse accept reject support oppose host travel plan lift ease tie restore reopen
    """
)
_IRREGULAR = _words(
    """
    made known found built written held born called done given taken won lost sold bought paid eaten grown seen
    said told led met left sent spent kept caught fought taught brought thought put set cut hit struck shot hurt
    run begun broken chosen driven drawn fallen flown forgotten frozen hidden spoken stolen thrown understood worn
    became began came did went gave got knew rose saw stood took wrote happened
    """
)
# Words that follow their noun in a question ("is honey bad for you") and are no part of it there.
_PREDICATES = _words(
    """
    bad good safe dangerous effective important different similar better worse best possible famous popular legal
    illegal true false healthy expensive cheap common mandatory married alive dead related responsible available
    necessary useful successful hard easy likely able tired worth apart involved interested worried aware
    """
)
_ORGANISATION = re.compile(
    r"\b(?:League|Union|Party|Council|University|Company|Corp|Inc|Ministry|Bank|Army|Agency|Court|Senate|House|"
    r"Congress|"
    r"Parliament|Committee|Commission|Office|Department|Association|Federation|Organi[sz]ation|Group|Club|Team|Games|"
    r"Cup|War|Act|Treaty|Agreement|Summit|Initiative|Nations|Fund|Forum|Institute|School|Movement|Front|Forces|Street|"
    r"Road|River|Sea|Ocean|Lake|Mount|Island|City|Bridge|Tower|Station|Airport|Port|Harbour|Harbor|Pier|Dam|Canal|"
    r"Tunnel|Railway|Ferry|Park|Square|Market|Hospital|Museum|Library|Theatre|Stadium|Church|Cathedral|Mosque|Temple|"
    r"Palace|Castle|Hotel|Factory|Mine|Hall|Valley|Bay|Prize|Award|Project|Programme|Program|Plan|Day|Week|Festival)\b"
)
# Whose title stands for the name: "the Duke of Ashmere", "the Pope".
_TITLED = re.compile(
    r"(?:[Tt]he )?(?:(?:Crown )?Prince|Princess|King|Queen|Duke|Duchess|Earl|Emir|Sultan|Pope|President|"
    r"Prime Minister|Chancellor)(?: of (?:the )?[A-Z].*)?"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
TIME = re.compile(
    rf"\b(?:\d{{1,2}}\s+{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|"
    rf"{_MONTH}\s+\d{{4}}|"
    rf"\d{{4}}-\d{{2}}-\d{{2}}|(?:1[5-9]|20)\d\d(?!\d)|(?:last|this|next)\s+(?:year|month|week|decade|century)|"
    rf"yesterday|today)\b"
)
MONTH = re.compile(_MONTH)
# A weekday or month without its year: no name, and no time that can be carried to another question.
_LOOSE = re.compile(
    r"\b(?i:on|in|since|until|by|early|late|last|next|this)\s+"
    rf"(?P<time>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{_MONTH})\b"
)

_EVENTS = _words(
    """
    earthquake quake war election attack summit meeting visit trip flood fire storm hurricane crash shooting
    strike protest coup invasion explosion blast trial vote referendum game match final race festival ceremony
    wedding funeral launch eruption drought famine outbreak pandemic epidemic massacre siege battle raid ceasefire
    talk conference uprising revolution riot rally landslide wildfire tsunami cyclone typhoon derailment collapse
    assassination arrest merger takeover scandal blackout
    """
)

# Countries, and cities that stand for them in the news: what "there" may mean when no preposition tells.
PLACES = _words(
    """
    afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus
    belgium bolivia bosnia botswana brazil britain bulgaria burundi cambodia cameroon canada chad chile china
    colombia congo croatia cuba cyprus czechia denmark ecuador egypt england eritrea estonia ethiopia europe
    africa asia finland france gabon gambia gaza georgia germany ghana greece guatemala guinea haiti honduras
    hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya kosovo
    kuwait kyrgyzstan laos latvia lebanon liberia libya lithuania luxembourg madagascar malawi malaysia mali malta
    mauritania mexico moldova monaco mongolia montenegro morocco mozambique myanmar namibia nepal netherlands
    nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar
    romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden
    switzerland syria taiwan tajikistan tanzania thailand tibet tunisia turkey turkmenistan uganda ukraine uruguay
    uzbekistan venezuela vietnam wales yemen zambia zimbabwe abuja ankara athens baghdad baku bangkok beijing
    beirut berlin brussels bucharest budapest cairo canberra caracas copenhagen dakar damascus delhi dhaka doha
    dubai dublin geneva hanoi havana helsinki islamabad istanbul jakarta jerusalem kabul kampala khartoum kyiv
    kiev lagos lima lisbon london madrid manama manila moscow muscat nairobi oslo ottawa paris prague pyongyang
    riyadh rome seoul shanghai sofia stockholm sydney taipei tashkent tbilisi tehran tokyo tripoli tunis vienna
    warsaw washington wellington hangzhou aleppo homs idlib hong-kong chicago boston seattle california texas
    florida alaska hawaii us usa uk uae nyc u.s u.k
    """
) | _words(
    """
    abu dhabi, united states, united kingdom, united arab emirates, saudi arabia, south korea, north korea, south
    africa, new zealand, sri lanka, hong kong, new york, new york city, new delhi, burkina faso, costa rica, el
    salvador, sierra leone, ivory coast, south sudan, east timor, papua new guinea, soviet union, los angeles, san
    francisco, tel aviv, dominican republic, czech republic, mexico city, salt lake city, las vegas, north
    america, south america, latin america, middle east, west bank, northern ireland, puerto rico
    """,
    between=",",
)


@dataclass(frozen=True)
class Phrase:
    """A phrase by its place in the question: `question[start:end] == text`, determiner included.

    `before` is the lower-cased word straight in front of it; `subject` says that it follows the auxiliary, `owner` that
    "'s" follows it, `inside` that it is a time within a phrase ("the 2018 World Cup").
    """

    text: str
    start: int
    end: int
    kind: Kind
    plural: bool
    before: str = ""
    subject: bool = False
    owner: bool = False
    inside: bool = False

    @property
    def event(self) -> bool:
        """Whether it names something that happens: what "it" is in "when did it happen?"."""
        return self.kind in {"thing", "name"} and self.text.split()[-1].lower().removesuffix("s") in _EVENTS

    @property
    def central(self) -> bool:
        """Whether it is what another phrase is a part or a property of, or what the question asks about outright."""
        return self.owner or self.before in {"of", "about", "between", "describe"}


_PARTICLE = re.compile(r"(?:al|el|as|ad|ar|an|ben|bin|d|o)[-'’][A-Z]|\d+[A-Z]+\Z")


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or bool(_PARTICLE.match(self.text))


def phrases(question: str) -> tuple[Phrase, ...]:
    """The noun phrases, names and times of a question, in order. A phrase never spans "of": both sides are given."""
    times = [
        Phrase(
            found[0], found.start(), found.end(), "time", False, _before(question, found.start()), inside=_inside(found)
        )
        for found in TIME.finditer(question)
    ]
    apart = [(time.start, time.end) for time in times if not time.inside]
    apart += [found.span("time") for found in _LOOSE.finditer(question)]
    rest = question
    for start, end in apart:
        rest = rest[:start] + "," * (end - start) + rest[end:]
    return tuple(sorted([*times, *_chunks(rest)], key=lambda phrase: phrase.start))


def _inside(time: re.Match[str]) -> bool:
    """Whether a time belongs to the noun after it: "the 2018 World Cup", not "in 2018" nor "the last year of"."""
    after = TOKEN.match(time.string, time.end() + 1)
    return (
        after is not None
        and time.string[time.end()].isspace()
        and time[0][-1].isdigit()
        and _before(time.string, time.start()) in DETERMINERS
        and after[0].lower() not in PREPOSITIONS | AUXILIARIES | _OTHER
    )


def is_plural(words: str) -> bool:
    """Whether a phrase reads as more than one: by its last word's ending, or an "and"."""
    if re.search(r"\s(?:and|&)\s", words):
        return True
    last = words.split()[-1].lower() if words.split() else ""
    if last in {"people", "men", "women", "children", "police", "media", "data", "teeth", "mice", "feet"}:
        return True
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "ics", "news", "'s", "’s")) and len(last) > 3


def kind_of(words: str, before: str = "") -> Kind:
    """What a capitalised phrase names: a place by list or preposition, a person unless something speaks against it."""
    bare = re.sub(r"^the\s+", "", words, flags=re.IGNORECASE)
    if bare.lower() in PLACES:
        return "place"
    if _TITLED.fullmatch(words):
        return "person"
    if _ORGANISATION.search(bare) or bare.isupper() or words.lower().startswith("the ") or any(map(str.isdigit, bare)):
        return "name"
    if before in {"in", "at", "near"}:
        return "place"
    return "person" if len(bare.split()) <= 4 else "name"


def dated(time: str) -> str:
    """A time as it is said of an event: "in 2004", "on 3 May 2021", "last year"."""
    if re.fullmatch(r"\d{4}|[A-Z][a-z]+ \d{4}", time):
        return f"in {time}"
    return f"on {time}" if any(map(str.isdigit, time)) else time


def _before(question: str, at: int) -> str:
    words = TOKEN.findall(question[:at][-40:])
    return words[-1].lower() if words else ""


def _chunks(question: str) -> Iterator[Phrase]:
    words = [_Word(match[0], match.start(), match.end()) for match in TOKEN.finditer(question)]
    inverted = -1  # index of the auxiliary whose subject comes next
    at = 0
    while at < len(words):
        word = words[at]
        if word.lower in AUXILIARIES:
            inverted = at if _asks(words, at, question) else inverted
        first = at
        if word.lower in DETERMINERS:
            at += 1
        elif _stops(words, at) and word.lower not in PREPOSITIONS and word.lower not in AUXILIARIES:
            at += 1
            continue
        last = _run(words, at, question, words[inverted].lower if 0 <= inverted == first - 1 else "")
        if last == at or words[at].lower in _PREDICATES and last == at + 1:
            at = max(at, first + 1)
            continue
        chosen = words[at:last]
        text = question[words[first].start : chosen[-1].end]
        end = chosen[-1].end
        owner = False
        for possessive in ("'s", "’s"):
            if text.endswith(possessive):
                owner = True
                text, end = text[: -len(possessive)], end - len(possessive)
                break
        before = words[first - 1].lower if _adjoins(words, first, question) else ""
        worded = [part for part in chosen if not part.text.isdigit()] or chosen
        named = all(part.capital for part in worded) and (at > 0 or len(chosen) > 1 or _opens_with_name(words, last))
        named = named or bool(_TITLED.fullmatch(text))
        kind: Kind = kind_of(text, before) if named else "name" if worded[0].capital and at > 0 else "thing"
        subject = 0 <= inverted == first - 1
        yield Phrase(text, words[first].start, end, kind, is_plural(text), before, subject, owner)
        at = last


def _opens_with_name(words: list[_Word], after: int) -> bool:
    """Whether a capital at the very start is a name's: by the list of places, or by the verb after it."""
    if words[0].lower in PLACES:
        return True
    return after < len(words) and (words[after].lower in AUXILIARIES or words[after].lower.endswith("ed"))


def _asks(words: list[_Word], at: int, question: str) -> bool:
    """Whether the auxiliary at `at` stands before its subject: first in its sentence or after the question word."""
    before = TOKEN.findall(re.split(r"[.!?;]\s", question[: words[at].start])[-1].lower().replace("’", "'"))
    if any(word in AUXILIARIES for word in before):
        return False  # "did he want it to be the symbol": the first auxiliary has the subject
    return not before or any(word in QUESTION_WORDS for word in before)


def _run(words: list[_Word], at: int, question: str, subject: str) -> int:
    """One past the last word of the phrase that begins at `at`; `at` itself where none begins.

    `subject` is the auxiliary whose subject it is, empty where it is none's.
    """
    first = at
    verb_due = subject in BEFORE_VERB
    passive_due = bool(subject) and not verb_due
    while at < len(words):
        word = words[at]
        if at > first and question[words[at - 1].end : word.start].strip():
            break
        if at > first and words[at - 1].text.endswith(("'s", "’s")):
            break  # "Assad's visit" is two phrases: the owner is what a follow-up takes up
        plain = word.lower
        if _stops(words, at) or plain in DETERMINERS:
            between = at > first and words[at - 1].capital and at + 1 < len(words) and words[at + 1].capital
            # "the Belt and Road" is one name, "Iran and Iraq" are two
            titled = plain == "and" and first > 0 and words[first - 1].lower == "the"
            if not ((plain in {"of", "the", "de"} or titled) and between and words[first].capital):
                break
        elif not word.capital and not plain.isdigit() and at > first:
            if words[at - 1].capital and subject:
                break  # "did Assad visit": what follows a name after its auxiliary is the verb
            if is_verb(plain) and (verb_due or words[first].start == 0 or not _determined(words, first, question)):
                break
            if passive_due and (plain.endswith(("ed", "ing")) or plain in _IRREGULAR):
                break
        elif not word.capital and at == first and is_verb(plain) and not _determined(words, first, question):
            break
        at += 1
    ends = at == len(words) or question[words[at - 1].end : words[at].start].strip()[:1] in {"?", ".", "!"}
    if verb_due and ends and at - first > 1 and not words[at - 1].capital:
        at -= 1  # "how did these languages evolve?": the verb that "did" asks for, though no list knows it
    while at - 1 > first and words[at - 1].lower in _PREDICATES | {"of", "the", "de"}:
        at -= 1
    return at


def _stops(words: list[_Word], at: int) -> bool:
    """Whether a word can be no part of a phrase. In a name any word can: the First Lady, the US, the Last Supper."""
    word = words[at]
    if at > 0 and word.text.isupper() and len(word.text) > 1:
        return False
    if word.lower in AUXILIARIES | QUESTION_WORDS | PRONOUNS:
        return True
    follows = words[at + 1] if at + 1 < len(words) else None
    if word.lower in PREPOSITIONS | _OTHER:
        beside = (words[at - 1].capital and at > 1) or (follows is not None and follows.capital)
        return not (at > 0 and word.capital and beside)
    # "to alter his appearance": a verb that no list knows
    return (
        at > 0
        and words[at - 1].lower == "to"
        and not word.capital
        and follows is not None
        and follows.lower in DETERMINERS | PRONOUNS
    )


def _determined(words: list[_Word], first: int, question: str) -> bool:
    """Whether the word in front says that a noun comes: "the visit", "for work", but "of Elmford | resign"."""
    nouns = DETERMINERS if words[first].capital else DETERMINERS | PREPOSITIONS - {"to"}
    return _adjoins(words, first, question) and words[first - 1].lower in nouns


def _adjoins(words: list[_Word], at: int, question: str) -> bool:
    """Whether nothing but a space parts a word from the one before it."""
    return at > 0 and question[words[at - 1].end : words[at].start].isspace()


def is_verb(plain: str) -> bool:
    if plain in _VERBS or plain in _IRREGULAR:
        return True
    if plain.endswith("ing"):
        stems = {plain[:-3], plain[:-3] + "e", plain[:-4]}
    elif plain.endswith("ed"):
        stems = {plain[:-2], plain[:-1], plain[:-3], plain[:-3] + "y"}
    else:
        stems = {plain.removesuffix("s"), plain.removesuffix("es")}
    return not stems.isdisjoint(_VERBS)
