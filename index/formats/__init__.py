"""What can be read: one module a format, each with a `read` that takes a place and gives its articles.

A further format is a module here and a line in `_MODULES`.
"""

from __future__ import annotations

from index.formats.place import Place, Reader, Same, Taken, told

__all__ = ["ENDINGS", "Place", "Reader", "Same", "Taken", "reader", "told"]

# By the file name's ending; the longer of two goes first.
_MODULES = {
    ".txt": "plain",
    ".md": "plain",
    ".jsonl": "jsonl",
    ".csv": "table",
    ".html": "web",
    ".htm": "web",
    ".xhtml": "web",
    ".pdf": "pdf",
    ".docx": "docx",
    ".eml": "mail",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".warc.gz": "warc",
    ".warc": "warc",
    ".zip": "archive",
}
ENDINGS = tuple(_MODULES)


def reader(name: str) -> Reader | None:
    """What reads a file of that name, None where nothing does."""
    from importlib import import_module

    lowered = name.lower()
    ending = next((ending for ending in ENDINGS if lowered.endswith(ending)), None)
    if ending is None:
        return None
    found: Reader = import_module(f"index.formats.{_MODULES[ending]}").read
    return found
