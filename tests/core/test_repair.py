"""What is lost is asked for, answered with the same bytes, and never in storms."""

from __future__ import annotations

from sfu.core.flow import AUDIO_PACKETS
from sfu.core.retransmit import ANSWERS_BURST, ANSWERS_PER_S, MAX_ANSWERS
from sfu.rtp.nack import MAX_PENDING
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import FullIntra, Goodbye, Nack, PictureLoss
from tests.core.stage import RTX, Client, Stage


def watched() -> tuple[Stage, Client, Client]:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join(watching=["ana"])
    ana.frame(key=True, packets=3)
    return stage, ana, ben


def test_a_repeated_packet_has_the_same_payload() -> None:
    stage, _ana, ben = watched()
    lost = ben.heard("v0")[1]
    ben.take()

    stage.pass_time(0.02)
    ben.rtcp(Nack(1, ben.ssrc("v0"), (lost.sequence,)))

    (again,) = ben.repeated()
    assert again.payload == lost.sequence.to_bytes(2, "big") + lost.payload
    assert again.timestamp == lost.timestamp


def test_the_same_packet_is_not_repeated_over_and_over() -> None:
    stage, _ana, ben = watched()
    lost = ben.heard("v0")[1].sequence

    for _ in range(20):
        ben.rtcp(Nack(1, ben.ssrc("v0"), (lost,)))
    assert len(ben.repeated()) == 1

    for _ in range(20):
        stage.pass_time(0.2)
        ben.rtcp(Nack(1, ben.ssrc("v0"), (lost,)))
    assert len(ben.repeated()) == MAX_ANSWERS


def test_who_asks_for_everything_gets_no_more_than_a_burst() -> None:
    stage, ana, ben = watched()
    for _ in range(40):
        ana.frame(packets=10)
    everything = tuple(packet.sequence for packet in ben.heard("v0"))
    ben.take()

    ben.rtcp(Nack(1, ben.ssrc("v0"), everything))
    at_once = len(ben.repeated())
    stage.pass_time(0.1)
    ben.rtcp(Nack(1, ben.ssrc("v0"), everything))

    assert len(everything) > 2 * ANSWERS_BURST
    assert at_once == ANSWERS_BURST
    assert ANSWERS_BURST < len(ben.repeated()) <= ANSWERS_BURST + 0.1 * ANSWERS_PER_S


def test_who_asks_again_after_a_round_trip_is_answered_again() -> None:
    """A fixed tenth of a second was just too long for a round trip of that length, and cost another one."""
    stage, _ana, ben = watched()
    lost = ben.heard("v0")[1].sequence
    (peer,) = (peer for peer in stage.plane.peers if peer.id == "ben")
    for answers in peer.answers.values():
        answers.round_trip = 0.05
    ben.take()

    for _ in range(2):
        ben.rtcp(Nack(1, ben.ssrc("v0"), (lost,)))
        stage.pass_time(0.045)

    assert len(ben.repeated()) == 2


def test_what_a_sender_had_to_repeat_is_passed_on_as_a_repair() -> None:
    """In the stream it would look like a network out of order, and libwebrtc would ask later for all that is lost."""
    stage, ana, ben = watched()
    ben.take()
    lost = ana.frame(packets=3, skip={1})[1]
    missing = ben.heard("v0")[0].sequence + 1 & 0xFFFF
    ben.take()

    repair = lost.sequence.to_bytes(2, "big") + lost.payload
    ana.rtp(RtpPacket(RTX, 1, lost.timestamp, ana.rtx_ssrc, repair, marker=lost.marker))

    assert ben.heard("v0") == []
    (passed_on,) = ben.repeated()
    assert passed_on.payload.startswith(missing.to_bytes(2, "big"))
    assert passed_on.payload.endswith(b"\x01frame\x01")
    ben.take()
    ben.rtcp(Nack(1, ben.ssrc("v0"), (missing,)))
    assert ben.repeated() == []  # it is under way
    stage.pass_time(0.2)
    ben.rtcp(Nack(1, ben.ssrc("v0"), (missing,)))
    assert [packet.payload for packet in ben.repeated()] == [passed_on.payload]


def test_sound_that_is_kept_no_longer_is_not_answered_with_what_took_its_place() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    for _ in range(AUDIO_PACKETS + 1):
        ana.voice(dbov=10)
    first, second = [packet.sequence for packet in ben.heard("a0")][:2]
    ben.take()

    ben.rtcp(Nack(1, ben.ssrc("a0"), (first, second)))

    assert [packet.sequence for packet in ben.heard("a0")] == [second]


def test_nacks_for_packets_never_sent_are_not_answered() -> None:
    _stage, _ana, ben = watched()
    ben.take()

    ben.rtcp(Nack(1, ben.ssrc("v0"), tuple(range(40_000, 40_200))))

    assert ben.repeated() == []


def test_a_gap_in_a_camera_is_asked_for_upstream() -> None:
    stage, ana, _ben = watched()
    sent = ana.frame(packets=3, skip={1})
    ana.take()

    stage.pass_time(0.2)

    asked = {sequence for nack in ana.told(Nack) for sequence in nack.lost}
    assert asked == {sent[1].sequence}


def test_what_comes_late_after_asking_reaches_the_receiver_in_its_place() -> None:
    stage, ana, ben = watched()
    ben.take()
    sent = ana.frame(packets=3, skip={1})
    stage.pass_time(0.1)

    ana.rtp(sent[1])

    got = {packet.sequence for packet in ben.heard("v0")}
    assert max(got) - min(got) == 2
    assert len(got) == 3


def test_forty_watchers_cost_the_camera_one_key_frame() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ana.take()

    for number in range(40):
        stage.client(f"w{number}").join(watching=["ana"])

    assert len(ana.told(PictureLoss)) == 1


def test_more_lost_than_asking_can_mend_is_a_key_frame_asked_for() -> None:
    stage, ana, _ben = watched()
    stage.pass_time(2)
    ana.take()

    ana.video_sequence += MAX_PENDING + 1
    ana.frame()

    assert len(ana.told(PictureLoss)) == 1
    assert ana.told(Nack) == []


def test_a_camera_that_said_goodbye_is_asked_for_nothing() -> None:
    stage, ana, ben = watched()
    stage.pass_time(2)
    ben.rtcp(PictureLoss(1, ben.ssrc("v0")))
    assert ana.told(PictureLoss)

    ana.rtcp(Goodbye((ana.video_ssrc,)))
    ana.take()
    stage.pass_time(2)

    assert ana.told(PictureLoss) == []


def test_a_full_intra_request_alone_is_passed_on() -> None:
    stage, ana, ben = watched()
    stage.pass_time(2)
    ana.take()

    ben.rtcp(FullIntra(1, ((ben.ssrc("v0"), 1),)))

    assert len(ana.told(PictureLoss)) == 1


def test_picture_loss_and_full_intra_requests_merge() -> None:
    stage, ana, ben = watched()
    stage.pass_time(2)
    ana.take()

    ben.rtcp(PictureLoss(1, ben.ssrc("v0")))
    ben.rtcp(FullIntra(1, ((ben.ssrc("v0"), 1),)))
    ben.rtcp(PictureLoss(1, ben.ssrc("v0")))

    assert len(ana.told(PictureLoss)) == 1
