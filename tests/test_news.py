"""The articles that the reader learns from: well formed, and with answers that stand where they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.reader_news import FOLDER, articles, news

FILES = sorted(FOLDER.glob("*.txt"))
GOOD = """= Ferry runs aground off Skell
2023-03-05
The ferry Maren, carrying 212 people, ran aground on Thursday night.

Skell has 212 houses.

? When did the ferry hit the rocks? | Thursday night
? How many were on board? | carrying [212] people
- Who was at the wheel?
+ The Maren got stuck.
! The Maren went down.
"""


def written(folder: Path, text: str) -> Path:
    (folder / "skell.txt").write_text(text, encoding="utf-8")
    return folder / "skell.txt"


def test_an_article_is_read_with_its_questions(tmp_path: Path) -> None:
    (article,) = articles(written(tmp_path, GOOD))
    assert (article.title, article.day.isoformat()) == ("Ferry runs aground off Skell", "2023-03-05")
    assert [article.text[asked.start : asked.end] for asked in article.answered] == ["Thursday night", "212"]
    assert article.answered[1].start == article.text.index("212 people")
    assert article.unanswered == ["Who was at the wheel?"]
    assert article.supported == ["The Maren got stuck."]
    assert article.unsupported == ["The Maren went down."]


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("| Thursday night", "| Friday night", "skell.txt:7: 'Friday night' stands 0 times"),
        ("carrying [212] people", "212", "skell.txt:8: '212' stands 2 times"),
        ("| Thursday night", "", "skell.txt:7: a question with '?' has its answer behind a bar"),
        ("2023-03-05", "5 March", "skell.txt:1: the line below the title is no day"),
        ("+ The Maren", "The Maren", "skell.txt:10: text below the questions"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, line: str, instead: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"skell") as raised:
        articles(written(tmp_path, GOOD.replace(line, instead)))
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_articles_with_all_kinds_of_questions(path: Path) -> None:
    found = articles(path)
    assert len(found) >= 10
    assert all(each.answered and each.unanswered and each.supported and each.unsupported for each in found)
    assert len({(each.title, each.day) for each in found}) == len(found)


def test_some_files_are_kept_out_of_training() -> None:
    def texts(held: bool) -> set[str]:
        return {each.text for file in news(held) for each in file}

    assert texts(True)
    assert len(texts(False)) > 3 * len(texts(True))
    assert not texts(True) & texts(False)
