"""The support check on claims that people judged, beside plain word overlap and embedding cosine.

    python benchmarks/support.py [CLAIMS.jsonl.gz] [--most N] [--no-embedding] [--fit | --news]

Balanced accuracy, and the precision of "supported", over as many claims of each source as there are. Each method's
threshold is chosen on one half of the claims (by a hash of the evidence, so that a document is on one side only) and
reported on the other; `dateline` is also shown as it ships, where anything missing fails a claim. Cosine and the
support head take the best of the evidence's stretches of two sentences. Then supported claims that the check lets
through are changed in one number, day or name, and the table says how many of the changed ones it still lets through.

`--fit` prints weights for `dateline/chatmodels/checking.py`, fitted on the first half of the sources whose licence
allows it: on that half the support head was trained too. `--news` puts our own statements on the articles of
`models/news` that are kept out of training to the check as it ships.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from dateline.chatmodels.checking import (  # noqa: E402
    THRESHOLD,
    WORDS,
    check,
    entailment,
    missing,
    overlap,
    weighed,
    words_held,
)
from index.sentences import sentences  # noqa: E402
from models.reader_news import news  # noqa: E402

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "support" / "claims.jsonl.gz"
WINDOW, STEP = 2, 1  # sentences of a stretch, and from one stretch's first to the next one's
LICENSED = ("wice", "summedits")
Claim = dict[str, Any]
Scored = tuple[float, bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("claims", nargs="?", type=Path, default=DATA)
    parser.add_argument("--most", type=int, default=2000, help="claims that are judged (default: %(default)s)")
    parser.add_argument("--no-embedding", action="store_true", help="leave out the cosine, which takes the time")
    parser.add_argument("--fit", action="store_true", help="print newly fitted weights, and nothing else")
    parser.add_argument("--news", action="store_true", help="check our own statements on news, and nothing else")
    options = parser.parse_args()
    if options.news:
        kept_out()
        return
    if not options.claims.is_file():
        print(f"skipped: {options.claims} is not there; name a file of claims (source, claim, evidence, supported)")
        return
    with gzip.open(options.claims, "rt", encoding="utf-8") as lines:
        claims = [json.loads(line) for line in lines]
    if options.fit:
        ours = [claim for claim in claims if claim["source"].startswith(LICENSED) and not half(claim)]
        fit(evenly(ours, options.most))
        return
    chosen = evenly(claims, options.most)
    methods: dict[str, Callable[[Claim], float]] = {
        "word overlap": lambda claim: overlap(claim["claim"], claim["evidence"]),
        "dateline": lambda claim: weighed(*features(claim)),
        "dateline as shipped": shipped,
    }
    if not options.no_embedding:
        methods["embedding cosine"] = cosine()
    print(f"{len(chosen)} claims, {sum(claim['supported'] for claim in chosen) / len(chosen):.0%} supported\n")
    print(f"{'':22}{'balanced':>10}{'precision':>11}{'said':>7}{'ms':>7}")
    for name, method in methods.items():
        began = time.perf_counter()
        scored = {part: [(method(c), c["supported"]) for c in chosen if half(c) == part] for part in (0, 1)}
        took = (time.perf_counter() - began) / len(chosen) * 1000
        as_is = method is shipped
        threshold = THRESHOLD if as_is else max({at for at, _ in scored[0]}, key=lambda at: balanced(scored[0], at))
        report(name, scored[1], threshold, took)
        by_source([claim for claim in chosen if half(claim)], scored[1], threshold)
    changes(claims)


def evenly(claims: Sequence[Claim], most: int) -> list[Claim]:
    """As many claims of each kind of source, or all that there are: a large source would hide the others."""
    kinds: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        kinds[kind(claim)].append(claim)
    draw = random.Random(7)
    return [claim for each in kinds.values() for claim in draw.sample(each, min(most // len(kinds), len(each)))]


def kind(claim: Claim) -> str:
    return str(claim["source"]).partition("_")[0].partition("-")[0]


def report(name: str, scored: Sequence[Scored], threshold: float, took: float) -> None:
    said = [supported for score, supported in scored if score >= threshold]
    precision = sum(said) / len(said) if said else 0.0
    print(f"{name:22}{balanced(scored, threshold):10.3f}{precision:11.3f}{len(said) / len(scored):7.0%}{took:7.1f}")


def by_source(claims: Sequence[Claim], scored: Sequence[Scored], threshold: float) -> None:
    kinds: dict[str, list[Scored]] = defaultdict(list)
    for claim, pair in zip(claims, scored, strict=True):
        kinds[kind(claim)].append(pair)
    for name, pairs in sorted(kinds.items()):
        report(f"    {name}", pairs, threshold, 0.0)


@cache
def _features(claim: str, evidence: str) -> tuple[float, float, int]:
    return entailment(claim, stretches(evidence)), words_held(claim, evidence), len(missing(claim, evidence))


def features(claim: Claim) -> tuple[float, float, int]:
    """The head's logit for the best stretch, the share of words, the number of facts missing."""
    return _features(claim["claim"], claim["evidence"])


def shipped(claim: Claim) -> float:
    """As `check` decides: the score, 0 where a number, day, name or negation is missing."""
    logit, share, lacking = features(claim)
    return 0.0 if lacking or share < WORDS else weighed(logit, share, 0)


def stretches(text: str) -> list[str]:
    spans = sentences(text) or [(0, len(text))]
    firsts = range(0, max(1, len(spans) - WINDOW + STEP), STEP)
    return [text[spans[at][0] : spans[min(at + WINDOW, len(spans)) - 1][1]] for at in firsts]


def cosine() -> Callable[[Claim], float]:
    from models import load

    embedder = load("embedder")

    def best(claim: Claim) -> float:
        vectors = embedder.embed([claim["claim"], *stretches(claim["evidence"])], truncate=True)
        return float((vectors[1:] @ vectors[0]).max())

    return best


def kept_out() -> None:
    """How many true and false statements on articles kept out of training some sentence, or two in a row, supports."""
    through: dict[bool, list[bool]] = {True: [], False: []}
    for article in (article for file in news(held=True) for article in file):
        told = [article.text[start:end] for start, end in sentences(article.text)]
        quotes = [*told, *map(" ".join, zip(told, told[1:], strict=False))]
        for true, statements in ((True, article.supported), (False, article.unsupported)):
            through[true] += [any(check(said, quote, article.day).supported for quote in quotes) for said in statements]
    for true, passed in through.items():
        print(f"{str(true).lower()} statements let through: {sum(passed)} of {len(passed)}")


def fit(claims: Sequence[Claim]) -> None:
    """Logistic regression by gradient descent, supported and unsupported claims weighing alike."""
    import numpy as np

    rows = np.array([(*features(claim), 1.0) for claim in claims])
    rows[:, 2] = np.minimum(rows[:, 2], 3)
    held = np.array([float(claim["supported"]) for claim in claims])
    each = np.where(held > 0, 0.5 / held.sum(), 0.5 / (1 - held).sum())
    weights = np.zeros(4)
    for _ in range(20_000):
        likely = 1 / (1 + np.exp(-rows @ weights))
        weights -= 0.5 * (rows.T @ (each * (likely - held)) + 1e-4 * weights)
    print(len(claims), "claims:", tuple(float(round(weight, 3)) for weight in weights))


def balanced(scored: Sequence[Scored], threshold: float) -> float:
    """The mean of how many supported claims are let through and how many unsupported ones are not."""
    through = [score >= threshold for score, supported in scored if supported]
    held = [score < threshold for score, supported in scored if not supported]
    return (sum(through) / max(1, len(through)) + sum(held) / max(1, len(held))) / 2


def half(claim: Claim) -> int:
    return int(hashlib.sha1(claim["evidence"].encode()).hexdigest(), 16) % 2


# -- One fact changed --

_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})*(?![\w,%-])(?!\.\d)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})*")


def changes(claims: Sequence[Claim]) -> None:
    draw = random.Random(11)
    names = sorted({name for claim in claims for name in _NAME.findall(claim["claim"])})
    print("\nclaims let through, then changed in one")
    for kind, change in {
        "number": lambda text: changed(_NUMBER, text, lambda old: str(int(old.replace(",", "")) + draw.randint(2, 9))),
        "year": lambda text: changed(_YEAR, text, lambda old: str(int(old) + draw.choice((-3, -2, -1, 1, 2, 3)))),
        "name": lambda text: changed(_NAME, text, lambda old: draw.choice(names)),
    }.items():
        pairs = [(claim, altered) for claim, altered in altered_claims(claims, change)]
        kept = sum(check(altered, claim["evidence"]).supported for claim, altered in pairs)
        print(f"{kind:22}{len(pairs):6} claims, {kept} still let through ({kept / max(1, len(pairs)):.1%})")


def altered_claims(claims: Sequence[Claim], change: Callable[[str], str]) -> Iterator[tuple[Claim, str]]:
    found = 0
    for claim in claims:
        altered = change(claim["claim"]) if claim["supported"] else claim["claim"]
        if altered != claim["claim"] and check(claim["claim"], claim["evidence"]).supported:
            yield claim, altered
            found += 1
        if found == 200:
            return


def changed(pattern: re.Pattern[str], text: str, new: Callable[[str], str]) -> str:
    match = pattern.search(text)
    return text if match is None else text[: match.start()] + new(match[0]) + text[match.end() :]


if __name__ == "__main__":
    main()
