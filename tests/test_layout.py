"""The shape of the project: who imports whom, how much is in front, what the names may clash with."""

from __future__ import annotations

import ast
import importlib.metadata
import subprocess
import sys

import pytest
from conftest import ROOT

# Whom each may import; nothing of ours beyond that.
MAY_IMPORT = {
    "models": set(),
    "prompts": set(),
    "index": {"models"},
    "dateline": {"index", "prompts", "models"},
    "app": {"dateline", "index"},
}
SCRIPTS = ("train_", "export_")


def imports(path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def modules(package: str):
    path = ROOT / package
    files = path.rglob("*.py") if path.is_dir() else [ROOT / f"{package}.py"]
    return [file for file in files if not file.name.startswith(SCRIPTS)]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_run_one_way(package: str) -> None:
    ours = set(MAY_IMPORT)
    for module in modules(package):
        foreign = (imports(module) & ours) - MAY_IMPORT[package] - {package}
        if module == ROOT / "dateline" / "cli.py":
            foreign -= {"app"}  # inside the function of `dateline chat`
        assert not foreign, f"{module.relative_to(ROOT)} imports {foreign}"


def test_only_the_page_imports_gradio() -> None:
    users = {module for package in MAY_IMPORT for module in modules(package) if "gradio" in imports(module)}
    assert users == {ROOT / "app.py"}


def test_eight_names_or_fewer_in_front() -> None:
    import dateline

    assert len(dateline.__all__) <= 8
    assert all(hasattr(dateline, name) for name in dateline.__all__)


def test_no_dependency_ships_one_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for name in MAY_IMPORT:
        assert set(owners.get(name, ["dateline"])) <= {"dateline"}


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    heavy = "gradio chromadb llama_index onnxruntime openai numpy dateparser".split()
    program = f"import sys, dateline.cli, app; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
