"""What is tapped becomes frames that a file can hold: in order, whole, on one clock, whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sfu.core.tracks import ASK_AGAIN, MOST_WAIT, Ended, Frame, Tracks
from sfu.link.tape import Codec, Taped
from tests.recorder.senders import FIRST, camera, h264_camera, together, voice

ZERO = 500.0


def feed(tracks: Tracks, packets: Iterable[Taped], late: float = 0.0) -> list[Frame]:
    events = [event for packet in packets for event in tracks.feed(packet, packet.captured + late)]
    return [event for event in events if isinstance(event, Frame)]


def test_voice_and_picture_are_on_the_recordings_clock() -> None:
    frames = feed(Tracks(ZERO), together(voice("a", 503.0, 1.0), camera("b", 503.0, 1.0)))

    first = {frame.stream: frame.at for frame in reversed(frames)}
    assert first == {"a": 3.0, "b": 3.0}
    assert [len([f for f in frames if f.stream == stream]) for stream in "ab"] == [50, 25]


def test_packets_that_overtook_each_other_are_written_in_order() -> None:
    packets = list(voice("a", 500.0, 1.0))
    packets[10], packets[11] = packets[11], packets[10]

    frames = feed(Tracks(ZERO), packets)

    assert [frame.data for frame in frames] == [packet.payload for packet in voice("a", 500.0, 1.0)]
    assert all(later.at > earlier.at for earlier, later in pairwise(frames))


def test_a_lost_packet_of_a_voice_leaves_a_gap_and_no_shift() -> None:
    packets = list(voice("a", 500.0, 2.0))
    del packets[20]
    tracks = Tracks(ZERO)

    frames = feed(tracks, packets)

    assert len(frames) == 99
    assert tracks.lost == 1
    assert frames[-1].at == packets[-1].captured - ZERO


def test_a_lost_packet_of_a_picture_costs_pictures_until_a_key_frame_which_is_asked_for() -> None:
    tracks = Tracks(ZERO)
    packets = list(camera("b", 500.0, 3.0))
    hole = packets.pop(5)

    frames = feed(tracks, packets[:20])
    now = packets[19].captured + 2 * MOST_WAIT
    frames += list(tracks.poll(now))

    assert tracks.wants_keyframe(now) == ["b"]
    assert tracks.wants_keyframe(now + 0.1) == []
    assert tracks.wants_keyframe(now + ASK_AGAIN) == ["b"]
    frames += feed(tracks, packets[20:], late=2 * MOST_WAIT)
    after = [frame for frame in frames if frame.at > hole.captured - ZERO]
    assert after[0].keyframe


def test_another_layer_begins_at_its_key_frame_and_stays_in_the_same_file() -> None:
    tracks = Tracks(ZERO)
    frames = feed(tracks, camera("b", 500.0, 1.0))
    frames += feed(tracks, camera("b", 501.0, 1.0, first=FIRST + (1 << 18), width=320, height=180))

    assert {frame.part for frame in frames} == {1}
    assert len(frames) == 50


def test_another_codec_or_another_size_of_h264_begins_another_file() -> None:
    tracks = Tracks(ZERO)
    frames = feed(tracks, camera("b", 500.0, 1.0))
    frames += feed(tracks, h264_camera("b", 501.0, 1.0, first=FIRST + (1 << 18)))
    frames += feed(tracks, h264_camera("b", 502.0, 1.0, first=FIRST + (1 << 19), width=320, height=180))
    frames += feed(tracks, camera("b", 503.0, 1.0, first=FIRST + (1 << 20)))

    parts = {frame.part: frame for frame in frames}
    assert [(frame.codec, frame.part) for frame in parts.values()] == [
        (Codec.VP8, 1), (Codec.H264, 2), (Codec.H264, 3), (Codec.VP8, 4)
    ]  # fmt: skip
    assert len(frames) == 100


def test_a_sender_that_sets_its_clock_back_never_writes_backwards() -> None:
    packets = list(voice("a", 510.0, 1.0)) + list(voice("a", 505.0, 1.0, first=FIRST + 50))

    frames = feed(Tracks(ZERO), packets)

    assert len(frames) == 100
    assert all(later.at > earlier.at for earlier, later in pairwise(frames))


def test_who_leaves_and_comes_back_has_two_streams_and_the_first_is_closed() -> None:
    tracks = Tracks(ZERO)
    feed(tracks, voice("p1-microphone-1", 500.0, 1.0))

    ended = list(tracks.feed(Taped("p1-microphone-1", Codec.OPUS, FIRST, 0, 0.0, b"", ended=True), 501.0))
    frames = feed(tracks, voice("p7-microphone-9", 505.0, 1.0))

    assert ended == [Ended("p1-microphone-1")]
    assert frames[0].at == 5.0
    assert len(tracks) == 1


def test_what_is_waited_for_at_the_end_is_let_go_and_the_rest_written() -> None:
    packets = list(voice("a", 500.0, 0.2))
    del packets[3]
    tracks = Tracks(ZERO)
    frames = feed(tracks, packets)

    rest = list(tracks.finish(500.2))

    assert isinstance(rest[-1], Ended)
    assert len(frames) + len(rest) - 1 == 9


@given(st.integers(0, 2**32), st.floats(0.0, 0.3))
def test_whatever_the_network_does_a_file_gets_what_it_can_hold(seed: int, loss: float) -> None:
    random = Random(seed)
    packets = [
        packet for packet in together(voice("a", 500.0, 2.0), camera("b", 500.0, 2.0)) if random.random() >= loss
    ]
    packets = sorted(packets, key=lambda packet: packet.captured + random.uniform(0, 0.08))

    tracks = Tracks(ZERO)
    frames = feed(tracks, packets, late=0.1)

    for stream in "ab":
        mine = [frame for frame in frames if frame.stream == stream]
        assert all(later.at > earlier.at for earlier, later in pairwise(mine))
        assert not mine or mine[0].keyframe
    pictures = [packet for packet in packets if packet.stream == "b"]
    assert len([frame for frame in frames if frame.stream == "b"]) <= len(pictures)


@given(st.lists(st.tuples(st.sampled_from(list(Codec)), st.integers(0, 2**40), st.binary(max_size=40), st.booleans())))
def test_bytes_that_are_no_media_end_nothing(packets: list[tuple[Codec, int, bytes, bool]]) -> None:
    tracks = Tracks(ZERO)

    for number, (codec, sequence, payload, marker) in enumerate(packets):
        taped = Taped("x", codec, sequence, number, 500.0 + number, payload, marker)
        assert all(isinstance(event, Frame) for event in tracks.feed(taped, 500.0 + number))
