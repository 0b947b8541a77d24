from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from index.articles import Article, Unreached, Unreadable
from index.folder import Aside, read, scan
from index.formats import Place

FRENCH = "Le café était fermé à Noël, d’après le maire."
Write = Callable[[str, str | bytes], Path]


def everything(folder: Path) -> list[Article | Unreadable]:
    return [item for file in scan(folder) for item in read(folder, file)]


def only(folder: Path) -> Article:
    (article,) = everything(folder)
    assert isinstance(article, Article), article
    return article


def broken(folder: Path) -> str:
    (error,) = everything(folder)
    assert isinstance(error, Unreadable), error
    assert "\n" not in str(error)
    return str(error)


def test_front_matter_is_read_and_removed(write: Write) -> None:
    folder = write(
        "a.md", "---\ntitle: A title\npublished: 2023-09-22\nsource: Echo\nurl: https://e.example/a\n---\nText.\n"
    )
    assert only(folder) == Article(
        "a.md", "A title", "Text.\n", date(2023, 9, 22), "front matter", "Echo", "https://e.example/a"
    )


def test_front_matter_that_is_not_yaml_is_read_a_line_at_a_time(write: Write) -> None:
    article = only(write("a.md", "---\ntitle: War: a history\npublished: 2023-09-22\n---\nText.\n"))
    assert (article.title, article.published) == ("War: a history", date(2023, 9, 22))


@pytest.mark.parametrize(
    "content",
    ["---\ntitle: Never closed\n\nText.\n", "---\ntitle: x\n  nonsense: [\njust words\n---\nText.\n"],
)
def test_broken_front_matter_is_named(write: Write, content: str) -> None:
    assert broken(write("a.md", content)).startswith("a.md: ")


def test_front_matter_that_would_fill_the_memory_is_taken_as_it_stands(write: Write) -> None:
    lines = "".join(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 12))
    article = only(write("a.md", f'---\na0: &a0 "x"\n{lines}title: *a11\n---\nText.\n'))
    assert (article.title, article.text) == ("*a11", "Text.\n")


def test_front_matter_may_stand_below_blank_lines(write: Write) -> None:
    article = only(write("a.md", "\n\n---\ntitle: A title\n---\nText.\n"))
    assert (article.title, article.text) == ("A title", "Text.\n")


def test_a_page_in_a_text_file_is_read_as_a_page(write: Write) -> None:
    page = "<!DOCTYPE html><html><title>Bridge</title><body><p>The new bridge over the river Elm is open.</p></body>"
    article = only(write("a.txt", page))
    assert (article.title, article.text) == ("Bridge", "The new bridge over the river Elm is open.")


def test_a_rule_at_the_top_is_no_front_matter(write: Write) -> None:
    assert only(write("a.md", "---\nJust a rule above a text.\n")).text.startswith("---")


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        (
            "a.txt",
            "By DANA RUIZ\nHill Tribune, Friday, April 28, 2023\n\nA calmer bank\n\nText of it.\n",
            "A calmer bank",
        ),
        ("a.txt", "Hill Advertiser\nThursday, September 16, 2021\nPage 5\n\nVISIT OFF\n\nText of it.\n", "VISIT OFF"),
        ("a.txt", "Bridge opens\n12 May 2023\n\nText of it.\n", "Bridge opens"),
        ("a.txt", "By the river\n\nText of it.\n", "By the river"),
        ("a.md", "# The heading\n\nText.", "The heading"),
        ("a.txt", "A first line that stands alone\n\nText that follows.", "A first line that stands alone"),
        ("mill-bridge-2021-05-04.txt", "A whole sentence. And another.", "Mill bridge"),
        ("2021-05-04.txt", "A whole sentence. And another.", "2021-05-04"),
    ],
)
def test_title(write: Write, name: str, content: str, title: str) -> None:
    assert only(write(name, content)).title == title


def test_the_day_may_stand_in_the_file_name(write: Write) -> None:
    article = only(write("flood-2022-11-09.txt", "The river rose."))
    assert (article.published, article.published_from) == (date(2022, 11, 9), "file name")


def test_the_day_may_stand_in_the_address(write: Write) -> None:
    address = "https://echo.example/news/2022/11/9/flood"
    article = only(write("a.jsonl", f'{{"url": "{address}", "text": "The river rose on 3 May 2020."}}'))
    assert (article.published, article.published_from, article.sure) == (date(2022, 11, 9), "address", True)
    other = only(write("a.jsonl", f'{{"url": "{address}", "published": "2022-11-10", "text": "The river rose."}}'))
    assert other.published == date(2022, 11, 10)
    for url in ("https://echo.example/2022/31/12/x", "https://echo.example/12022/11/09", "https://e.example/2022/11"):
        assert only(write("a.jsonl", f'{{"url": "{url}", "text": "The river rose."}}')).published is None


def test_a_day_that_is_nowhere_stays_unknown(write: Write) -> None:
    folder = write("a.txt", "The river rose.")
    assert only(folder).published is None  # the file's own time is not the article's day


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\ufeffmarked".encode(), "marked"),
        ("caf\u00e9 society".encode("utf-16"), "caf\u00e9 society"),
        (b"a stray \0 in a text " + b"x" * 300, "a stray  in a text " + "x" * 300),
        (FRENCH.encode("cp1252"), FRENCH),
        ((FRENCH * 3 + "é").encode()[:-1], FRENCH * 3 + "\ufffd"),  # cut within a character
        (FRENCH.encode() * 3 + b"\xff.", FRENCH * 3 + "\ufffd."),
    ],
)
def test_text_as_stored(write: Write, content: bytes, text: str) -> None:
    assert only(write("a.txt", content)).text == text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"%PDF-1.4\n1 0 obj\n",
        b"{\\rtf1 Text.}",
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n" + b"\0\1\2\3" * 500,
    ],
)
def test_what_is_no_text_is_named(write: Write, content: bytes) -> None:
    assert broken(write("a.txt", content)).startswith("a.txt: ")


def test_twenty_megabytes_in_one_article_are_refused(write: Write) -> None:
    assert "split it" in broken(write("big.txt", b"A sentence of no use. " * 1_000_000))


def test_an_unreadable_file_is_named(write: Write) -> None:
    folder = write("a.txt", "Text.")
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to(folder / "b")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    os.mkfifo(folder / "pipe.txt")
    assert list(scan(folder)) == []  # a link to nothing or to itself is no file, and a pipe is none
    file = next(scan(write("c.txt", "Text.")))
    (folder / "c.txt").unlink()
    (error,) = read(folder, file)
    assert isinstance(error, Unreached) and "c.txt" in str(error)


def test_a_name_that_is_no_text_is_written_out(write: Write) -> None:
    folder = write("a.txt", "Text.")
    (folder / "a.txt").rename(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))
    assert only(folder).id == "caf\\xe9.txt"


def test_what_no_reader_expects_is_named_and_the_rest_goes_on(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_one(place: Place) -> Iterator[Article]:
        yield Article("a", "", "Text.")
        raise ZeroDivisionError("a fault of a library\nthat it does not tell of")

    monkeypatch.setattr("index.formats.plain.read", read_one)
    first, error = everything(write("a.txt", "Text."))
    assert isinstance(first, Article) and isinstance(error, Unreadable)
    assert str(error).startswith("a.txt: damaged") and "\n" not in str(error)


@pytest.mark.parametrize(
    "content",
    ['[\n{"text": "One."},\n{"text": "Two."}\n]', '{\n"text": "One."\n}', '{"text": "One."}\n'.encode("utf-16")],
)
def test_what_is_not_one_object_a_line_is_said_once(write: Write, content: str | bytes) -> None:
    assert broken(write("a.jsonl", content)).startswith("a.jsonl: ")


def test_a_number_of_thousands_of_digits_breaks_one_line(write: Write) -> None:
    found = everything(write("a.jsonl", f'{{"id": {"9" * 5_000}, "text": "One."}}\n{{"text": "Two."}}\n'))
    assert [isinstance(item, Article) for item in found] == [False, True]


def test_jsonl_records_and_their_ids(write: Write) -> None:
    folder = write(
        "wire.jsonl",
        '{"id": "a", "title": "One", "published": "26-FEB-1987", "text": "First."}\n'
        "\n"
        '{"id": "a", "text": "Repeated."}\n'
        '{"text": "No id."}\n'
        '{"id": 7, "text": "A number for an id."}\n'
        "{broken\n"
        '["no", "object"]\n'
        '{"id": "b"}\n'
        '{"id": "c", "text": "A lone half \\ud83d of a pair."}\n',
    )
    found = everything(folder)
    assert [item.id for item in found if isinstance(item, Article)] == [
        "a", "wire.jsonl#3", "wire.jsonl#4", "7", "c",
    ]  # fmt: skip
    assert [str(item).split(":")[0] for item in found if isinstance(item, Unreadable)] == [
        "wire.jsonl#6", "wire.jsonl#7", "wire.jsonl#8",
    ]  # fmt: skip
    first = found[0]
    assert isinstance(first, Article) and first.published == date(1987, 2, 26)
    for item in found:
        if isinstance(item, Article):
            item.text.encode("utf-8")


def test_an_id_of_another_file_gives_way_to_the_place(write: Write) -> None:
    folder = write("b.jsonl", '{"id": "a", "text": "Text."}\n')
    (article,) = read(folder, next(scan(folder)), taken=lambda key: key == "a")
    assert isinstance(article, Article) and article.id == "b.jsonl#1"


def test_scan_goes_into_folders_and_passes_over_the_rest(write: Write) -> None:
    for name in ("b.txt", "a.md", "sub/deep/c.jsonl", ".hidden.txt", ".git/d.txt", "picture.png", "B.TXT.bak"):
        folder = write(name, "x")
    aside = Aside()
    assert [file.path for file in scan(folder, aside)] == ["a.md", "b.txt", "sub/deep/c.jsonl"]
    assert aside == Aside(others=Counter({".png": 1, ".bak": 1}))
