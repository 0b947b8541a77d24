"""A .gguf file served in the process: llama.cpp behind an OpenAI-compatible server on a loopback port.

The package `xllamacpp` brings it and is optional; nothing is loaded before the first question.
"""

from __future__ import annotations

import secrets
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from index.errors import ModelError

PACKAGE = "xllamacpp"


def is_gguf(name: str) -> bool:
    """Whether a model's name is the path of a .gguf file."""
    return name.lower().endswith(".gguf")


class Server:
    """A model file and, from the first use on, the server that answers for it. `context` is in tokens.

    Raises ModelError at once when the file or the package isn't there. `threads` is llama.cpp's own choice unless
    given. The server takes a key that only this process knows, and ends with `close` or with the process.
    """

    def __init__(self, path: str, context: int = 8192, threads: int | None = None) -> None:
        self.path = Path(path).expanduser()
        self.context = context
        self.threads = threads
        self.key = secrets.token_urlsafe(24)
        self._running: Any = None
        self._lock = threading.Lock()
        if not self.path.is_file():
            raise ModelError(f"{path}: no such file; name a .gguf file that is there")
        with self.path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ModelError(f"{path}: not a GGUF file; download it again, or name another")
        if find_spec(PACKAGE) is None:
            raise ModelError(f"{path}: serving a .gguf file needs the package {PACKAGE}; pip install {PACKAGE}")

    @property
    def identity(self) -> str:
        """Changes when the file does."""
        state = self.path.stat()
        return f"{self.path.resolve()} {state.st_size} {state.st_mtime_ns}"

    def base_url(self) -> str:
        """The server's address; the first call loads the model, which takes seconds to a minute."""
        with self._lock:
            if self._running is None:
                self._running = self._start()
            return f"{self._running.listening_address}/v1"

    def close(self) -> None:
        """Stop the server and free the model's memory."""
        with self._lock:
            self._running = None

    def _start(self) -> Any:
        import xllamacpp  # type: ignore[import-not-found,import-untyped,unused-ignore]

        settings = xllamacpp.CommonParams()
        settings.model.path = str(self.path)
        settings.n_ctx = self.context
        settings.n_parallel = 1
        settings.hostnames = ["127.0.0.1"]
        settings.port = 0
        settings.api_keys = [self.key]
        settings.ui = False
        settings.warmup = False
        settings.verbosity = -1
        if self.threads is not None:
            settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = self.threads
        try:
            return xllamacpp.Server(settings)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"{self.path}: llama.cpp can't load it ({error}); name another .gguf file") from error
