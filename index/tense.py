"""Whether the words around a time look ahead: "will meet on Monday" against "met on Monday"."""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["ahead", "past"]

# A sentence ends where a capital follows the full stop, so "Sept. 22" and "3.5" stay whole.
_BREAK = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z])|\n")
_REACH = 240
# A "will" further off speaks of something else; so does one behind a comma, unless the time opens the sentence.
_AHEAD_REACH = 110
_COMMA = 100
_OPENING = 15

_CUE = re.compile(
    r"\b(?:(?P<ahead>"
    # The verb after "will" belongs to it: "will be held", "would stay shut".
    r"(?:will|won['’]t|shall|would|must|may|might|could|should|can|to)(?:\s+(?:not|also|now|\w+ly))?\s+"
    r"(?:be|have|stay|remain|go)\s+\w+|"
    r"will|won['’]t|shall|would|must|may|might|could|should|can|"
    r"(?:is|are|was|were|be|been)\s+(?:now\s+)?(?:due|to(?:\s+(?:be|have|go|stay|remain)\s+\w+)?|set|scheduled|"
    r"slated|expected|planned|likely|about|going)|"
    r"due|set\s+(?:to|for)|scheduled|slated|planned\s+(?:for|on)|plan(?:s|ning)?|expect(?:s|ed)?|hop(?:es|ing)\s+to|"
    r"(?:aim|intend|want|vow|pledge|promise|threaten)(?:s|ed)?\s+to|going\s+to|upcoming|coming|deadline|ahead\s+of|"
    r"in\s+time\s+for|(?<!\ban\s)(?<!\bthe\s)(?<!\bits\s)(?:begins?|starts?|opens?|runs?|ends?)|kicks?\s+off|"
    r"takes?\s+place|expires?|airs|premieres|"
    r"becomes|goes\s+on\s+trial|takes\s+(?:office|the\s+oath)|"
    r"resumes?|gets?\s+under\s+way|go(?:es)?\s+on\s+sale|(?:heads?|go|goes)\s+to\s+the\s+polls|preparing|"
    r"headed\s+(?:to|for)|tomorrow|next\s+(?:week|month|year))|"
    r"(?P<past>declared(?:\s+[\w’'-]+){1,4}?\s+(?:open|closed)|aftermath|in\s+the\s+wake|following|"
    r"was|were|had|has|been|said|says|told|did|met|took|came|went|held|"
    r"won|"
    r"lost|died|began|left|made|gave|found|saw|became|got|sent|brought|broke|fell|rose|hit|shot|led|ran|stood|"
    r"spoke|wrote|struck|kept|built|bought|sold|paid|drew|fought|flew|grew|knew|threw|drove|swore|sworn|chose|"
    r"quit|fled|sank|swept|thought|caught|taught|sought|spent|laid|tore|wore|woke|overthrew|"
    r"withdrew|sat|let|taken|given|seen|gone|done|born|known|fallen|stolen|written|chosen|broken|beaten|drawn|"
    r"thrown|shown|"
    r"driven|(?!(?:need|indeed|hundred|speed|exceed|proceed|succeed|embed|breed|bleed|feed|seed|weed|greed|sacred|"
    r"naked)\b)[a-z]{2,}ed))\b|['’](?P<soon>ll)\b"
)
# "until Friday" looks ahead unless a past verb stands right before it: "ran until Friday".
_LIMIT = re.compile(r"\b(?:[Uu]ntil|[Tt]ill|[Bb]y|[Tt]hrough)\s+(?:the\s+)?\Z")
_RIGHT_BEFORE = 24


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around text[start:end] starts and ends, looking some 240 characters either way."""
    begins = max(0, start - _REACH)
    for gap in _BREAK.finditer(text, begins, start + 1):
        if gap.end() <= start:
            begins = gap.end()
    stop = min(len(text), end + _REACH)
    close = _BREAK.search(text, end, stop)
    return begins, close.start() + 1 if close else stop


def breaks(text: str, start: int, end: int) -> int:
    """How many sentences end in text[start:end]."""
    return sum(1 for gap in _BREAK.finditer(text, start, end + 1) if gap.end() <= end)


def tense(text: str, start: int, end: int) -> Tense | None:
    """What the nearest verb of the sentence around text[start:end] says; None where no verb says anything.

    The nearest counts, so that each day of "said on Friday that schools will reopen on Monday" gets its own.
    """
    begins, ends = sentence(text, start, end)
    nearest, found = _REACH * 2, None
    opening = start - begins <= _OPENING
    for cue in _CUE.finditer(text, begins, ends):
        if cue.end() > start and cue.start() < end:
            continue
        ahead = cue["past"] is None
        distance = start - cue.end()
        if distance < 0:
            distance = cue.start() - end
            if not opening and "," in text[end : cue.start()]:
                distance += _COMMA
        if distance < nearest and not (ahead and distance > _AHEAD_REACH):
            nearest, found = distance, "ahead" if ahead else "past"
    if (found is None or nearest > _RIGHT_BEFORE) and _LIMIT.search(text, max(0, start - 12), start):
        return "ahead"
    return found  # type: ignore[return-value]
