"""A test set put to an assistant: every question asked, every answer kept and measured, the whole compared.

What is measured is in `scores`, what the figures mean in `figures`, the files in `journal`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO, TypeVar

from dateline.answer import Usage
from dateline.evaluation import figures, journal, scores, testset
from dateline.evaluation.figures import Difference, Figure, Measured, ReportError
from dateline.evaluation.judge import Completes, Judged, can_mark, judged
from dateline.evaluation.scores import Aside, Row
from dateline.evaluation.testset import Case, Id
from index.errors import ArticleMissing, ModelError

if TYPE_CHECKING:
    from dateline.answer import Answer
    from index.articles import Article

T = TypeVar("T")

_MOST_DOUBTS = 10  # lines before the questions; beyond, one cause has many of them


class Answerer(Protocol):
    """What a run needs of an assistant."""

    @property
    def model(self) -> str: ...

    def ask(self, question: str, history: Sequence[Mapping[str, str]] = (), *, asked: date | None = None) -> Answer: ...

    def article(self, key: str) -> Article:
        """An article by its name, as stored; raises `ArticleMissing`."""
        ...


@dataclass(frozen=True)
class Asked:
    """One question of a run: its case, its answer's line, and what it measured."""

    case: Case
    row: Row
    aside: Aside
    measured: Measured

    @property
    def score(self) -> float | None:
        return scores.score(self.case, self.row)

    @property
    def outcome(self) -> str:
        """ "right", "part", "wrong", "refused", "failed", or "unknown" where no answer is known.

        "refused" is a refusal where there is an answer; a refusal where there is none is right. Another day than the
        known one is wrong, whatever words the two share.
        """
        if scores.is_failed(self.row):
            return "failed"
        if self.score is None:
            return "unknown"
        if self.score >= 1:
            return "right"
        if scores.refused(self.row):
            return "refused"
        another_day = self.measured.get("day_right", (1, 1))[0] == 0
        return "part" if self.score > 0 and not another_day else "wrong"

    @property
    def trouble(self) -> float:
        """How much it needs looking at, highest first: an error, a wrong answer, a refusal, then flawed citations."""
        order = {"failed": 5.0, "wrong": 4.0, "refused": 3.0, "part": 2.0, "unknown": 0.5, "right": 0.0}
        faults = sum(
            1 - part / whole
            for name in (
                "citation_verbatim",
                "citation_article",
                "citation_recall",
                "citation_precision",
                "as_of_right",
            )
            for part, whole in [self.measured.get(name, (1, 1))]
            if whole
        )
        return order[self.outcome] - (self.score or 0) / 2 + faults / 10


@dataclass(frozen=True)
class Comparison:
    """This run beside another, over the questions that both asked."""

    name: str
    differences: Mapping[str, Difference]
    changed: tuple[tuple[Asked, Asked], ...]
    """(this, other) where the outcome differs."""
    shared: int

    @property
    def better(self) -> int:
        """How many of the changed have less trouble now."""
        return sum(one.trouble < other.trouble for one, other in self.changed)

    def __str__(self) -> str:
        worse = len(self.changed) - self.better
        return f"{self.shared} questions of both, {self.better} now better and {worse} worse"


@dataclass(frozen=True)
class Report:
    """What a run found.

    `missed` has a line for each figure that `--fail-under` asked more of, `doubts` one for what the test set can hardly
    mean (see `dateline.evaluation.testset.doubts`).
    """

    testset: str
    model: str
    asked: tuple[Asked, ...]
    figures: Mapping[str, Figure]
    types: Mapping[str, Mapping[str, Figure]]
    comparison: Comparison | None = None
    missed: tuple[str, ...] = ()
    judged: Judged | None = None
    doubts: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return bool(self.missed)

    def worst(self) -> list[Asked]:
        """The questions, those that need looking at first."""
        return sorted(self.asked, key=lambda one: -one.trouble)

    def to_dict(self) -> dict[str, Any]:
        """scores.json."""
        return {
            "figures": {name: figure.to_dict() for name, figure in self.figures.items()},
            "types": {
                kind: {name: figure.to_dict() for name, figure in found.items()} for kind, found in self.types.items()
            },
        }

    def table(self) -> str:
        """The figures as text for a terminal, a line each, then the types side by side and the comparison."""
        from dateline.evaluation.report import table

        return table(self)


def run(
    assistant: Answerer,
    cases: Path | Sequence[Case],
    report: Path | None = None,
    *,
    compare: Path | None = None,
    fail_under: Sequence[str] = (),
    judge: Completes | None = None,
    progress: TextIO | None = None,
) -> Report:
    """Ask every question of a test set (its path, or the cases) and measure the answers.

    `report` is the folder to write to; `compare` that of another run; `fail_under` holds limits such as
    "answer_f1=0.8", what misses them is in `Report.missed`; `judge` marks the answers too, once all are there; doubts
    about the test set are told on `progress`, and a bar is drawn there if that is a terminal.
    Raises `TestSetError`, and `ReportError` for a folder that can't be used or a figure that there is none of. An
    error while answering is a row of the run, wrong, and not raised.
    """
    wanted = figures.limits(fail_under)
    name = cases.name if isinstance(cases, Path) else "questions"
    questions = testset.load(cases) if isinstance(cases, Path) else tuple(cases)
    stored = _stored(assistant)
    other = read(compare, questions, stored) if compare else None
    doubts = tuple(testset.doubts(questions, stored))
    if progress is not None:
        for line in doubts[:_MOST_DOUBTS]:
            print(line, file=progress)
        if len(doubts) > _MOST_DOUBTS:
            print(f"and {len(doubts) - _MOST_DOUBTS} more such lines, all of them in the report", file=progress)
    with journal.opened(report) as book:
        key = _key(assistant)
        kept = book.resume({case.id: key(case) for case in questions})
        if kept and progress is not None:
            print(f"{report}: {len(kept)} of {len(questions)} answers kept from the interrupted run", file=progress)
        left = [case for case in questions if case.id not in kept]
        for case in _shown(left, len(questions), "questions", progress):
            kept[case.id] = _ask(assistant, case)
            book.keep(case.id, key(case), *kept[case.id])
        marks = None
        if judge is not None:
            given = [(case, kept[case.id][0]) for case in questions if can_mark(case, kept[case.id][0])]
            marks = judged(judge, _shown(given, len(given), "answers judged", progress))
            for one, verdict in marks.verdicts.items():
                kept[one] = kept[one][0], replace(kept[one][1], verdict=verdict)
        asked = tuple(
            Asked(case, *kept[case.id], scores.measure(case, kept[case.id][0], stored, kept[case.id][1]))
            for case in questions
        )
        found = figures.summarise([one.measured for one in asked])
        outcome = Report(
            testset=name,
            model=assistant.model,
            asked=asked,
            figures=found,
            types=_types(asked),
            comparison=compared(asked, other, str(compare)) if other is not None else None,
            missed=figures.short_of(found, wanted),
            judged=marks,
            doubts=doubts,
        )
        if book.folder is not None:
            from dateline.evaluation.report import page

            beside = [(key(one.case), one.row, one.aside, one.measured) for one in asked]
            book.finish(beside, page(outcome, stored), outcome.to_dict())
    return outcome


def read(folder: Path, questions: Sequence[Case], stored: scores.Stored) -> dict[Id, Asked]:
    """The questions of a finished run, by id, as far as they are among these.

    Its answers are measured anew: what was mended since in the test set or in a measure holds for both runs alike.
    """
    journal.check_finished(folder)
    rows = journal.rows(folder)
    found = {}
    for case in questions:
        row, beside = rows.get(case.id, ({}, {}))
        if row.get("question") == case.question:
            aside = journal.aside(beside)
            if not can_mark(case, row):
                aside = replace(aside, verdict=None)
            found[case.id] = Asked(case, row, aside, scores.measure(case, row, stored, aside))
    if not found:
        raise ReportError(f"{folder}: it has none of these questions; compare runs of the same test set")
    return found


def compared(asked: Sequence[Asked], other: Mapping[Id, Asked], name: str) -> Comparison:
    ours = {one.case.id: one for one in asked if one.case.id in other}
    return Comparison(
        name=name,
        differences=figures.differences(
            {key: one.measured for key, one in ours.items()}, {key: other[key].measured for key in ours}
        ),
        changed=tuple((one, other[key]) for key, one in ours.items() if one.outcome != other[key].outcome),
        shared=len(ours),
    )


def _ask(assistant: Answerer, case: Case) -> tuple[Row, Aside]:
    try:
        answer = assistant.ask(case.question, case.history, asked=case.asked)
    except Exception as error:  # whatever one question breaks, the others are still worth asking; the row says what
        return _failure(case, error), Aside()
    if answer.trouble:
        return _failure(case, ModelError(answer.trouble)), Aside()
    usage = answer.usage or Usage()
    aside = Aside(answer.confidence, usage.tokens_in, usage.tokens_out, usage.first_word, usage.price)
    return answer.to_dict() | {"id": case.id}, aside


def _failure(case: Case, error: Exception) -> Row:
    from dateline.answer import Answer

    said = " ".join(str(error).split())
    answer = Answer(
        question=case.question,
        standalone=case.question,
        text="",
        short=None,
        answered=False,
        reason=f"{scores.FAILED}{type(error).__name__}: {said}"[:500],
        as_of=None,
        model="",
    )
    return answer.to_dict() | {"id": case.id}


def _types(asked: Sequence[Asked]) -> dict[str, dict[str, Figure]]:
    kinds = dict.fromkeys(one.case.type for one in asked if one.case.type)
    return {kind: figures.summarise([one.measured for one in asked if one.case.type == kind]) for kind in kinds}


def _stored(assistant: Answerer) -> scores.Stored:
    """The assistant's articles, the last ones read kept at hand: hits and citations come back to the same ones."""

    @lru_cache(maxsize=256)
    def stored(name: str) -> Article | None:
        try:
            return assistant.article(name)
        except ArticleMissing:
            return None

    return stored


def _shown(left: Sequence[T], total: int, unit: str, progress: TextIO | None) -> Iterator[T]:
    if progress is None or not progress.isatty():
        yield from left
        return
    from tqdm import tqdm  # type: ignore[import-untyped]

    yield from tqdm(left, total=total, initial=total - len(left), unit=f" {unit}", file=progress)


def _key(assistant: Answerer) -> Callable[[Case], str]:
    """What an answer depends on: the question as put, the articles and model, and this program's own source."""
    base = hashlib.sha256(f"{assistant.model}\n{_articles(assistant)}\n{_program()}".encode())

    def key(case: Case) -> str:
        asked = case.asked or date.today()
        put = json.dumps([case.question, list(map(dict, case.history)), asked.isoformat()])
        digest = base.copy()
        digest.update(put.encode())
        return digest.hexdigest()[:16]

    return key


def _articles(assistant: Answerer) -> str:
    """Changes when the articles do: what the assistant says of itself, else the files its index was made of."""
    said, store = getattr(assistant, "fingerprint", None), getattr(assistant, "store", None)
    if said is not None or store is None:
        return str(said)
    from index.place import open_catalog

    with closing(open_catalog(store)) as catalog:
        return repr(sorted(catalog.files().items()))


def _program() -> str:
    here = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for package in ("models", "index", "prompts", "dateline"):
        for source in sorted((here / package).rglob("*")):
            if source.suffix in (".py", ".txt", ".md") and source.is_file():
                digest.update(source.read_bytes())
    return digest.hexdigest()
