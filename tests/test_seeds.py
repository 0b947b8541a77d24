"""The seed articles and the test set on them, read as plain files: nothing of ours is imported."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
WIRE_PAIR = frozenset({"arab-league-vote.md", "damascus-back-in-the-fold.md"})
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAY = re.compile(rf"(?:({'|'.join(WEEKDAYS)}),? )?(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
MONTH_OR_YEAR = re.compile(rf"(?:({'|'.join(MONTHS)}) )?(\d{{4}})")
TYPES = {
    "when", "when-first", "when-last", "before-after", "as-of", "who", "where", "how-many", "what", "why",
    "comparison", "latest", "conflict", "follow-up", "unanswerable", "false-premise", "out-of-range", "off-topic",
}  # fmt: skip
REFUSED = {"unanswerable", "false-premise", "out-of-range", "off-topic"}
# Judgements that are drawn from the articles, not read in them word for word.
JUDGED = {"yes", "no", "before", "after"}


@dataclass(frozen=True)
class Seed:
    """One seed article: its file name, front matter, body and day."""

    name: str
    meta: dict[str, str]
    body: str
    day: date


def load_articles() -> dict[str, Seed]:
    articles = {}
    for path in sorted((SEEDS / "articles").glob("*.md")):
        opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        assert opening == "", f"{path.name}: something stands before the front matter"
        meta = dict(line.split(": ", 1) for line in front.splitlines())
        articles[path.name] = Seed(path.name, meta, body.strip(), date.fromisoformat(meta["published"]))
    return articles


ARTICLES = load_articles()
LINES = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in LINES]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.casefold().replace("’", "'"))


def runs(text: str, length: int = 9) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def reported(day: date, seed: Seed) -> bool:
    """Whether an article writes a day out, with its year or (near its own day) without, or means it by a weekday."""
    text = f"{seed.body}\n{seed.meta['title']}"
    back = (seed.day - day).days
    written = rf"\b{day.day} {MONTHS[day.month - 1]}\b"
    if re.search(rf"{written} {day.year}\b", text) or (abs(back) < 500 and re.search(rf"{written}(?! \d{{4}})", text)):
        return True
    if back == 1 and re.search(r"the day before|yesterday|a day earlier", text):
        return True
    return 0 <= back < 7 and WEEKDAYS[day.weekday()] in text


def stands(answer: str, seeds: list[Seed]) -> bool:
    """Whether an answer is in one of the articles: its words in a row, or the day it names."""
    if answer.casefold() in JUDGED:
        return True
    if written := DAY.fullmatch(answer):
        day = date(int(written[4]), MONTHS.index(written[3]) + 1, int(written[2]))
        return any(reported(day, seed) for seed in seeds)
    if MONTH_OR_YEAR.fullmatch(answer) and any(answer.endswith(str(seed.day.year)) for seed in seeds):
        return True
    spoken = " ".join(words(answer))
    return any(re.search(rf"\b{re.escape(spoken)}\b", " ".join(words(seed.body))) for seed in seeds)


def test_there_are_enough_articles() -> None:
    assert len(ARTICLES) >= 16
    assert "assad-in-hangzhou.md" in ARTICLES


@pytest.mark.parametrize("seed", ARTICLES.values(), ids=lambda seed: seed.name)
def test_article_is_complete(seed: Seed) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.md", seed.name)
    assert {"title", "published", "source", "facts"} <= seed.meta.keys()
    assert all(value.strip() for value in seed.meta.values())
    assert 120 <= len(seed.body.split()) <= 500
    assert not re.search(r"^#", seed.body, re.MULTILINE), "plain paragraphs, no headings"


@pytest.mark.parametrize("seed", ARTICLES.values(), ids=lambda seed: seed.name)
def test_weekdays_agree_with_the_calendar(seed: Seed) -> None:
    for weekday, day, month, year in DAY.findall(seed.body):
        written = date(int(year), MONTHS.index(month) + 1, int(day))
        if weekday:
            assert WEEKDAYS[written.weekday()] == weekday, f"{written} is no {weekday}"


def test_some_weekdays_stand_beside_their_days() -> None:
    assert sum(bool(pair[0]) for seed in ARTICLES.values() for pair in DAY.findall(seed.body)) >= 2


def test_titles_are_distinct() -> None:
    titles = Counter(seed.meta["title"] for seed in ARTICLES.values())
    assert titles.most_common(1)[0][1] == 1


def test_only_the_wire_story_is_told_twice() -> None:
    bodies = {name: runs(seed.body) for name, seed in ARTICLES.items()}
    shared = {frozenset(pair) for pair in itertools.combinations(bodies, 2) if bodies[pair[0]] & bodies[pair[1]]}
    assert shared == {WIRE_PAIR}
    one, other = (ARTICLES[name] for name in sorted(WIRE_PAIR))
    assert one.meta["source"] != other.meta["source"]
    assert len(runs(one.body) & runs(other.body)) > 0.6 * len(runs(one.body))


def test_test_set_has_its_size_and_kinds() -> None:
    assert len(QUESTIONS) >= 120
    assert sum(not case["answerable"] for case in QUESTIONS) * 4 >= len(QUESTIONS)
    assert {case["type"] for case in QUESTIONS} == TYPES
    for field in ("id", "question"):
        assert all(case[field].strip() for case in QUESTIONS)
    assert len({case["id"] for case in QUESTIONS}) == len(QUESTIONS)
    asked = Counter(json.dumps([case["question"], case.get("history")]) for case in QUESTIONS)
    assert asked.most_common(1)[0][1] == 1


def test_the_first_forty_are_a_balanced_sample() -> None:
    sample = QUESTIONS[:40]
    assert {case["type"] for case in sample} == TYPES
    assert sum(not case["answerable"] for case in sample) >= 10
    assert max(Counter(case["type"] for case in sample).values()) <= 4


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case["id"])
def test_case_rests_on_its_articles(case: dict[str, Any]) -> None:
    assert all(name in ARTICLES for name in case["articles"])
    assert len(set(case["articles"])) == len(case["articles"])
    assert case["answerable"] == (case["type"] not in REFUSED)
    if not case["answerable"]:
        assert case["answers"] == []
        return
    named = [ARTICLES[name] for name in case["articles"]]
    assert case["answers"] and named
    assert any(stands(answer, named) for answer in case["answers"])


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case["id"])
def test_days_and_history_are_well_formed(case: dict[str, Any]) -> None:
    if "as_of" in case:
        as_of = date.fromisoformat(case["as_of"])
        assert as_of == max(ARTICLES[name].day for name in case["articles"])
    if "asked" in case:
        assert date.fromisoformat(case["asked"]) - max(seed.day for seed in ARTICLES.values()) > timedelta(0)
    turns = case.get("history", [])
    assert (case["type"] == "follow-up") == bool(turns)
    assert all(turn["question"].strip() and turn["answer"].strip() for turn in turns)


def test_the_check_of_answers_can_fail() -> None:
    hangzhou = [ARTICLES["assad-in-hangzhou.md"]]
    assert stands("22 September 2023", hangzhou)
    assert stands("Hu Jintao", hangzhou)
    assert not stands("14 September 2023", hangzhou)
    assert not stands("22 September 2021", hangzhou)
    assert not stands("Norway", hangzhou)
