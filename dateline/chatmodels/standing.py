"""What becomes of a chat model's answer once its statements were checked: it stands, or the built-in reader's does.

The built-in reader answers every question first. Its answer stays in reserve: where none of a model's statements both
holds and answers, it stands in their place, so that a poor model is never worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dateline.chatmodels.checking import gives, numbers
from dateline.matching import has, share, share_of_names, stems
from dateline.model import Claim, Draft
from index.days import mentions

if TYPE_CHECKING:
    from datetime import date

    from dateline.question import Question

NOT_SAID = "the model finds no answer in the passages"
UNPROVED = "nothing that the model said stands in the passages"
BESIDE = "what the model said stands in the passages, but answers something else"

SURE = 0.5
"""A model's refusal is taken over a built-in answer that is, by its own account, more likely wrong than right."""

_ABOUT = 0.5  # the share of a question's words that a statement that answers it has around it
_LONGEST = 80  # characters of a bare answer
_YES_NO = re.compile(r"(yes|no)\b", re.IGNORECASE)


def settled(question: Question, claims: Sequence[Claim], bare: str, found: Draft) -> Draft:
    """The last draft of a model that said `claims`, none where it refused, and gave `bare` as its bare answer.

    `found` is the built-in reader's draft.
    """
    if not claims:
        return found if found.claims and (found.confidence or 0) >= SURE else Draft(reason=NOT_SAID)
    answering = [claim for claim in claims if claim.quotations and answers(question, claim)]
    if answering:
        short = _short(question, answering, bare, found)
        sure = found.confidence if short is not None and short == found.short else None
        return Draft(tuple(claims), short, None, found.disagreements, sure)
    if found.claims:
        return replace(found, claims=(*claims, *found.claims))
    return Draft(tuple(claims), reason=BESIDE if any(claim.quotations for claim in claims) else UNPROVED)


def answers(question: Question, claim: Claim) -> bool:
    """Whether a statement is about what a question asks: its names and half its words, and a value of its kind.

    The words may stand in the statement, in its quotation or in the article's title.
    """
    around = stems(" \n ".join([claim.text, *(f"{one.article.title} \n {one.quote}" for one in claim.quotations)]))
    if share_of_names(around, question.names) < 1 or share(around, question.terms) < _ABOUT:
        return False
    match question.kind:
        case "when":
            return any(mention.period.start or mention.period.end for mention in mentions(claim.text, _day(claim)))
        case "how-many":
            return next(numbers(claim.text), None) is not None
        case "who" | "where":
            asked = stems(question.standalone)
            return any(
                not has(asked, name) for name in re.findall(r"(?<!^)\b[A-Z][\w-]+|^[A-Z][\w-]+ [A-Z]", claim.text)
            )
    return True


def _short(question: Question, claims: Sequence[Claim], bare: str, found: Draft) -> str | None:
    """The bare answer: the built-in reader's where the model says the same, else the model's own, else the day given.

    Whichever it is, it stands in a statement that a quotation supports.
    """
    if question.kind == "yes-no":
        said = _YES_NO.match(bare) or _YES_NO.match(claims[0].text)
        return said[1].capitalize() if said else None
    if found.short and any(gives(claim.text, found.short, _day(claim)) for claim in claims):
        return found.short
    if bare and len(bare) <= _LONGEST and any(gives(claim.text, bare, _day(claim)) for claim in claims):
        return bare.rstrip(".")
    if question.kind == "when":
        days = dict.fromkeys(str(mention.period) for mention in mentions(claims[0].text, _day(claims[0])))
        return next(iter(days)) if len(days) == 1 else None
    return None


def _day(claim: Claim) -> date | None:
    return claim.quotations[0].article.published if claim.quotations else None
