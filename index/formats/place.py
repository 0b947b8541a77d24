"""Where a format reads from: a file, or a member of an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from index.articles import Article, Unreadable

# Whether an article of another file already has this id.
Taken = Callable[[str], bool]


@dataclass(frozen=True)
class Same:
    """A record of which the article is known already, by its id: it need not be made again."""

    id: str


@dataclass(frozen=True)
class Place:
    """`name` is the file's path in the folder (`archive.zip/member` in an archive), `size` its bytes."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    taken: Taken
    # Whether the article of this id was made from the same line or row; says so too of what comes of it now.
    same: Callable[[str, bytes], bool] = lambda key, raw: False

    def bytes(self, most: int) -> bytes:
        """All of it; raises `Unreadable` where it is more than `most` bytes, whatever its directory says."""
        with self.open() as file:
            raw = file.read(most + 1)
        if len(raw) > most:
            raise Unreadable(f"{self.name}: more than {most // 1_000_000} MB in one file; split it")
        return raw

    def alone(self) -> str:
        """The id of the one article in the file; raises `Unreadable` where a record elsewhere has it."""
        if self.taken(self.name):
            raise Unreadable(f"{self.name}: a record of another file has this name as its id; rename the file")
        return self.name


Reader = Callable[[Place], Iterator[Article | Unreadable | Same]]


def told(reader: Reader, place: Place) -> Iterator[Article | Unreadable | Same]:
    """What a reader gives, and as an `Unreadable` what ends it. An `OSError` is the system's, and is passed on."""
    try:
        yield from reader(place)
    except Unreadable as error:
        yield error
    except OSError:
        raise
    except Exception as error:
        # A damaged file makes the libraries that read it raise more than they say, and it must not end the run.
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        yield Unreadable(f"{place.name}: damaged, or not what its ending says ({reason}); save it again")


class Keys:
    """Ids of the records of one file: their own where they have one that is free, else file#number."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._seen: set[str] = set()

    def key(self, given: object, number: int) -> str:
        own = " ".join(str(given).split()) if isinstance(given, (str, int)) else ""
        key = f"{self._place.name}#{number}"
        if own and own not in self._seen and not self._place.taken(own):
            key = own
        self._seen.add(key)
        return key
