"""Bringing a store up to date with its folder: what is new or changed goes in, what is gone goes out.

Each step is a transaction that leaves the catalog saying what is still to be done, so that a killed run resumes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.articles import Unreadable
from index.catalog import Listed, Stored
from index.errors import FolderEmpty, FolderMissing
from index.folder import File, read, scan
from index.formats import ENDINGS
from index.passages import header, passages
from index.store import Store
from index.vectors import Vectors

# Passages embedded between two commits: what a killed run loses at the most.
_BATCH = 256


@dataclass(frozen=True)
class Update:
    """What an update did, in articles, and what it passed over: one line each, saying where, why and what mends it.

    Of all articles then in the store, `copies` are copies of one another, of so many `stories` (see `index.copies`).
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[str, ...] = ()
    moved: int = 0
    stories: int = 0
    copies: int = 0

    def __str__(self) -> str:
        done = f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged"
        done += f", {self.moved} moved" if self.moved else ""
        done += f", {len(self.skipped)} skipped" if self.skipped else ""
        if self.stories:
            done += f"; {self.copies} are copies, of {self.stories} {'story' if self.stories == 1 else 'stories'}"
        return done


@dataclass(frozen=True)
class Progress:
    """How far an update is: passages embedded, and how many are known to be needed so far."""

    done: int
    known: int


Watch = Callable[[Progress], None]


def update(store: Store, *, empty: bool = False, watch: Watch | None = None) -> Update:
    """Index what is new or changed in the store's folder and drop what is gone. Unchanged, it costs a stat a file.

    Raises `FolderMissing`; `FolderEmpty` when there are no articles to be had (an empty folder where the store has
    articles is more likely a disk that is not mounted than a wish; `empty=True` says that it is meant); `StoreBusy`
    when another process is writing.
    """
    store.check_present()
    if not store.folder.is_dir():
        raise FolderMissing(f"the articles' folder {store.folder} is gone; nothing was changed")
    listed = store.catalog.files()
    changed: list[File] = []
    present: set[str] = set()
    for file in scan(store.folder):
        present.add(file.path)
        known = listed.get(file.path)
        if known is None or (known.size, known.mtime) != (file.size, file.mtime):
            changed.append(file)
    gone = [path for path in listed if path not in present]
    if not present and not empty:
        held = f", while its index holds {len(listed)} files: nothing was deleted" if listed else ""
        raise FolderEmpty(
            f"{store.folder} has no articles ({', '.join(ENDINGS)}){held}; "
            + ("if that is meant: dateline index --empty" if listed else "put some there, or name another folder")
        )
    lost = not Vectors.present(store.path / "chroma") and store.catalog.holdings().passages > 0
    if not (changed or gone or lost or store.catalog.to_embed() or store.catalog.orphans(1)):
        stories, copies = store.catalog.stories()
        unchanged = store.catalog.holdings().articles
        return Update(unchanged=unchanged, skipped=_skipped(listed), stories=stories, copies=copies)
    with store.writing():
        if lost:
            with store.catalog.writing() as writer:
                writer.mark_all_to_embed()
        return _write(store, changed, gone, watch)


def _write(store: Store, changed: list[File], gone: list[str], watch: Watch | None) -> Update:
    before = store.catalog.holdings().articles
    added = replaced = removed = moved = 0
    left = frozenset(gone)
    done = 0
    for file in changed:
        counts = _read_file(store, file, left)
        added, replaced, removed = added + counts.added, replaced + counts.changed, removed + counts.removed
        moved += counts.moved
        if store.catalog.to_embed() >= _BATCH:
            done = _embed(store, done, watch, at_least=_BATCH)
    # Last: what a file that is gone held may have turned up in another, with its vectors.
    with store.catalog.writing() as writer:
        for path in gone:
            removed += writer.drop_file(path)
    _embed(store, done, watch)
    with store.own_vectors() as vectors:
        while orphans := store.catalog.orphans():
            vectors.delete(orphans)
            with store.catalog.writing() as writer:
                writer.drop_orphans(orphans)
    unchanged = before - removed - replaced - moved
    return Update(added, replaced, removed, unchanged, _skipped(store.catalog.files()), moved, *store.catalog.stories())


def _read_file(store: Store, file: File, gone: frozenset[str]) -> Update:
    """Put one file's articles into the catalog, in one transaction. An article of a file that is `gone` moves here."""
    added = changed = moved = 0
    here = gone | {file.path}
    seen: set[str] = set()
    skipped: list[str] = []
    with store.catalog.writing() as writer:
        for article in read(store.folder, file, taken=lambda key: writer.owner(key) not in {None, *here}):
            if isinstance(article, Unreadable):
                skipped.append(str(article))
                continue
            seen.add(article.id)
            known = writer.digest(article.id)
            old = article.id if known == article.digest else writer.same_in(article.digest, gone) if gone else None
            if old is not None and (known is None or old == article.id):
                if writer.owner(old) != file.path:
                    writer.move_article(old, article.id, file.path)
                    moved += 1
                continue
            added, changed = added + (known is None), changed + (known is not None)
            writer.put_article(article, file.path, passages(article.text))
        removed = writer.drop_articles(file.path, keep=seen)
        writer.put_file(file.path, file.size, file.mtime, skipped)
    return Update(added, changed, removed, moved=moved)


def _embed(store: Store, done: int, watch: Watch | None, at_least: int = 1) -> int:
    """Embed what waits in the catalog, in batches; how many passages that makes since the start."""
    while (waiting := store.catalog.to_embed()) >= at_least:
        batch = store.catalog.next_to_embed(_BATCH)
        numbers = [stored.number for stored in batch]
        embedded = store.embedding.get_text_embedding_batch([embedded_text(stored) for stored in batch])
        with store.own_vectors() as vectors:
            vectors.add(numbers, embedded)
            with store.catalog.writing() as writer:
                writer.mark_embedded(numbers)
        done += len(batch)
        if watch:
            watch(Progress(done, done + waiting - len(batch)))
    return done


def embedded_text(stored: Stored) -> str:
    """What the embedder reads of a passage: its article's title and day, then its text."""
    head = header(stored.article.title, stored.article.published)
    return f"{head}\n{stored.text}" if head else stored.text


def _skipped(files: dict[str, Listed]) -> tuple[str, ...]:
    return tuple(line for path in sorted(files) for line in files[path].skipped)
