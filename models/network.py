"""A BERT-like network in an ONNX file: rows of word pieces in, batches of arrays out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray
    from tokenizers import Tokenizer

CLS, SEP = 101, 102  # the vocabulary's marks for the beginning and the end of a text


def tokenizer(path: Path) -> Tokenizer:
    """The word pieces of a tokenizer.json, with no length limit of its own: cutting is the caller's decision."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(path))
    made.no_truncation()
    made.no_padding()
    return made


class Network:
    """The ONNX file at `path`, run on all the cores this process may use. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _cores()
        options.log_severity_level = 3
        # Threads that spin while they wait take the cores from whatever else serves the same question.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}

    def batches(
        self, rows: Sequence[Sequence[int]], size: int, second: Sequence[int] = ()
    ) -> Iterator[tuple[list[int], list[ndarray[Any, Any]]]]:
        """Run `rows`, `size` at a time: the numbers of the rows in a batch, and the network's outputs for them.

        Rows of like length run together, so that little is spent on padding. From its place in `second` on, a row is
        the second of two texts (the passage after the question).
        """
        import numpy

        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            pieces = numpy.zeros((len(batch), len(rows[batch[-1]])), dtype=numpy.int64)
            mask = numpy.zeros_like(pieces)
            kind = numpy.zeros_like(pieces)
            for place, row in enumerate(batch):
                length = len(rows[row])
                pieces[place, :length] = rows[row]
                mask[place, :length] = 1
                if second:
                    kind[place, second[row] : length] = 1
            given = {"input_ids": pieces, "attention_mask": mask, "token_type_ids": kind}
            yield batch, self._session.run(None, {name: given[name] for name in self._inputs})


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
