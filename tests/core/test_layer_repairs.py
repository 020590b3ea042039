"""Losses, padding and clocks around a switch of layers: what others got wrong once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sfu.rtp import rtcp
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import Nack, SenderReport
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import KEYFRAME, VP8, Client, Layer, Stage, simulcast


def show(priority: int = 9) -> tuple[Stage, Layer, Layer, Client]:
    """A camera in two layers that have begun, and a viewer of one of them."""
    stage = Stage()
    _ana, (high, low) = simulcast(stage, "ana", "h", "l")
    eva = stage.client("eva").join()
    eva.watches("ana", priority=priority)
    high.frame(key=True)
    low.frame(key=True)
    return stage, high, low, eva


def temporal(layer: Layer, tid: int, tl0: int) -> None:
    """One packet of a temporal layer, as libvpx numbers them: TL1 repeats the TL0PICIDX of the frame it needs."""
    layer.sequence += 1
    layer.picture += 1
    head = Descriptor(start=True, picture_id=layer.picture, tl0picidx=tl0, tid=tid, layer_sync=tid == 1, keyidx=1)
    stamp = layer.timestamp(layer.client.stage.now)
    layer.client.rtp(RtpPacket(
        VP8, layer.sequence, stamp, layer.ssrc, head.serialize() + b"\x01" + layer.rid.encode(), marker=True,
        extensions={1: b"1", 5: layer.rid.encode()},
    ))  # fmt: skip


@pytest.mark.parametrize("lost", range(4))
def test_a_repeated_packet_has_the_tl0picidx_that_it_had_first(lost: int) -> None:
    """mediasoup#817: after loss and retransmission the numbers no longer fitted, and the picture smeared."""
    stage, high, low, eva = show(priority=1)
    eva.watches("ana", priority=9)
    stage.pass_time(0.6)
    high.frame(key=True)
    eva.take()
    for tid, tl0 in ((0, 100), (1, 100), (0, 101), (1, 101)):
        temporal(high, tid, tl0)
    first = eva.heard("v0")

    eva.rtcp(Nack(1, eva.ssrc("v0"), (first[lost].sequence,)))

    (again,) = eva.repeated()
    assert again.payload == first[lost].sequence.to_bytes(2, "big") + first[lost].payload
    numbers = [Descriptor.parse(packet.payload)[0].tl0picidx for packet in first]
    assert numbers[0] == numbers[1] == (numbers[2] or 0) - 1 == (numbers[3] or 0) - 1
    assert low.rid == "l"


def test_what_was_lost_before_the_switch_is_not_repeated_as_something_else() -> None:
    stage, _high, low, eva = show()
    before = eva.heard("v0")[-1].sequence
    eva.watches("ana", priority=1)
    stage.pass_time(0.6)
    low.frame(key=True)
    eva.take()

    eva.rtcp(Nack(1, eva.ssrc("v0"), (before,)))

    assert eva.repeated() == []


def test_late_packets_of_the_old_layer_are_dropped_after_the_switch() -> None:
    stage, high, low, eva = show()
    late = RtpPacket(VP8, high.sequence + 1, high.timestamp(stage.now), high.ssrc, b"\x00late", marker=True)
    eva.watches("ana", priority=1)
    stage.pass_time(0.6)
    low.frame(key=True)
    eva.take()

    high.client.rtp(late)

    assert eva.heard("v0") == []


def test_padding_leaves_no_hole_in_a_layer_that_was_switched_to() -> None:
    """mediasoup#1431: the hole was asked for without end."""
    stage, high, _low, eva = show(priority=1)
    eva.watches("ana", priority=9)
    stage.pass_time(0.6)
    high.frame(key=True)
    for _ in range(3):
        high.sequence += 1
        padding = RtpPacket(VP8, high.sequence, high.timestamp(stage.now), high.ssrc, b"", padding=200)
        high.client.rtp(padding)
    high.frame()

    numbers = [packet.sequence for packet in eva.heard("v0")]
    assert [after - before for before, after in pairwise(numbers)] == [1] * (len(numbers) - 1)


def captured(report: SenderReport, packet: RtpPacket, rate: int) -> float:
    """When the packet's content was captured, on the clock of the host's sender reports."""
    behind = ((report.rtp_time - packet.timestamp + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
    return rtcp.from_ntp(report.ntp) - behind / rate


def test_voice_and_picture_stay_together_across_a_switch_of_layers() -> None:
    """Their sender reports are of one clock, ours, before and after; a player aligns by nothing else."""
    stage, high, low, eva = show(priority=1)
    ana = high.client
    voice_began = stage.now
    ana.voice(timestamp=0)
    ana.rtcp(SenderReport(ana.audio_ssrc, rtcp.to_ntp(stage.now + 7), 0, 1, 1))
    for layer in (high, low):
        layer.report()
    heard = eva.heard("a0")[-1]
    eva.watches("ana", priority=9)
    stage.pass_time(0.6)
    taken = stage.now - 0.15  # the large picture takes longer to encode
    high.frame(key=True, captured=taken)
    seen = eva.heard("v0")[-1]
    eva.take()

    stage.pass_time(1.2)

    reports = {report.ssrc: report for report in eva.told(SenderReport)}
    voice_at = captured(reports[eva.ssrc("a0")], heard, 48_000)
    picture_at = captured(reports[eva.ssrc("v0")], seen, 90_000)
    assert picture_at - voice_at == pytest.approx(taken - voice_began, abs=0.002)


def test_a_slot_is_reported_anew_right_after_a_switch() -> None:
    stage, high, _low, eva = show(priority=1)
    eva.watches("ana", priority=9)
    stage.pass_time(0.6)
    eva.take()
    high.frame(key=True)

    stage.pass_time(0.15)

    assert eva.ssrc("v0") in {report.ssrc for report in eva.told(SenderReport)}


def test_a_key_frame_in_several_packets_begins_at_its_first_whatever_came_before() -> None:
    stage, high, _low, eva = show(priority=1)
    eva.watches("ana", priority=9)
    stage.pass_time(0.6)
    eva.take()

    sent = high.frame(key=True, packets=4)

    bodies = [packet.payload[-len(KEYFRAME) - 1 :] for packet in eva.heard("v0")]
    assert len(bodies) == len(sent) == 4
    assert sum(packet.marker for packet in eva.heard("v0")) == 1
