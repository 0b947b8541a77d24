"""Who held an office when: the statements of `dateline.offices`, person by person and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateline.offices import Office, Tenure, departures, statements, succession
from dateline.people import fullest, same_person
from dateline.tellings import Telling
from index.periods import Period


@dataclass(frozen=True)
class Holder:
    """One person's time in an office, as far as the articles tell, newest statement last."""

    name: str
    said: tuple[Tenure, ...]

    @property
    def start(self) -> date:
        """The first day on which the articles know of it."""
        return min(
            min((one.since.start for one in self.said if one.since and one.since.start), default=date.max),
            min(one.day for one in self.said),
        )

    @property
    def taken(self) -> Tenure | None:
        """The statement of how it began: the last taking, or a holding that says since when."""
        takes = [one for one in self.said if one.status == "takes"]
        since = [one for one in self.said if one.since]
        return _surest(takes) or (since[-1] if since else None)

    @property
    def left(self) -> Tenure | None:
        """The statement of how it ended, if it did."""
        leaves = [one for one in self.said if one.status == "leaves"]
        first = min((one.day for one in leaves if one.day >= self.seen), default=None)
        return _surest([one for one in leaves if one.day == first]) if first else None

    @property
    def seen(self) -> date:
        """The last day on which a statement has this person in office."""
        return max((one.day for one in self.said if one.status in ("takes", "holds")), default=date.min)

    @property
    def newest(self) -> Tenure:
        """The statement that shows this person in office last, one that names the office's taking before others."""
        held = [one for one in self.said if one.status in ("takes", "holds")] or list(self.said)
        return max(held, key=lambda one: (one.day, one.status == "takes", len(one.name)))


@dataclass(frozen=True)
class Line:
    """The holders of one office, in order of their coming."""

    office: Office
    holders: tuple[Holder, ...]

    def now(self) -> Holder | None:
        """Who the newest statement has in office; None where the last known holder is said to have left."""
        known = [holder for holder in self.holders if holder.seen > date.min]
        newest = max(known, key=lambda holder: (holder.seen, holder.newest.status == "takes"), default=None)
        return None if newest is None or newest.left else newest

    def last(self) -> Holder | None:
        """Who was in office last, gone or not."""
        known = [holder for holder in self.holders if holder.seen > date.min]
        return max(known, key=lambda holder: (holder.seen, holder.newest.status == "takes"), default=None)

    def during(self, window: Period) -> list[Holder]:
        """Who was in office in a period, by what was said before it, in it and after it."""
        first, last = window.start or date.min, window.end or date.max
        found = []
        for holder in self.holders:
            end = holder.left.day if holder.left else None
            following = min((other.start for other in self.holders if other.start > holder.start), default=date.max)
            start = holder.start
            ends = end or (following if following > holder.seen else holder.seen)
            if start <= last and ends >= first and not (ends == first and start < first and end and end == first):
                found.append(holder)
        if len(found) > 1 and window.end:
            inside = [holder for holder in found if holder.seen >= first or holder.start >= first]
            found = inside or found
        return sorted(found, key=lambda holder: holder.start)

    def beside(self, name: str, step: int) -> Holder | None:
        """Who held it before (-1) or after (1) that person."""
        ordered = list(self.holders)
        at = next((place for place, holder in enumerate(ordered) if same_person(holder.name, name)), None)
        if at is None or not 0 <= at + step < len(ordered):
            return None
        return ordered[at + step]

    def holder(self, name: str) -> Holder | None:
        """A person's last time in the office."""
        return next((holder for holder in reversed(self.holders) if same_person(holder.name, name)), None)


def line(office: Office, told: Sequence[Telling], until: date | None = None, name: str | None = None) -> Line:
    """The holders that the sentences tell of; `until` leaves out what was said later.

    Where the office's body is not asked for, it is that of the person `name`, if the articles say which.
    """
    told = [one for one in told if until is None or one.published is None or one.published <= until]
    said: list[Tenure] = []
    for telling in told:
        if telling.retracted:
            continue
        found = list(statements(office, telling))
        said.extend(found)
        pair = succession(telling) if found else None
        if pair:
            said.extend(_followed(pair, found))
    if not office.body and name:
        places = Counter(one.place for one in said if one.place and same_person(one.name, name))
        places = places or Counter(one.place for one in said if one.place)
        if places:
            body = (tuple(places.most_common(1)[0][0].split()),)
            return line(replace(office, body=body), told)
    said = _of_the_body(said)
    names = _distinct(one.name for one in said)
    for name in names:
        if any(one.status in ("holds", "takes") for one in said if same_person(one.name, name)):
            said.extend(gone for telling in told for gone in departures(name, telling))
    holders = [
        Holder(fullest(one.name for one in said if same_person(one.name, name)), stint)
        for name in names
        for stint in _stints([one for one in said if same_person(one.name, name)])
    ]
    return Line(office, tuple(sorted(holders, key=lambda holder: holder.start)))


def _stints(said: Sequence[Tenure]) -> Iterator[tuple[Tenure, ...]]:
    """One person's times in office: who is seen in it after leaving has come back, unless it was by death."""
    stint: list[Tenure] = []
    gone: Tenure | None = None
    for one in sorted(said, key=lambda each: (each.day, each.status == "leaves")):
        back = one.status in ("takes", "holds") and gone is not None and one.day > gone.day
        if back and gone is not None and gone.final:
            continue
        if back:
            yield tuple(stint)
            stint, gone = [], None
        stint.append(one)
        if one.status == "leaves" and any(other.status in ("takes", "holds") for other in stint):
            gone = gone or one
    if stint:
        yield tuple(stint)


def _of_the_body(said: Sequence[Tenure]) -> list[Tenure]:
    """The statements of the body asked about. Who holds the office elsewhere, and never here, does not hold it here."""
    kept = []
    for one in said:
        places = {other.bound for other in said if same_person(one.name, other.name)}
        elsewhere = "elsewhere" in places and "named" not in places
        if one.bound == "elsewhere" or elsewhere or places == {"unplaced"}:
            continue
        kept.append(one)
    return kept


def _followed(pair: tuple[str, str], found: Sequence[Tenure]) -> Iterator[Tenure]:
    """The one who was followed left when the other came."""
    follower, followed = pair
    for one in found:
        if same_person(one.name, follower) and not any(same_person(other.name, followed) for other in found):
            yield Tenure(followed, "leaves", one.day, one.telling, one.period)


def _distinct(names: Iterator[str]) -> list[str]:
    """One name a person: bare surnames go to the full name that they belong to."""
    found: list[str] = []
    for name in sorted(set(names), key=lambda name: -len(name.split())):
        if not any(same_person(name, other) for other in found):
            found.append(name)
    return found


def _surest(said: Sequence[Tenure]) -> Tenure | None:
    """The one that an article told as its news, then the fullest."""
    return max(said, key=lambda one: (one.telling.leads, one.period is not None, -one.telling.start), default=None)
