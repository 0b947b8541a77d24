"""Figures: what each one is called and means, its value over questions, its interval, and how two runs differ.

A question gives each figure that applies to it a measurement (see `dateline.evaluation.scores`); a figure sums them up:

- a share: (part, whole) a question; the figure is the sum of the parts over the sum of the wholes. A mean is a share
  whose wholes are 1; precision, recall and F1 of refusals are shares whose parts count what was right.
- a percentile: (seconds,) a question; linear between the two nearest, as numpy's default.
- an area: (loss, confidence) a question; see `area`.
- an agreement beyond chance: (1 or 0, 1 or 0) a question, of two who judge it; see `kappa`.

Intervals: the percentile bootstrap (Efron & Tibshirani 1993, ch. 13) over the questions that bear on the figure,
1,000 resamples, numpy's PCG64 seeded with 20230922; `low` and `high` are the 2.5th and 97.5th percentiles. Where all
questions measure the same, both equal the value: the interval knows nothing but the questions it saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from index.errors import DatelineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RESAMPLES = 1000
SEED = 20230922
_BLOCK = 4_000_000  # counts held at once: 32 MB, however many questions

Measured = Mapping[str, Sequence[float]]
"""What one question gives each figure that applies to it."""


class ReportError(DatelineError):
    """A report that can't be written or compared with, or a figure that there is none of."""


@dataclass(frozen=True)
class Figure:
    """A figure's value, its 95 % bootstrap interval and the number of questions that bear on it."""

    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float | int]:
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}


@dataclass(frozen=True)
class Difference:
    """This run's figure beside another's, over the questions of both; `p` is the two-sided p of the paired bootstrap.

    A percentile or an area is taken over the questions that bear on it in both runs: it may differ from the run's own.
    """

    value: float
    other: float
    low: float
    high: float
    p: float
    n: int

    @property
    def by(self) -> float:
        return self.value - self.other

    def to_dict(self) -> dict[str, float | int]:
        return {"value": self.value, "other": self.other, "low": self.low, "high": self.high, "p": self.p, "n": self.n}


def share(columns: Array, weights: Array) -> Array:
    """Sum of the parts over sum of the wholes, for each row of weights; NaN where the wholes sum to 0."""
    import numpy as np

    parts, wholes = weights @ columns[:, 0], weights @ columns[:, 1]
    found: Array = np.divide(parts, wholes, out=np.full(len(weights), np.nan), where=wholes != 0)
    return found


def percentile(columns: Array, weights: Array, at: float) -> Array:
    """The value at share `at` of the way through the sorted measurements, each counted as often as its weight."""
    import numpy as np

    order = np.argsort(columns[:, 0], kind="stable")
    numbers = columns[order, 0]
    counted = np.cumsum(weights[:, order], axis=1)
    place = (counted[:, -1] - 1) * at
    below = np.floor(place)
    low = numbers[(counted > below[:, None]).argmax(axis=1)]
    high = numbers[(counted > np.ceil(place)[:, None]).argmax(axis=1)]
    found: Array = low + (high - low) * (place - below)
    return found


def area(columns: Array, weights: Array) -> Array:
    """Area under the risk-coverage curve (Geifman & El-Yaniv 2017, arXiv:1705.08500), for each row of weights.

    The answers given are taken in order of falling confidence; the risk at k is the mean loss of the first k; the
    area is the mean of the risks at k = 1..n. Lower is better: 0 with no loss, the mean loss where the confidence
    tells nothing. Answers of one confidence count with their mean loss each, so that their order doesn't matter.
    """
    import numpy as np

    order = np.argsort(-columns[:, 1], kind="stable")
    loss, confidence = columns[order, 0], columns[order, 1]
    starts = np.flatnonzero(np.r_[True, confidence[1:] != confidence[:-1]])
    weights = weights[:, order]
    count = np.add.reduceat(weights, starts, axis=1)
    lost = np.add.reduceat(weights * loss, starts, axis=1)
    after = np.cumsum(count, axis=1)
    before, lost_before = after - count, np.cumsum(lost, axis=1) - lost
    mean = np.divide(lost, count, out=np.zeros_like(lost), where=count != 0)
    # Within a group the risk at k is (lost_before + (k - before) * mean) / k: its sum over k has a harmonic part.
    harmonic = np.r_[0.0, np.cumsum(1.0 / np.arange(1, int(after.max()) + 1))]
    span = harmonic[np.rint(after).astype(int)] - harmonic[np.rint(before).astype(int)]
    risks: Array = (count * mean + (lost_before - before * mean) * span).sum(axis=1) / after[:, -1]
    return risks


def kappa(columns: Array, weights: Array) -> Array:
    """Cohen's kappa (Cohen 1960, Educational and Psychological Measurement 20:37-46) of two who say 1 or 0.

    (seen - chance) / (1 - chance): the share on which they agree, and the share on which two with their rates would
    by chance. NaN where chance alone makes them agree on all.
    """
    import numpy as np

    count = weights.sum(axis=1)
    one, other = weights @ columns[:, 0] / count, weights @ columns[:, 1] / count
    seen = weights @ (columns[:, 0] == columns[:, 1]) / count
    chance = one * other + (1 - one) * (1 - other)
    found: Array = np.divide(seen - chance, 1 - chance, out=np.full(len(weights), np.nan), where=chance < 1)
    return found


@dataclass(frozen=True)
class Definition:
    """What a figure is called, what it means, and how it is summed up.

    `measure` names the measurement it is made of; `better` is "more", "less" or "" where neither is.
    """

    title: str
    about: str
    group: str
    better: str = "more"
    measure: str = ""
    sum_up: Callable[[Array, Array], Array] = share


def _defined() -> Iterator[tuple[str, Definition]]:
    answers, refusals, citations, days, found, time, judge = GROUPS
    yield "answer_em", Definition("Exact match", "the bare answer is an acceptable one in SQuAD's normal form", answers)
    yield "answer_f1", Definition("Token F1", "SQuAD's F1 of the bare answer with the nearest acceptable one", answers)
    yield "answer_value", Definition("Right by value", "the same words, or the same days, numbers and units", answers)
    yield "answered_precision", Definition("Right when answering", "answers given that are right by value", answers)
    yield "choice_accuracy", Definition("Right choice", "the offered choice that the answer is nearest to", answers)
    yield "answered", Definition("Answered", "questions that got an answer", answers, "")
    yield "failed", Definition("Failed", "questions that met an error", answers, "less")
    yield "refusal_precision", Definition("Refusal precision", "refusals whose question has no answer", refusals)
    yield "refusal_recall", Definition("Refusal recall", "questions without an answer that were refused", refusals)
    yield "refusal_f1", Definition("Refusal F1", "harmonic mean of refusal precision and recall", refusals)
    about = "mean risk of the answers given, surest first; the risk is 1 less the answer's score"
    risk = Definition("Risk-coverage area", about, refusals, "less", "risk_coverage", area)
    yield "risk_coverage_area", risk
    yield (
        "citation_verbatim",
        Definition("Verbatim", "citations that stand letter for letter in their article", citations),
    )
    yield "citation_article", Definition("Known article cited", "answers citing an article known to hold it", citations)
    yield "citation_recall", Definition("Citation recall", "statements that their quotations support", citations)
    yield "citation_precision", Definition("Citation precision", "citations that support their statement", citations)
    yield "day_right", Definition("Day right", "the answer names the known day, month or year", days)
    yield "as_of_right", Definition("As-of right", "the day the answer holds up to is the known one", days)
    for k in AT:
        yield f"hit_at_{k}", Definition(f"Hit@{k}", f"a known article among the first {k} found", found)
    for k in AT:
        yield f"recall_at_{k}", Definition(f"Recall@{k}", f"known articles among the first {k} found", found)
    yield "mrr_at_10", Definition("MRR@10", "1 / rank of the first known article, 0 below the tenth", found)
    yield "ndcg_at_10", Definition("nDCG@10", "discounted gain of the first ten articles", found)
    for k in AT:
        about = f"a passage that proves the answer among the first {k} hits"
        yield f"passage_hit_at_{k}", Definition(f"Passage hit@{k}", about, found)
    yield "passage_mrr_at_10", Definition("Passage MRR@10", "1 / rank of the first such passage", found)
    for stage, span in (
        ("search", "from the question to the passages"),
        ("answer", "from the passages to the answer"),
        ("total", "from the question to the whole answer"),
    ):
        for at, many in ((50, "half"), (95, "19 of 20")):
            about, order = f"{span}; {many} take less", partial(percentile, at=at / 100)
            title = f"Seconds, {stage}, p{at}"
            yield f"seconds_{stage}_p{at}", Definition(title, about, time, "less", f"seconds_{stage}", order)
    yield "tokens_in", Definition("Tokens read", "tokens sent to the chat model, mean of a question", time, "less")
    yield "tokens_out", Definition("Tokens written", "tokens that it wrote, mean of a question", time, "less")
    for at, many in ((50, "half"), (95, "19 of 20")):
        about, order = f"seconds to the chat model's first word; {many} take less", partial(percentile, at=at / 100)
        yield f"first_word_p{at}", Definition(f"First word, p{at}", about, time, "less", "first_word", order)
    yield "price", Definition("Price", "of a question at the chat model's price, mean", time, "less")
    yield "judge_right", Definition("Judged right", "answers, and refusals, that the judge holds right", judge)
    about = "answers on which the judge and the comparison by value agree"
    yield "judge_agreement", Definition("Judge's agreement", about, judge)
    about = "the same beyond chance: 0 as by chance, 1 always"
    yield "judge_kappa", Definition("Cohen's kappa", about, judge, "more", "judged", kappa)


AT = (1, 5, 10, 20)
GROUPS = ("Answers", "Refusals", "Citations", "Days", "Search", "Time", "Judge")
FIGURES: dict[str, Definition] = dict(_defined())
"""Every figure there is, in the order of the report."""


def summarise(questions: Sequence[Measured]) -> dict[str, Figure]:
    """Each figure over the questions that bear on it; one that they give no value is left out."""
    import numpy as np

    columns = {}
    for name, definition in FIGURES.items():
        key = definition.measure or name
        rows = [question[key] for question in questions if _bears(definition, key, question)]
        if rows:
            column = np.array(rows, dtype=np.float64)
            value = float(definition.sum_up(column, np.ones((1, len(rows))))[0])
            if not np.isnan(value):
                columns[name] = (value, column)
    spreads = _spreads({name: (FIGURES[name].sum_up, (column,)) for name, (_, column) in columns.items()})
    figures = {}
    for name, (value, column) in columns.items():
        low, high = np.nanpercentile(spreads[name], (2.5, 97.5))
        figures[name] = Figure(value, float(low), float(high), len(column))
    return figures


def differences(ours: Mapping[Any, Measured], others: Mapping[Any, Measured]) -> dict[str, Difference]:
    """The figures of two runs over the questions (by id) that both measured, ours less the other's.

    The paired bootstrap: both runs are resampled by the same questions. `low` and `high` bound the difference; `p` is
    twice the smaller share of resamples on either side of 0, counting 0 for both and adding one to each.
    """
    import numpy as np

    columns = {}
    for name, definition in FIGURES.items():
        key = definition.measure or name
        common = [i for i in ours if i in others and (key in ours[i] or key in others[i])]
        if definition.sum_up is not share:
            common = [i for i in common if key in ours[i] and key in others[i]]
        pair = tuple(
            np.array([run[i].get(key, (0.0, 0.0)) for i in common], dtype=np.float64) for run in (ours, others)
        )
        if common and not any(np.isnan(definition.sum_up(run, np.ones((1, len(common))))[0]) for run in pair):
            columns[name] = pair
    spreads = _spreads({name: (FIGURES[name].sum_up, pair) for name, pair in columns.items()})
    figures = {}
    for name, pair in columns.items():
        value, other = (float(FIGURES[name].sum_up(run, np.ones((1, len(run))))[0]) for run in pair)
        spread = spreads[name][~np.isnan(spreads[name])]
        low, high = np.percentile(spread, (2.5, 97.5))
        tail = min((spread <= 0).sum(), (spread >= 0).sum())
        p = min(1.0, 2 * (float(tail) + 1) / (len(spread) + 1))
        figures[name] = Difference(value, other, float(low), float(high), p, len(pair[0]))
    return figures


def curve(questions: Sequence[Measured], most: int = 400) -> list[tuple[float, float]]:
    """The risk-coverage curve as (coverage, risk), surest answers first; coverage is of all these questions.

    One point a confidence (equal ones can't be told apart), thinned evenly to `most`.
    """
    given = sorted((tuple(q["risk_coverage"]) for q in questions if "risk_coverage" in q), key=lambda pair: -pair[1])
    points: list[tuple[float, float]] = []
    lost = 0.0
    for k, (loss, confidence) in enumerate(given, 1):
        lost += loss
        if k == len(given) or given[k][1] != confidence:
            points.append((k / len(questions), lost / k))
    step = -(-len(points) // most) if points else 1
    return points[::step] if step == 1 else [*points[::step], points[-1]]


def limits(wanted: Sequence[str]) -> dict[str, float]:
    """`answer_f1=0.8` and the like as figure to limit. Raises `ReportError` for what is no figure or no number."""
    import difflib

    found = {}
    for text in wanted:
        name, mark, number = text.partition("=")
        name = name.strip()
        if name not in FIGURES:
            near = difflib.get_close_matches(name, FIGURES, 3, 0.6) or list(FIGURES)
            raise ReportError(f"--fail-under {text}: there is no figure {name!r}; there is {', '.join(near)}")
        try:
            found[name] = float(number)
        except ValueError:
            raise ReportError(f"--fail-under {text}: not a number after {name}; write {name}=0.8") from None
        if found[name] != found[name]:
            raise ReportError(f"--fail-under {text}: not a number after {name}; write {name}=0.8")
    return found


def short_of(figures: Mapping[str, Figure], wanted: Mapping[str, float]) -> tuple[str, ...]:
    """A line for each figure that misses its limit: under it where more is better, over it where less is.

    One that no question gives a value can't be held to its limit, which is missed as well.
    """
    missed = []
    for name, limit in wanted.items():
        if name not in figures:
            missed.append(f"{name} has no value: nothing in this run bears on it")
            continue
        value, less = figures[name].value, FIGURES[name].better == "less"
        if (value > limit) if less else (value < limit):
            missed.append(f"{name} is {value:.3f}, {'over' if less else 'under'} {limit:g}")
    return tuple(missed)


def _bears(definition: Definition, key: str, question: Measured) -> bool:
    found = question.get(key)
    return found is not None and not (definition.sum_up is share and found[1] == 0)


def _spreads(figures: Mapping[str, tuple[Callable[[Array, Array], Array], Sequence[Array]]]) -> dict[str, Array]:
    """Each figure (of two runs: their difference) on every resample; figures over as many questions share theirs."""
    import numpy as np

    parts: dict[str, list[Array]] = {name: [] for name in figures}
    for n in {len(runs[0]) for _, runs in figures.values()}:
        for block in _resamples(n):
            for name, (sum_up, runs) in figures.items():
                if len(runs[0]) == n:
                    found = [sum_up(run, block) for run in runs]
                    parts[name].append(found[0] if len(found) == 1 else found[0] - found[1])
    return {name: np.concatenate(found) for name, found in parts.items()}


def _resamples(n: int) -> Iterator[Array]:
    """Counts of how often each of n questions is drawn, in blocks of resamples: the same ones for the same n."""
    import numpy as np

    draw = np.random.default_rng(SEED)
    size = max(1, min(RESAMPLES, _BLOCK // n))
    for start in range(0, RESAMPLES, size):
        rows = min(size, RESAMPLES - start)
        drawn = draw.integers(0, n, size=(rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
