"""The chat page as a visitor meets it: `dateline chat` in its own process, a real Chromium in front of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chat_server
import pytest
from conftest import SEEDS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
browsed = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: install the package chromium")
CHINA = "When did Assad last visit China?"
BAD = 'src="http://evil.example/p.png" onerror="window.struck=1"'


@dataclass
class Page:
    """A page of one visitor, and what it asked the network for."""

    page: Any
    address: str
    requests: list[str]
    troubles: list[str]

    def ask(self, question: str) -> Any:
        """The turn of a question, when it is answered."""
        self.page.fill("#question textarea", question)
        return self.answered(lambda: self.page.click("#ask"))

    def answered(self, asking: Callable[[], object]) -> Any:
        """The turn that `asking` makes, when it is finished."""
        self.page.evaluate("window.before = [...document.querySelectorAll('.turn')].at(-1)?.innerHTML")
        asking()
        self.page.wait_for_function(
            """() => {
                const latest = [...document.querySelectorAll('.turn')].at(-1);
                return latest && latest.innerHTML !== window.before && latest.ariaBusy === 'false';
            }"""
        )
        return self.page.locator(".turn").last

    def quotation(self, number: int) -> str:
        """The highlighted text of a citation."""
        return "".join(self.page.locator(f'#sources .passage mark[data-quotes~="{number}"]').all_text_contents())

    @property
    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


Visit = Callable[..., Page]


@contextmanager
def serving(folder: Path, store: Path, **variables: str) -> Iterator[str]:
    """`dateline chat` over a folder, as a process; its address."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    command = [sys.executable, "-m", "dateline", "chat", "--articles", folder, "--store", store, "--port", free_port()]
    said = store.with_suffix(".err")
    with (
        said.open("w") as errors,
        subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=errors, text=True, env={**known, **variables}
        ) as process,
    ):
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("Dateline is at http://127.0.0.1:"), f"{line}\n{said.read_text()}"
            yield line.split()[-1]
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def seeds(seed_store: Path) -> Iterator[str]:
    with serving(SEEDS, seed_store, OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_API_KEY="none") as address:
        yield address


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of a made-up town, of which one is out to do harm."""
    made = tmp_path_factory.mktemp("page") / "town"
    made.mkdir()
    (made / "bridge.md").write_text(
        "---\ntitle: Mill Bridge opens\npublished: 2021-05-04\nsource: The Elmford Echo\n---\n"
        "The new Mill Bridge in Elmford opened on Tuesday. Mayor Ada Finch cut the ribbon in the rain.\n\n"
        "It cost 12 million crowns, two million more than planned.\n",
        encoding="utf-8",
    )
    (made / "pier <b>.md").write_text(
        f"---\ntitle: 'Pier <img {BAD}> **opens** <script>window.struck=1</script>'\npublished: 2022-06-01\n"
        f"source: '<iframe src=//evil.example></iframe>'\nurl: 'javascript:window.struck=1'\n---\n"
        f"Harbour master Nils Okafor <img {BAD}> opened the ferry pier of Elmford ![p](http://evil.example/m.png) "
        "with <script>window.struck=1</script> a brass band on 1 June 2022.\n\n"
        f"{'The pier stands on sixty oak piles and is lit at night. ' * 12}\n\n"
        '<form action="http://evil.example"><input name=x autofocus onfocus="window.struck=1"></form> {{value}} '
        "${window.struck=1} `x` <iframe srcdoc='<script>parent.struck=1</script>'></iframe> "
        "[here](http://evil.example) <style>body{display:none}</style> \u202egnihtemos\n",
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def chat_models() -> Iterator[chat_server.Misbehaving]:
    """An endpoint of two models: one that does not exist after all, one that never stops."""
    failing, endless = chat_server.BEHAVIOURS["no-model"], chat_server.BEHAVIOURS["endless"]
    chat_server.BEHAVIOURS["by-name"] = lambda handler, body, count, owner: (
        failing if body["model"] == "small-chat" else endless
    )(handler, body, count, owner)
    with chat_server.Misbehaving() as server:
        yield server
    del chat_server.BEHAVIOURS["by-name"]


@pytest.fixture(scope="module")
def elmford(town: Path, chat_models: chat_server.Misbehaving) -> Iterator[str]:
    with serving(town, town.parent / "store", OPENAI_BASE_URL=chat_models.at("by-name")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """Opens pages, each as another visitor, and checks at the end that none asked for anything elsewhere."""
    visited: list[tuple[Any, Page]] = []

    def open_page(address: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        context.set_default_timeout(60_000)
        page = Page(context.new_page(), address, [], [])
        page.page.on("request", lambda request: page.requests.append(request.url))
        page.page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        visited.append((context, page))
        page.page.goto(address)
        page.page.wait_for_selector("#question textarea")
        return page

    yield open_page
    for context, page in visited:
        context.close()
        assert page.requests
        assert not [url for url in page.requests if not url.startswith((page.address, "data:", "blob:"))]
        assert not page.troubles


@browsed
def test_a_marker_leads_to_the_quotation(seeds: str, seed_store: Path, visit: Visit) -> None:
    from dateline import Assistant

    page = visit(seeds)
    held = f"{len(list(SEEDS.glob('*.md')))} articles, "
    assert held in page.page.inner_text("#masthead")
    turn = page.ask(CHINA)
    with Assistant(SEEDS, store=seed_store, update=False) as assistant:
        answer = assistant.ask(CHINA)
    assert answer.short and answer.short in turn.inner_text()
    assert "As of " in turn.inner_text()
    assert len(answer.citations) == turn.locator(".text .marker").count()
    for citation in answer.citations:
        assert page.quotation(citation.number) == citation.quote
        turn.locator(".text .marker", has_text=re.compile(f"^{citation.number}$")).first.focus()
        page.page.keyboard.press("Enter")
        led = page.page.locator("#sources mark.led").first
        led.wait_for()
        assert led.text_content() in citation.quote
        # The list of sources glides to it.
        page.page.wait_for_function(
            "mark => { const y = mark.getBoundingClientRect().y; return 0 <= y && y <= 900 }", arg=led.element_handle()
        )
        focused = page.page.evaluate("document.activeElement.id")
        assert focused == f"quote-0-{citation.number}"
    card = page.page.locator(".card").first
    assert card.locator("h3").inner_text() == answer.citations[0].title
    card.get_by_text("Read the whole article").click()
    with Assistant(SEEDS, store=seed_store, update=False) as assistant:
        whole = assistant.article(answer.citations[0].article).text
    assert card.locator(".article").text_content() == whole


@browsed
def test_an_example_is_asked_and_a_follow_up_shows_how_it_was_understood(seeds: str, visit: Visit) -> None:
    page = visit(seeds)
    examples = page.page.locator("[data-example]")
    assert examples.count() >= 4
    assert CHINA in page.answered(examples.get_by_text(CHINA).click).inner_text()
    turn = page.ask("And to Moscow?")
    assert "Understood as: " in turn.inner_text()
    assert "Assad" in turn.locator(".understood q").inner_text()
    assert page.page.locator(".turn").count() == 2
    # A marker of the earlier answer brings its sources back.
    page.page.locator("#turn-0 .text .marker").first.click()
    page.page.wait_for_selector("#quote-0-1", state="attached")
    page.page.wait_for_selector("#sources mark.led")
    assert page.page.locator("#sources .for").inner_text() == CHINA


@browsed
def test_one_can_type_at_once_and_after_an_answer_and_copy_it(seeds: str, visit: Visit) -> None:
    page = visit(seeds)
    typing = "() => document.activeElement.closest('#question') !== null"
    page.page.wait_for_function(typing)
    page.page.keyboard.type(CHINA)
    turn = page.answered(lambda: page.page.click("#ask"))
    page.page.wait_for_function(typing)
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn.get_by_role("button", name="Copy").click()
    turn.get_by_text("Copied", exact=True).wait_for()
    text = page.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"{CHINA}\n\n") and "[1] “" in text and "(assad-in-hangzhou.md)" in text


@browsed
def test_on_a_telephone_a_quotation_leads_back_to_its_answer(seeds: str, visit: Visit) -> None:
    page = visit(seeds, width=390, height=844)
    seen = "element => { const y = element.getBoundingClientRect().y; return 0 <= y && y < 844 }"
    turn = page.ask(CHINA)
    # What is typed into stays in view while the answer is read.
    page.page.evaluate("document.querySelector('#turn-0').scrollIntoView({block: 'end'})")
    assert page.page.locator("#question textarea").evaluate(seen)
    turn.locator(".text .marker").last.click()
    page.page.wait_for_selector("#sources mark.led")
    back = page.page.get_by_text("Back to the answer")
    assert back.evaluate(seen)
    back.click()
    assert turn.locator(".question").evaluate(seen)


@browsed
def test_a_refusal_says_why_and_folds_the_nearest_passages(seeds: str, visit: Visit) -> None:
    page = visit(seeds)
    turn = page.ask("When did Assad last visit Norway?")
    assert "don't say" in turn.locator(".refusal").inner_text()
    assert "Norway" in turn.locator(".refusal").inner_text()
    assert turn.locator(".marker").count() == 0
    near = page.page.locator("#sources details.near")
    assert 1 <= near.count() <= 4
    assert not near.first.locator(".passage").is_visible()
    near.first.locator("summary").first.click()
    assert near.first.locator(".passage").is_visible()
    # The endpoint of this server's environment is dead: that is said, and stands in nobody's way.
    told = page.page.locator(".says")
    told.wait_for()
    assert "127.0.0.1:9" in told.inner_text()


@browsed
def test_no_visitor_sees_anothers_conversation(elmford: str, visit: Visit) -> None:
    one, other = visit(elmford), visit(elmford)
    one.ask("Who cut the ribbon of Mill Bridge?")
    other.ask("When did the ferry pier open?")
    assert "ribbon" not in other.page.inner_text("#conversation")
    assert "pier" not in one.page.inner_text("#conversation")
    assert one.page.locator(".turn").count() == other.page.locator(".turn").count() == 1
    late = visit(elmford)
    assert late.page.locator(".turn").count() == 0
    one.page.reload()
    one.page.wait_for_selector(".welcome")


@browsed
def test_hostile_text_stays_text(elmford: str, visit: Visit) -> None:
    page = visit(elmford)
    page.ask('Who opened the ferry pier? <img src="http://evil.example/q.png" onerror="window.struck=1">')
    turn = page.ask("Who opened the ferry pier of Elmford?")
    assert "Okafor" in turn.inner_text()
    assert "<img" in page.quotation(1)
    page.page.locator(".whole summary").first.click()
    shown = page.page.locator(".article").first.text_content()
    assert "{{value}}" in shown and "${window.struck=1}" in shown and "<iframe srcdoc=" in shown
    made = "img, script, iframe, form[action], input[onfocus], style, a[href^=http], a[href^=javascript], b"
    assert page.page.locator(":is(#conversation, #sources) .html-container").count() == 2
    assert page.page.locator(f":is(#conversation, #sources) .html-container :is({made})").count() == 0
    assert page.page.evaluate("window.struck") is None
    assert page.page.is_visible("#masthead h1")


@browsed
def test_a_question_that_is_none_gets_its_line_and_the_next_one_an_answer(elmford: str, visit: Visit) -> None:
    page = visit(elmford)
    assert "question is empty" in page.ask("  ").locator(".trouble").inner_text()
    assert page.ask("why" * 3_333 + "?").inner_text()  # 10,000 characters are a question still
    assert "characters, more than" in page.ask("why " * 2_600).locator(".trouble").inner_text()
    page.page.wait_for_function("document.querySelector('#question textarea').value.length > 9000")  # to be mended
    turn = page.ask("What did Mill Bridge cost?")
    assert "12 million" in turn.inner_text()
    assert page.overflow <= 0


@browsed
@pytest.mark.parametrize(("width", "scheme"), [(400, "light"), (400, "dark"), (1024, "light"), (1600, "dark")])
def test_it_fits_and_can_be_read(seeds: str, visit: Visit, width: int, scheme: str) -> None:
    page = visit(seeds, width=width, height=900, scheme=scheme)
    turn = page.ask(CHINA)
    assert page.overflow <= 0
    right, left = turn.bounding_box(), page.page.locator("#sources").bounding_box()
    assert right and left
    assert (left["x"] >= right["x"] + right["width"]) if width >= 1000 else (left["y"] >= right["y"] + right["height"])
    for part in (".short", ".text", ".as-of", ".note", ".marker", ".card h3", ".passage", ".passage mark", ".place"):
        ratio = page.page.evaluate(CONTRAST, part)
        assert ratio >= 4.5, f"{part}: {ratio:.1f} in {scheme}"
    dark = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", dark)[:3])) < 200) == (scheme == "dark")
    box = page.page.locator("#question textarea")
    assert page.page.get_by_label("Question", exact=True).count() == 1
    assert box.bounding_box()["width"] > 0.5 * min(width, 700)


# Contrast of an element's text against the nearest ground behind it, as WCAG 2.2 defines it.
CONTRAST = """(part) => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (c) => c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (element) => numbers(getComputedStyle(element).backgroundColor);
  const element = document.querySelector(`:is(#conversation, #sources) ${part}`);
  let behind = element;
  while (behind.parentElement && (ground(behind)[3] ?? 1) === 0) behind = behind.parentElement;
  const both = [light(numbers(getComputedStyle(element).color)), light(ground(behind))];
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}"""


@browsed
def test_a_verdict_is_kept_as_a_test_case(elmford: str, town: Path, visit: Visit) -> None:
    page = visit(elmford)
    turn = page.ask("What did Mill Bridge cost?")
    turn.get_by_role("button", name="Wrong").click()
    turn.get_by_label("This should be").fill("14 million crowns")
    turn.get_by_text("Keep").click()
    page.page.wait_for_selector(".turn [role=status]")
    page.ask("Who cut the ribbon of Mill Bridge?").get_by_role("button", name="Right").click()
    page.page.wait_for_selector("#turn-1 [role=status]")
    kept = [json.loads(line) for line in (town.parent / "store" / "feedback.jsonl").read_text().splitlines()]
    assert [(one["question"], one["right"]) for one in kept] == [
        ("What did Mill Bridge cost?", False),
        ("Who cut the ribbon of Mill Bridge?", True),
    ]
    assert kept[0]["answers"] == ["14 million crowns"]


@browsed
def test_a_chat_model_that_fails_gets_a_line_and_the_built_in_reader_answers(elmford: str, visit: Visit) -> None:
    page = visit(elmford)
    assert page.page.input_value("#model input") == "quotes (built in)"
    choose(page, "small-chat")
    turn = page.ask("Who cut the ribbon of Mill Bridge?")
    assert "small-chat" in turn.locator(".trouble").inner_text()
    assert "Ada Finch" in turn.locator(".text").first.inner_text()
    assert "built-in reader" in turn.locator(".after").inner_text()


@browsed
def test_a_visitor_can_stop_an_answer(elmford: str, chat_models: chat_server.Misbehaving, visit: Visit) -> None:
    page = visit(elmford)
    choose(page, "large-chat")
    chat_models.hung_up.clear()
    page.page.fill("#question textarea", "When did Mill Bridge open?")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector(".turn .text")
    page.page.click("#stop")
    page.page.get_by_text("Stopped.", exact=True).first.wait_for()
    page.page.wait_for_selector("#ask")
    assert chat_models.hung_up.wait(15), "the model is still writing"
    choose(page, "quotes (built in)")
    assert "Ada Finch" in page.ask("Who cut the ribbon of Mill Bridge?").inner_text()


def choose(page: Page, model: str) -> None:
    page.page.click("#model input")
    page.page.get_by_role("option", name=model).click()


@browsed
def test_a_store_deleted_meanwhile_is_said_and_answers_come_back_with_it(
    town: Path, tmp_path: Path, visit: Visit
) -> None:
    store = tmp_path / "store"
    with serving(town, store) as address:
        page = visit(address)
        assert "Ada Finch" in page.ask("Who cut the ribbon of Mill Bridge?").inner_text()
        shutil.rmtree(store)
        trouble = page.ask("What did Mill Bridge cost?").locator(".trouble").inner_text()
        assert "was deleted" in trouble and "dateline index" in trouble
        page.page.locator("#turn-0 [data-show]").click()
        page.page.get_by_text("can’t be read any more").first.wait_for()
        again = [sys.executable, "-m", "dateline", "index", str(town), "--store", str(store)]
        subprocess.run(again, check=True, capture_output=True)
        assert "12 million" in page.ask("What did Mill Bridge cost?").inner_text()
        page.page.close()  # before its server goes


def test_nothing_is_public_but_the_page(elmford: str) -> None:
    with urllib.request.urlopen(f"{elmford}/gradio_api/info") as answer:
        assert json.load(answer)["named_endpoints"] == {}
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    boundary = b"--x\r\nContent-Disposition: form-data; name=files; filename=a.txt\r\n\r\nmore than that\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert refused(urllib.request.Request(f"{elmford}/gradio_api/upload", boundary, kind)) == 413
    # A name elsewhere that was made to lead here: its page must not read the articles.
    assert refused(urllib.request.Request(elmford, headers={"Host": "evil.example"})) == 400
    assert refused(urllib.request.Request(f"{elmford}/gradio_api/file=/etc/passwd")) in (403, 404)


def refused(request: urllib.request.Request) -> int:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    error.value.close()
    return error.value.code


def test_an_address_in_use_is_one_line(elmford: str, town: Path) -> None:
    port = elmford.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "dateline", "chat", "--articles", str(town), "--store", str(town.parent / "store")]
    done = subprocess.run([*command, "--port", port], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "--port" in done.stderr and port in done.stderr
