"""A code alone finds its own meeting and no other, whatever others on the network say of themselves."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.engine import discovery
from app.session.nearby import NearbyMeeting
from sfu.host.certificates import Certificates
from sfu.rtp.errors import UserError
from sfu.wire.finding import question, reply

CODE = "ABCD2345"
Answer = Callable[[str, str], str | None]
"""The proof that a host gives, from the question and its own pin; None: it does not have this meeting."""


@asynccontextmanager
async def announced(folder: Path, answer: Answer) -> AsyncIterator[NearbyMeeting]:
    """A host called like every other, which answers `/api/find` in its own way."""
    identity = Certificates(folder).issue([], ["test.local"])
    pin = identity.pin

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(next(line for line in head.lower().split(b"\r\n") if b"content-length" in line).split()[1])
            proof = answer(json.loads(await reader.readexactly(length))["question"], pin)
            body = json.dumps({"proof": proof}).encode() if proof is not None else b"{}"
            status = b"200 OK" if proof is not None else b"404 Not Found"
            writer.write(
                b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status, len(body), body)
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it was only looked at
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=identity.tls())
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield NearbyMeeting(f"Weekly on desk {port}", "Weekly", "desk", ("127.0.0.1",), port)


def right(asked: str, pin: str) -> str | None:
    return reply(CODE, pin) if asked == question(CODE, pin) else None


def network(monkeypatch: pytest.MonkeyPatch, *meetings: NearbyMeeting) -> None:
    """These are announced."""

    async def watch(found: discovery.Found) -> None:
        found(meetings)
        await asyncio.Event().wait()

    monkeypatch.setattr(discovery, "watch", watch)
    monkeypatch.setattr(discovery, "SEARCH", 1.5)


async def test_the_host_that_proves_the_code_is_found_among_others_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = announced(tmp_path / "a", lambda asked, pin: None)
    async with silent as first, announced(tmp_path / "b", right) as true, announced(tmp_path / "c", echoes) as last:
        network(monkeypatch, first, last, true)

        wanted = await discovery.find(CODE)

    assert (wanted.code, wanted.port) == (CODE, true.port)
    assert wanted.fingerprint is None  # the words are still compared


def echoes(asked: str, pin: str) -> str:
    """Says back what it was asked."""
    return asked


async def test_a_foreign_host_that_passes_the_question_on_to_the_right_one_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the question nor the answer is worth anything at another key."""
    true = Certificates(tmp_path / "true").issue([], ["test.local"]).pin

    def relays(asked: str, pin: str) -> str | None:
        return right(asked, true) or reply(CODE, true)  # even the true host's own answer, overheard

    async with announced(tmp_path / "eve", relays) as eve:
        network(monkeypatch, eve)

        with pytest.raises(UserError, match="None of the meetings"):
            await discovery.find(CODE)


async def test_the_code_is_never_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def listens(asked: str, pin: str) -> str | None:
        heard.append(asked)
        return None

    async with announced(tmp_path, listens) as eve:
        network(monkeypatch, eve)

        with pytest.raises(UserError):
            await discovery.find(CODE)

    assert len(heard) == 1
    assert CODE not in heard[0]
    assert CODE.encode() not in base64.urlsafe_b64decode(heard[0] + "=")
