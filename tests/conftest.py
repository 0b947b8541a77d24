"""Fixtures for all tests: real folders, real stores, the seeds indexed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "articles"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three small articles."""
    made = tmp_path / "articles"
    made.mkdir()
    (made / "bridge.md").write_text(
        "---\ntitle: Mill Bridge opens\npublished: 2021-05-04\nsource: The Elmford Echo\n---\n"
        "The new Mill Bridge in Elmford opened on Tuesday. Mayor Ada Finch cut the ribbon in the rain.\n\n"
        "It cost 12 million crowns, two million more than planned.\n",
        encoding="utf-8",
    )
    (made / "flood-2022-11-09.txt").write_text(
        "Flood closes Mill Bridge\n\nThe river Elm rose by three metres on Monday and closed Mill Bridge. "
        "Mayor Ada Finch said that 40 families had left their homes.\n",
        encoding="utf-8",
    )
    (made / "wire.jsonl").write_text(
        '{"id": "w1", "title": "Finch steps down", "published": "2023-02-01", "source": "Wire", '
        '"text": "Ada Finch resigned as mayor of Elmford on Wednesday. Tom Reed follows her."}\n',
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="session")
def seed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds' index, made once for the whole run."""
    from dateline import Assistant

    path = tmp_path_factory.mktemp("seeds") / "store"
    Assistant(SEEDS, store=path).close()
    return path


@pytest.fixture(autouse=True)
def _closed_stores() -> Iterator[None]:
    """Every test ends with its stores closed: an open database is a warning, and warnings are errors."""
    yield
    import sys

    if "index.store" in sys.modules:
        from index.store import Store

        for store in list(Store._open.values()):
            store.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file into a folder of articles; returns the folder."""
    made = tmp_path / "articles"

    def into(name: str, content: str | bytes) -> Path:
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return made

    return into
