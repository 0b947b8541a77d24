"""Word documents: paragraphs and tables in their order. The days in a document's own data are of the file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from index.articles import Article, Unreadable, make
from index.formats.place import Place

_LARGEST_FILE = 100_000_000
_LARGEST_UNPACKED = 300_000_000


def read(place: Place) -> Iterator[Article | Unreadable]:
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    key = place.alone()
    raw = place.bytes(_LARGEST_FILE)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
                raise Unreadable(f"{place.name}: unpacks to far more than a document; save it again")
        document = docx.Document(io.BytesIO(raw))
        lines: list[str] = []
        title = ""
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [" | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in block.rows]
                continue
            style = (block.style.name or "") if block.style is not None else ""
            if not title and not lines and style.startswith(("Title", "Heading")):
                title = block.text
            else:
                lines.append(block.text)
        known = document.core_properties
        matter = {"title": title or known.title, "author": known.author, "language": known.language}
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError, RuntimeError, OSError) as error:
        reason = (str(error).strip().split("\n")[0] or type(error).__name__)[:100]
        raise Unreadable(f"{place.name}: not a whole Word document ({reason}); save it again as .docx") from None
    yield make(key, place.name, matter, "\n".join(filter(str.strip, lines)))
