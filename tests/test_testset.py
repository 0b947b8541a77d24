"""Test sets: what is read, what is kept, and that every mistake names its line and its mend."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dateline.evaluation.testset import Case, Passage, doubts, load, parse
from index.articles import Article
from index.errors import TestSetError

SEEDS = Path(__file__).parent.parent / "seeds" / "questions.jsonl"


@pytest.fixture
def written(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(content: str | bytes) -> Path:
        path = tmp_path / "questions.jsonl"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_a_full_line(written) -> None:  # type: ignore[no-untyped-def]
    line = {
        "id": "a",
        "question": "When?",
        "answers": ["22 September 2023"],
        "articles": ["a.md"],
        "answerable": True,
        "type": "when",
        "history": [{"question": "Who?", "answer": "She."}],
        "as_of": "2023-09-22",
        "asked": "2024-12-20",
        "choices": ["x", "y"],
        "passages": [{"article": "a.md", "start": 3, "end": 9}],
        "difficulty": {"kept": [1, 2]},
    }
    (case,) = load(written(json.dumps(line)))
    assert case == Case(
        id="a",
        question="When?",
        answers=("22 September 2023",),
        articles=("a.md",),
        passages=(Passage("a.md", 3, 9),),
        answerable=True,
        type="when",
        history=({"question": "Who?", "answer": "She."},),
        as_of=date(2023, 9, 22),
        asked=date(2024, 12, 20),
        choices=("x", "y"),
        extra={"difficulty": {"kept": [1, 2]}},
    )
    assert case.to_dict() == line


def test_only_id_and_question_are_needed(written) -> None:  # type: ignore[no-untyped-def]
    (case,) = load(written('{"id": 7, "question": "When?"}'))
    assert case == Case(id=7, question="When?")
    assert case.answerable is None, "whether refusing is right isn't known"


def test_an_answer_an_article_or_a_day_says_that_it_can_be_answered() -> None:
    for known in ({"answers": ["x"]}, {"articles": ["a.md"]}, {"as_of": "2023-09-22"}):
        assert parse({"id": "1", "question": "?", **known}, "").answerable is True
        assert parse({"id": "1", "question": "?", "answerable": False, **known}, "").answerable is False


def test_mark_blank_lines_and_line_ends(written) -> None:  # type: ignore[no-untyped-def]
    content = b'\xef\xbb\xbf\r\n{"id": "1", "question": "\xc3\xa9?"}\r\n\r\n   \n{"id": "2", "question": "b?"}'
    assert [case.question for case in load(written(content))] == ["é?", "b?"]


def test_a_line_separator_inside_a_question_is_no_new_line(written) -> None:  # type: ignore[no-untyped-def]
    content = json.dumps({"id": "1", "question": "a\u2028b\x85c"}, ensure_ascii=False)
    assert len(load(written(content))) == 1


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not an object"),
        ('"text"', "not an object"),
        (b'{"id": "2", "question": "\xff"}', "save the file as UTF-8"),
        ('{"question": "?"}', 'no "id"'),
        ('{"id": true, "question": "?"}', 'no "id"'),
        ('{"id": " ", "question": "?"}', 'no "id"'),
        ('{"id": "2"}', 'no "question"'),
        ('{"id": "2", "question": "  "}', 'no "question"'),
        ('{"id": "2", "question": ["?"]}', 'no "question"'),
        ('{"id": "2", "question": "?", "answers": "x"}', '"answers" must be a list of strings'),
        ('{"id": "2", "question": "?", "answers": [2]}', '"answers" must be a list of strings'),
        ('{"id": "2", "question": "?", "answers": [""]}', '"answers" must be a list of strings'),
        ('{"id": "2", "question": "?", "articles": {}}', '"articles" must be a list of strings'),
        ('{"id": "2", "question": "?", "choices": [null]}', '"choices" must be a list of strings'),
        ('{"id": "2", "question": "?", "answerable": "yes"}', "write true or false"),
        ('{"id": "2", "question": "?", "type": 3}', '"type" is not a string'),
        ('{"id": "2", "question": "?", "as_of": "22.9.2023"}', 'write it as "2023-09-22"'),
        ('{"id": "2", "question": "?", "as_of": "2023-02-30"}', 'write it as "2023-09-22"'),
        ('{"id": "2", "question": "?", "asked": 2023}', 'write it as "2023-09-22"'),
        ('{"id": "2", "question": "?", "history": "Who?"}', '"history" must be a list'),
        ('{"id": "2", "question": "?", "history": [{"answer": "x"}]}', '"history" must be a list'),
        ('{"id": "2", "question": "?", "history": [{"question": "x", "answer": 1}]}', '"history" must be a list'),
        ('{"id": "2", "question": "?", "passages": [{"article": "a", "start": 3, "end": 3}]}', '"passages" must be'),
        ('{"id": "1", "question": "?"}', "already stands on line 1"),
        (r'{"id": "2", "question": "half a smile: \ud83d"}', "write the character itself"),
        (r'{"id": "2", "question": "?", "note": ["\udfff"]}', "write the character itself"),
        ('{"id": ' + "9" * 5000 + ', "question": "?"}', "write it as a string"),
        ('{"id": "2", "question": "?", "answers": ["a"], "answers": ["b"]}', '"answers" is said twice'),
        ('{"id": "2", "question": "?", "history": [{"question": "a", "question": "b"}]}', '"question" is said twice'),
    ],
)
def test_a_mistake_names_its_line_and_its_mend(written, line: str | bytes, mend: str) -> None:  # type: ignore[no-untyped-def]
    line = line.encode() if isinstance(line, str) else line
    path = written(b'{"id": 1, "question": "?"}\n\n' + line + b"\n")
    with pytest.raises(TestSetError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line 3: ")
    assert mend in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ({"answers": ["x"], "answerable": False}, 'its "answers" count for nothing'),
        ({"answer": ["x"]}, 'is "answers" meant?'),
        ({"as-of": "2023-09-22"}, 'is "as_of" meant?'),
        ({"Type": "when"}, 'is "type" meant?'),
        ({"articles": ["b.md"]}, "no article 'b.md'"),
        ({"passages": [{"article": "b.md", "start": 0, "end": 2}]}, "no article 'b.md'"),
        ({"passages": [{"article": "a.md", "start": 0, "end": 12}]}, "ends at 12, its article 'a.md' at 11"),
        ({"articles": ["a.md"], "answerable": False}, None),
        ({"passages": [{"article": "a.md", "start": 0, "end": 11}]}, None),
        ({"difficulty": 3, "source": "x", "note": "y", "draft": True, "given": "z"}, None),
    ],
)
def test_what_reads_but_is_hardly_meant_is_a_doubt(written, line: dict[str, Any], doubt: str | None) -> None:  # type: ignore[no-untyped-def]
    path = written("\n" + json.dumps({"id": "1", "question": "?"} | line))
    found = list(doubts(load(path), {"a.md": Article("a.md", "A", "Eleven long")}.get))
    assert len(found) == (doubt is not None)
    for said in found:
        assert said.startswith(f"{path}, line 2: ") and str(doubt) in said


@pytest.mark.parametrize(
    ("content", "mend"), [(None, "no such test set"), (b"", "no questions"), (b"\n\n", "no questions")]
)
def test_no_test_set(tmp_path: Path, content: bytes | None, mend: str) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TestSetError, match=mend):
        load(path)


def test_a_folder_is_no_test_set(tmp_path: Path) -> None:
    with pytest.raises(TestSetError, match="can't be read"):
        load(tmp_path)


def test_the_shipped_one_reads() -> None:
    cases = load(SEEDS)
    assert len(cases) >= 120
    assert sum(case.answerable is False for case in cases) >= len(cases) / 4
