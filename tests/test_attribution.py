"""A paper that a question names is asked first, and hides nobody else's answer."""

from __future__ import annotations

import pytest

from dateline import Assistant
from dateline.attribution import attributed, names_a_source

SOURCES = ["The Elmford Courier", "The Evening Post", "The Morning Post", "Gazette of the North"]


@pytest.mark.parametrize(
    ("question", "bare", "source"),
    [
        ("How many were hurt, according to the Courier?", "How many were hurt?", "The Elmford Courier"),
        ("According to the Elmford Courier, how many were hurt?", "How many were hurt?", "The Elmford Courier"),
        ("How many were hurt according to The Evening Post in May?", "How many were hurt in May?", "The Evening Post"),
        ("How many were hurt, as reported by the Gazette of the North?", "How many were hurt?", "Gazette of the North"),
        ("Who, according to the Courier, opened the pier?", "Who opened the pier?", "The Elmford Courier"),
    ],
)
def test_a_named_paper_is_found_and_left_out(question: str, bare: str, source: str) -> None:
    assert attributed(question, SOURCES) == (bare, source)


@pytest.mark.parametrize(
    "question",
    [
        "How many were hurt, according to the Post?",  # there are two
        "How many were hurt, according to the Herald?",  # there is none
        "How many were hurt, according to the harbour office?",
        "How many were hurt, according to Ada Finch?",
        "How many were hurt?",
        "",
    ],
)
def test_what_is_no_paper_of_the_folder_stays(question: str) -> None:
    assert attributed(question, [*SOURCES, ""]) is None


def test_people_are_looked_up_as_papers_only_where_the_words_allow() -> None:
    assert names_a_source("According to the Courier, who won?") and not names_a_source("Who owns the Courier?")


@pytest.fixture
def assistant(write) -> Assistant:
    told = {
        "a.md": ("The Elmford Courier", "A ferry hit the pier at Port Halden. At least 40 people were hurt on board."),
        "b.md": ("The Evening Post", "A ferry hit the pier of Port Halden. At least 30 people were hurt on board."),
        "c.md": ("The Evening Post", "The pier of Port Halden was opened by Mayor Ada Finch in June 2019."),
    }
    for name, (source, text) in told.items():
        folder = write(name, f"---\ntitle: Port Halden\npublished: 2023-05-04\nsource: {source}\n---\n{text}\n")
    return Assistant(folder, store=folder.parent / "store")


def test_each_paper_answers_for_itself(assistant: Assistant) -> None:
    question = "How many people were hurt when the ferry hit the pier at Port Halden"
    for source, count in (("the Courier", "40"), ("the Evening Post", "30")):
        answer = assistant.ask(f"{question}, according to {source}?")
        assert answer.short and count in answer.short
        assert {hit.article for hit in answer.hits} <= ({"a.md"} if count == "40" else {"b.md", "c.md"})
        assert answer.question.endswith(f"according to {source}?") and "according" not in answer.standalone


def test_the_only_answer_is_not_hidden(assistant: Assistant) -> None:
    answer = assistant.ask("According to the Courier, who opened the pier of Port Halden?")
    assert answer.short and "Ada Finch" in answer.short
    assert [citation.source for citation in answer.citations] == ["The Evening Post"]


def test_a_source_that_is_asked_for_outright_is_all_there_is(assistant: Assistant) -> None:
    answer = assistant.ask("According to the Post, who opened the pier of Port Halden?", source="The Elmford Courier")
    assert not answer.answered
