"""Packets are laid out in time, whatever happened to them on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.timeline import CLOCK, LONGEST_FILL, LONGEST_PACKET, Place, Timeline, opus_duration

FRAME = 960


def fed(timeline: Timeline, timestamp: int, captured: float) -> Place:
    place = timeline.place(timestamp & 0xFFFF_FFFF, captured)
    if not place.late:
        timeline.laid(FRAME)
    return place


def test_a_lost_packet_leaves_silence_of_its_length() -> None:
    timeline = Timeline()
    fed(timeline, 0, 10.0)

    assert fed(timeline, 2 * FRAME, 10.04) == Place(silence=0.02)
    assert timeline.position == pytest.approx(0.06)


def test_a_packet_that_comes_after_its_turn_is_left_out_and_counted() -> None:
    timeline = Timeline()
    fed(timeline, 0, 10.0)
    fed(timeline, 2 * FRAME, 10.04)

    assert fed(timeline, FRAME, 10.02).late
    assert timeline.late == 1


def test_the_timestamp_may_wrap_in_the_middle_of_a_word() -> None:
    timeline = Timeline()
    fed(timeline, 2**32 - FRAME, 10.0)

    assert fed(timeline, 0, 10.02) == Place()


def test_minutes_of_silence_become_one_second_and_times_stay_true() -> None:
    timeline = Timeline()
    fed(timeline, 0, 10.0)

    fed(timeline, 300 * CLOCK, 310.0)

    assert timeline.filled == LONGEST_FILL
    assert timeline.captured(timeline.position) == pytest.approx(310.02)
    assert timeline.captured(0.0) == 10.0
    assert timeline.at(310.0) == pytest.approx(timeline.position - 0.02)


def test_a_sender_that_starts_its_clock_anew_goes_on_after_a_pause() -> None:
    timeline = Timeline()
    fed(timeline, 1_000 * CLOCK, 10.0)

    assert fed(timeline, 5, 12.0) == Place(silence=LONGEST_FILL)
    assert fed(timeline, 5 + FRAME, 12.02) == Place()


def test_a_jittering_capture_estimate_does_not_bend_the_sample_clock() -> None:
    timeline = Timeline()
    for number in range(50):
        fed(timeline, number * FRAME, 10.0 + number * 0.02 + 0.1 * (number % 2))

    assert timeline.captured(0.5) == 10.5


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.floats(0, 1e6)), max_size=40))
def test_any_timestamps_move_the_position_forward_and_by_little(packets: list[tuple[int, float]]) -> None:
    timeline, before = Timeline(), 0.0
    for timestamp, captured in packets:
        fed(timeline, timestamp, captured)

        assert before <= timeline.position <= before + LONGEST_FILL + 0.03
        before = timeline.position


@pytest.mark.parametrize(
    ("first", "samples"),
    [(b"\x78", 960), (b"\x08", 960), (b"\x18", 2880), (b"\xe0", 120), (b"\x79", 1920), (b"\x7b\x03", 2880), (b"", 0)],
)
def test_an_opus_packet_tells_its_length_in_its_first_bytes(first: bytes, samples: int) -> None:
    assert opus_duration(first) == samples


@given(st.binary(max_size=8))
def test_no_packet_claims_more_than_120_ms(payload: bytes) -> None:
    assert 0 <= opus_duration(payload) <= LONGEST_PACKET


def test_what_fills_a_long_silence_lies_just_before_the_packet_that_ends_it() -> None:
    """A phrase begins a little before its first loud packet; its start must not fall ten seconds into the past."""
    timeline = Timeline()
    timeline.place(0, captured=100.0)
    timeline.laid(960)
    timeline.place(960 + 10 * 48_000, captured=110.02)

    assert timeline.captured(timeline.position) == pytest.approx(110.02)
    assert timeline.captured(timeline.position - 0.4) == pytest.approx(109.62)
