"""A small model, and a publisher on loopback that misbehaves on request."""

from __future__ import annotations

import hashlib
import random
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models.catalogue import Catalogue, parse_catalogue

WEIGHTS = random.Random(7).randbytes(20_000)
CONFIG = b'{"layers": 6}'
FILES = {"model.bin": WEIGHTS, "config.json": CONFIG}


def entry(model_id: str = "toy", *sources: str) -> str:
    """A catalogue entry for FILES with the given source tables."""
    files = "".join(f'[[model.file]]\nname = "{name}"\nsize = {len(content)}\n'
                    f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n' for name, content in FILES.items())
    return (f'[[model]]\nid = "{model_id}"\ntitle = "Toy"\ntask = "captions"\nformat = "ctranslate2"\n'
            f'licence = "CC0-1.0"\nupstream = "https://example.org/toy"\ninput = "nothing"\nmemory_mb = 1\n'
            f'needs = "any"\nspeed = "fast"\n'
            f'{files}{"".join(sources)}')


def url_source(base: str) -> str:
    return f'[[model.source]]\nkind = "url"\nbase = "{base}"\n'


@dataclass
class Publisher:
    """An HTTP server with FILES; the fields say how it misbehaves, `ranges` what it was asked."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    cut_after: int | None = None
    ignores_ranges: bool = False
    refuses_ranges: bool = False
    status: int = 200
    ranges: list[tuple[str, int]] = field(default_factory=list)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.rsplit("/", 1)[1]
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(asked[1]) if asked and not self.ignores_ranges else 0
        self.ranges.append((name, start))
        if self.status != 200 or name not in self.files:
            request.send_error(self.status if self.status != 200 else 404)
            return
        if start and self.refuses_ranges:
            request.send_error(416)
            return
        body = self.files[name][start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body if self.cut_after is None else body[:self.cut_after])


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    behaviour = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behaviour.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Silence: the tests look at `ranges`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        behaviour.address = f"http://127.0.0.1:{server.server_port}/toy/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="publisher")
        thread.start()
        yield behaviour
        server.shutdown()
        thread.join()


@pytest.fixture
def toy(publisher: Publisher) -> Catalogue:
    """A catalogue of one model, published at the publisher's address."""
    return parse_catalogue(entry("toy", url_source(publisher.address)))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder with every file of the toy model, as a user may have it on a memory stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder
