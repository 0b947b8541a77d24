"""Dateline answers questions from a folder of dated articles, each statement tied to a quotation in one of them.

from dateline import Assistant
print(Assistant("seeds/articles").ask("When did Assad last visit China?").text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.answer import Answer, Citation
from index.errors import DatelineError

if TYPE_CHECKING:
    from dateline.assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation", "DatelineError"]


def __getattr__(name: str) -> object:
    # Loaded on first use: it brings Chroma and the networks, and `dateline --help` needs neither.
    if name == "Assistant":
        from dateline.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
