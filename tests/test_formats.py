"""Every format has a real sample, and a broken one: text, day and source right, or one line that says what mends it."""

from __future__ import annotations

import gzip
import io
import shutil
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from dateline import Assistant
from index.articles import Article, Unreadable
from index.folder import read, scan
from index.furniture import is_furniture

PAGES = Path(__file__).parent / "pages"
OPENED = (
    "The mayor of Port Halden, Lena Holt, opened the new bridge over the Sill on Thursday, "
    "four years after work began on it."
)
COST = (
    "The bridge cost 41 million crowns, she said at the ceremony on the north bank, "
    "and will carry trams from the autumn of next year."
)
FERRY = (
    "It replaces the ferry, which stopped running last month after 112 years on the river "
    "between the two halves of the town."
)
Write = Callable[[str, str | bytes], Path]


def everything(folder: Path) -> list[Article | Unreadable]:
    return [item for file in scan(folder) for item in read(folder, file)]


def only(folder: Path) -> Article:
    (article,) = everything(folder)
    assert isinstance(article, Article), article
    return article


def broken(folder: Path) -> str:
    (error,) = everything(folder)
    assert isinstance(error, Unreadable), error
    assert "\n" not in str(error)
    return str(error)


# -- Web pages --

LAYOUTS = {
    "json-ld.html": (
        "Mayor opens bridge",
        date(2023, 5, 4),
        ["Lena Holt cuts the ribbon, watched by some 300 people on the quay.", OPENED, COST, FERRY],
    ),
    "meta-tags.html": ("Bridge opens in Port Halden", date(2023, 5, 5), [OPENED, COST, FERRY]),
    "time-element.html": ("The ferry is no more", date(2023, 5, 6), [OPENED, COST, FERRY]),
    "byline-text.html": ("Holt opens the bridge", date(2023, 5, 7), [OPENED, COST, FERRY]),
    "table-layout.html": (
        "NORTH BANK NEWS: Bridge open at last",
        date(1999, 5, 8),
        ["Bridge open at last", "May 8, 1999", OPENED, COST, FERRY],
    ),
    "live-blog.html": (
        "Bridge opening: as it happened",
        date(2023, 5, 4),
        ["12:05 Ribbon cut", OPENED, "10:40 Crowds gather", COST, "09:00 The ferry", FERRY],
    ),
    "paywall.html": ("What the bridge cost", date(2023, 5, 9), [COST]),
    "script-made.html": ("Trams by autumn", date(2023, 5, 10), [OPENED, COST, FERRY]),
    "amp.html": ("Bridge in numbers", date(2023, 5, 11), [OPENED, COST, FERRY]),
    "several-stories.html": (
        "Port Halden in brief",
        date(2023, 5, 12),
        [
            "Bridge",
            OPENED,
            COST,
            "Ferry",
            FERRY,
            "School",
            "The school on Mill Lane will stay shut until Monday because of a burst pipe in its cellar, "
            "the council said.",
        ],
    ),
    "weblog.html": ("Bridge opens to trams", date(2023, 5, 13), [OPENED, COST, FERRY]),
    "several-data.html": ("Trams from autumn", date(2023, 5, 14), [OPENED, COST, FERRY]),
    "page-data.html": ("The bridge, a history", date(2023, 5, 15), [OPENED, COST, FERRY]),
    "microdata.html": ("A bridge at last", date(2023, 5, 16), [OPENED, COST, FERRY]),
    "wire-story.html": ("Port Halden opens bridge", date(2023, 5, 17), [OPENED, COST, FERRY]),
    "tabloid.html": ("Bridge open at LAST", date(2023, 5, 18), [OPENED, COST, FERRY]),
    "figures.html": (
        "The bridge in figures",
        date(2023, 5, 19),
        [OPENED, "| Year | Crossings |", "| 1911 | 80 |", "| 2022 | 24,000 |", COST],
    ),
    "german.html": (
        "Brücke eröffnet",
        date(2023, 5, 20),
        [
            "Die Bürgermeisterin von Port Halden, Lena Holt, hat am Donnerstag die neue Brücke über den Sill eröffnet.",
            "Sie kostete 41 Millionen Kronen und soll vom Herbst des nächsten Jahres an Straßenbahnen tragen.",
        ],
    ),
    "arabic.html": (
        "افتتاح الجسر الجديد",
        date(2023, 5, 4),
        [
            "افتتحت رئيسة بلدية بورت هالدن لينا هولت الجسر الجديد فوق نهر سيل يوم الخميس، "
            "بعد أربع سنوات من بدء العمل فيه.",
            "وقالت في الحفل إن الجسر كلف واحدا وأربعين مليون كرونة، وإن الترام سيعبره ابتداء من خريف العام المقبل.",
        ],
    ),
    "french-latin1.html": (
        "Le pont est ouvert",
        date(2023, 5, 4),
        [
            "La maire de Port Halden, Lena Holt, a inauguré jeudi le nouveau pont sur la Sill, "
            "quatre ans après le début des travaux.",
            "Le pont a coûté 41 millions de couronnes, a-t-elle déclaré lors de la cérémonie, "
            "et les tramways y passeront dès l'automne.",
        ],
    ),
}


@pytest.fixture(scope="module")
def pages() -> dict[str, Article]:
    return {item.id: item for item in everything(PAGES) if isinstance(item, Article)}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_page_gives_its_title_day_and_text(pages: dict[str, Article], name: str) -> None:
    title, day, lines = LAYOUTS[name]
    article = pages[name]
    assert (article.title, article.published) == (title, day)
    assert article.text.split("\n") == lines


def test_every_page_is_looked_at() -> None:
    assert {path.name for path in PAGES.iterdir()} == set(LAYOUTS)


def test_a_page_gives_its_source_author_address_and_language(pages: dict[str, Article]) -> None:
    article = pages["json-ld.html"]
    assert (article.source, article.author, article.url, article.language, article.sure) == (
        "The Harbour Echo",
        "Ann Reed",
        "https://echo.example/2023/bridge",
        "en",
        True,
    )
    assert [pages[name].language for name in ("arabic.html", "french-latin1.html")] == ["ar", "fr"]


@pytest.mark.parametrize(
    ("line", "furniture"),
    [
        ("Read more: The ferry is sold", True), ("Watch prices fell by a tenth.", False), ("Follow us on X", True),
        ("Updated at 9:30", True), ("Updated vaccines come in autumn", False), ("Published 3 days ago", True),
        ("Updated", True), ("Published in 1911, the book sold well.", False),
        ("By Ann Reed", True), ("By river", False), ("2013: 11", False), ("52%", False), ("| 1911 | 80 |", False),
        ("* * *", True), ("21 Comments | Share", True), ("Copyright 2023 The Post. All rights reserved.", True),
        ("Copyright was the matter, the court said.", False), ("Something went wrong, the pilot said.", False),
        ("Tags: ferry", True), ("Topics such as this are rare.", False), ("Contributing: Tom Venn", True),
        ("Tom Venn and Ann Reed contributed to this report.", True), ("She contributed to the report.", False),
    ],
)  # fmt: skip
def test_furniture_is_told_from_what_is_said(line: str, furniture: bool) -> None:
    assert is_furniture(line) is furniture


def test_a_page_without_a_day_has_none(write: Write) -> None:
    article = only(write("a.html", f"<html><body><h1>Bridge</h1><p>{OPENED}</p><p>{COST}</p></body></html>"))
    assert article.published is None


def test_the_day_of_a_change_is_not_the_day_of_an_article(write: Write) -> None:
    head = '<meta property="article:modified_time" content="2024-01-09">'
    article = only(write("a.html", f"<html><head>{head}</head><body><p>{OPENED}</p><p>{COST}</p></body></html>"))
    assert article.published is None or not article.sure


@pytest.mark.parametrize("content", ["<html><body><nav>Home</nav></body></html>", "<html></html>", "<!-- -->"])
def test_a_page_without_text_is_named(write: Write, content: str) -> None:
    assert broken(write("a.html", content)).startswith("a.html: ")


def test_a_page_with_control_characters_is_read(write: Write) -> None:
    caption = f"<figure><figcaption>{OPENED[:60]}\x02 &#3;{OPENED[60:]}</figcaption></figure>"
    article = only(write("a.html", f"<html><body><p>{OPENED}</p><p>{COST}\x01&#x1f;</p>{caption}</body></html>"))
    assert OPENED in article.text and COST in article.text and article.text.isprintable() is False
    assert not any(ord(mark) < 32 and mark != "\n" for mark in article.text)


def test_a_page_of_endless_depth_is_survived(write: Write) -> None:
    folder = write("a.html", "<html><body>" + "<div>" * 50_000 + f"<p>{OPENED}</p><p>{COST}</p>")
    assert len(everything(folder)) == 1


# -- Documents --


def pdf(*pages: Iterable[str], encrypted: bool = False) -> bytes:
    """A PDF with lines of text, as a printing program writes it."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for lines in pages:
        drawn = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {drawn} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        font = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] /Contents %d 0 R /Resources %s >>"
            % (len(objects), font)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    made = out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer
    if not encrypted:
        return made
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(made))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


def test_a_pdf_is_read_in_paragraphs_without_heads_and_feet(write: Write) -> None:
    body = [
        [
            "The mayor of Port Halden, Lena Holt, opened the new bridge over the river on Thurs-",
            "day. It took four years.",
        ],
        ["The bridge cost 41 million crowns, she said at the ceremony on the north bank, and", "will carry trams."],
        ["The ferry stopped running last month after 112 years on the river between the two", "halves of the town."],
    ]
    pages = [["The Harbour Echo", *lines, f"Page {number} of 3"] for number, lines in enumerate(body, 1)]
    article = only(write("echo 2023-05-05.pdf", pdf(*pages)))
    assert article.published == date(2023, 5, 5)
    assert article.text.split("\n") == [
        "The mayor of Port Halden, Lena Holt, opened the new bridge over the river on Thursday. It took four years.",
        "The bridge cost 41 million crowns, she said at the ceremony on the north bank, and will carry trams.",
        "The ferry stopped running last month after 112 years on the river between the two halves of the town.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4\nnothing of the kind", "damaged"),
        (b"", "damaged"),
        (pdf([]), "pictures"),
        (pdf(["The bridge is open."], encrypted=True), "password"),
        (pdf(["The bridge is open."])[:200], ""),
    ],
)
def test_a_broken_pdf_is_named(write: Write, content: bytes, said: str) -> None:
    error = broken(write("a.pdf", content))
    assert error.startswith("a.pdf: ") and said in error


def test_a_word_document_is_read_with_its_tables(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("The bridge is open", 0)
    document.add_paragraph("By Ann Reed, 5 May 2023")
    document.add_paragraph(OPENED)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Cost", "41 million crowns"
    document.save(str(tmp_path / "bridge.docx"))
    article = only(tmp_path)
    assert (article.title, article.published) == ("The bridge is open", date(2023, 5, 5))
    assert article.text.split("\n") == ["By Ann Reed, 5 May 2023", OPENED, "Cost | 41 million crowns"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"plain text"])
def test_a_broken_word_document_is_named(write: Write, content: bytes) -> None:
    assert broken(write("a.docx", content)).startswith("a.docx: not a whole Word document")


# -- Tables --


def test_a_table_gives_an_article_a_row_under_any_usual_name(write: Write) -> None:
    folder = write(
        "echo.csv",
        "ID,Headline,Date,Publisher,Body\r\n"
        f'7,"Bridge, at last",2023-05-05,Harbour Echo,"{OPENED}\nIt is ""wide""."\r\n'
        ",Second,5 June 2023,,The ferry stopped.\r\n,,,,\r\n",
    )
    first, second = everything(folder)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.id, first.title, first.published, first.source) == (
        "7",
        "Bridge, at last",
        date(2023, 5, 5),
        "Harbour Echo",
    )
    assert first.text == f'{OPENED}\nIt is "wide".'
    assert (second.id, second.published) == ("echo.csv#2", date(2023, 6, 5))


@pytest.mark.parametrize(
    "content",
    [
        "titel;datum;text\nBrücke offen;2023-05-05;Die neue Brücke über die Sill ist offen.\n".encode("cp1252"),
        "title\tpublished\ttext\nBrücke offen\t2023-05-05\tDie neue Brücke über die Sill ist offen.\n".encode(),
        "\ufefftitle,date,text\nBrücke offen,2023-05-05,Die neue Brücke über die Sill ist offen.\n".encode(),
        "title,date,text\nBrücke offen,2023-05-05,Die neue Brücke über die Sill ist offen.\n".encode("utf-16"),
    ],
)
def test_a_table_is_read_however_it_was_saved(write: Write, content: bytes) -> None:
    assert only(write("a.csv", content)).text == "Die neue Brücke über die Sill ist offen."


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\x00\x01\x02\x03\x04\x05" * 100])
def test_a_table_without_texts_is_named(write: Write, content: str) -> None:
    assert broken(write("a.csv", content)).startswith("a.csv: ")


def test_a_row_without_text_does_not_stop_the_rest(write: Write) -> None:
    first, second = everything(write("a.csv", "title,text\nEmpty,\nFull,The bridge is open.\n"))
    assert isinstance(first, Unreadable) and str(first).startswith("a.csv#1: ")
    assert isinstance(second, Article)


def test_a_line_of_endless_length_is_named_and_the_rest_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.formats.jsonl._LONGEST_LINE", 1000)
    long = '{"text": "' + "x" * 5000 + '"}'
    first, second = everything(write("a.jsonl", long + '\n{"text": "The bridge is open."}\n'))
    assert isinstance(first, Unreadable) and isinstance(second, Article)
    assert second.id == "a.jsonl#2"


# -- Messages and feeds --


def message(html: bool) -> bytes:
    made = EmailMessage()
    made["Subject"] = "Brücke offen"
    made["From"] = "Harbour Echo <news@echo.example>"
    made["Date"] = "Thu, 04 May 2023 23:30:00 -0500"
    made.set_content(f"{OPENED}\n\n{COST}\n")
    if html:
        made.clear_content()
        made.set_content(f"<html><body><p>{OPENED}</p><p>{COST}</p></body></html>", subtype="html")
    made.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="a.bin")
    return made.as_bytes()


@pytest.mark.parametrize("html", [False, True])
def test_a_message_gives_its_subject_day_and_text(write: Write, html: bool) -> None:
    article = only(write("a.eml", message(html)))
    assert (article.title, article.published, article.source) == ("Brücke offen", date(2023, 5, 4), "Harbour Echo")
    assert article.published_from == "e-mail"
    assert [line for line in article.text.split("\n") if line] == [OPENED, COST]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"Subject: x\nContent-Type: image/png\n\nabc"])
def test_a_message_without_text_is_named(write: Write, content: bytes) -> None:
    assert broken(write("a.eml", content)).startswith("a.eml: ")


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Harbour Echo</title><item><title>Bridge &amp; tram</title><guid>echo-1</guid><link>https://echo.example/1</link>
<pubDate>Thu, 04 May 2023 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{OPENED}</p>
<p>{COST}</p><script>x()</script>]]></content:encoded></item>
<item><title>No text</title></item></channel></rss>"""
ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Sill Post</title>
<entry><title>Ferry</title>
<id>tag:post.example,2023:2</id><published>2023-05-06T08:00:00+02:00</published><updated>2024-01-01T00:00:00Z</updated>
<summary>{FERRY}</summary></entry></feed>"""


def test_a_feed_gives_its_items(write: Write) -> None:
    first, second = everything(write("echo.rss", RSS))
    assert isinstance(first, Article)
    assert (first.id, first.title, first.published, first.source, first.url) == (
        "echo-1",
        "Bridge & tram",
        date(2023, 5, 4),
        "Harbour Echo",
        "https://echo.example/1",
    )
    assert first.text.split("\n") == [OPENED, COST]
    assert isinstance(second, Unreadable)


def test_an_item_without_an_id_is_known_by_its_address(write: Write) -> None:
    feed = "<rss><channel><item><title/><link>https://e.example/1</link><description>The bridge is open.</description>"
    article = only(write("echo.rss", f"{feed}</item></channel></rss>"))
    assert article.id == "https://e.example/1"


def test_an_atom_feed_gives_the_day_of_publication(write: Write) -> None:
    article = only(write("post.xml", ATOM))
    assert (article.id, article.published, article.text) == ("tag:post.example,2023:2", date(2023, 5, 6), FERRY)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<rss><channel><item><title>&b;</title><description>&b;</description></item></channel></rss>"
)


@pytest.mark.parametrize("content", ["", "<a/>", "not xml", BOMB])
def test_what_is_no_feed_is_named(write: Write, content: str) -> None:
    assert broken(write("a.xml", content)).startswith("a.xml: ")


# -- Archives --


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_an_archive_is_read_like_a_folder(write: Write) -> None:
    members = {
        "may/bridge.html": (PAGES / "meta-tags.html").read_bytes(),
        "ferry.md": f"---\npublished: 2023-05-06\n---\n{FERRY}\n".encode(),
        "wire.jsonl": b'{"text": "One."}\n{"id": "two", "text": "Two."}\n',
        "table.csv": b"title,text\nThree,The third.\n",
        "report.pdf": pdf(["The bridge is open."]),
        "picture.jpg": b"\xff\xd8",
        "__MACOSX/._ferry.md": b"\x00\x05",
        ".hidden.txt": b"Hidden.",
    }
    found = everything(write("may.zip", zipped(members)))
    assert [item.id for item in found if isinstance(item, Article)] == [
        "may.zip/may/bridge.html",
        "may.zip/ferry.md",
        "may.zip/wire.jsonl#1",
        "two",
        "may.zip/table.csv#1",
        "may.zip/report.pdf",
    ]
    assert not [item for item in found if isinstance(item, Unreadable)]


def test_what_is_wrong_in_an_archive_is_named_and_the_rest_read(write: Write) -> None:
    members = {
        "../out.txt": b"Out of the archive.",
        "inner.zip": zipped({"a.txt": b"A."}),
        "bomb.txt": b"\0" * 60_000_000,
        "empty.txt": b"",
        "squeezed.txt": b"To be damaged.",
        "good.txt": OPENED.encode(),
    }
    packed = bytearray(zipped(members))
    # Its method says LZMA now, in its own head and in the list of members, and its bytes are not.
    for mark, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = packed.rindex(mark, 0, packed.rindex(b"squeezed.txt") if mark[2] == 1 else packed.index(b"squeezed.txt"))
        packed[at + method] = zipfile.ZIP_LZMA
    found = everything(write("a.zip", bytes(packed)))
    errors = [str(item) for item in found if isinstance(item, Unreadable)]
    assert [error.split(": ")[0] for error in errors] == [
        "a.zip/../out.txt",
        "a.zip/inner.zip",
        "a.zip/bomb.txt",
        "a.zip/empty.txt",
        "a.zip/squeezed.txt",
    ]
    assert [item.id for item in found if isinstance(item, Article)] == ["a.zip/good.txt"]


def test_of_two_members_of_one_name_the_later_is_read(write: Write) -> None:
    made = io.BytesIO(zipped({"a.txt": b"The first."}))
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", "The second.")
    assert only(write("a.zip", made.getvalue())).text == "The second."


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", zipped({"a.txt": OPENED.encode()})[:-30]])
def test_a_broken_archive_is_named(write: Write, content: bytes) -> None:
    assert broken(write("a.zip", content)).startswith("a.zip: not a whole zip archive")


def warc(pages: dict[str, bytes], compressed: bool = False) -> bytes:
    made = b""
    for url, content in pages.items():
        kind = "image/png" if url.endswith("png") else "text/html; charset=utf-8"
        status = "404 Not Found" if url.endswith("gone") else "200 OK"
        block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        record = head.encode() + block + b"\r\n\r\n"
        made += gzip.compress(record) if compressed else record
    return made


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_web_archive_gives_its_pages(write: Write, name: str) -> None:
    page = (PAGES / "meta-tags.html").read_bytes()
    pages = {
        "https://post.example/1": page,
        "https://post.example/x.png": b"\x89PNG",
        "https://post.example/gone": page,
    }
    article = only(write(name, warc(pages, name.endswith("gz"))))
    assert (article.id, article.url) == ("https://post.example/1", "https://post.example/1")
    assert article.published == date(2023, 5, 5)


def test_a_web_archive_that_is_cut_off_gives_what_is_whole(write: Write) -> None:
    page = (PAGES / "meta-tags.html").read_bytes()
    whole = warc({"https://post.example/1": page, "https://post.example/2": page}, compressed=True)
    found = everything(write("a.warc.gz", whole[: len(whole) - 300]))
    assert [item.id for item in found if isinstance(item, Article)][:1] == ["https://post.example/1"]
    assert isinstance(everything(write("b.warc", b"nothing of the kind"))[-1], Unreadable)


# -- All together --


def test_every_format_is_found_quoted_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(PAGES, folder / "pages")
    (folder / "may.zip").write_bytes(zipped({"ferry.eml": message(html=True)}))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4")
    with Assistant(folder, store=tmp_path / "store") as assistant:
        assert assistant.indexed and assistant.indexed.added == len(LAYOUTS) + 1
        assert [line.split(":")[0] for line in assistant.indexed.skipped] == ["broken.pdf"]
        answer = assistant.ask("How much did the bridge cost?")
        assert answer.short and "41 million" in answer.short
        for citation in answer.citations:
            assert assistant.article(citation.article).text[citation.start : citation.end] == citation.quote
        assert assistant.article("may.zip/ferry.eml").title == "Brücke offen"
