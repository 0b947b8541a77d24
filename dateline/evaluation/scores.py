"""What one question measures: its line of answers.jsonl beside its case and the articles as stored.

Nothing is taken on the answer's word: a quotation counts once it is found at its place in the article, and statements
are read from the text that a person reads. How measurements sum up to figures is `dateline.evaluation.figures`.

Who is measured:

- answers: cases with acceptable answers, and those known to be unanswerable, which are right if and only if refused;
- refusals: cases of which it is known whether they can be answered;
- citations: what was answered; retrieval: cases with known articles;
- a question that failed (its `reason` begins with "failed: ") is wrong: it scores 0 for its answer and is neither an
  answer nor a refusal. It is counted by the figure `failed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dateline.evaluation.figures import AT
from dateline.evaluation.support import is_verbatim, statements, supports
from dateline.evaluation.testset import Case
from dateline.evaluation.values import best, covers, exact, normalised, overlap, same, same_days, values, years

if TYPE_CHECKING:
    from index.articles import Article

FAILED = "failed: "

Row = Mapping[str, Any]
"""A line of answers.jsonl."""
Stored = Callable[[str], "Article | None"]
"""An article by its name, as stored; None where there is none."""


@dataclass(frozen=True)
class Aside:
    """What the contract's line has no room for: the model's confidence from 0 to 1, what a chat model took, and what
    a judge said: one of `dateline.evaluation.judge.VERDICTS`."""

    confidence: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_word: float | None = None  # seconds
    price: float | None = None
    verdict: str | None = None


def measure(case: Case, row: Row, stored: Stored, aside: Aside | None = None) -> dict[str, tuple[float, ...]]:
    """What the question gives each figure that applies to it, as `dateline.evaluation.figures` describes."""
    aside = aside or Aside()
    found: dict[str, tuple[float, ...]] = {}
    failed = is_failed(row)
    found["failed"] = (float(failed), 1.0)
    found["answered"] = (float(row["answered"]), 1.0)
    found |= _answer(case, row, aside)
    found |= _refusal(case, row)
    found |= _days(case, row)
    if case.articles and not failed:
        found |= retrieval(case, row["hits"], stored)
    elif case.articles:
        found |= retrieval(case, (), stored)
    if row["answered"]:
        found |= _citations(case, row, stored)
    if not failed:
        for stage, seconds in row["seconds"].items():
            found[f"seconds_{stage}"] = (float(seconds),)
    for name in ("tokens_in", "tokens_out", "price"):
        if (took := getattr(aside, name)) is not None:
            found[name] = (float(took), 1.0)
    if aside.first_word is not None:
        found["first_word"] = (aside.first_word,)
    if aside.verdict is not None:
        held, value = float(aside.verdict != "wrong"), found["answer_value"][0]
        found |= {"judged": (held, value), "judge_right": (held, 1.0), "judge_agreement": (float(held == value), 1.0)}
    return found


def is_failed(row: Row) -> bool:
    return not row["answered"] and str(row["reason"] or "").startswith(FAILED)


def given(row: Row) -> str:
    """The bare answer that is scored: `short`, the empty string where there is none."""
    return (row["short"] or "") if row["answered"] else ""


def refused(row: Row) -> bool:
    return not row["answered"] and not is_failed(row)


def score(case: Case, row: Row) -> float | None:
    """How good the answer is, from 0 to 1: the better of F1 and value match; None where no answer is known.

    For a case without an answer: 1 if it was refused, else 0.
    """
    if case.answerable is False:
        return float(refused(row))
    if not case.answers:
        return None
    return max(best(overlap, given(row), case.answers), best(same, given(row), case.answers))


def _answer(case: Case, row: Row, aside: Aside) -> dict[str, tuple[float, ...]]:
    found: dict[str, tuple[float, ...]] = {}
    if case.choices and case.answers:
        found["choice_accuracy"] = (float(choice(row, case.choices) in case.answers), 1.0)
    graded = score(case, row)
    if graded is None:
        return found
    if case.answerable is False:
        em = f1 = value = graded
    else:
        em, f1, value = (best(measured, given(row), case.answers) for measured in (exact, overlap, same))
    found |= {"answer_em": (em, 1.0), "answer_f1": (f1, 1.0), "answer_value": (value, 1.0)}
    if row["answered"]:
        found["answered_precision"] = (value, 1.0)
        if aside.confidence is not None:
            found["risk_coverage"] = (1.0 - graded, aside.confidence)
    return found


def choice(row: Row, choices: Sequence[str]) -> str | None:
    """The choice that the answer matches best, None where none stands out.

    Each is scored by value or F1 against the bare answer; if none has a word of it, by the share of its words that
    stand in the text a person reads. A tie for the first place chooses none.
    """
    if not row["answered"]:
        return None
    text = set(normalised(row["text"]).split())

    def shared(option: str) -> float:
        words = normalised(option).split()
        return sum(word in text for word in words) / len(words) if words else 0.0

    scored = [max(same(given(row), option), overlap(given(row), option)) for option in choices]
    if not any(scored):
        scored = [shared(option) for option in choices]
    top = max(scored)
    return choices[scored.index(top)] if top > 0 and scored.count(top) == 1 else None


def _refusal(case: Case, row: Row) -> dict[str, tuple[float, ...]]:
    """Refusing is the positive; F1 is 2tp / (2tp + fp + fn), each question giving its part of both sums."""
    if case.answerable is None:
        return {}
    no_answer, refusal = case.answerable is False, refused(row)
    right = float(no_answer and refusal)
    return {
        "refusal_precision": (right, float(refusal)),
        "refusal_recall": (right, float(no_answer)),
        "refusal_f1": (2 * right, float(refusal) + float(no_answer)),
    }


def _days(case: Case, row: Row) -> dict[str, tuple[float, ...]]:
    """`day_right` applies where an acceptable answer is a day or month (or, asked when or by type, a year)."""
    found: dict[str, tuple[float, ...]] = {}
    asks = case.type.startswith("when") or re.search(r"\b(?:when|year|date)\b", case.question, re.IGNORECASE)
    known = [
        answer
        for answer in case.answers
        if (values(answer).days or (asks and years(answer))) and len(values(answer).words) <= 2
    ]
    if known and case.answerable:
        found["day_right"] = (best(same_days, given(row), known), 1.0)
    if case.as_of is not None:
        found["as_of_right"] = (float(row["as_of"] == case.as_of.isoformat()), 1.0)
    return found


def retrieval(case: Case, hits: Sequence[Mapping[str, Any]], stored: Stored) -> dict[str, tuple[float, ...]]:
    """Rank measures by llama-index's `resolve_metrics`, over the distinct articles of the hits in order.

    Hit rate, recall, reciprocal rank (first relevant) and nDCG (binary gain, log2 discount, ideal over all known
    articles). By passage: a hit proves the answer if it overlaps one of the case's `passages`; where the case has
    none, if it is of a known article and holds an acceptable answer, by its words or by its days and numbers (cases
    whose known articles don't hold it so anywhere are left out).
    """
    ranked = list(dict.fromkeys(str(hit["article"]) for hit in hits))
    found: dict[str, tuple[float, ...]] = {}
    for k in AT:
        found[f"hit_at_{k}"] = (_rank_measure("hit_rate", case.articles, ranked[:k]), 1.0)
        found[f"recall_at_{k}"] = (_rank_measure("recall", case.articles, ranked[:k]), 1.0)
    found["mrr_at_10"] = (_rank_measure("mrr", case.articles, ranked[:10]), 1.0)
    found["ndcg_at_10"] = (_rank_measure("ndcg", case.articles, ranked[:10]), 1.0)
    if case.passages or _provable(case, stored):
        names = ["proof" if _proves(case, hit, stored) else "other" for hit in hits]
        for k in AT:
            found[f"passage_hit_at_{k}"] = (_rank_measure("hit_rate", ("proof",), names[:k]), 1.0)
        found["passage_mrr_at_10"] = (_rank_measure("mrr", ("proof",), names[:10]), 1.0)
    return found


def _rank_measure(name: str, known: Sequence[str], ranked: Sequence[str]) -> float:
    if not ranked:
        return 0.0  # llama-index refuses an empty list
    from llama_index.core.evaluation.retrieval.metrics import resolve_metrics

    metric = resolve_metrics([name])[0]()
    return float(metric.compute(expected_ids=list(known), retrieved_ids=list(ranked)).score)


def _proves(case: Case, hit: Mapping[str, Any], stored: Stored) -> bool:
    start, end = int(hit["start"]), int(hit["end"])
    if case.passages:
        return any(p.article == hit["article"] and p.start < end and start < p.end for p in case.passages)
    article = stored(str(hit["article"])) if hit["article"] in case.articles else None
    return article is not None and any(holds(article.text[start:end], answer) for answer in case.answers)


def _provable(case: Case, stored: Stored) -> bool:
    articles = [stored(name) for name in case.articles] if case.answerable else []
    return any(article is not None and holds(article.text, said) for article in articles for said in case.answers)


def holds(text: str, answer: str) -> bool:
    """Whether a text has the answer in it: its words in order, or all its days and numbers and its other words."""
    wanted = normalised(answer)
    if wanted and f" {wanted} " in f" {normalised(text)} ":
        return True
    said = values(answer)
    if not (said.days or said.numbers):
        return False
    known = values(text)
    return covers(known, said) and said.words <= known.words


def _citations(case: Case, row: Row, stored: Stored) -> dict[str, tuple[float, ...]]:
    """Citation recall and precision in the sense of ALCE (Gao et al. 2023, arXiv:2305.14627), mean over the answers.

    Recall: the share of the statements that their citations, taken together, support. Precision: the share of the
    citations (counted once a statement) that do so: the statement is supported, and the citation supports it alone
    or the others don't without it. `supports` stands where ALCE asks a model. A quotation that isn't in its article
    supports nothing. An answer without a citation scores 0 for both.
    """
    citations = {citation["number"]: citation for citation in row["citations"]}
    articles = {number: stored(citation["article"]) for number, citation in citations.items()}
    verbatim = {number: is_verbatim(citation, articles[number]) for number, citation in citations.items()}
    found: dict[str, tuple[float, ...]] = {
        "citation_verbatim": (float(sum(verbatim.values())), float(len(citations))),
    }
    if case.articles:
        found["citation_article"] = (float(any(c["article"] in case.articles for c in citations.values())), 1.0)
    premises = {
        number: (articles[number], citation["quote"]) for number, citation in citations.items() if verbatim[number]
    }
    said = [statement for statement in statements(row["text"]) if normalised(statement.text)]
    covered, precise = 0, []
    for statement in said:
        mine = list(dict.fromkeys(statement.numbers))
        whole = supports(statement.text, [premises[number] for number in mine if number in premises])
        covered += whole
        for number in mine:
            others = [premises[other] for other in mine if other != number and other in premises]
            alone = number in premises and supports(statement.text, [premises[number]])
            precise.append(whole and (alone or (number in premises and not supports(statement.text, others))))
    found["citation_recall"] = (covered / len(said) if said else 0.0, 1.0)
    found["citation_precision"] = (sum(precise) / len(precise) if precise else 0.0, 1.0)
    return found
