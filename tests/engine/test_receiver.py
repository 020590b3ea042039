from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.offer import SlotLine
from app.engine.receiver import KEYFRAME_RETRY, Receiver
from sfu.rtp import red
from sfu.rtp.errors import PeerFault
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import Nack, PictureLoss
from sfu.rtp.rtx import wrap
from sfu.rtp.vp8 import packetize

AUDIO = SlotLine("a0", "audio", 1_000, 111, 48_000)
VIDEO = SlotLine(
    "v0", "video", 2_000, 96, 90_000, repair_ssrc=3_000, repairs={97: 96, 99: 98}, h264_payload_type=98
)
KEY, DELTA = packetize(b"\x10\x02\x00\x9d\x01\x2a\x40\x01\xb4\x00more", 0)[0], packetize(b"\x11delta", 1)[0]


def receiver() -> Receiver:
    return Receiver((AUDIO, VIDEO), own_ssrc=1)


def video(sequence: int, payload: bytes = DELTA) -> RtpPacket:
    return RtpPacket(96, sequence, 9_000, 2_000, payload)


def fed(target: Receiver, *packets: RtpPacket, now: float = 0.0) -> list[str | None]:
    results = [target.receive(packet.serialize(), now) for packet in packets]
    return [result[0].mid if result else None for result in results]


def test_packets_find_their_slot_by_stream() -> None:
    sound = RtpPacket(111, 1, 960, 1_000, b"opus")

    assert fed(receiver(), sound, video(1, KEY)) == ["a0", "v0"]


def test_strangers_wrong_formats_and_duplicates_are_nobodys() -> None:
    stranger, wrong = RtpPacket(96, 1, 0, 7_777, DELTA), RtpPacket(111, 1, 0, 2_000, DELTA)

    assert fed(receiver(), stranger, wrong, video(5, KEY), video(5, KEY)) == [None, None, "v0", None]


def test_a_gap_is_asked_for_and_mended_by_the_repair_stream() -> None:
    target = receiver()
    fed(target, video(1, KEY), video(3))

    assert target.poll(now=0.0) == [Nack(1, 2_000, (2,))]

    again = wrap(video(2), 97, 3_000, 50)
    received = target.receive(again.serialize(), now=0.05)
    assert received is not None
    assert [(one.sequence, one.ssrc, one.payload) for one in received[1]] == [(2, 2_000, DELTA)]
    assert target.poll(now=1.0) == []


def test_h264_is_mended_by_its_own_repair_type() -> None:
    target = receiver()
    key, delta = b"\x65idr", b"\x61delta"
    packets = [RtpPacket(98, number, 9_000, 2_000, key if number == 1 else delta) for number in (1, 2, 3)]
    assert fed(target, packets[0], packets[2]) == ["v0", "v0"]
    assert target.poll(now=0.0) == [Nack(1, 2_000, (2,))]

    received = target.receive(wrap(packets[1], 99, 3_000, 50).serialize(), now=0.05)

    assert received is not None
    assert [(one.sequence, one.payload_type, one.payload) for one in received[1]] == [(2, 98, delta)]


def test_redundant_sound_brings_the_packet_before_it_too() -> None:
    target = Receiver((replace(AUDIO, redundant_payload_type=63),), own_ssrc=1)
    sound = RtpPacket(63, 8, 1_920, 1_000, red.join(111, [(960, b"before")], b"now"))

    received = target.receive(sound.serialize(), now=0.0)

    assert received is not None
    assert [(one.sequence, one.payload_type, one.payload) for one in received[1]] == [
        (7, 111, b"before"), (8, 111, b"now"),
    ]  # fmt: skip


def test_lost_sound_is_not_asked_for() -> None:
    target = receiver()
    fed(target, RtpPacket(111, 1, 0, 1_000, b"a"), RtpPacket(111, 9, 0, 1_000, b"b"))

    assert target.poll(now=0.0) == []


def test_a_key_frame_is_asked_for_again_until_it_comes() -> None:
    target = receiver()
    target.want_keyframe(2_000, now=0.0)
    target.want_keyframe(2_000, now=0.1)

    assert target.poll(now=0.1) == [PictureLoss(1, 2_000)]
    assert target.poll(now=0.2) == []
    assert target.poll(now=0.1 + KEYFRAME_RETRY) == [PictureLoss(1, 2_000)]

    fed(target, video(1, KEY))
    assert target.poll(now=5.0) == []


def test_reports_cover_the_streams_that_brought_something() -> None:
    target = receiver()
    fed(target, video(1, KEY), video(3))

    (block,) = target.report(now=1.0)

    assert (block.ssrc, block.lost) == (2_000, 1)
    assert target.report(now=2.0) == ()


def test_padding_keeps_the_count_without_being_a_loss() -> None:
    target = receiver()

    assert fed(target, video(1, KEY), video(2, b""), video(3)) == ["v0", "v0", "v0"]
    assert target.poll(now=0.0) == []


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x80\x60\x00\x01\x00\x00\x00\x01\x00\x00\x07\xd0"]))
def test_any_datagram_is_a_packet_nothing_or_one_fault(data: bytes, head: bytes) -> None:
    try:
        receiver().receive(head + data, now=0.0)
    except PeerFault:
        return


def test_a_truncated_packet_is_the_peers_fault() -> None:
    with pytest.raises(PeerFault):
        receiver().receive(b"\x80\x60", now=0.0)
