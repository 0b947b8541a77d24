"""Events over all articles: who did what, with whom or where, and on which day.

A question names an actor, an act and what else belongs to it; the sentences that tell of the same actor doing the
same act there are dated, and those of one day, or of neighbouring days for a visit, tell of one event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from dateline import acts
from dateline.builtin.sought import Sought
from dateline.matching import has, roots, share, stem, stems
from dateline.model import Quotation
from dateline.people import NAME, person, same_person
from dateline.phrases import PLACES
from dateline.tellings import Telling, with_day
from index import periods
from index.mentions import Mention
from index.periods import Period
from index.tense import tense

# Days between two tellings of one visit.
_LASTS = 3
# Of the words that a question says beside names and act, this share has to stand around a telling.
_WORDS = 0.5
_FAR = 140  # code points between an act and the time that it happened
_COMMA, _FRONT = 40, 15
_CLOSE = 30  # code points between an act and the time of another one
_SAME_DAY = re.compile(
    r"\b(?:in the (?:morning|afternoon|evening)|at (?:noon|midnight)|afterwards|(?:later )?the same (?:day|evening))\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|without|denied|refused|cancelled|failed)\b|n['’]t\b", re.I
)
_UNREAL = re.compile(
    r"\b(?:should|could|may|might|would|will|shall|propos\w+|talked about|hop(?:e[sd]?|ing)|want\w*|wish\w*|"
    r"invit\w+|plan\w*|"
    r"expect\w*|due|whether|if|to be held|asked|urged|ahead of|before)\b(?:\W+\w+){0,6}\W*\Z",
    re.I,
)
_PLACE = re.compile(rf"\b(?:in|at|to|from)\s+(?:the\s+)?(?P<name>{NAME})(?!['’\w])")
_THIS_TIME = re.compile(r"\b(?:this|first|second|third|fourth|fifth|sixth|seventh|\d+th|latest)\b[^.;]{0,30}\Z", re.I)
# "in the earthquake town": the place that the sentence before or the title names.
_THE_PLACE = re.compile(
    r"\b(?:in|at|to|through|around) (?:the|this) (?:[\w-]+ )?"
    r"(?:town|city|village|capital|country|island|province|region)\b",
    re.I,
)
_SPEECH = re.compile(r"\b(?:said|says|told|wrote|sent|telephoned|letter|telegram|statement|according)\b", re.I)
_AWAY = re.compile(r"(?:ed)?\s+(?:back\s+)?(?:home|away|out of|off)\b", re.I)
_HELD = re.compile(r"\b(?:t(?:ook|aken) place|happened|(?:was|were|been) held|occurred)\b", re.I)
_SUBORDINATE = re.compile(r"\b(?:since|after|until|when|while|because|which|who|whom|whose|that)\b", re.I)
# What was announced and did not come about, said behind the act: "the visit that he was to pay was called off".
_CALLED_OFF = re.compile(
    r"\A[^.;,]{0,80}\b(?:(?:was|were|is|are|had been) to (?!have been\b)\w+|(?:was|were|has been|had been|is|are) "
    r"(?:called off|cancelled|canceled|postponed|put off|abandoned|scrapped|planned))",
    re.I,
)
_SINCE = re.compile(r"\b(?:since|after)\b", re.I)
_NTH = re.compile(r"\b(?:first|second|third|fourth|fifth|latest|another|only)\b[^.;]{0,50}\Z", re.I)
_PRONOUN = re.compile(
    r"\b(?:he|she|they|him|them|who)\b|\bthe (?:\w+ ){0,2}(?:\w+er|\w+or|president|king|queen|"
    r"sultan|emir|guest|official|chief|man|woman|couple|delegation|team)\b",
    re.I,
)
_RECEIVING = frozenset(map(stem, "receive welcome host see saw embrace greet".split()))


@dataclass(frozen=True)
class Happening:
    """One sentence that tells of the event, the time that it gives, and how well it fits (0 to 1)."""

    telling: Telling
    period: Period
    fit: float
    dated_by: tuple[int, int] | None = None

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """The sentence, and the one that gives its day where it does not itself."""
        return with_day(self.telling.quotation, self.dated_by)


@dataclass(frozen=True)
class Event:
    """What several sentences tell of, the best of them first."""

    told: tuple[Happening, ...]

    @cached_property
    def best(self) -> Happening:
        exact = [one for one in self.told if one.period.point] or list(self.told)
        return max(exact, key=lambda one: (one.fit, one.telling.leads, -_length(one.period)))

    @property
    def period(self) -> Period:
        return self.best.period

    @property
    def fit(self) -> float:
        return max(one.fit for one in self.told)

    @property
    def day(self) -> date:
        return self.period.start or self.period.end or date.min


def happenings(sought: Sought, told: Sequence[Telling], ahead: bool = False) -> Iterator[Happening]:
    """The sentences that tell of the event, dated. `ahead`: those that announce it, not those that report it."""
    for telling in told:
        if telling.retracted:
            continue
        fit = _names(sought, telling) * max(
            share(telling.around, sought.words), share(telling.lead, sought.words) * 0.9
        )
        if fit < _WORDS or share(telling.around | telling.lead, sought.words) < _WORDS:
            continue
        for match in _doings(sought, telling):
            yield from _dated(sought, telling, match.span(), fit, ahead)


def events(found: Sequence[Happening], lasting: bool) -> list[Event]:
    """The happenings, told together where they are one event, in order of their days."""
    groups: list[list[Happening]] = []
    exact = sorted((one for one in found if one.period.point), key=lambda one: one.period.order)
    for one in exact:
        last = groups[-1][-1].period.start if groups else None
        near = timedelta(_LASTS if lasting else 0)
        if last and one.period.start and one.period.start - last <= near:
            groups[-1].append(one)
        else:
            groups.append([one])
    for one in sorted((one for one in found if not one.period.point), key=lambda one: _length(one.period)):
        inside = next((group for group in groups if any(one.period.overlaps(other.period) for other in group)), None)
        if inside is not None:
            inside.append(one)
        else:
            groups.append([one])
    return sorted((Event(tuple(group)) for group in groups), key=lambda event: event.period.order)


# ── inside a sentence ────────────────────────────────────────────────────────────────────────────────────────────


def _names(sought: Sought, telling: Telling) -> float:
    """How near the question's names stand: in the sentence, around it, at the top of the article; 0 where one lacks."""
    fit, going = 1.0, bool(sought.act & {"go"})
    for name in (sought.actor, *sought.others):
        if name is None:
            continue
        words = roots(name)
        if any(has(telling.words, root) for root in words):
            if name != sought.actor and _elsewhere(telling.text, words):
                return 0.0
            continue
        if name != sought.actor and _placed_elsewhere(telling):
            return 0.0
        if any(has(telling.around, root) for root in words):
            fit *= 0.9
        # Where somebody went, the title or the place it was filed from may say; an article's first lines name many.
        elif name != sought.actor and any(has(telling.located if going else telling.lead, root) for root in words):
            fit *= 0.8
        else:
            return 0.0
    return fit


def _elsewhere(text: str, words: Sequence[str]) -> bool:
    """Whether it was "not in Elmford" that it happened."""
    told = "|".join(map(re.escape, words))
    places = len(re.findall(rf"\b(?:{told})", text, re.I))
    return (
        0 < places == len(re.findall(rf"\b(?:not|instead of|rather than) (?:in|at|to) (?:the )?(?:{told})", text, re.I))
    )


def _placed_elsewhere(telling: Telling) -> bool:
    """Whether the sentence itself says where it was; then its title or the sentence before don't."""
    return any(person(place["name"]) for place in _PLACE.finditer(telling.text))


def _doings(sought: Sought, telling: Telling) -> Iterator[re.Match[str]]:
    """Where a sentence says that the actor did it."""
    places = list(acts.done(telling.text, sought.act))
    if sought.act & {"go"}:
        if here := _present(sought, telling):
            places.append(here)
        places += [match for match in acts.being(telling.text) if _somewhere(sought, telling, match.end())]
    for match in sorted(places, key=lambda each: each.start()):
        if _by_actor(sought, telling, match) and not _AWAY.match(telling.text, match.end()):
            yield match


def _somewhere(sought: Sought, telling: Telling, at: int) -> bool:
    """Whether "was" goes on with the place asked about, or with "back" where the article tells of that place."""
    text = telling.text
    near = text[max(0, at - 8) : at + 60]
    if re.match(r" (?:back|here)\b", text[at:]) or _THE_PLACE.search(near):
        setting = telling.located | telling.around
        return any(has(setting, root) for name in sought.others for root in roots(name))
    return any(
        re.search(rf"\b(?:in|at|(?:been|back) to)\b[^,;]*{re.escape(root)}", near, re.I)
        for name in sought.others
        for root in roots(name)
    )


def _present(sought: Sought, telling: Telling) -> re.Match[str] | None:
    """The actor's name where the sentence has the actor do something, whatever it is, in the place asked about."""
    if sought.actor is None:
        return None
    text = telling.text
    people = _persons(sought, text)
    # "Presidents Ada Finch and Olaf Brink signed": both did.
    together = len(people) > 1 and re.fullmatch(r",? and ", text[people[0].end() : people[1].start()])
    acting = people[:2] if together else people[:1]
    first = next((one for one in acting if _is_actor(sought, one.group())), None)
    if first is None:
        return None
    filed = frozenset(stem(word) for word in re.findall(r"\w+", telling.filed))
    for name in sought.others:
        words = roots(name)
        if telling.leads and any(has(filed, root) for root in words):
            return first
        if _THE_PLACE.search(text, first.end()) and any(has(telling.around | telling.located, r) for r in words):
            return first if telling.times and not _SPEECH.search(text) else None
        for root in words:
            if re.search(
                rf"\b(?:in|at|to|through|around)\b(?: [\w’'-]+){{0,4}}? {re.escape(root)}", text[first.end() :], re.I
            ):
                return first if telling.times and not _SPEECH.search(text) else None
    return None


def _persons(sought: Sought, text: str) -> list[re.Match[str]]:
    """The people named in a sentence; what has "the" in front of it is none."""
    return [
        found
        for found in re.finditer(NAME, text)
        if _is_person(sought, found.group()) and not text[: found.start()].lower().endswith("the ")
    ]


def _is_person(sought: Sought, written: str) -> bool:
    name = None if written.startswith("The ") else person(written)
    return bool(name) and str(name).lower() not in PLACES and not _is_place(sought, str(name))


def _by_actor(sought: Sought, telling: Telling, match: re.Match[str]) -> bool:
    """Whether the one who acts there is the one asked about."""
    if sought.actor is None:
        return True
    text = telling.text
    mine = roots(sought.actor)
    receiving = stem(match.group()) in _RECEIVING
    people = _persons(sought, text)
    own = [found.start() for found in people if _is_actor(sought, found.group())] or [
        found.start() for root in mine for found in re.finditer(rf"\b{re.escape(root)}", text, re.I)
    ]
    if own:
        if any(match.start() <= at < match.end() for at in own):
            return True
        if receiving or sought.act & {"meet"}:
            return True
        behind = [found for found in people if found.end() <= match.start()]
        if not behind:
            return bool(re.match(r"[^.;]{0,30}\bby\b", text[match.end() :])) or min(own) > match.start()
        if any(_is_actor(sought, found.group()) for found in behind):
            return True
        between = text[behind[-1].end() : match.start()]
        # "Vostrek, who was in Port Amsel": it is the one just named who was.
        return not re.match(r",? who\b", between) and bool(_PRONOUN.search(between))
    front = text[: match.start()]
    if any(found.end() <= match.start() and not _owner(text, found) for found in people):
        return False
    if not _in_a_part(sought, telling, front) and not any(_is_actor(sought, name) for name in _meant(sought, telling)):
        return False
    if receiving and re.search(r"\b(?:him|her|them)\b", text[match.end() : match.end() + 20]):
        return True
    return bool(
        _PRONOUN.search(front) or re.search(r"\b(?:[Tt]h(?:e|is|at)|[Hh]is|[Hh]er|[Aa]) (?:\w+ ){0,2}\Z", front)
    )


def _in_a_part(sought: Sought, telling: Telling, front: str) -> bool:
    """Whether "the governor" in front of an act is the actor, by what the article calls him."""
    last = re.escape((sought.actor or ("",))[-1])
    return any(
        re.search(rf"\b{part},? (?:[A-Z][\w.’'-]* ){{0,2}}{last}\b", telling.article.text, re.I)
        for part in re.findall(r"\b[Tt]he ([a-z]{4,})\b", front)
    )


def _meant(sought: Sought, telling: Telling) -> list[str]:
    """Whom a pronoun stands for: the first person of the sentence before, else of the title or first lines."""
    for text in (telling.before, telling.article.title, telling.article.text[:250]):
        found = [
            name
            for match in re.finditer(NAME, text)
            if (name := person(match.group())) and _is_person(sought, match.group()) and not _owner(text, match)
        ]
        if found:
            return found[:1] if text is not telling.article.title else found
    return []


def _owner(text: str, found: re.Match[str]) -> bool:
    """Whether a name only says whose or of what country something is: "Syria's", "the Syrian leader"."""
    follows = text[found.end() : found.end() + 14]
    return found.group().endswith(("'s", "’s")) or bool(
        " " not in found.group() and re.match(r" [a-z]", follows) and re.search(r"(?:an|ese|ish|i|ch)\Z", found.group())
    )


def _is_actor(sought: Sought, written: str) -> bool:
    """Whether a name is the actor's: one person's, or for an actor of one word any name with it."""
    name, actor = person(written) or written, sought.actor or ()
    return same_person(name, person(" ".join(actor)) or " ".join(actor)) or (
        len(actor) == 1 and any(has(stems(written), root) for root in roots(actor)) and " " not in name
    )


def _is_place(sought: Sought, name: str) -> bool:
    return any(word.lower() in part.lower() for other in sought.others for part in other for word in name.split())


def _dated(sought: Sought, telling: Telling, span: tuple[int, int], fit: float, ahead: bool) -> Iterator[Happening]:
    """The act with its time; "had not been there since 2004" tells of 2004."""
    text = telling.text
    clause = text[max(0, text.rfind(";", 0, span[0])) : span[0]]
    negated = bool(_NOT.search(clause[-60:]))
    for mention in telling.times:
        if mention.period.end is None and mention.period.start and mention.start >= span[1]:
            first = negated or re.search(r"\b(?:first|last)\b", text[max(0, span[0] - 40) : mention.start], re.I)
            if first and _SINCE.match(text, mention.start) and mention.period.unit != "range":
                yield Happening(telling, periods.around(mention.period.start, mention.period.unit), fit * 0.9)
    if negated:
        return
    looks_ahead = tense(text, *span) == "ahead" or bool(_UNREAL.search(text[max(0, span[0] - 60) : span[0]]))
    if _CALLED_OFF.match(text[span[1] :]):
        looks_ahead = True
    held = _HELD.search(text, span[1])
    near, other = _near(telling, held.span() if held else span)
    if near is not None:
        known = near.period.start or near.period.end
        planned = looks_ahead or bool(known and telling.published and known > telling.published)
        if planned == ahead:
            yield Happening(telling, near.period, fit)
        return
    news = telling.reported
    if looks_ahead or ahead or news is None or other or text[: span[0]].endswith(" last "):
        return  # "two years after she last sang there" is no news
    if (
        telling.leads
        or _SAME_DAY.search(text)
        or re.search(
            r"\b(?:this|first|second|third|fourth|fifth|sixth|seventh|\d+th|latest)\b[^.;]{0,30}\Z",
            text[: span[0]],
            re.I,
        )
    ):
        yield Happening(telling, news.day, fit * (0.95 if telling.leads else 0.85), news.sentence)


def _near(telling: Telling, span: tuple[int, int]) -> tuple[Mention | None, bool]:
    """The time named for what happens at a place: the nearest one that is no length of time and no frame of a count.

    And whether there is one that belongs to something else ("on Monday after a strike"): then it has none.
    """
    best: tuple[int, Mention] | None = None
    other = False
    for mention in telling.times:
        if mention.period.open or mention.period.approximate and mention.period.unit != "year":
            continue
        text = telling.text
        if re.match(r"this (?:year|month|week)", text[mention.start :], re.I) and _NTH.search(text[: mention.start]):
            continue
        between = text[span[1] : mention.start] if mention.start >= span[1] else text[mention.end : span[0]]
        if _SUBORDINATE.search(between):
            other = other or len(between) < _CLOSE
            continue
        if mention.start >= span[1]:
            apart = mention.start - span[1] + _COMMA * text.count(",", span[1], mention.start)
        else:
            apart = span[0] - mention.end + _FRONT + _COMMA * text.count(",", mention.end, span[0])
        if apart <= _FAR and (best is None or apart < best[0]):
            best = apart, mention
    return (best[1] if best else None), other


def _length(period: Period) -> int:
    return (period.end - period.start).days if period.start and period.end else 99_999
