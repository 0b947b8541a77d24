"""Why the articles don't say: the plainest true reason, from what the catalog holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dateline.matching import roots
from dateline.question import Question
from index.catalog import Catalog, Filter, Holdings

_SOURCES = 10  # named where one is asked for that no article has
# What was looked for. That none was found is all that can be said truly: one may stand there in other words.
_SOUGHT = {
    "when": "gives the day",
    "where": "gives the place",
    "who": "says who",
    "how-many": "gives the number",
    "how-long": "says how long",
    "why": "gives the reason",
    "yes-no": "settles it",
}


def why(question: Question, catalog: Catalog, filter: Filter) -> str:
    """One line that follows "The articles don't say: "."""
    holdings = catalog.holdings()
    if not holdings.articles:
        return "there are no articles"
    if filter.source and (unknown := _unknown(filter.source, catalog.sources())):
        return unknown
    for name in question.names:
        if not catalog.newest_with([roots(name)]).articles:
            return f"none of the {_count(holdings.articles)} mentions {' '.join(name)}"
    outside = _outside(question, holdings)
    if outside:
        return outside
    subjects = [roots(name) for name in question.names]
    subject = catalog.newest_with(subjects)
    mentioned = _listed([" ".join(name) for name in question.names])
    if question.names and not subject.articles:
        return (
            f"no passage mentions {mentioned} together"
            if len(question.names) > 1
            else f"no passage mentions {mentioned}"
        )
    if filter and not catalog.newest_with(subjects, filter).articles:
        return f"no article mentions {mentioned or 'it'} within the days and source that were asked for"
    missing = f"no sentence was found that {_SOUGHT.get(question.kind, 'answers this')}"
    if not subject.articles:
        return f"in the {_count(holdings.articles)}, {missing}"
    newest = f", the newest of {written(subject.newest)}" if subject.newest else ""
    period = f" for {question.time.period}" if question.time.period else ""
    verb = "mentions" if subject.articles == 1 else "mention"
    return f"{_count(subject.articles)} {verb} {mentioned}{newest}, but {missing}{period}"


def _unknown(source: str, sources: Sequence[str]) -> str | None:
    """The line for a source that none of the articles has, with those that they have."""
    known = [name for name in sources if name]
    if source.lower() in (name.lower() for name in known):
        return None
    shown = [*known[:_SOURCES], f"{len(known) - _SOURCES} more"] if len(known) > _SOURCES else known
    return f"no article is of {source!r}; {f'they are of {_listed(shown)}' if shown else 'none names a source'}"


def written(day: date) -> str:
    """A day as people write it: 22 September 2023."""
    return f"{day.day} {day:%B %Y}"


def _outside(question: Question, holdings: Holdings) -> str | None:
    """The reason when the time asked about lies before or after all the articles."""
    period = question.time.period
    first, last = holdings.first, holdings.last
    if (
        period is None
        or first is None
        or last is None
        or question.time.relation in ("before", "after", "until", "since")
    ):
        return None
    if period.end and period.end < first:
        return f"{period} lies before the oldest article; they run from {written(first)} to {written(last)}"
    if period.start and period.start > last:
        return f"{period} lies after the newest article; they run from {written(first)} to {written(last)}"
    return None


def _count(articles: int) -> str:
    return f"{articles:,} article{'' if articles == 1 else 's'}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
