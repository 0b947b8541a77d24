"""ZIP: every readable member, as if the archive were a folder. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from index import formats
from index.articles import Article, Unreadable, clean
from index.formats.place import Place, Same

# A member that unpacks to more, or to so many times its size, is a bomb and no article.
_LARGEST_MEMBER = 200_000_000
_RATIO, _RATIO_FROM = 200, 10_000_000


def read(place: Place) -> Iterator[Article | Unreadable | Same]:
    with place.open() as file:
        try:
            members = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise Unreadable(f"{place.name}: not a whole zip archive; pack it again") from None
        with members:
            # Of two by one name the later, as in what would be unpacked.
            for member in {member.filename: member for member in members.infolist()}.values():
                yield from _member(place, members, member)


def _member(place: Place, members: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Article | Unreadable | Same]:
    path = PurePosixPath(clean(member.filename.replace("\\", "/")))
    name = f"{place.name}/{path}"
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in path.parts)
    found = formats.reader(path.name)
    if member.is_dir() or hidden or found is None:
        return
    try:
        _refuse(name, path, member)
        with members.open(member) as packed:
            opened = cast(zipfile.ZipExtFile, packed)
            member_place = Place(name, member.file_size, lambda: _reread(opened), place.taken, place.same)
            yield from formats.told(found, member_place)
    except Unreadable as error:
        yield error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        yield Unreadable(f"{name}: can't be unpacked ({error}); pack the archive again")


def _refuse(name: str, path: PurePosixPath, member: zipfile.ZipInfo) -> None:
    if path.is_absolute() or ".." in path.parts:
        raise Unreadable(f"{name}: its name leads out of the archive; pack the archive again")
    if member.flag_bits & 1:
        raise Unreadable(f"{name}: locked with a password; unpack it first")
    if path.name.lower().endswith(".zip"):
        raise Unreadable(f"{name}: an archive in an archive; unpack the outer one")
    packed = max(1, member.compress_size)
    if member.file_size > _LARGEST_MEMBER or member.file_size > max(_RATIO_FROM, _RATIO * packed):
        raise Unreadable(f"{name}: unpacks to {member.file_size:,} bytes; unpack it yourself if that is right")


def _reread(packed: zipfile.ZipExtFile) -> BinaryIO:
    """The member from its beginning, however often it is opened."""
    packed.seek(0)
    return io.BufferedReader(_Kept(packed))


class _Kept(io.RawIOBase):
    """A member that stays open when its reader closes it: the archive closes it."""

    def __init__(self, packed: zipfile.ZipExtFile) -> None:
        self._packed = packed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._packed.seek(offset, whence)

    def tell(self) -> int:
        return self._packed.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        read = self._packed.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)
