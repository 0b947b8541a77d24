"""What both exports share: a torch module to an ONNX file whose weights are stored small and computed in float32, and
the quick graph over the same weights.

The table of word pieces is kept as int8 with a scale a row (only the rows that a text uses are ever widened), all
other matrices as float16; onnxruntime widens those once, when it opens the file. Needs torch and onnx, which
nothing else in the project does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from export_quick import quick
from onnx import TensorProto, helper, numpy_helper

WORDS = "word_embeddings.weight"


def export(network: torch.nn.Module, inputs: list[str], outputs: list[str], path: Path) -> None:
    """Write `network`, which takes `inputs` of shape (rows, pieces), to `path`, and `quick.onnx` beside it.

    `network.encoder` is a BertModel; whatever heads follow it come along as they are.
    """
    example = tuple(torch.ones(2, 5, dtype=torch.int64) for _ in inputs)
    free = {name: {0: "rows", 1: "pieces"} for name in inputs} | {name: {0: "rows"} for name in outputs}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        network.eval(),
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=free,
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    shrink(model.graph)
    model.doc_string = ""
    model.producer_version = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    quick(network, inputs, outputs, path.parent)


def shrink(graph: Any) -> None:
    """Store the graph's weights small, in place."""
    before = []
    for weight in list(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or len(weight.dims) < 2:
            continue
        values = numpy_helper.to_array(weight)
        graph.initializer.remove(weight)
        if weight.name.endswith(WORDS):
            _rows_as_int8(graph, weight.name, values)
            continue
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), weight.name + ".half"))
        before.append(helper.make_node("Cast", [weight.name + ".half"], [weight.name], to=TensorProto.FLOAT))
    for node in reversed(before):
        graph.node.insert(0, node)


def _rows_as_int8(graph: Any, name: str, values: np.ndarray) -> None:
    scale = np.abs(values).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    graph.initializer.append(numpy_helper.from_array(np.rint(values / scale).astype(np.int8), name + ".int8"))
    graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), name + ".scale"))
    (place,) = [at for at, node in enumerate(graph.node) if name in node.input]
    gather = graph.node[place]
    pieces, rows = gather.input[1], gather.output[0]
    graph.node.remove(gather)
    made = [
        helper.make_node("Gather", [name + ".int8", pieces], [name + ".rows"], axis=0),
        helper.make_node("Gather", [name + ".scale", pieces], [name + ".scales"], axis=0),
        helper.make_node("Cast", [name + ".rows"], [name + ".wide"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [name + ".wide", name + ".scales"], [rows]),
    ]
    for at, node in enumerate(made):
        graph.node.insert(place + at, node)
