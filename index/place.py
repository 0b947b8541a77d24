"""Where a store lies on disk, and its catalog alone: enough to show an article at once, with no network loaded."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from index.catalog import Catalog
from index.errors import StoreElsewhere, StoreMismatch
from index.tables import LAYOUT

STORES = Path(".dateline")


def place(folder: Path, stores: Path = STORES) -> Path:
    """Where the store of a folder lies unless it is told otherwise: its name and a hash of its resolved path."""
    resolved = folder.resolve()
    name = re.sub(r"[^\w.-]+", "-", resolved.name) or "articles"
    return stores / f"{name}-{hashlib.sha256(str(resolved).encode()).hexdigest()[:8]}"


def open_catalog(path: Path, folder: Path | None = None) -> Catalog:
    """The catalog of an existing store, after checking that it is one of ours and belongs to `folder`.

    Raises `StoreMissing`, `StoreMismatch`, `StoreElsewhere`. Opens neither the vectors nor the embedder.
    """
    catalog = Catalog(path / "catalog.sqlite")
    try:
        check(catalog, path, folder)
    except DatabaseError as error:
        catalog.close()
        raise StoreMismatch(
            f"the index at {path} can't be read ({error.orig}); delete {path} and index again"
        ) from None
    except BaseException:
        catalog.close()
        raise
    return catalog


def check(catalog: Catalog, path: Path, folder: Path | None) -> None:
    settings = catalog.settings()
    if settings.get("layout") != str(LAYOUT):
        raise StoreMismatch(
            f"the index at {path} has layout {settings.get('layout', 'unknown')}, this Dateline needs {LAYOUT}; "
            f"delete {path} and index again"
        )
    if folder is not None and settings["folder"] != str(folder.resolve()):
        raise StoreElsewhere(
            f"the index at {path} belongs to {settings['folder']}, not to {folder.resolve()}; name another --store"
        )
