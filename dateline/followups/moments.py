"""The question before asked of another time: "and in 2004?", "and before that?", "and now?", "and the first time?"."""

from __future__ import annotations

import re
from collections.abc import Callable

from dateline.followups.turns import Turn
from dateline.phrases import MONTH, PREPOSITIONS, TIME, TOKEN, Phrase, dated, is_verb, phrases

_PREPOSITION = rf"(?P<preposition>(?i:{'|'.join(sorted(PREPOSITIONS))}))\s+"
_NAMED = re.compile(rf"(?:{_PREPOSITION})?(?P<time>{TIME.pattern})")
_IN_MONTH = re.compile(rf"{_PREPOSITION}(?P<time>{MONTH.pattern})")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NEXT_YEAR = re.compile(r"(?:the )?(?:year (?P<order>before|after)|(?P<which>previous|next|following) year)", re.I)
_ORDER = re.compile(
    r"""(?:the[ ](?P<what>\w+)[ ])?(?P<order>before|after|since)(?:[ ](?:that|then))?
      |(?:the[ ])?(?P<which>previous|next|following)[ ](?P<unit>time|one)
      |(?P<adverb>earlier|previously|later|afterwards)""",
    re.IGNORECASE | re.VERBOSE,
)
_HOLDER = re.compile(r"(?P<order>before|after) (?:him|her|them)", re.IGNORECASE)
_FURTHEST = re.compile(r"the (?P<which>first|last)(?: (?:time|one))?", re.IGNORECASE)
_NOW = re.compile(r"(?:now|today|right now|currently|at present|nowadays|these days)", re.IGNORECASE)
_BACKWARDS = frozenset({"before", "previous", "earlier", "previously"})

_LATEST = re.compile(r" (?:for the (?:very )?(?:first|last) time|most recently)\b|\b(?:last|first)\s(?=[a-z])")
_FURTHER = re.compile(r"\b(?:last|first|most recently)\b")
# Questions for what happened once, and those for what was so at a time; "why" and "how" ask for neither.
_HAPPENED = re.compile(
    r"(?:who|whom|when|where|did|has|have|had|is|was|are|were|(?:on|in) (?:what|which) (?:day|date|month|year))\b", re.I
)
_WAS_SO = re.compile(r"(?:what|which|how (?:many|much|often))\b", re.IGNORECASE)
_BE = re.compile(r"(?P<head>(?:who|what|where)?)(?P<be>['’]s|\s*(?:is|are|was|were))\b", re.IGNORECASE)
_PAST, _PRESENT = {"is": "was", "are": "were", "s": "was"}, {"was": "is", "were": "are"}
_WHEN = frozenset({"in", "on", "during", "since", "before", "after", "by", "until"})
_ENDING_SPAN = frozenset({"and", "or", "to"})
_BOUND = re.compile(
    r"\b(?:between|when|while|before|after|until|since|during|now|still|currently|first|last)\b", re.IGNORECASE
)


def is_moment(words: str) -> bool:
    """Whether the words of a follow-up ("in 2004", "before that") are another time and nothing else."""
    return any(pattern.fullmatch(words) for pattern, _ in _FORMS)


def asked_at(words: str, turn: Turn) -> str | None:
    """The turn's question asked of the time that the words give, None where that can't be told."""
    read = [(ask, found) for pattern, ask in _FORMS if (found := pattern.fullmatch(words))]
    return next(filter(None, (ask(found, turn) for ask, found in read)), None)


def timeless(question: str) -> str:
    """The question without "last" and "first", which another time does away with."""
    return _LATEST.sub("", question)


def ended(question: str, words: str) -> str:
    """The question with more words before its closing mark."""
    bare = question.rstrip()
    mark = bare[-1] if bare and bare[-1] in "?.!" else ""
    return f"{bare.rstrip('?.! ')} {words}{mark}"


def _named(found: re.Match[str], turn: Turn) -> str | None:
    """ "And in 2004?", "what about last year?"."""
    preposition, time = found["preposition"], found["time"]
    return _at(turn.question.strip(), f"{preposition} {time}" if preposition else dated(time))


def _next_year(found: re.Match[str], turn: Turn) -> str | None:
    """ "And the year after?": the last year of the question, and one."""
    question = turn.question.strip()
    years = list(_YEAR.finditer(question))
    if not years:
        return None
    year = int(years[-1][0]) + (-1 if _backwards(found) else 1)
    return f"{question[: years[-1].start()]}{year}{question[years[-1].end() :]}"


def _before_or_after(found: re.Match[str], turn: Turn) -> str | None:
    """ "And before that?": before the time that was answered, or before the one asked about where that was a count."""
    question = turn.question.strip()
    own, happened = _own_time(question), _HAPPENED.match(question)
    if not (happened or _WAS_SO.match(question)) or not _goes_on(found, question):
        return None
    if own is not None and not own.inside and own.before not in _WHEN:
        return None  # "the spring of 2024"
    asked = own.text if own is not None else None
    time = (turn.answered_time or asked) if happened else (asked or turn.answered_time)
    if time is None:
        return None
    if _backwards(found):
        return _at(_in_tense(timeless(question), _PAST), f"before {time}")
    return _at(timeless(question), f"{'since' if found['order'] == 'since' else 'after'} {time}")


def _goes_on(found: re.Match[str], question: str) -> bool:
    """Whether "the one before", "the visit before that" is one of what the question is about."""
    what = (found["what"] or found["unit"] or "time").lower()
    if what in {"one", "visit", "trip"} and _LATEST.search(question):
        return True
    if what == "one":
        return question.lower().startswith("who")
    return what == "time" or what.removesuffix("ing") in question.lower()


def _beside(found: re.Match[str], turn: Turn) -> str | None:
    """ "And before her?", where the question before was answered by naming her: "who was mayor before Ada Finch?"."""
    question = turn.question.strip()
    told = next((phrase.text for phrase in turn.told if phrase.kind == "person"), None)
    if told is None or not question.lower().startswith("who"):
        return None
    return ended(_in_tense(_without_time(timeless(question)), _PAST), f"{found['order'].lower()} {told}")


def _furthest(found: re.Match[str], turn: Turn) -> str | None:
    """ "And the first time?": the question for the first where it was for the last, and the other way round."""
    question = turn.question.strip()
    return _FURTHER.sub(found["which"].lower(), question, count=1) if _FURTHER.search(question) else None


def _now(found: re.Match[str], turn: Turn) -> str | None:
    """ "And now?", of what someone or something was: "who is king of Norway now?"."""
    asked = turn.question.strip()
    question = _without_time(asked)
    words = [word for word in TOKEN.findall(question) if word[0].islower()]
    if not _BE.match(question) or _BOUND.search(question) or any(map(is_verb, words)):
        return None
    if question == asked and not asked.lower().startswith("who"):
        return None  # "what is its capital?" was asked of now
    return ended(_in_tense(question, _PRESENT), found[0].lower())


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Turn], str | None]], ...] = (
    (_NOW, _now),
    (_NAMED, _named),
    (_IN_MONTH, _named),
    (_NEXT_YEAR, _next_year),
    (_ORDER, _before_or_after),
    (_HOLDER, _beside),
    (_FURTHEST, _furthest),
)


def _backwards(found: re.Match[str]) -> bool:
    return any(word is not None and word.lower() in _BACKWARDS for word in found.groups())


def _own_time(question: str) -> Phrase | None:
    return next((phrase for phrase in reversed(phrases(question)) if phrase.kind == "time"), None)


def _at(question: str, when: str) -> str | None:
    """The question about another time: that in the place of its own, or at its end. None where its own is a span's."""
    own = _own_time(question)
    if own is None:
        return ended(timeless(question), when)
    if own.before in _ENDING_SPAN:
        return None
    year = re.fullmatch(r"in (\d{4})", when)
    if own.text.isdigit() and own.before not in _WHEN:  # "the 2018 World Cup", "the spring of 2018"
        if year is None:
            return ended(_without_time(question), when) if own.inside else None
        when = year[1]
    start = _start(own, question)
    return question[:start] + when + question[own.end :]


def _without_time(question: str) -> str:
    """The question without its own time and the preposition before it."""
    own = _own_time(question)
    if own is None:
        return question
    start = own.start if own.inside else _start(own, question)
    return (
        question[:start].rstrip() + (" " if own.inside else "") + question[own.end :].lstrip(" " if own.inside else "")
    )


def _start(time: Phrase, question: str) -> int:
    """Where a time begins, its preposition included."""
    return question.lower().rindex(time.before, 0, time.start) if time.before in _WHEN else time.start


def _in_tense(question: str, verbs: dict[str, str]) -> str:
    """The question with its opening "is" or "was" put into another tense."""
    be = _BE.match(question)
    verb = be["be"].strip(" '’").lower() if be is not None else ""
    if be is None or verb not in verbs:
        return question
    said = verbs[verb] if be["head"] else verbs[verb].capitalize()
    return f"{be['head']}{' ' if be['head'] else ''}{said}{question[be.end() :]}"
