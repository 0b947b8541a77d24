from __future__ import annotations

from datetime import date

import pytest
from conftest import SEEDS

from index.passages import PASSAGE_TOKENS, header, passages
from models import load

TEXTS = [
    "One sentence.",
    "\n\n  Leading space. Then more.\n\nA second paragraph.\n",
    "The same again. " * 300,
    "A sentence without an end that goes on and on, " * 200,
    "x" * 5000,
    "字" * 2000,
    "Ünïcödé e\u0301 \U0001f600 text. " * 200,
    "line one of a poem\nline two of it\n" * 200,
]


@pytest.mark.parametrize("text", TEXTS)
def test_passages_cover_the_text_but_for_white_space(text: str) -> None:
    at = 0
    for passage in passages(text):
        assert passage.start >= at and not text[at : passage.start].strip()
        assert text[passage.start : passage.end].strip() == text[passage.start : passage.end]
        at = passage.end
    assert not text[at:].strip()


@pytest.mark.parametrize("text", TEXTS)
def test_no_passage_is_cut_unseen_by_the_embedder(text: str) -> None:
    embedder = load("embedder")
    head = header("A title of more words than anyone would want to read in one line, " * 4, date(2023, 9, 22))
    for passage in passages(text):
        assert embedder.count(text[passage.start : passage.end]) <= PASSAGE_TOKENS
        assert embedder.count(f"{head}\n{text[passage.start : passage.end]}") + 2 <= embedder.max_tokens


def test_passages_end_where_sentences_end() -> None:
    for path in SEEDS.glob("*.md"):
        text = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        for passage in passages(text):
            assert (
                text[passage.start : passage.end].rstrip("\"'”’)*_")[-1] in ".!?…:" or "\n" in text[passage.end :][:1]
            )


def test_lines_that_are_none_of_the_articles_own_are_left_out() -> None:
    text = (
        "Home > World > Rivers\nBy ADA FINCH\n\nThe Ell rose on Friday.\nRead more: Five bridges to see\n"
        "It fell on Sunday.\n\nBy Monday the ferry sailed again.\n\nSign up for our newsletter"
    )
    found = [text[passage.start : passage.end] for passage in passages(text)]
    assert found == ["The Ell rose on Friday.", "It fell on Sunday.\n\nBy Monday the ferry sailed again."]
    assert [text[one.start : one.end] for one in passages(text[:34])] == [text[:34]]  # nothing else is there


def test_a_line_broken_at_the_width_of_its_text_is_no_line_of_its_own() -> None:
    text = (
        "By Monday evening the water had reached the church in Alby and\nwatch towers fell, as was\n"
        "recommended by the committee that met there on Sunday and\nwrote to the mayor."
    )
    assert [text[passage.start : passage.end] for passage in passages(text)] == [text]


def test_header() -> None:
    assert header("Bridge opens", date(2021, 5, 4)) == "Bridge opens. 4 May 2021."
    assert header("Is it open?", None) == "Is it open?."
    assert header("", date(2021, 5, 4)) == "4 May 2021."
    assert header("", None) == ""
