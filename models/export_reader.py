"""Export the reader: a training run's weights to `models/reader/model.onnx`.

    PYTHONPATH=. python models/export_reader.py build/reader/reader.pt [another run's reader.pt or model.onnx ...]

Takes the final weights or a checkpoint, of which it uses the average where there is one. Of several runs it takes the
mean, weight by weight, over those that have it (Wortsman et al., Model soups, 2022). Needs what
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
from train_reader import ReaderNetwork, exported

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["starts", "ends", "relevance", "support"]


def weights(path: Path, network: ReaderNetwork) -> dict[str, torch.Tensor]:
    if path.suffix == ".onnx":
        return exported(path, network)
    kept = torch.load(path, weights_only=True)
    return (kept["average"] or kept["network"]) if "network" in kept else kept


def main() -> None:
    parser = argparse.ArgumentParser(description="Export a trained reader to ONNX.")
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "reader")
    options = parser.parse_args()
    network = ReaderNetwork(base(), attention="eager")
    runs = [weights(path, network) for path in options.weights]
    network.load_state_dict(
        {name: torch.stack([run[name] for run in runs if name in run]).mean(0) for name in network.state_dict()}
    )
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
    real = mask.numpy()
    apart = max(np.abs((a - b) * (real if a.ndim == 2 else 1)).max() for a, b in zip(expected, found, strict=True))
    size = (options.out / "model.onnx").stat().st_size / 1e6
    print(f"{size:.1f} MB; logits at most {apart:.3f} from torch float32 over 16 rows")


if __name__ == "__main__":
    main()
