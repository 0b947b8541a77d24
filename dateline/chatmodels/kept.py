"""Replies kept on disk by what was asked, so that the same question over the same passages is paid for once.

The key is the hash of the whole request: model, prompt, question and passages. A reply is kept only when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.answer import Usage
from dateline.chatmodels.source import Reply, Source

if TYPE_CHECKING:
    from prompts import Messages


class Kept:
    """A source in front of another one, with the replies of before in `folder`. `asked` tells sources apart."""

    def __init__(self, source: Source, folder: Path, asked: str = "") -> None:
        self._source = source
        self._folder = folder
        self._asked = asked

    @contextmanager
    def stream(self, model: str, messages: Messages, most: int, schema: Mapping[str, Any] | None) -> Iterator[Reply]:
        request = json.dumps([self._asked, model, messages.system, messages.user, most, schema])
        digest = hashlib.sha256(request.encode()).hexdigest()
        path = self._folder / digest[:2] / f"{digest}.json"
        held = _read(path)
        if held is not None:
            yield held
            return
        with self._source.stream(model, messages, most, schema) as reply:
            heard = _Heard(reply)
            yield heard
        if heard.whole:
            took = {"tokens_in": reply.usage.tokens_in, "tokens_out": reply.usage.tokens_out}
            _write(path, {"reply": heard.text, "cut_short": reply.cut_short} | took)


@dataclass(frozen=True)
class _Held:
    """A reply of before, in one piece."""

    text: str
    cut_short: bool
    usage: Usage

    def __iter__(self) -> Iterator[str]:
        yield self.text


class _Heard:
    """A reply and, as it passes, its text."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.text = ""
        self.whole = False

    @property
    def cut_short(self) -> bool:
        return self._reply.cut_short

    @property
    def usage(self) -> Usage:
        return self._reply.usage

    def __iter__(self) -> Iterator[str]:
        for piece in self._reply:
            self.text += piece
            yield piece
        self.whole = bool(self.text.strip())


def _read(path: Path) -> _Held | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        usage = Usage(record["tokens_in"], record["tokens_out"], kept=True)
        return _Held(str(record["reply"]), bool(record["cut_short"]), usage)
    except (OSError, ValueError, KeyError, TypeError):  # none, or one that was damaged: it is asked again
        return None


def _write(path: Path, record: Mapping[str, Any]) -> None:
    # What can't be kept (a full disk, a folder that is read-only) is asked again, and no reason to fail.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.new")
        draft.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        os.replace(draft, path)
