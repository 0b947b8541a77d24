"""The made-up towns under benchmarks/towns: each test set loads, is large enough, and names articles that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline.evaluation.testset import load
from index.articles import Article
from index.folder import read, scan

TOWNS = sorted((Path(__file__).resolve().parent.parent / "benchmarks" / "towns").glob("*/"))


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.name)
def test_town_is_whole(town: Path) -> None:
    folder = town / "articles"
    found = [article for file in scan(folder) for article in read(folder, file)]
    assert all(isinstance(article, Article) for article in found)
    days = {article.id: article.published for article in found if isinstance(article, Article)}
    cases = load(town / "questions.jsonl")
    assert len(days) >= 25
    assert len(cases) >= 60
    assert sum(case.answerable is False for case in cases) * 4 >= len(cases)
    for case in cases:
        assert days.keys() >= set(case.articles), case.id
        assert bool(case.answers) == case.answerable, case.id
        assert case.as_of is None or case.as_of in days.values(), case.id
