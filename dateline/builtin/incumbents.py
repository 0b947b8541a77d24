"""Questions about an office: who holds it, held it, came before or after, still does; when somebody came or left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateline.builtin.holders import Holder, Line, line
from dateline.builtin.tenures import VERBS_OF_SUCCESSION, Tenure, statements, succession
from dateline.matching import share_of_names
from dateline.model import Claim, Draft
from dateline.offices import LEADS, Office, leading, ministry_in, office_in, offices_in
from dateline.people import same_person
from dateline.question import Question
from dateline.refusal import written
from dateline.tellings import Telling, said
from index.periods import Period, around

# Statements of an office are read off the words and need no model: what is left is whether they are of this office.
_SURE = 0.8
# Within so many days an office has one holder: the one who is seen in it nearest to them.
_SHORT = 31

_NOW = r"(?:now|currently|today|at present|at the moment|these days)"
_REST = re.compile(
    rf"(?:['’]s (?:duties|work|job|role|post|office|seat|chair|place|position))?\s*(?:{_NOW}|still|in office|yet|"
    rf"as of now|[?.!,]|(?:the|in|on|of|for|during|at|back|as|by|that|time|then)\b)*\s*\Z",
    re.I,
)
_AT_THE_TIME = re.compile(r"\s*at the time of (?:the )?\w+(?: of)?[\s,?.]*\Z", re.I)
_WHO = re.compile(
    rf"\s*(?:and |so )?(?:who(?:['’]s)?|which(?: (?:person|man|woman|politician))?|what is the name of)\s*"
    rf"(?:(?:is|was|were|are|has been|had been|will be|became|becomes|served as|serves as|acts as|"
    rf"(?:was|were|got) (?:elected|appointed|named|chosen|sworn in|made)(?: as)?|took (?:over|office) as|"
    rf"(?:holds|held|has|had|fills|filled|occupies|occupied)(?: the (?:office|post|position|job|role|seat) of)?|"
    rf"(?:carr(?:ies|ied) out|does|did|(?:is|was) doing|performs|performed|took over|takes over)(?: the (?:duties|"
    rf"work|job|role) of)?|"
    rf"(?:stands|stood|steps|stepped) in (?:as|for)|acted as|chairs|chaired)\s+)?"
    rf"(?:{_NOW}\s+|still\s+|then\s+)*(?:the\s+)?",
    re.I,
)
_WHICH = re.compile(r"\s*(?:which|what)\s+(?:office|post|position|job|role)\s+(?:does|did|has|is)\b", re.I)
_STILL = re.compile(r"\s*(?:is|was|are|does|did)\b", re.I)
_BESIDE = re.compile(
    r"\b(?P<word>before|after|preceded|precedes|succeeded|succeeds|replaced|replaces|followed|follows)\b", re.I
)
_BEGAN = re.compile(
    r"\b(?:become|became|take(?:n)? (?:office|over|up)|took (?:office|over|up)|elected|appointed|named|chosen|sworn in|"
    r"installed|"
    r"inaugurated|start(?:ed)? as|begin|began)\b",
    re.I,
)
_ENDED = re.compile(
    r"\b(?:resign(?:ed)?|step(?:ped)? down|stood down|stand down|quit|leave|left|ousted|removed|dismissed|sacked|"
    r"deposed|"
    r"cease[d]?|lose|lost|retire[d]?|fall|fell)\b",
    re.I,
)


_SINCE_WHEN = re.compile(r"\b(?:since when|from when|how long) (?:has|have|is|was|had)\b", re.I)
_FROM = re.compile(r"\s+from\s+[A-Z]")
_WHO_LEADS = re.compile(rf"\s*(?:and |so )?who(?:['’]s)?\s+(?:{_NOW}\s+)?\Z", re.I)
_PHRASE_ENDS = re.compile(
    r"\s*(?:,|\b(?:in|at|on|for|during|when|while|before|after|between|since|until|now|today|currently|these|as|then|"
    r"still|right|that|which|who|to)\b|[?.,!])"
)
_SMALL = frozenset("of the a an and s".split())
_FOLLOWED = re.compile(
    rf"\bwho (?:{VERBS_OF_SUCCESSION}) (?P<followed>.+)|"
    r"\bwhom? did (?P<follower>.+?) (?:succeed|replace|follow|take over from|beat|defeat|oust|unseat)\b|"
    r"\bwho(?:['’]s| is| was| became) (?P<whose>.+?)['’]s? (?P<which>successor|predecessor)\b|"
    r"\bwho(?:['’]s| is| was) the (?P<kind>successor|predecessor) (?:of|to) (?P<to>.+)",
    re.I,
)
_TWO_TIMES = re.compile(
    r"\bbetween (?:(?:his|her|[\w’'-]+['’]s|the) )?(?:two|first and (?:the )?second) (?:spells|terms|stints|times|"
    r"periods|stays)\b",
    re.I,
)


@dataclass(frozen=True)
class Asked:
    """What a question asks of an office: its holder, whether somebody holds it, when somebody came or left."""

    office: Office
    wants: str  # "holder", "whether", "came", "left", "before", "after", "between", "amid", "office"
    name: str | None = None
    other: str | None = None


def asked(question: Question) -> Asked | None:
    """The office question in a question, None where it asks something else."""
    text = question.parted
    if question.names and _WHICH.match(text):
        return Asked(_ANY, "office", " ".join(question.names[0]))
    found = _led(question) or office_in(text, question.names)
    if found is None:
        return _beside(question)
    office, (start, end) = found
    kind = {
        "ministry",
        *office.mods,
        *office.words,
    }  # "the Interior Ministry", "minister responsible for labor": no person
    others = [name for name in question.names if name not in office.body and not kind & {word.lower() for word in name}]
    name = " ".join(others[0]) if others else None
    if question.kind == "yes-no" and name is None:
        name = _asked_of(text, office)
        office = replace(office, body=tuple(body for body in office.body if " ".join(body) != name))
    if question.kind == "when" and name:
        if _BEGAN.search(text) or _SINCE_WHEN.search(question.standalone):
            return Asked(office, "came", name)
        if _ENDED.search(text):
            return Asked(office, "left", name)
        return None
    if question.kind == "yes-no" and name and _STILL.match(text) and (start <= len(text) and _REST.match(text, end)):
        return Asked(office, "whether", name)
    # "mayor of Elmford in May 2018?" is asked without "who".
    opening = _WHO.match(text) or (re.match(r"\s*(?:the )?", text) if question.kind == "what" and start < 5 else None)
    if opening is None or question.kind not in ("who", "what"):
        return None
    if name and _TWO_TIMES.search(question.standalone):
        return Asked(office, "amid", name)
    if question.time.relation == "between" and len(others) == 2:
        return Asked(office, "between", name, " ".join(others[1]))
    if name and _FROM.match(text, end):
        return Asked(office, "after", name)
    word = _BESIDE.search(question.standalone)
    if word and name:
        back = word["word"].lower() in ("before", "preceded", "precedes") or (
            word["word"].lower().startswith(("succeeded", "replaced", "followed"))
            and "did" in question.standalone.lower()
        )
        return Asked(office, "before" if back else "after", name)
    if start > opening.end() + 1 or name:
        return None
    dated = question.time.window is not None and _AT_THE_TIME.match(text, end)
    return Asked(office, "holder") if dated or _REST.match(text, end) else None


_ANY = Office((), frozenset(), ())


def _asked_of(text: str, office: Office) -> str | None:
    """The person in "Is Ada Finch finance minister?", where the name stands like that of the office's body."""
    verb = _STILL.match(text)
    rest = text[verb.end() :].lstrip() if verb else ""
    names = (" ".join(body) for body in office.body)
    return next((name for name in names if rest.startswith(f"{name} ")), None)


def _led(question: Question) -> tuple[Office, tuple[int, int]] | None:
    """The office of whoever "runs" or "is in charge of" a body, and where the question speaks of it."""
    text = question.parted
    verb = LEADS.search(text)
    if verb is None or not _WHO_LEADS.match(text[: verb.start()]):
        return None
    led = text[verb.start("what") :]
    led = led[: cut.start()] if (cut := _PHRASE_ENDS.search(led)) else led
    if found := ministry_in(text, question.names):
        return found[0], (verb.start(), found[1][1])
    if office_in(led, question.names):
        return None  # "took over the mayor's duties"
    body = tuple(name for name in question.names if " ".join(name).lower() in led.lower())
    named = {part.lower() for name in body for part in name}
    of = tuple(word for word in re.findall(r"\b[a-z][\w-]+", led) if word not in _SMALL and word not in named)
    if not (body or of):
        return None
    return leading(body, of if not body else of[:1]), (verb.start(), verb.start("what") + len(led))


def _beside(question: Question) -> Asked | None:
    """Who came before or after somebody in an office that the question does not name."""
    match = _FOLLOWED.search(question.standalone)
    if match is None or question.kind != "who":
        return None
    said = match["followed"] or match["follower"] or match["whose"] or match["to"]
    name = next((" ".join(name) for name in question.names if " ".join(name) in said), None)
    back = match["follower"] or (match["which"] or match["kind"] or "").lower() == "predecessor"
    return Asked(_ANY, "before" if back else "after", name) if name else None


def answer(question: Question, asked: Asked, told: Sequence[Telling]) -> Draft | None:
    """The answer as a draft, with a reason where the articles leave the office empty; None where they say nothing."""
    window = question.time.window
    relation = question.time.relation
    until = window.end if window and relation == "as-of" else None
    if asked.wants == "office":
        return _post(asked.name or "", told, window)
    if asked.office == _ANY:
        return _neighbour(question, asked, told)
    known = line(asked.office, told, until, asked.name)
    if asked.name and not known.holder(asked.name) and asked.office.mods and not asked.office.ministry:
        # "central bank governor" of somebody who is called governor: which one is known by the name.
        known = line(Office((asked.office.words[0].split()[-1],), frozenset(), ()), told, until, asked.name)
    if not known.holders:
        return Draft(reason="") if asked.wants == "holder" and not asked.office.leads else None
    match asked.wants:
        case "came" | "left":
            return _turn(known, asked)
        case "whether":
            return _whether(known, asked, window)
        case "between":
            second = known.holder(asked.other or "")
            earlier = [one for one in known.holders if second and one.start < second.start]
            first = next((one for one in reversed(earlier) if same_person(one.name, asked.name or "")), None)
            if first and second:
                held = [one for one in earlier if first.start < one.start]
            else:  # of one of the two the articles don't say when it was
                both = (asked.name or "", asked.other or "")
                held = [one for one in known.holders if not any(same_person(one.name, name) for name in both)]
            return _holder(held[0], None) if len(held) == 1 else None
        case "amid":
            times = [one for one in known.holders if same_person(one.name, asked.name or "")]
            held = [one for one in known.holders if len(times) > 1 and times[0].start < one.start < times[-1].start]
            held = [one for one in held if one not in times]
            return _holder(held[0], None) if len(held) == 1 else None
        case "before" | "after":
            beside = known.beside(asked.name or "", -1 if asked.wants == "before" else 1)
            return _holder(beside, None) if beside else None
    if question.time.order == "previous":
        now = known.last()
        before = known.beside(now.name, -1) if now else None
        return _holder(before, None) if before else None
    if question.time.order in ("first", "next"):
        return None
    if window is None or relation in ("as-of", "since") or window.end and window.end >= question.asked:
        return _present(known)
    if relation == "after":
        following = [holder for holder in known.holders if window.start and holder.start >= window.start]
        return _holder(following[0], None) if following else None
    short = window.start and window.end and (window.end - window.start).days <= _SHORT
    held = [one for one in (known.at(window),) if one] if short else known.during(window)
    if relation == "before":
        held = held[-1:]
    if not held:
        first = known.holders[0]
        if window.end and relation == "in" and first.start > window.end:
            return Draft(reason=f"the first they name is {first.name}, on {written(first.start)}")
        return None
    if len(held) > 1:
        claims = tuple(Claim(said(one.name, one.newest.telling), (one.newest.telling.quotation,)) for one in held)
        return Draft(claims, " and ".join(one.name for one in held), confidence=_SURE)
    return _holder(held[0], None, window)


def _neighbour(question: Question, asked: Asked, told: Sequence[Telling]) -> Draft | None:
    """Who came before or after somebody: as a sentence says, else in the office that the person is said to hold."""
    name, step = asked.name or "", -1 if asked.wants == "before" else 1
    where = [other for other in question.names if not same_person(" ".join(other), name)]
    for telling in sorted(told, key=lambda one: one.published or date.min, reverse=True):
        pair = None if telling.retracted else succession(telling)
        if pair is None or not same_person(pair[0 if step < 0 else 1], name):
            continue
        if share_of_names(telling.around | telling.located, where) == 1:
            other = _without(pair[1 if step < 0 else 0], where)
            return Draft((Claim(said(other, telling), (telling.quotation,)),), other, confidence=_SURE)
    held = Counter(
        office
        for telling in told
        for office in offices_in(telling.text)
        for one in statements(office, telling)
        if same_person(one.name, name)
    )
    for office, _ in held.most_common(1) if not where else ():
        beside = line(office, told, None, name).beside(name, step)
        return _holder(beside, None) if beside else None
    return None


def _without(name: str, places: Sequence[tuple[str, ...]]) -> str:
    """A name without the place that a sentence puts in front of it: "In Elmford Ada Finch was beaten"."""
    first = next((place for place in places if name.startswith(" ".join(place) + " ")), ())
    return " ".join(name.split()[len(first) :])


def _post(name: str, told: Sequence[Telling], window: Period | None) -> Draft | None:
    """The office that a person is said to hold, by the newest statement, or by the one nearest to a time."""
    held = [
        (one, office.words[0])
        for telling in told
        for office in offices_in(telling.text)
        for one in statements(office, telling)
        if one.status != "leaves" and same_person(one.name, name)
    ]
    if window and window.end:
        at = window.end
        held.sort(key=lambda pair: abs((pair[0].day - at).days))
    else:
        held.sort(key=lambda pair: pair[0].day, reverse=True)
    if not held:
        return None
    one, words = held[0]
    return Draft((Claim(said(words, one.telling), (one.telling.quotation,)),), words, confidence=_SURE)


def _present(known: Line) -> Draft | None:
    last, now = known.last(), known.now()
    if last is None:
        return None if known.office.leads else Draft(reason="")
    if now is None:
        gone = last.left
        assert gone is not None
        return Draft(reason=f"{last.name} left on {written(gone.day)}, and none names who came after")
    place = known.holders.index(now)
    return _holder(now, known.holders[place - 1] if place else None)


def _holder(holder: Holder, before: Holder | None, window: Period | None = None) -> Draft:
    """The holder by the newest statement, how the office was taken where that is another, and who held it before."""
    shown = _nearest(holder, window)
    lead = f"{holder.name}, acting" if shown.acting else holder.name
    claims = [Claim(said(lead, shown.telling), (shown.telling.quotation,))]
    if holder.taken and holder.taken.telling != shown.telling:
        claims.append(
            Claim(said(holder.taken.name, holder.taken.telling, "Taking office"), (holder.taken.telling.quotation,))
        )
    if before is not None:
        last = before.left or before.newest
        claims.append(Claim(said(before.name, last.telling, "Before that"), (last.telling.quotation,)))
    return Draft(tuple(claims), holder.name, confidence=_SURE)


def _nearest(holder: Holder, window: Period | None) -> Tenure:
    """The newest statement, or of a past time the one made nearest to it."""
    if window is None:
        return holder.newest
    at = window.end or window.start or date.max
    held = [one for one in holder.said if one.status != "leaves"] or list(holder.said)
    return min(held, key=lambda one: abs((one.day - at).days))


def _whether(known: Line, asked: Asked, window: Period | None) -> Draft | None:
    """Whether a person holds the office, now or in a past time."""
    holder = known.holder(asked.name or "")
    if window is not None and window.end:
        held = known.during(window)
        if not held:
            return None
        yes = holder in held
        shown = _nearest(holder if yes and holder else held[-1], window)
        return _settled("Yes" if yes else "No", [shown])
    now = known.now()
    if now is not None and now is holder:
        return _settled("Yes", [now.newest])
    proof = [one for one in (now.newest if now else None, holder.left if holder else None) if one]
    return _settled("No", proof) if proof else None


def _settled(short: str, proof: Sequence[Tenure]) -> Draft:
    claims = tuple(
        Claim(said(short if number == 0 else one.name, one.telling), (one.telling.quotation,))
        for number, one in enumerate(proof)
    )
    return Draft(claims, short, confidence=_SURE)


def _turn(known: Line, asked: Asked) -> Draft | None:
    """The day on which a person took the office or left it."""
    holder = known.holder(asked.name or "")
    turn = holder and (holder.taken if asked.wants == "came" else holder.left)
    if not turn:
        return None
    period = turn.since or turn.period or Period(turn.day, turn.day, "day")
    if period.end is None and period.start:
        period = (
            around(period.start, period.unit) if period.unit != "range" else Period(period.start, period.start, "day")
        )
    return Draft((Claim(said(str(period), turn.telling), (turn.telling.quotation,)),), str(period), confidence=_SURE)
