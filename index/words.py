"""The words of a question that can find something."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")
# Words too common to find anything by, question words among them.
STOP_WORDS = frozenset(
    """a about according after all also an and any are as at be because been before being but by can could day
        did do does doing during each for from had has have he her him his how i if in into is it its just me more
        most much my no not of on one or other our out over s said say says she should so some such t than that
        the their them then there these they this those to tell until up us was we were what when where which
        while who whom whose why will with would year you your ago ever many""".split()
)


def terms(question: str) -> list[str]:
    """The words of a question that can find something, as they stand in it, without repeats."""
    words = _WORD.findall(question)
    kept = [word for word in words if word.lower() not in STOP_WORDS]
    return list(dict.fromkeys(kept or words))
