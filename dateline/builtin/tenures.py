"""Who holds an office: what sentences say of its being taken, held and left.

A statement names a person, an office and what became of it: "Mayor Ada Finch", "Ada Finch, the mayor of Elmford", "was
elected mayor", "resigned as mayor", "former mayor". Acting and caretaker holders are told apart; a deputy is another
office. `dateline.builtin.holders` puts the statements in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dateline.matching import has, roots, stem
from dateline.offices import (
    ACTING,
    AHEAD,
    ENDED,
    ENTERING,
    LEADING,
    LEADS,
    MANY,
    OF,
    OTHER_OFFICE,
    QUALIFYING,
    Front,
    Office,
    in_front,
    offices_in,
)
from dateline.people import NAME, person, same_person
from dateline.phrases import PLACES
from dateline.tellings import Telling
from index import periods
from index.mentions import Mention
from index.periods import Period
from index.tense import tense

Status = Literal["takes", "holds", "held", "leaves", "due"]
# Where it stands of which body an office is: beside it, in the sentences around, in the article's title or the place it
# was filed from, nowhere; or it is another body's.
Bound = Literal["named", "near", "setting", "unplaced", "elsewhere"]
_SUBJECT_TAIL = re.compile(
    r"(?:[\s,]+(?:has|had|have|was|were|is|are|been|be|being|will|would|then|later|also|since|first|again|now|still|"
    r"himself|herself|to|on \w+day|\w+ly))*[\s,]*\Z"
)
# Code points that a comma between a time and a verb counts for, and a time's place in front of the verb.
_PARTED, _FRONT = 40, 15
_NAME_LAST = re.compile(rf"(?P<name>{NAME})\Z")
_RELATIVE = re.compile(rf"(?P<name>{NAME}),? who\Z")
_ASIDE = re.compile(rf"(?P<name>{NAME}), (?:who|whose|whom|the|a|an|aged|\d|her|his|its|which|[a-z])[^;]*,\Z")
_PRONOUN = re.compile(r"(?:\A|[\s,])(?:[Hh]e|[Ss]he)\Z")
_TAKEN = (
    r"re-?elected|elected|appointed|reappointed|named|chosen|confirmed|installed|sworn in|inaugurated|proclaimed|"
    r"declared|voted in|picked|selected|crowned|made"
)
_VERBS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "leaves",
        re.compile(
            r"\b(?:(?:resign|retire|step(?:ped)? down|stood down|stands? down|quit|remov|oust|dismiss|sack|fir|depos|"
            r"vot(?:e|ed) out|left office|replac|suspend)(?:ed|d|s|es)?(?: from (?:(?:his|her|"
            r"the) )?\w+)?(?: on \w+day)? as|"
            r"no longer|ceased to be|stopped being|gave up the (?:post|office) of)\Z"
        ),
    ),
    ("acts", re.compile(r"\b(?:stands?|stood|standing|steps?|stepped|fill(?:s|ed)?) in (?:as|for)\Z")),
    (
        "takes",
        re.compile(
            r"\b(?:(?:has |had )?becom(?:es?|ing)|became|(?:took|takes?|taking) (?:office|over|up (?:the|his|"
            r"her) post) as|"
            r"(?:took|takes) the (?:oath|oath of office) as|(?:began|started)(?: work)? as|return(?:ed|s) as)\Z"
        ),
    ),
    ("elects", re.compile(rf"\b(?:{_TAKEN})(?: (?:as|to be))?\Z")),
    (
        "chooses",
        re.compile(
            r"\b(?:re-?elect(?:ed|s)?|appoint(?:ed|s)?|nam(?:ed|es)|chose|chooses|installed|confirmed|picked|made|"
            r"swore in|"
            rf"elevated|promoted) (?P<name>{NAME})(?: (?:as|to be|to become))?\Z"
        ),
    ),
    ("holds", re.compile(r"\b(?:is(?: still| now| currently)?|remains|has been|serves as|acts as|stays(?: on)? as)\Z")),
    ("held", re.compile(r"\b(?:was(?: then| still)?|had been|served as|acted as|worked as)\Z")),
)
_CHOSEN = re.compile(r"\b(?:re-?elect(?:ed|s)|elect(?:ed|s)|voted in|proclaimed|declared|chosen|chose|picked)\b")
_APPOSED = re.compile(
    rf"(?P<name>{NAME})(?: \(|, )(?:(?:who|now|then|already) )?(?:(?P<verb>is|was|became|has been|had been|"
    rf"serves as) )?\Z"
)
_AFTER_APPOSITION = re.compile(r"\Z|[,.;)]| (?:who|since|until|from|appointed|elected|named|and)\b")
_NAMED_AFTER = re.compile(rf"(?P<comma>,)? (?P<name>{NAME})")
_IS_NAMED = re.compile(rf" (?:is|was|remains|became|will be)(?: now)? (?P<name>{NAME})(?=[,.;]|$)")
# "In Elmford, eleven miles off, Mayor Reed ...": of which place the sentence speaks.
_IN_PLACE = re.compile(
    rf"\s*(?:In|At|Over in|Down in|Up in) (?P<name>{NAME})(?=,| [A-Z]| the | [a-z]+ (?:mayor|governor))"
)
# What a body is called in a sentence that does not name it, and which offices lead one of that kind.
_TOWN, _LAND = ("town", "city", "village", "municipality", "island"), ("country", "nation", "island")
_REGION = ("province", "region", "island", "state", "county")
_KINDS = (
    (frozenset("mayor provost reeve alderman".split()), _TOWN),
    (frozenset("president premier minister chancellor king queen monarch sultan emir".split()), _LAND),
    (frozenset("governor".split()), _REGION),
)
_UP_TO = re.compile(r" (?:of|in|since|until|till|from|for|at|on|when|and|before|after|while|as|with|by|to|during)\b")
_LEAD_NOW = re.compile(
    r"(?:heads|leads|runs|directs|manages|governs|chairs|commands|looks|conducts)\b|(?:is|remains)\b"
)
_LEAD_NEW = re.compile(r"(?:put|placed|take|took|taking)")
_FOR_NOW = re.compile(r"[^.;]*\b(?:until (?:an?|the|his|her|\w+ (?:is|are))\b|for the time being|for now|meanwhile)")
_HAS = re.compile(r"\b(?:has|have)(?: been)?(?: \w+ly)? *\Z")
# "the mayor's duties", "the mayor's work": what someone else may do for a while.
_DUTIES = re.compile(r"['’]s (?:\w+ )?(?:duties|duty|work|job|tasks|functions|role|powers)\b")
_DOING = re.compile(
    r"\b(?P<will>will |is to )?(?:carr(?:y|ies|ied|ying) out|tak(?:e|es|en|ing) (?:over|on)|took (?:over|on)|"
    r"do(?:es|ing|ne)?|did|perform(?:s|ed|ing)?|exercis(?:es|ed|ing)|assum(?:es|ed|e))\Z"
)
VERBS_OF_SUCCESSION = (
    r"succeed(?:s|ed|ing)?|replac(?:es|ed|ing)|follow(?:s|ed|ing)?|(?:takes?|took|taking) over (?:[^.,;]{0,40}? )?from|"
    r"in place of|came after|in succession to"
)
_BEATS = r"beat|beats|defeat(?:s|ed|ing)|unseat(?:s|ed|ing)|oust(?:s|ed|ing)"
_ROLE = (
    r"(?:(?:the|a|an|his|her|its|their|former|new) )?(?:[a-z][\w-]+,? ){0,4}"
    r"(?:(?:Capt|Gen|Col|Lt|Sgt|Gov|Sen|Rep|Dr|Mr|Mrs|Ms|Prof|Rev)\. )?"
)
_SUCCEEDS = re.compile(rf"\b(?:{VERBS_OF_SUCCESSION}|(?P<beats>{_BEATS})) {_ROLE}(?P<name>{NAME})")
_SUCCEEDED = re.compile(
    rf"(?P<name>{NAME}),? (?:(?:was|is|has been|had been|will be|is to be|to be|being) )(?:succeeded|replaced|followed|"
    rf"(?P<beats>beaten|defeated|unseated|ousted|voted out))\b[^.;]{{0,40}}?\bby {_ROLE}(?P<follower>{NAME})|"
    rf"(?P<giver>{NAME})(?:, [^,;]{{3,80}},)? (?:(?:has|had|is to|will) )?(?:hand(?:s|ed)? (?:over|the \w+)|"
    rf"(?:makes?|made|g(?:ives?|ave|iven)) way|(?:g(?:ives?|ave)|pass(?:es|ed)) (?:the )?\w+ (?:over )?) ?to "
    rf"{_ROLE}(?P<taker>{NAME})"
)
_HIS_PLACE = re.compile(
    rf"\b(?:puts?|placed?) {_ROLE}(?P<charged>{NAME}),? in charge\b(?! of)|"
    rf"\b(?:chose|elected|appointed|named|picked|installed|put|made) {_ROLE}(?P<chosen>{NAME}) (?:in|to) (?:his|her) "
    rf"(?:stead|place|seat|post|chair)\b|"
    rf"\b(?:[Hh]is|[Hh]er) (?:(?P<successor>successor|replacement)|place|post|seat|chair|job|office|role)\b"
    rf"(?(successor)(?:,| is| will be| was named:?| as \w+ (?:is|will be))|"
    rf" (?:goes to|went to|has gone to|passes to|passed to|is taken by|was taken by|was filled by|is filled by|"
    rf"will be taken by)) {_ROLE}(?P<name>{NAME})"
)


@dataclass(frozen=True)
class Tenure:
    """What one sentence says of one person and the office.

    `day` is when it took or left, or the day that the statement speaks for; `since` when the office was taken, where a
    statement of holding says so.
    """

    name: str
    status: Status
    day: date
    telling: Telling
    period: Period | None = None
    acting: bool = False
    since: Period | None = None
    final: bool = False
    former: bool = False  # said to have held it once
    chosen: bool = False  # by a vote, and perhaps not yet in office
    place: str = ""  # the body that the sentence gives the office to, as written
    bound: Bound = "named"


def statements(office: Office, telling: Telling) -> Iterator[Tenure]:
    """What a sentence says of who takes, holds or leaves an office."""
    text = telling.text
    for match in office.pattern.finditer(text):
        left = in_front(text, match.start())
        bound = _bound(office, left, telling, match)
        if bound is None:
            continue
        after = _place_after(text, match.end())
        place = left.owner or (after["of"] if after and after["of"][0].isupper() else "")
        beside = OF.match(text, match.end())
        for one in _said(office, telling, left, match.end(), beside.end() if beside else match.end()):
            yield replace(one, bound=bound, place=place)
    yield from _led(office, telling)


def _led(office: Office, telling: Telling) -> Iterator[Tenure]:
    """Who leads the body, in a verb's words: "has headed the house since 2009", "took charge of the port"."""
    if not office.ministry and (not (office.body or office.of) or not LEADING & set(" ".join(office.words).split())):
        return
    text = telling.text
    for match in LEADS.finditer(text):
        bound = _led_by(office, match["what"], telling)
        if bound is None:
            continue
        front = text[: match.start()].rstrip()
        name = _subject(telling, front)
        published = telling.published
        if not name or name.lower() in PLACES or published is None or tense(text, *match.span("verb")) == "ahead":
            continue
        held = bool(_HAS.search(front) or _LEAD_NOW.match(match["verb"]))
        when = _day(telling, match.span("verb"), of_event=not held) or (published, None)
        if _LEAD_NEW.match(match["verb"]) and not _HAS.search(front):
            yield Tenure(name, "takes", when[0], telling, when[1], bound=bound)
        elif held:
            since = when[1] if when[1] and when[1].end is None else None
            acting = bool(_FOR_NOW.match(text, match.end("verb")))
            yield Tenure(name, "holds", published, telling, None, acting, since, bound=bound)
        else:
            day = when[0] if when[1] and not when[1].open else published
            yield Tenure(name, "held", day, telling, when[1], bound=bound)


def _led_by(office: Office, what: str, telling: Telling) -> Bound | None:
    """Where it stands that what is led is the office's body: by its name, or as "the town" in an article about it."""
    cut = _UP_TO.search(what)
    led = (what[: cut.start()] if cut else what).split()
    said = frozenset(stem(word) for word in led)
    if field := office.ministry:
        bare = len(led) == 1 and has(telling.around, field) and led[0].lower() in ("ministry", "department")
        return _near(office, telling) if bare or has(said, field) and has(said, "ministry") else None
    if any(all(has(said, root) for root in roots(name)) for name in office.body):
        return "named"
    if any(has(said, word) for word in office.of):
        return _near(office, telling)
    if any(word[0].isupper() for word in led):
        return None  # "the National Bank of Karvelia" is not Karvelia
    setting = telling.around | telling.located
    about = office.body if all(any(has(setting, root) for root in roots(name)) for name in office.body) else ()
    heads = {word for words in office.words for word in words.split()}
    kinds: tuple[str, ...] = next((nouns for ruling, nouns in _KINDS if not office.leads and heads & ruling), ())
    if office.leads and len(about) == 1 == len(about[0]):
        kinds = _TOWN + _LAND + _REGION
    # "the observatory" is the Ijar Observatory where the article is about that one.
    meant = about and any(has(said, word) for word in [*kinds, *(name[-1] for name in about if len(name) > 1)])
    return "near" if meant else None


def _near(office: Office, telling: Telling) -> Bound:
    """Where the office's body stands, if not beside the office."""
    bound: Bound = "named"
    # Any "captain" may be asked for: then all of the body's name has to stand there.
    every = all if office.leads else any
    for body in office.body:
        words = roots(body)
        if every(has(telling.words, root) for root in words):
            bound = "near" if bound == "named" else bound
        elif every(has(telling.located, root) for root in words):
            bound = "setting"
        else:
            bound = "unplaced"
    return bound


def succession(telling: Telling, contests: bool = True) -> tuple[str, str] | None:
    """(who follows, who is followed) where a sentence says so; `contests`: also by a victory over the other."""
    text = telling.text
    match = _SUCCEEDED.search(text)
    if match and (contests or not match["beats"]):
        pair = person(match["follower"] or match["taker"]), person(match["name"] or match["giver"])
    elif (match := _SUCCEEDS.search(text)) and (contests or not match["beats"]):
        pair = _subject(telling, text[: match.start()]), person(match["name"])
    elif match := _HIS_PLACE.search(text):
        pair = (
            person(match["name"] or match["chosen"] or match["charged"]),
            next(iter([*_people(text[: match.start()]), *_people(telling.before)]), None),
        )
    else:
        return None
    follower, followed = pair
    if not follower or not followed or same_person(follower, followed):
        return None
    return follower, followed


_LEAVES = (
    r"(?:resign(?:s|ed)|step(?:s|ped) down|stood down|stands down|quits?|retire[sd]|died|dies|fled|flees|"
    r"lost (?:the |his |her )?(?:office|seat|post|election|vote|power|job)|gave up (?:the |his |her )?\w+|"
    r"(?:was|were|has been|had been|is|been) (?:\w+ly )?(?:ousted|removed|dismissed|sacked|fired|deposed|toppled|"
    r"overthrown|voted out|killed|suspended|defeated|unseated|impeached|forced out))\b"
)
_ENDS = (
    r"\b(?:oust(?:s|ed)|toppl(?:es|ed)|overthr(?:ew|ows)|dr(?:ove|ives) out|depos(?:es|ed)|dismiss(?:es|ed)|"
    r"sack(?:s|ed)|"
    r"fir(?:es|ed)|remov(?:es|ed)|vot(?:es|ed) out|(?:fall|ouster|resignation|death|dismissal|removal|overthrow) of)"
)


def departures(name: str, telling: Telling, office: Office) -> Iterator[Tenure]:
    """What a sentence says of a holder's end in words that don't name the office, nor another one."""
    text, last = telling.text, re.escape(name.split()[-1])
    aside = r"(?:, [^,;]{3,80},)?"
    said = re.search(rf"\b{last}\b{aside} (?:(?:has|had|also|\w+ly) )?(?P<left>{_LEAVES})", text)
    span = said.span("left") if said else None  # what the aside tells has days of its own
    said = said or re.search(
        rf"{_ENDS} (?:[\w’'-]+,? ){{0,4}}?(?:{NAME} )?{last}\b|"
        rf"\b{last}['’]s (?:fall|ouster|resignation|departure|dismissal|death)\b|"
        rf"\b(?:former|deposed|ousted|ex-?)\s?[\w ]{{0,30}}{NAME} {last}\b|\bdeposed \w+\b[^.]*{last}",
        text,
    )
    if said is None and (own := next(iter(_people(telling.before)), "")) and same_person(own, name):
        said = re.match(rf"\s*(?:She|He) (?:(?:has|had|also|\w+ly) )?{_LEAVES}", text)
    if said and any(one.words[0] not in office.words for one in offices_in(text[said.start() : said.end() + 40])):
        return  # "gave up the post of mayor" is no end of a ministry
    day = _day(telling, span or said.span()) if said else None
    if said and day and tense(text, said.end(), said.end()) != "ahead":
        final = bool(re.search(r"\b(?:died|dies|killed|death)\b", said.group()))
        yield Tenure(name, "leaves", day[0], telling, day[1], final=final)


def _place_after(text: str, end: int) -> re.Match[str] | None:
    """Of what an office is: "minister of Syria", "Foreign Minister Ada Finch of Syria"."""
    if of := OF.match(text, end):
        return of
    named = _NAMED_AFTER.match(text, end)
    of = OF.match(text, named.end()) if named else None
    return of if of and of["of"][0].isupper() else None


def _bound(office: Office, left: Front, telling: Telling, match: re.Match[str]) -> Bound | None:
    """Of which body the office named there is; None where it is another office."""
    extra = set(left.words) - office.mods
    if extra & (OTHER_OFFICE - office.mods) or extra & AHEAD:
        return None
    if match.group().lower() in MANY and extra - ACTING - ENDED - ENTERING - QUALIFYING:
        return None
    text, after = telling.text, _place_after(telling.text, match.end())
    if text[match.end() : match.end() + 6].lower() in ("-elect", " elect"):
        return None
    beside = frozenset(stem(word) for word in [*left.words, *(after["of"].split() if after else ())])
    if office.of and not any(has(beside if office.leads else telling.around, word) for word in office.of):
        return None
    said = " ".join([left.owner, after["of"] if after else ""]).split()
    named = frozenset(stem(word) for word in said if word[:1].isupper())
    opening = None if named else _IN_PLACE.match(text, 0, match.start())
    if opening:
        named = frozenset(stem(word) for word in opening["name"].split())
    every = all if office.leads else any
    unnamed = tuple(body for body in office.body if not every(has(named, root) for root in roots(body)))
    if unnamed and named:
        return "elsewhere"
    return _near(replace(office, body=unnamed), telling)


def _said(office: Office, telling: Telling, left: Front, head: int, end: int) -> Iterator[Tenure]:
    text = telling.text
    if duty := _DUTIES.match(text, head):
        yield from _stands_in(telling, text[: left.start].rstrip(), duty.end())
        return
    if text[head : head + 1] in "'’" and text[head : head + 1]:
        return
    acting, ended = bool(ACTING & set(left.words)), bool(ENDED & set(left.words))
    front = text[: left.start].rstrip()

    def tenure(name: str | None, status: Status, span: tuple[int, int]) -> Iterator[Tenure]:
        if ended:
            status = "leaves"
        known = name and person(name)
        if not known or known.lower() in PLACES or any(known.split()[-1] in body for body in office.body):
            return
        ahead = status in ("takes", "leaves") and (tense(text, *span) == "ahead" or _to_come(telling, span))
        if ahead and status == "takes":
            status = "due"
        elif ahead:
            return
        if re.search(r"\b(?:not|never|cancelled|refused to)\b", text[max(0, span[0] - 24) : span[0]]):
            return
        when = _day(telling, span, of_event=status in ("takes", "leaves", "due") and not ended, ahead=ahead)
        if when is None:
            return
        day, period = when
        since = period if status in ("holds", "held") and period and period.end is None else None
        if status in ("holds", "held") and not (status == "held" and period and not period.open):
            day = telling.published or day
            period = None
        chosen = bool(_CHOSEN.search(text, *span))
        yield Tenure(known, status, day, telling, period, acting, since, former=ended, chosen=chosen)

    named = _NAMED_AFTER.match(text, end) or _NAMED_AFTER.match(text, head)
    if named and re.search(r"['’]s\Z", named["name"]):
        return  # "for Mayor Reed's burial": in passing, and perhaps long after
    if named and (not named["comma"] or left.determined and re.match(r"[,.;)]|\Z", text[named.end() :])):
        status: Status = "takes" if ENTERING & set(left.words) and not ended else "holds"
        yield from tenure(named["name"], status, named.span("name"))
        return
    if said := _IS_NAMED.match(text, end):
        yield from tenure(said["name"], "holds", said.span("name"))
        return
    bare = re.sub(r",? (?:as|the post of|the office of)\Z", " as", front)
    for kind, pattern in _VERBS:
        match = pattern.search(bare)
        if match is None:
            continue
        span = (match.start(), min(match.end(), len(text)))
        if kind == "acts":
            acting = True
            yield from tenure(_subject(telling, bare[: match.start()]), "holds", span)
        elif kind == "chooses":
            yield from tenure(match["name"], "takes", span)
        elif kind == "elects":
            yield from tenure(_subject(telling, bare[: match.start()]), "takes", span)
        else:
            yield from tenure(_subject(telling, bare[: match.start()]), kind, span)  # type: ignore[arg-type]
        return
    apposed = _APPOSED.search(f"{front} ")
    placed = apposed and re.search(r"\b(?:in|at|from|to|near|of|on|outside)\s\Z", front[: apposed.start()])
    if apposed and not placed and _AFTER_APPOSITION.match(text, end):
        verb = apposed["verb"] or ""
        status = "takes" if verb == "became" else "held" if verb in ("was", "had been") else "holds"
        yield from tenure(apposed["name"], status, (left.start, end))


def _stands_in(telling: Telling, front: str, end: int) -> Iterator[Tenure]:
    """Who does an office's work without holding it: "will carry out the mayor's duties until an election"."""
    doing = _DOING.search(front)
    name = doing and _subject(telling, front[: doing.start()])
    when = _day(telling, (end, end)) if name else None
    if doing and name and when:
        news = telling.news if telling.news and telling.news.start else None
        day = news.start if news and news.start and telling.leads else telling.published or when[0]
        yield Tenure(name, "takes" if doing["will"] else "holds", day, telling, None, acting=True)


def _subject(telling: Telling, text: str) -> str | None:
    """Who a verb's subject is, from the words in front of it."""
    text = text.rstrip()
    if aside := _ASIDE.search(text if text.endswith(",") else ""):
        return person(aside["name"])
    if text.endswith(" who") and (relative := _RELATIVE.search(text)):
        return person(relative["name"])
    text = text[: tail.start()] if (tail := _SUBJECT_TAIL.search(text)) else text
    if aside := _ASIDE.search(text + ","):
        inner = _NAME_LAST.search(text)
        if not (inner and text[: inner.start()].rstrip().endswith(("and", ";"))):
            return person(aside["name"])
    if relative := _RELATIVE.search(text):
        return person(relative["name"])
    if last := _NAME_LAST.search(text):
        return person(last["name"])
    if _PRONOUN.search(text) or text.endswith((" and", " who")):
        own = _people(text)
        return next(iter([*own, *_people(telling.before), *_people(telling.article.title)]), None)
    own = _people(text)
    return own[0] if len(own) == 1 else None


def _people(text: str) -> list[str]:
    """Who is named; what has "the" in front of it is no person."""
    named = (match for match in re.finditer(NAME, text) if not text[: match.start()].lower().endswith("the "))
    found = (person(match.group()) for match in named)
    return [name for name in found if name and name.lower() not in PLACES]


def _day(
    telling: Telling, span: tuple[int, int], of_event: bool = True, ahead: bool = False
) -> tuple[date, Period | None] | None:
    """When what a sentence says at a place was so: the time named nearest, else the article's news or its own day.

    `ahead`: it is told as to come, and has no day but one that is named.
    """
    # "Ada Finch, who was mayor from 2015 to 2021, has died": what happened on a day was not all those years.
    times = [one for one in telling.times if not (of_event and one.period.unit == "range" and not one.period.open)]
    near = min(times, key=lambda mention: _apart(telling.text, mention, span), default=None)
    published = telling.published
    if near is not None:
        period = near.period
        if of_event and period.open:
            known = period.start or period.end
            period = periods.around(known, period.unit) if known and period.unit != "range" else period
        known = period.start or period.end
        if known and (published is None or known <= published or ahead):
            return known, period
    if published is None or ahead:
        return None
    if of_event and telling.news and telling.news.start and telling.leads:
        return telling.news.start, telling.news
    return published, Period(published, published, "day") if telling.leads else None


def _to_come(telling: Telling, span: tuple[int, int]) -> bool:
    """Whether the time that stands nearest lies after the article: "becomes governor on Monday"."""
    near = min(telling.times, key=lambda mention: _apart(telling.text, mention, span), default=None)
    day = near.period.start if near else None
    if near is None or day is None or telling.published is None:
        return False
    return day > telling.published and _apart(telling.text, near, span) < _PARTED


def _apart(text: str, mention: Mention, span: tuple[int, int]) -> int:
    """How far a time stands from a verb; one behind it is taken over one in front, and a comma parts them."""
    if mention.start >= span[1]:
        return mention.start - span[1] + _PARTED * text.count(",", span[1], mention.start)
    return span[0] - mention.end + _FRONT + _PARTED * text.count(",", mention.end, span[0])
