"""Bringing a store up to date: idempotent, incremental, resuming, and never losing what it has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

import index.articles
import index.formats.jsonl
import index.formats.table
from index.embedding import ShippedEmbedding
from index.errors import (
    FolderEmpty,
    FolderMissing,
    StoreBusy,
    StoreElsewhere,
    StoreError,
    StoreMismatch,
    StoreMissing,
)
from index.place import place
from index.search import search
from index.store import Store
from index.update import Progress, Update, update
from index.vectors import Vectors


def ids(store: Store, question: str) -> list[str]:
    return list(dict.fromkeys(hit.article.id for hit in search(store, question)))


def test_indexing_twice_does_nothing(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    assert update(store) == Update(added=3)
    generation = store.catalog.generation()
    assert update(store) == Update(unchanged=3)
    assert store.catalog.generation() == generation


def test_what_changes_follows(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    (folder / "bridge.md").write_text("The new Zeppelin Tower opened on Tuesday.\n", encoding="utf-8")
    (folder / "flood-2022-11-09.txt").unlink()
    (folder / "more").mkdir()
    (folder / "more" / "train.txt").write_text("The night train to Elmford is back.\n", encoding="utf-8")
    assert update(store) == Update(added=1, changed=1, removed=1, unchanged=1)
    assert set(store.catalog.article_ids()) == {"bridge.md", "more/train.txt", "w1"}
    assert ids(store, "Zeppelin Tower")[0] == "bridge.md"
    with store.vectors() as vectors:
        assert vectors.count() == store.catalog.holdings().passages


def test_a_touched_file_is_read_and_nothing_more(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    os.utime(folder / "bridge.md", ns=(1, 1))
    assert update(store) == Update(unchanged=3)


def test_one_record_of_many_changes_alone(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    with (folder / "wire.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"id": "w2", "text": "Tom Reed opened the town hall."}\n')
    assert update(store) == Update(added=1, unchanged=3)


def test_what_is_broken_is_named_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "picture.txt").write_bytes(b"\x89PNG\0\0\0\1" * 100)
    (folder / "wire.jsonl").write_text('{"id": "w1", "text": "Kept."}\n{broken\n', encoding="utf-8")
    store = Store.open(folder, tmp_path / "store")
    done = update(store)
    assert done.added == 3
    assert [line.split(":")[0] for line in done.skipped] == ["picture.txt", "wire.jsonl#2"]
    assert update(store).skipped == done.skipped  # said again, though nothing is read again


def test_what_can_not_be_read_now_stays_and_is_tried_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "train.txt").write_text("The night train to Elmford is back.\n", encoding="utf-8")
    store = Store.open(folder, tmp_path / "store")
    update(store)
    os.utime(folder / "wire.jsonl", ns=(1, 1))
    listing, opening = os.scandir, Path.open

    def forbidden(path: Path, name: str) -> bool:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied")
        return False

    with monkeypatch.context() as closed:
        closed.setattr("os.scandir", lambda path: forbidden(path, "sub") or listing(path))
        closed.setattr(Path, "open", lambda path, *how: forbidden(path, "wire.jsonl") or opening(path, *how))
        for _ in range(2):
            done = update(store)
            assert (done.unchanged, done.removed) == (4, 0)
            assert [line.split(":")[0] for line in done.skipped] == ["sub/", "wire.jsonl"]
            assert {"w1", "sub/train.txt"} < set(store.catalog.article_ids())
        closed.setattr("os.scandir", lambda path: forbidden(path, folder.name) or listing(path))
        with pytest.raises(FolderMissing, match="permissions"):
            update(store)
    assert update(store) == Update(unchanged=4)


def test_files_of_other_kinds_are_counted(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    for name in ("a.doc", "b.DOC", "c.jpg", "README"):
        (folder / name).write_bytes(b"\xff")
    done = update(store)
    assert done.others == {".doc": 2, ".jpg": 1, "": 1} and done.added == 3
    assert "; 4 files of other kinds (.doc 2, no ending 1, .jpg 1)" in str(done)
    assert update(store).others == done.others
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.doc").write_bytes(b"\xff")
    with pytest.raises(FolderEmpty, match=r"1 file of other kinds \(.doc 1\)"):
        update(Store.open(other, tmp_path / "other store"))


def test_a_file_of_any_name_is_kept(folder: Path, tmp_path: Path) -> None:
    (folder / "new\nline.txt").write_text("The night train is back.", encoding="utf-8")
    (folder / "empty\nline.txt").write_text("", encoding="utf-8")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("The Zeppelin Tower is open.", encoding="utf-8")
    store = Store.open(folder, tmp_path / "store")
    done = update(store)
    assert done.added == 5 and "\n" not in "".join(done.skipped)
    assert update(store) == Update(unchanged=5, skipped=done.skipped)
    assert ids(store, "Zeppelin Tower")[0] == "caf\\xe9.txt"


def test_an_empty_or_missing_folder_deletes_nothing(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    moved = tmp_path / "moved"
    folder.rename(moved)
    with pytest.raises(FolderMissing):
        update(store)
    folder.mkdir()
    with pytest.raises(FolderEmpty, match="--empty"):
        update(store)
    assert store.catalog.holdings().articles == 3
    assert update(store, empty=True) == Update(removed=3)
    assert store.catalog.holdings().articles == 0


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(FolderEmpty):
        update(Store.open(tmp_path / "none", tmp_path / "store"))
    with pytest.raises(FolderMissing, match="not there"):
        Store.open(tmp_path / "nowhere")
    with pytest.raises(FolderMissing, match="not a folder"):
        Store.open(Path(__file__))


def test_a_store_belongs_to_one_folder(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(StoreElsewhere, match="--store"):
        Store.open(other, tmp_path / "store")
    store.close()
    with pytest.raises(StoreElsewhere):
        Store.open(other, tmp_path / "store")
    assert place(folder).name.startswith("articles-") and len(place(folder).name) == len("articles-") + 8


@pytest.mark.parametrize(("key", "value"), [("embedding", "another model"), ("layout", "0")])
def test_a_store_made_otherwise_is_refused(folder: Path, tmp_path: Path, key: str, value: str) -> None:
    store = Store.open(folder, tmp_path / "store")
    with store.catalog.writing() as writer:
        writer.set(**{key: value})
    store.close()
    with pytest.raises(StoreMismatch, match="delete"):
        Store.open(folder, tmp_path / "store")


def test_a_store_that_is_none_or_can_not_be_made_is_said_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "catalog.sqlite").write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(StoreMismatch, match="delete"):
        Store.open(folder, tmp_path / "store")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="--store"):
        Store.open(folder, tmp_path / "file" / "store")


def test_processes_that_make_one_store_at_once_all_get_it(folder: Path, tmp_path: Path) -> None:
    embedding = ShippedEmbedding()
    with ThreadPoolExecutor(8) as threads:  # the constructor knows nothing of the others, as in another process
        made = [threads.submit(Store, folder, tmp_path / "store", embedding) for _ in range(8)]
        stores = [one.result() for one in made]
    assert {store.catalog.settings()["folder"] for store in stores} == {str(folder)}
    assert sorted(path.name for path in (tmp_path / "store").iterdir() if "sqlite-" not in path.name) == [
        "catalog.sqlite",
        "lock",
    ]
    for store in stores:
        store.close()


def test_a_store_killed_while_it_was_made_is_made_anew(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for left in ("", "-wal", "-shm"):
        (tmp_path / "store" / f"catalog.sqlite.new{left}").write_bytes(b"half of one")
    assert update(Store.open(folder, tmp_path / "store")) == Update(added=3)


def test_vectors_of_a_catalog_that_is_gone_are_not_taken_for_those_of_the_next(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    store.close()
    (tmp_path / "store" / "catalog.sqlite").unlink()
    for path in folder.iterdir():
        path.unlink()
    (folder / "train.txt").write_text("The night train to Elmford is back.\n", encoding="utf-8")
    store = Store.open(folder, tmp_path / "store")
    update(store)
    assert search(store, "The night train to Elmford is back.")[0].cosine == pytest.approx(1, abs=0.15)
    with store.vectors() as vectors:
        assert vectors.count() == store.catalog.holdings().passages == 1


def test_a_second_writer_is_told_so(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    with store.writing(), pytest.raises(StoreBusy, match="another process"):
        update(store)
    assert update(store) == Update(added=3)


def test_another_process_is_seen(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    assert ids(store, "night train") != ["train.txt"]
    (folder / "train.txt").write_text("The night train to Elmford is back.\n", encoding="utf-8")
    command = [sys.executable, "-m", "dateline", "index", str(folder), "--store", str(tmp_path / "store")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    hits = search(store, "night train")
    assert hits[0].article.id == "train.txt"
    assert hits[0].vector_rank == 1  # the vectors were opened anew, not only the catalog


def test_a_deleted_store_is_said_so_and_can_be_made_again(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(StoreMissing, match="dateline index"):
        search(store, "bridge")
    again = Store.open(folder, tmp_path / "store")
    assert update(again) == Update(added=3)
    assert ids(again, "bridge opened")[0] == "bridge.md"


def test_lost_vectors_are_made_again(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    store.close()
    Vectors.clear(tmp_path / "store" / "chroma")
    store = Store.open(folder, tmp_path / "store")
    assert update(store) == Update(unchanged=3)
    assert search(store, "Who resigned as mayor?")[0].vector_rank


def test_a_killed_run_resumes(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.txt").write_text(
            f"Article {number} tells of thing {number * 7}. " * 30, encoding="utf-8"
        )
    program = textwrap.dedent(
        f"""
        import os, signal
        import index.update
        from index.store import Store
        index.update._BATCH = 16
        def watch(progress):
            if progress.done >= 48:
                os.kill(os.getpid(), signal.SIGKILL)
        from pathlib import Path
        index.update.update(Store.open(Path({str(folder)!r}), Path({str(tmp_path / "store")!r})), watch=watch)
        """
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True)
    assert done.returncode == -9
    store = Store.open(folder, tmp_path / "store")
    before = store.catalog.holdings().passages - store.catalog.to_embed()
    assert before >= 48
    update(store)
    assert store.catalog.to_embed() == 0 and store.catalog.holdings().articles == 40
    with store.vectors() as vectors:
        assert vectors.count() == store.catalog.holdings().passages


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress(0, 400), "0 of 400 or more passages"),
        (Progress(256, 5_000, 4.0), "256 of 5,000 or more passages, 64 a second"),
        (Progress(1_280, 10_240, 20.0, True), "1,280 of 10,240 passages, 64 a second, 2 min left"),
        (Progress(9_600, 10_240, 150.0, True), "9,600 of 10,240 passages, 64 a second, 10 s left"),
        (Progress(10_240, 10_240, 160.0, True), "10,240 of 10,240 passages, 64 a second"),
    ],
)
def test_progress_tells_the_rate_and_once_all_is_read_the_time_left(progress: Progress, told: str) -> None:
    assert str(progress) == told


def test_the_last_progress_is_that_all_is_done(folder: Path, tmp_path: Path) -> None:
    done: list[Progress] = []
    store = Store.open(folder, tmp_path / "store")
    update(store, watch=done.append)
    assert done[-1].done == done[-1].known == store.catalog.holdings().passages and done[-1].seconds > 0


def test_a_file_that_moved_is_not_embedded_again(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    update(store)
    record = (
        '{"id": "w9", "title": "Trains", "published": "2023-02-01", "text": "The night train to Elmford is back."}\n'
    )
    (folder / "old.jsonl").write_text(record, encoding="utf-8")
    titled = "---\ntitle: The tower\n---\nThe new Zeppelin Tower opened on Tuesday.\n"
    (folder / "tower.md").write_text(titled, encoding="utf-8")
    update(store)
    (folder / "archive").mkdir()
    (folder / "tower.md").rename(folder / "archive" / "new-tower.md")
    (folder / "old.jsonl").rename(folder / "archive" / "new.jsonl")
    done: list[Progress] = []
    assert update(store, watch=done.append) == Update(unchanged=3, moved=2)
    assert not done, "nothing is embedded"
    assert {"archive/new-tower.md", "w9"} < set(store.catalog.article_ids())
    assert ids(store, "Zeppelin Tower")[0] == "archive/new-tower.md"
    with store.vectors() as vectors:
        assert vectors.count() == store.catalog.holdings().passages
    assert update(store) == Update(unchanged=5)


def test_of_a_changed_article_only_what_is_new_is_embedded(folder: Path, tmp_path: Path) -> None:
    told = [f"Paragraph {number} tells of the {number * 7}th boat. " + "It sailed on. " * 40 for number in range(6)]
    (folder / "long.md").write_text("---\ntitle: Boats\n---\n" + "\n\n".join(told), encoding="utf-8")
    store = Store.open(folder, tmp_path / "store")
    update(store)
    passages = store.catalog.holdings().passages
    told[3] = "A Zeppelin was seen over the harbour. " * 3
    told.append(told[0])
    (folder / "long.md").write_text("---\ntitle: Boats\n---\n" + "\n\n".join(told), encoding="utf-8")
    done: list[Progress] = []
    assert update(store, watch=done.append) == Update(changed=1, unchanged=3)
    assert 0 < done[-1].done < passages / 2
    hit = search(store, "Zeppelin over the harbour")[0]
    assert hit.article.id == "long.md" and hit.text.startswith("A Zeppelin") and hit.vector_rank == 1
    assert search(store, "What sailed, the 35th boat?")[0].text.startswith("Paragraph 5")  # its place moved
    with store.vectors() as vectors:
        assert vectors.count() == store.catalog.holdings().passages
    # Another title stands in front of every passage.
    (folder / "long.md").write_text("---\ntitle: Ships\n---\n" + "\n\n".join(told), encoding="utf-8")
    done.clear()
    assert update(store, watch=done.append) == Update(changed=1, unchanged=3)
    assert done[-1].done >= passages - 4


@pytest.mark.parametrize("name", ["many.jsonl", "many.csv"])
def test_of_a_file_of_many_only_the_records_that_changed_are_made_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    records = [{"id": f"r{number}", "text": f"Boat {number} sailed on."} for number in range(100)]

    def written() -> None:
        rows = [json.dumps(record) for record in records]
        if name.endswith("csv"):
            rows = ["id,text", *(",".join(record.values()) for record in records)]
        (folder / name).write_text("\n".join(rows), encoding="utf-8")

    written()
    store = Store.open(folder, tmp_path / "store")
    assert update(store) == Update(added=103)
    made: list[str] = []
    make = index.articles.make
    for module in (index.formats.jsonl, index.formats.table):
        monkeypatch.setattr(module, "make", lambda key, *given: made.append(key) or make(key, *given))
    del records[7]
    records[19]["text"] = "Boat 20 sank."
    records.append({"id": "r100", "text": "Boat 100 sailed on."})
    written()
    assert update(store) == Update(added=1, changed=1, removed=1, unchanged=101)
    assert made == ["r20", "r100"]
    assert store.catalog.article("r20").text == "Boat 20 sank." and store.catalog.article("r7") is None


def test_reading_runs_beside_embedding_and_its_errors_come_out(folder: Path, tmp_path: Path) -> None:
    """Nothing is lost of what was read before an error, and the next run goes on."""
    (folder / "many.jsonl").write_text(
        "".join(
            json.dumps({"text": f"Boat {number} sailed on to the {number}th port."}) + "\n" for number in range(300)
        ),
        encoding="utf-8",
    )
    store = Store.open(folder, tmp_path / "store")

    def stop(progress: Progress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        update(store, watch=stop)
    assert not [thread for thread in threading.enumerate() if "intake" in thread.name]
    assert store.catalog.holdings().passages > store.catalog.to_embed()
    update(store)
    assert store.catalog.to_embed() == 0 and store.catalog.holdings().articles == 303


def test_a_copy_is_another_article(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, tmp_path / "store")
    titled = "---\ntitle: The tower\n---\nThe new Zeppelin Tower opened on Tuesday.\n"
    (folder / "tower.md").write_text(titled, encoding="utf-8")
    update(store)
    (folder / "copy.md").write_text(titled, encoding="utf-8")
    assert update(store) == Update(added=1, unchanged=4)
    (folder / "tower.md").unlink()
    assert update(store) == Update(removed=1, unchanged=4)
    assert "copy.md" in store.catalog.article_ids()
