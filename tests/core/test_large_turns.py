"""What comes in one wake-up leaves in it, however large packets are and by however many ways they came."""

from __future__ import annotations

from sfu.core.flow import VIDEO_PACKETS
from sfu.core.forward import RECEIVE_COUNT, RECEIVE_SIZE
from sfu.core.trays import ROOM
from sfu.rtp.packet import RtpPacket
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import KEYFRAME, VP8, Stage

WAYS = 3
"""IPv4, IPv6 and connections, of which each fills the arena once a wake-up."""
MOST_TURNS = 100


def test_the_largest_packets_that_are_taken_leave_too() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    ben.take()
    count = WAYS * RECEIVE_COUNT
    for sequence in range(count):
        body = Descriptor(start=sequence == 0).serialize() + KEYFRAME
        packet = RtpPacket(VP8, sequence, 3000, ana.video_ssrc, body + bytes(RECEIVE_SIZE - 12 - len(body)))
        stage.plane.datagram(packet.serialize(), ana.address, stage.now)

    turns = 0
    while stage.plane.flush(stage.now) and turns < MOST_TURNS:
        stage._deliver()
        turns += 1
    stage._deliver()

    assert turns < MOST_TURNS
    assert len(ben.take()) == count


def test_more_than_there_is_room_for_is_lost() -> None:
    """However many came, from one who does her worst, nothing is written behind the arena."""
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    ben.take()
    head = Descriptor(start=True).serialize() + KEYFRAME
    for sequence in range(VIDEO_PACKETS):
        packet = RtpPacket(VP8, sequence, 3000, ana.video_ssrc, head + bytes(RECEIVE_SIZE - 12 - len(head)))
        stage.plane.datagram(packet.serialize(), ana.address, stage.now)
    stage.turn()

    assert ROOM - 2 * RECEIVE_SIZE < sum(len(one) for one in ben.take()) <= ROOM
    assert len(stage.plane.outbox.arena) == ROOM
