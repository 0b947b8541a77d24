"""The networks that ship, run for real."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from models import Embedder, Reader, TextTooLong, load
from models.network import Network

# Texts of very unlike lengths, so that batches sorted by length run them in another order.
TEXTS = [
    "The mayor cut the ribbon of the new bridge.",
    "Rain.",
    "A bridge was opened by the mayor, " + "while the band of the fire brigade played, " * 12 + "and it rained.",
    "Wheat prices fell for the third week.",
    "Zoë 🎉 naïve café, 中文 and more",
    "",
    *(f"Line {number} of the timetable, " * (number % 7 + 1) for number in range(20)),
]
PASSAGE = (
    "The new Mill Bridge in Elmford opened on Tuesday after two years of work. Mayor Ada Finch cut the ribbon in the "
    "rain. It cost 12 million crowns, two million more than planned."
)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load("embedder")


@pytest.fixture(scope="module")
def reader() -> Reader:
    if not (ROOT / "models/reader/model.onnx").exists():
        pytest.skip("the reader's weights are not in this tree")
    return load("reader")


def answer(reader: Reader, question: str, text: str, header: str = "") -> str:
    (reading,) = reader.read(question, [(header, text)])
    best = reading.spans[0]
    return text[best.start : best.end]


def test_a_network_is_loaded_once(embedder: Embedder) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert {id(one) for one in threads.map(lambda _: load("embedder"), range(16))} == {id(embedder)}


def test_an_unknown_network_is_named() -> None:
    with pytest.raises(ValueError, match="'oracle'"):
        load("oracle")  # type: ignore[call-overload]


def test_nothing_heavy_is_imported_before_a_network_is_loaded() -> None:
    code = "import sys, models; print([n for n in ('numpy', 'onnxruntime', 'tokenizers', 'torch') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.dot(embedder.embed([text])[0], vector) > 0.9999


def test_vectors_are_those_of_the_published_weights(embedder: Embedder) -> None:
    # Cosines that torch gives in float32 with the weights of hash 53aa5117, to four places.
    pairs = [
        ("When did Assad last visit China?", "Syria's president landed in Hangzhou on Thursday.", 0.5046),
        ("The bridge opened in May.", "The bridge did not open in May.", 0.7675),
        ("Wheat prices fell.", "The mayor cut the ribbon.", 0.0013),
    ]
    for one, other, expected in pairs:
        a, b = embedder.embed([one, other])
        assert float(a @ b) == pytest.approx(expected, abs=2e-3)


def test_word_pieces_are_counted_without_the_marks(embedder: Embedder) -> None:
    assert embedder.count("hello there") == 2
    assert embedder.count("") == 0
    assert embedder.count("bridge " * 400) == 400  # the published tokenizer stops at 128


def test_no_text_is_cut_unseen(embedder: Embedder) -> None:
    fits = "bridge " * (embedder.max_tokens - 2)
    assert embedder.embed([fits]).shape == (1, embedder.dimensions)
    with pytest.raises(TextTooLong, match="257 word pieces"):
        embedder.embed(["short", fits + "bridge"])
    # Where the caller says so, the beginning stands for the text.
    cut = embedder.embed([fits + "and more words than it reads"], truncate=True)
    assert np.allclose(cut, embedder.embed([fits]), atol=1e-4)


def test_the_last_piece_that_fits_counts(embedder: Embedder) -> None:
    body = "bridge " * (embedder.max_tokens - 3)
    one, other = embedder.embed([body + "opened", body + "wheat"])
    assert not np.allclose(one, other, atol=1e-4)


def test_vectors_are_the_same_whichever_way_they_are_made(embedder: Embedder) -> None:
    articles = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds/articles").glob("*.md"))]
    texts = [text for article in articles for text in (article[:60], article[-500:])]
    expected = Embedder(ROOT / "models/embedder", "float").embed(texts)
    found = embedder.embed(texts)
    assert np.abs(found - expected).max() < 1e-2
    assert (found * expected).sum(axis=1).min() > 0.998


def test_a_quick_graph_is_not_opened_beside_other_weights(tmp_path: Path) -> None:
    assert Network(ROOT / "models/embedder", "quick").way == "quick"
    for name in ("model.onnx", "quick.onnx"):
        shutil.copy(ROOT / "models/embedder" / name, tmp_path)
    # A field that protobuf does not know changes the file and nothing else.
    with (tmp_path / "model.onnx").open("ab") as file:
        file.write(b"\xf8\x3f\x01")
    network = Network(tmp_path, "quick")
    assert network.way == "float"
    ((_, (vector,)),) = network.outputs([[101, 2003, 102]])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_way_can_be_forced_and_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_NETWORKS", "float")
    assert Network(ROOT / "models/embedder").way == "float"
    monkeypatch.setenv("DATELINE_NETWORKS", "fast")
    with pytest.raises(ValueError, match="DATELINE_NETWORKS=fast"):
        Network(ROOT / "models/embedder")


def test_threads_share_the_embedder(embedder: Embedder) -> None:
    expected = embedder.embed(TEXTS)
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: embedder.embed(TEXTS), range(8)):
            assert np.allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who cut the ribbon?", "Ada Finch"),
        ("When did the bridge open?", "Tuesday"),
        ("How much did the bridge cost?", "12 million crowns"),
        ("Where is Mill Bridge?", "Elmford"),
    ],
)
def test_the_reader_points_at_the_answer(reader: Reader, question: str, expected: str) -> None:
    assert expected in answer(reader, question, PASSAGE)


def test_no_answer_is_likelier_in_a_passage_about_something_else(reader: Reader) -> None:
    about, unlike = reader.read(
        "How much did the bridge cost?",
        [("", PASSAGE), ("", "Wheat fell for the third week as rain reached the plains. Farmers were relieved.")],
    )
    assert about.margin > 0 > unlike.margin


def test_spans_are_whole_words_and_best_first(reader: Reader) -> None:
    text = "Kyrgyzstan's parliament re-elected Shakirova, who unexpectedly mistrusted the antidisestablishmentarians."
    (reading,) = reader.read("Who was re-elected?", [("", text)])
    assert 1 < len(reading.spans) <= 8
    assert [span.score for span in reading.spans] == sorted((span.score for span in reading.spans), reverse=True)
    assert len({(span.start, span.end) for span in reading.spans}) == len(reading.spans)
    for span in reading.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert not (text[span.start - 1 : span.start].isalpha() and text[span.start].isalpha())
        assert not (text[span.end - 1].isalpha() and text[span.end : span.end + 1].isalpha())


@pytest.mark.parametrize("name", ["Zoë Müller", "Zoe\u0308 Mu\u0308ller", "José\nÁlvarez", "İlkay Gündoğan"])
def test_offsets_are_exact_in_text_as_people_write_it(reader: Reader, name: str) -> None:
    text = f"🎉👩‍🚀 Café «naïve»\n\n  The bridge was opened by {name} on Tuesday, 中文 notwithstanding."
    spans = reader.read("Who opened the bridge?", [("", text)])[0].spans
    assert name in [text[span.start : span.end] for span in spans]


def test_a_combining_mark_stays_with_its_letter(reader: Reader) -> None:
    text = "The café was bought by Rene\u0301. It reopened in May."
    spans = reader.read("Who bought the café?", [("", text)])[0].spans
    ends = [span.end for span in spans]
    assert text.index("\u0301") not in ends
    assert text.index("\u0301") + 1 in ends


def test_the_header_is_read_but_never_pointed_at(reader: Reader) -> None:
    text = "He arrived in the evening and left at noon."
    for span in reader.read("Who arrived?", [("Assad in Hangzhou. 22 September 2023.", text)])[0].spans:
        assert 0 <= span.start < span.end <= len(text)


def test_the_end_of_a_long_text_is_read(reader: Reader) -> None:
    filler = "The council met again and spoke at length about parking near the market hall. " * 40
    text = filler + "Mayor Ada Finch opened the new Mill Bridge. " + filler
    assert "Ada Finch" in answer(reader, "Who opened the new Mill Bridge?", text)
    windows = reader._windows([2003] * 20, 0, "A title. 3 May 2023.", text)
    seen = {offset for window in windows for offset in window.offsets}
    assert seen == set(reader.tokenizer.encode(text, add_special_tokens=False).offsets)
    assert all(len(window.pieces) <= reader.max_tokens for window in windows)


@pytest.mark.parametrize("text", ["", " \n", "?", "🎉"])
def test_next_to_nothing_is_read_without_complaint(reader: Reader, text: str) -> None:
    (reading,) = reader.read("Who opened the bridge? " * 60, [("A title.", text)])
    assert len(reading.spans) <= 1
    assert reader.read("Who?", []) == []


def test_passages_are_read_alike_alone_and_together(reader: Reader) -> None:
    texts = [text for text in TEXTS if text]
    together = reader.read("Who cut the ribbon?", [("", text) for text in texts])
    for text, found in zip(texts, together, strict=True):
        (alone,) = reader.read("Who cut the ribbon?", [("", text)])
        assert alone.null == pytest.approx(found.null, abs=1e-3)
        assert alone.margin == pytest.approx(found.margin, abs=1e-3)


def test_threads_share_the_reader(reader: Reader) -> None:
    questions = ["Who cut the ribbon?", "When did the bridge open?"] * 4
    expected = [answer(reader, question, PASSAGE) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda question: answer(reader, question, PASSAGE), questions)) == expected
