"""The files of a run, written as it goes, so that an interrupted one loses nothing.

    answers.jsonl  a line a question: `answer.to_dict()` and "id"
    run.jsonl      beside it what that line has no room for: "key", under which it may be kept, the model's confidence,
                   tokens, a judge's verdict; once the run is whole, "measured" too, what the question gives each figure
    scores.json    {"figures": {name: {"value", "low", "high", "n"}}, "types": {type: {...the same...}}}
    report.html    the same for a person

A folder without scores.json holds an interrupted run: its answers are kept where their key (question, articles, model,
program) is the same; errors are asked again. A whole run is never resumed: the next one starts anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TextIO, cast

from dateline.evaluation.figures import Measured, ReportError
from dateline.evaluation.scores import Aside, Row, is_failed
from dateline.evaluation.testset import Id


@dataclass(frozen=True)
class Journal:
    """A run's folder, held by this process; without a folder nothing is written."""

    folder: Path | None

    def resume(self, keys: Mapping[Id, str]) -> dict[Id, tuple[Row, Aside]]:
        """The answers of an interrupted run that still hold for these keys, by id; the files are cut down to them."""
        if self.folder is None:
            return {}
        found: dict[Id, tuple[Row, Mapping[str, Any]]] = {}
        if not (self.folder / "scores.json").exists():
            found = {
                name: (row, beside)
                for name, (row, beside) in rows(self.folder).items()
                if beside.get("key") == keys.get(name, "") and not is_failed(row)
            }
        with _writing(self.folder):
            for name in ("scores.json", "report.html"):
                (self.folder / name).unlink(missing_ok=True)
        _replace(self.folder / "run.jsonl", (_line(beside) for _, beside in found.values()))
        _replace(self.folder / "answers.jsonl", (_line(row) for row, _ in found.values()))
        return {name: (row, aside(beside)) for name, (row, beside) in found.items()}

    def keep(self, name: Id, key: str, row: Row, aside: Aside) -> None:
        """One more answer, on disk when this returns."""
        if self.folder is None:
            return
        # The line beside it first: an answer without one is asked again, so a torn end costs one question.
        for file, record in (("run.jsonl", {"id": name, "key": key} | vars(aside)), ("answers.jsonl", row)):
            with _writing(self.folder), _open(self.folder / file, "a") as lines:
                lines.write(_line(record))

    def finish(self, asked: Sequence[tuple[str, Row, Aside, Measured]], page: str, scores: Mapping[str, Any]) -> None:
        """All lines in order, the page, and last the scores, which say that the run is whole."""
        if self.folder is None:
            return
        beside = (
            {"id": row["id"], "key": key} | vars(aside) | {"measured": measured} for key, row, aside, measured in asked
        )
        _replace(self.folder / "answers.jsonl", (_line(row) for _, row, _, _ in asked))
        _replace(self.folder / "run.jsonl", map(_line, beside))
        _replace(self.folder / "report.html", [page])
        _replace(self.folder / "scores.json", [json.dumps(scores, indent=1, ensure_ascii=False), "\n"])


@contextmanager
def opened(folder: Path | None) -> Iterator[Journal]:
    """The journal of a folder, made if need be and locked against a second run. Raises `ReportError`."""
    if folder is None:
        yield Journal(None)
        return
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise ReportError(f"{folder}: another run is writing there; wait for it or name another folder") from None
    try:
        yield Journal(folder)
    finally:
        lock.release()


def check_finished(folder: Path) -> None:
    """Raises `ReportError` unless the folder holds a whole run."""
    if not (folder / "scores.json").is_file():
        raise ReportError(f"{folder}: no finished report there; name a folder that `dateline evaluate --report` wrote")


def rows(folder: Path) -> dict[Id, tuple[Row, Mapping[str, Any]]]:
    """Each answer of a folder by its id, with the line beside it."""
    answers = {record["id"]: record for record in _records(folder / "answers.jsonl")}
    beside = {record["id"]: record for record in _records(folder / "run.jsonl")}
    return {name: (row, beside[name]) for name, row in answers.items() if name in beside}


def aside(beside: Mapping[str, Any]) -> Aside:
    return Aside(**{field.name: beside.get(field.name) for field in fields(Aside)})


def _records(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:  # torn when the run was interrupted
                continue
            if isinstance(record, dict) and "id" in record:
                yield record


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _replace(path: Path, parts: Iterable[str]) -> None:
    """Written beside and moved into place: nobody sees half a file."""
    draft = path.with_name(path.name + ".new")
    with _writing(path.parent):
        with _open(draft, "w") as file:
            file.writelines(parts)
        os.replace(draft, path)


def _open(path: Path, mode: str) -> TextIO:
    """A file to write; half a character that a model made is written as a question mark, and costs no run."""
    return cast("TextIO", path.open(mode, encoding="utf-8", errors="replace", newline="\n"))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or error
        raise ReportError(
            f"{folder}: can't be written ({why}); make room there, or name another folder for the report"
        ) from None
