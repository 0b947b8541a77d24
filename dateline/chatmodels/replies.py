"""What a chat model wrote, read into statements: from text with markers or from JSON, whole or still arriving.

Pure functions over the text so far. Nothing here is believed: a marker or a quoted phrase is a hint where to look.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateline.matching import has, share, stems
from index.sentences import sentences
from index.words import terms
from prompts import CANNOT_ANSWER

if TYPE_CHECKING:
    from dateline.followups.followup import Turn

LONGEST = 20_000
"""Characters of a reply that are read; a model that writes on is stopped there."""


@dataclass(frozen=True)
class Said:
    """One statement as a model made it: bare text, the passages it points to (from 1), the words it quotes."""

    text: str
    passages: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether it is the agreed sentence for "the passages don't answer"."""
        words = re.sub(r"[^\w ]", "", self.text).strip().upper()
        return words.startswith(CANNOT_ANSWER)


def read(reply: str, final: bool = True) -> list[Said]:
    """The statements of a reply, in whichever form it came. Unless `final`, only those that are complete."""
    reply = answer_part(reply[:LONGEST], final)
    start = reply.lstrip()
    if start.startswith(("{", "```", "[{")):
        found = from_json(start)
        if found or not final:
            return found
        return [] if start.startswith(("{", "[{")) else from_markers(start, final)
    told = from_markers(_IN_SHORT.sub("", reply), final)
    return told if told or not final else from_markers(reply)  # a model may say all that it has to say "in short"


def answer_part(reply: str, final: bool = True) -> str:
    """The reply without what a reasoning model thinks aloud between <think> and </think>."""
    reply = re.sub(r"<think>.*?</think>", "", reply, flags=re.DOTALL)
    return reply.partition("<think>")[0] if not final or "<think>" in reply else reply


def refuses_in_json(reply: str) -> bool:
    """Whether a reply is JSON without a single statement, which is how the schema says "the passages don't answer"."""
    try:
        whole = json.loads(_unfenced(answer_part(reply)))
    except ValueError:
        return False
    return isinstance(whole, dict) and whole.get("statements") == []


def bare(reply: str) -> str:
    """The bare answer of a reply ("22 September 2023"): JSON's "short", or a last line "In short: ..."; "" without."""
    reply = answer_part(reply[:LONGEST])
    try:
        whole = json.loads(_unfenced(reply))
        said = whole.get("short") if isinstance(whole, dict) else None
    except ValueError:
        line = _IN_SHORT.search(reply)
        said = line["bare"] if line else None
    return " ".join(_MARKER.sub("", plain(said)).split()) if isinstance(said, str) else ""


def only_of_the_conversation(rewritten: str, question: str, earlier: Sequence[Turn]) -> bool:
    """Whether a rewritten question keeps half of the question's words and has none that nobody said."""
    if not 3 <= len(rewritten) <= 2 * len(question) + 200 or "\n" in rewritten:
        return False
    said = stems(" ".join([question, *(f"{turn.question} {turn.answer}" for turn in earlier)]))
    own = terms(rewritten)
    asked = [word for word in terms(question) if word.lower() not in _POINTING]
    return all(has(said, word) for word in own) and share(stems(rewritten), asked) >= 0.5


_IN_SHORT = re.compile(r"^\W*in short\W*:\s*(?P<bare>.{1,200})\s*\Z", re.IGNORECASE | re.MULTILINE)
_POINTING = frozenset("he him his she her it its they them their there then this that these those one ones".split())


# -- JSON --

SCHEMA = {
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "passage": {"type": "integer"},
                    "quote": {"type": "string"},
                    "text": {"type": "string"},
                },
                "required": ["passage", "quote", "text"],
                "additionalProperties": False,
            },
        },
        "short": {"type": "string"},
    },
    "required": ["statements", "short"],
    "additionalProperties": False,
}
"""Evidence before the sentence: a model that has to copy first has less to make up."""


def from_json(reply: str) -> list[Said]:
    """The sentences of `{"statements": [{"passage", "quote", "text"}, ...]}`, as many as have arrived whole."""
    reply = _unfenced(reply)
    opening = re.search(r'"statements"\s*:\s*\[', reply)
    at = opening.end() if opening else reply.find("[") + 1
    if at == 0:
        return []
    found: list[Said] = []
    decoder = json.JSONDecoder()
    while at < len(reply):
        at += len(reply[at:]) - len(reply[at:].lstrip(", \t\r\n"))
        if not reply.startswith("{", at):
            break
        try:
            record, at = decoder.raw_decode(reply, at)
        except (ValueError, RecursionError):
            return found + _from_record(_arriving(reply[at:]), final=False)
        found += _from_record(record)
    return found


def _arriving(record: str) -> object:
    """What has arrived of a record whose last field, its text, is still being written."""
    whole = _ESCAPE.sub("", record)
    for closing in ('"}', "}"):
        try:
            return json.loads(whole + closing)
        except (ValueError, RecursionError):
            continue
    return None


_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u[0-9a-fA-F]{0,3})?\Z")


def _from_record(record: object, final: bool = True) -> list[Said]:
    """A record's text by sentences: where a model was asked for one and writes three, each of them is checked."""
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return []
    passage, quote = record.get("passage"), record.get("quote")
    pointed = (passage,) if isinstance(passage, int) and not isinstance(passage, bool) else ()
    copied = (quote,) if isinstance(quote, str) and quote.strip() else ()
    # A model that ignores the rules puts markers into the sentence as well: they are hints like the field.
    return [
        Said(said.text, tuple(dict.fromkeys(pointed + said.passages)), copied + said.quotes)
        for said in from_markers(record["text"], final)
    ]


def _unfenced(reply: str) -> str:
    return re.sub(r"\A\s*```\w*\s*|\s*```\s*\Z", "", reply)


# -- Text with markers --

_NUMBERS = r"\d{1,3}(?:\s{0,2}(?:,|;|and|&|-|–)\s{0,2}(?:passages?\s)?\d{1,3}){0,9}"
_MARKER = re.compile(
    rf"\[\s?(?:(?:passages?|sources?)\s?)?({_NUMBERS})(?:†[^\]]{{0,40}})?\s?\]|【({_NUMBERS})[^】]{{0,40}}】|"
    rf"\((?:passages?|sources?)\s({_NUMBERS})\)",
    re.IGNORECASE,
)
_ARRIVING = re.compile(r"[\[【(][^\]】)]{0,40}\Z")
_AFTER_END = re.compile(r"([.!?]['\"”’)]?)((?:\s?\ue000\d+\ue001)+)")
_HELD = re.compile("\ue000(\\d+)\ue001")
_QUOTED = re.compile(r"[“«„]([^“”«»„]{3,400})[”»“]|\"([^\"]{3,400})\"")
_FURNITURE = re.compile(r"^\s*(?:[-*•>#]+\s|\d{1,2}[.)]\s)\s*", re.MULTILINE)
_IMAGE = re.compile(r"!\[([^\]]{0,200})\]\([^)]{0,500}\)")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(([^)\s]{1,500})[^)]{0,200}\)")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]\n]{1,200}\]:\s.*$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|`+")


def from_markers(reply: str, final: bool = True) -> list[Said]:
    """The sentences of a reply, each with the passages whose markers stand in it or behind it."""
    text = plain(reply if final else _ARRIVING.sub("", reply))
    hints: list[tuple[int, ...]] = []

    def hold(match: re.Match[str]) -> str:
        hints.append(_listed(match[1] or match[2] or match[3]))
        return f"\ue000{len(hints) - 1}\ue001"

    # A marker behind the full stop belongs to the sentence before it.
    text = _AFTER_END.sub(lambda match: re.sub(r"\s", "", match[2]) + match[1], _MARKER.sub(hold, text))
    found: list[Said] = []
    for start, end in sentences(text):
        sentence = text[start:end]
        passages = tuple(dict.fromkeys(n for held in _HELD.finditer(sentence) for n in hints[int(held[1])]))
        bare = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_HELD.sub("", sentence).split()))
        if not any(map(str.isalnum, bare)):
            if found and passages:  # markers on a line of their own
                found[-1] = Said(found[-1].text, found[-1].passages + passages, found[-1].quotes)
            continue
        quotes = tuple(match[1] or match[2] for match in _QUOTED.finditer(bare))
        found.append(Said(bare, passages, tuple(quote for quote in quotes if len(quote.split()) > 2)))
    return found if final else found[:-1]


def plain(text: str) -> str:
    """Text as a reader should see it: no Markdown, no link or image that could call out, no invisible characters."""
    text = "".join(
        character
        for character in text
        if unicodedata.category(character) not in {"Cf", "Co", "Cs"}
        and (character in "\n\t" or character.isprintable())
    )
    text = _LINK.sub(lambda match: match[1], _IMAGE.sub("", _REFERENCE.sub("", text)))
    text = text.replace("![", "[").replace("](", "] (")  # what is left of images and links
    return _EMPHASIS.sub("", _FURNITURE.sub("", text))


def _listed(numbers: str) -> tuple[int, ...]:
    """ "2, 4-6" as (2, 4, 5, 6); a range too long to be one is its two ends."""
    listed: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", numbers):
        ends = (int(first), int(last or first))
        listed += range(ends[0], ends[1] + 1) if 0 <= ends[1] - ends[0] < 10 else ends
    return tuple(dict.fromkeys(listed))
