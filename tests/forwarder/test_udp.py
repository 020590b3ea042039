"""Runs leave whole, with the kernel's help or without it; a full or vanished network is counted, not waited for."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator

import pytest

from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE
from sfu.forwarder.batches import SEND_COUNT
from sfu.forwarder.udp import Udp

FAMILIES = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
OUTGOING = 1 << 16


class Both:
    """Our socket with its arenas, and one of somebody else."""

    def __init__(self, family: int, host: str, portable: bool) -> None:
        self.incoming, self.outgoing = bytearray(RECEIVE_COUNT * RECEIVE_SIZE), bytearray(OUTGOING)
        self.theirs, ours = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
        for sock in (self.theirs, ours):
            sock.bind((host, 0))
        self.theirs.settimeout(5)
        self.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.address, self.their_address = ours.getsockname(), self.theirs.getsockname()
        self.ours = Udp(ours, self.incoming, self.outgoing, portable)

    def lay(self, data: bytes) -> None:
        self.outgoing[: len(data)] = data

    def received(self) -> list[bytes]:
        return [bytes(self.incoming[at : at + size]) for at, size, _ in self.ours.receive()]


@pytest.fixture(params=[(family, portable) for family in FAMILIES for portable in (False, True)])
def both(request: pytest.FixtureRequest) -> Iterator[Both]:
    (family, host), portable = request.param
    if family == socket.AF_INET6 and not has_ipv6():
        pytest.skip("this system has no IPv6")
    made = Both(family, host, portable)
    yield made
    made.ours.close()
    made.theirs.close()


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_a_run_arrives_as_the_datagrams_it_was_made_of(both: Both) -> None:
    both.lay(b"a" * 500 + b"b" * 500 + b"c" * 100 + b"d" * 700)

    both.ours.send([(both.their_address, 0, 1100, 500), (both.their_address, 1100, 700, 0)])

    assert [both.theirs.recv(2048) for _ in range(4)] == [b"a" * 500, b"b" * 500, b"c" * 100, b"d" * 700]
    assert both.ours.unsent == 0


def test_runs_beyond_what_one_call_takes_leave_in_their_order(both: Both) -> None:
    count = 2 * SEND_COUNT + 3
    both.lay(b"".join(at.to_bytes(2, "big") for at in range(count)))

    both.ours.send([(both.their_address, 2 * at, 2, 0) for at in range(count)])

    assert [int.from_bytes(both.theirs.recv(2048), "big") for _ in range(count)] == list(range(count))


def test_datagrams_lie_in_the_arena_where_they_are_said_to(both: Both) -> None:
    for datagram in (b"one", b"three"):
        both.theirs.sendto(datagram, both.address)

    received = both.ours.receive()

    assert [bytes(both.incoming[at : at + size]) for at, size, _ in received] == [b"one", b"three"]
    assert {source for _, _, source in received} == {both.their_address}


def test_what_the_arena_has_no_place_for_comes_the_next_time(both: Both) -> None:
    for at in range(RECEIVE_COUNT + 2):
        both.theirs.sendto(bytes((at,)), both.address)

    assert [data[0] for data in both.received() + both.received()] == list(range(RECEIVE_COUNT + 2))
    assert both.received() == []


def test_a_datagram_that_is_too_large_says_so(both: Both) -> None:
    both.theirs.sendto(bytes(RECEIVE_SIZE + 500), both.address)
    both.theirs.sendto(b"small", both.address)

    (_, large, _), (_, small, _) = both.ours.receive()

    assert (large, small) == (RECEIVE_SIZE + 1, 5)


def test_who_cannot_be_sent_to_is_counted_and_costs_nobody_else_anything(both: Both) -> None:
    nowhere = both.their_address[0], 0, *both.their_address[2:]
    both.lay(b"abcd")

    both.ours.send([(nowhere, 0, 4, 0), (nowhere, 0, 4, 2), (both.their_address, 0, 4, 0), (nowhere, 0, 4, 0)])

    assert both.theirs.recv(2048) == b"abcd"
    assert both.ours.unsent == 4


def test_a_run_that_a_network_card_refuses_goes_datagram_by_datagram(both: Both) -> None:
    """Some cannot cut up runs and say so only when they are asked to (EIO)."""
    both.lay(b"abcd")

    both.ours.refused((both.their_address, 0, 4, 2), errno.EIO)

    assert [both.theirs.recv(2048), both.theirs.recv(2048)] == [b"ab", b"cd"]
    assert both.ours.unsent == 0


def test_a_socket_that_is_full_loses_what_it_has_no_room_for(both: Both) -> None:
    both.ours.refused((both.their_address, 0, 5, 2), errno.EAGAIN)

    assert both.ours.unsent == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every datagram is a call of its own")
def test_nothing_leaves_from_beyond_the_arena() -> None:
    made = Both(*FAMILIES[0], portable=False)

    with pytest.raises(ValueError, match="outside"):
        made.ours.send([(made.their_address, OUTGOING - 10, 20, 0)])

    made.ours.close()
    made.theirs.close()
