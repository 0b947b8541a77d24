"""The page in a real browser: nothing asked of the network, nothing run from an article, readable narrow and wide."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scripted import Scripted, answered, cited, refused

from dateline.evaluation import evaluate
from dateline.evaluation.testset import Case
from index.articles import Article

POISON = '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">"\'><b>&amp;'
ARTICLE = Article(
    f"{POISON}.md",
    POISON,
    f"Before it. {POISON} The bridge opened on 4 May 2021. After it. {'word ' * 200}{'long' * 80}",
    date(2021, 5, 5),
)
QUOTE = f"{POISON} The bridge opened on 4 May 2021."
CASES = [
    Case("right", "When did the bridge open?", ("4 May 2021",), (ARTICLE.id,), answerable=True, type="when"),
    Case("wrong", f"What is {POISON}?", ("a bridge",), ("other.md",), answerable=True, type=POISON),
    Case("none", "Who paid?", answerable=False, type="unanswerable"),
    Case("error", "Why?", ("because",), answerable=True, type="why", history=({"question": POISON, "answer": POISON},)),
    Case("refused", "How long is it?", ("40 m",), answerable=True, type="how-many"),
]


def script() -> dict[str, Any]:
    return {
        CASES[0].question: answered(f"{QUOTE} [1]", "4 May 2021", [cited(1, ARTICLE, QUOTE)], [ARTICLE.id], 0.9),
        CASES[1].question: answered(
            f"{POISON} [1]", POISON, [cited(1, ARTICLE, "invented " + POISON)], [ARTICLE.id], 0.4
        ),
        CASES[2].question: refused(POISON),
        CASES[3].question: ValueError(POISON),
        CASES[4].question: refused(),
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    told = script()
    evaluate.run(Scripted([ARTICLE], told | {CASES[0].question: refused()}), CASES, folder / "before")
    evaluate.run(
        Scripted([ARTICLE], told), CASES, folder / "after", compare=folder / "before", fail_under=["answer_em=1"]
    )
    return folder / "after" / "report.html"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium isn't installed; with Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """The page as opened: what it asked for beside itself, and what went wrong."""

    def __init__(self, browser: Any, page: Path, width: int, dark: bool = False) -> None:
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.view = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        self.view.on("request", lambda request: self.asked.append(request.url))
        self.view.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" else None)
        self.view.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.view.goto(page.as_uri())

    def shown(self) -> list[str]:
        return [one.get_attribute("data-outcome") for one in self.view.locator(".question").all() if one.is_visible()]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [400, 1600])
def test_it_opens_without_error_request_or_overflow(chromium: Any, page: Path, width: int, dark: bool) -> None:
    opened = Opened(chromium, page, width, dark)
    view = opened.view
    assert [url for url in opened.asked if not url.startswith("data:")] == [page.as_uri()]
    assert opened.wrong == []
    assert "owned" not in view.title()
    for summary in view.locator("summary").all():
        summary.click()
    assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    assert view.locator("mark").first.inner_text() == re.sub(r"\s+", " ", QUOTE)
    assert "not in the article" in view.locator('.question[data-outcome="wrong"]').inner_text()
    assert opened.wrong == []
    assert "owned" not in view.title()
    view.close()


def test_nothing_of_an_article_is_markup(chromium: Any, page: Path) -> None:
    opened = Opened(chromium, page, 1000)
    assert opened.view.locator("script").count() == 1
    assert opened.view.locator("img").count() == 0
    opened.view.close()


def test_text_and_background_contrast(chromium: Any, page: Path) -> None:
    """At least 4.5:1 (WCAG 2.1 AA) for every kind of text, light and dark."""
    measure = """() => {
      const light = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((c) => {
        c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const back = (node) => { for (; node; node = node.parentElement) {
        const color = getComputedStyle(node).backgroundColor;
        if (!/, 0\\)$/.test(color) && color !== "transparent") return color; }
        return "rgb(255, 255, 255)"; };
      const found = {};
      for (const node of document.querySelectorAll("h1, h2, h3, p, td, th, span, b, mark, summary, option")) {
        if (!node.textContent.trim()) continue;
        const a = light(getComputedStyle(node).color), b = light(back(node));
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) found[node.tagName + "." + node.className] = ratio; }
      return found; }"""
    for dark in (False, True):
        opened = Opened(chromium, page, 1000, dark)
        assert opened.view.evaluate(measure) == {}
        opened.view.close()


def test_worst_first_and_filters(chromium: Any, page: Path) -> None:
    opened = Opened(chromium, page, 1000)
    view = opened.view
    assert opened.shown() == ["failed", "wrong", "refused", "right", "right"]
    view.select_option("#outcome", "refused")
    assert opened.shown() == ["refused"]
    assert view.inner_text("#count") == "1 of 5"
    view.select_option("#outcome", "")
    view.select_option("#type", "when")
    assert opened.shown() == ["right"]
    view.select_option("#type", "")
    view.fill("#words", "a BRIDGE")
    assert opened.shown() == ["wrong", "right"]
    assert opened.wrong == []
    view.close()


def test_the_pictures_are_drawn(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("<polyline") == 1
    assert 'id="time"' in text
    assert text.count('class="bar"') >= 1
    assert "$" not in re.sub(r"<style>.*?</style>|<script>.*?</script>", "", text, flags=re.DOTALL), "a hole unfilled"


def test_the_headline_comes_first_and_the_rest_is_a_click_away(chromium: Any, page: Path) -> None:
    opened = Opened(chromium, page, 1000)
    view = opened.view
    assert view.get_attribute(".outcomes >> nth=0", "aria-label") == "2 right, 1 refused, 1 wrong, 1 failed"
    headline = view.inner_text(".headline")
    assert "Right by value" in headline and "nDCG" not in headline
    assert not view.locator("#ndcg_at_10").is_visible()
    view.click(".more > summary >> text=All")
    assert view.locator("#ndcg_at_10").is_visible()
    view.close()


def test_where_the_answer_stands_is_shown_unless_it_was_given(page: Path, tmp_path: Path) -> None:
    found = page.read_text(encoding="utf-8")
    assert "Where it stands" not in found.split('id="questions"')[1], "right, or not in the articles"
    evaluate.run(Scripted([ARTICLE], {CASES[0].question: refused("no day is given")}), CASES[:1], tmp_path)
    (question,) = re.findall("<details class=.question.*?</details>", (tmp_path / "report.html").read_text(), re.DOTALL)
    assert "opened on <mark>4 May 2021</mark>." in question
    assert question.count("no day is given") == 1


def test_two_runs_beside_each_other(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "Beside " in text
    assert "refused: refused" in text
    assert "right: 4 May 2021" in text
    assert "Missed: answer_em is 0.400, under 1" in text


def test_numbers_agree_with_scores_json(page: Path) -> None:
    scores = json.loads((page.parent / "scores.json").read_text(encoding="utf-8"))
    text = page.read_text(encoding="utf-8")
    for name, figure in scores["figures"].items():
        block = re.search(rf'id="{name}">.*?</div>', text, re.DOTALL)
        assert block is not None, name
        assert f"<b>{figure['value']:.3f}</b>" in block.group()
        assert f"{figure['low']:.3f} to {figure['high']:.3f}, n {figure['n']}" in block.group()


def test_a_test_set_without_types_answers_or_confidence(tmp_path: Path) -> None:
    cases = [Case("1", "Why?"), Case("2", "How?")]
    told = {"Why?": answered("It is so.", None), "How?": ValueError("no")}
    report = evaluate.run(Scripted([], told), cases, tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "gave no confidence" in text
    assert "names no types" in text
    assert report.table()
