"""Recordings on another computer: trusted by its key, and read in pieces."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.engine.invite import Invite
from app.engine.pinning import public_key_pin
from app.engine.playback import remote
from app.engine.playback.files import FilmFile, Unplayable, VoiceFile
from app.engine.playback.remote import RemoteFile, Shelf, listed, opened
from tests.engine.playback.reels import make_film, make_voice, number_of

PLAYABLE = {"id": "r1", "seconds": 8.0, "voices": [], "chapters": [], "lines": []}
RECORDED = {"id": "r1", "began": 1.0, "ended": 9.0, "made": ["film.mp4"], "film": None}
BASE = "/api/meetings/ABCDEFGH/recordings"


class Host:
    """Gives files by ranges and says what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str, str]] = []
        self.status = 200
        self.version = "one"
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host.answer(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                pass

        leaf = certificate(folder)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "host.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        invite = Invite("127.0.0.1", self.server.server_address[1], "ABCDEFGH", public_key_pin(leaf))
        self.shelf = Shelf(invite, "secret")
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        span, bearer = request.headers.get("Range", ""), request.headers.get("Authorization", "")
        self.asked.append((request.path, span, bearer))
        path, _, _ = request.path.partition("?")
        said: Any = {BASE: [RECORDED], "/api/tasks": [], f"{BASE}/r1": PLAYABLE, f"{BASE}/r1/link": {
            "link": "L", "seconds": 9.0}}.get(path)
        if self.status != 200 or said is not None:
            body, headers = json.dumps(said).encode(), {}
        else:
            whole = (self.folder / path.rpartition("/")[2]).read_bytes()
            first, last = (int(part) for part in span.removeprefix("bytes=").split("-"))
            body = whole[first : last + 1]
            headers = {"Content-Range": f"bytes {first}-{first + len(body) - 1}/{len(whole)}", "ETag": self.version}
        request.send_response(self.status if not headers else 206)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


def certificate(folder: Path) -> bytes:
    """Its own authority; with its key in `host.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "host")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "host.pem").write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return made.public_bytes(serialization.Encoding.DER)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path)
    yield made
    made.close()


def test_what_there_is_and_how_it_is_played_is_asked_with_the_key(host: Host) -> None:
    found = listed(host.shelf)
    reel = opened(host.shelf, "r1")

    assert [one.id for one in found.recordings] == ["r1"]
    assert reel.path("voices/p1.webm") == f"{BASE}/r1/voices/p1.webm?link=L"
    assert {bearer for _, _, bearer in host.asked} == {"Bearer secret"}


def test_a_film_is_sought_in_without_fetching_all_of_it(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "BLOCK", 4096)
    make_film(host.folder / "film.mp4", 8)

    film = FilmFile(RemoteFile(host.shelf, f"{BASE}/r1/film.mp4?link=L"))
    film.seek(0.0)
    first = film.read()
    assert first is not None
    assert number_of(first[1]) == 0
    fetched = len({span for _, span, _ in host.asked}) * 4096
    assert fetched < (host.folder / "film.mp4").stat().st_size / 2

    film.seek(6.0)
    while (found := film.read()) is not None and found[0] < 6.0:
        pass
    assert found is not None
    assert number_of(found[1]) == 150
    film.close()
    assert {bearer for _, _, bearer in host.asked} == {""}  # the link opens it


def test_a_voice_is_read_the_same(host: Host) -> None:
    make_voice(host.folder / "p1.webm", 8)

    voice = VoiceFile(RemoteFile(host.shelf, f"{BASE}/r1/voices/p1.webm?link=L"))
    voice.seek(3.0)
    piece = voice.read()
    voice.close()

    assert piece is not None
    assert piece[0] == 3 * 48_000


def test_to_another_key_not_a_byte_is_said(host: Host) -> None:
    foreign = replace(host.shelf, invite=replace(host.shelf.invite, fingerprint=bytes(32)))

    with pytest.raises(Unplayable) as refused:
        listed(foreign)

    assert refused.value.why == "refused"
    assert host.asked == []


@pytest.mark.parametrize(("status", "why"), [
    (401, "refused"), (403, "refused"), (404, "gone"), (410, "gone"), (503, "unreachable"), (422, "damaged"),
])  # fmt: skip
def test_a_refusal_says_what_it_means_for_people(host: Host, status: int, why: str) -> None:
    host.status = status

    with pytest.raises(Unplayable) as refused:
        RemoteFile(host.shelf, f"{BASE}/r1/film.mp4?link=L")

    assert refused.value.why == why


def test_pieces_of_two_files_are_never_put_together(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "BLOCK", 1024)
    make_film(host.folder / "film.mp4", 2)
    film = RemoteFile(host.shelf, f"{BASE}/r1/film.mp4?link=L")

    host.version = "two"
    film.seek(2048)
    with pytest.raises(Unplayable) as refused:
        film.read(8)

    assert refused.value.why == "gone"


def test_a_host_that_is_gone_is_unreachable_and_one_that_comes_back_is_read_on(host: Host) -> None:
    make_film(host.folder / "film.mp4", 2)
    film = RemoteFile(host.shelf, f"{BASE}/r1/film.mp4?link=L")
    film._line.close()  # as a host does with a connection that idles
    film._blocks.clear()
    assert film.read(8)[4:] == b"ftyp"

    nobody = replace(host.shelf, invite=replace(host.shelf.invite, port=1))
    with pytest.raises(Unplayable) as refused:
        listed(nobody)
    assert refused.value.why == "unreachable"
