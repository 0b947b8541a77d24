"""Time expressions in sentences: how often the interval is exactly right, and how many passages a second.

    python benchmarks/days.py            figures for both splits, beside dateparser
    python benchmarks/days.py --errors   what goes wrong on the build split (the held split is not looked into)

A case of days.jsonl is a sentence, its article's day, one expression in it and the interval that it means; without an
expression the sentence names no time at all. It counts when a mention overlaps the expression and has its start and
end, or when nothing is found where nothing is. dateparser is asked twice: to find and read dates in the sentence, as
Dateline does, and to read the expression cut out for it, which spares it the finding and the traps.
"""

from __future__ import annotations

import argparse
import calendar
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from index.days import mentions  # noqa: E402

Case = dict[str, Any]
Interval = tuple[date | None, date | None]
PASSAGE_WORDS = 180


def cases() -> list[Case]:
    """The lines of days.jsonl, days as dates."""
    with (HERE / "days.jsonl").open(encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    for case in read:
        for key in ("published", "start", "end"):
            case[key] = date.fromisoformat(case[key]) if case[key] else None
    return read


def ours(case: Case) -> bool:
    found = mentions(case["text"], case["published"])
    if not case["expression"]:
        return not found
    at = case["text"].index(case["expression"])
    end = at + len(case["expression"])
    return any(
        (one.period.start, one.period.end) == (case["start"], case["end"])
        for one in found
        if one.start < end and at < one.end
    )


def library_search(case: Case) -> bool:
    from dateparser.search import search_dates

    found = search_dates(case["text"], languages=["en"], settings=_settings(case["published"])) or []
    if not case["expression"]:
        return not found
    at, cursor = case["text"].index(case["expression"]), 0
    for words, when in found:
        start = case["text"].find(words, cursor)
        cursor = max(start, cursor)
        overlap = start < at + len(case["expression"]) and at < start + len(words)
        if overlap and (case["start"], case["end"]) in _intervals(words, when, case["published"]):
            return True
    return False


def library_read(case: Case) -> bool:
    return (case["start"], case["end"]) in _intervals(case["expression"], None, case["published"])


def _settings(published: date | None) -> dict[str, Any]:
    base = datetime.combine(published, datetime.min.time()) if published else datetime(2026, 1, 1)
    return {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "PREFER_MONTH_OF_YEAR": "first",
        "RETURN_TIME_AS_PERIOD": False,
    }


def _intervals(words: str, when: datetime | None, published: date | None) -> Iterator[Interval]:
    """The day that dateparser reads, widened to the period that it names."""
    from dateparser.date import DateDataParser

    data = DateDataParser(languages=["en"], settings=_settings(published)).get_date_data(words)
    found, period = data.date_obj or when, data.period if data.date_obj else "day"
    if found is None:
        return
    day = found.date()
    match period:
        case "week":
            monday = day - timedelta(days=day.weekday())
            yield monday, monday + timedelta(days=6)
        case "month":
            yield day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
        case "year":
            yield date(day.year, 1, 1), date(day.year, 12, 31)
        case _:
            yield day, day


def accuracy(name: str, right: Callable[[Case], bool], of: list[Case]) -> None:
    parts = []
    for split in ("build", "held"):
        some = [case for case in of if case["split"] == split]
        good = sum(map(right, some))
        parts.append(f"{split} {good / len(some):.3f} ({good}/{len(some)})")
    print(f"{name:44}" + "   ".join(parts))


def passages() -> list[tuple[str, date]]:
    """The seed articles in pieces as long as an indexed passage."""
    pieces = []
    for path in sorted((HERE.parent / "seeds" / "articles").glob("*.md")):
        words = path.read_text(encoding="utf-8").split(" ")
        pieces += [" ".join(words[at : at + PASSAGE_WORDS]) for at in range(0, len(words), PASSAGE_WORDS)]
    return [(piece, date(2023, 9, 22)) for piece in pieces]


def rate(run: Callable[[str, date], object], on: list[tuple[str, date]], rounds: int) -> float:
    """Passages a second of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text, day in on:
            run(text, day)
        best = min(best, time.process_time() - start)
    return len(on) / best


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--errors", action="store_true", help="list what goes wrong on the build split")
    errors = options.parse_args().errors
    warnings.simplefilter("ignore")
    every = cases()
    if errors:
        for case in (case for case in every if case["split"] == "build" and not ours(case)):
            found = [
                f"{case['text'][one.start : one.end]!r} {one.period.start}..{one.period.end}"
                for one in mentions(case["text"], case["published"])
            ]
            print(f"{case['published']} {case['text']}")
            print(f"    {case['expression']!r} {case['start']}..{case['end']}, got {found}")
        return
    spoken = [case for case in every if case["expression"]]
    accuracy("Dateline, whole sentences", ours, every)
    accuracy("dateparser search_dates, whole sentences", library_search, every)
    accuracy("Dateline, sentences with a time", ours, spoken)
    accuracy("dateparser, given the expression alone", library_read, spoken)
    from dateparser.search import search_dates

    on = passages()
    fast = rate(mentions, on, 5)
    slow = rate(lambda text, day: search_dates(text, languages=["en"], settings=_settings(day)), on[:20], 1)
    print(
        f"passages of {PASSAGE_WORDS} words a second: "
        f"Dateline {fast:,.0f}, dateparser {slow:,.0f}, ratio {fast / slow:.0f}"
    )


if __name__ == "__main__":
    main()
