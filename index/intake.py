"""Reading changed files into the catalog, in a thread of its own, while what was read is embedded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Thread

from index.articles import Article, Unreached, Unreadable
from index.catalog import Catalog, Writer
from index.folder import File, read
from index.formats import Same
from index.passages import passages

# The size of a file that could not be read to its end: it has another, and is tried again.
_UNREAD = -1
# Articles, and files that were read to their end, written in one transaction.
_TOGETHER = 64
# Passages that wait to be embedded; reading stops until there are fewer.
_AHEAD = 4_096


@dataclass(frozen=True)
class _Made:
    """An article of a file, and the digest of the record it was made from ("" where there is none)."""

    article: Article
    file: str
    record: str


@dataclass(frozen=True)
class _Ended:
    """A file that was read to its end: the ids of its articles, and what was passed over."""

    file: File
    ids: set[str]
    skipped: list[str]


class Intake:
    """Reads `files` into the catalog, then drops what is left of those that are `gone`.

    A context: the thread is started when it is entered and has ended when it is left, where its errors are raised.
    `added`, `changed`, `removed` and `moved` count articles, `waiting` the passages that are still to be embedded;
    `over` says that every file was read.
    """

    def __init__(self, catalog: Catalog, folder: Path, files: Sequence[File], gone: Sequence[str]) -> None:
        self.added = self.changed = self.removed = self.moved = 0
        self.waiting = catalog.to_embed()
        self._catalog, self._folder, self._files, self._gone = catalog, folder, files, frozenset(gone)
        self._pending: list[_Made | _Ended] = []
        self._owners: dict[str, str] = {}  # the files of the articles that are pending
        self.over = self._stopped = False
        self._trouble: BaseException | None = None
        self._news = Condition()
        self._thread = Thread(target=self._run, name="dateline-intake")

    def __enter__(self) -> Intake:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        with self._news:
            self._stopped = True
            self._news.notify_all()
        self._thread.join()
        if self._trouble is not None and error is None:
            raise self._trouble

    def brings(self) -> bool:
        """Wait until there are passages to be embedded, or all was read; whether there are any."""
        with self._news:
            self.waiting = self._catalog.to_embed()
            self._news.notify_all()
            self._news.wait_for(lambda: self.waiting > 0 or self.over)
            return self.waiting > 0 and self._trouble is None

    def _run(self) -> None:
        try:
            for file in self._files:
                self._read(file)
                if self._stopped:
                    return
            self._write()
            # Last: what a file that is gone held may have turned up in another, with its vectors.
            with self._catalog.writing() as writer:
                self.removed += sum(writer.drop_file(path) for path in self._gone)
        except BaseException as error:  # raised where the context is left
            self._trouble = error
        finally:
            with self._news:
                self.waiting = self._catalog.to_embed()
                self.over = True
                self._news.notify_all()

    def _read(self, file: File) -> None:
        records = self._catalog.records(file.path)
        mine = {None, file.path, *self._gone}

        def taken(key: str) -> bool:
            return key not in records and (self._owners.get(key) or self._catalog.owner(key)) not in mine

        ids: set[str] = set()
        skipped: list[str] = []
        for article in read(self._folder, file, taken, records):
            if self._stopped:
                return
            if isinstance(article, Unreadable):
                skipped.append(str(article))
                if isinstance(article, Unreached):
                    ids |= records.keys()
                    file = replace(file, size=_UNREAD)
                continue
            ids.add(article.id)
            if not isinstance(article, Same):
                self._owners[article.id] = file.path
                self._add(_Made(article, file.path, records.get(article.id, "")))
        self._add(_Ended(file, ids, skipped))

    def _add(self, made: _Made | _Ended) -> None:
        self._pending.append(made)
        if len(self._pending) >= _TOGETHER:
            self._write()

    def _write(self) -> None:
        """Write what is pending, in one transaction, and wait until embedding has caught up."""
        with self._catalog.writing() as writer:
            for made in self._pending:
                if isinstance(made, _Made):
                    self._put(writer, made)
                else:
                    self.removed += writer.drop_articles(made.file.path, keep=made.ids)
                    writer.put_file(made.file.path, made.file.size, made.file.mtime, made.skipped)
        self._pending.clear()
        self._owners.clear()
        with self._news:
            self.waiting = self._catalog.to_embed()
            self._news.notify_all()
            self._news.wait_for(lambda: self.waiting < _AHEAD or self._stopped)

    def _put(self, writer: Writer, made: _Made) -> None:
        """Store an article that is new or changed. One that a file that is gone had moves, with its vectors."""
        article = made.article
        known = writer.known(article.id)
        if known and known[1] == article.digest:
            old: str | None = article.id
        else:
            old = writer.same_in(article.digest, self._gone) if self._gone and not known else None
        if old is not None:
            self.moved += (known[0] if known else None) != made.file
            writer.move_article(old, article.id, made.file, made.record)
            return
        self.added, self.changed = self.added + (not known), self.changed + bool(known)
        writer.put_article(article, made.file, passages(article.text), made.record)
