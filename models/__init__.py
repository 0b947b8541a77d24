"""The small networks that ship with Dateline, each loaded once a process: `load("embedder")` and `load("reader")`.

Weights and a card stand in a folder of the same name. The networks run through onnxruntime on the processor, the way
that is quickest there (`models/network.py`); what they give does not depend on the number of threads or on who shares
them.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Literal, overload

from models.embedding import Embedder, TextTooLong
from models.reading import Reader, Reading, Span

__all__ = ["Embedder", "Reader", "Reading", "Span", "TextTooLong", "load"]

_FOLDER = Path(__file__).parent
_LOADED: dict[str, Embedder | Reader] = {}
_LOADING = Lock()


@overload
def load(name: Literal["embedder"]) -> Embedder: ...
@overload
def load(name: Literal["reader"]) -> Reader: ...
def load(name: Literal["embedder", "reader"]) -> Embedder | Reader:
    """The network of that name: the same object each time, safe to use from several threads."""
    with _LOADING:
        if name not in _LOADED:
            _LOADED[name] = _open(name)
        return _LOADED[name]


def _open(name: str) -> Embedder | Reader:
    match name:
        case "embedder":
            return Embedder(_FOLDER / "embedder")
        case "reader":
            # Both networks began as all-MiniLM-L6-v2: one vocabulary serves both.
            return Reader(_FOLDER / "reader", _FOLDER / "embedder" / "tokenizer.json")
    raise ValueError(f"no network named {name!r}: there are 'embedder' and 'reader'")
