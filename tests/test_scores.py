"""Every measure against figures worked out by hand."""

from __future__ import annotations

from datetime import date
from math import log2
from typing import Any

import pytest
from scripted import answered, cited, refused

from dateline.answer import Answer
from dateline.evaluation import figures, scores
from dateline.evaluation.scores import Aside
from dateline.evaluation.support import Said, statements, supports
from dateline.evaluation.testset import Case, Passage
from dateline.evaluation.values import best, exact, normalised, overlap, same, same_days, years
from index.articles import Article

A = Article(
    "a.md",
    "Envoy in Rome",
    "The envoy reached Rome on Monday. He stayed two days and spoke to 40 farmers.",
    date(2024, 3, 6),
)
B = Article("b.md", "Farmers", "Farmers met the envoy on 4 March 2024. They gave him cheese.", date(2024, 3, 7))
STORED = {"a.md": A, "b.md": B}.get


def row(answer: Answer) -> dict[str, Any]:
    return answer.to_dict() | {"id": "1"}


def measured(case: Case, answer: Answer) -> dict[str, tuple[float, ...]]:
    return scores.measure(case, row(answer), STORED, Aside(answer.confidence))


# Words


def test_normal_form_is_squads() -> None:
    assert normalised(" The  U.S. envoy's   A-list, an “end” ") == "us envoys alist “end”"


@pytest.mark.parametrize(
    ("given", "expected", "f1"),
    [
        ("the cat sat", "cat sat down", 0.8),  # 2 shared; precision 2/2, recall 2/3
        ("Rome", "rome.", 1.0),
        ("Rome", "Madrid", 0.0),
        ("", "Rome", 0.0),
        ("the", "a", 1.0),  # nothing left of either
        ("two two", "two", 2 / 3),  # a repeated word counts as often as it stands in both
    ],
)
def test_token_f1(given: str, expected: str, f1: float) -> None:
    assert overlap(given, expected) == pytest.approx(f1)


def test_the_best_of_the_acceptable_answers_counts() -> None:
    assert best(overlap, "the cat sat", ("dog", "cat sat down", "cat")) == pytest.approx(0.8)
    assert best(exact, "x", ()) == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("22 September 2023", "September 22, 2023"),
        ("2023-09-22", "22 September 2023"),
        ("Friday, 22 Sept. 2023", "2023-09-22"),
        ("on the 22nd of September 2023", "22 September 2023"),
        ("22.09.2023", "22 September 2023"),
        ("22 September 2023", "22 September"),
        ("in May 2023", "May 2023"),
        ("5 and 7 May 2023", "7 May 2023 and 5 May 2023"),
        ("28 June to 3 July 2023", "28 June 2023 and 3 July 2023"),
        ("about 1,200", "1200"),
        ("more than 50,000 people", "50,000"),
        ("two", "2"),
        ("twenty-two", "22"),
        ("two hundred and five", "205"),
        ("half a million", "500,000"),
        ("1.2 million", "1,200,000"),
        ("magnitude 7.8", "7.8"),
        ("a 7.8-magnitude earthquake", "7.8"),
        ("5%", "five per cent"),
        ("$5bn", "5 billion dollars"),
        ("2 km", "2,000 metres"),
        ("three weeks", "21 days"),
        ("the third", "3rd"),
        ("first put at 7.4", "7.4"),
        ("two dozen", "24"),
        ("half a dozen", "6"),
        ("22-09-2023", "22 September 2023"),
        ("1\u202f200", "1,200"),
        ("3,500-4,000", "3,500 to 4,000"),
        ("at least 5", "more than 5"),
    ],
)
def test_the_same_by_value(given: str, expected: str) -> None:
    assert same(given, expected) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("21 September 2023", "22 September 2023"),
        ("22 September 2022", "22 September 2023"),
        ("22 September", "22 September 2023"),
        ("September 2023", "22 September 2023"),
        ("22 September 2023 and 1 May 2004", "22 September 2023"),
        ("", "22 September 2023"),
        ("12,000", "1,200"),
        ("5", "5 million"),
        ("7.8", "7.5"),
        ("2 km", "2 miles"),
        ("3 dead", "3 injured"),
        ("COVID-19", "19"),
        ("Xi", "Putin"),
        ("the third", "3"),
        ("from 2 to 4", "2"),
        ("not 5", "5"),
        ("less than 5", "more than 5"),
        ("at most 5", "at least 5"),
        ("under 5", "over 5"),
        ("03-04-2023", "3 April 2023"),
    ],
)
def test_not_the_same_by_value(given: str, expected: str) -> None:
    assert same(given, expected) == 0


def test_days_alone() -> None:
    assert same_days("22 September 2023 in Hangzhou, with 9 others", "22 September 2023")
    assert not same_days("22 September 2023 and 3 May 2023", "22 September 2023")
    assert same_days("in 2004", "2004")
    assert not same_days("June 2004", "2004")


# Answers and refusals


def test_an_answer_is_scored_by_its_short_form() -> None:
    case = Case("1", "Where?", ("Rome, Italy", "Madrid"), answerable=True)
    found = measured(case, answered("He is in Rome, Italy. [1]", "Rome"))
    assert found["answer_em"] == (0, 1)
    assert found["answer_f1"] == (pytest.approx(2 / 3), 1)
    assert found["answered_precision"] == (0, 1)
    assert measured(case, answered("He is in Madrid. [1]", None))["answer_f1"] == (0, 1)
    refusal = measured(case, refused())
    assert refusal["answer_f1"] == (0, 1)
    assert "answered_precision" not in refusal


def test_without_an_answer_refusing_is_right() -> None:
    case = Case("1", "Where?", answerable=False)
    for answer, score in ((refused(), 1.0), (answered("Rome [1]", "Rome"), 0.0)):
        found = measured(case, answer)
        assert [found[name] for name in ("answer_em", "answer_f1", "answer_value")] == [(score, 1)] * 3


def test_what_is_not_known_is_not_measured() -> None:
    found = measured(Case("1", "Where?"), answered("Rome. [1]", "Rome"))
    assert not {"answer_em", "refusal_precision", "hit_at_1", "day_right", "as_of_right", "citation_article"} & set(
        found
    )


def test_refusal_precision_recall_and_f1() -> None:
    """Five questions, two without an answer; three refused, one of them rightly."""
    yes, no = Case("1", "?", ("x",), answerable=True), Case("2", "?", answerable=False)
    questions = [
        measured(yes, answered("x [1]", "x")),
        measured(yes, refused()),
        measured(yes, refused()),
        measured(no, refused()),
        measured(no, answered("x [1]", "x")),
    ]
    found = figures.summarise(questions)
    assert found["refusal_precision"].value == pytest.approx(1 / 3)
    assert found["refusal_precision"].n == 3
    assert found["refusal_recall"].value == 0.5
    assert found["refusal_recall"].n == 2
    assert found["refusal_f1"].value == pytest.approx(2 / 5)  # 2 * 1/3 * 1/2 / (1/3 + 1/2)
    assert found["refusal_f1"].n == 4
    assert found["answered"].value == 0.4


@pytest.mark.parametrize(
    ("short", "text", "chosen"),
    [
        ("Rome", "He is in Rome. [1]", "Rome"),
        ("in March", "In March. [1]", "March 2024"),
        (None, "He went to Madrid by train. [1]", "Madrid"),
        ("Rome or Madrid", "", None),  # nearest to both alike
        ("Paris", "Paris. [1]", None),
    ],
)
def test_choices(short: str | None, text: str, chosen: str | None) -> None:
    assert scores.choice(row(answered(text, short)), ("Rome", "Madrid", "March 2024")) == chosen


def test_choices_are_right_or_wrong() -> None:
    case = Case("1", "?", ("Rome",), answerable=True, choices=("Rome", "Madrid"))
    assert measured(case, answered("Rome [1]", "Rome"))["choice_accuracy"] == (1, 1)
    assert measured(case, answered("Madrid [1]", "Madrid"))["choice_accuracy"] == (0, 1)
    assert measured(case, refused())["choice_accuracy"] == (0, 1)


# Days


def test_day_right_is_for_questions_about_days() -> None:
    assert measured(Case("1", "When?", ("4 March 2024",), answerable=True), answered("", "2024-03-04"))[
        "day_right"
    ] == (1, 1)
    assert measured(Case("1", "When?", ("2004",), answerable=True), answered("", "in 2005"))["day_right"] == (0, 1)
    assert "day_right" not in measured(Case("1", "How many?", ("2004",), answerable=True), answered("", "2004"))
    assert "day_right" not in measured(Case("1", "Who?", ("Xi",), answerable=True), answered("", "Xi"))


def test_as_of() -> None:
    case = Case("1", "When?", answerable=True, as_of=date(2024, 3, 7))
    assert measured(case, answered("", "x", as_of=date(2024, 3, 7)))["as_of_right"] == (1, 1)
    assert measured(case, answered("", "x", as_of=date(2024, 3, 8)))["as_of_right"] == (0, 1)
    assert measured(case, refused())["as_of_right"] == (0, 1)


# Search


def test_ranks() -> None:
    """Known articles b and d; found, passages counted once an article: a, b, c, d."""
    case = Case("1", "?", articles=("b", "d"))
    hits = [{"article": name, "start": 0, "end": 5, "score": 1} for name in ("a", "a", "b", "a", "c", "d")]
    found = scores.retrieval(case, hits, STORED)
    assert found["hit_at_1"] == (0, 1)
    assert found["hit_at_5"] == (1, 1)
    assert found["recall_at_1"] == (0, 1)
    assert found["recall_at_5"] == (1, 1)
    assert found["mrr_at_10"] == (0.5, 1)
    ideal = 1 / log2(2) + 1 / log2(3)
    assert found["ndcg_at_10"][0] == pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal)
    assert set(scores.retrieval(case, [], STORED).values()) == {(0.0, 1.0)}


def test_below_the_tenth_counts_for_nothing_in_mrr_and_ndcg() -> None:
    hits = [{"article": str(i), "start": 0, "end": 5, "score": 1} for i in range(20)]
    found = scores.retrieval(Case("1", "?", articles=("10",)), hits, STORED)
    assert (found["mrr_at_10"], found["ndcg_at_10"], found["hit_at_10"], found["hit_at_20"]) == (
        (0, 1),
        (0, 1),
        (0, 1),
        (1, 1),
    )


def test_passages_by_place_and_by_answer() -> None:
    hits = [
        {"article": "a.md", "start": 0, "end": 33, "score": 1},
        {"article": "a.md", "start": 34, "end": 80, "score": 1},
    ]
    by_place = Case("1", "?", passages=(Passage("a.md", 60, 70),), articles=("a.md",))
    assert scores.retrieval(by_place, hits, STORED)["passage_mrr_at_10"] == (0.5, 1)
    by_answer = Case("1", "?", ("2 days",), ("a.md",), answerable=True)
    found = scores.retrieval(by_answer, hits, STORED)
    assert found["passage_hit_at_1"] == (0, 1)
    assert found["passage_mrr_at_10"] == (0.5, 1)
    elsewhere = Case("1", "?", ("cheese",), ("b.md",), answerable=True)
    assert scores.retrieval(elsewhere, hits, STORED)["passage_hit_at_20"] == (0, 1)
    nowhere = Case("1", "?", ("bread",), ("b.md",), answerable=True)
    assert "passage_hit_at_20" not in scores.retrieval(nowhere, hits, STORED)


# Citations


def test_statements_are_read_from_the_text() -> None:
    text = "He came on Monday. [1][2] He left. (no passage supports this) He ate 3 kg [3]. The end"
    assert list(statements(text)) == [
        Said("He came on Monday.", (1, 2)),
        Said("He left."),
        Said("He ate 3 kg", (3,)),
        Said("The end"),
    ]
    assert list(statements("")) == []


@pytest.mark.parametrize(
    ("statement", "quote", "backed"),
    [
        ("The envoy reached Rome on Monday.", "The envoy reached Rome on Monday.", True),
        ("The envoy reached Rome on 4 March 2024.", "The envoy reached Rome on Monday.", True),
        ("The envoy reached Rome in March 2024.", "The envoy reached Rome on Monday.", True),
        ("The envoy reached Rome on 6 March 2024.", "The envoy reached Rome on Monday.", False),
        ("The envoy reached Madrid on Monday.", "The envoy reached Rome on Monday.", False),
        ("He spoke to forty farmers.", "He stayed two days and spoke to 40 farmers.", True),
        ("He spoke to fifty farmers.", "He stayed two days and spoke to 40 farmers.", False),
        ("The price of bread rose again.", "He stayed two days and spoke to 40 farmers.", False),
        ("The envoy spoke to 40 farmers.", "He stayed two days and spoke to 40 farmers.", True),  # by the title
    ],
)
def test_support(statement: str, quote: str, backed: bool) -> None:
    assert supports(statement, [(A, quote)]) is backed


@pytest.mark.parametrize(
    ("behind", "backed"),
    [
        ("(Rome Daily, 6 March 2024)", True),
        ("(Rome Daily, 5 March 2024)", False),
        ("(The Guardian, 6 March 2024)", False),
    ],
)
def test_where_a_quotation_stands_is_no_part_of_what_it_says(behind: str, backed: bool) -> None:
    article = Article("a.md", A.title, A.text, A.published, source="The Rome Daily")
    quote = "The envoy reached Rome on Monday."
    assert supports(f"“{quote}” {behind}", [(article, quote)]) is backed
    assert not supports(f"He went home. {behind}", [(article, quote)])


@pytest.mark.parametrize("much", [" ", "1", "1,", "two ", "(", "[1]", "a ", "-", "4 May ", "[" + "9" * 5000 + "]"])
def test_long_and_odd_text_is_read_to_its_end(much: str) -> None:
    """Twenty thousand characters of anything take a moment; with a step for each pair of them this wouldn't end."""
    text = (much * 20_000)[:20_000]
    assert len(list(statements(text))) <= 1
    assert supports(text, [(A, text[1:])]) in (True, False)
    assert len(years(text)) <= 1


def test_nothing_is_supported_by_nothing() -> None:
    assert not supports("The envoy came.", [])


def test_citation_precision_and_recall() -> None:
    """Three statements, one without a quotation; four citations, of which one is needless and one beside the point."""
    text = (
        "The envoy reached Rome on Monday. [1] "  # covered, precise
        "The envoy stayed two days, and the farmers gave him cheese. [2][3] "  # both needed
        "Farmers met the envoy. [4] "  # quotation about something else
        "He was happy. (no passage supports this)"
    )
    answer = answered(
        text,
        "x",
        [
            cited(1, A, "The envoy reached Rome on Monday."),
            cited(2, A, "He stayed two days"),
            cited(3, B, "They gave him cheese."),
            cited(4, A, "spoke to 40"),
        ],
    )
    found = measured(Case("1", "?"), answer)
    assert found["citation_verbatim"] == (4, 4)
    assert found["citation_recall"] == (0.5, 1)
    assert found["citation_precision"] == (0.75, 1)


def test_a_needless_citation_costs_precision_alone() -> None:
    answer = answered(
        "The envoy reached Rome on Monday. [1][2]",
        "x",
        [cited(1, A, "The envoy reached Rome on Monday."), cited(2, B, "They gave him cheese.")],
    )
    found = measured(Case("1", "?"), answer)
    assert (found["citation_recall"], found["citation_precision"]) == ((1, 1), (0.5, 1))


def test_an_invented_quotation_is_not_verbatim_and_supports_nothing() -> None:
    """Whatever the answer says of itself: the article's text decides."""
    for citation in (
        cited(1, A, "The envoy reached Paris on Monday."),
        cited(1, Article("gone.md", "", "The envoy reached Paris."), "The envoy reached Paris."),
    ):
        found = measured(Case("1", "?"), answered("The envoy reached Paris. [1]", "Paris", [citation]))
        assert found["citation_verbatim"] == (0, 1)
        assert found["citation_precision"] == found["citation_recall"] == (0, 1)


def test_an_answer_without_citations_scores_nothing_for_them() -> None:
    found = figures.summarise([measured(Case("1", "?", articles=("a.md",)), answered("The envoy came.", "x"))])
    assert found["citation_precision"].value == found["citation_recall"].value == found["citation_article"].value == 0
    assert "citation_verbatim" not in found, "there is no citation to look at"


# Figures


def test_risk_and_coverage() -> None:
    """Losses 0, 1, 0.5 by falling confidence: risks 0, 1/2, 1/2; their mean is 1/3."""
    questions = [{"risk_coverage": pair} for pair in ((0.5, 0.1), (0.0, 0.9), (1.0, 0.5))]
    assert figures.summarise(questions)["risk_coverage_area"].value == pytest.approx(1 / 3)
    assert figures.curve(questions) == [(1 / 3, 0.0), (2 / 3, 0.5), (1.0, 0.5)]


def test_a_confidence_that_tells_nothing_gives_the_mean_loss() -> None:
    questions = [{"risk_coverage": (loss, 0.5)} for loss in (1.0, 0.0, 0.0, 1.0, 0.0)]
    assert figures.summarise(questions)["risk_coverage_area"].value == pytest.approx(0.4)
    mixed = [{"risk_coverage": pair} for pair in ((0.0, 0.9), (1.0, 0.5), (0.0, 0.5))]
    # The two of one confidence count with 1/2 each: risks 0, 0.5/2, 1/3.
    assert figures.summarise(mixed)["risk_coverage_area"].value == pytest.approx((0 + 0.25 + 1 / 3) / 3)


def test_coverage_is_of_all_questions() -> None:
    questions: list[figures.Measured] = [{"risk_coverage": (0.0, 0.9)}, {"failed": (1.0, 1.0)}]
    assert figures.curve(questions) == [(0.5, 0.0)]


def test_percentiles() -> None:
    questions = [{"seconds_total": (float(seconds),)} for seconds in (4, 1, 3, 2)]
    found = figures.summarise(questions)
    assert found["seconds_total_p50"].value == 2.5
    assert found["seconds_total_p95"].value == pytest.approx(3.85)


def test_a_resample_counts_a_question_as_often_as_it_is_drawn() -> None:
    """Each statistic on weights equals the same statistic on questions that really stand there so often."""
    import numpy as np

    columns = np.array([[0.2, 0.9], [0.7, 0.4], [0.1, 0.4], [0.9, 0.1]])
    weights = np.array([[2.0, 0.0, 1.0, 1.0], [0.0, 4.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    for name in ("answer_f1", "seconds_total_p95", "risk_coverage_area"):
        sum_up = figures.FIGURES[name].sum_up
        for counts, found in zip(weights, sum_up(columns, weights), strict=True):
            repeated = np.repeat(columns, counts.astype(int), axis=0)
            assert found == pytest.approx(sum_up(repeated, np.ones((1, 4)))[0])


def test_intervals_are_seeded_and_as_wide_as_they_should_be() -> None:
    """A share of 0.3 over 200 questions: the normal approximation is 0.3 -/+ 1.96 * sqrt(0.3 * 0.7 / 200) = 0.0635."""
    questions = [{"answer_em": (float(i < 60), 1.0)} for i in range(200)]
    found = figures.summarise(questions)["answer_em"]
    assert found == figures.summarise(questions)["answer_em"]
    assert found.n == 200
    assert found.low == pytest.approx(0.3 - 0.0635, abs=0.012)
    assert found.high == pytest.approx(0.3 + 0.0635, abs=0.012)


def test_two_runs_that_differ_by_chance_and_by_more() -> None:
    """40 questions: one run right on 20; the other on the same and 12 more, or on as many others."""
    base: dict[str, figures.Measured] = {str(i): {"answer_em": (float(i < 20), 1.0)} for i in range(40)}
    better: dict[str, figures.Measured] = {str(i): {"answer_em": (float(i < 32), 1.0)} for i in range(40)}
    moved: dict[str, figures.Measured] = {str(i): {"answer_em": (float(4 <= i < 24), 1.0)} for i in range(40)}
    real = figures.differences(better, base)["answer_em"]
    assert real.by == pytest.approx(0.3)
    assert real.low > 0
    assert real.p < 0.01
    chance = figures.differences(moved, base)["answer_em"]
    assert chance.by == 0
    assert chance.low < 0 < chance.high
    assert chance.p > 0.5


def test_only_questions_of_both_are_compared() -> None:
    ours: dict[str, figures.Measured] = {"a": {"answer_em": (1.0, 1.0)}, "b": {"answer_em": (0.0, 1.0)}}
    found = figures.differences(ours, {"a": {"answer_em": (0.0, 1.0)}})["answer_em"]
    assert (found.value, found.other, found.n) == (1, 0, 1)


def test_many_questions_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of resamples give what one block gives."""
    questions = [{"answer_em": (float(i % 3 == 0), 1.0)} for i in range(50)]
    whole = figures.summarise(questions)
    monkeypatch.setattr(figures, "_BLOCK", 500)
    assert figures.summarise(questions) == whole
