"""The tables of measurements in README.md, written from what was measured, so that nobody types a figure.

    python benchmarks/readme.py [--kept]

Asks the built-in model the test sets of seeds/ and of the towns (some minutes), then fills what stands between
`<!-- NAME: made by ... -->` and `<!-- end -->`. With --kept the reports of the last run are taken. The table of
searches comes from what `benchmarks/peers.py` kept, that of its stages from `benchmarks/search.py`; where
one hasn't run, its table stays as it is.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from public import HERE, RESULTS, opened

from dateline.evaluation import evaluate

README = HERE.parent / "README.md"
REPORTS = RESULTS / "reports"
PEERS = RESULTS / "peers"
STAGES_KEPT = RESULTS / "search" / "news.json"
SETS = {
    "seeds": HERE.parent / "seeds",
    "Torrenhythe": HERE / "towns" / "torrenhythe",
    "Averquilla": HERE / "towns" / "averquilla",
    "Karvelia": HERE / "towns" / "karvelia",
    "Wendcoast, half held back": HERE / "towns" / "wendcoast",
    "Maravel, held back": HERE / "towns" / "maravel",
}
ROWS = {
    "citations that stand letter for letter in their article": "citation_verbatim",
    "citations from an article known to hold the answer": "citation_article",
    "dealt with rightly: answered by value, or refused": "answer_value",
    "given answers that are right": "answered_precision",
    "unanswerable questions refused": "refusal_recall",
    '"as of" day right': "as_of_right",
    "a known article comes first": "hit_at_1",
    "a known article among the first five": "hit_at_5",
    "seconds, median": "seconds_total_p50",
    "seconds, 95th percentile": "seconds_total_p95",
}
SYSTEMS = {
    "Dateline": "Dateline",
    "BM25 alone": "words alone",
    "vectors alone": "vectors alone",
    "llama-index's quickstart": "llama-index",
}

STAGES = {
    "BM25 over windows of 150 words": "BM25 over windows",
    "vectors of such windows": "vectors of windows",
    "both by reciprocal rank": "both by reciprocal rank",
    "Dateline: words": "words",
    "vectors": "vectors",
    "both": "fused",
    "in the reader's order": "ranked",
    "and asked on a day": "with the day",
}

Figures = Mapping[str, Mapping[str, float]]
"""The figures of a scores.json."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kept", action="store_true", help="the reports of the last run, nothing asked anew")
    options = parser.parse_args()
    reports = {name: REPORTS / folder.name for name, folder in SETS.items()}
    for name, folder in SETS.items():
        if not options.kept:
            with opened(folder / "articles", folder.name) as assistant:
                evaluate.run(assistant, folder / "questions.jsonl", reports[name], progress=sys.stderr)
    scores = {
        name: json.loads((report / "scores.json").read_text(encoding="utf-8")) for name, report in reports.items()
    }
    # Only now: what is written into the file while the questions are asked would be lost.
    text = README.read_text(encoding="utf-8")
    text = filled(text, "answers", answers({name: found["figures"] for name, found in scores.items()}))
    searched = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(PEERS.glob("*.json"))}
    if {"seeds", "news"} <= searched.keys():
        text = filled(text, "searches", searches({name: searched[name] for name in ("seeds", "news")}))
    else:
        print("the table of searches stays: run `python benchmarks/peers.py` first", file=sys.stderr)
    if STAGES_KEPT.exists():
        text = filled(text, "stages", stages(json.loads(STAGES_KEPT.read_text(encoding="utf-8"))))
    else:
        print("the table of stages stays: run `python benchmarks/search.py` first", file=sys.stderr)
    README.write_text(text, encoding="utf-8")
    return 0


def answers(sets: Mapping[str, Figures]) -> list[str]:
    """A figure a row, a test set a column: value and 95 % interval."""
    head = (f"{name} ({found['answered']['n']})" for name, found in sets.items())
    return _table(
        ["questions put to the built-in model", *head],
        ([label, *(_cell(found[name]) for found in sets.values())] for label, name in ROWS.items()),
    )


def searches(sets: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A test set a row, a system a column: MRR@10, and p of its difference to ours."""
    rows = []
    for name, found in sets.items():
        cells = []
        for system in SYSTEMS.values():
            told = f" (p {found['beside'][system]['p']:.3f})" if system in found["beside"] else ""
            cells.append(f"{found['systems'][system]['mrr_at_10']['value']:.3f}{told}")
        rows.append([f"{name}, {found['questions']} questions, {found['articles']:,} articles", *cells])
    return _table(["MRR@10", *SYSTEMS], rows)


def stages(halves: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[str]:
    """A stage or a plain way to search a row: where the known article stands, and p of the whole search's gain."""
    rows = []
    for label, name in STAGES.items():
        found = halves["all"][name]
        cells = [f"{found[f'hit_at_{k}']:.3f}" for k in (1, 5, 10, 20)]
        told = f"{found['mrr_at_10']:.3f}" + (f" (p {found['p']:.3f})" if name != "with the day" else "")
        rows.append([label, *cells, told, f"{halves['other half'][name]['mrr_at_10']:.3f}"])
    return _table(["news", "recall@1", "@5", "@10", "@20", "MRR@10", "MRR@10, other half"], rows)


def filled(text: str, name: str, lines: Sequence[str]) -> str:
    """The text with other lines between a pair of markers; `ValueError` where there isn't just one pair."""
    around = re.compile(rf"(<!-- {name}: made by [^\n]* -->\n).*?(<!-- end -->)", re.DOTALL)
    made, count = around.subn(lambda match: match[1] + "".join(f"{line}\n" for line in lines) + match[2], text)
    if count != 1:
        raise ValueError(f"{count} pairs of markers for {name!r}; there has to be one")
    return made


def _cell(figure: Mapping[str, float]) -> str:
    if figure["low"] == figure["high"]:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} ({figure['low']:.2f} to {figure['high']:.2f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(cells)} |" for cells in rows)]


if __name__ == "__main__":
    sys.exit(main())
