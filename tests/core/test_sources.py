"""Streams come and go under a source; whoever watches it is moved along."""

from __future__ import annotations

from sfu.link import messages as link
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import Goodbye, Nack, PictureLoss
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import KEYFRAME, OPUS, RTX, VP8, Client, Stage


def unannounced(stage: Stage, name: str) -> Client:
    """A client whose offer named no SSRCs."""
    client = stage.client(name)
    client.join()
    lines = [
        link.SourceLine(source=f"{name}/microphone", mid="0", kind="audio"),
        link.SourceLine(source=f"{name}/camera", mid="1", kind="video"),
    ]
    stage.order(client.order(sources=lines))
    client.check()
    stage.order(link.SetKeys(peer=name, profile="AEAD_AES_128_GCM", send_key=b"", receive_key=b""))
    client.sends("microphone", "camera")
    return client


def test_an_ssrc_that_nobody_announced_is_known_by_its_mid() -> None:
    stage = Stage()
    ben = stage.client("ben").join()
    ana = unannounced(stage, "ana")

    ana.rtp(RtpPacket(OPUS, 1, 960, 4711, b"first", extensions={1: b"0"}))
    ana.rtp(RtpPacket(OPUS, 2, 1920, 4711, b"second"))

    assert [packet.payload for packet in ben.heard()] == [b"first", b"second"]


def test_without_a_mid_an_unknown_ssrc_is_nobodys() -> None:
    stage = Stage()
    ben = stage.client("ben").join()
    ana = unannounced(stage, "ana")

    ana.rtp(RtpPacket(OPUS, 1, 960, 4711, b"who?"))

    assert ben.heard() == []


def test_a_camera_that_begins_again_with_another_ssrc_stays_on_its_slot() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join(watching=["ana"])
    ana.frame(key=True)
    stage.happened(link.SlotsChanged)

    body = Descriptor(start=True, picture_id=9).serialize() + KEYFRAME
    ana.rtp(RtpPacket(VP8, 1, 1, 4712, body, marker=True, extensions={1: b"1"}))

    before, after = ben.heard("v0")
    assert (after.sequence - before.sequence) & 0xFFFF == 1
    assert stage.happened(link.SlotsChanged) == []


def test_a_peer_that_changes_its_ssrc_without_end_is_soon_not_followed() -> None:
    stage = Stage()
    ben = stage.client("ben").join()
    ana = unannounced(stage, "ana")

    for ssrc in range(10_000, 10_500):
        ana.rtp(RtpPacket(OPUS, 1, 960, ssrc, b"sound", extensions={1: b"0"}))

    assert len(ben.heard()) < 50
    assert len(stage.plane.peers) == 2


def test_a_retransmission_from_a_publisher_takes_its_place() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join(watching=["ana"])
    lost = ana.frame(key=True, packets=3, skip={1})[1]

    wrapped = lost.sequence.to_bytes(2, "big") + lost.payload
    ana.rtp(RtpPacket(RTX, 1, lost.timestamp, ana.rtx_ssrc, wrapped))
    ana.rtp(RtpPacket(RTX, 2, lost.timestamp, ana.rtx_ssrc, wrapped))
    stage.pass_time(0.2)

    repaired = [int.from_bytes(packet.payload[:2], "big") for packet in ben.repeated()]
    numbers = sorted([packet.sequence for packet in ben.heard("v0")] + repaired)
    assert len(repaired) == 1
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert sum(len(nack.lost) for nack in ana.told(Nack)) <= 1


def test_goodbye_ends_the_stream_and_a_new_one_may_follow() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    ana.voice()

    ana.rtcp(Goodbye((ana.audio_ssrc,)))
    ana.voice()
    ana.rtp(RtpPacket(OPUS, 1, 960, 4713, b"back", extensions={1: b"0"}))

    assert [packet.payload for packet in ben.heard()] == [b"opus", b"back"]


def test_nobody_says_goodbye_for_another() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()

    ben.rtcp(Goodbye((ana.audio_ssrc,)))
    ana.voice()

    assert len(ben.heard()) == 1


def test_what_was_not_sent_while_muted_is_not_missing_afterwards() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.client("ben").join()
    ana.voice()
    ana.sends("camera")
    ana.audio_sequence += 400
    ana.take()

    ana.sends("camera", "microphone")
    ana.voice()
    stage.pass_time(0.3)

    assert ana.told(Nack) == []


def test_a_slot_outlives_many_turns_of_the_sequence_number() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    last = None

    for turn in range(150_000):
        ana.voice()
        if turn % 500 == 0:
            stage.pass_time(0.1, step=0.1)
            ana.check()
            ben.check()
            sequence = ben.heard()[-1].sequence
            assert last is None or (sequence - last) & 0xFFFF == 500
            last = sequence
            ben.take()


def test_a_watcher_of_a_camera_that_was_silent_gets_a_key_frame_asked_for() -> None:
    stage = Stage()
    stage.client("ben").join(watching=["ana"])
    ana = unannounced(stage, "ana")
    ana.take()

    body = Descriptor(start=True, picture_id=9).serialize() + b"\x01delta"
    ana.rtp(RtpPacket(VP8, 1, 1, 4714, body, marker=True, extensions={1: b"1"}))
    stage.pass_time(0.1)

    assert len(ana.told(PictureLoss)) == 1
