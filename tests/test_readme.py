"""The README does what it says: its Python runs, its files are there, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import readme  # noqa: E402

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_blocks_run(tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    said = []
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        command = [sys.executable, "-W", "error", "-c", block]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.splitlines())
    (first, *_, last), (article,), found = said
    assert first == "22 September 2023"
    assert last.startswith("False") and "Norway" in last
    assert article == "assad-in-hangzhou.md"
    assert len(found) == 5 and found[0].startswith("assad-in-hangzhou.md 2023-")


def test_what_the_file_map_names_is_there() -> None:
    (part,) = re.findall(r"## Where a question goes\n(.*?)\n## ", README, re.DOTALL)
    named = re.findall(r"[\w/]+\.(?:py|md)\b|\b\w+/(?= )", part)
    assert len(named) > 15
    places = [ROOT, ROOT / "dateline", ROOT / "dateline" / "builtin", ROOT / "index", ROOT / "benchmarks"]
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_every_command_of_the_shell_block_exists() -> None:
    commands = set(re.findall(r"^\s+(?:\w+=\S+ )*dateline ([\w-]+)", README, re.MULTILINE))
    assert {"ask", "index", "show", "evaluate", "chat"} <= commands
    for command in sorted(commands):
        done = subprocess.run([sys.executable, "-m", "dateline", command, "--help"], cwd=ROOT, capture_output=True)
        assert done.returncode == 0, command


def test_the_pictures_are_there() -> None:
    page, growth = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / page).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / growth).read_text("utf-8").startswith("<svg ")


FIGURE = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 10}


def shape(lines: list[str]) -> list[str]:
    """Lines of a table with their figures taken out; where all questions measure the same there is no interval."""
    return [re.sub(r"[\d.,]*\d", "N", re.sub(r" \([\d.]+ to [\d.]+\)", "", line)) for line in lines]


def block(name: str) -> list[str]:
    (inside,) = re.findall(rf"<!-- {name}: made by .*? -->\n(.*?)<!-- end -->", README, re.DOTALL)
    return str(inside).splitlines()


def test_its_tables_are_those_that_the_command_makes() -> None:
    figures = dict.fromkeys([*readme.ROWS.values(), "answered"], FIGURE)
    assert shape(block("answers")) == shape(readme.answers(dict.fromkeys(readme.SETS, figures)))
    systems = dict.fromkeys(readme.SYSTEMS.values(), {"mrr_at_10": FIGURE})
    beside = dict.fromkeys([name for name in readme.SYSTEMS.values() if name != "Dateline"], {"p": 0.5})
    staged = dict.fromkeys([f"hit_at_{k}" for k in (1, 5, 10, 20)] + ["mrr_at_10", "p"], 0.5)
    half = dict.fromkeys(readme.STAGES.values(), staged)
    assert shape(block("stages")) == shape(readme.stages({"all": half, "other half": half}))
    found = {"questions": 1, "articles": 1, "systems": systems, "beside": beside}
    assert shape(block("searches")) == shape(readme.searches({"seeds": found, "news": found}))


def test_its_sets_have_as_many_questions_as_it_says() -> None:
    counted = [len((folder / "questions.jsonl").read_text("utf-8").splitlines()) for folder in readme.SETS.values()]
    assert [int(number) for number in re.findall(r"\((\d+)\)", block("answers")[0])] == counted


def test_only_what_stands_between_the_markers_changes() -> None:
    made = readme.filled(README, "answers", ["| a |"])
    before, after = README.split("\n".join(block("answers")))
    assert made == f"{before}| a |{after}"
    with pytest.raises(ValueError, match="0 pairs"):
        readme.filled(README, "nothing", [])
