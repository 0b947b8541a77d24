"""Copies of one story: which are grouped, that the groups follow the folder, and what an answer makes of them."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sql
from rensa import RMinHash

from dateline import Assistant
from dateline.builtin.candidates import Candidate
from dateline.builtin.confidence import Features
from dateline.builtin.conflicts import differing
from dateline.builtin.groups import Group
from dateline.page.conversation import Turn
from dateline.page.sources import sources
from dateline.retold import once
from index.articles import Article, make
from index.catalog import Catalog
from index.copies import are_copies, keys
from index.folder import read, scan
from index.search import Hit
from index.sentences import sentences
from index.store import Store
from index.tables import LAYOUT, articles, bands, copies
from index.update import Update, update

ROOT = Path(__file__).parent.parent
TOWN = ROOT / "benchmarks" / "towns" / "torrenhythe" / "articles"
SEEDS = ROOT / "seeds" / "articles"

STRIKE = (
    "Bus drivers in {town} will stop work on Thursday after talks with the council broke down, their union said. "
    "They ask for {pay} crowns a month more; the council offers half of that. About {riders} people ride the buses "
    "on a working day, and schools will stay open. The union's chair, Mira Holt, said that the next move was for the "
    "council to make. A spokesman for the council said that its offer stood and that no day for new talks was set."
)


def strike(day: str = "2024-03-05", town: str = "Elmford", pay: str = "300", riders: str = "9,000") -> Article:
    text = STRIKE.format(town=town, pay=pay, riders=riders)
    made = make("strike", "strike.md", {"title": "Bus drivers to strike"}, text)
    return replace(made, published=date.fromisoformat(day))


def folder_of(path: Path) -> dict[str, Article]:
    return {one.id: one for file in scan(path) for one in read(path, file) if isinstance(one, Article)}


@pytest.mark.parametrize(
    ("folder", "one", "other"),
    [
        (TOWN, "flood-first-day.md", "river-bursts-its-banks.md"),  # rewritten at the top, two paragraphs left out
        (TOWN, "lomond-dies.md", "mayor-lomond-dead-at-60.md"),  # without its dateline, "on page 4" put in
        (SEEDS, "arab-league-vote.md", "damascus-back-in-the-fold.md"),  # corrected some days later
    ],
)
def test_wire_copy_is_known_by_its_words(folder: Path, one: str, other: str) -> None:
    found = folder_of(folder)
    assert are_copies(found[one], found[other]) and are_copies(found[other], found[one])
    assert set(keys(found[one].text)) & set(keys(found[other].text)), "no band brings them together"


def test_articles_of_one_event_are_no_copies() -> None:
    """The town tells of its flood in a dozen articles: only what was copied is grouped."""
    found = list(folder_of(TOWN).values())
    pairs = {frozenset((a.id, b.id)) for a in found for b in found if a.id < b.id and are_copies(a, b)}
    assert len(pairs) == 2


@pytest.mark.parametrize(
    "other",
    [
        strike(pay="450"),  # the next version, with another figure
        strike(town="Pellmoor", day="2024-03-06"),  # the same form for another place
        strike(day="2024-05-05"),  # too short to be a republished story: it happened again
        strike(day="2023-03-05"),
    ],
)
def test_the_same_form_for_other_news_is_no_copy(other: Article) -> None:
    assert not are_copies(strike(), other)


def test_a_later_reprint_keeps_its_title() -> None:
    text = folder_of(SEEDS)["arab-league-vote.md"].text * 2
    one = Article("a", "Arab League takes Syria back", text, date(2023, 5, 7))
    assert are_copies(one, replace(one, id="b", published=date(2024, 5, 7)))
    # Pages of which nothing but the site's own text was kept are alike for years.
    assert not are_copies(one, replace(one, id="b", title="Quiz of the week", published=date(2024, 5, 7)))


@pytest.mark.parametrize("text", ["", "One.", "Reuters", "Photo: the harbour at night"])
def test_what_is_too_short_is_compared_with_nothing(text: str) -> None:
    assert keys(text) == [] and not are_copies(Article("a", "", text), Article("b", "", text))


def test_signatures_are_those_of_the_layout() -> None:
    """Stored signatures are of one algorithm: another one needs another layout."""
    assert (LAYOUT, RMinHash.ALGORITHM_VERSION) == (5, 2)
    assert keys(strike().text)[:2] == [-3852270930557988627, 548140596807625295]


# In a store


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Three copies of one story in a chain of edits, a pair, and one article by itself."""
    made = tmp_path / "articles"
    made.mkdir()
    _write(made, "first.md", "Levant Wire", strike().text)
    _write(made, "second.md", "The Elmford Echo", f"{strike().text} The buses last stood still in April 2019.")
    _write(made, "third.md", "Harbour Courier", strike().text.replace("on Thursday after talks", "after talks"))
    for name in ("lomond-dies.md", "mayor-lomond-dead-at-60.md"):
        (made / name).write_bytes((TOWN / name).read_bytes())
    (made / "bridge.md").write_text("---\npublished: 2024-03-05\n---\nThe bridge is open again.\n", encoding="utf-8")
    return made


def test_copies_are_grouped_when_they_are_indexed(copied: Path, tmp_path: Path) -> None:
    store = Store.open(copied, tmp_path / "store")
    done = update(store)
    assert (done.stories, done.copies) == (2, 5)
    assert str(done).endswith("; 5 are copies, of 2 stories")
    assert groups(store.catalog) == STORIES
    again = update(store)
    assert again.added == 0 and (again.stories, again.copies) == (2, 5)


def test_groups_follow_the_folder(copied: Path, tmp_path: Path) -> None:
    store = Store.open(copied, tmp_path / "store")
    update(store)
    (copied / "lomond-dies.md").unlink()
    assert update(store) == Update(removed=1, unchanged=5, stories=1, copies=3)
    _write(copied, "second.md", "The Elmford Echo", strike(pay="450", riders="11,000").text)
    update(store)
    assert groups(store.catalog) == {frozenset({"first.md", "third.md"})}
    _write(copied, "fourth.md", "The Dale Post", strike(pay="450", riders="11,000").text)
    update(store)
    assert groups(store.catalog) == {frozenset({"first.md", "third.md"}), frozenset({"second.md", "fourth.md"})}
    (copied / "first.md").rename(copied / "moved.md")
    update(store)
    assert frozenset({"moved.md", "third.md"}) in groups(store.catalog)
    for path in copied.iterdir():
        path.unlink()
    update(store, empty=True)
    with store.catalog._engine.connect() as link:
        assert not any(link.scalar(sql.select(sql.func.count()).select_from(table)) for table in (bands, copies))


def test_a_group_falls_apart_without_what_held_it_together(tmp_path: Path) -> None:
    store_folder = tmp_path / "articles"
    store_folder.mkdir()
    # The one in the middle holds all of the others, which have nothing in common.
    early, late = strike().text, folder_of(TOWN)["lomond-elected.md"].text[: len(strike().text)]
    _write(store_folder, "early.md", "Wire", early)
    _write(store_folder, "both.md", "Wire", f"{early}\n\n{late}")
    _write(store_folder, "late.md", "Wire", late)
    store = Store.open(store_folder, tmp_path / "store")
    update(store)
    _write(store_folder, "again.md", "Wire", late)
    update(store)
    assert groups(store.catalog) == {frozenset({"early.md", "both.md", "late.md", "again.md"})}
    (store_folder / "both.md").unlink()
    assert update(store).stories == 1
    assert groups(store.catalog) == {frozenset({"late.md", "again.md"})}


def test_a_killed_run_groups_the_same(copied: Path, tmp_path: Path) -> None:
    program = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        import index.intake, index.update
        from index.store import Store
        read = index.intake.Intake._read
        def killed(self, file):
            if file.path == "second.md":
                self._write()  # what was read before
                os.kill(os.getpid(), signal.SIGKILL)
            read(self, file)
        index.intake.Intake._read = killed
        index.update.update(Store.open(Path({str(copied)!r}), Path({str(tmp_path / "store")!r})))
        """
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True).returncode == -9
    store = Store.open(copied, tmp_path / "store")
    assert 0 < store.catalog.holdings().articles < 6
    update(store)
    assert groups(store.catalog) == STORIES


def test_a_thousand_copies_are_one_story(tmp_path: Path) -> None:
    """A form that fills its bands: each article is still compared with a few, and all of them are one group."""
    catalog = Catalog(tmp_path / "catalog.sqlite", create=True)
    with catalog.writing() as writer:
        for number in range(300):
            writer.put_article(replace(strike(), id=f"{number}.md"), f"{number}.md", [])
    assert catalog.stories() == (1, 300)
    with catalog._engine.connect() as link:
        assert (link.scalar(sql.select(sql.func.count()).select_from(copies)) or 0) <= 2 * 20 * 300
    with catalog.writing() as writer:
        writer.drop_articles("0.md", keep=())
    assert catalog.stories() == (1, 299)
    catalog.close()


# In an answer


def test_what_copies_share_is_told_by_the_first() -> None:
    first, later = copies_of(strike().text, f"{strike().text} The buses last stood still in April 2019.")
    hits = [Hit(later, 0, len(later.text), 0.9), Hit(first, 0, len(first.text), 0.5)]
    told = once(hits, {1: [first, later]})
    assert [(hit.article.id, hit.text) for hit in told] == [
        ("0.md", first.text),
        ("1.md", "The buses last stood still in April 2019."),
    ]
    assert told[0].score == 0.9, "the story keeps the better place of the two"
    assert [hit.article.id for hit in once(hits, {})] == ["1.md", "0.md"]


def test_a_sentence_that_an_editor_changed_stays_with_its_copy() -> None:
    first, later = copies_of(strike().text, strike().text.replace("on Thursday after talks", "this week after talks"))
    told = once([Hit(later, 0, len(later.text), 1.0)], {1: [first, later]})
    assert [hit.article.id for hit in told] == ["1.md", "0.md"]
    assert told[0].text.endswith("their union said.") and told[1].text.startswith("They ask for 300 crowns")


def test_the_place_it_was_filed_from_is_no_difference() -> None:
    first, later = copies_of(f"ELMFORD, March 5, 2024 (Wire) - {strike().text}", strike().text)
    (told,) = once([Hit(later, 0, len(later.text), 1.0)], {1: [first, later]})
    assert (told.article.id, told.start, told.end) == ("0.md", 0, len(first.text))


def test_copies_support_an_answer_as_one_source() -> None:
    first, later = copies_of(strike().text, strike().text)
    other = replace(strike(), id="other.md")
    alone = Group((ridership(first),)).confidence
    assert Group((ridership(first), ridership(later))).confidence == alone
    assert Group((ridership(first), ridership(other))).confidence > alone
    assert Group((ridership(later), ridership(first))).best.hit.article.id == "0.md"


def test_two_numbers_of_one_story_count_two_things() -> None:
    first, later = copies_of(strike().text, strike().text)
    answer = Group((ridership(first),))
    assert differing(answer, [Group((ridership(later, "300"),))]) == []
    newer = replace(later, text=later.text.replace("9,000", "11,000"))
    assert [one.value for one in differing(answer, [Group((ridership(newer, "11,000"),))])] == ["11,000"]


def test_the_first_copy_is_cited_and_names_the_others(copied: Path, tmp_path: Path) -> None:
    with Assistant(copied, store=tmp_path / "store") as assistant:
        answer = assistant.ask("How many people ride the buses on a working day?")
        assert answer.short and "9,000" in answer.short
        (citation,) = answer.citations
        assert citation.article == "second.md", "of one day, the fullest"
        assert {copy.article for copy in citation.also} == {"first.md", "third.md"}
        assert {(copy.source, copy.published) for copy in citation.also} == {
            ("Levant Wire", date(2024, 3, 5)),
            ("Harbour Courier", date(2024, 3, 5)),
        }
        assert {copy["article"] for copy in answer.to_dict()["citations"][0]["also"]} == {"first.md", "third.md"}
        narrowed = assistant.ask("How many people ride the buses on a working day?", source="Harbour Courier")
        assert [(one.article, one.also) for one in narrowed.citations] == [("third.md", ())]
        assert "also" not in narrowed.to_dict()["citations"][0]
        refused = assistant.ask("Where was Mira Holt born?")
        assert refused.reason and refused.reason.startswith("1 article mentions Mira Holt")
    shown = subprocess.run(
        [sys.executable, "-m", "dateline", "ask", "How many people ride the buses on a working day?", "--articles"]
        + [str(copied), "--store", str(tmp_path / "store")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        "the same story: Levant Wire, 5 March 2024 (first.md); Harbour Courier, 5 March 2024 (third.md)" in shown.stdout
    )


def test_the_page_names_the_copies_under_the_quotation(copied: Path, tmp_path: Path) -> None:
    _write(copied, "first.md", "<b>Wire</b>", strike().text)
    with Assistant(copied, store=tmp_path / "store") as assistant:
        answer = assistant.ask("How many people ride the buses on a working day?")
        html = sources(Turn(answer.question, answer), 0, {"second.md": assistant.article("second.md")})
    assert html.count("The same story, counted as one source:") == 1
    assert "&lt;b&gt;Wire&lt;/b&gt;, 5 March 2024" in html and "<b>Wire</b>" not in html


def copies_of(*texts: str) -> list[Article]:
    """Articles of one story, a day between them, as a store gives them."""
    return [
        replace(strike(f"2024-03-{5 + number:02}"), id=f"{number}.md", text=text, story=1)
        for number, text in enumerate(texts)
    ]


def ridership(article: Article, value: str = "9,000") -> Candidate:
    """How many ride the buses, as the reader points at it."""
    start = article.text.index(value)
    sentence = next(place for place in sentences(article.text) if place[0] <= start < place[1])
    hit = Hit(article, 0, len(article.text), 1.0)
    return Candidate(hit, start, start + len(value), sentence, value, None, (), 0.5, Features(*[1] * 8, 0), True)


STORIES = {
    frozenset({"first.md", "second.md", "third.md"}),
    frozenset({"lomond-dies.md", "mayor-lomond-dead-at-60.md"}),
}


def groups(catalog: Catalog) -> set[frozenset[str]]:
    """The ids of each group's articles."""
    found: dict[int, set[str]] = {}
    with catalog._engine.connect() as link:
        for row in link.execute(sql.select(articles.c.id, articles.c.story).where(articles.c.story.is_not(None))):
            found.setdefault(row.story, set()).add(row.id)
    return {frozenset(ids) for ids in found.values()}


def _write(folder: Path, name: str, source: str, text: str) -> None:
    head = f"---\ntitle: Bus drivers to strike\npublished: 2024-03-05\nsource: {source}\n---\n"
    (folder / name).write_text(head + text + "\n", encoding="utf-8")
