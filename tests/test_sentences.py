from __future__ import annotations

import pytest

from index.sentences import sentences, split


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He met Mr. Smith. She left.", ["He met Mr. Smith.", "She left."]),
        ("The U.S. President spoke. He left.", ["The U.S. President spoke.", "He left."]),
        ("It ended at 5 p.m. The crowd left.", ["It ended at 5 p.m.", "The crowd left."]),
        ("On Sept. 22 they met. It rained.", ["On Sept. 22 they met.", "It rained."]),
        ("J. R. Moe won. No one saw.", ["J. R. Moe won.", "No one saw."]),
        ("It measured 7.8. Many died.", ["It measured 7.8.", "Many died."]),
        ("“We won.” He smiled.", ["“We won.”", "He smiled."]),
        ("“Did we win?” he asked. No.", ["“Did we win?” he asked.", "No."]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
        ("A headline\nThe text begins here.", ["A headline", "The text begins here."]),
        ("- first point\n- second point", ["- first point", "- second point"]),
        ("他来了。她走了。", ["他来了。", "她走了。"]),
        ("No end", ["No end"]),
        ("  \n\n ", []),
        ("", []),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_wrapped_line_is_one_sentence_and_a_paragraph_is_not() -> None:
    wrapped = "The minister said that the bridge over the river would be\nclosed until the spring. It is old."
    assert cut(wrapped) == [
        "The minister said that the bridge over the river would be\nclosed until the spring.",
        "It is old.",
    ]
    assert cut("A paragraph without an end that is long enough to look wrapped\n\nAnother one") == [
        "A paragraph without an end that is long enough to look wrapped",
        "Another one",
    ]


def test_offsets_are_within_the_range_asked_for() -> None:
    text = "First one. Second one. Third one."
    assert [text[start:end] for start, end in sentences(text, 11, 22)] == ["Second one."]


@pytest.mark.parametrize("text", ["", "One. Two.  Three.\n\n  Four ", " leading. And trailing. ", "x" * 5000])
def test_split_joins_to_the_text_again(text: str) -> None:
    assert "".join(split(text)) == text


def test_long_runs_of_marks_take_linear_time() -> None:
    assert sentences("." * 200_000) == [(0, 200_000)]
    assert len(sentences("A. " * 50_000)) >= 1
