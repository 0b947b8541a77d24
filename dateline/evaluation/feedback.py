"""What visitors of the page say of an answer, kept as test cases beside the index, so that use makes a test set grow.

`feedback.jsonl` in the store's folder: each line is a line of a test set (see `testset`), with "right",
"given" and "kept" (when, in UTC) added. Nothing is ever taken out of the file; what was said last of a question holds.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dateline.answer import Answer
from dateline.evaluation.testset import Case, Id, parse
from index.errors import TestSetError

NAME = "feedback.jsonl"


def keep(store: Path, answer: Answer, right: bool, should_be: str | None = None) -> Case:
    """Keep what a person says of an answer, in the store's folder. Any number of processes may do so at once.

    `right` is thumbs up: the short answer (or the refusal) becomes the expected one. Else `should_be` is the answer
    they expected; empty, that there is none in the articles; None, that they didn't say: then it is kept, but makes no
    test case, because nothing is known but one wrong answer. Returns the case as kept.
    """
    expected: dict[str, Any] = {}
    if right:
        expected["answerable"] = answer.answered
        if answer.short:
            expected["answers"] = [answer.short]
        if answer.answered:
            expected["articles"] = list(dict.fromkeys(citation.article for citation in answer.citations))
    elif should_be is not None:
        should_be = " ".join(should_be.split())
        expected = {"answers": [should_be], "answerable": True} if should_be else {"answerable": False}
    line = {
        "id": "feedback-" + hashlib.sha256(_question(answer).encode()).hexdigest()[:10],
        "question": _question(answer),
        **expected,
        "type": "feedback",
        "asked": date.today().isoformat(),
        "right": right,
        "given": answer.short,
        "kept": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    case = parse(line, NAME)
    _append(store / NAME, json.dumps(line, ensure_ascii=False) + "\n")
    return case


def cases(store: Path) -> tuple[Case, ...]:
    """The test cases kept in a store's folder: the last word on each question, in the order of the first.

    Raises `TestSetError` where there are none yet.
    """
    path = store / NAME
    found: dict[Id, Case] = {}
    if path.is_file():
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                case = parse(json.loads(line.decode("utf-8")), f"{path}, line {number}")
            except ValueError:  # a torn line: the machine stopped while it was written
                continue
            found[case.id] = case
    known = tuple(case for case in found.values() if case.answerable is not None)
    if not known:
        raise TestSetError(f"{path}: no feedback with a right answer yet; give some on the page: dateline chat")
    return known


def _question(answer: Answer) -> str:
    """As it stands alone: a follow-up means nothing without the conversation, which isn't kept."""
    return " ".join((answer.standalone or answer.question).split())


def _append(path: Path, line: str) -> None:
    from filelock import FileLock

    with FileLock(path.with_name(path.name + ".lock"), timeout=30), path.open("a+b") as file:
        # A torn last line must not swallow this one.
        if file.tell() and not _ends_whole(path):
            file.write(b"\n")
        file.write(line.encode("utf-8"))


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
