"""Frames become datagrams and datagrams frames; who does not read, or is nobody, holds up nobody."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator

import pytest

from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE, Received
from sfu.forwarder.streams import ANSWERED_WITHIN_S, MAX_BACKLOG, MAX_STREAMS, Streams
from sfu.link.handover import Handed

NOW = 100.0


class Stage:
    def __init__(self) -> None:
        self.arena = bytearray(RECEIVE_COUNT * RECEIVE_SIZE)
        self.streams = Streams(self.arena)
        self.ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)

    def client(self, now: float = NOW) -> socket.socket:
        end = socket.create_connection(self._listening.getsockname())
        self.ends.append(end)
        self.streams.take_over(self._listening.accept()[0], now)
        return end

    def arrived(self, count: int) -> list[bytes]:
        """Waits until so many datagrams have come in."""
        found: list[bytes] = []
        while len(found) < count:
            assert self.streams.waiting or select.select([self.streams], [], [], 5)[0]
            found += [self.datagram(one) for one in self.streams.receive()]
        return found

    def datagram(self, received: Received) -> bytes:
        at, size, _ = received
        return bytes(self.arena[at : at + size])

    def close(self) -> None:
        self.streams.close()
        self._listening.close()
        for end in self.ends:
            end.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


def frame(datagram: bytes) -> bytes:
    return len(datagram).to_bytes(2, "big") + datagram


def address(end: socket.socket) -> tuple[str, int, str]:
    return (*end.getsockname(), "tcp")


def is_closed(end: socket.socket) -> bool:
    end.settimeout(5)
    try:
        return end.recv(1) == b""
    except ConnectionError:
        return True


def test_frames_are_datagrams_however_the_network_cut_them(stage: Stage) -> None:
    end = stage.client()
    whole = frame(b"one") + frame(b"") + frame(b"three")

    for at in range(len(whole)):
        end.sendall(whole[at : at + 1])

    assert stage.arrived(3) == [b"one", b"", b"three"]


def test_more_than_the_arena_holds_comes_with_the_next_calls(stage: Stage) -> None:
    end = stage.client()
    sent = [number.to_bytes(2, "big") * 20 for number in range(3 * RECEIVE_COUNT)]

    end.sendall(b"".join(frame(datagram) for datagram in sent))

    assert stage.arrived(len(sent)) == sent
    assert not stage.streams.waiting


def test_a_run_leaves_as_frames(stage: Stage) -> None:
    end = stage.client()

    stage.streams.send((address(end), 0, 250, 100), memoryview(b"a" * 100 + b"b" * 100 + b"c" * 50))

    end.settimeout(5)
    assert end.recv(1000) == frame(b"a" * 100) + frame(b"b" * 100) + frame(b"c" * 50)


def test_what_cannot_be_a_packet_ends_the_connection_and_no_other(stage: Stage) -> None:
    bad, good = stage.client(), stage.client()
    bad.sendall(b"\xff\xff" + bytes(100))
    good.sendall(frame(b"good"))

    assert stage.arrived(1) == [b"good"]
    while len(stage.streams.by_address) > 1:
        stage.streams.receive()
    assert is_closed(bad)


def test_who_does_not_read_loses_datagrams_and_our_memory_stays_small(stage: Stage) -> None:
    end = stage.client()
    datagram = memoryview(bytes(1200))

    for _ in range(20_000):
        stage.streams.send((address(end), 0, 1200, 0), datagram)

    assert stage.streams.unsent > 0
    (stream,) = stage.streams.by_address.values()
    assert len(stream.outgoing) <= MAX_BACKLOG + 2


def test_who_gets_no_answer_is_not_kept(stage: Stage) -> None:
    stranger, member = stage.client(), stage.client()
    stage.streams.send((address(member), 0, 4, 0), memoryview(b"here"))

    stage.streams.expire(NOW + ANSWERED_WITHIN_S + 1)

    assert len(stage.streams.by_address) == 1
    assert is_closed(stranger)


def test_strangers_do_not_take_the_room_of_those_who_were_answered(stage: Stage) -> None:
    member = stage.client()
    stage.streams.send((address(member), 0, 4, 0), memoryview(b"here"))
    strangers = [stage.client(NOW + number) for number in range(MAX_STREAMS + 5)]

    assert len(stage.streams.by_address) == MAX_STREAMS
    assert is_closed(strangers[0])
    stage.streams.send((address(member), 0, 4, 0), memoryview(b"live"))
    member.settimeout(5)
    assert member.recv(100) == frame(b"here") + frame(b"live")


def test_to_one_who_has_gone_nothing_is_sent(stage: Stage) -> None:
    end = stage.client()
    gone = address(end)
    end.close()
    while len(stage.streams.by_address):
        assert select.select([stage.streams], [], [], 5)[0]
        stage.streams.receive()

    stage.streams.send((gone, 0, 4, 0), memoryview(b"oops"))

    assert stage.streams.unsent == 1


def test_the_byte_that_goes_with_a_connection_is_one() -> None:
    assert all(len(label.value) == 1 for label in Handed)
