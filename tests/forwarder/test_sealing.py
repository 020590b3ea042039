"""Whoever seals and sends, the same bytes leave in the same order, and nothing is sealed twice or left open."""

from __future__ import annotations

import gc
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pylibsrtp import Error

from sfu.core.flow import Address
from sfu.core.outbox import TRAYS, Outbox
from sfu.core.trays import ARENA, Tray
from sfu.forwarder import sealing
from sfu.forwarder.roads import Roads
from sfu.forwarder.sealing import Sealers, how_many
from sfu.forwarder.srtp import LibSrtp
from sfu.link import messages as link
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.sequence import Unwrapper
from sfu.rtp.vp8 import Descriptor
from tests.bench.load import tcp_pair
from tests.core.stage import DELTA, KEYFRAME, REDUNDANT, VP8, Client, simulcast
from tests.forwarder.hall import Hall, Listener, arrived, bound, by_stream, keys
from tests.forwarder.test_twins import steps
from tests.forwarder.test_udp import has_ipv6

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this system sends datagrams one by one")
NAMES = ("ana", "ben", "eva")


@pytest.fixture(scope="module")
def sockets() -> Iterator[list[socket.socket]]:
    made = [bound() for _ in NAMES]
    yield made
    for sock in made:
        sock.close()


@pytest.fixture(autouse=True)
def nobody_left() -> Iterator[None]:
    """Every sealer has ended by the time its hall is closed."""
    yield
    assert [thread for thread in threading.enumerate() if thread.name.startswith("sealer.")] == []


@pytest.fixture
def never_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest tray is handed over, too."""
    monkeypatch.setattr(sealing, "FEW", 0)


def opened(sockets: list[socket.socket], lanes: int) -> tuple[Hall, list[Client]]:
    """Everybody watches everybody; Ben has a camera in two layers."""
    for sock in sockets:
        arrived(sock)
    hall = Hall(sockets, lanes)
    ana = hall.client("ana").join(payload_types=REDUNDANT)
    ben, _ = simulcast(hall, "ben", "h", "l")
    eva = hall.client("eva").join(payload_types=REDUNDANT)
    ana.watches("ben", "eva")
    ben.watches("ana", "eva")
    eva.watches("ana", "ben")
    return hall, [ana, ben, eva]


def film(client: Client, first: int, count: int, key: bool = True) -> list[bytes]:
    """Packets of one picture, not sent yet."""
    made = []
    for place in range(count):
        body = Descriptor(start=place == 0).serialize() + (KEYFRAME if key else DELTA) + bytes(1000)
        sequence = (first + place) & 0xFFFF
        made.append(RtpPacket(VP8, sequence, 3000, client.video_ssrc, body, marker=place == count - 1).serialize())
    return made


def played(
    sockets: list[socket.socket], lanes: int, script: list[list[Any]], dies: int
) -> list[dict[tuple[Datagram, bytes], list[bytes]]]:
    hall, clients = opened(sockets, lanes)
    try:
        for number, (who, datagram, pause) in enumerate(script):
            if number == dies:
                hall.die()
            hall.receive(bytes.fromhex(datagram), clients[who].address)
            if pause:
                hall.pass_time(pause)
    finally:
        hall.close()
    return [by_stream(arrived(sock)) for sock in sockets]


@pytest.mark.parametrize("lanes", [1, 2])
@pytest.mark.usefixtures("never_few")
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(some=st.lists(steps(), min_size=3, max_size=25), dies=st.integers(0, 200))
def test_the_same_bytes_leave_whoever_seals_them(
    sockets: list[socket.socket], lanes: int, some: list[list[list[Any]]], dies: int
) -> None:
    script = [step for part in some for step in part]

    assert played(sockets, lanes, script, dies) == played(sockets, 0, script, dies)


@pytest.mark.usefixtures("never_few")
def test_numbers_go_round_and_a_restart_goes_on_behind_them(sockets: list[socket.socket]) -> None:
    """Opened by somebody who follows the rollover counter, and each index came once."""
    found = []
    for lanes in (2, 0):
        hall, (ana, _, _) = opened(sockets, lanes)
        for number in range(12):
            hall.take_together(film(ana, 1000 + 20_000 * number, 5), ana)
            if number in (4, 9):
                hall.die()
        hall.close()
        found.append(by_stream(arrived(sockets[2])))

    pictures = [data for (kind, _), stream in found[0].items() if kind is Datagram.RTP for data in stream]
    listener, unwrapper = Listener("eva"), Unwrapper()
    numbers = [unwrapper.unwrap(RtpPacket.parse(listener.open(data)).sequence) for data in pictures]
    assert found[0] == found[1]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] - numbers[0] > 2 * 65_536


def test_more_than_all_trays_hold_leaves_in_its_order(sockets: list[socket.socket]) -> None:
    hall, (ana, _, _) = opened(sockets, 2)
    count = 0
    while count * 1000 < 2 * TRAYS * ARENA:
        hall.take_together(film(ana, 1000 + count, 60), ana)
        count += 60
    hall.close()

    for name, sock in zip(NAMES[1:], sockets[1:], strict=True):
        listener = Listener(name)
        packets = [RtpPacket.parse(listener.open(one)) for one in arrived(sock) if classify(one) is Datagram.RTP]
        numbers = [packet.sequence for packet in packets]
        assert numbers == [(numbers[0] + place) & 0xFFFF for place in range(count)]


class Late:
    """In the place of `threading`: threads that start when somebody says so."""

    def __init__(self) -> None:
        self.waiting: list[threading.Thread] = []

    def Thread(self, **how: Any) -> Any:
        thread = threading.Thread(**how)
        self.waiting.append(thread)
        return _Unstarted(thread)

    def start(self) -> None:
        for thread in self.waiting:
            thread.start()


class _Unstarted:
    def __init__(self, thread: threading.Thread) -> None:
        self.join = thread.join

    def start(self) -> None:
        pass


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Late:
    made = Late()
    monkeypatch.setattr(sealing, "threading", made)
    return made


@pytest.mark.usefixtures("never_few")
def test_who_fills_faster_than_others_seal_waits_and_loses_nothing(sockets: list[socket.socket], late: Late) -> None:
    hall, (ana, _, _) = opened(sockets, 1)
    done = threading.Event()

    def fill() -> None:
        for number in range(3 * TRAYS):
            hall.take_together(film(ana, 1000 + 10 * number, 10), ana)
        done.set()

    filling = threading.Thread(target=fill)
    filling.start()
    waited = not done.wait(0.3)
    late.start()
    filling.join(10)
    hall.close()

    assert waited
    assert done.is_set()
    pictures = [one for one in arrived(sockets[2]) if classify(one) is Datagram.RTP]
    assert len({one[2:4] for one in pictures}) == 30 * TRAYS


def away(hall: Hall) -> Tray:
    """The first that was handed over, while nobody has begun with it."""
    tray: Tray = hall.plane.outbox.lanes[0][0]
    return tray


@pytest.mark.usefixtures("never_few")
def test_all_of_a_picture_and_nothing_of_a_voice_is_sealed_by_others(sockets: list[socket.socket], late: Late) -> None:
    """Each SSRC in one place, or two would count its packets; sound is kept as it was sent."""
    hall, (ana, _, _) = opened(sockets, 1)
    hall.take_together(film(ana, 1000, 10), ana)
    ana.voice()
    first, second = hall.plane.outbox.lanes[0][:2]
    counts = [(tray.count, len(tray.runs)) for tray in (first, second)]
    late.start()
    hall.close()

    assert counts == [(20, 2), (0, 2)]


@pytest.mark.usefixtures("never_few")
def test_who_leaves_and_comes_again_has_one_set_of_keys_after_the_other(
    sockets: list[socket.socket], late: Late
) -> None:
    """The tray with the first ones is still away when they are thrown away."""
    hall, (ana, _, eva) = opened(sockets, 1)
    hall.take_together(film(ana, 1000, 10), ana)
    peer = hall.plane.peers.get("eva")
    assert peer is not None
    cipher = peer.outbound.cipher
    del peer
    hall.order(link.RemovePeer(peer="eva"))
    gc.collect()
    assert [holder for holder in gc.get_referrers(cipher) if isinstance(holder, list)] == [away(hall).ciphers]
    del cipher
    hall.generation = 1
    eva.join(payload_types=REDUNDANT)
    eva.watches("ana")
    hall.take_together(film(ana, 1010, 10), ana)
    late.start()
    hall.close()

    listeners, counts = [Listener("eva", 0), Listener("eva", 1)], [0, 0]
    for one in arrived(sockets[2]):
        if classify(one) is Datagram.RTP:
            for place, listener in enumerate(listeners):
                try:
                    listener.open(one)
                    counts[place] += 1
                except Error:
                    pass
    assert counts == [10, 10]


def test_a_connection_gets_what_udp_would_carry(sockets: list[socket.socket]) -> None:
    theirs, ours = tcp_pair()
    with theirs:
        hall, (ana, _, eva) = opened(sockets, 2)
        hall.roads.streams.take_over(ours, 0.0)
        hall._names[*theirs.getsockname(), "tcp"] = "eva"
        hall.take_together(film(ana, 1000, 10), ana)
        eva.check(address=(*theirs.getsockname(), "tcp"))
        hall.take_together(film(ana, 1010, 50, key=False), ana)
        hall.close()
        theirs.settimeout(5)
        framed = theirs.makefile("rb").read()

    listener, came = Listener("eva"), [one for one in arrived(sockets[2]) if classify(one) is Datagram.RTP]
    while framed:
        size = int.from_bytes(framed[:2], "big")
        came.append(framed[2 : 2 + size])
        framed = framed[2 + size :]
    pictures = [RtpPacket.parse(listener.open(one)).sequence for one in came if classify(one) is Datagram.RTP]
    assert pictures == [(pictures[0] + place) & 0xFFFF for place in range(60)]


def test_lanes_are_shared_out_evenly_whoever_comes_and_goes() -> None:
    made = [bound() for _ in range(9)]
    hall = Hall(made, 3)
    for number in range(6):
        hall.client(f"p{number}").join()
    for number in (0, 3):
        hall.order(link.RemovePeer(peer=f"p{number}"))
    for number in range(6, 9):
        hall.client(f"p{number}").join()
    lanes = [peer.outbound.lane for peer in hall.plane.peers]
    hall.close()
    for sock in made:
        sock.close()

    assert sorted(lanes.count(lane) for lane in range(3)) == [2, 2, 3]


class Desk:
    """One lane by hand."""

    def __init__(self, *families: socket.AddressFamily) -> None:
        self.outbox = Outbox(lanes=1)
        udp = [socket.socket(family, socket.SOCK_DGRAM) for family in (socket.AF_INET, *families)]
        self.roads = Roads(udp, bytearray(2048 * 64), self.outbox.arena)
        self.sealers = Sealers(self.outbox, self.roads)
        send_key, receive_key = keys("eva")
        given = link.SetKeys(peer="eva", profile="AEAD_AES_128_GCM", send_key=send_key, receive_key=receive_key)
        self.cipher = LibSrtp(given, bytearray(2048), self.outbox.arena, late=True)

    def lay_out(self, packet: bytes, address: Address) -> None:
        tray = self.outbox.trays[0]
        self.outbox.arena[tray.used : tray.used + len(packet)] = packet
        size = self.cipher.defer(tray, tray.used, len(packet))
        tray.runs.append((address, tray.used, size, 0))
        tray.used += size

    def close(self) -> None:
        self.sealers.hand_over(0.0)
        self.sealers.close()
        self.roads.close()


PACKET = RtpPacket(VP8, 7, 960, 4711, b"nobody may read this").serialize()


@pytest.mark.usefixtures("never_few")
def test_what_cannot_be_sealed_leaves_as_nothing(sockets: list[socket.socket]) -> None:
    """A number used twice is a mistake of ours: it never leaves open, and never again under the same number."""
    arrived(sockets[0])
    desk, address = Desk(), sockets[0].getsockname()
    for _ in range(2):
        desk.lay_out(PACKET, address)
    desk.close()

    first, second = arrived(sockets[0])
    assert Listener("eva").open(first) == PACKET
    assert second[: len(PACKET)] == bytes(len(PACKET))


@pytest.mark.usefixtures("never_few")
def test_who_cannot_be_sent_to_is_counted_and_costs_nobody_else_anything(sockets: list[socket.socket]) -> None:
    arrived(sockets[0])
    desk, address = Desk(), sockets[0].getsockname()
    desk.lay_out(PACKET, ("127.0.0.1", 0))
    desk.lay_out(RtpPacket(VP8, 8, 960, 4711, b"next").serialize(), address)
    desk.close()

    assert len(arrived(sockets[0])) == 1
    assert next(iter(desk.roads.udp.values())).unsent == 1


@pytest.mark.skipif(not has_ipv6(), reason="this system has no IPv6")
@pytest.mark.usefixtures("never_few")
def test_each_goes_by_the_socket_of_its_family(sockets: list[socket.socket]) -> None:
    arrived(sockets[0])
    desk = Desk(socket.AF_INET6)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.bind(("::1", 0))
        for sequence in range(6):
            address = (sockets[0] if sequence % 2 else other).getsockname()
            desk.lay_out(RtpPacket(VP8, sequence, 960, 4711, b"picture").serialize(), address)
        desk.close()
        found = arrived(sockets[0]), arrived(other)

    assert [[one[3] for one in datagrams] for datagrams in found] == [[1, 3, 5], [0, 2, 4]]


@pytest.mark.usefixtures("never_few")
def test_when_packets_had_left_is_known(sockets: list[socket.socket]) -> None:
    """Paths are not blamed for what this computer was late with."""
    desk = Desk()
    desk.lay_out(PACKET, sockets[0].getsockname())
    desk.sealers.hand_over(1.0)
    spans: list[sealing.Span] = []
    while not spans:
        spans = desk.sealers.collect()
    desk.close()

    assert [began for began, _ in spans] == [1.0]
    assert abs(spans[0][1] - time.monotonic()) < 5


def test_small_computers_have_no_sealers_and_large_ones_not_too_many() -> None:
    assert [how_many(cores) for cores in (1, 2, 3, 4, 8, 12, 16, 64)] == [0, 0, 0, 1, 2, 3, 3, 3]
