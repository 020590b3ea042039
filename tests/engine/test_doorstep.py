"""Before a host is trusted it is told nothing, not even a name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.engine.doorstep import Doorstep
from app.engine.invite import Invite
from app.engine.known_hosts import KnownHosts
from app.session.events import Event, HostTrusted, HostUnverified
from sfu.host.certificates import Certificates
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.words import spoken

CODE = "ABCD2345"


@dataclass
class Listener:
    """A TLS server that writes down every byte it is told."""

    port: int
    pin: str
    heard: bytearray = field(default_factory=bytearray)


@asynccontextmanager
async def listener(folder: Path, port: int = 0) -> AsyncIterator[Listener]:
    identity = Certificates(folder).issue([], ["test.local"])

    async def record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            found.heard += await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(record, "127.0.0.1", port, ssl=identity.tls())
    found = Listener(server.sockets[0].getsockname()[1], identity.pin)
    async with server:
        yield found
        await asyncio.sleep(0.05)  # what is still on its way counts too


class Person:
    """Answers the question about the words as it comes."""

    def __init__(self, known: KnownHosts, agrees: bool) -> None:
        self.asked: list[HostUnverified] = []
        self.trusted: list[HostTrusted] = []
        self._agrees = agrees
        self.doorstep = Doorstep(known, self._told)

    def _told(self, event: Event) -> None:
        match event:
            case HostUnverified():
                self.asked.append(event)
                self.doorstep.answer(self._agrees)
            case HostTrusted():
                self.trusted.append(event)

    async def joins(self, typed: str) -> Invite:
        return await self.doorstep.invite(typed)


async def test_words_are_compared_before_a_byte_is_sent(tmp_path: Path) -> None:
    async with listener(tmp_path) as host:
        person = Person(KnownHosts(), agrees=True)
        invite = await person.joins(f"127.0.0.1:{host.port} {CODE}")

    assert [" ".join(question.words) for question in person.asked] == [spoken(host.pin)]
    assert not person.asked[0].changed
    assert person.trusted[0].link == invite.link == f"https://127.0.0.1:{host.port}/j/{CODE}#fp={host.pin}"
    assert host.heard == b""


async def test_who_says_that_the_words_differ_sends_nothing_and_does_not_join(tmp_path: Path) -> None:
    async with listener(tmp_path) as host:
        with pytest.raises(UserError, match="Nothing was sent") as refused:
            await Person(KnownHosts(), agrees=False).joins(f"127.0.0.1:{host.port} {CODE}")

    assert refused.value.code is ErrorCode.FOREIGN_CERTIFICATE
    assert host.heard == b""


async def test_a_host_that_was_confirmed_is_not_asked_about_again(tmp_path: Path) -> None:
    known = KnownHosts(tmp_path)
    async with listener(tmp_path / "tls") as host:
        await Person(known, agrees=True).joins(f"127.0.0.1:{host.port} {CODE}")
        later = Person(KnownHosts(tmp_path), agrees=False)
        await later.joins(f"127.0.0.1:{host.port} {CODE}")

    assert later.asked == []


async def test_a_changed_certificate_is_asked_about_and_said_to_have_changed(tmp_path: Path) -> None:
    known = KnownHosts()
    async with listener(tmp_path / "one") as host:
        await Person(known, agrees=True).joins(f"127.0.0.1:{host.port} {CODE}")
    async with listener(tmp_path / "other", host.port):
        person = Person(known, agrees=False)
        with pytest.raises(UserError):
            await person.joins(f"127.0.0.1:{host.port} {CODE}")

    assert [question.changed for question in person.asked] == [True]


async def test_a_link_with_a_fingerprint_asks_nothing(tmp_path: Path) -> None:
    async with listener(tmp_path) as host:
        person = Person(KnownHosts(), agrees=False)
        await person.joins(f"https://127.0.0.1:{host.port}/j/{CODE}#fp={host.pin}")

    assert person.asked == []


async def test_what_is_no_host_at_all_is_a_sentence() -> None:
    async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] = closes
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(UserError) as refused:
            await Person(KnownHosts(), agrees=True).joins(f"127.0.0.1:{port} {CODE}")

    assert refused.value.code is ErrorCode.HOST_UNREACHABLE
