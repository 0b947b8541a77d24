"""A run from end to end: files, resuming, comparing, limits."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from lisbon import CASES, EARLIER, GOOD, VISIT, WRONG_DAY, assistant, lines, values, written
from scripted import Scripted, refused

from dateline import cli
from dateline.evaluation import evaluate
from dateline.evaluation.figures import FIGURES, ReportError
from index.errors import ModelError, TestSetError


@pytest.fixture
def testset(tmp_path: Path) -> Path:
    return written(tmp_path)


def test_a_right_assistant_scores_full(testset: Path) -> None:
    found = values(evaluate.run(assistant(), testset))
    for name in (
        "answer_em answer_f1 answer_value answered_precision refusal_precision refusal_recall refusal_f1 day_right "
        "as_of_right citation_verbatim citation_article citation_recall citation_precision hit_at_5 recall_at_20"
    ).split():
        assert found[name] == 1, name
    assert found["answered"] == 0.75
    assert found["risk_coverage_area"] == found["failed"] == 0
    assert found["hit_at_1"] == pytest.approx(2 / 3)
    assert found["mrr_at_10"] == pytest.approx(2.5 / 3)


def test_the_files_follow_the_contract(testset: Path, tmp_path: Path) -> None:
    report = tmp_path / "deep" / "report"
    told = assistant()
    found = evaluate.run(told, testset, report)
    rows = lines(report / "answers.jsonl")
    assert [row["id"] for row in rows] == [case["id"] for case in CASES]
    for row, case in zip(rows, CASES, strict=True):
        assert row == told.ask(case["question"]).to_dict() | {"id": case["id"]}
    scores = json.loads((report / "scores.json").read_text(encoding="utf-8"))
    assert set(scores) == {"figures", "types"}
    assert scores == found.to_dict()
    assert set(scores["types"]) == {"when", "how-many", "where", "unanswerable"}
    for figures in (scores["figures"], *scores["types"].values()):
        for name, figure in figures.items():
            assert name in FIGURES
            assert set(figure) == {"value", "low", "high", "n"}
            assert figure["low"] <= figure["value"] <= figure["high"]
            assert figure["n"] > 0
    assert scores["types"]["where"]["hit_at_1"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    assert "day_right" not in scores["types"]["where"], "a figure that no question bears on is left out"
    assert (report / "report.html").stat().st_size > 5000


def test_a_failing_question_is_a_row(testset: Path, tmp_path: Path) -> None:
    report = evaluate.run(assistant(count=ZeroDivisionError("by\nzero")), testset, tmp_path / "report")
    rows = lines(tmp_path / "report" / "answers.jsonl")
    assert len(rows) == 4
    assert rows[1]["reason"] == "failed: ZeroDivisionError: by zero"
    assert not rows[1]["answered"]
    assert set(rows[1]) == set(rows[0])
    found = values(report)
    assert found["failed"] == 0.25
    assert found["answer_em"] == 0.75
    assert found["refusal_precision"] == 1, "an error is no refusal"
    assert report.worst()[0].case.id == "count"


def test_an_error_on_a_question_without_answer_is_wrong(testset: Path) -> None:
    found = values(evaluate.run(assistant(none=ModelError("gone")), testset))
    assert found["answer_em"] == 0.75
    assert found["refusal_recall"] == 0


def test_an_interrupted_run_resumes(testset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    stopping = assistant(where=KeyboardInterrupt())  # type: ignore[arg-type]
    stopping.script[CASES[2]["question"]] = GOOD[CASES[2]["question"]]

    class Stops(Scripted):
        def ask(self, question: str, *rest: Any, **more: Any) -> Any:
            if question == CASES[2]["question"]:
                raise KeyboardInterrupt
            return super().ask(question, *rest, **more)

    first = Stops([VISIT, EARLIER], GOOD)
    with pytest.raises(KeyboardInterrupt):
        evaluate.run(first, testset, folder)
    assert [row["id"] for row in lines(folder / "answers.jsonl")] == ["when", "count"]
    with (folder / "answers.jsonl").open("a") as file:
        file.write('{"id": "where", "ques')  # torn, as by a power cut
    second = assistant()
    said = io.StringIO()
    report = evaluate.run(second, testset, folder, progress=said)
    assert second.heard == [CASES[2]["question"], CASES[3]["question"]]
    assert "2 of 4 answers kept" in said.getvalue()
    assert values(report)["answer_em"] == 1
    assert [row["id"] for row in lines(folder / "answers.jsonl")] == [case["id"] for case in CASES]


@pytest.mark.parametrize("change", ["question", "articles", "model", "nothing, but the run was whole"])
def test_what_no_longer_holds_is_asked_again(testset: Path, tmp_path: Path, change: str) -> None:
    folder = tmp_path / "report"
    evaluate.run(assistant(), testset, folder)
    if not change.startswith("nothing"):
        (folder / "scores.json").unlink()
    second = assistant()
    if change == "question":
        changed = [CASES[0] | {"asked": "2024-07-01"}, *CASES[1:]]
        testset.write_text("".join(json.dumps(case) + "\n" for case in changed), encoding="utf-8")
    elif change == "articles":
        second.articles["visit.md"] = replace(VISIT, text=VISIT.text + " More.")
    elif change == "model":
        second.model = "another"
    evaluate.run(second, testset, folder)
    assert len(second.heard) == (1 if change == "question" else 4)


def test_an_id_stays_what_it_is(testset: Path, tmp_path: Path) -> None:
    testset.write_text(json.dumps(CASES[0] | {"id": 7}) + "\n", encoding="utf-8")
    evaluate.run(assistant(), testset, tmp_path / "report")
    assert [row["id"] for row in lines(tmp_path / "report" / "answers.jsonl")] == [7]
    (tmp_path / "report" / "scores.json").unlink()
    second = assistant()
    evaluate.run(second, testset, tmp_path / "report")
    assert second.heard == []


def test_two_runs_do_not_write_one_folder(testset: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "report").mkdir()
    with FileLock(tmp_path / "report" / ".lock"), pytest.raises(ReportError, match="another run"):
        evaluate.run(assistant(), testset, tmp_path / "report")


def test_a_folder_that_is_a_file_is_one_clear_line(testset: Path) -> None:
    with pytest.raises(ReportError, match="another folder"):
        evaluate.run(assistant(), testset, testset)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full is Linux's")
def test_a_disk_that_fills_up_is_one_line(testset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "answers.jsonl.new").symlink_to("/dev/full")
    with pytest.raises(ReportError, match="No space left on device.*make room") as caught:
        evaluate.run(assistant(), testset, folder)
    assert "\n" not in str(caught.value)


def test_half_a_character_that_a_model_wrote_costs_no_run(testset: Path, tmp_path: Path) -> None:
    told = replace(GOOD[CASES[2]["question"]], text="Madrid \ud83d [1]")
    evaluate.run(assistant(where=told), testset, tmp_path)
    assert lines(tmp_path / "answers.jsonl")[2]["text"] == "Madrid ? [1]"
    assert "Madrid ? [1]" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_doubts_about_the_test_set_are_told_first_and_shown(testset: Path, tmp_path: Path) -> None:
    changed = [CASES[0] | {"articles": ["<b>gone.md"]}, CASES[1] | {"answer": ["x"]}, *CASES[2:]]
    testset.write_text("".join(json.dumps(case) + "\n" for case in changed), encoding="utf-8")
    said = io.StringIO()
    report = evaluate.run(assistant(), testset, tmp_path / "report", progress=said)
    assert said.getvalue().splitlines() == list(report.doubts)
    assert report.doubts[0].startswith(f"{testset}, line 1: no article '<b>gone.md'")
    assert report.doubts[1].startswith(f'{testset}, line 2: the key "answer"')
    assert "&lt;b&gt;gone.md" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    many = [case | {"articles": ["gone.md"]} for case in CASES[:1]] + [
        {"id": str(n), "question": CASES[0]["question"], "articles": ["gone.md"]} for n in range(30)
    ]
    testset.write_text("".join(json.dumps(case) + "\n" for case in many), encoding="utf-8")
    said = io.StringIO()
    evaluate.run(assistant(), testset, progress=said)
    assert len(said.getvalue().splitlines()) == 11 and "21 more" in said.getvalue()


def test_comparing(testset: Path, tmp_path: Path) -> None:
    evaluate.run(assistant(when=WRONG_DAY, none=GOOD[CASES[0]["question"]]), testset, tmp_path / "before")
    report = evaluate.run(assistant(), testset, tmp_path / "after", compare=tmp_path / "before")
    assert report.comparison is not None
    assert {one.case.id for one, _ in report.comparison.changed} == {"when", "none"}
    one = report.comparison.differences["answer_em"]
    assert (one.value, one.other, one.by, one.n) == (1, 0.5, 0.5, 4)
    assert one.low <= 0.5 <= one.high
    assert 0 < one.p <= 1
    assert report.comparison.differences["citation_verbatim"].by == 0
    table = report.table()
    assert f"beside {tmp_path / 'before'}: 4 questions of both, 2 now better and 0 worse" in table
    assert "when: wrong (5 June 2024), now right (4 June 2024)" in table
    assert "Changed question" in (tmp_path / "after" / "report.html").read_text(encoding="utf-8")


def test_what_was_mended_in_the_test_set_holds_for_both_runs(testset: Path, tmp_path: Path) -> None:
    evaluate.run(assistant(when=WRONG_DAY), testset, tmp_path / "before")
    mended = [CASES[0] | {"answers": ["5 June 2024"]}, *CASES[1:]]
    testset.write_text("".join(json.dumps(case) + "\n" for case in mended), encoding="utf-8")
    report = evaluate.run(assistant(when=WRONG_DAY), testset, compare=tmp_path / "before")
    assert report.comparison is not None
    assert not report.comparison.changed
    assert {name: one.by for name, one in report.comparison.differences.items() if one.by} == {}


def test_comparing_with_oneself_and_with_nothing(testset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    evaluate.run(assistant(), testset, folder)
    again = evaluate.run(assistant(), testset, folder, compare=folder)
    assert again.comparison is not None
    assert not again.comparison.changed
    assert all(one.by == 0 and one.p == 1 for name, one in again.comparison.differences.items())
    with pytest.raises(ReportError, match="no finished report"):
        evaluate.run(assistant(), testset, compare=tmp_path / "nowhere")


def test_fail_under(testset: Path, tmp_path: Path) -> None:
    good = evaluate.run(assistant(), testset, fail_under=["answer_f1=0.8", "seconds_total_p50=2"])
    assert not good.failed
    bad = evaluate.run(
        assistant(when=WRONG_DAY), testset, tmp_path / "report", fail_under=["day_right=0.9", "seconds_total_p50=0.1"]
    )
    assert bad.failed
    assert bad.missed == ("day_right is 0.000, under 0.9", "seconds_total_p50 is 0.500, over 0.1")
    assert "Missed: day_right" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert bad.table().endswith("missed: day_right is 0.000, under 0.9\nmissed: seconds_total_p50 is 0.500, over 0.1")


@pytest.mark.parametrize(
    ("limit", "message"),
    [("answer_f2=0.5", "there is answer_f1"), ("answer_f1", "not a number"), ("answer_f1=high", "not a number")],
)
def test_a_limit_that_makes_no_sense_is_refused_before_the_run(testset: Path, limit: str, message: str) -> None:
    told = assistant()
    with pytest.raises(ReportError, match=message):
        evaluate.run(told, testset, fail_under=[limit])
    assert not told.heard


def test_a_limit_on_a_figure_that_nothing_bears_on_is_missed(testset: Path) -> None:
    """Who refuses everything gives no answer that could be right: that must not pass for right enough."""
    told = assistant(**{case["id"]: refused() for case in CASES})
    report = evaluate.run(told, testset, fail_under=["answered_precision=0.5", "choice_accuracy=0.5"])
    assert report.failed
    assert [line.split()[0] for line in report.missed] == ["answered_precision", "choice_accuracy"]
    assert "missed: answered_precision has no value" in report.table(), "the table is there, and says why"


def test_the_progress_bar_is_for_terminals(testset: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, pipe = Terminal(), io.StringIO()
    evaluate.run(assistant(), testset, progress=terminal)
    evaluate.run(assistant(), testset, progress=pipe)
    assert "4/4" in terminal.getvalue()
    assert pipe.getvalue() == ""


def test_a_broken_test_set_asks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "1"}\n')
    told = assistant()
    with pytest.raises(TestSetError):
        evaluate.run(told, path)
    assert not told.heard


def test_the_assistant_never_sees_the_answers(testset: Path) -> None:
    """A run hands over the question, its history and its day; cases reach the measures alone."""
    seen: list[Any] = []

    class Listens(Scripted):
        def ask(self, *given: Any, **more: Any) -> Any:
            seen.append((given, more))
            return super().ask(*given, **more)

    changed = [case | {"choices": ["secret", "4 June 2024"]} for case in CASES]
    testset.write_text("".join(json.dumps(case) + "\n" for case in changed), encoding="utf-8")
    evaluate.run(Listens([VISIT, EARLIER], GOOD), testset)
    assert "secret" not in repr(seen)
    assert seen[0] == ((CASES[0]["question"], ()), {"asked": None})


def test_the_table_is_plain_text(testset: Path) -> None:
    table = evaluate.run(assistant(), testset).table()
    assert table.isprintable() or "\n" in table
    assert "answer_f1" in table
    assert "1.000 to 1.000" in table
    assert all(len(line) < 200 for line in table.splitlines())


def test_importing_it_is_quick() -> None:
    """The heavy libraries come with the figures, not with the module."""
    heavy = "{'numpy', 'llama_index', 'tqdm'}"
    code = f"import sys, dateline.evaluation.evaluate; print(sys.modules.keys() & {heavy} or [])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The command


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["{nowhere}"], "no such test set"),
        (["{testset}", "--fail-under", "answer_f2=1"], "no figure 'answer_f2'"),
        (["{testset}", "--compare", "{nowhere}"], "no finished report"),
        (["{testset}", "--from-feedback"], "name a test set, or"),
    ],
)
def test_a_mistake_is_told_before_the_articles_are_indexed(
    more: list[str], says: str, testset: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = [argument.format(testset=testset, nowhere=tmp_path / "nowhere") for argument in more]
    assert cli.main(["evaluate", *named, "--articles", str(folder), "--store", str(tmp_path / "store")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert not (tmp_path / "store").exists()


def test_a_missed_limit_is_status_1_and_said_with_the_table(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "When did Mill Bridge open?", "answers": ["5 May 2021"]}\n')
    command = ["evaluate", str(questions), "--articles", str(folder), "--store", str(tmp_path / "store")]
    assert cli.main([*command, "--fail-under", "answer_value=0"]) == 0
    assert "missed" not in capsys.readouterr().out
    assert cli.main([*command, "--fail-under", "answer_value=0.5"]) == 1
    assert capsys.readouterr().out.endswith("missed: answer_value is 0.000, under 0.5\n")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send")
def test_stopping_says_what_is_kept(folder: Path, tmp_path: Path) -> None:
    questions, report = tmp_path / "questions.jsonl", tmp_path / "report"
    cases = ({"id": n, "question": "When did Mill Bridge open?"} for n in range(20_000))
    questions.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    command = ["evaluate", questions, "--articles", folder, "--store", tmp_path / "store", "--report", report]
    running = subprocess.Popen(
        [sys.executable, "-m", "dateline", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    while not (report / "answers.jsonl").is_file() or not (report / "answers.jsonl").stat().st_size:
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 2
    assert said == f"dateline: stopped; {report} has the answers so far; the same command goes on from there\n"
