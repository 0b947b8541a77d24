"""Questions that borrow their clause from the one before: "why?", "what about Moscow?", "and before that?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.followups.moments import asked_at, ended, is_moment, timeless
from dateline.followups.turns import Turn
from dateline.phrases import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, TOKEN, Kind, Phrase, kind_of

_LEAD = r"(?:(?:and|but|so|ok|okay|or|then|also|well|thanks|interesting)\b[,.]?\s+)"
_END = r"\s*[?.!]*\s*\Z"
# A question word by itself, or with a "that" that stands for the clause: "why?", "when was that?", "why so?".
_BARE = re.compile(
    rf"""\s*{_LEAD}*
    (?P<word>who[ ]else|where[ ]else|what[ ]else|why|when|where|how|how[ ]long|how[ ]often|since[ ]when|with[ ]whom)
    (?:\s+(?:is|was)\s+(?:that|this|(?P<it>it))
      |\s+(?:did|does)\s+(?:that|this|it)\s+(?:happen|take[ ]place|occur)
      |\s+so|\s+exactly)?{_END}""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = re.compile(
    r"(?P<ask>how (?:many|much|long|often|old|far)|who|whom|what|which|when|where|why|how)\b(?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_MEASURED = frozenset({"how much", "how old", "how far"})  # the verb after them wants what they ask for
_LASTING = frozenset({"is", "are", "was", "were", "has", "have", "had"})
_ABOUT = re.compile(
    rf"""\s*{_LEAD}*?(?:(?:what|how)[ ]about|and|or)\s+
    (?P<rest>(?!(?:is|are|was|were|do|does|did|has|have|can|could|will|would
                  |who|what|when|where|which|why|how)\b)[^?.!]{{1,80}}?)
    (?:\s+(?:then|instead))?{_END}""",
    re.IGNORECASE | re.VERBOSE,
)
# "Who was it before that?", "who had the job before her?", "when was the first time?"
_AGAIN = re.compile(
    rf"""\s*{_LEAD}*(?P<ask>who|when|where)\s+
    (?:(?:is|was)\s+(?:it\s+)?|(?:had|held|did)\s+(?:the|this|that)\s+(?:job|post|office|position|role|seat)\s+)
    (?P<rest>[^?.!]{{1,80}}?){_END}""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF = re.compile(
    r"(what(?:['’]s| is| are| was| were)) .{1,80}? (?P<rest>(?:of|for) .+)\Z", re.IGNORECASE | re.DOTALL
)


def bare_word(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "Why?", "who else?", "when was that?": the question word over the clause of the question before."""
    bare = _BARE.match(question)
    before = _ASKING.match(earlier[-1].question.strip())
    if bare is None or before is None:
        return None
    word, old, clause = bare["word"].lower(), before["ask"].lower(), before["rest"]
    whole = f"{word.capitalize()}{clause}"
    if word.endswith(" else"):
        return whole if old == word.removesuffix(" else") else None
    auxiliary = TOKEN.match(clause.lstrip())
    if auxiliary is None or auxiliary[0].lower() not in AUXILIARIES or old in {"who", "what", "which"} | _MEASURED:
        return None
    if word == "since when" and auxiliary[0].lower() not in _LASTING:
        return None
    if bare["it"] and old in {"when", "where"}:
        return None  # "where was it?": what happened then, which is for the pronoun to say
    return timeless(whole) if word in {"how long", "how often", "since when"} else whole


def what_about(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "What about Moscow?", "and in 2004?": the phrase of its kind in the question before gives way to the new one."""
    rest = _asked_about(question, earlier[-1])
    if rest is None:
        return None
    if is_moment(rest):
        return asked_at(rest, earlier[-1]) or question
    words = TOKEN.findall(rest.lower())
    if not words or not PRONOUNS.isdisjoint(words):
        return None
    return _with_phrase(earlier[-1], rest, words)


def _asked_about(question: str, turn: Turn) -> str | None:
    """What a question puts to the one before: "Moscow", "in 2004", "before that"."""
    about, again = _ABOUT.match(question), _AGAIN.match(question)
    if about is not None:
        return about["rest"].strip()
    if (
        again is not None
        and is_moment(again["rest"])
        and turn.question.strip().lower().startswith(again["ask"].lower())
    ):
        return again["rest"]
    return None


def _with_phrase(turn: Turn, rest: str, words: Sequence[str]) -> str | None:
    """The turn's question with the new phrase `rest`, whose words are given; None where its place can't be told."""
    question, plain = turn.question, PREPOSITIONS.isdisjoint(words[1:])
    preposition = words[0] if words[0] in PREPOSITIONS else ""
    new = rest[len(preposition) :].strip()
    kind: Kind = kind_of(new, preposition) if re.match(r"(?:the )?[A-Z]", new) else "thing"
    old = _like(turn.named, new, kind, preposition)
    if old is not None and plain:
        # "visit China", "and in Russia?": the verb takes its object without the preposition.
        return (question[: old.start] + new + question[old.end :]).strip()
    part = _PART_OF.match(question.strip())
    if part is not None and plain and words[0] == "the":
        return f"{part[1]} {rest} {part['rest']}"
    if preposition and old is None and kind != "thing":
        return ended(question.strip(), rest)
    return None


def _like(known: Sequence[Phrase], new: str, kind: Kind, preposition: str) -> Phrase | None:
    """The phrase that a new one of this kind stands in for, None where that can't be told."""
    same = [phrase for phrase in known if phrase.kind == kind]
    if preposition:
        same = [phrase for phrase in known if phrase.before == preposition]
        same = [phrase for phrase in same if phrase.kind == kind or "thing" not in {phrase.kind, kind}]
    if kind in {"person", "name"} and not same:
        same = [phrase for phrase in known if phrase.kind in {"person", "name"}]
    if kind == "person" and not same and not preposition:
        # A name unknown to the list of places may well be one: "what about Hangzhou?" after "When did he visit China?"
        same = [phrase for phrase in known if phrase.kind == "place"]
    if kind == "place" and not same:
        same = [phrase for phrase in known if phrase.kind == "place" and phrase.before not in PREPOSITIONS - {"of"}]
    if kind == "thing" and not preposition:
        # "best picture" gives way to "best actor", not to whatever was named last.
        shared = set(TOKEN.findall(new.lower())) - DETERMINERS
        same = [phrase for phrase in same if shared & set(TOKEN.findall(phrase.text.lower()))]
    return same[-1] if same else None
