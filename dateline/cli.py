"""The command line: `dateline ask`, `search`, `index`, `show`, `chat`, `evaluate`.

Standard output holds the result and nothing else; progress and warnings go to standard error. Exit status 0, or 2
and one line that says what is wrong and what mends it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dateline.builtin.confidence import THRESHOLD
from index.errors import ArticleMissing, DatelineError, FolderEmpty, FolderMissing, ModelError, StoreBusy

if TYPE_CHECKING:
    from dateline.answer import Answer
    from dateline.assistant import Assistant
    from dateline.chatmodels.chat import ChatModel
    from index.update import Progress, Update

_WATCHED_EVERY = 2.0  # seconds
_SHOWN = 160  # characters of a passage
_NAMED = 20  # files and records that were passed over
SEEDS = Path(__file__).parent.parent / "seeds" / "articles"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except DatelineError as error:
        print(f"dateline: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("dateline: stopped; what was done so far is kept", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output went away (`dateline show X | head`): no more to say, and nothing wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--articles", type=Path, metavar="DIR", help="the folder of articles (default: the seed articles)"
    )
    shared.add_argument(
        "--store", type=Path, metavar="DIR", help="where their index lies (default: .dateline/NAME-XXXXXXXX)"
    )
    shared.add_argument(
        "--model", default="quotes", metavar="NAME", help="what answers: quotes (built in) or a chat model"
    )
    shared.add_argument(
        "--embedder",
        metavar="NAME",
        help="what makes the vectors: a model of the OpenAI-compatible server (default: all-MiniLM-L6-v2, built in)",
    )
    shared.add_argument(
        "--threshold",
        type=_a_share,
        default=THRESHOLD,
        metavar="SHARE",
        help="how sure the built-in reader has to be of an answer, 0 to 1 (default: %(default)s)",
    )
    shared.add_argument("--no-cache", action="store_true", help="ask a chat model anew what it was asked before")
    shared.add_argument(
        "--unsupported",
        choices=("mark", "drop"),
        default="mark",
        help="what becomes of a chat model's statements that no quotation supports (default: %(default)s)",
    )
    parser = _Parser(
        prog="dateline", description="Answers from a folder of dated articles, each statement with its quotation."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)

    chat = commands.add_parser("chat", parents=[shared], help="serve the chat page")
    chat.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    chat.add_argument("--port", type=int, default=7860, help="the port to listen on (default: %(default)s)")
    chat.set_defaults(run=_chat)

    index = commands.add_parser("index", parents=[shared], help="index what is new or changed in a folder")
    index.add_argument("folder", type=Path, nargs="?", metavar="ARTICLES", help="the folder of articles")
    index.add_argument("--empty", action="store_true", help="an empty folder is meant: drop all its articles")
    index.add_argument("--json", action="store_true", help="print what was done as one JSON object")
    index.add_argument("--watch", action="store_true", help="go on indexing what changes, until stopped with Ctrl-C")
    index.set_defaults(run=_index)

    asking = _Parser(add_help=False)
    asking.add_argument("question", type=_a_text)
    asking.add_argument("--json", action="store_true", help="print the whole result as one JSON object")
    asking.add_argument("--asked", type=_a_day, metavar="DAY", help="the day the question is asked on (default: today)")
    asking.add_argument("--since", type=_a_day, metavar="DAY", help="only articles of that day or later")
    asking.add_argument("--until", type=_a_day, metavar="DAY", help="only articles of that day or earlier")
    asking.add_argument("--source", type=_a_text, help="only articles of that source")

    ask = commands.add_parser("ask", parents=[shared, asking], help="ask one question")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", parents=[shared, asking], help="the passages nearest to a question")
    search.add_argument("--explain", action="store_true", help="say which part of the search found each, and where")
    search.set_defaults(run=_search)

    evaluate = commands.add_parser("evaluate", parents=[shared], help="score the answers on a test set")
    evaluate.add_argument("testset", type=Path, nargs="?", metavar="TESTSET", help="questions, one JSON object a line")
    evaluate.add_argument(
        "--report", type=Path, metavar="DIR", help="write scores.json, answers.jsonl and report.html there"
    )
    evaluate.add_argument("--compare", type=Path, metavar="DIR", help="put an earlier report beside this run")
    evaluate.add_argument(
        "--fail-under", action="append", default=[], metavar="FIGURE=VALUE", help="exit 1 when a figure is lower"
    )
    evaluate.add_argument("--judge", metavar="NAME", help="a chat model that marks the answers too, beside the figures")
    evaluate.add_argument("--from-feedback", action="store_true", help="score on what visitors of the page corrected")
    evaluate.set_defaults(run=_evaluate)

    draft = commands.add_parser("draft-questions", parents=[shared], help="propose test cases from the articles")
    draft.add_argument("--most", type=_a_count, default=50, help="how many at the most (default: %(default)s)")
    draft.set_defaults(run=_draft_questions)

    show = commands.add_parser("show", parents=[shared], help="print an article's text as stored")
    show.add_argument("article", type=_a_text, metavar="ARTICLE", help="its file's path within the folder, or its id")
    show.set_defaults(run=_show)
    return parser


def _chat(options: argparse.Namespace) -> None:
    from app import serve

    serve(_assistant(options), host=options.host, port=options.port)


def _index(options: argparse.Namespace) -> None:
    from dateline.assistant import Assistant

    if options.folder and options.articles and options.folder != options.articles:
        raise DatelineError(f"two folders were named, {options.folder} and {options.articles}; name one")
    folder = options.folder or options.articles or SEEDS
    with Assistant(folder, store=options.store, update=False, embedder=options.embedder) as assistant:
        _report_update(assistant.update(empty=options.empty, watch=_progress), folder, options.json)
        if options.watch:
            with suppress(KeyboardInterrupt):
                _watch(assistant, folder, options.json)


def _watch(assistant: Assistant, folder: Path, as_json: bool) -> NoReturn:
    """Index what changes, at the cost of a stat a file each time; what is wrong is said once, and may be mended."""
    said, skipped = "", assistant.indexed.skipped if assistant.indexed else ()
    while True:
        time.sleep(_WATCHED_EVERY)
        try:
            done = assistant.update(watch=_progress)
        except (FolderMissing, FolderEmpty, StoreBusy) as error:
            if str(error) != said:
                print(f"dateline: {error}", file=sys.stderr)
            said = str(error)
            continue
        if done.added or done.changed or done.removed or done.moved or done.skipped != skipped:
            _report_update(done, folder, as_json, skipped)
        said, skipped = "", done.skipped


def _report_update(done: Update, folder: Path, as_json: bool, said: Sequence[str] = ()) -> None:
    _warn(done, said)
    print(json.dumps({"folder": str(folder), **asdict(done)}) if as_json else f"{folder}: {done}", flush=True)


def _ask(options: argparse.Namespace) -> None:
    with _assistant(options) as assistant:
        answer = assistant.ask(
            options.question, asked=options.asked, since=options.since, until=options.until, source=options.source
        )
    print(json.dumps(answer.to_dict(), ensure_ascii=False) if options.json else _readable(answer))
    if answer.trouble:
        # What the built-in reader quotes is better than nothing, but it is not what was asked for.
        raise ModelError(answer.trouble)


def _search(options: argparse.Namespace) -> None:
    with _assistant(options) as assistant:
        hits = assistant.search(
            options.question, asked=options.asked, since=options.since, until=options.until, source=options.source
        )
    parts = ("word_rank", "vector_rank", "cosine", "relevance") if options.explain else ()
    rows = [
        {
            "article": hit.article.id,
            "published": str(hit.article.published) if hit.article.published else None,
            "start": hit.start,
            "end": hit.end,
            "score": hit.score,
            **{part: getattr(hit, part) for part in parts},
            "text": " ".join(hit.text.split()),
        }
        for hit in hits
    ]
    if options.json:
        print(json.dumps({"question": options.question, "hits": rows}, ensure_ascii=False))
        return
    if not rows:
        print("dateline: no passage is within the days and the source that were asked for", file=sys.stderr)
    for rank, row in enumerate(rows, 1):
        print(f"{rank:3}  {row['score']:.4f}  {row['article']}, {row['published'] or 'undated'}")
        if parts:
            print("     " + ", ".join(f"{part.replace('_', ' ')} {_figure(row[part])}" for part in parts))
        print(f"     {str(row['text'])[:_SHOWN]}")


def _figure(value: object) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _evaluate(options: argparse.Namespace) -> int:
    from dateline.evaluation import evaluate, feedback, figures, journal, testset

    if options.from_feedback == bool(options.testset):
        raise DatelineError("name a test set, or say --from-feedback")
    # What is wrong with these is told now: indexing the articles may take hours.
    figures.limits(options.fail_under)
    if options.testset:
        testset.load(options.testset)
    if options.compare:
        journal.check_finished(options.compare)
    with _assistant(options) as assistant:
        judge = _chat_model(options.judge, assistant, options) if options.judge else None
        cases = feedback.cases(assistant.store) if options.from_feedback else options.testset
        try:
            report = evaluate.run(
                assistant,
                cases,
                options.report,
                compare=options.compare,
                fail_under=options.fail_under,
                judge=judge,
                progress=sys.stderr,
            )
        except KeyboardInterrupt:
            kept = f"{options.report} has the answers so far; the same command goes on from there"
            nothing = "the answers so far are lost; with --report DIR they would be kept"
            raise DatelineError(f"stopped; {kept if options.report else nothing}") from None
    print(report.table())
    return 1 if report.failed else 0


def _draft_questions(options: argparse.Namespace) -> None:
    from dateline.evaluation import drafts

    with _assistant(options) as assistant:
        model = None if options.model == "quotes" else _chat_model(options.model, assistant, options)
        found = 0
        for case in drafts.propose(assistant, options.most, model):
            print(json.dumps(case, ensure_ascii=False), flush=True)
            found += 1
    if not found:
        print("dateline: none of the articles looked at gave a question", file=sys.stderr)


def _chat_model(name: str, assistant: Assistant, options: argparse.Namespace) -> ChatModel:
    """A chat model beside the one that answers; what it said before is kept in the same place."""
    from dateline.chatmodels.chat import ChatModel

    if name == "quotes":
        raise ModelError("quotes, the built-in model, only answers; name a chat model, such as --judge gpt-4.1-mini")
    return ChatModel(name, keep=None if options.no_cache else assistant.store / "replies")


def _show(options: argparse.Namespace) -> None:
    from index.place import open_catalog, place

    folder = options.articles or SEEDS
    catalog = open_catalog(options.store or place(folder), folder)
    try:
        article = catalog.article(options.article)
    finally:
        catalog.close()
    if article is None:
        raise ArticleMissing(
            f"no article {options.article!r} in the index of {folder}; articles are named as their files"
        )
    sys.stdout.buffer.write(article.text.encode("utf-8"))
    sys.stdout.flush()


def _assistant(options: argparse.Namespace) -> Assistant:
    from dateline.assistant import Assistant

    assistant = Assistant(
        options.articles or SEEDS,
        store=options.store,
        model=options.model,
        watch=_progress,
        cache=not options.no_cache,
        unsupported=options.unsupported,
        threshold=options.threshold,
        embedder=options.embedder,
    )
    _warn(assistant.indexed)
    return assistant


def _warn(done: Update | None, said: Sequence[str] = ()) -> None:
    """Name what was passed over, but for what was named before."""
    if done is None:
        print("dateline: another process is indexing this folder; answering from what it has done", file=sys.stderr)
        return
    known = set(said)
    lines = [line for line in done.skipped if line not in known]
    for line in lines[:_NAMED]:
        print(f"skipped {line}", file=sys.stderr)
    if len(lines) > _NAMED:
        print(f"skipped {len(lines) - _NAMED} more; all are named by: dateline index --json", file=sys.stderr)


def _progress(progress: Progress) -> None:
    if sys.stderr.isatty():
        end = "\n" if progress.done >= progress.known else ""
        # Over what a longer line before it left.
        print(f"\rindexing: {progress!s:60}", end=end, file=sys.stderr, flush=True)


def _readable(answer: Answer) -> str:
    lines = [answer.text]
    if answer.standalone != answer.question:
        lines.insert(0, f"({answer.standalone})")
    if answer.as_of:
        lines.append(f"\nAs of {_written(answer.as_of)}, the newest article that mentions it.")
    if answer.usage:
        lines.append(f"\n{answer.usage}")
    if answer.citations:
        lines.append("")
    for citation in answer.citations:
        day = _day(citation.published)
        source = f", {citation.source}" if citation.source else ""
        lines.append(f"[{citation.number}] {citation.title}{source}, {day} ({citation.article})")
        also = (f"{copy.source or copy.title}, {_day(copy.published)} ({copy.article})" for copy in citation.also)
        if citation.also:
            lines.append(f"    the same story: {'; '.join(also)}")
    return "\n".join(lines)


def _day(day: date | None) -> str:
    return _written(day) if day else "undated"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _a_text(argument: str) -> str:
    """An argument as text: bytes that are no UTF-8 are written out, as in the name of an article (`index.folder`)."""
    return os.fsencode(argument).decode("utf-8", "backslashreplace")


def _a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2023-09-22") from None


def _a_count(text: str) -> int:
    if not text.isdecimal() or not (count := int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a count; write it as a number such as 50")
    return count


def _a_share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share; write it as a number from 0 to 1, such as 0.4")
    return share


if __name__ == "__main__":
    sys.exit(main())
