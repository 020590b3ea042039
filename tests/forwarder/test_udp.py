"""Runs leave whole, with the kernel's help or without it; a full or vanished network is counted, not waited for."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE
from sfu.forwarder.udp import Udp


@pytest.fixture
def arena() -> bytearray:
    return bytearray(RECEIVE_COUNT * RECEIVE_SIZE)


@pytest.fixture
def ours(arena: bytearray) -> Iterator[tuple[Udp, tuple[str, int]]]:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    udp = Udp(sock, arena, outgoing)
    yield udp, sock.getsockname()
    udp.close()


@pytest.fixture
def theirs() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(5)
        yield sock


@pytest.mark.parametrize("segments", [True, False])
def test_a_run_arrives_as_the_datagrams_it_was_made_of(
    ours: tuple[Udp, tuple[str, int]], theirs: socket.socket, segments: bool
) -> None:
    udp, _ = ours
    udp._segments = udp._segments and segments
    outgoing = memoryview(b"a" * 500 + b"b" * 500 + b"c" * 100)

    udp.send([(theirs.getsockname(), 0, 1100, 500)], outgoing)

    assert [theirs.recv(2048) for _ in range(3)] == [b"a" * 500, b"b" * 500, b"c" * 100]
    assert udp.unsent == 0


def test_datagrams_lie_in_the_arena_where_they_are_said_to(
    ours: tuple[Udp, tuple[str, int]], theirs: socket.socket, arena: bytearray
) -> None:
    udp, address = ours
    for datagram in (b"one", b"three"):
        theirs.sendto(datagram, address)

    received = udp.receive()

    assert [bytes(arena[at : at + size]) for at, size, _ in received] == [b"one", b"three"]
    assert {source for _, _, source in received} == {theirs.getsockname()}


def test_a_datagram_that_is_too_large_says_so(ours: tuple[Udp, tuple[str, int]], theirs: socket.socket) -> None:
    udp, address = ours
    theirs.sendto(bytes(RECEIVE_SIZE + 500), address)

    ((_, size, _),) = udp.receive()

    assert size > RECEIVE_SIZE


def test_nobody_can_be_sent_to_is_counted(ours: tuple[Udp, tuple[str, int]]) -> None:
    udp, _ = ours

    udp.send([(("127.0.0.1", 0), 0, 4, 0), (("127.0.0.1", 0), 0, 4, 2)], memoryview(b"abcd"))

    assert udp.unsent == 3
