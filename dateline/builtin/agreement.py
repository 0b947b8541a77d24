"""Whether an answer is of the kind that its question asks for: the same act, the right role, report and not plan.

The reader points at words that look like an answer; these rules of English say what speaks against them. Each is a
factor
from 0 (it is none) to 1 on the answer's confidence, set by hand: the sets that the confidence is fitted on show few of
these mistakes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dateline import acts
from dateline.matching import has, roots, stem, stems
from dateline.people import NAME, person, same_person
from dateline.phrases import PLACES
from dateline.question import Question
from dateline.tellings import DATELINE
from index.tense import tense

_NOT_DONE = 0.65  # the sentence does not tell of the act, nor does the one before it
_DONE_OTHERWISE = 0.85  # the sentence before it does
_UNKNOWN = 0.95  # perhaps in a word that no class knows
_DOUBTED = 0.6
_BYLINE = re.compile(r"\s*(?:By|From|Text|Photo(?:graph)?s?|Picture)\b:? [^.!?]{2,80}\Z|\s*\([^()]{2,40}\)\s*\Z")
_NEGATED = re.compile(r"\b(?:not|never|no longer|without|den(?:y|ies|ied)|refus(?:e|es|ed))\b|n['’]t\b", re.I)
_PLANNED = re.compile(
    r"\b(?:due|supposed|planned|scheduled|expected|meant|to have|going to|will|would|shall|next)\b", re.I
)
_PUT_OFF = re.compile(
    r"\b(?:(?:put off|postponed|delayed|moved|brought forward) (?:to|until)|"
    r"(?:planned|scheduled|due|expected|meant|set) (?:for|on|to))\b[^.;]{0,20}\Z",
    re.I,
)
_BESIDE = re.compile(r"\b(?:after|following|before|ahead of|since)(?: [\w’'-]+){0,3} \Z", re.I)
_UNDERWAY = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+th|last|final) (?:straight |full )?"
    r"(?:day|night|week|month|year)\b",
    re.I,
)
_TOLLS = frozenset({"die", "hurt"})
_THING = re.compile(r"(?:[a-z’'-]+ )+(?:on|in|at|with|for|to|from|by|of) ")  # "concertina with a group of pupils"
_CLAUSE = re.compile(r"\b(?:since|after|until|when|while|because|whom?|whose|which)\b[^,;]*\Z", re.I)
_CAUSE = re.compile(
    r"\b(?:because|since|as|after|due to|owing to|thanks to|over|for|when|so that|in order|to|in protest|cause[ds]?|"
    r"forced|"
    r"led to|reasons?|result(?:ed|s)?|blam\w+|amid|given|following|lack)\b",
    re.I,
)
_AT = re.compile(
    r"\b(?:in|at|on|near|to|from|through|outside|inside|by|via|into|of|under|between)\s+(?:the\s+|a\s+|an\s+)?\Z"
)
_COUNTED = re.compile(
    r"\bhow (?:many|much)\s+(?:of the\s+)?(?P<noun>(?:(?!(?:did|do|does|has|have|had|was|were|"
    r"are|is|in|of|at|to|on|for|will|can|would)\b)[a-z-]+\s+){1,3})",
    re.I,
)
_A_PLACE = re.compile(
    r"(?:[a-z]+ )*(?:[A-Z]\w+ )?(?:city|town|village|country|capital|island|province|region|district|area|place)"
)
_COUNT_OF = re.compile(r"(?<![\w.,])\d[\d,.]*(?: (?:million|thousand|billion))?(?P<what>(?: [a-z-]+)? [a-z-]+s)\b")
_OF_NAME = re.compile(rf"\b(?P<word>to|for|with|against|from)\s+(?:the\s+)?(?P<name>{NAME})")
_SUBJECT = re.compile(
    rf"\s*(?P<name>{NAME}) (?:[a-z]+ly )?(?:[a-z]+(?:ed|es|s)|won|took|went|came|made|gave|has|had|is|was)\b"
)
_ASKED_OF = re.compile(rf"\b(?:did|has|had|does|do|have|will)\s+(?:the\s+)?(?P<name>{NAME})")
_ACTS = re.compile(
    rf"\s*(?P<name>{NAME})(?:['’]s?(?: [a-z-]+){{1,2}})?,? (?:(?:has|had|have) )?(?:[a-z]+ly )?(?P<verb>[a-z]+)"
)
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_AND_NAME = re.compile(rf"\s+(?:and|or|,)\s+(?:in\s+)?(?P<name>{NAME})")


@lru_cache(maxsize=64)
def _act(core: str, terms: tuple[str, ...], names: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    named = {part.lower() for name in names for part in name}
    return acts.act([word for word in terms if word not in named], core)


def act(question: Question) -> frozenset[str]:
    """What the question asks was done."""
    return _act(question.core, question.terms, question.names)


def agreement(question: Question, sentence: str, before: str, start: int, end: int) -> float:
    """How well words of a sentence, `sentence[start:end]`, fit what is asked; `before` is the sentence in front."""
    if _BYLINE.match(sentence):
        return 0.0
    factor = 1.0
    wanted = act(question)
    done = [match.span() for match in acts.done(sentence, wanted)] if wanted else []
    if wanted and not done:
        near = next(acts.done(before, wanted), None)
        factor *= _NOT_DONE if acts.is_class(wanted) and not near else _DONE_OTHERWISE if near else _UNKNOWN
    negated = [_NEGATED.search(sentence[max(0, first - 16) : first]) for first, _ in done]
    if done and all(negated) and not _NEGATED.search(question.standalone):
        factor *= _NOT_DONE * _NOT_DONE
    factor *= (
        _other_place(question, sentence) * _other_subject(question, sentence) * _other_actor(question, sentence, done)
    )
    value = sentence[start:end]
    match question.kind:
        case "when":
            factor *= _when(question, sentence, start, end, done)
        case "who":
            factor *= _who(question, sentence, start, value, done)
        case "where":
            factor *= 1.0 if _AT.search(sentence[:start]) or value in before else 0.85
            if re.search(r"\bfrom (?:the )?\Z", sentence[:start]) and "from" not in question.standalone.lower().split():
                factor *= _DOUBTED
            if _A_PLACE.fullmatch(value):
                factor *= _DOUBTED  # "this eastern Chinese city" names none
            if done and end <= done[0][0] and re.match(r"[\w ]{0,6}\b(?:in|at)\b", sentence[done[-1][1] :]):
                factor *= _DOUBTED
        case "how-many":
            factor *= _how_many(question, sentence, start, end)
        case "why":
            factor *= 1.0 if _CAUSE.search(sentence) else _DOUBTED
        case "what" | "which":
            if any(same_person(value, " ".join(name)) for name in question.names):
                return 0.0
    return factor


def _other_place(question: Question, sentence: str) -> float:
    """Less where the question says "to Iran" or "for China", and the sentence says it of another name alone."""
    for asked in _OF_NAME.finditer(question.core):
        words = [root for part in asked["name"].split() for root in roots((part,))]
        told = stems(sentence)
        if any(has(told, word) for word in words):
            continue
        same = (match for match in _OF_NAME.finditer(sentence) if match["word"].lower() == asked["word"].lower())
        if any(match["name"].split()[0].lower() not in _DAYS for match in same):
            return _DOUBTED
    return 1.0


def _other_subject(question: Question, sentence: str) -> float:
    """Less where the sentence begins with somebody else, and with none of the question's names in it."""
    if question.kind in ("who", "which", "why", "either") or not question.names:
        return 1.0
    subject = _SUBJECT.match(sentence, _after_filing(sentence))
    told = stems(sentence)
    named = any(has(told, root) for name in question.names for root in roots(name))
    return _DOUBTED if subject and not named and person(subject["name"]) else 1.0


def _other_actor(question: Question, sentence: str, done: list[tuple[int, int]]) -> float:
    """Less where somebody else than the one asked about does it: "Iran reopened its embassy in the Saudi capital"."""
    asked, subject = _ASKED_OF.search(question.core), _ACTS.match(sentence, _after_filing(sentence))
    if not asked or not subject or not any(first <= subject.start("verb") < last for first, last in done):
        return 1.0
    name = person(subject["name"])
    told = stems(subject.group())
    return 1.0 if name is None or any(has(told, root) for root in roots(tuple(asked["name"].split()))) else 0.4


def _after_filing(sentence: str) -> int:
    """Where a sentence begins behind the place that it was filed from."""
    filed = DATELINE.match(sentence)
    return filed.end() if filed else 0


def is_planned(question: Question) -> bool:
    """Whether a question asks what was to be, and not what was."""
    return bool(_PLANNED.search(question.standalone)) or question.time.order == "next"


def _when(question: Question, sentence: str, start: int, end: int, done: list[tuple[int, int]]) -> float:
    if not is_planned(question):
        if tense(sentence, start, end) == "ahead" or _PUT_OFF.search(sentence[:start]):
            return 0.3
    elif tense(sentence, start, end) == "past" and not _PLANNED.search(sentence):
        return _DOUBTED
    if done and all(_BESIDE.search(sentence[:first]) for first, _ in done):
        return 0.4  # "returned on Friday after a four-day strike"
    if act(question) & {"begin"} and _UNDERWAY.search(sentence):
        return 0.3
    clause = _CLAUSE.search(sentence[:start])
    if clause and done and all(last <= clause.start() for _, last in done):
        return 0.4  # "the first reports since the movement began in August": the movement's day, not the reports'
    return 1.0


def _who(question: Question, sentence: str, start: int, value: str, done: list[tuple[int, int]]) -> float:
    if any(same_person(value, " ".join(name)) for name in question.names):
        return 0.0
    if _THING.match(value):
        return 0.4
    if value.lower() in PLACES and re.match(r"\s*who\b", question.standalone, re.I):
        return 0.2
    if re.search(r"\b(?:in|at|from)\s\Z", sentence[:start]):
        return _DOUBTED
    subject = re.match(
        r"\s*(?:and |so )?who\s+(?!is\b|was\b|were\b|are\b|did\b|does\b|has\b|had\b|will\b)", question.core, re.I
    )
    if subject and not done and acts.is_class(act(question)):
        return _DOUBTED
    if subject and done and all(last <= start for _, last in done):
        return (
            1.0
            if re.search(r"\b(?:by|were|was|is|are|included?|including)\b", sentence[done[0][1] : start])
            else _DOUBTED
        )
    return 1.0


def _how_many(question: Question, sentence: str, start: int, end: int) -> float:
    """A number of another thing, or of more places than asked for, is no answer."""
    factor = _DOUBTED if re.search(r"\bof (?:the|its|their|all)\s\Z", sentence[:start], re.I) else 1.0
    toll = act(question) & _TOLLS
    if toll and not any(acts.done(sentence, toll)) and any(acts.done(sentence, _TOLLS - toll)):
        factor *= 0.3  # the dead of a disaster are not its injured
    counted = _COUNTED.search(question.core)
    if counted:
        wanted = [stem(word) for word in counted["noun"].split()]
        factor *= _another_number(sentence, start, end, wanted[-1])
        after = [stem(word) for word in re.findall(r"[A-Za-z-]+", sentence[end : end + 60])[:4]]
        inside = [stem(word) for word in re.findall(r"[A-Za-z-]+", sentence[start:end])]
        near = {*after, *inside}
        if len(wanted) > 1 and acts.classes(wanted[-1]) == frozenset() and wanted[-1] in near and wanted[0] not in near:
            factor *= 0.3  # "383 medals" for "how many gold medals"
    if not re.search(r"\b(?:together|altogether|in all|total|and)\b", question.standalone, re.I):
        for name in question.names:
            for root in roots(name):
                found = re.search(rf"\b{re.escape(root)}\w*", sentence, re.I)
                both = found and (
                    _AND_NAME.match(sentence, found.end())
                    or re.search(rf"{NAME}\s+and\s+\Z", sentence[: found.start()])
                )
                if both:
                    factor *= 0.4
                    break
    return factor


def _another_number(sentence: str, start: int, end: int, noun: str) -> float:
    """Less where the sentence has the noun that is counted behind another number, and another word behind this one."""
    counts = {
        match.start(): [stem(word) for word in re.findall(r"[A-Za-z-]+", match["what"])]
        for match in _COUNT_OF.finditer(sentence)
    }
    own = next((what for at, what in counts.items() if start <= at < end), None)
    others = (what for at, what in counts.items() if not start <= at < end)
    return _DOUBTED if own and noun not in own and any(noun in what for what in others) else 1.0
