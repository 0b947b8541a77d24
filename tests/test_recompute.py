"""A real run's figures, worked out again from its files by a script that shares no code with the program."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS
from recompute import main, recompute

from dateline import Answer, Assistant
from dateline.evaluation import evaluate

CASES = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()[::5]


class SometimesFails:
    """The assistant, but for one question in ten."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(self, question: str, history: Any = (), *, asked: date | None = None) -> Answer:
        self._asked += 1
        if self._asked % 10 == 3:
            raise ValueError("broken")
        return self._assistant.ask(question, history, asked=asked)


@pytest.fixture(scope="module")
def run(seed_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, float]]:
    folder = tmp_path_factory.mktemp("run")
    testset = folder / "questions.jsonl"
    testset.write_text("\n".join(CASES), encoding="utf-8")
    with Assistant(SEEDS, store=seed_store, update=False) as assistant:
        report = evaluate.run(SometimesFails(assistant), testset, folder / "report")
    return testset, folder / "report", {name: figure.value for name, figure in report.figures.items()}


def test_they_agree_to_three_decimals(run: tuple[Path, Path, dict[str, float]]) -> None:
    testset, report, figures = run
    again = recompute(testset, report, SEEDS)
    judged_or_by_passage = {"citation_recall", "citation_precision", "passage_mrr_at_10"}
    assert {name for name in figures.keys() - again.keys() if not name.startswith("passage_hit")} == (
        judged_or_by_passage & figures.keys()
    )
    assert again == pytest.approx({name: figures[name] for name in again}, abs=5e-4)
    assert figures["failed"] > 0
    assert 0 < figures["answered"] < 1
    assert main(str(testset), str(report), str(SEEDS)) == 0


def test_a_changed_answer_would_be_seen(run: tuple[Path, Path, dict[str, float]], tmp_path: Path) -> None:
    testset, report, _ = run
    for name in ("scores.json", "run.jsonl"):
        (tmp_path / name).write_text((report / name).read_text(encoding="utf-8"), encoding="utf-8")
    rows = [json.loads(line) for line in (report / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["short"] = row["short"] and "22 September 1823"
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(str(testset), str(tmp_path), str(SEEDS)) == 1
