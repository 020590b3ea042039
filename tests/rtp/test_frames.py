"""Pictures come out whole, in order, and never with a hole in their past."""

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.rtp.errors import PeerFault
from sfu.rtp.frames import MOST_BYTES, MOST_PACKETS, MOST_WAIT, VideoFrameBuffer
from sfu.rtp.packet import RtpPacket
from sfu.rtp.vp8 import packetize

FIRST = 65_530  # wraps soon


class Camera:
    """Cuts frames into numbered packets."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self._sequence = FIRST

    def film(self, packets: int = 3, keyframe: bool = False) -> list[RtpPacket]:
        number = len(self.frames)
        frame = (b"\x00" if keyframe else b"\x01") + number.to_bytes(2, "big") + bytes(50 * packets - 3)
        self.frames.append(frame)
        pieces = packetize(frame, number, limit=54)
        assert len(pieces) == packets
        timestamp = 0xFFFF_FF00 + number * 3000 & 0xFFFF_FFFF
        return [
            RtpPacket(96, self.skip(), timestamp, 1, piece, marker=index == packets - 1)
            for index, piece in enumerate(pieces)
        ]

    def skip(self) -> int:
        self._sequence = self._sequence + 1 & 0xFFFF
        return self._sequence


def push(buffer: VideoFrameBuffer, *packets: RtpPacket, now: float = 0.0) -> list[int]:
    """Numbers of the frames that came out."""
    numbers = []
    for packet in packets:
        buffer.push(packet, now)
        numbers += pull(buffer, now)
    return numbers


def pull(buffer: VideoFrameBuffer, now: float) -> list[int]:
    numbers = []
    while (frame := buffer.pull(now)) is not None:
        numbers.append(int.from_bytes(frame.data[1:3], "big"))
    return numbers


def test_a_frame_comes_out_with_its_last_packet() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    first, second, third = camera.film(keyframe=True)

    assert push(buffer, first, second) == []
    buffer.push(third, now=0.5)
    frame = buffer.pull(now=0.6)

    assert frame is not None
    assert (frame.data, frame.keyframe, frame.arrived, frame.timestamp) == (camera.frames[0], True, 0.5, 0xFFFF_FF00)
    assert buffer.pull(now=0.6) is None
    assert buffer.kept == 0


def test_packets_in_any_order_make_frames_in_order() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    assert push(buffer, *camera.film(keyframe=True)) == [0]
    packets = [packet for _ in range(20) for packet in camera.film()]
    Random(5).shuffle(packets)

    assert push(buffer, *packets) == list(range(1, 21))
    assert buffer.stats().losses == 0


def test_before_the_first_key_frame_nothing_comes_out_and_one_is_wanted() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    assert not buffer.wants_keyframe

    assert push(buffer, *camera.film(), *camera.film()) == []

    assert buffer.wants_keyframe
    assert push(buffer, *camera.film(keyframe=True), *camera.film()) == [2, 3]
    assert not buffer.wants_keyframe


def test_a_key_frame_whose_packets_overtake_its_first_is_not_lost() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film())
    first, second, third = camera.film(keyframe=True)

    assert push(buffer, third, second, first) == [1]


def test_a_hole_is_waited_for_and_filled() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film(keyframe=True))
    lost, *rest = camera.film() + camera.film()

    assert push(buffer, *rest, now=1.0) == []
    assert buffer.wake_at() == 1.0 + MOST_WAIT
    assert not buffer.wants_keyframe

    assert push(buffer, lost, now=1.3) == [1, 2]
    assert buffer.wake_at() is None


def test_a_hole_is_never_waited_for_longer_than_allowed() -> None:
    camera, buffer = Camera(), VideoFrameBuffer(most_wait=0.2)
    push(buffer, *camera.film(keyframe=True))
    lost, *rest = camera.film()
    push(buffer, *rest, now=1.0)

    assert pull(buffer, now=1.19) == []
    assert not buffer.wants_keyframe
    assert pull(buffer, now=1.2) == []

    assert buffer.wants_keyframe
    assert buffer.stats().losses == 1
    assert push(buffer, lost, *camera.film(), now=1.3) == []  # too late, and what follows has no past
    assert push(buffer, *camera.film(keyframe=True), now=1.4) == [3]


def test_waiting_for_one_hole_does_not_prolong_the_wait_for_the_next() -> None:
    camera, buffer = Camera(), VideoFrameBuffer(most_wait=0.2)
    push(buffer, *camera.film(keyframe=True))
    hole, *one = camera.film()
    _, *two = camera.film()
    push(buffer, *one, *two, now=1.0)

    assert push(buffer, hole, now=1.15) == [1]
    assert buffer.wake_at() == 1.2
    pull(buffer, now=1.2)
    assert buffer.wants_keyframe


def test_a_slow_large_frame_without_a_hole_is_not_given_up() -> None:
    camera, buffer = Camera(), VideoFrameBuffer(most_wait=0.2)

    shown = [push(buffer, packet, now=index * 0.05) for index, packet in enumerate(camera.film(60, keyframe=True))]

    assert shown == [[]] * 59 + [[0]]


def test_a_whole_key_frame_behind_a_hole_is_shown_at_once() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film(keyframe=True))
    camera.film()  # lost altogether

    assert push(buffer, *camera.film(), *camera.film(keyframe=True), *camera.film()) == [3, 4]
    assert buffer.stats().losses == 1
    assert not buffer.wants_keyframe


def test_a_key_frame_that_has_only_begun_is_waited_for_when_the_hole_is_given_up() -> None:
    camera, buffer = Camera(), VideoFrameBuffer(most_wait=0.2)
    push(buffer, *camera.film(keyframe=True))
    camera.film()
    push(buffer, *camera.film(), now=1.0)
    first, second, third = camera.film(keyframe=True)
    push(buffer, first, second, now=1.1)

    assert pull(buffer, now=1.2) == []

    assert not buffer.wants_keyframe
    assert push(buffer, third, now=1.25) == [3]


def test_padding_takes_a_number_and_shows_nothing() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film(keyframe=True))
    padding = [RtpPacket(96, camera.skip(), 0, 1, b"", padding=200) for _ in range(3)]

    assert push(buffer, *padding, *camera.film()) == [1]
    assert push(buffer, *camera.film()) == [2]


def test_frames_without_a_marker_end_where_the_next_begins() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    packets = camera.film(keyframe=True) + camera.film() + camera.film()
    for packet in packets:
        packet.marker = False

    assert push(buffer, *packets) == [0, 1]


def test_duplicates_and_late_ones_are_counted_and_change_nothing() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    shown, pending = camera.film(keyframe=True), camera.film()

    assert push(buffer, *shown, *pending[:2], *shown, *pending[:2], pending[2]) == [0, 1]

    assert (buffer.stats().late, buffer.stats().duplicates) == (3, 2)


def test_when_the_decoder_cannot_go_on_everything_waits_for_a_key_frame() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film(keyframe=True))

    buffer.lose()

    assert buffer.wants_keyframe
    assert push(buffer, *camera.film(), *camera.film(keyframe=True)) == [2]


def test_a_sender_that_begins_again_below_is_followed_after_two_seconds() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    camera._sequence = 5_000
    push(buffer, *camera.film(keyframe=True), now=1.0)
    camera._sequence = 100

    assert push(buffer, *camera.film(keyframe=True), now=2.0) == []
    assert push(buffer, *camera.film(), now=3.1) == []
    assert buffer.wants_keyframe
    assert push(buffer, *camera.film(keyframe=True), now=3.2) == [3]


def test_a_frame_without_its_beginning_is_not_handed_out() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film(keyframe=True))
    packets = camera.film()
    packets[0].payload = packets[1].payload  # a middle where the start should be

    assert push(buffer, *packets) == []
    assert buffer.wants_keyframe


def test_a_payload_that_is_no_vp8_is_the_peers_fault() -> None:
    with pytest.raises(PeerFault):
        VideoFrameBuffer().push(RtpPacket(96, 1, 1, 1, b"\x90"), now=0.0)


def test_a_flood_is_bounded_in_packets_and_in_bytes() -> None:
    camera, buffer = Camera(), VideoFrameBuffer()
    push(buffer, *camera.film(keyframe=True))
    camera.skip()
    kept = 0
    for _ in range(3 * MOST_PACKETS):
        buffer.push(RtpPacket(96, camera.skip(), 1, 1, b"\x00" + bytes(1400)), now=0.0)
        kept = max(kept, buffer.kept)

    assert kept <= MOST_PACKETS
    assert kept * 1400 <= MOST_BYTES + 1400
    assert buffer.wants_keyframe


PAYLOADS = st.sampled_from([b"\x10\x00key", b"\x10\x01delta", b"\x00more", b"", b"\x90", b"\x11\x00part"])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40) | st.integers(0, 0xFFFF), PAYLOADS, st.booleans(), st.floats(0, 0.3), st.booleans()
        ),
        max_size=150,
    )
)
def test_whatever_comes_frames_begin_at_a_start_and_never_wait_too_long(
    pushes: list[tuple[int, bytes, bool, float, bool]],
) -> None:
    buffer, now = VideoFrameBuffer(), 100.0
    for sequence, payload, marker, wait, look in pushes:
        now += wait
        packet = RtpPacket(96, sequence, sequence // 3, 1, payload, marker)
        with suppress(PeerFault):
            buffer.push(packet, now)
        while look and (frame := buffer.pull(now)) is not None:
            assert frame.data.startswith((b"\x00key", b"\x01delta"))
        wake_at = buffer.wake_at()
        assert not look or wake_at is None or wake_at > now
        assert buffer.kept <= MOST_PACKETS
