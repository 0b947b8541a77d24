"""Thumbs and corrections become test cases that a run can be made of."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from scripted import Scripted, answered, cited, refused

from dateline.answer import Answer
from dateline.evaluation import evaluate, feedback, testset
from index.articles import Article
from index.errors import TestSetError

ARTICLE = Article("a.md", "Bridge", "The bridge opened on 4 May 2021.", date(2021, 5, 5))


def given(question: str, standalone: str = "") -> Answer:
    answer = answered("The bridge opened on 4 May 2021. [1]", "4 May 2021", [cited(1, ARTICLE, ARTICLE.text)])
    return replace(answer, question=question, standalone=standalone or question)


def test_a_right_answer_becomes_the_expected_one(tmp_path: Path) -> None:
    feedback.keep(tmp_path, given("When did the bridge open?"), right=True)
    (case,) = feedback.cases(tmp_path)
    assert case.answers == ("4 May 2021",)
    assert case.articles == ("a.md",)
    assert case.answerable is True
    assert case.asked == date.today()
    assert case.extra["given"] == "4 May 2021"


def test_a_correction(tmp_path: Path) -> None:
    feedback.keep(tmp_path, given("When did it open?"), right=False, should_be="  5 May\n2021 ")
    feedback.keep(tmp_path, given("Who paid?"), right=False, should_be="")
    corrected, none = feedback.cases(tmp_path)
    assert corrected.answers == ("5 May 2021",)
    assert corrected.articles == ()
    assert none.answerable is False


def test_a_thumb_down_alone_is_kept_but_is_no_case(tmp_path: Path) -> None:
    feedback.keep(tmp_path, given("Who paid?"), right=False)
    assert len((tmp_path / "feedback.jsonl").read_text().splitlines()) == 1
    with pytest.raises(TestSetError, match="no feedback with a right answer yet"):
        feedback.cases(tmp_path)


def test_a_right_refusal(tmp_path: Path) -> None:
    feedback.keep(tmp_path, replace(refused(), question="Who?", standalone="Who?"), right=True)
    (case,) = feedback.cases(tmp_path)
    assert case.answerable is False


def test_the_last_word_on_a_question_holds(tmp_path: Path) -> None:
    for should_be in ("1 May 2021", "2 May 2021"):
        feedback.keep(tmp_path, given("When did it open?"), right=False, should_be=should_be)
    (case,) = feedback.cases(tmp_path)
    assert case.answers == ("2 May 2021",)
    feedback.keep(tmp_path, given("When did it open?"), right=False)
    with pytest.raises(TestSetError):
        feedback.cases(tmp_path)


def test_a_follow_up_is_kept_as_it_stands_alone(tmp_path: Path) -> None:
    case = feedback.keep(tmp_path, given("And the bridge?", "When did the bridge open?"), right=True)
    assert case.question == "When did the bridge open?"


def test_each_line_is_a_line_of_a_test_set(tmp_path: Path) -> None:
    feedback.keep(tmp_path, given("Où est l’été\u2028?"), right=True)
    (case,) = testset.load(tmp_path / "feedback.jsonl")
    assert case.question == "Où est l’été ?"


def test_a_torn_line_costs_nothing_else(tmp_path: Path) -> None:
    feedback.keep(tmp_path, given("When did it open?"), right=True)
    with (tmp_path / "feedback.jsonl").open("a") as file:
        file.write('{"id": "feedb')
    feedback.keep(tmp_path, given("And when did it close?"), right=True)
    assert len(feedback.cases(tmp_path)) == 2


def _many(store: Path, name: int) -> None:
    for i in range(20):
        feedback.keep(store, given(f"When did bridge {name}-{i} open? {'long ' * 500}"), right=True)


def test_several_processes_keep_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_many, args=(tmp_path, name)) for name in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    lines = (tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == 60
    assert len(feedback.cases(tmp_path)) == 60


def test_a_run_can_be_made_of_it(tmp_path: Path) -> None:
    answer = given("When did the bridge open?")
    feedback.keep(tmp_path, answer, right=True)
    assistant = Scripted([ARTICLE], {"When did the bridge open?": answer})
    report = evaluate.run(assistant, feedback.cases(tmp_path))
    assert report.figures["answer_em"].value == 1
    assert set(report.types) == {"feedback"}
