"""Whether the words around a time look ahead: "will meet on Monday" against "met on Monday"."""

from __future__ import annotations

import re

# Sentences end at a capital after a full stop, so "Sept. 22" and "3.5" stay whole.
_BREAK = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z])|\n")
_REACH = 240

_CUE = re.compile(
    r"\b(?:(?P<ahead>(?:will|won['’]t|shall|would|must|may|might|could|should|can|to)(?:\s+(?:not|also|\w+ly))?\s+be\s+\w+|"
    r"will|won['’]t|shall|would|must|may|might|could|should|can|"
    r"(?:is|are|was|were|be|been)\s+(?:now\s+)?(?:due|to|set|scheduled|slated|expected|planned|likely|about|going)|"
    r"due|set\s+(?:to|for)|scheduled|slated|planned\s+for|plan(?:s|ning)?|expect(?:s|ed)?|hop(?:es|ing)\s+to|"
    r"(?:aim|intend|want|vow|pledge|promise|threaten)(?:s|ed)?\s+to|going\s+to|to\s+be\s+held|upcoming|coming|"
    r"deadline|ahead\s+of|in\s+time\s+for|begins?|starts?|opens?|runs?|kicks?\s+off|takes?\s+place|expires?|ends?|airs|"
    r"premieres|resumes?|gets?\s+under\s+way|goes\s+on\s+sale|(?:heads?|go|goes)\s+to\s+the\s+polls|preparing|"
    r"tomorrow|next\s+(?:week|month|year))|"
    r"(?P<past>was|were|had|has|been|said|says|told|did|met|took|came|went|held|won|lost|died|began|left|made|gave|"
    r"found|saw|became|got|sent|brought|broke|fell|rose|hit|shot|cut|led|ran|stood|spoke|wrote|struck|put|kept|"
    r"built|bought|sold|paid|drew|fought|flew|grew|knew|threw|drove|swore|sworn|chose|quit|beat|fled|sank|swept|"
    r"thought|caught|taught|sought|spent|laid|shut|set|read|tore|wore|woke|overthrew|withdrew|sat|"
    r"(?!(?:need|indeed|hundred|speed|exceed|proceed|embed|breed|agreed-upon)\b)[a-z]{2,}ed))\b|['’](?P<soon>ll)\b"
)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around text[start:end] starts and ends, at most some 240 characters away."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    begins = low
    for gap in _BREAK.finditer(text, low, start):
        begins = gap.end()
    ends = _BREAK.search(text, end, high)
    return begins, ends.start() + 1 if ends else high


def looks_ahead(text: str, start: int, end: int) -> bool:
    """The nearest verb of the sentence around text[start:end] speaks of what is to come.

    The nearest counts, so that each day of "said on Friday that schools will reopen on Monday" gets its own.
    """
    begins, ends = sentence(text, start, end)
    nearest, ahead = _REACH * 2, False
    for cue in _CUE.finditer(text, begins, ends):
        if cue.end() > start and cue.start() < end:
            continue
        distance = start - cue.end() if cue.end() <= start else cue.start() - end
        if distance < nearest:
            nearest, ahead = distance, cue["past"] is None
    return ahead


def breaks(text: str, start: int, end: int) -> int:
    """How many sentences end in text[start:end]."""
    return sum(1 for _ in _BREAK.finditer(text, start, end))
