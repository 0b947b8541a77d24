"""Who held an office when: the statements of `dateline.builtin.tenures`, person by person and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateline.builtin.tenures import Tenure, departures, statements, succession
from dateline.matching import has, roots
from dateline.offices import Office
from dateline.people import fullest, same_person
from dateline.tellings import Telling
from index.periods import Period

# Days that a chosen holder may wait for the office, and by which two accounts of its taking may differ.
_WAIT, _SAME = 240, 3
# Days before somebody is first seen in an office in which that one may have held it already.
_UNSEEN = 240
_MONTH = 31


@dataclass(frozen=True)
class Holder:
    """One person's time in an office, as far as the articles tell, newest statement last."""

    name: str
    said: tuple[Tenure, ...]

    @property
    def start(self) -> date:
        """The first day on which the articles know of it."""
        if self.seen == date.min and any(one.former for one in self.said):
            return date.min  # "former mayor": before anybody who is seen in office
        days = [one.day for one in self.said if one.period is None or _length(one.period) <= _MONTH]
        # "In 2022" is no earlier than a day of 2022.
        exact = [
            one
            for one in self.said
            if one.day in days or one.period is None or not any(one.period.contains(day) for day in days)
        ]
        return min(
            min((one.since.start for one in self.said if one.since and one.since.start), default=date.max),
            min(one.day for one in exact),
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

    def apart(self, window: Period) -> int:
        """Days between a period and the nearest statement that has this person in office."""
        days = [one.day for one in self.said if one.status != "leaves"] or [self.start]
        first, last = window.start or date.min, window.end or date.max
        return min(max((first - day).days, (day - last).days, 0) for day in days)

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

    def at(self, window: Period) -> Holder | None:
        """Who was in office in a few days: the one seen nearest to them who neither came later nor left before."""
        first, last = window.start or date.min, window.end or date.max
        possible = [
            holder
            for holder in self.holders
            if not (holder.taken and holder.taken.status == "takes" and holder.taken.day > last and holder.start > last)
            and not (holder.left and holder.left.day < first)
            and (holder.start - last).days <= _UNSEEN
        ]
        return min(possible, key=lambda holder: holder.apart(window), default=None)

    def beside(self, name: str, step: int) -> Holder | None:
        """Who held it before (-1) or after (1) that person; after means from the day on that the person is known to
        have left."""
        ordered = list(self.holders)
        at = next((place for place, holder in enumerate(ordered) if same_person(holder.name, name)), None)
        if at is None:
            return None
        if step < 0:
            return ordered[at - 1] if at else None
        left = ordered[at].left
        return next((one for one in ordered[at + 1 :] if left is None or one.start >= left.day), None)

    def holder(self, name: str) -> Holder | None:
        """A person's last time in the office."""
        return next((holder for holder in reversed(self.holders) if same_person(holder.name, name)), None)


def line(
    office: Office,
    told: Sequence[Telling],
    until: date | None = None,
    name: str | None = None,
    placed: bool = True,
) -> Line:
    """The holders that the sentences tell of; `until` leaves out what was said later.

    Where the office's body is not asked for, it is that of the person `name`, if the articles say which. `placed`
    leaves out who is nowhere said to hold the office of that body.
    """
    told = [one for one in told if until is None or one.published is None or one.published <= until]
    said: list[Tenure] = []
    unnamed: list[tuple[tuple[str, str], Telling]] = []
    for telling in told:
        if telling.retracted:
            continue
        found = list(statements(office, telling))
        said.extend(found)
        if pair := succession(telling, contests=bool(found)):
            if found:
                said.extend(_followed(pair, found))
            else:
                unnamed.append((pair, telling))
    if not office.body and name:
        places = _places(name, said)
        if places:
            body = (tuple(places.most_common(1)[0][0].split()),)
            return line(replace(office, body=body), told, placed=False)
    said = _of_the_body(said, placed)
    said += [one for pair, telling in unnamed for one in _came_after(office, pair, telling, said)]
    names = _distinct(one.name for one in said)
    for name in names:
        if any(one.status != "leaves" for one in said if same_person(one.name, name)):
            said.extend(gone for telling in told for gone in departures(name, telling, office))
    said = _in_office(_until_then(said))
    holders = [
        Holder(fullest(one.name for one in said if same_person(one.name, name)), stint)
        for name in names
        for stint in _stints(name, said)
    ]
    return Line(office, tuple(sorted(holders, key=lambda holder: holder.start)))


def _stints(name: str, said: Sequence[Tenure]) -> Iterator[tuple[Tenure, ...]]:
    """One person's times in office: who is seen in it after leaving, or after somebody else, has come back.

    After a death nobody comes back.
    """
    stint: list[Tenure] = []
    gone: Tenure | None = None
    own = [one for one in said if same_person(one.name, name)]
    others = [one.day for one in said if one.status in ("takes", "holds") and not one.acting and one not in own]
    for one in sorted(own, key=lambda each: (each.day, each.status == "leaves")):
        back = one.status in ("takes", "holds") and (
            gone is not None
            and one.day > gone.day
            or bool(stint)
            and not one.since
            and any(_seen(stint) < day < one.day for day in others)
        )
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


def _seen(stint: Sequence[Tenure]) -> date:
    return max(one.day for one in stint)


def _places(name: str, said: Sequence[Tenure]) -> Counter[str]:
    """The bodies that a person's office may be of, as often as sentences say so, else as they stand near the person."""
    own = [one for one in said if same_person(one.name, name)]
    named = Counter(one.place for one in own if one.place)
    known = {one.place for one in said if one.place}
    return named or Counter(
        place
        for one in own
        for place in known
        if any(has(one.telling.words | one.telling.located, root) for root in roots(tuple(place.split())))
    )


def _in_office(said: Sequence[Tenure]) -> list[Tenure]:
    """Without what was only on its way: an office announced is taken if its holder is seen in it later, and a vote is
    not its taking where the holder took it on another day."""
    made = []
    for one in said:
        own = [other for other in said if same_person(other.name, one.name)]
        if one.status == "due":
            seen = any(other.status in ("takes", "holds") and other.day >= one.day for other in own)
            taken = [other.day for other in own if other.status == "takes" and not other.chosen]
            if not seen or any(abs((day - one.day).days) <= _SAME for day in taken):
                continue
            one = replace(one, status="takes", chosen=False)
        elif one.chosen and one.status == "takes":
            days = [other.day for other in own if other.status in ("takes", "due") and not other.chosen]
            if any(0 < (day - one.day).days <= _WAIT for day in days):
                continue
        made.append(one)
    return made


def _until_then(said: Sequence[Tenure]) -> list[Tenure]:
    """A sentence that tells of somebody's end has that one in office before it: "removed its director, Ada Finch"."""
    ends = {
        (one.name.split()[-1], one.telling.article.id, one.telling.start): one.day
        for one in said
        if one.status == "leaves"
    }
    made = []
    for one in said:
        day = ends.get((one.name.split()[-1], one.telling.article.id, one.telling.start))
        made.append(replace(one, status="held", day=min(one.day, day)) if day and one.status == "holds" else one)
    return made


def _of_the_body(said: Sequence[Tenure], placed: bool) -> list[Tenure]:
    """The statements of the body asked about. Who holds the office elsewhere, and never here, does not hold it here."""
    rivals = {tuple(one.place.split()) for one in said if one.bound == "elsewhere" and one.place}
    said = [_placed(one, rivals) for one in said]
    kept = []
    for one in said:
        places = {other.bound for other in said if same_person(one.name, other.name)}
        elsewhere = "elsewhere" in places and "named" not in places
        if one.bound == "elsewhere" or elsewhere or placed and places == {"unplaced"}:
            continue
        kept.append(one)
    return kept


def _placed(one: Tenure, rivals: Iterable[tuple[str, ...]]) -> Tenure:
    """An article that is set in a rival body too does not say whose office it speaks of."""
    if one.bound != "setting":
        return one
    beside = any(has(one.telling.located, root) for rival in rivals for root in roots(rival))
    return replace(one, bound="unplaced") if beside else one


def _followed(pair: tuple[str, str], found: Sequence[Tenure]) -> Iterator[Tenure]:
    """The one who was followed left when the other came, and the other came when the one left."""
    follower, followed = pair
    for one in found:
        if same_person(one.name, followed) and not any(same_person(other.name, follower) for other in found):
            yield Tenure(follower, "takes", one.day, one.telling, one.period, bound=one.bound)
        if same_person(one.name, follower) and not any(same_person(other.name, followed) for other in found):
            yield Tenure(followed, "leaves", one.day, one.telling, one.period, bound=one.bound)


def _came_after(office: Office, pair: tuple[str, str], telling: Telling, said: Sequence[Tenure]) -> Iterator[Tenure]:
    """Who follows a known holder, in an article on the body or on that one's office, has taken it."""
    follower, followed = pair
    holding = [one for one in said if same_person(one.name, followed)]
    here = any(one.telling.article is telling.article for one in holding)
    about = office.body and all(any(has(telling.lead, root) for root in roots(name)) for name in office.body)
    day = telling.news.start if telling.leads and telling.news else telling.published
    if holding and (here or about) and day:
        yield Tenure(follower, "takes", day, telling)
        yield Tenure(followed, "leaves", day, telling)


def _length(period: Period) -> int:
    return (period.end - period.start).days if period.start and period.end else 0


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
