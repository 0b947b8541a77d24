"""Prompts: every variable in, none left over, and no file that can't be used."""

from __future__ import annotations

from string import Template

import pytest

import prompts
from dateline.chatmodels import replies


@pytest.mark.parametrize("name", prompts.names())
def test_every_prompt_can_be_filled_in(name: str) -> None:
    values = {variable: f"<{variable}>" for variable in prompts.load(name).variables}
    text = prompts.render(name, **values).text
    assert all(value in text for value in values.values())
    assert "$" not in text


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(prompts.PromptError, match=r"rewrite\.txt needs conversation, fence$"):
        prompts.render("rewrite", question="Why?")


def test_a_variable_without_use_is_named() -> None:
    with pytest.raises(prompts.PromptError, match="has no use for colour"):
        prompts.render("rewrite", question="Why?", conversation="", fence="", colour="red")


def test_an_unknown_prompt_is_named_with_those_there_are() -> None:
    with pytest.raises(prompts.PromptError, match="no prompt named 'anser'.*answer"):
        prompts.load("anser")


def test_values_are_not_templates_themselves() -> None:
    filled = prompts.render("rewrite", question="Is $fence worth $5?", conversation="$question", fence="f")
    assert "Is $fence worth $5?" in filled.user and "$question" in filled.user


def test_the_prompt_asks_for_the_sentence_that_the_code_looks_for() -> None:
    assert "cannot_answer" in prompts.load("answer").variables
    assert replies.read(prompts.CANNOT_ANSWER.lower() + ".")[0].refuses


def test_what_changes_from_question_to_question_stands_in_the_user_part() -> None:
    # A server keeps the system part's work from one question to the next only if it is the same text.
    constant = set(Template(prompts.load("answer").system.template).get_identifiers())
    assert constant == {"form", "cannot_answer"}
