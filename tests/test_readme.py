"""The README does what it says: its Python runs, its files are there, its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_blocks_run(tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    said = []
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        command = [sys.executable, "-W", "error", "-c", block]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.splitlines())
    (first, *_, last), (article,) = said
    assert first == "22 September 2023"
    assert last.startswith("False") and "Norway" in last
    assert article == "assad-in-hangzhou.md"


def test_what_the_file_map_names_is_there() -> None:
    (part,) = re.findall(r"## Where a question goes\n(.*?)\n## ", README, re.DOTALL)
    named = re.findall(r"[\w/]+\.(?:py|md)\b|\b\w+/(?= )", part)
    assert len(named) > 15
    places = [ROOT, ROOT / "dateline", ROOT / "index", ROOT / "benchmarks"]
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_every_command_of_the_shell_block_exists() -> None:
    commands = set(re.findall(r"^\s+(?:\w+=\S+ )*dateline ([\w-]+)", README, re.MULTILINE))
    assert {"ask", "index", "show", "evaluate", "chat"} <= commands
    for command in sorted(commands):
        done = subprocess.run([sys.executable, "-m", "dateline", command, "--help"], cwd=ROOT, capture_output=True)
        assert done.returncode == 0, command


def test_the_picture_is_there() -> None:
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
