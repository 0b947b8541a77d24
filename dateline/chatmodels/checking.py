"""Whether a quotation supports a statement: its numbers, days, names and negations must stand in the quoted words.

Offline. What is missing is found by rule, so that a failed check can be told in words ("2004 is not in the
quotation"), and so is what stands there otherwise: parts exchanged (`roles`), words turned into their contrary, what is
only expected told as done (`contraries`). What the rules can't see is left to `score`, which weighs what the built-in
reader's support head says and the share of the statement's words that stand in the quotation. It is kept apart from
`dateline.evaluation.support`, which measures answers: an error here can't hide itself there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dateline.chatmodels.contraries import contrary
from dateline.chatmodels.roles import exchanged
from dateline.matching import has, stem, stems
from index.days import Mention, Period, mentions
from index.mentions import blanked, dayless
from index.sentences import sentences
from models import load

THRESHOLD = 0.5
"""The score from which a statement with nothing missing counts as supported (see benchmarks/support.py)."""
WEIGHTS = (0.458, 2.6, -0.593, -1.8)
"""Of the head's logit, of the share of words, of each fact missing (three at most) and of none of them. The first and
the third are a logistic regression's that `python benchmarks/support.py --fit` made from claims whose licence allows
it, for the head of the second training run; words and the constant are set by hand, since later heads hold short lies
about the subject too likely and what `--fit` makes for them lets nearly all of these pass (benchmarks/LOG.md)."""
WORDS = 0.25
"""The share of words below which nothing counts as supported, whatever the head says."""


@dataclass(frozen=True)
class Verdict:
    """`missing` names what the statement says and the quotation does not; `score` runs from 0 to 1, and is 0 where
    something is missing or nearly no word is there."""

    supported: bool
    missing: tuple[str, ...] = ()
    score: float = 0.0


def check(statement: str, quote: str, published: date | None = None) -> Verdict:
    """Whether `quote`, from an article of the day `published`, supports `statement`."""
    lacking, share = missing(statement, quote, published), words_held(statement, quote, published)
    # Names, numbers and days alone say nothing: some word must tell what was so.
    if lacking or share < WORDS:
        return Verdict(False, lacking)
    score = weighed(entailment(statement, [quote], published), share, 0)
    return Verdict(score >= THRESHOLD, (), score)


def missing(statement: str, quote: str, published: date | None = None) -> tuple[str, ...]:
    """What a statement says and the quotation does not: numbers and days by value (days against the article's), names
    by stem, negations, who did what to whom, and what the quotation says the contrary of."""
    said, given = _Facts.of(statement, published), _Facts.of(quote, published)
    found = [
        *_days(said, given, published),
        *_numbers(said, given),
        *_names(statement, quote),
        *_negations(statement, quote),
        *(f"{verb} (the other way round)" for verb in exchanged(statement, quote)),
        *contrary(statement, quote),
    ]
    return tuple(dict.fromkeys(found))


def words_held(statement: str, quote: str, published: date | None = None) -> float:
    """The share, from 0 to 1, of the statement's words other than facts that stand in the quotation."""
    return overlap(_Facts.of(statement, published).plain, quote)


def entailment(statement: str, texts: Sequence[str], published: date | None = None) -> float:
    """What the reader's support head says of a statement beside the text that supports it best: a logit.

    Of several sentences the least supported counts, each beside its own best text (Laban et al., SummaC, 2022). Days
    are left out on both sides: they are compared by value, and to the head "4 May" and "Tuesday" are two days.
    """
    parts = [statement[start:end] for start, end in sentences(statement)] or [statement]
    parts, texts = ([_Facts.of(one, published).dayless for one in some] for some in (parts, texts))
    scores = load("reader").supports([(part, text) for part in parts for text in texts])
    least = min(max(scores[at : at + len(texts)]) for at in range(0, len(scores), len(texts)))
    least = min(max(least, 1e-6), 1 - 1e-6)
    return math.log(least / (1 - least))


def weighed(logit: float, share: float, lacking: int) -> float:
    """How likely a statement is supported, from 0 to 1: the head's logit, the share of words, the facts missing."""
    head, words, absent, constant = WEIGHTS
    return 1 / (1 + math.exp(-(head * logit + words * share + absent * min(lacking, 3) + constant)))


def gives(statement: str, value: str, published: date | None = None) -> bool:
    """Whether a statement has all of a bare value ("4 May 2021", "two towns"): facts by value, words by stem."""
    words = _content(_Facts.of(value, published).plain)
    return not missing(value, statement, published) and all(has(stems(statement), word) for word in words)


def overlap(statement: str, text: str) -> float:
    """The share, from 0 to 1, of the statement's content words that stand in the text, by stem; 0 without any."""
    words = _content(statement)
    held = stems(text)
    return sum(has(held, word) for word in words) / len(words) if words else 0.0


# -- Words --

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_STOP = frozenset(
    """a an the this that these those of in on at to from for with by about into onto over under after before during
    since until between among against through without within as than like and or but if so nor is are was were be been
    being am do does did has have had can could will would shall should may might must it its he him his she her hers
    they them their theirs we us our you your i me my who whom whose which what when where why how there here then
    also just only even very more most much many some any all both each other such same own said says say according
    not no never none nobody nothing neither cannot isn't aren't wasn't weren't doesn't don't didn't hasn't haven't
    hadn't can't couldn't won't wouldn't shouldn't up out off down again once now while because""".split()
)


def _content(text: str) -> list[str]:
    words = (re.sub(r"['’]s?\Z", "", match[0].lower()) for match in _WORD.finditer(text))
    return [word for word in words if word.replace("’", "'") not in _STOP and len(word) > 1]


# -- Days and numbers --


@dataclass(frozen=True)
class _Facts:
    mentions: tuple[Mention, ...]
    numbers: tuple[tuple[Decimal, str], ...]
    text: str
    dayless: str
    plain: str  # without days, numbers and names, which are compared on their own

    @classmethod
    @lru_cache(maxsize=2048)  # each statement is held against many sentences, and each sentence against many statements
    def of(cls, text: str, published: date | None) -> _Facts:
        found = tuple(mentions(text, published))
        rest = blanked(text, found)  # a year inside a day is no number of its own
        plain = _CAPITAL.sub(_kept_if_common, _NUMBER.sub(" ", rest))
        return cls(found, tuple(numbers(rest)), text, dayless(text, found), plain)


_TEENS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_SMALL = {word: value for value, word in enumerate(_TEENS.split())}
_SMALL |= {word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)}
_ORDINAL = {word: value for value, word in enumerate(_NTH.split(), 1)}
_LARGE = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12} | _LARGE
_NUMBER_WORD = "|".join([*_SMALL, *_LARGE])
_NUMBER = re.compile(
    rf"(?<![\w.,])[-−+]?(?P<digits>\d{{1,3}}(?:[,\u00a0\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    rf"(?:(?:st|nd|rd|th)\b|[\s-]?(?P<scale>hundred|thousand|million|billion|trillion)\b|(?P<short>k|mn|m|bn|b|tn)\b)?"
    rf"|\b(?P<words>(?:{_NUMBER_WORD})(?:(?:[\s-]+|(?:(?<=hundred)|(?<=thousand)|(?<=million))\s+and\s+)(?:{_NUMBER_WORD}))*)\b"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINAL)})\b",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[tuple[Decimal, str]]:
    """The numbers of a text by value, each with its words: "1.2 million", "50,000", "twenty-one", "third"."""
    for match in _NUMBER.finditer(text):
        yield _value(match), match[0].strip()


def _value(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        digits = re.sub(r"[,\u00a0\u202f](?=\d{3})", "", match["digits"]).replace(",", ".")
        return Decimal(digits) * _SHORT.get((match["scale"] or match["short"] or "").lower(), 1)
    if match["ordinal"]:
        return Decimal(_ORDINAL[match["ordinal"].lower()])
    total = current = 0
    for word in re.split(r"[\s-]+", match["words"].lower()):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _LARGE:
            total, current = total + (current or 1) * _LARGE[word], 0
    return Decimal(total + current)


def _numbers(said: _Facts, given: _Facts) -> Iterator[str]:
    known = {value for value, _ in given.numbers}
    # A count in a day's words ("two years ago") is still a count.
    known |= {value for mention in given.mentions for value, _ in numbers(given.text[mention.start : mention.end])}
    for value, words in said.numbers:
        # "One", "first" and "second" are mostly no counts: "one of", "first of all", "a second later".
        if value not in known and words.lower() not in {"one", "first", "second"}:
            yield words


def _days(said: _Facts, given: _Facts, published: date | None) -> Iterator[str]:
    for mention in said.mentions:
        words = said.text[mention.start : mention.end]
        held = any(_same_time(mention.period, other.period) for other in given.mentions)
        # "As of 3 May", "an article of 3 May": the statement speaks of the article, whose day needs no quotation.
        held = held or (
            published is not None
            and mention.period.contains(published)
            and _OF_ARTICLE.search(said.text[: mention.start]) is not None
        )
        # The same words of the same article mean the same time, known or not.
        if not held and not (mention.relative and words.lower() in given.text.lower()):
            yield words


def _same_time(said: Period, given: Period) -> bool:
    """A day holds within its month or year. A stretch named by its ends ("since 2011") holds by the ends alone."""
    if not said.open and said.unit != "range":
        return said.contains(given)
    return said.start in (None, given.start) and said.end in (None, given.end)


_OF_ARTICLE = re.compile(r"(?:as of|reported on|published on|(?:article|report) (?:of|from))\s*\Z", re.IGNORECASE)


# -- Names --

_CAPITAL = re.compile(r"(?<![\w'’])(?:[A-ZÀ-ÖØ-Þ][\w.&'’-]*|(?:al|el|bin|de)-[A-Z][\w'’-]*)")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;]['\"”’)]*\s|\n|[\"“‘(]\s?)\s*\Z")
_NO_NAMES = frozenset(
    """i january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday mr mrs ms dr president prime minister king queen according yes no""".split()
)


def _names(statement: str, quote: str) -> Iterator[str]:
    given = stems(quote)
    spelled = frozenset(_bare(match[0]) for match in _CAPITAL.finditer(quote))
    for match in _CAPITAL.finditer(statement):
        name = _bare(match[0])
        if not name or name.lower() in _NO_NAMES or name.lower() in _STOP:
            continue
        opens = _SENTENCE_START.search(statement[: match.start()]) is not None
        if opens and name not in spelled and not _opens_as_name(name, statement[match.end() :]):
            continue  # any word is capital there
        if not has(given, name):
            yield name


def _kept_if_common(match: re.Match[str]) -> str:
    opens = _SENTENCE_START.search(match.string[: match.start()]) is not None
    common = opens and not _opens_as_name(_bare(match[0]), match.string[match.end() :])
    return match[0] if common else " "


def _opens_as_name(word: str, after: str) -> bool:
    """Whether the first word of a sentence reads as a name: a capital follows, or it stands alone and is no plural."""
    return word.isupper() or _CAPITAL.match(after.lstrip()) is not None or _COMMON.search(word) is None


_COMMON = re.compile(r"(?:s|ing|ed|ly|tion|ment|ness|ity|ship|ance|ence|age|hood|ism)\Z")


def _bare(name: str) -> str:
    return re.sub(r"['’]s?\Z", "", name).strip(".'’-&")


# -- Negations --

_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|\w+n['’]t|fail(?:s|ed)? to|"
    r"refus(?:e|es|ed|ing)|den(?:y|ies|ied|ying)|reject(?:s|ed)?|lacks?|lacked|unable|impossible|hardly|barely)\b",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\b(?:not only|no longer than|no less than|no fewer than|no doubt|whether or not|not least)\b", re.IGNORECASE
)


def _negations(statement: str, quote: str) -> Iterator[str]:
    """A negation that only one side has of a word that both have."""
    ours, theirs = _negated(statement), _negated(quote)
    if ours and not theirs:
        yield "not"
        return
    affirmed = {stem(word) for word in _content(statement)}
    for word in theirs:
        if stem(word) in affirmed and not any(stem(other) == stem(word) for other in ours):
            yield f"not {word}"


def _negated(text: str) -> list[str]:
    """The content word that each negation of a text bears on: the first one after it."""
    kept = _NO_NEGATION.sub(lambda match: " " * len(match[0]), text)
    found = []
    for match in _NEGATION.finditer(kept):
        after = _content(re.split(r"[.;!?]", kept[match.end() : match.end() + 80], maxsplit=1)[0])
        found.append(after[0] if after else match[0].lower())
    return found
