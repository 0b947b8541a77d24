"""The shell: what is printed where, exit statuses, and the contract's JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

KEYS = "question standalone text short answered reason as_of model citations conflicts hits seconds".split()


def dateline(
    *arguments: object, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dateline", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", env=environment)


@pytest.fixture(scope="module")
def asked(seed_store: Path) -> dict[str, object]:
    done = dateline("ask", "When did Assad last visit China?", "--json", "--store", seed_store)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_contract_of_the_json(asked: dict[str, object]) -> None:
    assert list(asked) == KEYS
    assert asked["short"] == "22 September 2023"
    assert asked["answered"] is True and asked["reason"] is None and asked["model"] == "quotes"
    assert str(asked["as_of"]) >= "2023-09-22"
    assert set(asked["seconds"]) == {"search", "answer", "total"}  # type: ignore[call-overload]


def test_citations_are_what_show_prints(asked: dict[str, object], seed_store: Path) -> None:
    citations = asked["citations"]
    assert citations
    for citation in citations:  # type: ignore[attr-defined]
        text = dateline("show", citation["article"], "--store", seed_store).stdout
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert f"[{citation['number']}]" in str(asked["text"])


def test_hits_run_to_the_twentieth_article(asked: dict[str, object]) -> None:
    articles = list(dict.fromkeys(hit["article"] for hit in asked["hits"]))  # type: ignore[attr-defined]
    assert len(articles) == 20
    scores = [hit["score"] for hit in asked["hits"]]  # type: ignore[attr-defined]
    assert scores == sorted(scores, reverse=True)


def test_a_refusal_is_an_answer_too(seed_store: Path) -> None:
    done = dateline("ask", "When did Assad last visit Norway?", "--json", "--store", seed_store)
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["answered"] is False and answer["short"] is None and answer["citations"] == []
    assert "Norway" in answer["reason"] and answer["text"].startswith("The articles don't say")
    assert answer["hits"]


def test_how_sure_an_answer_has_to_be_is_a_setting(seed_store: Path) -> None:
    question = "who lit the cauldron at the asian games"
    for threshold, answered in (("0", True), ("1", False)):
        done = dateline("ask", question, "--threshold", threshold, "--json", "--store", seed_store)
        assert json.loads(done.stdout)["answered"] is answered
    wrong = dateline("ask", question, "--threshold", "40%", "--store", seed_store)
    assert wrong.returncode == 2 and "number from 0 to 1" in wrong.stderr and wrong.stdout == ""


def test_plain_output_names_the_articles(seed_store: Path) -> None:
    done = dateline("ask", "When did Assad last visit China?", "--store", seed_store)
    assert "22 September 2023" in done.stdout and "assad-in-hangzhou.md" in done.stdout and "As of" in done.stdout


def test_index_says_what_it_did(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.txt").write_bytes(b"")
    first = dateline("index", folder, cwd=tmp_path)
    assert first.returncode == 0 and "3 added" in first.stdout and "broken.txt: empty" in first.stderr
    assert "3 unchanged" in dateline("index", folder, cwd=tmp_path).stdout
    (store,) = (tmp_path / ".dateline").iterdir()
    assert store.name.startswith("articles-") and len(store.name) == len("articles-12345678")
    shown = dateline("show", "w1", "--articles", folder, cwd=tmp_path)
    assert shown.stdout == "Ada Finch resigned as mayor of Elmford on Wednesday. Tom Reed follows her."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "COMMAND"),
        (["ask"], "question"),
        (["ask", "", "--store", "{store}"], "empty"),
        (["ask", "why " * 2500 + "x", "--store", "{store}"], "10,001 characters"),
        (["search", " ", "--store", "{store}"], "empty"),
        (["search", "x", "--since", "2024-01-01", "--until", "2023-01-01", "--store", "{store}"], "after"),
        (["ask", "When?", "--asked", "yesterday"], "2023-09-22"),
        (["ask", "When?", "--articles", "{nowhere}"], "not there"),
        (["index", "{empty}"], "no articles"),
        (["index", "{nowhere}"], "not there"),
        (["show", "no-such.md", "--store", "{store}"], "no-such.md"),
        (["show", "a.md", "--articles", "{empty}"], "dateline index"),
        (["evaluate", "{nowhere}", "--store", "{store}"], "nowhere"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_a_mistake_gets_one_line(arguments: list[str], says: str, seed_store: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    places = {"store": seed_store, "nowhere": tmp_path / "nowhere", "empty": tmp_path / "empty"}
    done = dateline(*(argument.format(**places) for argument in arguments))
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert says in line


def test_help_is_instant_and_loads_nothing(tmp_path: Path) -> None:
    assert "ask" in dateline("--help").stdout
    assert "--json" in dateline("ask", "--help").stdout


def test_show_into_a_closed_pipe_is_quiet(seed_store: Path) -> None:
    command = f"{sys.executable} -m dateline show assad-in-hangzhou.md --store {seed_store} | head -c 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""


def test_search_says_what_found_each_passage(seed_store: Path) -> None:
    question = "When did Assad last visit China?"
    found = json.loads(dateline("search", question, "--explain", "--json", "--store", seed_store).stdout)
    first = found["hits"][0]
    assert found["question"] == question
    assert first["word_rank"] and first["vector_rank"] and first["relevance"] is not None
    assert "Assad" in first["text"]
    said = dateline("search", question, "--explain", "--store", seed_store).stdout
    assert first["article"] in said.splitlines()[0] and "word rank" in said.splitlines()[1]
    plain = dateline("search", question, "--since", "2024-01-01", "--store", seed_store).stdout
    assert plain and "word rank" not in plain and "assad-in-hangzhou.md" not in plain


def test_index_tells_what_it_did_as_json(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge is open.\n", encoding="utf-8")
    (folder / "b.pdf").write_bytes(b"no pdf")
    done = dateline("index", folder, "--json", "--store", tmp_path / "store")
    told = json.loads(done.stdout)
    assert (told["added"], told["unchanged"], len(told["skipped"])) == (1, 0, 1)
    assert told["skipped"][0].startswith("b.pdf: ")


@pytest.mark.skipif(sys.platform == "win32", reason="no signal like Ctrl-C's to a process of one's own")
def test_index_watches_until_it_is_stopped(tmp_path: Path) -> None:
    import signal

    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge is open.\n", encoding="utf-8")
    command = [sys.executable, "-m", "dateline", "index", str(folder), "--watch", "--store", str(tmp_path / "store")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as watching:
        assert watching.stdout is not None and watching.stderr is not None
        assert "1 added" in watching.stdout.readline()
        (folder / "b.txt").write_text("The ferry has stopped.\n", encoding="utf-8")
        assert "1 added" in watching.stdout.readline()
        # What can't be read is named when it comes, and once.
        (folder / "c.pdf").write_bytes(b"no pdf")
        assert "2 unchanged, 1 skipped" in watching.stdout.readline()
        (folder / "d.txt").write_text("The tram runs.\n", encoding="utf-8")
        assert "1 added" in watching.stdout.readline()
        # So is a folder that is away for a while.
        folder.rename(tmp_path / "away")
        assert watching.stderr.readline().startswith("skipped c.pdf: ")
        assert "is gone" in watching.stderr.readline()
        (tmp_path / "away" / "e.txt").write_text("The school is shut.\n", encoding="utf-8")
        (tmp_path / "away").rename(folder)
        assert "1 added" in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=60) == 0
        assert watching.stderr.read() == ""


def test_of_much_that_is_passed_over_the_first_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "The bridge is open."}\n' + "{broken\n" * 50, encoding="utf-8")
    done = dateline("index", folder, "--store", tmp_path / "store")
    assert "50 skipped" in done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 21 and lines[-1].startswith("skipped 30 more") and "--json" in lines[-1]


def test_arguments_may_be_any_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("The bridge is open.", encoding="utf-8")
    places = ("--articles", folder, "--store", tmp_path / "store")
    found = dateline("search", os.fsdecode(b"bridge \xff"), *places)
    assert "caf\\xe9.txt" in found.stdout, found.stderr
    assert dateline("show", os.fsdecode(b"caf\xe9.txt"), *places).stdout == "The bridge is open."
