"""Articles of our own for the reader to learn from, with questions that they answer and questions that they don't.

A file of `models/news` holds articles about one made-up place, so that its people, offices and events recur:

    = Ferry runs aground off Skell
    2023-03-05
    Paragraphs of text.

    ? When did the ferry run aground? | Thursday night
    ? How many people were on board the ferry? | carrying [212] people
    - a question that looks as if the article answered it, and is not answered
    + a statement that the article supports
    ! one that it does not

An answer stands letter for letter in the text, once; one that stands there more often has words around it, and the
answer in brackets. `python models/reader_news.py FILE ...` checks files and says what is wrong with which line.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "news"
_HELD = ("accords", "mills", "palace", "rails")  # kept out of training, to be measured on
_MARKED = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True)
class Asked:
    """A question and where in the text its answer stands, in code points."""

    question: str
    start: int
    end: int


@dataclass
class Article:
    title: str
    day: date
    text: str = ""
    answered: list[Asked] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    supported: list[str] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)


def news(held: bool) -> list[list[Article]]:
    """The articles of each file to train on, or of those kept out."""
    return [articles(path) for path in sorted(FOLDER.glob("*.txt")) if (path.stem in _HELD) == held]


def articles(path: Path) -> list[Article]:
    """The articles of a file. Raises ValueError with a line for each thing that is wrong."""
    made: list[Article] = []
    wrong: list[str] = []
    paragraphs: list[str] = []
    asked: list[tuple[int, str]] = []

    def ended() -> None:
        if not made:
            return
        made[-1].text = "\n".join(paragraphs)
        for number, line in asked:
            try:
                _add(made[-1], line)
            except ValueError as problem:
                wrong.append(f"{path.name}:{number}: {problem}")
        paragraphs.clear()
        asked.clear()

    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(map(str.strip, lines), 1):
        if line.startswith("= "):
            ended()
            try:
                made.append(Article(line[2:], date.fromisoformat(lines[number].strip())))
            except (ValueError, IndexError):
                wrong.append(f"{path.name}:{number}: the line below the title is no day such as 2023-03-05")
                made.append(Article(line[2:], date.min))
        elif line[:2] in ("? ", "- ", "+ ", "! "):
            asked.append((number, line))
        elif line and not re.fullmatch(r"\d{4}-\d\d-\d\d", line):
            if asked:
                wrong.append(f"{path.name}:{number}: text below the questions; an article begins with '= '")
            paragraphs.append(line)
    ended()
    if wrong:
        raise ValueError("\n".join(wrong))
    return made


def _add(article: Article, line: str) -> None:
    kind, said = line[0], line[2:].strip()
    if kind != "?":
        {"-": article.unanswered, "+": article.supported, "!": article.unsupported}[kind].append(said)
        return
    question, bar, answer = (part.strip() for part in said.partition("|"))
    if not bar or not answer:
        raise ValueError("a question with '?' has its answer behind a bar: ? Who came? | Ada Holm")
    marked = _MARKED.search(answer)
    around = _MARKED.sub(r"\1", answer, count=1)
    places = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(around)}(?!\w)", article.text)]
    if len(places) != 1:
        raise ValueError(
            f"{around!r} stands {len(places)} times in the text"
            + (": put words around it, and the answer in brackets" if places else ": copy it letter for letter")
        )
    start = places[0] + (marked.start() if marked else 0)
    article.answered.append(Asked(question, start, start + len(marked[1] if marked else around)))


def main() -> None:
    failed = False
    for path in map(Path, sys.argv[1:]):
        try:
            found = articles(path)
        except ValueError as problem:
            failed = True
            print(problem)
            continue
        asked = sum(len(each.answered) for each in found), sum(len(each.unanswered) for each in found)
        claims = sum(len(each.supported) for each in found), sum(len(each.unsupported) for each in found)
        print(f"{path.name}: {len(found)} articles; questions answered and not {asked}, claims true and false {claims}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
