"""The measures of `dateline evaluate` on public sets: paragraphs with questions, news, claims, follow-ups.

    python benchmarks/public.py [news] [squad] [claims] [followups] [--data FOLDER] [--most N] [--squad FILE]

    news       questions.jsonl.gz and articles.jsonl.gz: the known article's rank, and the answer by the offered choices
    squad      a file in SQuAD's format (.json), or lines of question/context/answers (.jsonl, .jsonl.gz)
    claims     claims.jsonl.gz: how often the offline check of support agrees with a person
    followups  turns.jsonl.gz: the question made to stand alone, beside the question left as it is

Other names of files are taken from what --data holds (news/, reader/dev, support/, followups/). Indexes are kept in
benchmarks/results and used again. What isn't there is passed over with a line that says so.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dateline.evaluation import evaluate, figures
from dateline.evaluation.figures import Figure, Measured
from dateline.evaluation.support import supports
from dateline.evaluation.testset import Case, Passage, parse
from dateline.evaluation.values import exact, overlap
from index.errors import DatelineError

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
DATA = HERE.parent.parent / "shared" / "data"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sets", nargs="*", choices=[*SETS, []], help="all of them, unless named")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--most", type=int, default=200, help="questions or claims of a set (default: %(default)s)")
    parser.add_argument("--articles", type=int, default=1000, help="news articles to search in (default: %(default)s)")
    parser.add_argument("--squad", type=Path, help="a file of your own instead of reader/dev")
    options = parser.parse_args()
    for name in options.sets or SETS:
        print(f"\n## {name}\n")
        try:
            SETS[name](options)
        except FileNotFoundError as error:
            print(f"passed over: {error.filename} is not there")
        except DatelineError as error:
            print(f"passed over: {error}")
    return 0


def news(options: argparse.Namespace) -> None:
    folder, cases = news_set(options.data, options.articles)
    print(f"{len(cases)} questions, {options.articles} articles")
    _run(folder, cases[: options.most])


def squad(options: argparse.Namespace) -> None:
    path = options.squad or options.data / "reader" / "dev.jsonl.gz"
    folder, cases = squad_set(path, options.most)
    print(f"{path.name}: {len(cases)} questions on {len(list(_lines(folder / 'articles.jsonl')))} paragraphs")
    _run(folder, cases)


def claims(options: argparse.Namespace) -> None:
    """Agreement by source: the mean of the shares of backed and of not backed claims that are told right."""
    told: dict[str, list[tuple[bool, bool]]] = {}
    for record in spread(list(_lines(options.data / "support" / "claims.jsonl.gz")), options.most):
        found = supports(record["claim"], [(None, record["evidence"])])
        told.setdefault(record["source"], []).append((bool(record["supported"]), found))
    told["all"] = [pair for pairs in told.values() for pair in pairs]
    print("| source | n | backed, told right | not backed, told right | mean |\n|---|---|---|---|---|")
    for source, pairs in told.items():
        shares = [_share(found is backed for truth, found in pairs if truth is backed) for backed in (True, False)]
        mean = sum(shares) / 2
        print(f"| {source} | {len(pairs)} | {shares[0]:.3f} | {shares[1]:.3f} | {mean:.3f} |")


def followups(options: argparse.Namespace) -> None:
    """Token F1 and exact match with the question as a person made it stand alone; first turns are left out."""
    from dateline.followups.followup import stand_alone

    turns = [turn for turn in _lines(options.data / "followups" / "turns.jsonl.gz") if turn["history"]]
    made: dict[str, dict[str, Measured]] = {"as it is": {}, "made to stand alone": {}}
    for turn in spread(turns, options.most):
        for name, question in (
            ("as it is", turn["question"]),
            ("made to stand alone", stand_alone(turn["question"], turn["history"])),
        ):
            wanted = turn["standalone"]
            measured = {"answer_em": (exact(question, wanted), 1.0), "answer_f1": (overlap(question, wanted), 1.0)}
            made[name][turn["id"]] = measured
    table({name: figures.summarise(list(found.values())) for name, found in made.items()}, ("answer_em", "answer_f1"))
    change = figures.differences(made["made to stand alone"], made["as it is"])["answer_f1"]
    print(f"\nF1 {change.by:+.3f} ({change.low:+.3f} to {change.high:+.3f}, p {change.p:.3f})")


SETS = {"news": news, "squad": squad, "claims": claims, "followups": followups}


def news_set(data: Path, most: int) -> tuple[Path, list[Case]]:
    """A folder of `most` news articles, the known ones among them, and the questions; `most` 0 takes all."""
    questions = [parse(line, f"question {i}") for i, line in enumerate(_lines(data / "news" / "questions.jsonl.gz"), 1)]
    known = {name for case in questions for name in case.articles}
    articles = list(_lines(data / "news" / "articles.jsonl.gz"))
    if most:
        first = [article for article in articles if article["id"] in known]
        others = [article for article in articles if article["id"] not in known]
        articles = first + list(spread(others, max(0, most - len(first))))
    return _folder("news", articles), questions


def squad_set(path: Path, most: int) -> tuple[Path, list[Case]]:
    """Every paragraph as an article, and at most `most` questions, spread over the file, with their places."""
    records = list(_squad(path))
    names = {record["context"]: hashlib.sha256(record["context"].encode()).hexdigest()[:12] for record in records}
    folder = _folder("squad", [{"id": name, "text": context} for context, name in names.items()])
    cases = []
    for record in spread(records, most):
        name = names[record["context"]]
        answers = tuple(dict.fromkeys(answer["text"] for answer in record["answers"] if answer["text"].strip()))
        places = {
            (answer["answer_start"], answer["answer_start"] + len(answer["text"])) for answer in record["answers"]
        }
        case = Case(
            id=str(record["id"]),
            question=record["question"].strip(),
            answers=answers,
            articles=(name,),
            passages=tuple(Passage(name, start, end) for start, end in sorted(places) if start < end),
            answerable=bool(answers),
            type="answerable" if answers else "unanswerable",
        )
        if case.question:
            cases.append(case)
    return folder, cases


def table(found: Mapping[str, Mapping[str, Figure]], columns: Sequence[str]) -> None:
    """A table in Markdown: a line a system, a figure a column, intervals in brackets."""
    columns = [name for name in columns if any(name in one for one in found.values())]
    print("| | " + " | ".join(figures.FIGURES[name].title for name in columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for system, one in found.items():
        cells = [f"{one[n].value:.3f} ({one[n].low:.2f}-{one[n].high:.2f})" if n in one else "" for n in columns]
        print(f"| {system} | " + " | ".join(cells) + " |")


def opened(folder: Path, name: str = "") -> Any:
    """An assistant on a folder, its index kept in benchmarks/results under the folder's name or another."""
    from dateline import Assistant

    return Assistant(folder, store=RESULTS / "stores" / (name or folder.name), watch=_progress)


def _run(folder: Path, cases: Sequence[Case]) -> None:
    with opened(folder) as assistant:
        report = evaluate.run(assistant, cases, RESULTS / "reports" / folder.name, progress=sys.stderr)
    print(report.table())


def _progress(progress: Any) -> None:
    if sys.stderr.isatty():
        end = "\n" if progress.done >= progress.known else ""
        print(f"\rindexing: {progress!s:60}", end=end, file=sys.stderr, flush=True)


def _folder(kind: str, articles: Sequence[Mapping[str, Any]]) -> Path:
    """The articles as one .jsonl in a folder of their own, named by what is in it, written once."""
    content = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles).encode()
    folder = RESULTS / f"{kind}-{hashlib.sha256(content).hexdigest()[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "articles.jsonl"
    if not path.exists():
        path.write_bytes(content)
    return folder


def _squad(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffixes[-1:] != [".json"]:
        yield from _lines(path)
        return
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                answers = [] if asked.get("is_impossible") else asked["answers"]
                record = {"id": asked["id"], "question": asked["question"], "answers": answers}
                yield record | {"context": paragraph["context"]}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def spread(records: Sequence[Any], most: int) -> Iterable[Any]:
    """`most` of the records, evenly over all of them, so that each source has its share; 0 or more than all: all."""
    if not most or most >= len(records):
        return records
    return [records[i * len(records) // most] for i in range(most)]


def _share(right: Iterable[bool]) -> float:
    counted = list(right)
    return sum(counted) / len(counted) if counted else float("nan")


if __name__ == "__main__":
    sys.exit(main())
