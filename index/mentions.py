"""The times that a text names: found one by one, then joined with the words around them.

"from 2011 to 2018" is two names and one time; so are "since May" and "early last year".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index import calendar_times, feast_days, periods, relative_times
from index.naming import Named, Scene
from index.periods import Part, Period


@dataclass(frozen=True)
class Mention:
    """`text[start:end]` (code points) names `period`; `relative` when that took the article's day to know."""

    start: int
    end: int
    period: Period
    relative: bool


def mentions(text: str, published: date | None) -> tuple[Mention, ...]:
    """The times that `text` names, in order, not overlapping.

    `published` is the article's day; None leaves out what can't be known without it.
    """
    return tuple(
        Mention(one.start, one.end, window(one.period, one.relation), one.relative) for one in named(text, published)
    )


def blanked(text: str, found: Iterable[Mention]) -> str:
    """The text with spaces in the place of the times found in it, as long as it was."""
    rest = list(text)
    for mention in found:
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(rest)


def dayless(text: str, found: Iterable[Mention]) -> str:
    """The text on one line without the times found in it, nor the "on" of "on Tuesday"."""
    return " ".join(_LEFT_OVER.sub(" ", blanked(text, found)).split())


_LEFT_OVER = re.compile(r"\b(?:on|in|at|by)\s{2,}")


def named(text: str, published: date | None) -> list[Named]:
    """The times of `mentions`, with "since" and the like not yet applied."""
    found: list[Named] = []
    previous: Named | None = None
    at = 0
    while one := _first(Scene(text, published, previous, _first), at, len(text)):
        one = _with_prefix(one, text, published, at)
        found.append(one)
        at = one.end
        previous = one if one.sure else previous
    return [one for one in _joined(text, found) if one.sure]


def window(period: Period, relation: str | None) -> Period:
    """The days that "before", "since" and the like leave of a period; it stays as it is where that side is open."""
    start, end = period.start, period.end
    match relation:
        case "since" if start:
            return replace(period, end=None)
        case "until" | "as-of" if end:
            return replace(period, start=None)
        case "before" if start:
            return replace(period, start=None, end=start - timedelta(days=1))
        case "after" if end:
            return replace(period, start=end + timedelta(days=1), end=None)
    return period


_FORMS = feast_days.FORMS + calendar_times.FORMS + relative_times.FORMS
_READERS = {form: (re.compile(pattern), reader) for form, pattern, reader in _FORMS}
_INNER = re.compile(r"\(\?P<\w+>")
# How the words begin that a form can start with. Asked before the forms are tried, it more than halves the time.
_BEGINNING = (
    r"(?=[0-9A-GJL-QSTWY]|a[nt\s]|au|com|coup|dur|ei|el|fal|fi|fo|las|nex|ni|on|over|past|sec|sev|spr|sum|si|"
    r"tod|ton|tom|th[aei]\w?\s|thi|thr|tw|ten|win|yes)"
)
# All forms as one expression; their own groups give way to one for each form, which says who is to read it.
_ANY = re.compile(
    rf"\b{_BEGINNING}(?:" + "|".join(f"(?P<{form}>{_INNER.sub('(?:', pattern)})" for form, pattern, _ in _FORMS) + ")"
)


def _first(scene: Scene, start: int, end: int) -> Named | None:
    """The first time named in text[start:end]."""
    while match := _ANY.search(scene.text, start, end):
        form = match.lastgroup or ""
        pattern, reader = _READERS[form]
        again = pattern.match(scene.text, match.start())
        read = reader(again, scene) if again else None
        if read is not None:
            return replace(read, form=form)
        start = match.start() + 1
    return None


_PREFIX = re.compile(
    r"(?:\b(?P<relation>[Ss]ince|[Uu]ntil|[Tt]ill|[Uu]p\s+to|[Tt]hrough|[Ff]rom|[Bb]etween|[Bb]efore|[Pp]rior\s+to|"
    r"[Aa]fter|[Aa]s\s+of|[Bb]y)\s+(?:(?:in|on|at)\s+)?)?"
    r"(?:\b(?P<about>[Aa]bout|[Aa]round|[Cc]irca|c\.|[Aa]pproximately|[Rr]oughly|[Aa]lmost|[Nn]early|[Ss]ome|[Oo]ver|"
    r"(?:[Jj]ust\s+)?(?:[Mm]ore|[Ll]ess)\s+than|[Aa]t\s+least|[Jj]ust\s+(?:over|under))\s+)?"
    r"(?P<the>\bthe\s+)?(?:\b(?P<part>[Ee]arl(?:y|ier)|[Mm]id|[Ll]ater?)(?:[\s-]+|\s+(?:in|on)\s+))?(?:the\s+)?\Z"
)
_PREFIX_REACH = 44
_RELATIONS = {"till": "until", "up to": "until", "through": "until", "prior to": "before", "as of": "as-of"}
_PARTS: dict[str, Part] = {"early": "early", "earlier": "early", "mid": "mid", "late": "late", "later": "late"}
_ABOUT = ("year", "month_year", "ago", "decade", "date", "american", "season")
_WHOLE = ("month", "month_year", "year", "decade", "unit_near")
_ONWARDS = re.compile(r"\s+on(?:wards?\b|(?=[.,;:)]))")
# What may follow "after 2011" when 2011 itself is meant, and not "the 2011 vote".
_ENDS = re.compile(r"\s*(?:$|[.,;:)?!\n]|(?:and|but|when|as|with|did|was|were|is|has|had)\b)")


def _with_prefix(one: Named, text: str, published: date | None, floor: int) -> Named:
    """With the words in front that change what it means: early, about, since. `floor` is where the last one ended."""
    prefix = _PREFIX.search(text, max(floor, one.start - _PREFIX_REACH), one.start)
    if prefix is None or prefix.start() == one.start:
        return one
    word = prefix["part"]
    if word and one.form in _WHOLE:
        one = replace(
            one, start=prefix.start("part"), period=_narrowed(one.period, word.lower(), published, one.relative)
        )
    if prefix["about"] and one.form in _ABOUT and one.sure:
        one = replace(one, start=prefix.start("about"), period=replace(one.period, approximate=True))
    if not prefix["relation"]:
        return one
    relation = " ".join(prefix["relation"].lower().split())
    relation, end = _RELATIONS.get(relation, relation), one.end
    if relation == "from" and (onwards := _ONWARDS.match(text, end)):
        relation, end = "since", onwards.end()
    if relation in ("before", "after") and (prefix["the"] or one.relative or not _ENDS.match(text, end)):
        return one
    if relation in ("from", "between", "by"):  # these need a partner, or say no more than the name
        return replace(one, relation=relation)
    return replace(one, start=prefix.start("relation"), end=end, relation=relation)


def _narrowed(period: Period, word: str, published: date | None, relative: bool) -> Period:
    """Early, mid, late; "earlier this year" ends on the article's day, and "later this year" starts on it."""
    if published and word in ("earlier", "later") and period.contains(published):
        return replace(period, end=published) if word == "earlier" else replace(period, start=published)
    return period if word in ("earlier", "later") and not relative else periods.part(_PARTS[word], period)


_DASH = re.compile(r"\s?[-–—]\s?\Z")
_TO = re.compile(r"\s*,?\s+(?:to|until|till|through)\s+(?:the\s+)?\Z")
_AND = re.compile(r"\s+and\s+(?:the\s+)?\Z")
_LIST = re.compile(r"\s*(?:,|,?\s+(?:and|or|then))\s+\Z")
_LEAD = re.compile(r"(?:[Ff]rom|[Bb]etween)\s+(?:(?:in|on|the|about|around)\s+)*\Z")


def _joined(text: str, found: list[Named]) -> list[Named]:
    """Two names become one time ("from May to June"), and a list makes all its years sure ("in 2012 and 2016")."""
    joined: list[Named] = []
    for one in found:
        last = joined[-1] if joined else None
        if last is not None:
            gap = text[last.end : one.start]
            own = text[last.end : one.start + 9] if one.relation == "until" else gap
            both = _range(last, one, gap, own, text)
            if both is not None:
                joined[-1] = both
                continue
            if last.sure and not one.sure and last.form == one.form and _LIST.fullmatch(gap):
                one = replace(one, sure=True)
        joined.append(one)
    return joined


def _range(first: Named, second: Named, gap: str, own: str, text: str) -> Named | None:
    """From the first to the second, where the words between them say so."""
    if first.period.open or second.period.open or first.form in ("years",) or len(gap) > 14:
        return None
    until = second.relation == "until" and not gap.strip()
    paired = (
        first.relation == "from" and (until or bool(_TO.fullmatch(gap) or _DASH.fullmatch(gap)))
        or first.relation == "between" and bool(_AND.fullmatch(gap))
        or _alike(first, second) and bool(_TO.fullmatch(gap) or _DASH.fullmatch(gap) or until)
    )  # fmt: skip
    if not paired:
        return None
    start, end = _in_order(first, second)
    if start is None or end is None or start.start is None or end.end is None or start.start > end.end:
        return None
    begin = first.start
    if first.relation in ("from", "between") and (lead := _LEAD.search(text, max(0, begin - 24), begin)):
        begin = lead.start()
    whole = Period(start.start, end.end, "range", first.period.approximate or second.period.approximate)
    return Named(begin, second.end, whole, second.relative, "range")


def _alike(first: Named, second: Named) -> bool:
    """Both are dates, or both months, or both sure years: then a dash or "to" is enough."""
    calendar = {"date": 1, "american": 1, "iso": 1, "month": 2, "month_year": 2, "year": 3}
    kind = calendar.get(first.form)
    return kind is not None and kind == calendar.get(second.form) and (first.sure or second.sure)


def _in_order(first: Named, second: Named) -> tuple[Period | None, Period | None]:
    """The first name moved to the year (or the week) of the second where it left that open."""
    start, end = first.period, second.period
    if not first.relative or start.start is None or end.start is None or end.end is None:
        return start, end
    if first.form == "weekday" and start.start > end.start:
        return periods.day(periods.shift(start.start, -((start.start - end.start).days + 6) // 7, "week")), end
    if first.form in ("date", "american", "month"):
        year = end.start.year - ((start.start.month, start.start.day) > (end.start.month, end.start.day))
        if first.form == "month":
            return periods.month(year, start.start.month), end
        when = periods.valid_day(year, start.start.month, start.start.day)
        return (periods.day(when) if when else None), end
    return start, end
