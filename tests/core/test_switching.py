"""What flows into a slot changes; the receiver's decoder never notices."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sfu.core.quality import AT_ONCE
from sfu.link import messages as link
from sfu.rtp.packet import RtpPacket
from sfu.rtp.rtcp import Nack
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import DELTA, KEYFRAME, VP8, Client, Stage


def two_cameras() -> tuple[Stage, Client, Client, Client]:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    eva = stage.client("eva").join(watching=["ana"])
    ana.frame(key=True)
    ana.frame()
    return stage, ana, ben, eva


def numbers(client: Client) -> list[int]:
    return [packet.sequence for packet in client.heard("v0")]


def test_a_slot_given_away_stops_at_once_and_begins_with_the_new_cameras_key_frame() -> None:
    """Nobody's picture is ever shown under another's name, so the old one may not linger."""
    _stage, ana, ben, eva = two_cameras()
    eva.take()

    eva.watches("ben")
    ben.frame()
    ana.frame()
    ben.frame(key=True)
    ana.frame()
    ben.frame()

    bodies = [packet.payload[-len(KEYFRAME) - 1 : -1] for packet in eva.heard("v0")]
    assert bodies == [KEYFRAME, DELTA]


def test_a_switch_is_continuous_in_sequence_and_goes_forward_in_time() -> None:
    stage, _ana, ben, eva = two_cameras()

    eva.watches("ben")
    stage.pass_time(0.1)
    ben.frame(key=True, packets=3, picture=20_000)
    ben.frame(picture=20_001)

    packets = [packet for packet in eva.heard("v0") if packet.payload]
    steps = [(b.sequence - a.sequence) & 0xFFFF for a, b in pairwise(packets)]
    assert all(1 <= step <= 2 for step in steps)  # one number may be left out to mark the cut
    assert all((b.timestamp - a.timestamp) & 0xFFFF_FFFF < 90_000 for a, b in pairwise(packets))


def test_picture_ids_count_on_across_a_switch() -> None:
    stage, _ana, ben, eva = two_cameras()

    eva.watches("ben")
    stage.pass_time(0.1)
    ben.frame(key=True, picture=20_000)
    ben.frame(picture=20_001)

    ids = [Descriptor.parse(packet.payload)[0].picture_id for packet in eva.heard("v0")]
    assert [(b - a) & 0x7FFF for a, b in pairwise(ids) if a is not None and b is not None] == [1, 1, 1]


def test_late_packets_of_the_old_camera_are_dropped_after_the_switch() -> None:
    stage, ana, ben, eva = two_cameras()
    late = ana.frame(packets=2, skip={1})[1]
    eva.watches("ben")
    ben.frame(key=True)
    eva.take()

    ana.rtp(late)

    assert eva.heard("v0") == []
    assert stage.plane.forwarder.received


def test_padding_leaves_no_hole_in_the_sequence() -> None:
    _stage, ana, _ben, eva = two_cameras()
    ana.frame()
    padding = ana.frame(skip={0})[0]
    padding.payload, padding.padding = b"", 20
    ana.rtp(padding)
    ana.frame()

    assert [(b - a) & 0xFFFF for a, b in pairwise(numbers(eva))] == [1] * (len(numbers(eva)) - 1)


def test_a_packet_that_is_late_by_two_holes_has_the_place_that_it_had_before_both() -> None:
    _stage, ana, _ben, eva = two_cameras()
    (late,) = ana.frame(skip={0})
    for _ in range(2):
        ana.frame()
        ana.video_sequence += 1
        ana.rtp(RtpPacket(VP8, ana.video_sequence, 0, ana.video_ssrc, b"", padding=100))
    ana.frame()
    before = numbers(eva)

    ana.rtp(late)

    assert before == [*range(before[0], before[0] + 2), *range(before[0] + 3, before[0] + 6)]
    assert numbers(eva)[-1] == before[0] + 2


def test_what_was_lost_of_the_camera_before_is_not_answered_with_the_one_after() -> None:
    """Both count alike: what the new one has under that number is another picture."""
    _stage, ana, ben, eva = two_cameras()
    lost = numbers(eva)[-1]
    for _ in range(2):
        ben.frame()
    eva.watches("ben")
    ben.frame(key=True)

    eva.rtcp(Nack(1, eva.ssrc("v0"), (lost,)))

    assert (ana.video_sequence, ben.video_sequence) == (102, 103)
    assert eva.repeated() == []


def test_nobody_is_shown_their_own_camera() -> None:
    _stage, ana, _ben, eva = two_cameras()

    ana.watches("ana")
    ana.frame(key=True)

    assert ana.heard("v0") == []
    assert eva.heard("v0")


def test_a_reordered_packet_keeps_its_place() -> None:
    _stage, ana, _ben, eva = two_cameras()
    eva.take()
    first, second = ana.frame(packets=2, skip={0, 1})

    ana.rtp(second)
    ana.rtp(first)

    late, early = numbers(eva)
    assert (late - early) & 0xFFFF == 1


def test_a_duplicate_goes_out_once() -> None:
    _stage, ana, _ben, eva = two_cameras()
    eva.take()
    (packet,) = ana.frame()

    ana.rtp(packet)

    assert len(eva.heard("v0")) == 1


def test_the_pictures_of_a_newcomer_among_many_begin_turn_by_turn() -> None:
    """All in one turn, in a meeting of a hundred, kept everybody's packets waiting for fifty milliseconds."""
    stage = Stage()
    people = [stage.client(f"p{number}").join() for number in range(3 * AT_ONCE)]
    for person in people:
        person.frame(key=True)
    lines = [link.SlotLine(mid=f"v{at}", kind="video", ssrc=1_900_000 + at) for at in range(len(people))]

    eva = stage.client("eva")
    eva.slots = lines
    eva.join(watching=[person.name for person in people])
    slots = stage.plane.peers.get("eva").slots  # type: ignore[union-attr]
    begun = []
    for _ in range(8):
        begun.append(sum(slot.target is not None for slot in slots))
        assert begun[-1] == len(people) or stage.plane.wake_at() == stage.now
        stage.turn()
    for person in people:
        person.frame(key=True)

    assert begun[-1] == len(people)
    assert max(after - before for before, after in pairwise([0, *begun])) <= AT_ONCE
    assert {packet.ssrc for packet in eva.heard()} == {line.ssrc for line in lines}


def test_many_orders_in_one_wake_up_are_one_change_and_none_of_them_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new control process names everybody at once; settling a hundred people a hundred times took 0.8 s."""
    stage, ana, _ben, eva = two_cameras()
    changes: list[float] = []
    recast = stage.plane.quality.recast
    monkeypatch.setattr(stage.plane.quality, "recast", lambda *those: changes.append(stage.now) or recast(*those))
    eva.take()

    for names in (["ben"], ["ana", "ben"], ["ben"]):
        views = [link.View(source=f"{name}/camera", width=320, height=180, priority=5) for name in names]
        stage.plane.order(link.SetViews(peer="eva", views=views), stage.now)
    ana.frame()

    assert len(changes) == 1
    assert eva.heard() == []
