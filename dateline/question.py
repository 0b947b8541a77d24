"""What a question asks: its kind, its time, and the names and words that an answer has to be about.

Read off the words alone, with no model, so that it is the same for every answerer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from dateline import acts
from dateline.followups.followup import stand_alone
from dateline.matching import roots, share_of_names, stems
from index.articles import clean
from index.days import TimeAsked, in_question
from index.errors import QuestionError
from index.words import STOP_WORDS

if TYPE_CHECKING:
    from index.search import Hit

# Longer than anyone types: a whole article pasted by mistake.
LONGEST = 10_000

# The kinds of question, by the words that open them. The first pattern that fits decides.
_KINDS = (
    (
        "when",
        r"when|(?:on|in|by|since|until) (?:what|which) (?:day|date|month|year|week)|what (?:day|date|month|year)|"
        r"what (?:was|is) the (?:\w+ ){0,3}(?:day|date|month|year)\b|"
        r"(?:the )?(?:date|day|year) (?:of|when|that)|(?:the )?(?:last|first|next) time|(?:until|since|by|from) when",
    ),
    ("how-long", r"how long|for how long"),
    (
        "how-many",
        r"how (?:many|much|often|big|large|strong|far|high|old|tall|deep|fast|powerful)|"
        r"what (?:(?:is|was|were|are) the )?(?:(?:latest|final|newest|total|official|current|last) )*"
        r"(?:figure|number|count|toll|total|price|cost)\b|what (?:did|does|do|will|would) .{2,60}\bcosts?\b|"
        r"what (?:number|percentage|share|proportion|magnitude|was the magnitude|is the magnitude|"
        r"was the death toll|is the death toll|was the toll|is the toll)|(?:at|to) what (?:price|age)",
    ),
    (
        "where",
        r"where|(?:in|at|to|from) (?:what|which) (?:city|country|town|place|province|region|state|village)|"
        r"(?:what|which) (?:city|country|town|place|province|region|village)",
    ),
    (
        "who",
        r"what (?:is|was) the (?:real |full |maiden )?name of (?:the )?(?:\w+ )?"
        r"(?:man|woman|person|boy|girl|driver|pilot|victim)|"
        r"who|whom|whose|(?:by|to|with|for|from) whom|(?:what|which) (?:person|man|woman|president|minister|leader|"
        r"king|company|country|body|group|organi[sz]ation|party)",
    ),
    ("why", r"why|for what reason|what (?:was|is) the reason|how come"),
    ("yes-no", r"(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should|may|might)(?:n['’]t)?"),
    ("how", r"how"),
    ("which", r"(?:\w+ )?which"),
)
_PATTERNS = tuple(
    (kind, re.compile(rf"(?:(?:and|so|but|ok|okay|well)[ ,]+)?(?:{words})\b", re.I)) for kind, words in _KINDS
)
# A question word that does not open the question: "Assad visited China when?", "in 2004 who was ...?"
_INNER = re.compile(r"\b(when|where|who|why|how many|how much|how long|how|which|what)\b", re.I)
# "Was it in Riyadh or in Jeddah?" is answered by one of the two; "Was there a word or not?" by yes or no.
_ALTERNATIVE = re.compile(r"\w,? or (?!not\b|some|any|else)\w", re.I)
_CAPITALISED = r"(?:[A-Z][\w’'.-]*|[a-z]{1,3}-[A-Z]\w+)"  # Assad, al-Assad, U.S.
_LINK = r"(?:(?:of|al|bin|de|la|van|von|el)[ ](?=[A-Z]))?"
_NAME = re.compile(rf"{_CAPITALISED}(?:[ ]{_LINK}{_CAPITALISED})*")
_WORD = re.compile(r"\w+(?:[.,:’'-]\w+)*")
# Capitalised, and no name by themselves.
_PLAIN = frozenset(
    """president king queen prime minister foreign general sir mr mrs ms dr the january february march april may
        june july august september october november december monday tuesday wednesday thursday friday saturday
        sunday""".split()
)

# A time led by one of these says when it all was; without, it belongs to the noun in front of it.
_WHEN_IT_WAS = re.compile(r"(?:in|on|during|at|by|over|within)\b", re.I)
# The share of a question's words that makes a passage one about its subject.
_ABOUT = 0.6
SOON = timedelta(days=31)  # after a time, articles still report on it
# Words that open a question with a capital and are no names.
_OPENINGS = frozenset(
    """name tell give list show write explain describe find say through since apart besides despite under over between
    among within without besides date day time last first next please can could""".split()
)


@dataclass(frozen=True)
class Question:
    """A question as it is answered. `text` is what was typed, `standalone` the same with follow-ups resolved."""

    text: str
    standalone: str
    asked: date
    kind: str
    time: TimeAsked
    # The names in it, each as its words: ("Xi", "Jinping"). Any of the words may stand for the name.
    names: tuple[tuple[str, ...], ...]

    @cached_property
    def core(self) -> str:
        """The question without its words of time and order: what is searched for and read for."""
        core = _tidy(_without(self.standalone, self.time.spans))
        return core if terms(core) else self.standalone

    @property
    def parted(self) -> str:
        """`core` with a comma where words of time stood, so that the names on both sides of "before" stay two."""
        return _tidy(_without(self.standalone, self.time.spans, ", "))

    @property
    def read_as(self) -> str:
        """What the reader is asked: the order is not its business, nor when it all was ("in May 2022"), by which
        candidates are chosen; a time that belongs to a noun stays ("the runoff of May 2022")."""
        if self.time.order or self.time.relation == "as-of":
            return self.core
        if self.time.relation not in ("in", "until"):
            return self.standalone
        whole = self.standalone
        return _tidy(_without(whole, [span for span in self.time.spans if _WHEN_IT_WAS.match(whole, *span)]))

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The words an answer is about, lower case, without question words and words of time."""
        return terms(self.core)

    @property
    def subjects(self) -> list[tuple[str, ...]]:
        """What a passage has to mention to bear on the question: each by any of the words that it may go by."""
        named = {part.lower() for name in self.names for part in name}
        others = [tuple(acts.alike(term)) for term in self.terms if term not in named]
        if not self.names:
            return others
        return [roots(name) for name in self.names] + (
            [tuple(word for each in others for word in each)] if others else []
        )

    def named_as(self, texts: Iterable[str]) -> Question:
        """The question with the names that were typed without capitals, as the texts found for it write them."""
        if self.names or not self.terms:
            return self
        found = " ".join(texts)
        proper = []
        for term in self.terms:
            written = re.findall(rf"(?<![\w-]){re.escape(term)}(?!\w)", found, re.I)
            if written and not any(word[0].islower() for word in written):
                proper.append((term,))
        return replace(self, names=tuple(proper))


def understand(
    text: str,
    history: Sequence[Mapping[str, str] | Sequence[str]] = (),
    asked: date | None = None,
    standalone: str | None = None,
) -> Question:
    """Read a question. Raises `QuestionError` when it is empty or too long to be one.

    `standalone` is the question as it stands alone, where somebody has made it so already.
    """
    text = clean(text).strip()
    if not re.search(r"\w", text):
        raise QuestionError("the question is empty; type one, such as: When did Assad last visit China?")
    if len(text) > LONGEST:
        raise QuestionError(f"the question has {len(text):,} characters, more than {LONGEST:,}; ask a shorter one")
    standalone = standalone or stand_alone(text, history)
    asked = asked or date.today()
    time = in_question(standalone, asked)
    question = Question(text, standalone, asked, kind(standalone), time, ())
    return replace(question, names=names(_without(standalone, time.spans, ", ")))


def kind(question: str) -> str:
    """What the answer has to be: "when" (a day or period), "who", "where", "how-many", "how-long", "yes-no", ..."""
    opening = question.strip().lstrip("¿\"'“‘( ")
    # "As of July, how many were there?", "Apart from Assad, which president came?": the last clause may ask.
    for clause in (opening, *opening.split(", ")[1:]):
        for name, pattern in _PATTERNS:
            if pattern.match(clause):
                return "either" if name == "yes-no" and _ALTERNATIVE.search(clause) else name
    inner = _INNER.search(opening)
    if inner:
        word = inner.group(1).lower()
        return {"how many": "how-many", "how much": "how-many", "how long": "how-long"}.get(word, word)
    return "what"


def names(text: str) -> tuple[tuple[str, ...], ...]:
    """Runs of capitalised words, titles and weekdays left out, and words that are capital only as they come first."""
    found = []
    for match in _NAME.finditer(text):
        words = [_bare(word) for word in match.group().split()]
        if match.start() == 0 and words and words[0].lower() in _OPENINGS:
            words = words[1:]
        words = [word for word in words if word.lower() not in _PLAIN and word.lower() not in STOP_WORDS]
        if words:
            found.append(tuple(words))
    return tuple(dict.fromkeys(found))


def terms(text: str) -> tuple[str, ...]:
    words = (_bare(word).lower() for word in _WORD.findall(text))
    return tuple(dict.fromkeys(word for word in words if word and word not in STOP_WORDS))


def is_about(hit: Hit, question: Question) -> bool:
    """Whether a passage bears on a question: all its names, most of its words or acts, and the time asked about.

    A local paper's name names its town, which its articles then need not.
    """
    words = stems(f"{hit.article.title}\n{hit.article.source}\n{hit.text}")
    if share_of_names(words, question.names) < 1 or not _of_the_time(hit, question.time):
        return False
    return acts.share(words, question.terms) >= _ABOUT


def _of_the_time(hit: Hit, time: TimeAsked) -> bool:
    """Whether a passage is from the time asked about, or was written soon after it."""
    window, published = time.window, hit.article.published
    if window is None or published is None:
        return True
    if time.relation == "as-of":
        return window.end is None or published <= window.end
    return window.overlaps(published) or bool(window.end and window.end <= published <= window.end + SOON)


def _without(text: str, spans: Iterable[tuple[int, int]], mark: str = "") -> str:
    """A text with `mark` in the place of its words of time, so that names on both sides of them stay two."""
    kept = []
    at = 0
    for start, end in spans:
        kept += [text[at:start], mark]
        at = end
    return "".join([*kept, text[at:]])


def _tidy(text: str) -> str:
    return re.sub(r"(?:\s*,)*\s*([?.,!])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,")


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).strip(".,:’'")
