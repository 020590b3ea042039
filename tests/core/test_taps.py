"""Taps: what was agreed to, in full and in time; nothing else, and never more than there is room for."""

from __future__ import annotations

from sfu.core import taps
from sfu.link import messages as link
from tests.core.stage import Client, Stage


def tapped() -> tuple[Stage, Client]:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.order(link.OpenTap(source="ana/microphone", stream="s1"))
    return stage, ana


def test_only_the_source_that_was_opened_is_handed_out() -> None:
    stage, ana = tapped()

    ana.voice(payload=b"mine", dbov=30)
    stage.client("ben").join().voice(payload=b"not mine")

    (chunk,) = stage.plane.taps.chunks
    assert (chunk.stream, chunk.payload, chunk.level_dbov) == ("s1", b"mine", -30)


def test_a_muted_microphone_is_not_tapped() -> None:
    stage, ana = tapped()

    ana.sends()
    ana.voice()

    assert not stage.plane.taps.chunks


def test_closing_a_tap_takes_back_what_was_not_read() -> None:
    stage, ana = tapped()
    ana.voice()

    stage.order(link.CloseTap(source="ana/microphone"))
    ana.voice()

    assert not stage.plane.taps.chunks


def test_a_slow_reader_loses_the_oldest_and_it_is_counted() -> None:
    stage, ana = tapped()

    for _ in range(taps.MAX_CHUNKS + 10):
        ana.voice()

    assert stage.plane.taps.dropped == 10
    assert len(stage.plane.taps.chunks) == taps.MAX_CHUNKS
    assert stage.plane.taps.chunks[-1].sequence - stage.plane.taps.chunks[0].sequence == taps.MAX_CHUNKS - 1


def test_capture_times_follow_the_microphone_not_the_network() -> None:
    stage, ana = tapped()
    start = stage.now
    for number, delay in enumerate([0.0, 0.03, 0.005, 0.06, 0.0]):
        stage.now = start + 0.02 * number + delay
        ana.voice()

    times = [chunk.captured_at - start for chunk in stage.plane.taps.chunks]

    assert all(abs(at - 0.02 * number) < 0.001 for number, at in enumerate(times))


def test_sequence_numbers_of_a_tap_grow_through_the_wrap() -> None:
    stage, ana = tapped()
    ana.audio_sequence = 0xFFFD

    for _ in range(5):
        ana.voice()

    sequences = [chunk.sequence for chunk in stage.plane.taps.chunks]
    assert sequences == list(range(sequences[0], sequences[0] + 5))


def test_a_peer_that_leaves_takes_its_tap_along() -> None:
    stage, ana = tapped()
    ana.voice()

    stage.order(link.RemovePeer(peer="ana"))

    assert not stage.plane.taps.chunks
