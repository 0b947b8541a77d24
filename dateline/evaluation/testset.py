"""Questions with their known answers: one JSON object a line, read strictly, so that a mistake is found before a run.

Only `id` and `question` are needed. What a line leaves out is not measured; keys not known here are kept. What can be
read but is hardly meant, such as an article that isn't there, is no mistake: see `doubts`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import TestSetError

if TYPE_CHECKING:
    from index.articles import Article

Id = str | int
"""A question's name, as the line has it."""

_KEYS = "id question answers articles passages answerable type history as_of asked choices".split()
_NEARLY = 0.85  # of difflib's ratio: "answer", "as-of", "Article", but not "answered" or "ideas"


@dataclass(frozen=True)
class Passage:
    """A place that proves an answer: code points of the article's text as stored."""

    article: str
    start: int
    end: int


@dataclass(frozen=True)
class Case:
    """One question of a test set.

    `answers` are acceptable as alternatives; `articles` prove them; `passages`, where known, say at which places.
    `answerable` is None where the line tells neither that nor an answer, an article or an `as_of` day: then it is
    not known whether refusing is right. `choices` serve scoring alone. `extra` holds the keys not known here, `where`
    the file and line it was read from.
    """

    id: Id
    question: str
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    answerable: bool | None = None
    type: str = ""
    history: tuple[Mapping[str, str], ...] = ()
    as_of: date | None = None
    asked: date | None = None
    choices: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    where: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The line of a test set that reads back as this case; what it leaves open is left out."""
        line: dict[str, Any] = {"id": self.id, "question": self.question}
        for name in ("answers", "articles", "choices"):
            if value := getattr(self, name):
                line[name] = list(value)
        if self.passages:
            line["passages"] = [{"article": p.article, "start": p.start, "end": p.end} for p in self.passages]
        if self.answerable is not None:
            line["answerable"] = self.answerable
        if self.type:
            line["type"] = self.type
        if self.history:
            line["history"] = [dict(turn) for turn in self.history]
        for name in ("as_of", "asked"):
            if day := getattr(self, name):
                line[name] = day.isoformat()
        return line | dict(self.extra)


def load(path: Path) -> tuple[Case, ...]:
    """The cases of a test set in the file's order. Raises `TestSetError`, naming file, line and what mends it.

    UTF-8 with or without a byte order mark; blank lines are passed over; an id may stand only once.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TestSetError(f"{path}: no such test set; give the path of a .jsonl file") from None
    except OSError as error:
        raise TestSetError(
            f"{path}: can't be read ({error.strerror or error}); give the path of a .jsonl file"
        ) from None
    cases: list[Case] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        case = parse(_object(line, where), where)
        name = str(case.id)
        if name in lines:
            raise TestSetError(f"{where}: id {name!r} already stands on line {lines[name]}; give each its own")
        lines[name] = number
        cases.append(case)
    if not cases:
        raise TestSetError(f'{path}: no questions in it; write lines such as {{"id": "1", "question": "When ...?"}}')
    return tuple(cases)


def doubts(cases: Sequence[Case], stored: Callable[[str], Article | None]) -> Iterator[str]:
    """A line for each thing that reads well but is hardly meant, beginning with where it stands.

    `stored` gives an article by its name, None where there is none.
    """
    for case in cases:
        where = case.where or f"question {case.id!r}"
        if case.answerable is False and case.answers:
            yield f'{where}: "answerable" is false, so its "answers" count for nothing; take one of the two out'
        for key in case.extra:
            if near := difflib.get_close_matches(key.lower().replace("-", "_"), _KEYS, 1, _NEARLY):
                yield f'{where}: the key "{key}" means nothing here; is "{near[0]}" meant?'
        for name in dict.fromkeys((*case.articles, *(place.article for place in case.passages))):
            if stored(name) is None:
                yield f"{where}: no article {name!r} among those indexed; it counts as not found"
        for place in case.passages:
            article = stored(place.article)
            if article is not None and place.end > len(article.text):
                yield f"{where}: a passage ends at {place.end}, its article {place.article!r} at {len(article.text)}"


def _object(line: bytes, where: str) -> object:
    """A line's JSON. Raises `TestSetError` for what isn't text, isn't JSON or says a thing twice."""
    try:
        text = line.decode("utf-8")
        record: object = json.loads(text, object_pairs_hook=_once)
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise TestSetError(f"{where}: not UTF-8; save the file as UTF-8") from None
    except UnicodeEncodeError:
        raise TestSetError(f"{where}: half a character, such as \\ud83d alone; write the character itself") from None
    except RecursionError:
        raise TestSetError(f"{where}: not JSON (nested too deep); write one object on one line") from None
    except json.JSONDecodeError as error:
        why = f"{error.msg} at column {error.colno}"
        raise TestSetError(f"{where}: not JSON ({why}); write one object on one line") from None
    except _Twice as error:
        raise TestSetError(f'{where}: "{error}" is said twice; leave one of them') from None
    except ValueError:
        raise TestSetError(f"{where}: a number too long to read; write it as a string") from None
    return record


class _Twice(Exception):
    """A key that an object has twice: JSON allows it, and the first would be lost without a word."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def parse(record: object, where: str) -> Case:
    """One line's object as a case; `where` begins the message of the `TestSetError` that a mistake raises."""
    if not isinstance(record, dict):
        raise TestSetError(f"{where}: not an object; write one {{...}} a line")
    fields = dict(record)
    name = fields.pop("id", None)
    if isinstance(name, bool) or not isinstance(name, (str, int)) or not str(name).strip():
        raise TestSetError(f'{where}: no "id"; give the question a short name of its own')
    question = fields.pop("question", None)
    if not isinstance(question, str) or not question.strip():
        raise TestSetError(f'{where}: no "question"; write the question as a string')
    answers = _strings(fields, "answers", where)
    articles = _strings(fields, "articles", where)
    passages = _passages(fields, where)
    as_of = _day(fields, "as_of", where)
    answerable = fields.pop("answerable", None)
    if answerable is not None and not isinstance(answerable, bool):
        raise TestSetError(f'{where}: "answerable" is {json.dumps(answerable)[:40]}; write true or false')
    if answerable is None and (answers or articles or passages or as_of):
        answerable = True
    kind = fields.pop("type", None)
    if kind is not None and not isinstance(kind, str):
        raise TestSetError(f'{where}: "type" is not a string; write one such as "when"')
    return Case(
        id=name,
        question=question,
        answers=answers,
        articles=articles or tuple(dict.fromkeys(passage.article for passage in passages)),
        passages=passages,
        answerable=answerable,
        type=(kind or "").strip(),
        history=_history(fields, where),
        as_of=as_of,
        asked=_day(fields, "asked", where),
        choices=_strings(fields, "choices", where),
        extra=fields,
        where=where,
    )


def _strings(fields: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = fields.pop(name, None)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise TestSetError(f'{where}: "{name}" must be a list of strings that are not empty, such as ["..."]')
    return tuple(value)


def _day(fields: dict[str, Any], name: str, where: str) -> date | None:
    value = fields.pop(name, None)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        shown = json.dumps(value)[:40]
        raise TestSetError(f'{where}: "{name}" is {shown}, not a day; write it as "2023-09-22"') from None


def _history(fields: dict[str, Any], where: str) -> tuple[Mapping[str, str], ...]:
    value = fields.pop("history", None) or []
    mend = f'{where}: "history" must be a list of earlier turns, such as [{{"question": "...", "answer": "..."}}]'
    if not isinstance(value, list):
        raise TestSetError(mend)
    turns = []
    for turn in value:
        if not isinstance(turn, dict) or not isinstance(turn.get("question"), str):
            raise TestSetError(mend)
        answer = turn.get("answer") or ""
        if not isinstance(answer, str):
            raise TestSetError(mend)
        turns.append({"question": turn["question"], "answer": answer})
    return tuple(turns)


def _passages(fields: dict[str, Any], where: str) -> tuple[Passage, ...]:
    value = fields.pop("passages", None) or []
    mend = f'{where}: "passages" must be a list of places, such as [{{"article": "a.md", "start": 0, "end": 80}}]'
    if not isinstance(value, list):
        raise TestSetError(mend)
    places: Sequence[Any] = value
    passages = []
    for place in places:
        if not isinstance(place, dict) or not isinstance(place.get("article"), str):
            raise TestSetError(mend)
        start, end = place.get("start"), place.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            raise TestSetError(mend)
        passages.append(Passage(place["article"], start, end))
    return tuple(passages)
