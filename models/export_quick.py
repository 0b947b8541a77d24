"""A second graph for a network's weights, `quick.onnx`: the same encoder with its products taken on bytes.

It holds no matrices of its own: each is read out of the `model.onnx` beside it and rounded to int8 when onnxruntime
opens the graph, with a step a column; what comes in is rounded anew for every text. One text a run, no padding.
To lose little by it:

- inputs of a product are divided, column by column, by how far they reach on the seeds' articles, and the weights
  multiplied (Xiao et al., SmoothQuant, 2022);
- before the widest products, a row of inputs has a step of its own, and the few columns that reach furthest are
  multiplied in float32 (Dettmers et al., LLM.int8(), 2022);
- what rounding the weights adds to a product in the mean is taken off its bias (Nagel et al., Data-Free Quantization,
  2019): errors of one word piece cancel out over a text, those of every piece do not.

Called by `export`, so that a network has both files from one command.
"""

from __future__ import annotations

import copy
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

ROOT = Path(__file__).parent.parent
OPSET = 17
# Of each product in a layer: how strongly its inputs are evened out, and how many columns stay in float32.
EVENED = {
    "attention.self.query": (0.7, 0),
    "attention.output.dense": (0.0, 0),
    "intermediate.dense": (0.5, 4),
    "output.dense": (0.0, 8),
}
GELU_LEAST = 0.17  # GELU gives nothing below -0.17


@dataclass(frozen=True)
class Inputs:
    """A product's inputs: their mean, what each column of them is divided by, and the columns left in float32."""

    mean: np.ndarray
    divisor: np.ndarray
    apart: np.ndarray


@dataclass(frozen=True)
class Rounded:
    """A matrix as int8: names of its numbers and of their steps, what it loses in the mean, and its columns' sums."""

    units: str
    steps: str
    lost: np.ndarray
    sums: np.ndarray


def quick(network: torch.nn.Module, inputs: list[str], outputs: list[str], folder: Path) -> None:
    """Write `folder/quick.onnx` for `network`, whose weights stand in `folder/model.onnx`."""
    whole = (folder / "model.onnx").read_bytes()
    graph = _Graph(network.encoder, whole, _reached(network, "token_type_ids" in inputs))
    hidden = graph.encoder("token_type_ids" in inputs)
    heads = _heads(network, inputs, outputs)
    for node in heads.node:
        for names in (node.input, node.output):
            names[:] = [hidden if name == "hidden" else name for name in names]
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "pieces"]) for name in inputs]
    made = helper.make_model(
        helper.make_graph(
            [*graph.nodes, *heads.node], "quick", given, heads.output, [*graph.kept.values(), *heads.initializer]
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
    )
    # Its matrices are found by their place in the other file, so it must not be opened beside any other.
    helper.set_model_props(made, {"model": hashlib.sha256(whole).hexdigest()})
    onnx.save(made, str(folder / "quick.onnx"))


def _reached(network: torch.nn.Module, pairs: bool) -> dict[str, Inputs]:
    """The inputs of each product on the seeds' articles, and how they are to be treated."""
    pieces = Tokenizer.from_file(str(ROOT / "models/embedder/tokenizer.json"))
    seen: dict[str, list[np.ndarray]] = {}
    hooks = []

    def note(name: str) -> Any:
        def keep(_: Any, given: tuple[torch.Tensor, ...]) -> None:
            seen.setdefault(name, []).append(given[0][0].detach().numpy())

        return keep

    for name, module in network.encoder.named_modules():
        if _kind(name):
            hooks.append(module.register_forward_pre_hook(note(name)))
    with torch.no_grad():
        for path in sorted((ROOT / "seeds/articles").glob("*.md")):
            front, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
            text = pieces.encode(body, add_special_tokens=False).ids[:180]
            first = pieces.encode(front.split("\n")[1], add_special_tokens=False).ids[:40] if pairs else []
            row = torch.tensor([[101, *first, *([102] if pairs else []), *text, 102]])
            kinds = torch.zeros_like(row)
            kinds[:, len(first) + 2 :] = int(pairs)
            network.encoder(input_ids=row, attention_mask=torch.ones_like(row), token_type_ids=kinds)
    for hook in hooks:
        hook.remove()
    treated = {}
    for name, texts in seen.items():
        rows = np.concatenate(texts)
        reach = np.abs(rows).max(0)
        strength, count = EVENED[_kind(name)]
        even = np.maximum(reach, 1e-3) ** strength
        apart = np.sort(np.argsort(-reach)[:count])
        treated[name] = Inputs(rows.mean(0), (even / np.median(even)).astype(np.float32), apart)
    return treated


def _kind(name: str) -> str:
    return next((kind for kind in EVENED if name.endswith(kind)), "")


def _heads(network: torch.nn.Module, inputs: list[str], outputs: list[str]) -> Any:
    """The graph of all that `network` does after its encoder, from "hidden" on."""

    class Given(torch.nn.Module):
        def forward(self, input_ids: torch.Tensor, **_: Any) -> Any:
            return SimpleNamespace(last_hidden_state=input_ids)

    bare = copy.copy(network)
    bare._modules = {**network._modules, "encoder": Given()}
    ones = torch.ones(1, 5, dtype=torch.int64)
    names = ["hidden", *inputs[1:]]
    written = io.BytesIO()
    torch.onnx.export(
        bare,
        (torch.zeros(1, 5, network.encoder.config.hidden_size), *(ones for _ in inputs[1:])),
        written,
        input_names=names,
        output_names=outputs,
        dynamic_axes={name: {0: "rows", 1: "pieces"} for name in names} | {name: {0: "rows"} for name in outputs},
        opset_version=OPSET,
        dynamo=False,
    )
    heads = onnx.load_from_string(written.getvalue()).graph
    for node in heads.node:
        node.doc_string = ""
    return heads


class _Graph:
    """The encoder's nodes, with the matrices left where they are: in the bytes of `model.onnx`."""

    def __init__(self, encoder: Any, whole: bytes, treated: dict[str, Inputs]) -> None:
        self.nodes: list[Any] = []
        self.kept: dict[str, Any] = {}
        self._weights = {name: value.detach().float().numpy() for name, value in encoder.state_dict().items()}
        self._heads, self._layers = encoder.config.num_attention_heads, encoder.config.num_hidden_layers
        self._epsilon = encoder.config.layer_norm_eps
        self._whole, self._treated = whole, treated

    def encoder(self, pairs: bool) -> str:
        x = self._embedded(pairs)
        for layer in range(self._layers):
            place = f"encoder.layer.{layer}."
            context = self._attention(x, place + "attention.self.")
            context = self._whole_text(context, place + "attention.output.dense")
            x = self._normed(context, x, place + "attention.output.")
            wide = self._contrib("Gelu", [self._row_by_row(x, place + "intermediate.dense")])
            x = self._normed(self._row_by_row(wide, place + "output.dense", GELU_LEAST), x, place + "output.")
        return x

    def _embedded(self, pairs: bool) -> str:
        table = self._weights["embeddings.word_embeddings.weight"]
        steps = (np.abs(table).max(axis=1, keepdims=True) / 127).astype(np.float32)
        steps[steps == 0] = 1
        rows = self._op("Gather", [self._stored("words", np.rint(table / steps).astype(np.int8)), "input_ids"])
        scale = self._op("Gather", [self._stored("words.scale", steps), "input_ids"])
        words = self._op("Mul", [self._op("Cast", [rows], to=TensorProto.FLOAT), scale])
        kinds = self._weights["embeddings.token_type_embeddings.weight"]
        places = self._weights["embeddings.position_embeddings.weight"].astype(np.float16)
        length = self._op("Gather", [self._op("Shape", ["input_ids"]), self._value("second", np.array([1]))])
        begin = self._value("begin", np.array([0]))
        wide = self._op("Cast", [self._stored("places", places)], to=TensorProto.FLOAT)
        at = self._op("Slice", [wide, begin, length, begin])
        kind = self._value("kinds", kinds) if pairs else self._value("kind", kinds[0])
        if pairs:
            kind = self._op("Gather", [kind, "token_type_ids"])
        return self._normed(self._op("Add", [words, at]), kind, "embeddings.")

    def _attention(self, x: str, place: str) -> str:
        inputs = self._treated[place + "query"]
        parts = [self._matrix(place + part) for part in ("query", "key", "value")]
        weight = self._op("Concat", [stored for stored, _ in parts], axis=1)
        values = np.concatenate([values for _, values in parts], axis=1)
        bias = np.concatenate([self._weights[place + part + ".bias"] for part in ("query", "key", "value")])
        made = self._as_bytes(place, weight, values, inputs.divisor, inputs.mean)
        even = self._op("Mul", [x, self._value(place + "even", 1 / inputs.divisor)])
        quantised, step, zero = self._op("DynamicQuantizeLinear", [even], outputs=3)
        given = [quantised, made.units, self._value(place + "bias", bias + made.lost), step, made.steps, "", zero]
        return self._contrib("QAttention", [*given, self._value("int8.zero", np.int8(0))], num_heads=self._heads)

    def _whole_text(self, x: str, name: str) -> str:
        """x times the matrix, x rounded with one step for the whole text."""
        inputs = self._treated[name]
        made = self._as_bytes(name, *self._matrix(name), inputs.divisor, inputs.mean)
        bias = self._value(name + ".bias", self._weights[name + ".bias"] + made.lost)
        return self._contrib("DynamicQuantizeMatMul", [x, made.units, made.steps, "", bias])

    def _row_by_row(self, x: str, name: str, least: float = 0.0) -> str:
        """x times the matrix, x rounded with a step for each word piece; `least`: none of x lies below its negative."""
        inputs = self._treated[name]
        stored, values = self._matrix(name)
        if (inputs.divisor != 1).any():
            x = self._op("Mul", [x, self._value(name + ".even", 1 / inputs.divisor)])
        far = self._op("Gather", [x, self._value(name + ".apart", inputs.apart)], axis=-1)
        apart = (values * inputs.divisor[:, None])[inputs.apart]
        beside = self._op("MatMul", [far, self._value(name + ".far", apart)])
        near = np.where(np.isin(np.arange(len(values)), inputs.apart), 0, inputs.divisor)
        made = self._as_bytes(name, stored, values, near, inputs.mean)
        # Rounded from its least value up; what that adds to every column is taken off the bias.
        bias = self._weights[name + ".bias"] + made.lost - least * made.sums
        if least:
            x = most = self._op("Add", [x, self._value("least", np.float32(least))])
            zero, up, down = 0, 254.9, 0.5
        else:
            most = self._op("Abs", [x])
            zero, up, down = 128, 126.9, 128.5
        most = self._op("ReduceMax", [most], axes=[-1], keepdims=1)
        # A row of nothing but zeros has a step too, not a division by zero.
        most = self._op("Max", [most, self._value("smallest", np.float32(1e-9))])
        step = self._op("Mul", [most, self._value(f"unit.{zero}", np.float32(1 / up))])
        units = self._op("Add", [self._op("Div", [x, step]), self._value(f"half.{zero}", np.float32(down))])
        units = self._op("Cast", [units], to=TensorProto.UINT8)
        one, nought = self._value("one", np.float32(1)), self._value(f"zero.{zero}", np.uint8(zero))
        product = self._contrib("MatMulIntegerToFloat", [units, made.units, one, made.steps, nought])
        beside = self._op("Add", [beside, self._value(name + ".bias", bias.astype(np.float32))])
        return self._op("Add", [self._op("Mul", [product, step]), beside])

    def _normed(self, x: str, y: str, place: str) -> str:
        names = [place + "LayerNorm.weight", place + "LayerNorm.bias"]
        norm = [self._value(name, self._weights[name]) for name in names]
        return self._op("LayerNormalization", [self._op("Add", [x, y]), *norm], axis=-1, epsilon=self._epsilon)

    def _matrix(self, name: str) -> tuple[str, np.ndarray]:
        half = self._weights[name + ".weight"].T.astype(np.float16)
        wide = self._op("Cast", [self._stored(name, half)], to=TensorProto.FLOAT)
        return wide, half.astype(np.float32)

    def _as_bytes(self, name: str, wide: str, values: np.ndarray, factor: np.ndarray, mean: np.ndarray) -> Rounded:
        """The matrix, its rows times `factor`, as int8; `mean` is that of its inputs before they were divided."""
        factor = factor[:, None].astype(np.float32)
        exact = values * factor
        steps = (np.abs(exact).max(0) / 127).astype(np.float32)
        scaled = self._op("Mul", [wide, self._value(name + ".factor", factor)])
        step = self._value(name + ".step", steps)
        zero = self._value(f"zeros.{len(steps)}", np.zeros(len(steps), np.int8))
        rounded = np.rint(exact / steps) * steps
        even = np.divide(mean, factor[:, 0], out=np.zeros_like(mean), where=factor[:, 0] != 0)
        units = self._op("QuantizeLinear", [scaled, step, zero], axis=1)
        return Rounded(units, step, even @ (exact - rounded), rounded.sum(0))

    def _value(self, name: str, value: Any) -> str:
        self.kept.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _stored(self, name: str, value: np.ndarray) -> str:
        """A tensor that is read from where it stands in `model.onnx`."""
        value = np.ascontiguousarray(value)
        sought, place = value.tobytes(), -1
        while (place := self._whole.find(sought[:256], place + 1)) >= 0:  # a long needle is slow to look for
            if self._whole[place : place + len(sought)] == sought:
                break
        else:
            raise SystemExit(f"{name} is not in model.onnx as it should be: was it exported from other weights?")
        tensor = TensorProto(name=name, dims=value.shape, data_type=helper.np_dtype_to_tensor_dtype(value.dtype))
        tensor.data_location = TensorProto.EXTERNAL
        for key, what in (("location", "model.onnx"), ("offset", place), ("length", value.nbytes)):
            tensor.external_data.add(key=key, value=str(what))
        self.kept[name] = tensor
        return name

    def _op(self, kind: str, given: list[str], outputs: int = 1, **settings: Any) -> Any:
        made = [f"{kind}.{len(self.nodes)}.{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, given, made, **settings))
        return made[0] if outputs == 1 else made

    def _contrib(self, kind: str, given: list[str], **settings: Any) -> str:
        made: str = self._op(kind, given, domain="com.microsoft", **settings)
        return made
