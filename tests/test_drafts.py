"""Drafted questions: from dated statements that stand alone, provable, readable as a test set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chat_server import BEHAVIOURS, Misbehaving

import prompts
from dateline import Assistant, cli
from dateline.answer import Usage
from dateline.evaluation import testset
from dateline.evaluation.drafts import drafts, propose
from dateline.evaluation.drafts import written as drafted_by_model
from index.articles import Article


def drafted(text: str) -> list[tuple[str, str]]:
    lines = drafts(Article("a.md", "A title", text, date(2024, 6, 6)))
    return [(line["question"], line["answers"][0]) for line in lines]


@pytest.mark.parametrize(
    ("sentence", "question", "day"),
    [
        (
            "The foreign minister of Norway arrived in Lisbon on Tuesday with nine aides.",
            "When was it that the foreign minister of Norway arrived in Lisbon with nine aides?",
            "4 June 2024",
        ),
        (
            "OSLO - Norway signed a treaty on fishing with Portugal on 3 May 2024.",
            "When was it that Norway signed a treaty on fishing with Portugal?",
            "3 May 2024",
        ),
        (
            "The foreign minister of Norway arrived in Lisbon early on Tuesday with nine aides.",
            "When was it that the foreign minister of Norway arrived in Lisbon with nine aides?",
            "4 June 2024",
        ),
    ],
)
def test_a_dated_statement_becomes_a_question(sentence: str, question: str, day: str) -> None:
    assert drafted(sentence) == [(question, day)]


@pytest.mark.parametrize(
    "sentence",
    [
        "He arrived in the Portuguese capital of Lisbon on Tuesday with nine aides.",  # who?
        "The foreign minister of Norway arrived in Lisbon last month with nine aides.",  # no day
        "The foreign minister of Norway has waited in Lisbon since Tuesday with nine aides.",  # not the day it began
        "The foreign minister of Norway said on Tuesday: “I arrived in Lisbon with nine aides.”",  # speech
        "The foreign minister of Norway came on Monday and left Lisbon on Tuesday with nine aides.",  # two days
        "The foreign minister of Norway will arrive in Lisbon on Tuesday with nine aides.",  # not yet
        "The weather was fine on Tuesday.",  # of nothing by name
        "Antonio Guterres, the head of the United Nations, made it known on Monday.",  # what?
        "One was the minister of Norway, who had come to Lisbon on Tuesday with nine aides.",  # of whom?
        "The ministers of Norway and Portugal were to follow on Friday with nine aides.",  # and did they?
    ],
)
def test_what_would_make_no_question_is_left_out(sentence: str) -> None:
    assert drafted(sentence) == []


def test_copies_of_a_story_give_one_question(folder: Path, tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        story = "---\npublished: 2024-06-06\n---\nNorway signed a treaty on fishing with Portugal on Tuesday.\n"
        (folder / name).write_text(story, encoding="utf-8")
    with Assistant(folder, store=tmp_path / "store") as assistant:
        asked = [line["question"] for line in propose(assistant)]
    assert len(asked) == len(set(asked)) and any("Norway" in question for question in asked)


HELD = {
    "question": "Which country did Norway sign a treaty with?",
    "type": "what",
    "answer": "Portugal",
    "quote": "Norway signed a treaty with Portugal on Tuesday.",
}
TREATY = Article(
    "a.md", "A title", "OSLO - Norway signed a treaty with Portugal on Tuesday. It rained.", date(2024, 6, 6)
)


class Writes:
    """A chat model with one reply; `asked` holds its prompts."""

    name = "scripted"

    def __init__(self, reply: object) -> None:
        self.reply = reply if isinstance(reply, str) else json.dumps({"questions": reply})
        self.asked: list[prompts.Messages] = []

    def complete(
        self, messages: prompts.Messages, most: int, schema: Mapping[str, Any] | None = None
    ) -> tuple[str, Usage]:
        self.asked.append(messages)
        return self.reply, Usage()


def test_a_chat_model_asks_in_its_own_words() -> None:
    when = HELD | {"question": "When did Norway sign a treaty with Portugal?", "type": "when", "answer": "4 June 2024"}
    model = Writes([HELD, when, HELD])
    one, other = drafted_by_model(TREATY, model)
    assert one == {
        "id": one["id"],
        "question": HELD["question"],
        "answers": ["Portugal"],
        "articles": ["a.md"],
        "passages": [{"article": "a.md", "start": 7, "end": 55}],
        "answerable": True,
        "type": "what",
        "draft": True,
    }
    assert other["answers"] == ["4 June 2024"], "a day worked out from the article's own"
    assert "published 2024-06-06" in model.asked[0].user and TREATY.text in model.asked[0].user


@pytest.mark.parametrize(
    "reply",
    [
        [HELD | {"quote": "Norway signed a treaty with Spain on Tuesday."}],  # not in the article
        [HELD | {"answer": "Spain"}],  # not in the quotation
        [HELD | {"answer": "11 June 2024"}],  # another day
        [HELD | {"answer": ""}],
        [HELD | {"answer": "Norway"}],  # the question gives it away
        [HELD | {"question": "Which country did Sweden sign a treaty with?"}],  # of nobody in the article
        [HELD | {"question": "Which country does the article name?"}],
        [HELD | {"question": "Norway signed a treaty."}],
        [HELD | {"quote": None}, "text", None],
        "I would ask about the treaty.",
        '{"questions": "none"}',
        '{"questions": [',
        "",
    ],
)
def test_what_a_chat_model_writes_is_kept_only_if_it_holds(reply: object) -> None:
    assert drafted_by_model(TREATY, Writes(reply)) == []


def test_the_command_asks_the_model_that_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quote, question = "Mayor Ada Finch cut the ribbon in the rain.", "Who cut the ribbon of Mill Bridge?"
    line = {"question": question, "type": "who", "answer": "Ada Finch", "quote": quote}
    reply = json.dumps({"questions": [line]})
    monkeypatch.setitem(BEHAVIOURS, "drafts", lambda handler, *_: handler.reply(reply))
    command = ["draft-questions", "--articles", str(folder), "--store", str(tmp_path / "store"), "--model", "small"]
    with Misbehaving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.at("drafts"))
        assert cli.main([*command, "--most", "1"]) == 0
        assert len(server.asked["drafts"]) == 1, "no more articles than questions"
        assert json.loads(capsys.readouterr().out)["answers"] == ["Ada Finch"]
        monkeypatch.setenv("OPENAI_BASE_URL", server.at("refuses"))
        assert cli.main([*command, "--most", "1"]) == 0
        out, err = capsys.readouterr()
        assert (out, err) == ("", "dateline: none of the articles looked at gave a question\n")
        monkeypatch.setenv("OPENAI_BASE_URL", server.at("wrong-key"))
        assert cli.main(command) == 2
        assert "key was refused" in capsys.readouterr().err


def test_drafts_are_lines_of_a_test_set(folder: Path, tmp_path: Path) -> None:
    (folder / "more.md").write_text(
        "---\npublished: 2024-06-06\n---\nNorway signed a treaty on fishing with Portugal on Tuesday.\n"
    )
    with Assistant(folder, store=tmp_path / "store") as assistant:
        lines = list(propose(assistant, most=10))
        assert list(propose(assistant, most=1)) == lines[:1]
        path = tmp_path / "drafts.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        cases = testset.load(path)
        assert {case.articles[0] for case in cases} >= {"more.md"}
        for case in cases:
            assert case.extra == {"draft": True}
            (passage,) = case.passages
            text = assistant.article(passage.article).text[passage.start : passage.end]
            assert text.endswith(".")
            assert text.split()[-2] in case.question
