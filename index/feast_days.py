"""Times named by a feast: Christmas Day 2018, New Year's Eve, Easter Monday.

`FORMS` is the table: a name, a pattern, a reader. Without a year it is the nearest past one, unless the sentence looks
ahead; then bare "Christmas" and "Easter" are left alone, which may mean a season.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

from index import periods
from index.naming import Form, Named, Scene, name
from index.tense import tense

_FEASTS: dict[str, Callable[[int], date]] = {
    "new year's day": lambda year: date(year, 1, 1),
    "new year's eve": lambda year: date(year, 12, 31),
    "christmas eve": lambda year: date(year, 12, 24),
    "christmas day": lambda year: date(year, 12, 25),
    "christmas": lambda year: date(year, 12, 25),
    "boxing day": lambda year: date(year, 12, 26),
    "good friday": lambda year: easter(year) - timedelta(2),
    "easter sunday": easter,
    "easter monday": lambda year: easter(year) + timedelta(1),
    "easter": easter,
}
_SEASONS = ("christmas", "easter")


def _feast(match: re.Match[str], scene: Scene) -> Named | None:
    words, today = match["feast"].lower().replace("’", "'"), scene.published
    day = _FEASTS[words]
    if match["year"]:
        return name(match, periods.day(day(int(match["year"]))))
    if today is None or words in _SEASONS:
        return None
    year = today.year
    if match["relative"]:
        year += int(match["relative"] == "next") - int(match["relative"] == "last")
    elif tense(scene.text, match.start(), match.end()) == "ahead":
        year += day(year) < today
    else:
        year -= day(year) > today
    return name(match, periods.day(day(year)), relative=True)


FORMS: tuple[Form, ...] = (
    (
        "feast",
        r"(?P<feast>New Year['’]s (?:Day|Eve)|Christmas(?: Eve| Day)?|Boxing Day|Good Friday|"
        r"Easter(?: Sunday| Monday)?)(?:(?:,| of| in)? (?P<year>(?:1[5-9]|2[01])\d\d)(?!\d)|"
        r",? (?:of )?(?P<relative>last|this|next) year\b|\b)",
        _feast,
    ),
)
