"""Export the reader: a training run's weights to `models/reader/model.onnx`.

    python models/export_reader.py build/reader/reader.pt

Takes the final weights or a checkpoint, of which it uses the average where there is one. Needs what
`export_embedder.py` needs. The tokenizer is the embedder's and is not stored twice.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from export_embedder import base
from export_graph import export
from train_reader import ReaderNetwork

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
# One output a head. A further head (relevance, support) is one more name, here and in what `forward` returns.
OUTPUTS = ["starts", "ends"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Export a trained reader to ONNX.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "reader")
    options = parser.parse_args()
    network = ReaderNetwork(base(), attention="eager")
    kept = torch.load(options.weights, weights_only=True)
    network.load_state_dict((kept["average"] or kept["network"]) if "network" in kept else kept)
    export(network, INPUTS, OUTPUTS, options.out / "model.onnx")

    generator = torch.Generator().manual_seed(0)
    pieces = torch.randint(1000, 30000, (16, 200), generator=generator)
    mask = (torch.arange(200)[None] < torch.randint(20, 200, (16, 1), generator=generator)).long()
    kinds = mask * (torch.arange(200)[None] >= 12)
    given = (pieces, mask, kinds)
    with torch.no_grad():
        expected = [made.numpy() for made in network(*given)]
    session = onnxruntime.InferenceSession(str(options.out / "model.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, {name: value.numpy() for name, value in zip(INPUTS, given, strict=True)})
    apart = max(np.abs((a - b) * mask.numpy()).max() for a, b in zip(expected, found, strict=True))
    size = (options.out / "model.onnx").stat().st_size / 1e6
    print(f"{size:.1f} MB; logits at most {apart:.3f} from torch float32 over 16 rows")


if __name__ == "__main__":
    main()
