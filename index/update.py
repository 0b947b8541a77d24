"""Bringing a store up to date with its folder: what is new or changed goes in, what is gone goes out.

A thread of its own reads (`index.intake`) while passages are embedded. Each step is a transaction that leaves the
catalog saying what is still to be done, so that a killed run resumes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from index.catalog import Listed, Stored
from index.errors import FolderEmpty, FolderMissing
from index.folder import Aside, File, scan
from index.formats import ENDINGS
from index.intake import Intake
from index.passages import header
from index.store import Store
from index.vectors import Vectors

# Passages embedded between two commits: what a killed run loses at the most.
_BATCH = 256
_ENDINGS_NAMED = 5


@dataclass(frozen=True)
class Update:
    """What an update did, in articles, and what it passed over: one line each, saying where, why and what mends it.

    Of all articles then in the store, `copies` are copies of one another, of so many `stories` (see `index.copies`).
    `others` counts the folder's files of kinds that are not read, by their ending.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[str, ...] = ()
    moved: int = 0
    stories: int = 0
    copies: int = 0
    others: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        done = f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.unchanged} unchanged"
        done += f", {self.moved} moved" if self.moved else ""
        done += f", {len(self.skipped)} skipped" if self.skipped else ""
        if self.stories:
            done += f"; {self.copies} are copies, of {self.stories} {'story' if self.stories == 1 else 'stories'}"
        done += f"; {_counted(self.others)}" if self.others else ""
        return done


@dataclass(frozen=True)
class Progress:
    """How far an update is: passages embedded, how many are known to be needed so far, and the seconds it has taken.

    `all_known` says whether every file was read, so that no more can be needed.
    """

    done: int
    known: int
    seconds: float = 0.0
    all_known: bool = False

    def __str__(self) -> str:
        told = f"{self.done:,} of {self.known:,}{'' if self.all_known else ' or more'} passages"
        if not (self.done and self.seconds):
            return told
        rate = self.done / self.seconds
        left = (self.known - self.done) / rate
        span = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
        return f"{told}, {rate:.0f} a second" + (f", {span} left" if self.all_known and left else "")


Watch = Callable[[Progress], None]


def update(store: Store, *, empty: bool = False, watch: Watch | None = None) -> Update:
    """Index what is new or changed in the store's folder and drop what is gone. Unchanged, it costs a stat a file.

    What is in a file or folder that can't be read now stays as it is known. Raises `FolderMissing`; `FolderEmpty` when
    there are no articles to be had (an empty folder where the store has articles is more likely a disk that is not
    mounted than a wish; `empty=True` says that it is meant); `StoreBusy` when another process is writing.
    """
    store.check_present()
    if not store.folder.is_dir():
        raise FolderMissing(f"the articles' folder {store.folder} is gone; nothing was changed")
    listed = store.catalog.files()
    changed: list[File] = []
    present: set[str] = set()
    aside = Aside()
    for file in scan(store.folder, aside):
        present.add(file.path)
        known = listed.get(file.path)
        if known is None or (known.size, known.mtime) != (file.size, file.mtime):
            changed.append(file)
    if "" in aside.closed:
        raise FolderMissing(f"{aside.closed['']}; nothing was changed")
    shut = tuple(aside.closed)
    gone = [path for path in listed if path not in present and not path.startswith(shut)]
    if not present and not empty:
        others = f", but {_counted(aside.others)}" if aside.others else ""
        held = f", while its index holds {len(listed)} files: nothing was deleted" if listed else ""
        raise FolderEmpty(
            f"{store.folder} has no articles ({', '.join(ENDINGS)}){others}{held}; "
            + ("if that is meant: dateline index --empty" if listed else "put some there, or name another folder")
        )
    lost = not Vectors.present(store.path / "chroma") and store.catalog.holdings().passages > 0
    if not (changed or gone or lost or store.catalog.to_embed() or store.catalog.orphans(1)):
        done = Update(unchanged=store.catalog.holdings().articles)
    else:
        with store.writing():
            if lost:
                with store.catalog.writing() as writer:
                    writer.mark_all_to_embed()
            done = _write(store, changed, gone, watch)
        listed = store.catalog.files()
    stories, copies = store.catalog.stories()
    skipped = (*aside.closed.values(), *_skipped(listed))
    return replace(done, skipped=skipped, stories=stories, copies=copies, others=dict(aside.others))


def _write(store: Store, changed: list[File], gone: list[str], watch: Watch | None) -> Update:
    before = store.catalog.holdings().articles
    done, began = 0, time.monotonic()
    with Intake(store.catalog, store.folder, changed, gone) as intake:
        while intake.brings():
            batch = store.catalog.next_to_embed(_BATCH)
            _embed(store, batch)
            done += len(batch)
            if watch:
                known = done + store.catalog.to_embed()
                watch(Progress(done, known, time.monotonic() - began, intake.over))
    with store.own_vectors() as vectors:
        while orphans := store.catalog.orphans():
            vectors.delete(orphans)
            with store.catalog.writing() as writer:
                writer.drop_orphans(orphans)
    unchanged = before - intake.removed - intake.changed - intake.moved
    return Update(intake.added, intake.changed, intake.removed, unchanged, moved=intake.moved)


def _embed(store: Store, batch: list[Stored]) -> None:
    numbers = [stored.number for stored in batch]
    embedded = store.embedding.get_text_embedding_batch([embedded_text(stored) for stored in batch])
    with store.own_vectors() as vectors:
        vectors.add(numbers, embedded)
        with store.catalog.writing() as writer:
            writer.mark_embedded(numbers)


def embedded_text(stored: Stored) -> str:
    """What the embedder reads of a passage: its article's title and day, then its text."""
    head = header(stored.article.title, stored.article.published)
    return f"{head}\n{stored.text}" if head else stored.text


def _counted(others: Mapping[str, int]) -> str:
    """What is said of files of kinds that are not read: how many, and of which ending most."""
    most = sorted(others.items(), key=lambda kind: (-kind[1], kind[0]))[:_ENDINGS_NAMED]
    named = ", ".join(f"{ending or 'no ending'} {count}" for ending, count in most)
    count = sum(others.values())
    return f"{count} {'file' if count == 1 else 'files'} of other kinds ({named})"


def _skipped(files: dict[str, Listed]) -> tuple[str, ...]:
    return tuple(line for path in sorted(files) for line in files[path].skipped)
