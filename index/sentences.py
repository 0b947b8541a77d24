"""Where sentences begin and end in an article, as exact offsets.

One definition serves passages (cut at sentence ends) and quotations (whole sentences), so that both agree. Ours,
because a library's splitter returns strings, and its model data breaks when an installer hard-links it.
"""

from __future__ import annotations

import re

# A full stop after one of these does not end a sentence.
_TITLES = frozenset(
    """mr mrs ms messrs dr prof rev hon st gen lt col maj capt cmdr sgt cpl adm gov sen rep pres amb supt insp vs
        v etc eg ie al cf ca approx dept est fig vol no nos art jr sr inc ltd co corp bros univ""".split()
)
_MONTHS = frozenset("""jan feb mar apr jun jul aug sep sept oct nov dec""".split())
_WEEKDAYS = frozenset("""mon tue tues wed thu thur thurs fri sat sun""".split())
# After "U.S." or "p.m." only a word that opens sentences tells an end from a name that goes on ("U.S. President").
_OPENERS = frozenset(
    """the a an this that these those he she it they we i you his her its their our in on at after before but and
        as when while if since for from by with to there here what who how why however meanwhile later""".split()
)
# A run of marks is tried once, from its first mark: tried from each, a long one would take quadratic time.
_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’»)\]]*+(?=\s)|[。！？؟۔]+[”’»」』）]*""")
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\Z")
_OPENING = re.compile(r"""["'“‘«(\[]*""")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_LINE_BREAK = re.compile(r"\n[^\S\n]*(?:\n\s*)?")
_TERMINAL = re.compile(r"""[.!?…:;。！？؟]["'”’»)\]]*\s*\Z""")
_BULLET = re.compile(r"[-*•–#>|]\s|\d+[.)]\s")
# A line shorter than this was not wrapped by an editor's margin: it is a headline, a caption, a list entry.
_WRAPPED = 45


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as (start, end) offsets into `text`, in order, without outer white space.

    Headlines, captions and list entries on lines of their own count as sentences.
    """
    end = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    for first, last in _blocks(text, start, end):
        begin = first
        for match in _END.finditer(text, first, last):
            if match.end() < last and _ends_here(text, begin, match, last):
                _add(found, text, begin, match.end())
                begin = match.end()
        _add(found, text, begin, last)
    return found


def split(text: str) -> list[str]:
    """The same cut as pieces that join to `text` again: what llama-index's SentenceSplitter asks of a splitter."""
    starts = [start for start, _ in sentences(text)]
    if not starts:
        return [text]
    starts[0] = 0
    return [text[start:stop] for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]


def _blocks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Runs of text that a sentence cannot cross: paragraphs, and lines that are not merely wrapped."""
    blocks = []
    begin = line = start
    for match in _LINE_BREAK.finditer(text, start, end):
        before = text[line : match.start()]
        if (
            match.group().count("\n") > 1
            or len(before.strip()) < _WRAPPED
            or _TERMINAL.search(before[-8:])
            or _BULLET.match(text, match.end())
        ):
            blocks.append((begin, match.start()))
            begin = match.end()
        line = match.end()
    blocks.append((begin, end))
    return blocks


def _ends_here(text: str, begin: int, match: re.Match[str], last: int) -> bool:
    mark = match.group()
    after = match.end()
    while after < last and text[after].isspace():
        after += 1
    opening = _OPENING.match(text, after, last)
    after = opening.end() if opening else after
    if after >= last:
        return True
    if text[after].islower():
        return False
    if mark[0] != "." or len(mark.rstrip("\"'”’»)]")) > 1:
        return True
    before = _WORD_BEFORE.search(text[max(begin, match.start() - 24) : match.start()])
    if before is None:
        return True
    word = before.group().lower()
    following = _NEXT_WORD.match(text, after, last)
    opener = following is not None and following.group().lower() in _OPENERS
    if "." in word:  # U.S., p.m., e.g.
        return opener
    if word in _TITLES:
        # "No." and "Co." are abbreviations before a number or a name, words at the end of a sentence.
        return opener and word in {"no", "co", "inc", "ltd", "corp", "jr", "sr", "etc"}
    if word in _MONTHS or word in _WEEKDAYS:
        return not text[after].isdigit() and opener
    if len(word) == 1 and before.group().isupper():  # an initial: "J. Smith"
        return opener
    return True


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))
