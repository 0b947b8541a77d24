"""A follow-up made to stand alone, without a model: what "he", "there", "then" and "what about Moscow?" refer to.

Precision first: a question that says what it is about is given back letter for letter, and so is one whose reference
can't be told from the earlier turns. Each turn's question is resolved in its turn, so that a topic carries on through
a chain of follow-ups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.phrases import (
    AUXILIARIES,
    DETERMINERS,
    MONTH,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    TIME,
    TOKEN,
    Kind,
    Phrase,
    is_plural,
    kind_of,
    phrases,
)
from index.errors import QuestionError

_REMEMBERED = 12  # turns looked back over; older ones are another conversation
_LONGEST = 400  # characters: a longer question brings its own context
_MARKERS = re.compile(r"\s?\[\d{1,3}\]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


@dataclass(frozen=True)
class Turn:
    """One question and its answer (empty where there was none)."""

    question: str
    answer: str = ""


def turns(history: Sequence[Turn | Mapping[str, Any] | Sequence[str]]) -> tuple[Turn, ...]:
    """The history as turns: from `Turn`s, {"question", "answer"} mappings or (question, answer) pairs.

    Raises QuestionError, naming the place, for anything else.
    """
    read = []
    for place, entry in enumerate(history, start=1):
        if isinstance(entry, Turn):
            read.append(entry)
            continue
        if isinstance(entry, Mapping):
            pair: tuple[Any, ...] = (entry.get("question"), entry.get("answer"))
        else:
            pair = () if isinstance(entry, str) or not isinstance(entry, Sequence) else tuple(entry)
        if len(pair) != 2 or not isinstance(pair[0], str) or not isinstance(pair[1], str | None):
            raise QuestionError(
                f'history, turn {place}: give {{"question": ..., "answer": ...}} or a (question, answer) pair of texts'
            )
        read.append(Turn(pair[0], pair[1] or ""))
    return tuple(read)


def stand_alone(question: str, history: Sequence[Turn | Mapping[str, Any] | Sequence[str]]) -> str:
    """The question as it would be asked without the turns before it; unchanged where it already stands alone."""
    earlier: list[Turn] = []
    for turn in turns(history)[-_REMEMBERED:]:
        earlier.append(Turn(_resolve(turn.question, earlier), turn.answer))
    return _resolve(question, earlier)


def _resolve(question: str, earlier: Sequence[Turn]) -> str:
    if not earlier or not question.strip() or len(question) > _LONGEST:
        return question
    for rewrite in (_bare_word, _what_about):
        rewritten = rewrite(question, earlier)
        if rewritten is not None:
            return rewritten
    rewritten = question
    for step in (_then, _there, _visit, _pronouns, _ones):
        rewritten = step(rewritten, earlier)
    return rewritten if rewritten != question else _definite(question, earlier)


# -- Ellipsis: a question that borrows its clause from the one before --

_LEAD = re.compile(r"\s*(?:(?:and|but|so|ok|okay|or|then|also|well|thanks|interesting)\b[,.]?\s+)*", re.IGNORECASE)
_BARE = re.compile(
    r"(?P<word>why|when|where|how|who|what|which|how many|how much|how long|how often|who else|where else|what else|"
    r"when exactly|where exactly|since when|with whom|why not)"
    r"(?:\s+(?:is|was)\s+(?:that|this|it)|\s+(?:did|does)\s+(?:that|this|it)\s+(?:happen|take place|occur)|"
    r"\s+so|\s+exactly)?"
    r"\s*[?.!]*\s*\Z",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:(?:what|how)\s+about|and|or)\s+(?P<rest>(?!(?:is|are|was|were|do|does|did|has|have|can|could|will|would|"
    r"who|what|"
    r"when|where|which|why|how)\b)[^?.!]{1,80}?)(?:\s+(?:then|instead))?\s*[?.!]*\s*\Z",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?P<ask>(?:how (?:many|much|long|often|old|far)|who|whom|what|which|when|where|why|how)\b)(?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)


_ASIDE = re.compile(
    r"(?P<unit>(?:the )?(?:year (?:before|after)|(?:previous|next|following) year))|"
    r"(?:the (?:time|one) )?(?:before|after)(?: (?:that|then))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_LATEST = re.compile(r"\b(?:last|first|most recently)\s(?=[a-z])")
_PART_OF = re.compile(
    r"(what(?:'s|’s| is| are| was| were)) (?P<asked>.{1,80}?) (?P<rest>(?:of|for) .+)\Z", re.IGNORECASE | re.DOTALL
)


def _bare_word(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "Why?", "who else?", "when was that?": the question word over the clause of the question before."""
    bare = _BARE.match(question, _LEAD.match(question).end())  # type: ignore[union-attr]
    before = _ASKING.match(earlier[-1].question.strip())
    if bare is None or before is None:
        return None
    word = bare["word"].lower()
    old, rest = before["ask"].lower(), before["rest"]
    auxiliary = TOKEN.match(rest.lstrip())
    if word in {"who else", "where else", "what else"}:
        if old != word.split()[0]:
            return None
        return f"{word.capitalize()}{rest}"
    if word not in {"why", "when", "where", "how", "how often", "how long", "since when", "with whom"}:
        return None
    if auxiliary is None or auxiliary[0].lower() not in AUXILIARIES or old in {"who", "what", "which"}:
        return None
    if re.search(r"\s+(?:is|was)\s+it\b", bare[0]) and old in {"when", "where"}:
        return None
    return f"{word.capitalize()}{rest}"


def _what_about(question: str, earlier: Sequence[Turn]) -> str | None:
    """ "What about Moscow?", "and in 2004?": the phrase of its kind in the question before gives way to the new one."""
    about = _ABOUT.match(question, _LEAD.match(question).end() if not question.lower().startswith("and ") else 0)  # type: ignore[union-attr]
    if about is None:
        return None
    rest = about["rest"].strip()
    before = earlier[-1].question.strip()
    words = TOKEN.findall(rest.lower())
    aside = _ASIDE.fullmatch(rest)
    if aside is not None:
        return _before_or_after(before, aside, earlier[-1])
    if not words or any(word in PRONOUNS for word in words):
        return None
    preposition = words[0] if words[0] in PREPOSITIONS else ""
    new = rest[len(preposition) :].strip()
    if TIME.fullmatch(new) or (preposition and MONTH.fullmatch(new)):
        return _with_time(before, f"{preposition or _at(new)} {new}".strip())
    kind: Kind = kind_of(new, preposition) if re.match(r"(?:the )?[A-Z]", new) else "thing"
    old = _like(before, new, kind, preposition)
    if old is not None and not any(word in PREPOSITIONS for word in words[1:]):
        # "visit China", "and in Russia?": the verb takes its object without the preposition.
        return before[: old.start] + new + before[old.end :]
    head = _PART_OF.match(before)
    if head is not None and words[0] == "the" and not any(word in PREPOSITIONS for word in words):
        return f"{head[1]} {rest} {head['rest']}"
    if preposition and old is None and kind != "thing":
        return _ended(before, f" {rest}")
    return None


def _before_or_after(before: str, aside: re.Match[str], last: Turn) -> str | None:
    """ "And before that?", "and the year after?": the same question about another time."""
    earlier = "before" in aside[0].lower() or "previous" in aside[0].lower()
    years = list(_YEAR.finditer(before))
    if aside["unit"] and years:
        year = str(int(years[-1][0]) + (-1 if earlier else 1))
        return before[: years[-1].start()] + year + before[years[-1].end() :]
    said = TIME.search(_MARKERS.sub("", last.answer))
    if said is None or aside["unit"]:
        return None
    return _ended(_LATEST.sub("", before), f" {'before' if earlier else 'after'} {said[0]}")


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


def _with_time(question: str, when: str) -> str:
    times = [phrase for phrase in phrases(question) if phrase.kind == "time"]
    if times:
        last = times[-1]
        start = last.start
        if last.before in {"in", "on", "during", "since", "before", "after", "by", "until"}:
            start = question.lower().rindex(last.before, 0, last.start)
        return question[:start] + when + question[last.end :]
    return _ended(_LATEST.sub("", question), f" {when}")


def _at(when: str) -> str:
    if re.fullmatch(r"\d{4}|[A-Z][a-z]+ \d{4}", when):
        return "in"
    return "on" if any(map(str.isdigit, when)) else ""


def _ended(question: str, words: str) -> str:
    """`question` with `words` before its closing mark."""
    bare = question.rstrip()
    mark = bare[-1] if bare and bare[-1] in "?.!" else ""
    return bare.rstrip("?.! ") + words + mark


# -- Reference: one word that stands for a phrase of an earlier turn --

_AFTER = re.compile(r"\b(?:before|after|since) (?P<that>that|then)(?=\s*[?.!]?\s*\Z)", re.IGNORECASE)
_THEN = re.compile(
    r"\b(?:(?:back\s)?then|at (?:that|the) time|that (?:day|year|month|week))(?=\s*[?.!]?\s*\Z)", re.IGNORECASE
)
_THERE = re.compile(
    r"(?P<before>\w+)?\s*\bthere\b(?!\s+(?:is|are|was|were|be|been|will|a|an|any|still|have|has|such|more))",
    re.IGNORECASE,
)
# A verb of an earlier question, the noun that takes it up, and what ties its object to the noun.
_ACTS = {
    "visit": ("visit", "to"),
    "travel": ("trip", "to"),
    "attack": ("attack", "on"),
    "meet": ("meeting", "with"),
    "invade": ("invasion", "of"),
    "sign": ("signing", "of"),
    "resign": ("resignation", "from"),
    "arrest": ("arrest", "of"),
    "launch": ("launch", "of"),
    "strike": ("strike", "on"),
    "die": ("death", "in"),
}
_ACT = re.compile(
    r"\b(?:that|this|the)\s+(?P<which>(?:first|last|second|previous|latest|next)\s+)?"
    r"(?P<noun>visit|trip|attack|meeting|invasion|signing|resignation|arrest|launch|strike|death)\b(?!\s+(?:to|of|"
    r"on|by|with|in|from|at)\b)",
    re.IGNORECASE,
)
_HAPPENS = re.compile(r"\s+(?:happen|occur|take place|last|strike|break out)\b", re.IGNORECASE)
_ONES = re.compile(r"(?<=\w\s)(ones)\b", re.IGNORECASE)
_EXISTS = AUXILIARIES | {"so", "if", "that", "because", "and", "but", "out", "over", "hi", "hello"}
_PRONOUN = re.compile(
    r"\b(he|him|his|she|her|hers|it|its|it's|it’s|they|them|their|theirs)\b(?:['’](?:s|re|ve|d|ll))?", re.IGNORECASE
)
_EXPLETIVE = re.compile(
    r"\bit(?:'s|’s)?\s+(?:is\s+|was\s+|be\s+)?(?:\w+\s+)?(?:good|bad|better|best|possible|safe|necessary|hard|easy|"
    r"true|likely|"
    r"legal|illegal|important|worth|ok|okay|normal|common|rain\w*|snow\w*)\b[^?]*\b(?:to|that|for|\w+ing)\b|"
    r"\b(?:how (?:long|much)|what)\b.{0,40}\bit (?:take|cost|mean)s?\b.{0,20}\bto\b|"
    r"\bwhat (?:time|day|date|year) (?:is|was) it\b|\bit (?:seems|appears|sounds)\b",
    re.IGNORECASE,
)


def _then(question: str, earlier: Sequence[Turn]) -> str:
    after = _AFTER.search(question)
    found = _THEN.search(question)
    if found is None and after is None or TIME.search(question):
        return question
    for turn in reversed(earlier[-3:]):
        said = TIME.search(_MARKERS.sub("", turn.answer)) or TIME.search(turn.question)
        if said is not None and after is not None:
            return question[: after.start("that")] + said[0] + question[after.end("that") :]
        if said is not None and found is not None:
            return question[: found.start()] + f"{_at(said[0])} {said[0]}".strip() + question[found.end() :]
    return question


def _there(question: str, earlier: Sequence[Turn]) -> str:
    for found in _THERE.finditer(question):
        before = (found["before"] or "").lower()
        if before in _EXISTS or not before:
            continue
        place = next(_places(earlier), None)
        if place is None:
            return question
        motion = {
            "go",
            "goes",
            "went",
            "going",
            "travel",
            "traveled",
            "travelled",
            "fly",
            "flew",
            "get",
            "got",
            "come",
            "return",
        }
        preposition = "" if before in PREPOSITIONS | {"visit", "visited"} else "to " if before in motion else "in "
        at = found.end() - len("there")
        return question[:at] + preposition + place + question[found.end() :]
    return question


def _places(earlier: Sequence[Turn]) -> Iterator[str]:
    for turn in reversed(earlier[-4:]):
        said = _answered(turn)
        asks_where = turn.question.lower().lstrip().startswith(("where", "which", "what"))
        if asks_where:
            yield from (phrase.text for phrase in said if phrase.kind == "place")
        yield from (phrase.text for phrase in reversed(phrases(turn.question)) if phrase.kind == "place")
        if not asks_where:
            yield from (phrase.text for phrase in said if phrase.kind == "place")


def _pronouns(question: str, earlier: Sequence[Turn]) -> str:
    """The first he, she, it or they takes its phrase; those after it then refer within the question."""
    if re.search(r"\b(?:he|him|his)\b", question, re.IGNORECASE) and re.search(
        r"\b(?:she|hers?)\b", question, re.IGNORECASE
    ):
        return question  # two people, and no telling which of the names is whose
    for found in _PRONOUN.finditer(question):
        word = re.split("['’]", found[1].lower())[0]
        if word == "it" and _EXPLETIVE.search(question) or "ll" in found[0][-3:]:
            continue
        if word == "it" and _HAPPENS.match(question, found.end()) and not _speaks_of_event(earlier):
            return question
        if _within(question[: found.start()], word):
            return question
        phrase = _referent(word, earlier)
        if phrase is None:
            continue
        tail = found[0][
            len(found[1].rstrip("s").rstrip("'’")) if "'" in found[1] or "’" in found[1] else len(found[1]) :
        ]
        after = TOKEN.match(question[found.end() :].lstrip())
        owns = word in {"his", "its", "their"} or (
            word == "her"
            and after is not None
            and after[0].lower() not in PREPOSITIONS | AUXILIARIES | DETERMINERS | {"and"}
        )
        if owns:
            phrase += "’" if phrase.endswith("s") and is_plural(phrase) else "'s"
            phrase = phrase.replace("’", "'")
        elif tail:
            tail = {"'s": " is", "’s": " is", "'re": " are", "’re": " are"}.get(tail, tail)
        if found.start() == 0:
            phrase = phrase[0].upper() + phrase[1:]
        return question[: found.start()] + phrase + tail + question[found.end() :]
    return question


def _speaks_of_event(earlier: Sequence[Turn]) -> bool:
    return any(phrase.event for turn in earlier[-3:] for phrase in phrases(turn.question))


def _within(head: str, word: str) -> bool:
    """Whether the question itself names what the pronoun stands for, earlier in its own words."""
    named = phrases(head)
    if word in {"he", "him", "his", "she", "her", "hers"}:
        return any(phrase.kind == "person" for phrase in named)
    if word in {"they", "them", "their", "theirs"}:
        return any(phrase.plural for phrase in named if phrase.kind != "time")
    return any(not phrase.plural and phrase.kind in {"name", "place"} for phrase in named) or any(
        phrase.subject and not phrase.plural for phrase in named
    )


def _referent(word: str, earlier: Sequence[Turn]) -> str | None:
    """The phrase that a pronoun takes up: the nearest turn that speaks of anything of its gender and number."""
    weak: list[str] = []
    for turn in reversed(earlier[-5:]):
        asks_name = _ASKS_NAME.match(turn.question) is not None
        named = [phrase for phrase in phrases(turn.question) if phrase.kind != "time"]
        if word in _PEOPLE:
            people = [phrase for phrase in named if phrase.kind == "person"]
            if not people and asks_name:
                people = [phrase for phrase in _answered(turn) if phrase.kind == "person"]
            if people:
                return min(people, key=lambda phrase: not phrase.subject).text
            continue
        if asks_name:
            said = [phrase for phrase in _answered(turn) if phrase.kind in {"place", "name"}]
            if said and word in {"it", "its"}:
                return said[0].text
        if word in {"it", "its"}:
            found = [phrase for phrase in named if not phrase.plural and _may_be_it(phrase, named, word)]
        else:
            both = _joined(turn.question, named)
            if both is not None:
                return both
            found = [phrase for phrase in named if phrase.plural] or [
                phrase for phrase in named if phrase.kind == "name"
            ]
        found = sorted(filter(_open, found), key=_rank)
        if found and _rank(found[0]) < _WEAK:
            return _full(turn.question, found[0])
        weak += [_full(turn.question, phrase) for phrase in found if _rank(phrase) == _WEAK]
    return weak[0] if weak else None


_PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers"})
_ASKS_NAME = re.compile(
    r"\s*(?:who|(?:which|what)\s+(?!(?:is|are|was|were|do|does|did|has|have|can|will|would)\b)\w+)\b", re.IGNORECASE
)


def _may_be_it(phrase: Phrase, named: list[Phrase], word: str) -> bool:
    if phrase.before in {"which", "what"}:
        return False  # what was asked for, not what was spoken of
    if phrase.kind == "place" and word == "it":
        return phrase.subject or phrase.central  # "visit China": a place gone to is "there", not "it"
    if phrase.kind == "person":
        # "John Smith" is nobody's it; "Netflix", which no list tells from a surname, may be.
        return (
            (phrase.subject or phrase.central)
            and " " not in phrase.text
            and not any(other.kind in {"place", "name"} for other in named)
        )
    return True


def _joined(question: str, named: list[Phrase]) -> str | None:
    """Two names with "and" between them, as one: the likeliest "they"."""
    for first, second in zip(named, named[1:], strict=False):
        if question[first.end : second.start] == " and " and "thing" not in {first.kind, second.kind}:
            return question[first.start : second.end]
    return None


def _full(question: str, phrase: Phrase) -> str:
    """The phrase with the place that tells which: "the earthquake in Turkey"."""
    if phrase.kind == "thing":
        for other in phrases(question):
            if other.kind in {"place", "name"} and question[phrase.end : other.start].strip() in {
                "in",
                "at",
                "of",
                "on",
            }:
                return question[phrase.start : other.end]
    return phrase.text


def _topic(earlier: Sequence[Turn]) -> str | None:
    """What the conversation is about: the likeliest topic of the nearest turn that has one."""
    for turn in reversed(earlier[-5:]):
        found = [phrase for phrase in phrases(turn.question) if phrase.kind != "time" and _open(phrase)]
        found = [phrase for phrase in found if _rank(phrase) < _WEAK]
        if found:
            return _full(turn.question, min(found, key=_rank))
    return None


_WEAK = 4
_CLOSED = re.compile(
    r"(?:my|your|our|this|that|these|those|its|their|his|her)\b|(?:\w+ )?(?:time|way)\Z", re.IGNORECASE
)


def _open(phrase: Phrase) -> bool:
    """Whether a later turn can take the phrase up: it does not itself point somewhere else."""
    return not _CLOSED.match(phrase.text)


def _rank(phrase: Phrase) -> int:
    """How likely a question is about a phrase, 0 the likeliest; from `_WEAK` on it is so only where nothing better is.

    What another phrase is part of ("the symptoms of anemia", "Syria's president") comes before the subject, then names.
    "The test" and the object of a verb are what is said about a topic, seldom the topic.
    """
    definite = phrase.kind == "thing" and phrase.text.lower().startswith("the ")
    if phrase.event:
        return 0
    if phrase.central:
        return 2 if definite else 0
    if phrase.subject:
        return _WEAK if definite else 1
    if phrase.kind != "thing":
        return 3
    return _WEAK + (2 if phrase.before in PREPOSITIONS else 1)


def _answered(turn: Turn) -> list[Phrase]:
    """What the first sentence of an answer names that its question did not."""
    first = _SENTENCE_END.split(_MARKERS.sub("", turn.answer).strip(), maxsplit=1)[0][:400]
    asked = turn.question.lower()
    # Names alone: an answer quotes articles, whose other phrases are no longer what was asked about.
    return [phrase for phrase in phrases(first) if phrase.kind != "thing" and phrase.text.lower() not in asked]


def _visit(question: str, earlier: Sequence[Turn]) -> str:
    """ "That visit", after "when did Assad last visit China?": the act with who did it and to whom."""
    found = _ACT.search(question)
    if found is None:
        return question
    noun = found["noun"].lower()
    for turn in reversed(earlier[-3:]):
        verb = next((v for v, (name, _) in _ACTS.items() if name == noun and re.search(rf"\b{v}", turn.question)), None)
        named = [phrase for phrase in phrases(turn.question) if phrase.kind in {"person", "place", "name"}]
        doer = next((phrase for phrase in named if phrase.subject), None)
        if verb is None or doer is None:
            continue
        object_ = next(
            (phrase for phrase in named if phrase.start > doer.start and phrase.before.startswith(verb)), None
        )
        to = f" {_ACTS[verb][1]} {object_.text}" if object_ is not None else ""
        said = f"{doer.text}'s {found['which'] or ''}{found['noun']}{to}"
        return question[: found.start()] + said + question[found.end() :]
    return question


def _ones(question: str, earlier: Sequence[Turn]) -> str:
    """ "What are the important ones?": the things the question before spoke of, without their qualifiers."""
    found = _ONES.search(question)
    if found is None:
        return question
    plural = found[1].lower() == "ones"
    for turn in reversed(earlier[-3:]):
        things = [phrase for phrase in phrases(turn.question) if phrase.kind == "thing" and phrase.plural == plural]
        if things:
            bare = re.sub(r"^(?:the|a|an|some|any|all|these|those)\s+", "", things[0].text, flags=re.IGNORECASE)
            return question[: found.start(1)] + bare + question[found.end(1) :]
    return question


_DEFINITE = re.compile(
    r"(?P<head>(?:[^?.!]*[.!]\s+)?(?:what(?:'s|’s|\s+(?:is|are|was|were))|"
    r"how (?:much|big|large|high|long) (?:is|are|was|were)|"
    r"who (?:is|are|was|were)|tell me (?:more )?about|describe|are there|is there)\s+"
    r"(?P<thing>(?:(?:the|some|any|common|important|other|main|typical|possible|famous|"
    r"good)\s+)+(?:[a-z-]+\s+){0,2}[a-z-]+))"
    r"\s*(?P<mark>[?.!]*)\s*\Z",
    re.IGNORECASE,
)


def _definite(question: str, earlier: Sequence[Turn]) -> str:
    """ "What are the symptoms?": a thing with nothing to belong to belongs to what the conversation is about."""
    found = _DEFINITE.match(question)
    if found is None:
        return question
    words = TOKEN.findall(found["thing"].lower())
    if any(word in PREPOSITIONS or word in PRONOUNS or word in QUESTION_WORDS for word in words):
        return question
    if len(phrases(question)) != 1 or any(phrase.kind != "thing" for phrase in phrases(question)):
        return question
    topic = _topic(earlier)
    if topic is None or "other" in words or set(TOKEN.findall(topic.lower())) & set(words) - DETERMINERS:
        return question
    return f"{found['head']} of {topic}{found['mark']}"
