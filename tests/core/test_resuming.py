"""A forwarder that was killed goes on where it was, and uses no number twice."""

from __future__ import annotations

from sfu.core.flow import SENT_PACKETS
from sfu.core.ledger import BLOCK, SIZE, Ledger
from sfu.core.resuming import MAX_CONTROLS, Controls
from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import Client, Stage


def call() -> tuple[Stage, Client, Client]:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    ana.frame(key=True)
    ana.voice()
    return stage, ana, ben


def transport_number(stage: Stage) -> int:
    ben = stage.plane.peers.get("ben")
    assert ben is not None
    return ben.outbound.transport_sequence


def numbers(datagrams: list[bytes]) -> list[tuple[int, int]]:
    packets = [RtpPacket.parse(data) for data in datagrams if classify(data) is Datagram.RTP]
    return [(packet.ssrc, packet.sequence) for packet in packets]


def test_media_goes_on_without_a_check_a_handshake_or_a_new_offer() -> None:
    stage, ana, ben = call()
    stage.die()
    ben.take()

    ana.voice(payload=b"still here")
    ana.frame(key=True)

    assert [packet.payload for packet in ben.heard("a0")] == [b"still here"]
    assert len(ben.heard("v0")) == 1
    assert not stage.happened(link.PeerLost)


def test_no_number_is_sent_twice_however_often_the_forwarder_dies() -> None:
    stage, ana, ben = call()
    for death in range(6):
        for _ in range(BLOCK // 2 * death):
            ana.voice()
        ana.frame(key=True, packets=3)
        ben.rtcp(rtcp.Nack(9, ben.ssrc("v0"), tuple(packet.sequence for packet in ben.heard("v0"))))
        stage.die()

    sent = numbers(ben.datagrams)

    assert len(sent) > 2_000
    assert len(set(sent)) == len(sent)


def test_transport_wide_numbers_go_on_ahead_of_those_of_the_life_before() -> None:
    stage, ana, _ = call()
    for _ in range(BLOCK + BLOCK // 2):
        ana.voice()
    before = transport_number(stage)

    stage.die()
    ana.voice()

    after = transport_number(stage)
    assert 0 < (after - before) & 0xFFFF < 0x8000
    assert (after - before) % SENT_PACKETS > BLOCK


def test_numbers_go_on_over_a_wrap_and_a_death_behind_the_block_that_was_reserved() -> None:
    stage, ana, ben = call()
    ben.take()
    for _ in range(140):
        ana.audio_sequence += 500
        ana.voice()
    before = ben.heard("a0")[-1]
    ben.take()

    stage.die()
    ana.voice()

    after = ben.heard("a0")[0]
    assert 0 < (after.sequence - before.sequence) & 0xFFFF <= BLOCK + 1


def test_the_receiver_sees_a_gap_and_then_a_key_frame_with_numbers_that_went_forward() -> None:
    stage, ana, ben = call()
    for _ in range(40):
        stage.now += 0.04
        ana.frame()
    before = ben.heard("v0")[-1]
    ben.take()

    stage.die()
    stage.now += 0.4
    ana.frame()
    ana.frame(key=True)

    packet = ben.heard("v0")[0]
    was, now = Descriptor.parse(before.payload)[0], Descriptor.parse(packet.payload)[0]
    assert was.picture_id is not None
    assert now.picture_id is not None
    assert 0 < (now.picture_id - was.picture_id) & 0x7FFF < 0x4000
    assert 0.3 * 90_000 < (packet.timestamp - before.timestamp) & 0xFFFF_FFFF < 2.5 * 90_000


def test_a_camera_is_asked_for_a_key_frame_after_the_death() -> None:
    stage, ana, _ = call()
    ana.take()

    stage.die()
    ana.frame()

    assert ana.told(rtcp.PictureLoss)


def test_layers_that_were_named_once_are_still_known() -> None:
    stage = Stage()
    ana, ben = stage.client("ana"), stage.client("ben").join()
    lines = [link.SourceLine(source="ana/camera", mid="1", kind="video", rids=["h", "m", "l"])]
    extensions = link.Extensions(mid=1, rid=5, repaired_rid=6)
    stage.order(ana.order(sources=lines, extensions=extensions))
    ana.check()
    stage.order(link.SetKeys(peer="ana", profile="AEAD_AES_128_GCM", send_key=b"", receive_key=b""))
    ana.sends("camera")
    ben.watches("ana", priority=10)
    head = Descriptor(start=True, picture_id=1, tl0picidx=1, keyidx=1).serialize() + b"\0key"
    named = {1: b"1", 5: b"m"}
    ana.rtp(RtpPacket(96, 1, 0, 777, head, marker=True, extensions=named))

    stage.die()
    ben.take()
    ana.rtp(RtpPacket(96, 2, 3000, 777, head, marker=True))

    assert len(ben.heard("v0")) == 1


def test_what_a_listener_recorded_before_the_death_is_not_taken_after_it() -> None:
    stage, ana, ben = call()
    old = ana.frame(key=True)[0]
    stage.die()
    ben.take()

    ana.rtp(old)

    assert not ben.heard()


def test_reports_are_sealed_under_an_ssrc_that_no_life_before_had() -> None:
    stage, ana, _ = call()
    opened = []
    for _ in range(3):
        ana.take()
        ana.frame()
        stage.pass_time(1.2)
        reports = [data for data in ana.datagrams if classify(data) is Datagram.RTCP]
        opened.append({int.from_bytes(data[4:8], "big") for data in reports})
        stage.die()

    assert all(len(ssrcs) == 1 for ssrcs in opened)
    assert len(set.union(*opened)) == 3


def test_who_left_while_the_forwarder_was_away_is_forgotten() -> None:
    stage, _, _ = call()
    stage.standing.note(link.RemovePeer(peer="ben"))
    before = len(stage.plane.ledger)

    stage.die()

    assert len(stage.plane.ledger) < before
    stage.order(link.RemovePeer(peer="ana"))
    assert len(stage.plane.ledger) == 0


def test_somebody_who_reports_from_a_thousand_ssrcs_does_not_fill_the_ledger() -> None:
    stage, ana, _ = call()
    for ssrc in range(1_000):
        stage.now += 0.01
        ana.rtcp(rtcp.ReceiverReport(ssrc))

    assert len(stage.plane.ledger) < 100 + MAX_CONTROLS


def test_keys_that_are_told_twice_do_not_begin_anything_again() -> None:
    stage, ana, _ = call()
    peer = stage.plane.peers.get("ana")
    assert peer is not None
    before = peer.outbound.cipher

    stage.order(link.SetKeys(peer="ana", profile="AEAD_AES_128_GCM", send_key=b"", receive_key=b""))
    assert peer.outbound.cipher is before
    stage.order(link.SetKeys(peer="ana", profile="AEAD_AES_128_GCM", send_key=b"new", receive_key=b"new"))
    assert peer.outbound.cipher is not before
    assert ana.address == peer.outbound.address


def test_a_report_that_was_heard_before_the_death_is_not_heard_again() -> None:
    memory = bytearray(SIZE)
    before = Controls(Ledger(memory).of("uana"))
    assert [before.take(7, index) for index in (4, 6, 5)] == [True] * 3

    after = Controls(Ledger(memory).of("uana"))

    assert [after.take(7, index) for index in (4, 5, 6, 7)] == [False, False, False, True]
    assert after.take(8, 1)
