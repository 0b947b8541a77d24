"""Questions that borrow their clause from the one before: "why?", "what about Moscow?", "and before that?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.phrases import (
    AUXILIARIES,
    DETERMINERS,
    MONTH,
    PREPOSITIONS,
    PRONOUNS,
    TIME,
    TOKEN,
    Kind,
    Phrase,
    dated,
    kind_of,
    phrases,
)
from dateline.turns import Turn

_LEAD = re.compile(r"\s*(?:(?:and|but|so|ok|okay|or|then|also|well|thanks|interesting)\b[,.]?\s+)*", re.IGNORECASE)
# A question word by itself, or with a "that" that stands for the clause: "why?", "when was that?", "why so?".
_BARE = re.compile(
    r"""(?P<word>who[ ]else|where[ ]else|what[ ]else|why|when|where|how|how[ ]long|how[ ]often|since[ ]when|with[ ]whom)
    (?:\s+(?:is|was)\s+(?:that|this|(?P<it>it))
      |\s+(?:did|does)\s+(?:that|this|it)\s+(?:happen|take[ ]place|occur)
      |\s+so|\s+exactly)?
    \s*[?.!]*\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = re.compile(
    r"(?P<ask>how (?:many|much|long|often|old|far)|who|whom|what|which|when|where|why|how)\b(?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT = re.compile(
    r"""(?:(?:what|how)[ ]about|and|or)\s+
    (?P<rest>(?!(?:is|are|was|were|do|does|did|has|have|can|could|will|would
                  |who|what|when|where|which|why|how)\b)[^?.!]{1,80}?)
    (?:\s+(?:then|instead))?\s*[?.!]*\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_ASIDE = re.compile(
    r"""(?P<unit>(?:the[ ])?(?:year[ ](?:before|after)|(?:previous|next|following)[ ]year))
      |(?:the[ ](?:time|one)[ ])?(?:before|after)(?:[ ](?:that|then))?""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_LATEST = re.compile(r"\b(?:last|first|most recently)\s(?=[a-z])")
_PART_OF = re.compile(
    r"(what(?:['’]s| is| are| was| were)) .{1,80}? (?P<rest>(?:of|for) .+)\Z", re.IGNORECASE | re.DOTALL
)
_WHEN = frozenset({"in", "on", "during", "since", "before", "after", "by", "until"})


def bare_word(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "Why?", "who else?", "when was that?": the question word over the clause of the question before."""
    bare = _BARE.match(question, _lead(question))
    before = _ASKING.match(earlier[-1].question.strip())
    if bare is None or before is None:
        return None
    word, old, clause = bare["word"].lower(), before["ask"].lower(), before["rest"]
    whole = f"{word.capitalize()}{clause}"
    if word.endswith(" else"):
        return whole if old == word.removesuffix(" else") else None
    auxiliary = TOKEN.match(clause.lstrip())
    if auxiliary is None or auxiliary[0].lower() not in AUXILIARIES or old in {"who", "what", "which"}:
        return None
    if bare["it"] and old in {"when", "where"}:
        return None  # "where was it?": what happened then, which is for the pronoun to say
    return whole


def what_about(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "What about Moscow?", "and in 2004?": the phrase of its kind in the question before gives way to the new one."""
    about = _ABOUT.match(question, 0 if question.lower().startswith("and ") else _lead(question))
    if about is None:
        return None
    rest, before = about["rest"].strip(), earlier[-1].question.strip()
    aside = _ASIDE.fullmatch(rest)
    if aside is not None:
        return _before_or_after(before, aside, earlier[-1].answered_time)
    words = TOKEN.findall(rest.lower())
    if not words or not PRONOUNS.isdisjoint(words):
        return None
    preposition = words[0] if words[0] in PREPOSITIONS else ""
    new = rest[len(preposition) :].strip()
    if TIME.fullmatch(new) or (preposition and MONTH.fullmatch(new)):
        return _with_time(before, f"{preposition} {new}" if preposition else dated(new))
    return _with_phrase(before, rest, new, preposition)


def _lead(question: str) -> int:
    """Where a question begins, its "and", "but" and "ok" passed over."""
    found = _LEAD.match(question)
    return found.end() if found else 0


def _before_or_after(question: str, aside: re.Match[str], time: str | None) -> str | None:
    """ "And before that?", "and the year after?": the same question about another time."""
    earlier = "before" in aside[0].lower() or "previous" in aside[0].lower()
    years = list(_YEAR.finditer(question))
    if aside["unit"] and years:
        year = str(int(years[-1][0]) + (-1 if earlier else 1))
        return question[: years[-1].start()] + year + question[years[-1].end() :]
    if time is None or aside["unit"]:
        return None
    return _ended(_LATEST.sub("", question), f" {'before' if earlier else 'after'} {time}")


def _with_time(question: str, when: str) -> str:
    """The question about another time: that in the place of its own, or at its end."""
    times = [phrase for phrase in phrases(question) if phrase.kind == "time"]
    if not times:
        return _ended(_LATEST.sub("", question), f" {when}")
    start, last = times[-1].start, times[-1]
    if last.before in _WHEN:
        start = question.lower().rindex(last.before, 0, last.start)
    return question[:start] + when + question[last.end :]


def _with_phrase(question: str, rest: str, new: str, preposition: str) -> str | None:
    """The question with a new phrase, None where its place can't be told; `rest` is the phrase with its preposition."""
    further = set(TOKEN.findall(rest.lower())[1:])
    kind: Kind = kind_of(new, preposition) if re.match(r"(?:the )?[A-Z]", new) else "thing"
    old = _like(question, new, kind, preposition)
    if old is not None and PREPOSITIONS.isdisjoint(further):
        # "visit China", "and in Russia?": the verb takes its object without the preposition.
        return question[: old.start] + new + question[old.end :]
    part = _PART_OF.match(question)
    if part is not None and rest.lower().startswith("the ") and PREPOSITIONS.isdisjoint(further):
        return f"{part[1]} {rest} {part['rest']}"
    if preposition and old is None and kind != "thing":
        return _ended(question, f" {rest}")
    return None


def _like(question: str, new: str, kind: Kind, preposition: str) -> Phrase | None:
    """The phrase of `question` that a new one of this kind stands in for, None where that can't be told."""
    known = [phrase for phrase in phrases(question) if phrase.kind != "time"]
    same = [phrase for phrase in known if phrase.kind == kind]
    if preposition:
        same = [phrase for phrase in known if phrase.before == preposition and (phrase.kind == kind or kind != "thing")]
    if kind in {"person", "name"} and not same:
        same = [phrase for phrase in known if phrase.kind in {"person", "name"}]
    if kind == "person" and not same and not preposition:
        # A name unknown to the list of places may well be one: "what about Hangzhou?" after "When did he visit China?"
        same = [phrase for phrase in known if phrase.kind == "place"]
    if kind == "place" and not same:
        same = [phrase for phrase in known if phrase.kind == "place" and phrase.before not in PREPOSITIONS]
    if kind == "thing" and not preposition:
        # "best picture" gives way to "best actor", not to whatever was named last.
        shared = set(TOKEN.findall(new.lower())) - DETERMINERS
        same = [phrase for phrase in same if shared & set(TOKEN.findall(phrase.text.lower()))]
    return same[-1] if same else None


def _ended(question: str, words: str) -> str:
    """`question` with `words` before its closing mark."""
    bare = question.rstrip()
    mark = bare[-1] if bare and bare[-1] in "?.!" else ""
    return bare.rstrip("?.! ") + words + mark
