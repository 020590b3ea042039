"""Whatever one peer sends, the process goes on and the others notice nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sfu.link import messages as link
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import Nack
from tests.core.stage import OPUS, VP8, Client, Stage

STRANGER = ("192.0.2.66", 6666)
DATAGRAMS = st.lists(st.binary(max_size=1500), max_size=20)
# Headers that look like ours, so that the fuzz gets past the first check.
LIKELY = st.tuples(
    st.sampled_from([0x80, 0x90, 0xB0, 0x81, 0x00, 0x16]), st.sampled_from([OPUS, VP8, 97, 200, 205, 206])
)


def bent(head: tuple[int, int], body: bytes) -> bytes:
    return bytes(head) + body


def meeting() -> tuple[Stage, Client, Client, Client]:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    mallory = stage.client("mallory").join(watching=["ana"])
    ana.frame(key=True)
    return stage, ana, ben, mallory


def still_good(stage: Stage, ana: Client, ben: Client) -> None:
    ben.take()
    ana.voice()
    ana.frame()
    stage.pass_time(0.1)
    assert len([packet for packet in ben.heard() if packet.payload]) == 2


@settings(max_examples=60, deadline=None)
@given(DATAGRAMS)
def test_random_datagrams_from_a_stranger_change_nothing(datagrams: list[bytes]) -> None:
    stage, ana, ben, _mallory = meeting()
    before = len(stage.plane.peers)

    for datagram in datagrams:
        stage.receive(datagram, STRANGER)

    assert len(stage.plane.peers) == before
    still_good(stage, ana, ben)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(bent, LIKELY, st.binary(max_size=200)), max_size=30))
def test_bent_packets_from_a_member_harm_nobody_else(datagrams: list[bytes]) -> None:
    stage, ana, ben, mallory = meeting()

    for datagram in datagrams:
        stage.receive(datagram, mallory.address)
    stage.pass_time(1, step=0.1)

    still_good(stage, ana, ben)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), st.integers(0, 255))
def test_one_flipped_byte_of_a_real_packet_harms_nobody(place: int, value: int) -> None:
    stage, ana, ben, mallory = meeting()
    for packet in mallory.frame(key=True, packets=2, skip={0, 1}):
        raw = bytearray(packet.serialize())
        raw[place % len(raw)] = value
        stage.receive(bytes(raw), mallory.address)

    still_good(stage, ana, ben)


def test_a_storm_of_nacks_costs_a_bounded_answer() -> None:
    stage, ana, ben, mallory = meeting()
    numbers = tuple(packet.sequence for packet in mallory.heard("v0"))
    mallory.take()

    for _ in range(500):
        mallory.rtcp(Nack(1, mallory.ssrc("v0"), tuple(range(min(numbers), min(numbers) + 500))))

    assert len(mallory.take()) <= 10
    still_good(stage, ana, ben)


def test_a_member_cannot_send_under_anothers_ssrc() -> None:
    stage, ana, ben, mallory = meeting()
    ben.take()

    mallory.rtp(RtpPacket(OPUS, 5, 960, ana.audio_ssrc, b"not ana"))
    shown = {show.source for event in stage.happened(link.SlotsChanged) for show in event.shows}

    assert all(packet.payload != b"not ana" or "mallory/microphone" in shown for packet in ben.heard())
    still_good(stage, ana, ben)
