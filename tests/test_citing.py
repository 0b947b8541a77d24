"""Quotations are found by their words, or not at all; citations are numbered, checked and never dangling."""

from __future__ import annotations

import re
import time
import unicodedata
from datetime import date

import pytest

from dateline.answer import Statement
from dateline.citing import UNSUPPORTED, cite, compose, find, unmarked
from dateline.model import Claim, Draft, Quotation
from index.articles import Article

TEXT = (
    "Xi Jinping said: “We’re   not—ever—leaving,” on Friday.\n\nThe Cafe\u0301 took 1,500 men to Chinatown in 2004. "
    "The visit was… long. Stra\u00adße\u200bnbahn fares rose 5.5% to €12."
)

FOUND = [
    ("Xi Jinping said", "Xi Jinping said"),
    ("xi jinping SAID", "Xi Jinping said"),
    ("We're not - ever - leaving", "We’re   not—ever—leaving"),
    ("\"We're not", "“We’re   not"),
    ("said: We're", "said: “We’re"),
    ("leaving on Friday", None),  # a comma is in between
    ("leaving,' on Friday", "leaving,” on Friday"),
    ("leaving, on Friday", "leaving,” on Friday"),
    ("The Caf\u00e9 took", "The Cafe\u0301 took"),
    ("The Cafe took", None),  # another word
    ("took 1,500 men", "took 1,500 men"),
    ("500 men", None),  # inside a number
    ("took 1", None),
    ("men to China", None),  # inside a word
    ("fares rose 5", None),
    ("5% to", None),
    ("Strassenbahn fares", "Stra\u00adße\u200bnbahn fares"),
    ("The visit was... long", "The visit was… long"),
    ("Xi Jinping ... on Friday", "Xi Jinping said: “We’re   not—ever—leaving,” on Friday"),
    ("Xi Jinping said [...] in 2004.", TEXT[: TEXT.index(" The visit")]),
    ("… took 1,500 men …", "took 1,500 men"),
    ("Xi Jinping said.", "Xi Jinping said"),
    ("in 2004 ... Xi Jinping", None),  # the other way round
    ("Xi Jinping went", None),
    ("Weare not", None),
    ("were not", None),
    ("...", None),
    ("", None),
    (" \n ", None),
    ("—", None),
]


@pytest.mark.parametrize(("quote", "expected"), FOUND)
def test_find_gives_the_true_place(quote: str, expected: str | None) -> None:
    place = find(quote, TEXT)
    assert (None if place is None else TEXT[slice(*place)]) == expected


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_find_takes_any_composition(form: str) -> None:
    text = unicodedata.normalize("NFD", "In Genève, Đặng Thị Ngọc spoke.")
    place = find(unicodedata.normalize(form, "Đặng Thị Ngọc spoke"), text)  # type: ignore[arg-type]
    assert place is not None and unicodedata.normalize("NFC", text[slice(*place)]) == "Đặng Thị Ngọc spoke"


def test_find_stays_in_its_window() -> None:
    text = "One bridge. Two bridges. One bridge."
    assert find("One bridge", text, 5) == (25, 35)
    assert find("one bridge", text, 5, 30) is None
    assert find("One bridge", text, -4, 900) == (0, 10)
    assert find("ne bridge", text, 1) is None  # a window does not make half a word whole


def test_an_ellipsis_reaches_only_so_far() -> None:
    near, far = f"It began {'x ' * 100}and ended.", f"It began {'x ' * 200}and ended."
    assert find("It began ... and ended", near) == (0, len(near) - 1)
    assert find("It began ... and ended", far) is None


def test_the_nearest_pieces_are_taken() -> None:
    text = "He said no. He said yes and left."
    assert find("He said ... left", text) == (12, 32)


@pytest.mark.parametrize("text", ["他周五访问了杭州。", "รัฐมนตรีเดินทางไปปักกิ่ง"])
def test_scripts_without_spaces_are_quoted_too(text: str) -> None:
    assert find(text[2:6], text) == (2, 6)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("a ... a ... a ... b", "a " * 200_000),
        ("aa ... aa", "a" * 400_000),
        ("x" * 5_000 + "y", "x" * 400_000),
        ('"' * 5_000 + "y", '"' * 400_000),
        ("e\u0301" * 1_000 + "!", "e" + "\u0301" * 400_000),
    ],
)
def test_time_is_linear(quote: str, text: str) -> None:
    began = time.process_time()
    find(quote, text)
    assert time.process_time() - began < 6


# -- Citations --

ARTICLE = Article(
    "a.md", "Mill Bridge", "The bridge opened. It cost 12 million. It closed.", date(2021, 5, 4), "text", "Echo"
)


def quotation(words: str, article: Article = ARTICLE) -> Quotation:
    start = article.text.index(words)
    return Quotation(article, start, start + len(words))


def test_citations_are_numbered_by_first_use_and_a_place_keeps_its_number() -> None:
    cost, opened = quotation("It cost 12 million."), quotation("The bridge opened.")
    cited = cite(Draft((Claim("Dear.", (cost,)), Claim("Open.", (opened, cost)), Claim("New.", (opened,)))))
    assert [(c.number, c.quote) for c in cited.citations] == [(1, "It cost 12 million."), (2, "The bridge opened.")]
    assert [statement.citations for statement in cited.statements] == [(1,), (2, 1), (2,)]
    assert compose(cited.statements) == "Dear. [1] Open. [2][1] New. [2]"
    assert cited.number(opened) == 2 and cited.number(quotation("It closed.")) is None
    first = cited.citations[0]
    assert (first.article, first.title, first.source, first.published) == (
        "a.md",
        "Mill Bridge",
        "Echo",
        date(2021, 5, 4),
    )
    assert all(c.quote == ARTICLE.text[c.start : c.end] for c in cited.citations)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (3, 3), (9, 4), (40, 900), (18, 19)])
def test_a_quotation_that_does_not_hold_is_dropped(start: int, end: int) -> None:
    cited = cite(Draft((Claim("It opened.", (Quotation(ARTICLE, start, end),)),)))
    assert not cited.stands and cited.statements == (Statement("It opened.", (), supported=False),)


def test_an_unsupported_statement_is_marked_or_dropped_and_never_linked() -> None:
    cited = cite(Draft((Claim("It opened.", (quotation("The bridge opened."),)), Claim("It is red."))))
    assert compose(cited.statements) == f"It opened. [1] It is red. {UNSUPPORTED}"
    assert compose(cited.statements, unsupported="drop") == "It opened. [1]"


def test_a_statement_made_twice_is_kept_once_with_all_its_quotations() -> None:
    cited = cite(Draft((Claim("It opened.", (quotation("The bridge opened."),)), Claim("It opened. ", ()))))
    assert cited.statements == (Statement("It opened.", (1,)),)


def test_an_empty_draft_does_not_stand() -> None:
    assert not cite(Draft()).stands and compose(()) == ""


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It opened [1].", "It opened."),
        ("It [1, 2] opened [3-5] [^6]", "It opened"),
        ("It opened【4†source】.", "It opened."),
        ("It [[1]2] opened", "It opened"),
        ("In [2004] it [sic] opened", "In (2004) it [sic] opened"),
        ("  It\nopened ", "It opened"),
    ],
)
def test_only_our_markers_are_left(text: str, clean: str) -> None:
    assert unmarked(text) == clean


def test_markers_nested_without_end_are_no_markers_either() -> None:
    assert re.search(r"\[\d", unmarked("It " + "[" * 5_000 + "1" + "]1" * 5_000)) is None
