"""The embedder is a setting: a store keeps to the one it was made with, and one may be served over real HTTP."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.embeddings import MockEmbedding

from dateline import Assistant
from dateline.cli import main
from index.errors import ModelError, StoreMismatch


def vector(text: str) -> list[float]:
    """A word a place: texts are near that share words."""
    made = [0.01] * 64
    for word in text.lower().split():
        made[zlib.crc32(word.encode()) % 64] += 1
    return made


class Served(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["model"] != "many-tongues":
            status, said = 404, {"error": {"message": f"no model {asked['model']}"}}
        else:
            made = [
                {"object": "embedding", "index": n, "embedding": vector(text)} for n, text in enumerate(asked["input"])
            ]
            # The protocol numbers them; the order is not promised.
            status, said = 200, {"object": "list", "model": asked["model"], "data": made[::-1]}
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    serving = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{serving.server_port}/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    yield address
    serving.shutdown()
    thread.join()
    serving.server_close()


def test_an_embedder_is_served_by_name(folder: Path, tmp_path: Path, server: str) -> None:
    assistant = Assistant(folder, store=tmp_path / "store", embedder="many-tongues")
    hit = assistant.search("the river Elm rose")[0]
    assert hit.article.id == "flood-2022-11-09.txt" and hit.vector_rank
    assert assistant.with_model("quotes").search("the river Elm rose")[0].vector_rank
    assistant.close()
    # Its store is not searched with another's vectors.
    with pytest.raises(StoreMismatch, match="made with many-tongues.*--embedder"):
        Assistant(folder, store=tmp_path / "store")


def test_it_is_an_option_of_the_command(
    folder: Path, tmp_path: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--articles", str(folder), "--store", str(tmp_path / "store"), "--embedder"]
    assert main(["index", str(folder), *given[2:], "many-tongues"]) == 0
    assert main(["search", "Mill Bridge opened", "--json", *given, "many-tongues"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["hits"]
    assert main(["search", "Mill Bridge opened", *given, "another"]) == 2
    assert "made with many-tongues" in capsys.readouterr().err


def test_a_server_that_fails_is_one_line(folder: Path, tmp_path: Path, server: str) -> None:
    with pytest.raises(ModelError, match="'no-such'.*no model no-such"):
        Assistant(folder, store=tmp_path / "store", embedder="no-such")


def test_a_name_without_a_server_says_what_mends_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="OPENAI_BASE_URL"):
        Assistant(folder, store=tmp_path / "store", embedder="many-tongues")


def test_any_embedding_of_llama_index_will_do(folder: Path, tmp_path: Path) -> None:
    assistant = Assistant(folder, store=tmp_path / "store", embedder=MockEmbedding(embed_dim=8, model_name="mock"))
    assert assistant.search("Mill Bridge opened")[0].vector_rank
    assistant.close()
    with pytest.raises(StoreMismatch):
        Assistant(folder, store=tmp_path / "store", embedder="all-MiniLM-L6-v2")
