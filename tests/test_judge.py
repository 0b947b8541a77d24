"""A judge over real HTTP: what it marks, how far it agrees with the figures; its failing costs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chat_server import Misbehaving
from lisbon import CASES, GOOD, WRONG_DAY, assistant, lines, values, written

from dateline import cli
from dateline.answer import Usage
from dateline.chatmodels.chat import ChatModel
from dateline.evaluation import evaluate
from dateline.evaluation.figures import kappa, summarise
from dateline.evaluation.judge import verdict


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as started:
        yield started


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.chatmodels.endpoint._PAUSES", (0.01, 0.02))


@pytest.fixture
def testset(tmp_path: Path) -> Path:
    return written(tmp_path)


def judge(server: Misbehaving, behaviour: str, **options: Any) -> ChatModel:
    return ChatModel("a-judge", base_url=server.at(behaviour), **options)


def test_it_marks_answers_and_refusals(server: Misbehaving, testset: Path, tmp_path: Path) -> None:
    report = evaluate.run(assistant(when=WRONG_DAY), testset, tmp_path, judge=judge(server, "judges"))
    assert report.judged is not None
    # The wrong day's text quotes the right one: the judge is taken in, the comparison by value isn't.
    assert report.judged.verdicts == {"when": "right", "count": "right", "where": "right", "none": "refusal-right"}
    found = values(report)
    assert (found["judge_right"], found["judge_agreement"], found["answer_value"]) == (1, 0.75, 0.75)
    assert found["judge_kappa"] == 0, "who says right to all agrees no more than by chance"
    written = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert written == report.to_dict()
    assert written["figures"]["judge_agreement"]["n"] == 4
    assert "judge" not in lines(tmp_path / "answers.jsonl")[0].keys() | {""}, "the contract's line stays as it is"
    assert "judge_agreement" in report.table()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "judge a-judge: 4 answers marked" in page
    assert page.count("judge disagrees: right") == 1


def test_it_sees_what_is_expected_and_the_assistant_does_not(server: Misbehaving, testset: Path) -> None:
    server.asked.pop("judges", None)
    evaluate.run(assistant(), testset, judge=judge(server, "judges"))
    asked = [body["messages"][1]["content"] for body in server.asked["judges"]]
    assert "Expected: 1,200\nGiven: It covers 1,200 boats. [1] (1,200)" in asked[1]
    assert "Expected: no answer" in asked[3]


def test_what_cannot_be_marked_is_not(server: Misbehaving, testset: Path) -> None:
    server.asked.pop("judges", None)
    with testset.open("a") as file:
        file.write('{"id": "open", "question": "Where did talks begin?"}\n')  # no answer is known
    report = evaluate.run(assistant(count=ValueError("broken")), testset, judge=judge(server, "judges"))
    assert report.judged is not None
    assert set(report.judged.verdicts) == {"when", "where", "none"}
    assert len(server.asked["judges"]) == report.figures["judge_right"].n == 3


@pytest.mark.parametrize(
    ("behaviour", "marked", "words"),
    [
        ("judges-twice", 2, "out of memory"),
        ("wrong-key", 0, "key was refused"),
        ("html", 0, "/v1"),
        ("good", 0, "4 replies were no verdict"),
    ],
)
def test_a_failing_judge_is_one_line_and_nothing_else_is_lost(
    server: Misbehaving,
    testset: Path,
    tmp_path: Path,
    behaviour: str,
    marked: int,
    words: str,
) -> None:
    alone = evaluate.run(assistant(), testset)
    report = evaluate.run(assistant(), testset, tmp_path, judge=judge(server, behaviour))
    (line,) = [line for line in report.table().splitlines() if line.startswith("judge a-judge")]
    assert words in line
    assert f"{marked} answers marked" in line
    assert ("judge_right" in report.figures) == bool(marked)
    assert {name: one for name, one in report.figures.items() if not name.startswith("judge")} == alone.figures
    assert words in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "scores.json").read_text(encoding="utf-8")) == report.to_dict()


def test_an_answer_is_marked_once(server: Misbehaving, testset: Path, tmp_path: Path) -> None:
    server.asked.pop("judges", None)
    for _ in range(2):
        evaluate.run(assistant(), testset, judge=judge(server, "judges", keep=tmp_path / "replies"))
    assert len(server.asked["judges"]) == 4
    evaluate.run(assistant(when=WRONG_DAY), testset, judge=judge(server, "judges", keep=tmp_path / "replies"))
    assert len(server.asked["judges"]) == 5, "a changed answer is marked anew"


def test_a_server_without_schemas_judges_too(server: Misbehaving) -> None:
    from dateline.evaluation.judge import SCHEMA, messages
    from dateline.evaluation.testset import parse

    case, row = parse(CASES[1], "here"), replace(GOOD[CASES[1]["question"]], question="How many?").to_dict()
    asked = judge(server, "plain-only")
    assert asked.complete(messages(case, row), 20, SCHEMA)[0].startswith("The new Mill Bridge")
    assert "response_format" not in server.asked["plain-only"][-1]


def test_the_command_names_the_judge(
    server: Misbehaving,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "When did Mill Bridge open?", "answers": ["4 May 2021"]}\n')
    command = ["evaluate", str(questions), "--articles", str(folder), "--store", str(tmp_path / "store")]
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "a key alone chooses no judge")
    assert cli.main(command) == 0
    assert "judge" not in capsys.readouterr().out
    monkeypatch.setenv("OPENAI_BASE_URL", server.at("judges"))
    assert cli.main([*command, "--judge", "a-judge", "--fail-under", "judge_agreement=0.5"]) == 0
    assert "judge a-judge: 1 answers marked" in capsys.readouterr().out
    assert cli.main([*command, "--judge", "quotes"]) == 2
    assert "name a chat model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('{"verdict": "right"}', "right"),
        ('{\n  "verdict": "refusal-right"\n}\n', "refusal-right"),
        ("Wrong.", "wrong"),
        ("The day differs.\n**Verdict: wrong**", "wrong"),
        ("Refusal right", "refusal-right"),
        ("It is not right", None),
        ("right or wrong", None),
        ("", None),
    ],
)
def test_verdicts_are_read_strictly(said: str, found: str | None) -> None:
    assert verdict(said) == found


def test_kappa_by_hand() -> None:
    # 20 both yes, 5 and 10 only one, 15 both no: seen 0.7, chance 0.6 * 0.5 + 0.4 * 0.5 = 0.5, kappa 0.4.
    pairs = [(1, 1)] * 20 + [(1, 0)] * 10 + [(0, 1)] * 5 + [(0, 0)] * 15
    assert kappa(np.array(pairs, dtype=float), np.ones((1, 50)))[0] == pytest.approx(0.4)
    figure = summarise([{"judged": pair} for pair in pairs])["judge_kappa"]
    assert figure.low < 0.4 < figure.high
    assert "judge_kappa" not in summarise([{"judged": (1, 1)}] * 5), "no chance to disagree"


def test_what_a_chat_model_took_is_measured(
    server: Misbehaving, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP, from the server's own counts to the figures; a reply that was kept has no first word and no price."""
    from dateline import Assistant
    from dateline.evaluation.testset import Case

    monkeypatch.setenv("DATELINE_PRICE", "1,2")
    cases = [Case(str(n), question) for n, question in enumerate(("When did Mill Bridge open?", "Who cut the ribbon?"))]
    with Assistant(folder, store=tmp_path / "store") as quotes:
        assert not {"tokens_in", "tokens_out", "price", "first_word_p50"} & evaluate.run(quotes, cases).figures.keys()
    model = ChatModel("small-chat", base_url=server.at("good"), keep=tmp_path / "replies")
    with Assistant(folder, store=tmp_path / "store", model=model) as assistant:
        answers = [assistant.ask(case.question) for case in cases[:1]]
        report = evaluate.run(assistant, cases)
    (usage,) = [answer.usage or Usage() for answer in answers]
    assert usage.tokens_in
    assert report.asked[0].aside.tokens_in == usage.tokens_in
    figures = report.figures
    assert figures["tokens_in"].n == figures["tokens_out"].n == 2
    assert figures["tokens_in"].low <= figures["tokens_in"].value <= figures["tokens_in"].high
    assert figures["first_word_p50"].n == figures["first_word_p95"].n == figures["price"].n == 1
    fresh = report.asked[1].aside
    assert figures["first_word_p50"].value == fresh.first_word
    assert figures["price"].value == pytest.approx(((fresh.tokens_in or 0) + 2 * (fresh.tokens_out or 0)) / 1e6)
