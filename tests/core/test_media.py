"""The media plane as a whole: who gets what, and what one peer can do to another (nothing)."""

from __future__ import annotations

from sfu.core.flow import ARRIVALS
from sfu.link import messages as link
from tests.core.stage import DELTA, KEYFRAME, VP8, Stage


def test_a_voice_reaches_everybody_else_and_not_its_owner() -> None:
    stage = Stage()
    ana, ben, eva = (stage.client(name).join() for name in ("ana", "ben", "eva"))

    ana.voice(payload=b"hello")

    assert [packet.payload for packet in ben.heard()] == [b"hello"]
    assert [packet.payload for packet in eva.heard()] == [b"hello"]
    assert ana.heard() == []


def test_who_sends_more_than_anybody_is_remembered_no_longer_than_till_the_next_feedback_holds() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    peer = stage.plane.peers.get("ana")
    assert peer is not None
    ana.frame(key=True)

    for _ in range(8):
        ana.frame(packets=ARRIVALS // 7)

    assert len(peer.inbound.arrivals) <= ARRIVALS
    assert len(ben.heard("v0")) == 1 + 8 * (ARRIVALS // 7)


def test_a_picture_reaches_those_who_show_it_from_its_key_frame_on() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join(watching=["ana"])
    eva = stage.client("eva").join()

    ana.frame()
    ana.frame(key=True, packets=2)
    ana.frame()

    seen = [packet.payload[-len(KEYFRAME) - 1 :] for packet in ben.heard()]
    assert seen == [KEYFRAME + b"\x00", KEYFRAME + b"\x01", DELTA + b"\x00"]
    assert {packet.payload_type for packet in ben.heard()} == {VP8}
    assert eva.heard() == []


def test_the_control_process_is_told_what_each_slot_shows() -> None:
    stage = Stage()
    stage.client("ana").join()
    stage.happened(link.SlotsChanged)

    stage.client("ben").join(watching=["ana"])

    shown = [(event.peer, [(s.mid, s.source) for s in event.shows]) for event in stage.happened(link.SlotsChanged)]
    assert shown == [
        ("ben", [("a0", "ana/microphone")]),
        ("ana", [("a0", "ben/microphone")]),
        ("ben", [("v0", "ana/camera")]),
    ]
