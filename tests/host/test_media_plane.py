"""The link's host end, with a forwarder that is pretended by a few lines of Python in a process of its own."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sfu.host import media_plane
from sfu.host.media_plane import Ends, MediaPlane
from sfu.host.supervision import Process
from sfu.link import messages as link

PATIENCE = 10.0
PRETEND = """
import os, socket, sys
from sfu.link.channel import Channel
from sfu.link.messages import ORDER, Ready, Dtls, Stop
sock = socket.socket(fileno=int(sys.argv[1]))
channel = Channel(sock, ORDER)
channel.send(Ready(pid=os.getpid()))
while True:
    sock.setblocking(True)
    sock.recv(1, socket.MSG_PEEK)
    sock.setblocking(False)
    for order in channel.receive():
        if order.type == "remove_peer":
            sys.exit(1)
        if order.type not in ("begin", "add_peer"):
            channel.send(Dtls(peer=order.peer, datagram=order.type.encode()) if order.type == "set_sending" else order)
"""

OTHER = link.AddPeer(
    peer="p2", ufrag="u", pwd="p", remote_ufrag="r", extensions=link.Extensions(), payload_types=link.PayloadTypes(),
    sources=[], slots=[],
)  # fmt: skip


class Notes:
    def __init__(self) -> None:
        self.events: asyncio.Queue[link.Event] = asyncio.Queue()
        self.died: asyncio.Queue[float | None] = asyncio.Queue()

    def forwarded(self, event: link.Event) -> None:
        self.events.put_nowait(event)

    def child_started(self, name: str, pid: int) -> None:
        pass

    def child_died(self, name: str, code: int, again_in: float | None) -> None:
        self.died.put_nowait(again_in)

    async def event(self) -> link.Event:
        async with asyncio.timeout(PATIENCE):
            return await self.events.get()


@asynccontextmanager
async def running(monkeypatch: pytest.MonkeyPatch, program: str = PRETEND) -> AsyncIterator[tuple[MediaPlane, Notes]]:
    async def spawn(
        _module: str, arguments: list[str], sockets: list[socket.socket], *, large_pages: bool
    ) -> Process:
        fds = [sock.fileno() for sock in sockets]
        return await asyncio.create_subprocess_exec(sys.executable, "-c", program, arguments[1], pass_fds=fds)

    monkeypatch.setattr(media_plane, "spawn", spawn)
    notes = Notes()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, TemporaryDirectory() as folder:
        plane = MediaPlane([udp], Ends("ipc:///nowhere/tap", "ipc:///nowhere/tape"), Path(folder), None)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(plane.run(notes, notes))
            yield plane, notes
            task.cancel()


async def test_orders_go_down_and_events_come_up(monkeypatch: pytest.MonkeyPatch) -> None:
    datagram = link.Dtls(peer="p1", datagram=bytes(range(256)))

    async with running(monkeypatch) as (plane, notes):
        assert isinstance(await notes.event(), link.Ready)
        plane.order(datagram)

        assert await notes.event() == datagram


async def test_a_forwarder_that_dies_is_replaced_at_once_and_handshakes_meanwhile_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(monkeypatch) as (plane, notes):
        first = await notes.event()
        plane.order(link.RemovePeer(peer="p1"))
        async with asyncio.timeout(PATIENCE):
            assert await notes.died.get() == 0
        plane.order(link.Dtls(peer="p1", datagram=b"lost"))
        second = await notes.event()
        plane.order(link.Dtls(peer="p1", datagram=b"heard"))

        assert isinstance(first, link.Ready)
        assert isinstance(second, link.Ready)
        assert first.pid != second.pid
        assert await notes.event() == link.Dtls(peer="p1", datagram=b"heard")


async def test_a_new_forwarder_is_told_who_was_here(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(monkeypatch) as (plane, notes):
        await notes.event()
        plane.order(OTHER)
        plane.order(link.SetSending(peer="p2", sources=["p2/microphone"]))
        told = await notes.event()
        plane.order(link.RemovePeer(peer="p1"))

        assert isinstance(await notes.event(), link.Ready)
        assert await notes.event() == told


async def test_a_forwarder_that_talks_nonsense_is_ended_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    nonsense = "import socket, sys, time; socket.socket(fileno=int(sys.argv[1])).sendall(b'x' * 8); time.sleep(60)"

    async with running(monkeypatch, nonsense) as (plane, notes), asyncio.timeout(PATIENCE):
        while await notes.died.get() is not None:
            assert not plane.ready.is_set()
