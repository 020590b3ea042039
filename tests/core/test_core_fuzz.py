"""The whole core under nonsense: everything that a client sends, bent in every way, ends nothing and fills nothing."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.rtp.packet import RtpPacket
from sfu.rtp.red import join
from tests.core.stage import OPUS, RED, REDUNDANT, RTX, VP8, Client, Stage, simulcast

MALLORY = "mallory"


def meeting() -> tuple[Stage, Client, Client, Client]:
    """Ana and Ben talk; Mallory may say what she likes."""
    stage = Stage()
    ana = stage.client("ana").join(payload_types=REDUNDANT)
    ben = stage.client("ben").join(watching=["ana"], payload_types=REDUNDANT)
    mallory = stage.client(MALLORY).join(watching=["ana", "ben"], payload_types=REDUNDANT)
    ana.frame(key=True)
    return stage, ana, ben, mallory


def captures() -> list[bytes]:
    """One of everything that a client sends in a meeting, as it was on the wire."""
    stage, ana, _, mallory = meeting()
    taken: list[bytes] = []
    real = stage.receive
    stage.receive = lambda datagram, address: (taken.append(datagram), real(datagram, address))[1]  # type: ignore[method-assign]
    mallory.check()
    mallory.voice()
    mallory.frame(key=True, packets=3)
    earlier = [(960, b"before")]
    mallory.rtp(RtpPacket(RED, 200, 0, mallory.audio_ssrc, join(OPUS, earlier, b"now")))
    mallory.rtp(RtpPacket(RTX, 1, 0, mallory.rtx_ssrc, struct.pack("!H", 101) + b"\x10\x00again"))
    extensions = {number: bytes(number) for number in range(1, 15)}
    mallory.rtp(RtpPacket(VP8, 300, 0, mallory.video_ssrc, b"\x10\x00frame", extensions=extensions, csrcs=(1, 2, 3)))
    slot = mallory.ssrc("v0")
    mallory.rtcp(
        rtcp.SenderReport(mallory.video_ssrc, 1 << 40, 9000, 10, 1000),
        rtcp.Nack(mallory.video_ssrc, slot, (1, 2, 3, 40)),
    )
    mallory.rtcp(rtcp.PictureLoss(mallory.video_ssrc, slot))
    taken += [bent_remb(3, 3), bent_remb(255, 3), feedback(15, 15), feedback(31, 0), report_counting(31)]
    assert ana.heard() is not None
    return taken


def feedback(kind: int, words: int, packet: int = 205) -> bytes:
    """Feedback of a format that nobody has defined, or a known one with a body that is none."""
    body = struct.pack("!II", 1, 2) + bytes(number & 255 for number in range(4 * words))
    return struct.pack("!BBH", 0x80 | kind, packet, len(body) // 4) + body


def bent_remb(claimed: int, there: int) -> bytes:
    """REMB that claims so many SSRCs, with so many in it."""
    body = struct.pack("!II4sBBH", 1, 0, b"REMB", claimed, 0x08, 1000) + struct.pack(f"!{there}I", *range(there))
    return struct.pack("!BBH", 0x80 | 15, 206, len(body) // 4) + body


def report_counting(blocks: int) -> bytes:
    """A receiver report that announces more than it has."""
    return struct.pack("!BBHI", 0x80 | blocks, 201, 1, 7)


CAPTURES = captures()


def mutated(base: bytes, draw: random.Random) -> bytes:
    """One capture with bytes changed, cut, repeated or added."""
    data = bytearray(base)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(len(data) + 1)
        match draw.randrange(5):
            case 0 if at < len(data):
                data[at] = draw.randrange(256)
            case 1:
                del data[at:]
            case 2:
                data[at:at] = draw.randbytes(draw.randint(1, 40))
            case 3:
                data += data[at:]
            case _ if at + 2 <= len(data):
                data[at : at + 2] = draw.choice((b"\xff\xff", b"\x00\x00", b"\x7f\xff"))
        data = data[:1500] or bytearray(b"\x80")
    return bytes(data)


def still_good(stage: Stage, ana: Client, ben: Client) -> None:
    """Ben sees and hears Ana as if nothing had been."""
    ben.take()
    ana.voice()
    ana.frame()
    stage.pass_time(0.1)
    heard = [packet for packet in ben.heard() if packet.payload]
    assert any(packet.payload.endswith(b"opus") for packet in heard)
    assert any(b"frame" in packet.payload for packet in heard)


def holdings(stage: Stage) -> dict[str, int]:
    """Everything that could grow."""
    plane = stage.plane
    peers = list(plane.peers)
    return {
        "records": len(plane.ledger),
        "peers": len(peers),
        "addresses": sum(len(peer.ice.addresses()) for peer in peers),
        "streams": sum(len(source.streams) for peer in peers for source in peer.lines.by_id.values()),
        "known": sum(len(peer.inbound.streams) + len(peer.inbound.rtx) for peer in peers),
        "arrivals": sum(len(peer.inbound.arrivals) for peer in peers),
        "waiting": len(plane.outbox._waiting),
        "events": len(plane.events),
        "chunks": len(plane.taps.chunks),
    }


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 40))
def test_bent_captures_from_a_member_harm_nobody_else(seed: int) -> None:
    draw = random.Random(seed)
    stage, ana, ben, mallory = meeting()

    for _ in range(40):
        stage.receive(mutated(draw.choice(CAPTURES), draw), mallory.address)
    stage.pass_time(0.2)

    assert stage.plane.peers.get(MALLORY) is not None
    still_good(stage, ana, ben)


def test_however_long_it_goes_on_nothing_grows_and_nobody_is_left_behind() -> None:
    draw = random.Random(7)
    stage, ana, ben, mallory = meeting()
    held = []
    for _ in range(4):
        for _ in range(1_500):
            stage.receive(mutated(draw.choice(CAPTURES), draw), mallory.address)
        for client in (ana, ben, mallory):
            client.check()
        stage.pass_time(1, step=0.1)
        stage.events.clear()
        mallory.take()
        held.append(holdings(stage))

    for kind, count in held[-1].items():
        assert count <= max(held[1][kind], 200), (kind, held)
    still_good(stage, ana, ben)


@pytest.mark.parametrize("datagram", [
    bent_remb(255, 0), bent_remb(255, 200), bent_remb(0, 0), feedback(31, 300), feedback(31, 0, packet=206),
    feedback(0, 1, packet=206), report_counting(31), report_counting(0) + b"\x80", b"\x80\xc8\xff\xff" + bytes(24),
    b"\x81\xcd\x00\x00" * 300,
])  # fmt: skip
def test_feedback_that_claims_what_it_is_not_is_one_fault(datagram: bytes) -> None:
    stage, ana, ben, mallory = meeting()

    for _ in range(20):
        stage.receive(datagram, mallory.address)
    stage.pass_time(0.2)

    still_good(stage, ana, ben)


@pytest.mark.parametrize("words", [0, 1, 255, 300, 16_384, 65_535])
@pytest.mark.parametrize("profile", [0xBEDE, 0x1000, 0x100F, 0xFFFF])
def test_a_header_extension_of_any_claimed_size_is_one_fault_or_none(words: int, profile: int) -> None:
    stage, ana, ben, mallory = meeting()
    head = struct.pack("!BBHII", 0x90, OPUS, 500, 0, mallory.audio_ssrc)
    for body in (b"", bytes(4 * min(words, 300)), b"\xff" * 4 * min(words, 300), b"\x1f" * 4 * min(words, 300)):
        stage.receive((head + struct.pack("!HH", profile, words) + body)[:1500], mallory.address)

    still_good(stage, ana, ben)


def test_a_flood_of_sources_under_ones_own_lines_is_bounded() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    mallory, _ = simulcast(stage, MALLORY, "h", "m", "l")
    ana.frame(key=True)

    for ssrc in range(5_000):
        rid = (b"h", b"m", b"l", b"x")[ssrc % 4]
        mallory.rtp(RtpPacket(VP8, 1, 0, 10_000 + ssrc, b"\x10\x00frame", extensions={1: b"1", 5: rid}))

    assert holdings(stage)["records"] < 200
    assert holdings(stage)["known"] < 100
    still_good(stage, ana, ben)


STORMS: dict[str, Callable[[Client], rtcp.Rtcp]] = {
    "nacks": lambda peer: rtcp.Nack(1, peer.ssrc("v0"), tuple(range(500))),
    "nacks for nobody": lambda peer: rtcp.Nack(1, 0xDEAD_BEEF, tuple(range(500))),
    "plis": lambda peer: rtcp.PictureLoss(1, peer.ssrc("v0")),
}


@pytest.mark.parametrize("storm", STORMS)
def test_a_storm_of_requests_is_answered_seldom(storm: str) -> None:
    stage, ana, ben, mallory = meeting()
    ana.take()

    for _ in range(1_000):
        mallory.rtcp(STORMS[storm](mallory))
    stage.pass_time(0.1)

    assert len(ana.told(rtcp.PictureLoss)) <= 2
    assert len(mallory.take()) < 100
    still_good(stage, ana, ben)


def test_nothing_that_a_member_sends_ends_anybodys_stay() -> None:
    draw = random.Random(11)
    stage, _, _, mallory = meeting()

    for _ in range(500):
        stage.receive(mutated(draw.choice(CAPTURES), draw), mallory.address)

    assert stage.happened(link.PeerLost) == []
