"""A BERT-like network in ONNX files: rows of word pieces in, arrays out."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

CLS, SEP = 101, 102  # the vocabulary's marks for the beginning and the end of a text
SETTING = "DATELINE_NETWORKS"
# Rounding errors cancel out over many word pieces; in a text of fewer they show, and little time is to be won there.
_LONG = 64


def tokenizer(path: Path) -> Tokenizer:
    """The word pieces of a tokenizer.json, with no length limit of its own: cutting is the caller's decision."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(path))
    made.no_truncation()
    made.no_padding()
    return made


class Network:
    """The network in `folder`, run on all the cores this process may use. Safe to share between threads.

    `way` is how it runs: "float" takes products in float32, anywhere; "quick" takes those of rows of 64 word pieces and
    more on bytes, where the processor has an instruction for that and the folder a `quick.onnx` made for its
    `model.onnx`. A text's vector is the same to 0.01 in each of its numbers, so that neither is part of a model's
    name. DATELINE_NETWORKS=float, or =quick, in the environment forces one.
    """

    def __init__(self, folder: Path, way: str | None = None) -> None:
        way = way or os.environ.get(SETTING) or ("quick" if _takes_bytes() else "float")
        if way not in ("quick", "float"):
            raise ValueError(f"{SETTING}={way}: networks run 'quick' or 'float'")
        self.way = way if _belongs(folder) else "float"
        self._float = _session(folder / "model.onnx")
        self._quick = _session(folder / "quick.onnx") if self.way == "quick" else self._float
        self._inputs = {given.name for given in self._float.get_inputs()}

    def outputs(
        self, rows: Sequence[Sequence[int]], second: Sequence[int] = ()
    ) -> Iterator[tuple[int, list[ndarray[Any, Any]]]]:
        """Each row's number and what the network makes of it, the longest first; an array's first axis has length 1.

        Each core reads a row of its own: nothing is spent on padding or on waiting for one another, and what comes of
        a row does not depend on its neighbours. From its place in `second` on, a row is the second of two texts (the
        passage after the question).
        """
        order = sorted(range(len(rows)), key=lambda row: -len(rows[row]))
        if len(order) < 2:
            yield from ((row, self._run(rows[row], second[row] if second else None)) for row in order)
            return
        with ThreadPoolExecutor(min(_cores(), len(order))) as threads:
            made = threads.map(lambda row: self._run(rows[row], second[row] if second else None), order)
            yield from zip(order, made, strict=True)

    def _run(self, row: Sequence[int], second: int | None) -> list[ndarray[Any, Any]]:
        import numpy

        pieces = numpy.array([row], dtype=numpy.int64)
        kinds = numpy.zeros_like(pieces)
        if second is not None:
            kinds[:, second:] = 1
        given = {"input_ids": pieces, "attention_mask": numpy.ones_like(pieces), "token_type_ids": kinds}
        session = self._quick if len(row) >= _LONG else self._float
        made: list[ndarray[Any, Any]] = session.run(None, {name: given[name] for name in self._inputs})
        return made


def _session(path: Path) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # rows run side by side instead
    options.log_severity_level = 3
    # The fused operator of a sum and a norm takes four times as long as the two it stands for (onnxruntime 1.32).
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def _belongs(folder: Path) -> bool:
    """Whether there is a `quick.onnx` made for this very `model.onnx`, out of which it reads bytes by their place."""
    quick = folder / "quick.onnx"
    if not quick.exists():
        return False
    return hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest().encode() in quick.read_bytes()


def _takes_bytes() -> bool:
    """Whether the processor sums products of bytes in 32 bits (VNNI); without, they would overflow 16 unnoticed."""
    if not sys.platform.startswith("linux"):
        return False
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    return "avx512_vnni" in flags or "avx_vnni" in flags


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
