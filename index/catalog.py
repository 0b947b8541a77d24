"""The catalog: one SQLite file that is the truth about a store. Articles, passages, words, what is still to be done.

An article's text lives here once; a passage is two offsets into it, and the word index holds no text of its own.
Written with SQLAlchemy Core; what only SQLite can do (FTS5) stands in the functions whose names end in `_words`.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import sqlalchemy as sql

from index.articles import Article
from index.errors import QuestionError, StoreMissing
from index.passages import Passage
from index.stories import join, leave
from index.tables import articles as _articles
from index.tables import files as _files
from index.tables import orphans as _orphans
from index.tables import passages as _passages
from index.tables import settings as _settings
from index.tables import tables as _tables
from index.tables import to_article

_WORDS_TABLE = """
create virtual table if not exists words using fts5(
    title, day, text, content='', tokenize="porter unicode61 remove_diacritics 2")"""
# Copies of one story that are looked at: the first to tell it.
_COPIES = 20
# How much a word counts in the title, the day and the text.
_WORD_WEIGHTS = "1.0, 0.5, 1.0"
# A word is common that stands in more than this share of the passages, and in more than so many (benchmarks/LOG.md).
_COMMON = 0.05
_RARE = 1_000


@dataclass(frozen=True)
class Filter:
    """What narrows a search: days (inclusive) and a source. An article without a day passes no day's filter.

    Raises `QuestionError` where no day can pass.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise QuestionError(f"since {self.since} is after until {self.until}, and no day is both; swap them")

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.source)

    def clauses(self) -> list[sql.ColumnElement[bool]]:
        found: list[sql.ColumnElement[bool]] = []
        if self.since:
            found.append(_articles.c.published >= self.since)
        if self.until:
            found.append(_articles.c.published <= self.until)
        if self.source:
            found.append(sql.func.lower(_articles.c.source) == sql.func.lower(self.source))
        return found


@dataclass(frozen=True)
class Listed:
    """A file as the catalog knows it."""

    size: int
    mtime: int
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class Stored:
    """A passage with its number and its article."""

    number: int
    article: Article
    passage: Passage

    @property
    def text(self) -> str:
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True)
class Holdings:
    """What a store holds: counts, and the days its articles run over."""

    articles: int
    passages: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Mentions:
    """How many articles mention something, copies of one story counted once, and the newest of their days."""

    articles: int
    newest: date | None


class Catalog:
    """Opened on a path; `create=True` makes it when it is not there, else that raises `StoreMissing`."""

    def __init__(self, path: Path, create: bool = False) -> None:
        if not create and not path.exists():
            raise StoreMissing(f"no index at {path.parent}; make it with: dateline index FOLDER")
        self.path = path
        self._turn = Lock()
        self._engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sql.event.listen(self._engine, "connect", _configure)
        if create:
            with self._engine.begin() as link:
                _tables.create_all(link)
                link.execute(sql.text(_WORDS_TABLE))

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: all of what is written inside it stands, or none. Threads wait for one another."""
        with self._turn, self._engine.begin() as link:
            yield Writer(link)

    # What the store is

    def settings(self) -> dict[str, str]:
        with self._engine.connect() as link:
            return {row.key: row.value for row in link.execute(sql.select(_settings))}

    def generation(self) -> int:
        """Counts the changes to the vectors: who has them open and sees it change opens them anew."""
        with self._engine.connect() as link:
            return int(link.scalar(sql.select(_settings.c.value).where(_settings.c.key == "generation")) or 0)

    def holdings(self) -> Holdings:
        day = _articles.c.published
        with self._engine.connect() as link:
            articles, first, last = link.execute(
                sql.select(sql.func.count(), sql.func.min(day), sql.func.max(day)).select_from(_articles)
            ).one()
            passages = link.scalar(sql.select(sql.func.count()).select_from(_passages)) or 0
        return Holdings(articles, passages, first, last)

    def stories(self) -> tuple[int, int]:
        """How many stories are told by several articles that are copies of one another, and by how many articles."""
        story = _articles.c.story
        with self._engine.connect() as link:
            told, articles = link.execute(sql.select(sql.func.count(sql.distinct(story)), sql.func.count(story))).one()
        return told, articles

    # What is to be done

    def owner(self, key: str) -> str | None:
        """The file that holds the article of this id."""
        with self._engine.connect() as link:
            row = link.execute(_KNOWN, {"id": key}).one_or_none()
        return row.file if row else None

    def records(self, file: str) -> dict[str, str]:
        """The digests of the records that the articles of a file were made from, by the articles' ids."""
        with self._engine.connect() as link:
            rows = link.execute(sql.select(_articles.c.id, _articles.c.record).where(_articles.c.file == file))
            return {row.id: row.record for row in rows}

    def files(self) -> dict[str, Listed]:
        with self._engine.connect() as link:
            return {
                row.path: Listed(row.size, row.mtime, tuple(row.skipped.splitlines()))
                for row in link.execute(sql.select(_files))
            }

    def to_embed(self) -> int:
        with self._engine.connect() as link:
            return link.scalar(sql.select(sql.func.count()).where(_passages.c.embedded.is_(False))) or 0

    def next_to_embed(self, limit: int) -> list[Stored]:
        return self._stored(_passages.c.embedded.is_(False), order=_passages.c.number, limit=limit)

    def orphans(self, limit: int = 1_000) -> list[int]:
        with self._engine.connect() as link:
            return list(link.scalars(sql.select(_orphans.c.passage).limit(limit)))

    # What it holds

    def article(self, key: str) -> Article | None:
        with self._engine.connect() as link:
            row = link.execute(sql.select(_articles).where(_articles.c.id == key)).one_or_none()
        return to_article(row) if row else None

    def copies(self, stories: Iterable[int], filter: Filter | None = None) -> dict[int, list[Article]]:
        """The articles that tell each of these stories, the earliest first, of one day the fullest.

        Those come last whose day is a guess or not known.

        Of very many copies, the first few.
        """
        day = _articles.c.published
        order = (day.is_(None) | ~_articles.c.sure, day, sql.func.length(_articles.c.text).desc(), _articles.c.id)
        place = sql.func.row_number().over(partition_by=_articles.c.story, order_by=order).label("place")
        ranked = (
            sql.select(_articles, place)
            .where(_articles.c.story.in_(set(stories)), *(filter.clauses() if filter else ()))
            .subquery()
        )
        found: dict[int, list[Article]] = {}
        with self._engine.connect() as link:
            for row in link.execute(sql.select(ranked).where(ranked.c.place <= _COPIES).order_by(ranked.c.place)):
                found.setdefault(row.story, []).append(to_article(row))
        return found

    def article_ids(self) -> list[str]:
        with self._engine.connect() as link:
            return list(link.scalars(sql.select(_articles.c.id).order_by(_articles.c.published, _articles.c.id)))

    def sources(self) -> list[str]:
        with self._engine.connect() as link:
            return list(link.scalars(sql.select(_articles.c.source).distinct().order_by(_articles.c.source)))

    def passages(self, numbers: Sequence[int]) -> dict[int, Stored]:
        """The passages of these numbers; those that are gone are missing from the result."""
        found = {}
        for first in range(0, len(numbers), 500):  # SQLite limits the parameters of one statement
            for stored in self._stored(_passages.c.number.in_(numbers[first : first + 500])):
                found[stored.number] = stored
        return found

    def allowed(self, filter: Filter, limit: int) -> list[int] | None:
        """Numbers of the passages that pass the filter, None where they are more than `limit`."""
        articles = sql.select(_articles.c.number).where(*filter.clauses()).limit(limit + 1).subquery()
        query = sql.select(_passages.c.number).where(_passages.c.article.in_(sql.select(articles.c.number)))
        with self._engine.connect() as link:
            # Articles are counted first: that takes an index alone, and where they are too many their passages are.
            if (link.scalar(sql.select(sql.func.count()).select_from(articles)) or 0) > limit:
                return None
            numbers = list(link.scalars(query.limit(limit + 1)))
        return numbers if len(numbers) <= limit else None

    def passing(self, numbers: Sequence[int], filter: Filter) -> set[int]:
        """Those of these passages that pass the filter."""
        query = sql.select(_passages.c.number).join(_articles).where(_passages.c.number.in_(_GIVEN), *filter.clauses())
        with self._engine.connect() as link:
            return set(link.scalars(query, {"given": json.dumps(numbers)}))

    def search_words(
        self,
        words: Iterable[str],
        limit: int,
        filter: Filter | None = None,
        among: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Passages with any of these words by BM25: (number, score), higher is better, best first.

        `among`, where there are few of them, are the passages that pass the filter.
        """
        words = list(words)
        if not _any_of(words):
            return []
        given: dict[str, object] = {"match": self._with_a_rare(words) if among is None else _any_of(words)}
        given["limit"] = limit
        query = f"select rowid as number, -bm25(words, {_WORD_WEIGHTS}) as score from words where words match :match"
        if among is not None:
            # The plus keeps SQLite from running the match once for each of them.
            query += " and +rowid in (select value from json_each(:given))"
            given["given"] = json.dumps(among)
        query += " order by score desc limit :limit"
        if filter and among is None:
            # Many pass: going down the ranking, few have to be looked at until there are enough.
            given["limit"] = -1
            query = (
                f"select ranked.number, ranked.score from ({query}) as ranked "
                f"cross join passages on passages.number = ranked.number "
                f"cross join articles on articles.number = passages.article where {self._passes(filter)} limit :most"
            )
            given["most"] = limit
        with self._engine.connect() as link:
            rows = link.execute(sql.text(query).bindparams(**given)).all()
        return [(row.number, row.score) for row in rows]

    def _passes(self, filter: Filter | None) -> str:
        """The condition of a filter on `articles`, as SQL."""
        condition = sql.and_(sql.true(), *(filter.clauses() if filter else ()))
        compiled = condition.compile(dialect=self._engine.dialect, compile_kwargs={"literal_binds": True})
        return str(compiled).replace(":", r"\:")  # a colon in a source's name is no parameter

    def _with_a_rare(self, words: Sequence[str]) -> str:
        """An FTS5 query for any of the words, but, in a large archive, not for passages with none of the rarer ones.

        Most of what matches has only words that are everywhere; BM25 ranks it last, after computing each one's score.
        """
        query = sql.text("select 1 from words where words match :match limit 1 offset :many")
        with self._engine.connect() as link:
            many = max(_RARE, int(_COMMON * (link.scalar(sql.select(sql.func.max(_passages.c.number))) or 0)))
            rare = [
                word
                for word in words
                if (match := _any_of([word])) and not link.scalar(query, {"match": match, "many": many})
            ]
        every = _any_of(words)
        return f"({_any_of(rare)}) AND ({every})" if rare and len(rare) < len(words) else every

    def passages_with(
        self, subjects: Iterable[Sequence[str]], limit: int, oldest: bool = False, filter: Filter | None = None
    ) -> list[Stored]:
        """Passages that mention every subject (see `newest_with`), of the newest articles first, or of the oldest."""
        match = _all_of(subjects)
        if not match:
            return []
        query = (
            f"select passages.number {_MATCHING} published is not null and {self._passes(filter)} "
            f"order by published {'asc' if oldest else 'desc'}, passages.number limit :limit"
        )
        with self._engine.connect() as link:
            numbers = list(link.scalars(sql.text(query), {"match": match, "limit": limit}))
        found = self.passages(numbers)
        return [found[number] for number in numbers if number in found]

    def newest_with(self, subjects: Iterable[Sequence[str]], filter: Filter | None = None) -> Mentions:
        """The articles with one passage that mentions every subject, by any of its words or what begins with it."""
        match = _all_of(subjects)
        if not match:
            return Mentions(0, None)
        counted = "max(published), count(distinct coalesce(-story, articles.number))"
        query = f"select {counted} {_MATCHING} {self._passes(filter)}"
        with self._engine.connect() as link:
            newest, count = link.execute(sql.text(query), {"match": match}).one()
        return Mentions(count, date.fromisoformat(newest) if newest else None)

    def _stored(
        self,
        where: sql.ColumnElement[bool],
        order: sql.ColumnElement[int] | None = None,
        limit: int | None = None,
    ) -> list[Stored]:
        query = sql.select(_passages.c.number, _passages.c.article, _passages.c.start, _passages.c.end).where(where)
        if order is not None:
            query = query.order_by(order)
        with self._engine.connect() as link:
            rows = link.execute(query.limit(limit)).all()
            wanted = {row.article for row in rows}
            articles = {
                row.number: to_article(row)
                for row in link.execute(sql.select(_articles).where(_articles.c.number.in_(wanted)))
            }
        return [Stored(row.number, articles[row.article], Passage(row.start, row.end)) for row in rows]


class Writer:
    """What can be done inside one transaction of `Catalog.writing`."""

    def __init__(self, link: sql.Connection) -> None:
        self._link = link
        self._given: int | None = None  # the last passage's number

    def set(self, **settings: str) -> None:
        for key, value in settings.items():
            self._link.execute(sql.delete(_settings).where(_settings.c.key == key))
            self._link.execute(sql.insert(_settings).values(key=key, value=value))

    def put_file(self, path: str, size: int, mtime: int, skipped: Sequence[str]) -> None:
        self._link.execute(sql.delete(_files).where(_files.c.path == path))
        lines = "\n".join(" ".join(line.split()) for line in skipped)
        self._link.execute(sql.insert(_files).values(path=path, size=size, mtime=mtime, skipped=lines))

    def drop_file(self, path: str) -> int:
        """Remove a file and its articles; how many articles those were."""
        self._link.execute(sql.delete(_files).where(_files.c.path == path))
        return self.drop_articles(path, keep=())

    def known(self, key: str) -> tuple[str, str] | None:
        """The file that holds the article of this id, and the article's digest."""
        row = self._link.execute(_KNOWN, {"id": key}).one_or_none()
        return (row.file, row.digest) if row else None

    def same_in(self, digest: str, files: Container[str]) -> str | None:
        """The id of an article of one of `files` with this digest."""
        found = self._link.execute(sql.select(_articles.c.id, _articles.c.file).where(_articles.c.digest == digest))
        return next((row.id for row in found if row.file in files), None)

    def move_article(self, key: str, new: str, file: str, record: str) -> None:
        """Give an article another id, file and record; its passages and their vectors stay."""
        query = sql.update(_articles).where(_articles.c.id == key)
        self._link.execute(query.values(id=new, file=file, record=record))

    def put_article(self, article: Article, file: str, passages: Sequence[Passage], record: str = "") -> None:
        """Store an article and its passages, in the place of what stood under its id.

        A passage whose text and header were there before keeps its number, and with it its vector.
        """
        values = dict(
            id=article.id,
            file=file,
            digest=article.digest,
            record=record,
            title=article.title,
            published=article.published,
            published_from=article.published_from,
            source=article.source,
            url=article.url,
            sure=article.sure,
            author=article.author,
            language=article.language,
            text=article.text,
        )
        row = self._link.execute(_BY_ID, {"id": article.id}).one_or_none()
        kept: dict[str, list[int]] = {}
        if row:
            number, old = row.number, to_article(row)
            leave(self._link, number, old)
            same_head = (old.title, old.published) == (article.title, article.published)
            texts = Counter(article.text[passage.start : passage.end] for passage in passages if same_head)
            kept = self._drop_passages(number, old, texts)
            self._link.execute(sql.update(_articles).where(_articles.c.number == number).values(**values, story=None))
        else:
            (number,) = self._link.execute(_PUT_ARTICLE, values).inserted_primary_key or (0,)
        new = []
        for passage in passages:
            if same := kept.get(article.text[passage.start : passage.end]):
                query = sql.update(_passages).where(_passages.c.number == same.pop())
                self._link.execute(query.values(start=passage.start, end=passage.end))
            else:
                new.append((self._free_number(), passage))
        if new:
            rows = [
                {"number": key, "article": number, "start": one.start, "end": one.end, "embedded": False}
                for key, one in new
            ]
            self._link.execute(_PUT_PASSAGES, rows)
            self._link.execute(_PUT_WORDS, [_words_of(key, article, one) for key, one in new])
        join(self._link, number, article)

    def drop_articles(self, file: str, keep: Iterable[str]) -> int:
        """Remove the articles of `file` whose ids are not kept; how many those were."""
        kept = set(keep)
        ids = set(self._link.scalars(sql.select(_articles.c.id).where(_articles.c.file == file))) - kept
        for key in ids:
            self._drop(sql.select(_articles).where(_articles.c.id == key))
        return len(ids)

    def mark_embedded(self, numbers: Sequence[int], embedded: bool = True) -> None:
        self._link.execute(sql.update(_passages).where(_passages.c.number.in_(numbers)).values(embedded=embedded))
        self._count_up()

    def mark_all_to_embed(self) -> None:
        """The vectors are lost: every passage is to be embedded again."""
        self._link.execute(sql.update(_passages).values(embedded=False))
        self._link.execute(sql.delete(_orphans))
        self._count_up()

    def drop_orphans(self, numbers: Sequence[int]) -> None:
        self._link.execute(sql.delete(_orphans).where(_orphans.c.passage.in_(numbers)))
        self._count_up()

    def _count_up(self) -> None:
        before = self._link.scalar(sql.select(_settings.c.value).where(_settings.c.key == "generation"))
        self.set(generation=str(int(before or 0) + 1))

    def _drop(self, which: sql.Select[tuple[object, ...]]) -> None:
        for row in self._link.execute(which).all():
            article = to_article(row)
            leave(self._link, row.number, article)
            self._drop_passages(row.number, article, Counter())
            self._link.execute(sql.delete(_articles).where(_articles.c.number == row.number))

    def _drop_passages(self, number: int, article: Article, keep: Counter[str]) -> dict[str, list[int]]:
        """Remove an article's passages, but for so many of each text; the numbers of those, by their text."""
        kept: dict[str, list[int]] = defaultdict(list)
        for passage in self._link.execute(sql.select(_passages).where(_passages.c.article == number)).all():
            text = article.text[passage.start : passage.end]
            if len(kept[text]) < keep[text]:
                kept[text].append(passage.number)
                continue
            self._drop_words(passage.number, article, Passage(passage.start, passage.end))
            # Whether or not it is marked: a killed run may have added the vector and not the mark.
            self._link.execute(sql.insert(_orphans).values(passage=passage.number))
            self._link.execute(sql.delete(_passages).where(_passages.c.number == passage.number))
        return kept

    def _free_number(self) -> int:
        """The number of the next passage. None is ever given twice: the vector store ignores a number it has seen."""
        if self._given is None:
            query = sql.text("select seq from sqlite_sequence where name = 'passages'")
            self._given = self._link.scalar(query) or 0
        self._given += 1
        return self._given

    def _drop_words(self, number: int, article: Article, passage: Passage) -> None:
        # An index that holds no text has to be told what it is to forget.
        self._link.execute(
            sql.text(
                "insert into words(words, rowid, title, day, text) values ('delete', :number, :title, :day, :text)"
            ),
            _words_of(number, article, passage),
        )


def _configure(link: object, _record: object) -> None:
    cursor = link.cursor()  # type: ignore[attr-defined]
    cursor.execute("pragma journal_mode = wal")  # readers go on while one writes
    cursor.execute("pragma synchronous = normal")
    cursor.execute("pragma foreign_keys = on")
    cursor.close()


def _words_of(number: int, article: Article, passage: Passage) -> dict[str, object]:
    day = article.published
    return {
        "number": number,
        "title": article.title,
        "day": f"{day.day} {day:%B %Y} {day}" if day else "",
        "text": article.text[passage.start : passage.end],
    }


# Made once: for an article, putting statements together takes longer than running them.
_BY_ID = sql.select(_articles).where(_articles.c.id == sql.bindparam("id"))
_KNOWN = sql.select(_articles.c.file, _articles.c.digest).where(_articles.c.id == sql.bindparam("id"))
_PUT_ARTICLE = sql.insert(_articles)
_PUT_PASSAGES = sql.insert(_passages)
_PUT_WORDS = sql.text("insert into words(rowid, title, day, text) values (:number, :title, :day, :text)")
# Numbers handed over as one parameter: SQLite limits how many a statement has.
_GIVEN = sql.text("select value from json_each(:given)").columns(value=sql.Integer)
# Passages that match, and their articles. A cross join keeps SQLite from going through the matches once an article.
_MATCHING = """
    from words cross join passages on passages.number = words.rowid
    cross join articles on articles.number = passages.article where words match :match and """


def _all_of(subjects: Iterable[Sequence[str]]) -> str:
    """An FTS5 query for every subject, by any of its words or what begins with it."""
    return " AND ".join(f"({any_of})" for words in subjects if (any_of := _any_of(words, prefix=True)))


def _any_of(words: Iterable[str], prefix: bool = False) -> str:
    """An FTS5 query for any of the words, each as a string: a bare ?, ' or - in a query is a syntax error."""
    plain = (word.replace('"', " ").replace("\0", " ").strip() for word in words)
    # Words of three letters begin too many others.
    return " OR ".join(f'"{word}"{"*" if prefix and len(word) > 3 else ""}' for word in plain if re.search(r"\w", word))
