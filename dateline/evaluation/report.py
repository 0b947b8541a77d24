"""A run as a person reads it: a table for the terminal and one page of HTML that needs nothing else.

Whatever comes from articles, answers and test sets passes through `escape`; the page allows no script but its own
(by its hash) and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from dateline.evaluation import scores
from dateline.evaluation.figures import FIGURES, GROUPS, Difference, Figure, curve
from dateline.evaluation.support import is_verbatim
from dateline.evaluation.testset import Case, Passage

if TYPE_CHECKING:
    from dateline.evaluation.evaluate import Asked, Comparison, Report

# The figures that come first; the others are a click away.
_HEADLINE = (
    "answer_value",
    "answered_precision",
    "choice_accuracy",
    "judge_right",
    "answered",
    "failed",
    "refusal_recall",
    "citation_verbatim",
    "citation_article",
    "citation_precision",
    "as_of_right",
    "hit_at_5",
    "seconds_total_p50",
    "seconds_total_p95",
)
# The figures that are put side by side, type by type; those that no type has are left out.
_SIDE_BY_SIDE = (
    "answer_value",
    "answer_f1",
    "judge_right",
    "answered",
    "day_right",
    "as_of_right",
    "citation_article",
    "citation_precision",
    "citation_recall",
    "hit_at_1",
    "hit_at_5",
    "mrr_at_10",
    "seconds_total_p50",
)
_IN_THE_TERMINAL = (
    "answer_value",
    "answer_f1",
    "answered",
    "day_right",
    "as_of_right",
    "citation_article",
    "citation_precision",
    "hit_at_5",
)
_MOST_QUESTIONS = 1000  # what a browser still opens at once; all are in answers.jsonl
_MOST_CHANGED = 30
_MOST_PROOFS = 3
_AROUND = 240  # characters of the article shown on either side of a quotation
_OUTCOMES = ("failed", "wrong", "refused", "part", "unknown", "right")


def table(report: Report) -> str:
    """The figures, the types side by side and the comparison, as lines of text."""
    lines = [f"{report.testset}: {len(report.asked)} questions, model {report.model or 'unknown'}"]
    failed = [one for one in report.asked if one.outcome == "failed"]
    if failed:
        lines.append(f"{len(failed)} failed, the first of them: {failed[0].row['reason']}")
    if report.judged:
        lines.append(str(report.judged))
    lines.append(_counted(report))
    for group in GROUPS:
        named = [(name, figure) for name, figure in report.figures.items() if FIGURES[name].group == group]
        if named:
            lines += ["", f"{group:<24}{'value':>8}   95 % interval        n"]
        for name, figure in named:
            lines.append(f"  {name:<22}{figure.value:>8.3f}   {figure.low:.3f} to {figure.high:.3f} {figure.n:>8}")
    if report.types:
        columns = _columns(report, _IN_THE_TERMINAL)
        width = max(map(len, [*report.types, "type"])) + 2
        lines += ["", f"{'type':<{width}}{'n':>6}  " + "  ".join(columns)]
        for kind, found in report.types.items():
            cells = "  ".join(f"{_number(found.get(name)):>{len(name)}}" for name in columns)
            lines.append(f"{kind:<{width}}{found['failed'].n:>6}  {cells}")
    if report.comparison is not None:
        lines += ["", *_compared(report.comparison)]
    if report.missed:
        lines += ["", *(f"missed: {line}" for line in report.missed)]
    return "\n".join(lines)


def page(report: Report, stored: scores.Stored) -> str:
    """report.html: the whole page as text. `stored` gives an article by its name, for the snippets."""
    here = Path(__file__).parent
    script = (here / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    worst = report.worst()
    shown = worst[:_MOST_QUESTIONS]
    left_out = f"{len(worst) - len(shown)} more, none worse than these, are in answers.jsonl." if shown != worst else ""
    kinds = dict.fromkeys(one.case.type for one in report.asked if one.case.type)
    there = {one.outcome for one in report.asked}
    return Template((here / "report.html").read_text(encoding="utf-8")).substitute(
        script_hash=f"sha256-{digest}",
        script=script,
        title=escape(f"{report.testset}, answered by {report.model or 'an unknown model'}"),
        about=f"{len(report.asked)} questions on {date.today().isoformat()}",
        outcomes_bar=_outcomes(report.asked),
        counted=_legend(report.asked),
        missed="".join(f'<p class="wrong">Missed: {escape(line)}</p>' for line in report.missed),
        judged=f'<p class="{"wrong" if report.judged.trouble else "soft"}">{escape(str(report.judged))}</p>'
        if report.judged
        else "",
        doubts=_doubts(report.doubts),
        headline=_headline(report),
        count=len(report.figures),
        figures="".join(_group(report, group) for group in GROUPS),
        comparison=_beside(report.comparison),
        types=_types(report),
        pictures=_risk_picture(report) + _time_picture(report),
        outcomes=_options(outcome for outcome in _OUTCOMES if outcome in there),
        kinds=_options(kinds),
        questions="".join(_question(one, stored) for one in shown),
        left_out=left_out,
    )


def _counted(report: Report) -> str:
    return ", ".join(f"{count} {name}" for name, count in _counts(report.asked).items())


def _counts(asked: Sequence[Asked]) -> dict[str, int]:
    """How many questions had each outcome, the best first, those that none had left out."""
    outcomes = [one.outcome for one in asked]
    return {name: outcomes.count(name) for name in reversed(_OUTCOMES) if name in outcomes}


def _outcomes(asked: Sequence[Asked]) -> str:
    """A bar of the outcomes, each as wide as its share."""
    counts = _counts(asked)
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    parts = "".join(f'<i class="{name}" style="flex:{count}"></i>' for name, count in counts.items())
    return f'<span class="outcomes" role="img" aria-label="{told}" title="{told}">{parts}</span>'


def _legend(asked: Sequence[Asked]) -> str:
    return "".join(f'<span class="{name}">{count} {name}</span>' for name, count in _counts(asked).items())


def _doubts(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines[:_MOST_QUESTIONS])
    summary = f"Doubts about the test set: {len(lines)}"
    return f'<details class="more"><summary class="part">{summary}</summary><ul>{listed}</ul></details>'


def _headline(report: Report) -> str:
    rows = "".join(_row(name, report.figures[name]) for name in _HEADLINE if name in report.figures)
    head = '<th>Figure</th><th class="drawing"></th><th>Value</th><th>95&nbsp;% interval</th><th>n</th>'
    return _scrolling(f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>", "Headline figures", "headline")


def _row(name: str, figure: Figure) -> str:
    definition = FIGURES[name]
    drawn = "" if definition.group == "Time" else _interval(figure, 1.0)
    return (
        f'<tr><td>{escape(definition.title)} <span class="soft">{escape(definition.about)}</span></td>'
        f'<td class="drawing">{drawn}</td><td><b>{figure.value:.3f}</b></td>'
        f"<td>{figure.low:.3f} to {figure.high:.3f}</td><td>{figure.n}</td></tr>"
    )


def _columns(report: Report, wanted: Sequence[str]) -> list[str]:
    return [name for name in wanted if any(name in found for found in report.types.values())]


def _number(figure: Figure | None) -> str:
    return "-" if figure is None else f"{figure.value:.3f}"


def _compared(comparison: Comparison) -> list[str]:
    lines = [
        f"beside {comparison.name}: {comparison}",
        f"{'':<24}{'this':>8}{'other':>8}{'change':>8}   95 % interval           p",
    ]
    for name, one in comparison.differences.items():
        between = f"{one.low:+.3f} to {one.high:+.3f}"
        lines.append(f"  {name:<22}{one.value:>8.3f}{one.other:>8.3f}{one.by:>+8.3f}   {between} {one.p:>7.3f}")
    for now, then in comparison.changed[:_MOST_CHANGED]:
        lines.append(f"  {now.case.id}: {then.outcome} ({_said(then)}), now {now.outcome} ({_said(now)})")
    if len(comparison.changed) > _MOST_CHANGED:
        lines.append(f"  and {len(comparison.changed) - _MOST_CHANGED} more questions changed")
    return lines


def _said(one: Asked) -> str:
    if not one.row["answered"]:
        return "failed" if scores.is_failed(one.row) else "refused"
    said = one.row["short"] or " ".join(one.row["text"].split())
    return said if len(said) <= 60 else said[:59] + "…"


def _group(report: Report, group: str) -> str:
    named = [(name, figure) for name, figure in report.figures.items() if FIGURES[name].group == group]
    if not named:
        return ""
    longest = max((figure.high for name, figure in named), default=1.0) if group == "Time" else 1.0
    return f"<section><h3>{group}</h3>{''.join(_figure(*one, longest or 1.0) for one in named)}</section>"


def _interval(figure: Figure, full: float) -> str:
    """The value and its interval drawn on a line from 0 to `full`."""
    low, value, high = (200 * min(1.0, max(0.0, at / full)) for at in (figure.low, figure.value, figure.high))
    return (
        f'<svg viewBox="0 0 208 10" preserveAspectRatio="none" aria-hidden="true"><g transform="translate(4 5)">'
        f'<line class="axis" x2="200"/><line class="range" x1="{low:.1f}" x2="{high:.1f}"/>'
        f'<rect class="dot" x="{value - 1:.1f}" y="-5" width="2" height="10"/></g></svg>'
    )


def _figure(name: str, figure: Figure, full: float) -> str:
    return (
        f'<div class="figure" id="{name}"><span>{escape(FIGURES[name].title)}</span><b>{figure.value:.3f}</b>'
        f'<span class="soft">{escape(FIGURES[name].about)}</span>'
        f'<span class="soft n">{figure.low:.3f} to {figure.high:.3f}, n {figure.n}</span>'
        f"{_interval(figure, full)}</div>"
    )


def _types(report: Report) -> str:
    if not report.types:
        return '<p class="soft">The test set names no types.</p>'
    columns = _columns(report, _SIDE_BY_SIDE)
    head = "".join(f'<th title="{escape(FIGURES[name].about)}">{escape(FIGURES[name].title)}</th>' for name in columns)
    rows = []
    for kind, found in report.types.items():
        cells = "".join(f"<td{_spread(found.get(name))}>{_number(found.get(name))}</td>" for name in columns)
        bar = _outcomes([one for one in report.asked if one.case.type == kind])
        rows.append(f"<tr><td>{escape(kind)}</td><td>{found['failed'].n}</td><td>{bar}</td>{cells}</tr>")
    first = "<th>Type</th><th>n</th><th>Outcomes</th>"
    return _scrolling(f"<thead><tr>{first}{head}</tr></thead><tbody>{''.join(rows)}</tbody>", "Types")


def _spread(figure: Figure | None) -> str:
    return f' title="{figure.low:.3f} to {figure.high:.3f}, n {figure.n}"' if figure is not None else ""


def _scrolling(table: str, label: str, kind: str = "") -> str:
    region = f'<div class="scroll {kind}" tabindex="0" role="region" aria-label="{label}">'
    return f"{region}<table>{table}</table></div>"


def _beside(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    rows = "".join(_difference(name, one) for name, one in comparison.differences.items())
    head = "<th>Figure</th><th>This</th><th>Other</th><th>Change</th><th>95 % interval</th><th>p</th><th>n</th>"
    changed = "".join(
        f"<tr><td>{escape(str(one.case.id))}</td>"
        f'<td class="{other.outcome}">{other.outcome}: {escape(_said(other))}</td>'
        f'<td class="{one.outcome}">{one.outcome}: {escape(_said(one))}</td></tr>'
        for one, other in comparison.changed
    )
    before_after = "<thead><tr><th>Changed question</th><th>Other</th><th>This</th></tr></thead>"
    return (
        f"<h2>Beside {escape(comparison.name)}</h2>"
        f'<p class="soft small">{comparison}. The intervals and p are of a paired bootstrap.</p>'
        + _scrolling(f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>", "Differences")
        + (f"<p></p>{_scrolling(f'{before_after}<tbody>{changed}</tbody>', 'Changed questions')}" if changed else "")
    )


def _difference(name: str, one: Difference) -> str:
    better = {"more": one.by, "less": -one.by}.get(FIGURES[name].better, 0.0)
    judged = "" if one.low <= 0 <= one.high else ' class="right"' if better > 0 else ' class="wrong"' if better else ""
    return (
        f"<tr><td>{escape(FIGURES[name].title)}</td><td>{one.value:.3f}</td><td>{one.other:.3f}</td>"
        f"<td{judged}>{one.by:+.3f}</td><td>{one.low:+.3f} to {one.high:+.3f}</td>"
        f"<td>{one.p:.3f}</td><td>{one.n}</td></tr>"
    )


def _options(values: Iterable[str]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(value)}</option>' for value in values)


def _risk_picture(report: Report) -> str:
    points = curve([one.measured for one in report.asked if "answer_value" in one.measured])
    caption = "Risk and coverage: how often an answer is wrong if only the surest are given"
    if not points:
        return _no_picture(caption, "The model gave no confidence.")
    top = max(0.1, max(risk for _, risk in points))
    drawn = " ".join(f"{_x(coverage):.1f},{_y(risk / top):.1f}" for coverage, risk in points)
    labels = "".join(
        f'<text x="{_x(at):.0f}" y="222" text-anchor="middle">{at:.0%}</text>' for at in (0, 0.25, 0.5, 0.75, 1)
    )
    labels += "".join(
        f'<text x="40" y="{_y(at) + 4:.0f}" text-anchor="end">{at * top:.2f}</text>' for at in (0, 0.5, 1)
    )
    dots = "".join(f'<circle class="dot" r="2.5" cx="{_x(c):.1f}" cy="{_y(r / top):.1f}"/>' for c, r in points[-1:])
    named = '<text x="248" y="244" text-anchor="middle">share of questions answered</text>'
    return _picture(caption, f'{labels}{named}<polyline class="drawn" points="{drawn}"/>{dots}', "risk")


def _time_picture(report: Report) -> str:
    caption = "Seconds a question"
    taken = sorted(one.measured["seconds_total"][0] for one in report.asked if "seconds_total" in one.measured)
    if not taken:
        return _no_picture(caption, "Every question met an error.")
    longest = max(taken[-1], 1e-3)
    bins = [0] * 24
    for seconds in taken:
        bins[min(23, int(24 * seconds / longest))] += 1
    wide = 400 / 24
    bars = "".join(
        f'<rect class="bar" x="{_x(i / 24) + 1:.1f}" y="{_y(n / max(bins)):.1f}" width="{wide - 2:.1f}" '
        f'height="{_y(0) - _y(n / max(bins)):.1f}"><title>{n}</title></rect>'
        for i, n in enumerate(bins)
        if n
    )
    labels = "".join(
        f'<text x="{_x(at):.0f}" y="222" text-anchor="middle">{at * longest:.3g}</text>'
        for at in (0, 0.25, 0.5, 0.75, 1)
    )
    labels += "".join(
        f'<text x="40" y="{_y(n / max(bins)) + 4:.0f}" text-anchor="end">{n}</text>' for n in (0, max(bins))
    )
    return _picture(caption, labels + bars, "time")


def _no_picture(caption: str, why: str) -> str:
    return f'<figure><figcaption>{caption}</figcaption><p class="soft small">{why}</p></figure>'


def _x(share: float) -> float:
    return 48 + 400 * min(1.0, share)


def _y(share: float) -> float:
    return 200 - 184 * min(1.0, share)


def _picture(caption: str, drawn: str, name: str) -> str:
    axes = '<path class="axis" fill="none" d="M48 16V200H448"/>'
    picture = f'<svg viewBox="0 0 480 250" role="img" aria-label="{escape(caption)}">{axes}{drawn}</svg>'
    return f'<figure id="{name}"><figcaption>{escape(caption)}</figcaption>{picture}</figure>'


def _question(one: Asked, stored: scores.Stored) -> str:
    case, row = one.case, one.row
    kind = f" · {case.type}" if case.type else ""
    expected = "no answer in the articles" if case.answerable is False else " · ".join(case.answers) or "not known"
    given, reason = row["text"] or "No answer.", row["reason"] or ""
    if reason not in given:
        given = f"{given} {reason}"
    history = "".join(
        f'<p class="soft small">Before: {escape(turn["question"])} {escape(turn["answer"])}</p>'
        for turn in case.history
    )
    if row["standalone"] != row["question"]:
        history += f'<p class="soft small">Understood as: {escape(row["standalone"])}</p>'
    expected_days = f'<p class="soft small">As of {case.as_of}</p>' if case.as_of else ""
    given_days = f'<p class="soft small">As of {escape(row["as_of"])}</p>' if row["as_of"] else ""
    cited = "".join(_citation(citation, case.articles, stored) for citation in row["citations"])
    proofs = "".join(_proofs(case, stored)) if one.outcome != "right" else ""
    return (
        f'<details class="question" data-outcome="{one.outcome}" data-type="{escape(case.type)}">'
        f'<summary><span class="outcome {one.outcome}">{one.outcome}</span><span>{escape(case.question)}'
        f'<br><span class="soft small">{escape(str(case.id) + kind)} · {escape(_said(one))}</span></span></summary>'
        f'<div class="body">{history}<div class="pair">'
        f"<div><h3>Expected</h3><p>{escape(expected)}</p>{expected_days}</div>"
        f"<div><h3>Given</h3><p><b>{escape(row['short'] or '')}</b></p><p>{escape(given)}</p>{given_days}</div></div>"
        f"{f'<h3>Quotations</h3>{cited}' if cited else ''}{f'<h3>Where it stands</h3>{proofs}' if proofs else ''}"
        f"{_hits(row['hits'], case.articles)}"
        f'<p class="soft small">{escape(_measures(one))}</p></div></details>'
    )


def _citation(citation: Mapping[str, Any], known: Sequence[str], stored: scores.Stored) -> str:
    article = stored(citation["article"])
    start, end = citation["start"], citation["end"]
    day = f", {citation['published']}" if citation["published"] else ""
    note = " · a known article" if citation["article"] in known else ""
    head = f'<p class="small">[{citation["number"]}] {escape(citation["article"] + day)}{note}</p>'
    if article is None or not is_verbatim(citation, article):
        quote = escape(str(citation["quote"]))
        return f'{head}<p class="wrong small">This quotation is not in the article:</p><blockquote>{quote}</blockquote>'
    return head + _within(article.text, start, end)


def _within(text: str, start: int, end: int) -> str:
    """A part of an article's text marked, with what stands around it."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:  # from a whole word on
        before = "… " + before.partition(" ")[2]
    if end + _AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    return f"<blockquote>{escape(before)}<mark>{escape(text[start:end])}</mark>{escape(after)}</blockquote>"


def _proofs(case: Case, stored: scores.Stored) -> Iterator[str]:
    """The places that prove an answer: those that the test set names, else where a known article has its words."""
    places = case.passages or tuple(_said_in(case, stored))
    for place in places[:_MOST_PROOFS]:
        article = stored(place.article)
        if article is not None:
            yield f'<p class="small">{escape(place.article)}</p>{_within(article.text, place.start, place.end)}'


def _said_in(case: Case, stored: scores.Stored) -> Iterator[Passage]:
    for name in case.articles:
        article = stored(name)
        found = (re.search(re.escape(said), article.text, re.IGNORECASE) for said in case.answers) if article else ()
        if match := next(filter(None, found), None):
            yield Passage(name, match.start(), match.end())


def _hits(hits: Sequence[Mapping[str, Any]], known: Sequence[str]) -> str:
    if not hits:
        return ""
    counted: dict[str, list[float]] = {}
    for hit in hits:
        counted.setdefault(str(hit["article"]), []).append(float(hit["score"]))
    rows = "".join(
        f"<li>{'<b>' if name in known else ''}{escape(name)}{'</b>' if name in known else ''} "
        f'<span class="soft">{max(found):.3f}{f", {len(found)} passages" if len(found) > 1 else ""}</span></li>'
        for name, found in counted.items()
    )
    missing = [name for name in known if name not in counted]
    not_found = f'<p class="wrong small">Not found: {escape(", ".join(missing))}</p>' if missing else ""
    return f'<h3>Articles found</h3><ol class="hits">{rows}</ol>{not_found}'


def _measures(one: Asked) -> str:
    shown = [
        f"{FIGURES[name].title} {part / whole:.2f}"
        for name, (part, whole) in (
            (name, measured)
            for name, measured in one.measured.items()
            if len(measured) == 2 and name not in ("risk_coverage", "judged")
        )
        if whole and (name.startswith(("answer_", "citation_", "day_", "as_of")) or name == "mrr_at_10")
    ]
    if one.aside.confidence is not None:
        shown.append(f"confidence {one.aside.confidence:.2f}")
    if one.aside.verdict is not None:
        agrees = "agrees" if one.measured["judge_agreement"][0] else "disagrees"
        shown.append(f"judge {agrees}: {one.aside.verdict}")
    if "seconds_total" in one.measured:
        shown.append(f"{one.measured['seconds_total'][0]:.2f} s")
    return " · ".join(shown)
