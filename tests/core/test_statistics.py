"""What the window and the administrator are told: by participant, layer and slot, with the reason for each layer."""

from __future__ import annotations

import pytest

from sfu.core import statistics
from sfu.core.allotment import VOICE_BITS
from sfu.core.layers import LOW, NOMINAL_BITRATES
from sfu.core.statistics import ProcessUsage, snapshot
from sfu.link import messages as link
from sfu.rtp import rtcp
from tests.core.stage import Stage, simulcast


def told(stage: Stage, name: str) -> link.PeerStats:
    whole = snapshot(stage.plane, ProcessUsage(1.0, 1.0, 50.0), stage.now)
    return next(peer for peer in whole.peers if peer.peer == name)


def slot(stage: Stage, name: str, mid: str) -> link.SlotStats:
    return next(slot for slot in told(stage, name).slots if slot.mid == mid)


def test_a_slot_says_what_it_carries_and_why() -> None:
    stage = Stage()
    ana, _ = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])

    assert slot(stage, "ben", "v1").why == "empty"
    ana.frame()
    assert slot(stage, "ben", "v0").why == "waiting"
    ana.frame(key=True)
    flowing = slot(stage, "ben", "v0")
    assert (flowing.source, flowing.why, flowing.packets) == ("ana/camera", "asked", 1)


def test_a_slot_says_whether_the_path_or_the_camera_is_why_it_carries_less() -> None:
    stage = Stage()
    _ana, (high, low) = simulcast(stage, "ana", "h", "l")
    ben = stage.client("ben").join()
    ben.watches("ana", priority=9)

    low.frame(key=True)
    assert slot(stage, "ben", "v0").why == "available"
    high.frame(key=True)
    assert slot(stage, "ben", "v0").why == "asked"
    ben.rtcp(rtcp.Remb(1, 300_000, ()))
    stage.pass_time(0.3)
    low.frame(key=True)
    assert slot(stage, "ben", "v0").why == "path"
    ben.rtcp(rtcp.Remb(1, 30_000, ()))
    stage.pass_time(0.3)
    assert slot(stage, "ben", "v0").why == "paused"


@pytest.mark.parametrize(("voice", "why"), [(False, "path"), (True, "paused")])
def test_what_a_voice_takes_is_not_there_for_pictures(voice: bool, why: str) -> None:
    stage = Stage()
    ana, (high, low) = simulcast(stage, "ana", "h", "l")
    ben = stage.client("ben").join()
    ben.watches("ana", priority=9)
    for layer in (high, low):
        layer.frame(key=True)
    if voice:
        ana.voice()

    ben.rtcp(rtcp.Remb(1, NOMINAL_BITRATES[LOW] + VOICE_BITS // 2, ()))
    stage.pass_time(0.3)
    low.frame(key=True)

    assert slot(stage, "ben", "v0").why == why


def test_losses_and_requests_are_counted_where_they_happened() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    ana.frame(key=True, packets=4, skip=[2])
    stage.pass_time(0.1)
    ben.rtcp(rtcp.Nack(1, ben.ssrc("v0"), (ben.heard("v0")[0].sequence,)))
    stage.turn()

    camera = next(source for source in told(stage, "ana").sources if source.source == "ana/camera")
    assert (camera.lost, camera.nacks_sent >= 1, camera.layers[0].viewers) == (1, True, 1)
    assert (slot(stage, "ben", "v0").nacked, slot(stage, "ben", "v0").resent) == (1, 1)
    assert told(stage, "ben").budget_bps > 0


def test_a_meeting_too_large_for_one_snapshot_is_told_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    names = [f"p{number}" for number in range(5)]
    for name in names:
        stage.client(name).join()
    monkeypatch.setattr(statistics, "MOST_SLOTS", 2 * len(stage.plane.peers.get("p0").slots))  # type: ignore[union-attr]

    whole, told_of = None, 0
    for _ in range(3):
        part = snapshot(stage.plane, ProcessUsage(1.0, 1.0, 50.0), stage.now, told_of)
        told_of += len(part.peers)
        assert sorted([peer.peer for peer in part.peers] + part.others) == names
        assert len(part.peers) == 2
        whole = part.completed(whole)

    assert whole is not None
    assert sorted(peer.peer for peer in whole.peers) == names
