"""E-mail messages: newsletters, alerts, press releases. Attachments are not read."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime

from index.articles import Article, Unreadable, make
from index.formats.place import Place
from index.formats.web import read_page

_LARGEST_MESSAGE = 50_000_000


def read(place: Place) -> Iterator[Article | Unreadable]:
    key = place.alone()
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(place.bytes(_LARGEST_MESSAGE))
    if not message.keys():
        raise Unreadable(f"{place.name}: no e-mail message (it has no headers); save the message again")
    try:
        text = _text(message, place.name)
        name, address = parseaddr(str(message.get("From", "")))
        subject = str(message.get("Subject", ""))
    except (LookupError, ValueError, AttributeError) as error:
        # The parser takes anything; what is wrong with a header shows when it is asked for.
        raise Unreadable(f"{place.name}: a broken e-mail message ({error}); save the message again") from None
    matter = {"title": subject, "published": _day(message), "source": name or address}
    yield make(key, place.name, matter, text, origin="e-mail")


def _day(message: EmailMessage) -> str:
    """The day it was sent, in the sender's zone."""
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).date().isoformat()
    except (TypeError, ValueError):
        return ""


def _text(message: EmailMessage, name: str) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise Unreadable(f"{name}: no text in the message, only attachments; save those")
    content = str(body.get_content())
    return read_page(content, name)[1] if body.get_content_subtype() == "html" else content
