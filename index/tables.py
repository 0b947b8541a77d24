"""The catalog's tables, in SQLAlchemy Core. The word index is SQLite's own and stands in `index.catalog`."""

from __future__ import annotations

import sqlalchemy as sql

from index.articles import Article

# Raised when the tables change: an older store is made anew from its folder.
LAYOUT = 5

tables = sql.MetaData()
settings = sql.Table(
    "settings",
    tables,
    sql.Column("key", sql.Text, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)
files = sql.Table(
    "files",
    tables,
    sql.Column("path", sql.Text, primary_key=True),
    sql.Column("size", sql.BigInteger, nullable=False),
    sql.Column("mtime", sql.BigInteger, nullable=False),
    sql.Column(
        "skipped", sql.Text, nullable=False, default=""
    ),  # why it or records of it were passed over, a line each
)
articles = sql.Table(
    "articles",
    tables,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("id", sql.Text, nullable=False, unique=True),
    sql.Column("file", sql.Text, nullable=False, index=True),
    sql.Column("digest", sql.Text, nullable=False, index=True),
    sql.Column("record", sql.Text, nullable=False, default=""),  # a digest of the line or row it was made from
    sql.Column("title", sql.Text, nullable=False),
    sql.Column("published", sql.Date, index=True),
    sql.Column("published_from", sql.Text, nullable=False),
    sql.Column("source", sql.Text, nullable=False),
    sql.Column("url", sql.Text, nullable=False),
    sql.Column("sure", sql.Boolean, nullable=False),  # whether the day is to be trusted
    sql.Column("author", sql.Text, nullable=False),
    sql.Column("language", sql.Text, nullable=False),
    sql.Column("text", sql.Text, nullable=False),
    # The same for articles that are copies of one another, else null: the number of one that is or was among them.
    sql.Column("story", sql.Integer, index=True),
    sqlite_autoincrement=True,  # a story's name is never given twice
)
# What finds an article's copies, and the copies found, each pair both ways round: see `index.copies`.
bands = sql.Table(
    "bands",
    tables,
    sql.Column("key", sql.BigInteger, primary_key=True),
    sql.Column("article", sql.Integer, primary_key=True),
    sqlite_with_rowid=False,
)
copies = sql.Table(
    "copies",
    tables,
    sql.Column("article", sql.ForeignKey(articles.c.number), primary_key=True),
    sql.Column("copy", sql.Integer, primary_key=True),
    sqlite_with_rowid=False,
)
passages = sql.Table(
    "passages",
    tables,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("article", sql.ForeignKey(articles.c.number), nullable=False, index=True),
    sql.Column("start", sql.Integer, nullable=False),
    sql.Column("end", sql.Integer, nullable=False),
    sql.Column("embedded", sql.Boolean, nullable=False, default=False),
    # Numbers are never given twice: the vector store silently ignores a number it has seen.
    sqlite_autoincrement=True,
)
sql.Index("passages_to_embed", passages.c.number, sqlite_where=passages.c.embedded.is_(False))
sql.Index("articles_by_source", sql.func.lower(articles.c.source))
# Vectors of passages that are gone, until the vector store has dropped them too.
orphans = sql.Table("orphans", tables, sql.Column("passage", sql.Integer, primary_key=True))


def to_article(row: sql.Row[tuple[object, ...]]) -> Article:
    """A row of `articles`."""
    return Article(
        id=row.id,
        title=row.title,
        text=row.text,
        published=row.published,
        published_from=row.published_from,
        source=row.source,
        url=row.url,
        sure=row.sure,
        author=row.author,
        language=row.language,
        story=row.story,
    )
