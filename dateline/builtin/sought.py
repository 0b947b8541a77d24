"""The event that a question asks about: who did what, with whom or where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline import acts
from dateline.matching import stem
from dateline.people import NAME
from dateline.phrases import PLACES
from dateline.question import Question

Name = tuple[str, ...]

# The one who acts stands behind the auxiliary: "did Assad visit", "that Assad attended".
_ACTOR = re.compile(
    rf"\b(?:[Dd]id|[Dd]oes|do|[Hh]as|[Hh]ave|[Hh]ad|[Ww]as|[Ww]ere|[Ii]s|[Ww]ill|that|which|time|[Ww]hen)\s+"
    rf"(?:[Tt]he\s+(?:[a-z]+\s+)?)?(?P<name>{NAME}|(?<=the\s)[a-z]+|an?\s+[a-z]+)"
)
_RELATIVE_ACTOR = re.compile(rf"\b(?:that|which|where)\s+(?P<name>{NAME})(?=\s+[a-z])")
# Verbs that only carry their noun ("make a visit"), and words that count.
_DAY_OF = re.compile(r"\bthe (?:exact )?(?:date|day|month|year|time) (?:of|on which|when|in which) ?", re.I)
_LIGHT = frozenset("make made makes pay paid take took hold held give gave have second third fourth fifth".split())
_BE_IN = re.compile(r"\b(?:was|were|is|been|be)\b.*\b(?:in|at|to)\b", re.I)


@dataclass(frozen=True)
class Sought:
    """The event that a question asks about."""

    act: frozenset[str]
    actor: Name | None
    others: tuple[Name, ...]
    words: tuple[str, ...]
    being: bool = False  # "was in": any telling of somebody being there


def sought(question: Question) -> Sought | None:
    """The event in a question; None where it names none."""
    text = _DAY_OF.sub("", question.core)
    named = {part.lower() for name in question.names for part in name}
    plain = [word for word in question.terms if word not in named and word.removesuffix("s") not in named]
    plain = [word for word in plain if word not in ("time", "times", "date", "year", "month", "often")]
    acting = _RELATIVE_ACTOR.search(text) or _ACTOR.search(text)
    after = text[acting.end("name") :] if acting else ""
    act = acts.act([word for word in plain if word in after.lower()], after or text) or acts.act(plain)
    being = not act and bool(_BE_IN.search(text)) and bool(question.names)
    if being:
        act = frozenset({"go"})
    if not act or not question.names and len(plain) < 2:
        return None
    verb = next(acts.done(after or text, act), None)
    at = verb.start() + len(text) - len(after or text) if verb else len(text)
    actor = next((name for name in question.names if acting and name[0] in acting["name"]), None)
    if actor is None:
        actor = next((name for name in question.names if 0 <= text.find(name[0]) < at), None)
    if actor and _is_owner(text, actor):
        actor = None
    if actor and " ".join(actor).lower() in PLACES and len(question.names) > 1:
        actor = None
    part = acting["name"].split()[-1] if acting and acting["name"][0].islower() else ""
    if part in named or acts.classes(part):
        part = ""
    # A part that is played, "the governor", "a mayor of Elmford", acts in place of the names after it.
    actor = None if part else actor
    others = (((part,),) if part else ()) + tuple(name for name in question.names if name != actor)
    told = {word for match in acts.done(text, act) for word in match.group().lower().split()}
    said = _LIGHT | told | {part}
    words = tuple(w for w in plain if w not in said and not acts.classes(w) & act and stem(w) not in act)
    return Sought(act, actor, others, words, being)


def _is_owner(text: str, name: Name) -> bool:
    """Whether what acts is a name's own: "Karvel Air's pilots", but not "Assad's first visit"."""
    of = re.search(rf"{re.escape(' '.join(name))}['’]s? (?P<rest>(?:[a-z-]+ ){{0,3}}[a-z-]+)", text)
    return of is not None and not any(acts.classes(word) for word in of["rest"].split()[:3])
