"""The chat page's HTML, made from conversations and articles; the only place where it is made.

Everything that comes from an article, a model or a visitor goes through `html.escape`, and nothing in it is read as
Markdown or HTML: of an answer's text only our own markers become links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from dateline.answer import Answer, Citation, Conflict
from dateline.chatmodels.server import is_gguf
from dateline.page.timeline import Point, points
from dateline.refusal import written

if TYPE_CHECKING:
    from index.catalog import Holdings

# Code points of a question that are repeated.
_QUESTION = 400

# Drawn once here: an icon font or a picture would be one more thing to load.
_THUMB = "M8 11v9H4.5v-9H8Zm0 0 3.6-7.2c1.4.1 2.4 1.1 2.4 2.6V9h4.6a2 2 0 0 1 2 2.4l-1.3 7a2 2 0 0 1-2 1.6H8"
_THUMB_UP = f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_THUMB}"/></svg>'
_THUMB_DOWN = f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_THUMB}" transform="rotate(180 12 12)"/></svg>'


@dataclass
class Turn:
    """One question and what became of it, while it is being answered and after.

    `model` is who was asked; `trouble` is the line that says why there is no answer, or not the one asked for;
    `verdict` what the visitor thought of the answer.
    """

    question: str
    answer: Answer | None = None
    trouble: str | None = None
    finished: bool = False
    stop: Event = field(default_factory=Event)
    verdict: str | None = None
    model: str = "quotes"

    @property
    def stopped(self) -> bool:
        return self.stop.is_set()

    def end(self) -> None:
        """Stop it where it is; a chat model's work ends with it."""
        self.stop.set()
        self.finished = True


@dataclass
class Conversation:
    """What one visitor asked, oldest first. `shown` is the turn whose sources are beside it."""

    turns: list[Turn] = field(default_factory=list)
    shown: int = 0

    @property
    def busy(self) -> bool:
        return bool(self.turns) and not self.turns[-1].finished

    def ask(self, question: str, model: str = "quotes") -> Turn:
        """Begin a turn; questions that were none are dropped from the ones before it."""
        self.turns = [turn for turn in self.turns if turn.question]
        self.turns.append(Turn(question.strip(), model=model))
        self.shown = len(self.turns) - 1
        return self.turns[-1]

    def history(self) -> list[tuple[str, str]]:
        """The finished turns as the assistant takes them."""
        return [
            (turn.question, turn.answer.text if turn.answer.answered else "")
            for turn in self.turns
            if turn.finished and turn.answer
        ]

    def turn(self, number: object) -> Turn | None:
        """The turn of a number that a browser sent."""
        return self.turns[number] if isinstance(number, int) and 0 <= number < len(self.turns) else None


HEAD = """<meta name="color-scheme" content="light dark">
<meta name="description" content="Questions answered in quotations from dated articles">"""


# -- Above --


def masthead(holdings: Holdings | None, folder: Path, skipped: int = 0) -> str:
    """The name of the page and what it answers from; `holdings` None when the index can't be read."""
    held = "the index can’t be read" if holdings is None else contents(holdings)
    left_out = f", {_count(skipped, 'file')} could not be read" if skipped else ""
    # Enough of the path to know it by; a visitor from elsewhere need not see where it lies.
    name = "/".join(folder.resolve().parts[-2:])
    return (
        '<div class="masthead"><div><h1>Dateline</h1><p class="motto">Answers in quotations, each with its article '
        f'and its day</p></div><p class="holdings"><strong>{held}</strong>{left_out}<br><span class="folder" '
        f'title="The folder that is answered from">{escape(name)}</span></p></div>'
    )


def contents(holdings: Holdings) -> str:
    """What is indexed, in words: "32 articles, 23 June 2004 to 30 January 2025"."""
    if not holdings.articles:
        return "no articles yet"
    days = ""
    if holdings.first and holdings.last:
        first, last = written(holdings.first), written(holdings.last)
        days = f", {first}" if first == last else f", {first} to {last}"
    return f"{_count(holdings.articles, 'article')}{days}"


def says(trouble: str) -> str:
    """The line beside the choice of models: why there are no chat models to choose from, where some were expected."""
    return f'<span class="says">{escape(trouble)}</span>' if trouble else ""


# -- The conversation --


def conversation(talk: Conversation, examples: Sequence[str] = ()) -> str:
    """All turns, or before the first one a welcome with questions to try."""
    if not talk.turns:
        return _welcome(examples)
    latest = talk.turns[-1]
    turns = "".join(_turn(turn, number, number == talk.shown) for number, turn in enumerate(talk.turns))
    # Read out as a whole when it is there: the growing text itself would be read again from the start each time.
    heard = _heard(latest) if latest.finished else f"{_waited_for(latest)}."
    return f'<div class="turns">{turns}</div><p class="unseen" role="status">{escape(heard)}</p>'


def _welcome(examples: Sequence[str]) -> str:
    offered = "".join(
        f'<li><button type="button" data-example>{escape(question)}</button></li>' for question in examples
    )
    tried = f'<h3>Questions to try</h3><ul class="examples">{offered}</ul>' if offered else ""
    return (
        '<div class="welcome"><h2>Ask the articles</h2><p>Dateline looks for the sentences that answer a question and '
        "quotes them, letter for letter, with the article and the day each one comes from. It says up to which day "
        "the answer holds, and where the articles disagree. When they don’t say, it says so.</p>"
        f"{tried}</div>"
    )


def _turn(turn: Turn, number: int, shown: bool) -> str:
    question = turn.question
    if len(question) > _QUESTION:
        question = f"{question[:_QUESTION].rstrip()} … ({len(turn.question):,} characters)"
    parts = [f'<h2 class="question" dir="auto">{escape(question)}</h2>' if question.strip() else ""]
    if turn.trouble:
        parts.append(f'<p class="trouble">{escape(turn.trouble)}</p>')
    if turn.answer:
        parts.append(_answer(turn, turn.answer, number))
    elif not turn.finished:
        parts.append(f'<p class="looking">{escape(_waited_for(turn))}<span aria-hidden="true"> …</span></p>')
    if turn.stopped:
        parts.append('<p class="note">Stopped.</p>')
    busy = "false" if turn.finished else "true"
    kind = "turn shown" if shown else "turn"
    return f'<article class="{kind}" id="turn-{number}" aria-busy="{busy}">{"".join(parts)}</article>'


def _answer(turn: Turn, answer: Answer, number: int) -> str:
    parts = []
    if answer.standalone != answer.question:
        parts.append(f'<p class="understood">Understood as: <q>{escape(answer.standalone)}</q></p>')
    if not answer.answered:
        parts.append(f'<p class="refusal">{escape(answer.text)}</p>')
    else:
        if answer.short:
            parts.append(f'<p class="short">{escape(answer.short)}</p>')
        parts.append(_statements(answer, number))
    if answer.as_of and answer.answered:
        parts.append(f'<p class="as-of">{as_of(answer)}</p>')
    if turn.finished:
        parts += [_conflict(conflict, number) for conflict in answer.conflicts]
        parts += [_timeline(points(answer), number), _after(turn, answer, number)]
    return "".join(parts)


def as_of(answer: Answer) -> str:
    """Up to which day the answer holds: "As of 11 December 2024, the newest of the articles that mention it."."""
    assert answer.as_of is not None
    return f"As of <strong>{written(answer.as_of)}</strong>, the newest of the articles that mention it."


def _statements(answer: Answer, number: int) -> str:
    """Quotations stand each by itself, what a chat model wrote is running text; what nothing supports comes last."""
    cited = {citation.number: citation for citation in answer.citations}
    written: list[str] = []
    quoted: list[str] = []
    for statement in answer.statements:
        if statement.supported:
            # The bare answer stands above as a headline.
            text = statement.text if quoted else statement.text.removeprefix(f"{answer.short}. ")
            links = "".join(_marker(number, cited[which]) for which in statement.citations if which in cited)
            (written if statement.written else quoted).append(f"{escape(text)}{links}")
        else:
            written.append(f'<s>{escape(statement.text)}</s> <span class="note">(no passage supports this)</span>')
    stands = any(statement.written and statement.supported for statement in answer.statements)
    running = [" ".join(written)] if written else []
    paragraphs = [*running, *quoted] if stands else [*quoted, *running]
    told = f'<p class="note">{_standing(answer)}</p>' if _standing(answer) else ""
    return "".join(f'<p class="text">{paragraph}</p>' for paragraph in paragraphs) + told


def _standing(answer: Answer) -> str:
    standing, made = answer.supported
    return f"{standing} of {made} statements stand on a quotation." if standing < made else ""


def _marker(turn: int, citation: Citation) -> str:
    label = f"Source {citation.number}: {citation.title}, {in_words(citation.published)}"
    return f'<a class="marker" {_leads(turn, citation.number, label)}>{citation.number}</a>'


def _leads(turn: int, number: int, label: str) -> str:
    """The attributes of what leads to a quotation."""
    label = escape(label)
    return (
        f'href="#{quotation_id(turn, number)}" data-turn="{turn}" data-number="{number}" '
        f'aria-label="{label}" title="{label}"'
    )


def _conflict(conflict: Conflict, turn: int) -> str:
    rows = "".join(
        f'<li><span class="day">{in_words(value.day)}</span> <span class="value">{escape(value.value)}</span>'
        f'<a class="marker" {_leads(turn, value.citation, f"Source {value.citation}")}>{value.citation}</a></li>'
        for value in conflict.values
    )
    about = f": {escape(conflict.about)}" if conflict.about else ""
    return f'<section class="conflict"><h3>The articles differ{about}</h3><ol>{rows}</ol></section>'


def _timeline(dated: Sequence[Point], turn: int) -> str:
    """A line of time to scale, each point a link to its quotation; nothing for fewer than two days."""
    if len(dated) < 2:
        return ""
    drawn = []
    for point in dated:
        side = " first" if point.place < 0.14 else " last" if point.place > 0.86 else ""
        kind = f"point{side}{'' if point.told else ' reported'}"
        value = f'<span class="value">{escape(point.value)}</span>' if point.value else ""
        drawn.append(
            f'<li style="--at:{point.place:.4f};--lane:{point.lane}"><a class="{kind}" '
            f"{_leads(turn, point.citation, f'{point.label}, source {point.citation}')}>"
            f'<span class="dot"></span><span class="label">{escape(point.label)}{value}</span></a></li>'
        )
    lanes = max(point.lane for point in dated) + 1
    legend = (
        '<p class="note">A ring stands on the day of its article: the quotation names no day.</p>'
        if not all(point.told for point in dated)
        else ""
    )
    return (
        f'<section class="timeline" aria-label="The days in the quotations" style="--lanes:{lanes}">'
        f"<ol>{''.join(drawn)}</ol></section>{legend}"
    )


def _after(turn: Turn, answer: Answer, number: int) -> str:
    """Under a finished answer: who answered, its sources, and what the visitor thinks of it."""
    label = "Sources" if answer.citations else "Nearest passages" if answer.hits else ""
    again = f'<button type="button" class="again" data-show data-turn="{number}">{label}</button>' if label else ""
    opinion, form = (_opinion(number), _correction(number)) if not turn.verdict else ("", "")
    said = f'<p class="note" role="status">{escape(turn.verdict)}</p>' if turn.verdict else ""
    by = f'<span class="note">{escape(_by(answer))}</span>'
    return f'<div class="after">{by}{again}{_copy(answer)}{opinion}{said}</div>{form}'


def _by(answer: Answer) -> str:
    """Who says it, and what it took: "written by llama3.2, checked · 844 tokens read, 23 written · 1.4 s"."""
    model = "" if answer.model == "quotes" or answer.trouble else called(answer.model)
    standing = {statement.written for statement in answer.statements if statement.supported}
    who = [f"written by {model or called(answer.model)}, checked"] if True in standing else []
    if False in standing:
        instead = f" in the place of {model}" if model and not who else ""
        who.append(f"quoted by the built-in reader{instead}")
    seconds = f"{answer.seconds.total:.1f} s" if answer.seconds.total >= 0.05 else "under 0.1 s"
    took = str(answer.usage or "")
    said = ", and ".join(who) or f"looked for by {model or 'the built-in reader'}"
    return " · ".join(part for part in (said, took, seconds) if part)


def called(model: str) -> str:
    """A model as the page names it; of a file its name, since where it lies is no visitor's affair."""
    return Path(model).name if is_gguf(model) else model


def _copy(answer: Answer) -> str:
    text = escape(copied(answer))
    return f'<button type="button" data-copy="{text}" title="Copy the answer with its quotations">Copy</button>'


def copied(answer: Answer) -> str:
    """The answer as it is pasted elsewhere: the question, what is said, and each quotation with where it stands."""
    quotations = []
    for one in answer.citations:
        place = ", ".join(part for part in (one.title, one.source, in_words(one.published)) if part)
        quotations.append(f"[{one.number}] “{one.quote}” {place} ({one.article})")
    day = [f"As of {written(answer.as_of)}."] if answer.answered and answer.as_of else []
    parts = [answer.standalone, " ".join([answer.text, *day]), "\n".join(quotations)]
    return "\n\n".join(part for part in parts if part)


def _waited_for(turn: Turn) -> str:
    return "Looking in the articles" if turn.model == "quotes" else f"{called(turn.model)} reads what was found"


def _opinion(number: int) -> str:
    return (
        '<div class="opinion" role="group" aria-label="Is this answer right?">'
        f'<button type="button" data-right="yes" data-turn="{number}" aria-label="Right" title="Right">'
        f'{_THUMB_UP}</button><button type="button" data-right="no" data-turn="{number}" aria-label="Wrong" '
        f'title="Wrong" aria-expanded="false" aria-controls="should-{number}">{_THUMB_DOWN}</button></div>'
    )


def _correction(number: int) -> str:
    return (
        f'<form class="should" id="should-{number}" data-turn="{number}" hidden><label>This should be '
        '<input name="should" maxlength="500" autocomplete="off" placeholder="leave empty if the articles don’t say">'
        '</label><button type="submit">Keep</button></form>'
    )


def _heard(turn: Turn) -> str:
    if turn.answer is None:
        return turn.trouble or "Stopped."
    short = f"{turn.answer.short}. " if turn.answer.short else ""
    said = " ".join(statement.text for statement in turn.answer.statements if statement.supported) or turn.answer.text
    return f"{short}{said.removeprefix(short)} {_standing(turn.answer)}".strip()


# -- Words --


def quotation_id(turn: int, number: int) -> str:
    """Where a marker leads: the element of this id stands before the quotation."""
    return f"quote-{turn}-{number}"


def in_words(day: date | None) -> str:
    return written(day) if day else "undated"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
