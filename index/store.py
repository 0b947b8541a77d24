"""A store: what was made of one folder of articles, on disk. The catalog is the truth, the vectors follow it.

Any number of processes read a store and one writes at a time. A reader notices by the catalog's generation that
another process wrote, and opens the vectors anew: an open Chroma never sees what others add.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.catalog import Catalog
from index.embedding import Embedding, ShippedEmbedding
from index.errors import FolderMissing, StoreBusy, StoreError, StoreMismatch, StoreMissing
from index.passages import PASSAGE_TOKENS
from index.place import check, open_catalog, place
from index.tables import LAYOUT
from index.vectors import Vectors

_CATALOG = "catalog.sqlite"
_MAKING = 30.0  # seconds that two processes which make one store wait for one another


class Store:
    """One open store. Several assistants in one process share it: ask `Store.open`, never the constructor."""

    _open: dict[Path, Store] = {}
    _opening = threading.Lock()

    @classmethod
    def open(cls, folder: Path, path: Path | None = None, embedding: Embedding | None = None) -> Store:
        """The store of `folder` at `path` (by default `place(folder)`), made when it is not there.

        `embedding` makes its vectors, by default the embedder that ships. Raises `FolderMissing`, the errors of
        `open_catalog`, and `StoreMismatch` where its vectors were made by another embedding.
        """
        if not folder.is_dir():
            problem = "is not a folder" if folder.exists() else "is not there"
            raise FolderMissing(f"the articles' folder {folder} {problem}; name one with --articles")
        path = (path or place(folder)).resolve()
        with cls._opening:
            store = cls._open.get(path)
            if store is None or store.closed or store.replaced():
                if store is not None:
                    store.close()
                store = cls._open[path] = cls(folder.resolve(), path, embedding or ShippedEmbedding())
                return store
            if store.folder != folder.resolve():
                check(store.catalog, path, folder)
            if embedding is not None:
                store.check_embedding(embedding)
            return store

    def __init__(self, folder: Path, path: Path, embedding: Embedding) -> None:
        self.folder = folder
        self.path = path
        self.embedding = embedding
        self.closed = False
        self._vectors: Vectors | None = None
        self._seen = -1  # the generation that the open vectors show
        self._guard = threading.RLock()
        if not (path / _CATALOG).exists():
            self._create()
        self.catalog = open_catalog(path, folder)
        try:
            self.check_embedding(embedding)
        except StoreMismatch:
            self.catalog.close()
            raise
        self._file = os.stat(self.catalog.path).st_ino

    @classmethod
    def reopen(cls, store: Store) -> Store:
        """A store that was closed, or made anew on disk; raises `StoreMissing` when there is none any more."""
        if not store.catalog.path.exists():
            store.check_present()
        return cls.open(store.folder, store.path, store.embedding)

    def close(self) -> None:
        with self._guard:
            self.closed = True
            if self._vectors is not None:
                self._vectors.close()
                self._vectors = None
            self.catalog.close()
            if Store._open.get(self.path) is self:
                del Store._open[self.path]

    def replaced(self) -> bool:
        """Whether the store on disk was deleted, or is another one than was opened."""
        try:
            return os.stat(self.catalog.path).st_ino != self._file
        except OSError:
            return True

    def check_present(self) -> None:
        """Raises `StoreMissing` when the files were deleted while the store was open."""
        if self.replaced():
            raise StoreMissing(f"the index at {self.path} was deleted; make it again: dateline index {self.folder}")

    @contextmanager
    def writing(self, wait: float = 0) -> Iterator[None]:
        """Hold the write lock; raises `StoreBusy` when another process or thread holds it for so many seconds."""
        import filelock

        lock = filelock.FileLock(self.path / "lock", timeout=wait)
        try:
            lock.acquire()
        except filelock.Timeout:
            raise StoreBusy(
                f"the index at {self.path} is being written by another process; wait until it is done, then try again"
            ) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def vectors(self) -> Iterator[Vectors]:
        """The vectors as they stand now, for one thread at a time."""
        with self._guard:
            generation = self.catalog.generation()
            if self._vectors is not None and self._seen != generation:
                self._vectors.close()
                self._vectors = None
            if self._vectors is None:
                self._vectors = Vectors(self.path / "chroma")
                self._seen = generation
            yield self._vectors

    @contextmanager
    def own_vectors(self) -> Iterator[Vectors]:
        """The vectors for the writer, who sees its own additions and need not open them anew."""
        with self._guard, self.vectors() as vectors:
            yield vectors
            self._seen = self.catalog.generation()

    def _create(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"no index can be made at {self.path} ({error.strerror}); name another --store") from None
        with self.writing(wait=_MAKING):
            if (self.path / _CATALOG).exists():
                return  # by a process that was a moment earlier
            # Under its name it is whole, whoever looks and whenever this is killed.
            unfinished = self.path / f"{_CATALOG}.new"
            for left in self.path.glob(f"{unfinished.name}*"):
                left.unlink()
            Vectors.clear(self.path / "chroma")  # of a catalog that was deleted: their numbers are given anew
            catalog = Catalog(unfinished, create=True)
            try:
                with catalog.writing() as writer:
                    writer.set(
                        layout=str(LAYOUT),
                        folder=str(self.folder),
                        embedding=_identity(self.embedding),
                        generation="0",
                    )
            finally:
                catalog.close()
            unfinished.replace(self.path / _CATALOG)

    def check_embedding(self, embedding: Embedding) -> None:
        """Raises `StoreMismatch` where the vectors were made by another model, or from passages cut otherwise."""
        made_with = self.catalog.settings().get("embedding")
        if made_with != _identity(embedding):
            raise StoreMismatch(
                f"the index at {self.path} was made with {made_with}, and {_identity(embedding)} is asked for; "
                f"name that --embedder, or another --store, or delete {self.path} and index again"
            )


def _identity(embedding: Embedding) -> str:
    """What vectors are made with: the model and the cut, never the runtime."""
    return f"{embedding.model_name}, passages of {PASSAGE_TOKENS}"
