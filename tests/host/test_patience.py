"""Those who send or read slowly, or without end, over real TLS."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from sfu.host import patience
from sfu.host.patience import MAX_HEAD
from sfu.wire import messages as wire
from tests.host.front import PATIENCE, Front, front
from tests.host.test_files import offered, put
from tests.system.waiting import until


@asynccontextmanager
async def spoken_to(
    running: Front, *pieces: bytes
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """By TLS; one piece a packet."""
    trusted = await asyncio.to_thread(running.trust)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port, ssl=trusted)
    try:
        with suppress(ConnectionError):  # hung up on already
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
        yield reader, writer
    finally:
        writer.transport.abort()


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    "flood",
    [
        b"GET /" + b"x" * MAX_HEAD + b" HTTP/1.1\r\n" + b"x" * MAX_HEAD,
        b"GET / HTTP/1.1\r\nX: " + b"x" * 2 * MAX_HEAD,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * MAX_HEAD,
        head("POST /api/users HTTP/1.1", "Transfer-Encoding: chunked") + b"1;" + b"x" * 2 * MAX_HEAD,
        head("POST /api/users HTTP/1.1", "Transfer-Encoding: chunked") + b"0\r\n" + b"X: y\r\n" * MAX_HEAD,
    ],
    ids=["line", "header", "headers", "chunk", "trailers"],
)
async def test_a_request_that_never_comes_to_its_point_is_cut_off(tmp_path: Path, flood: bytes) -> None:
    async with front(tmp_path) as running, asyncio.timeout(PATIENCE):
        pieces = (flood[at : at + 4000] for at in range(0, len(flood), 4000))
        async with spoken_to(running, *pieces) as (reader, _):
            assert (await reader.read(12)).startswith(b"HTTP/1.1 4")
            with suppress(ConnectionError):
                await reader.read()  # until the host hangs up
        async with running.joined("Ana") as ana:
            await ana.lives()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /api/health HT",
        b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n",
        head("POST /api/users HTTP/1.1", "Content-Type: application/json", "Content-Length: 100") + b"{",
    ],
    ids=["nothing", "half a line", "half a head", "half a body"],
)
async def test_who_keeps_us_waiting_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(patience, "LOOK_EVERY", 0.1)
    async with front(tmp_path) as running, asyncio.timeout(PATIENCE), spoken_to(running, said) as (reader, _):
        with suppress(ConnectionError):
            assert await reader.read() == b""


async def test_a_slow_upload_goes_on_while_it_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LOOK_EVERY", 0.2)
    monkeypatch.setattr(patience, "LEAST_SENT", 1)
    body = b'{"name": "Ana", "password": "a long enough one"}'
    async with front(tmp_path) as running, asyncio.timeout(PATIENCE):
        length = f"Content-Length: {len(body)}"
        opening = head("POST /api/users HTTP/1.1", "Content-Type: application/json", length)
        async with spoken_to(running, opening) as (reader, writer):
            for byte in body:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.02)

            assert b" 201 " in await reader.readline()


async def test_who_does_not_read_a_download_is_hung_up_on_while_others_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LOOK_EVERY", 0.2)
    size = 16 << 20
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as client:
        file = await offered(ana, size=size, sha256=hashlib.sha256(bytes(size)).hexdigest())
        assert (await put(client, file, ana, bytes(size))).status_code == 200
        await ana.say(wire.GetFile(file=file.id))
        link = (await ana.hear(wire.FileLink)).path
        async with spoken_to(running, head(f"GET {link} HTTP/1.1")) as (stuck, _):
            whole = await client.get(link)
            await client.aclose()
            await until(lambda: only_ana(running), "the host to hang up")
            with suppress(ConnectionError):
                assert len(await stuck.read()) < size

    assert len(whole.content) == size


async def only_ana(running: Front) -> bool:
    return len(running.server.server_state.connections) == 1
