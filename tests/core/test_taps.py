"""Taps: what was agreed to, in full and in time; nothing else, and never more than there is room for."""

from __future__ import annotations

from sfu.core import taps
from sfu.link import messages as link
from sfu.link.tape import Codec
from sfu.rtp.rtcp import SenderReport, to_ntp
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

    stage.order(link.CloseTap(source="ana/microphone", stream="s1"))
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


def test_a_voice_is_heard_by_captions_and_by_a_check() -> None:
    stage, ana = tapped()
    stage.order(link.OpenTap(source="ana/microphone", stream="c1"))
    ana.voice()
    stage.order(link.CloseTap(source="ana/microphone", stream="c1"))
    ana.voice()

    assert [chunk.stream for chunk in stage.plane.taps.chunks] == ["s1", "s1"]


def test_picture_and_voice_of_one_stream_are_stamped_by_the_clock_of_their_sender() -> None:
    """The picture comes half a second late; its sender's reports say when it was taken."""
    stage = Stage()
    ana = stage.client("ana").join()
    for kind in ("camera", "microphone"):
        stage.order(link.OpenTap(source=f"ana/{kind}", stream="c1"))
    ana.voice(timestamp=48_000)
    ana.rtcp(SenderReport(ana.audio_ssrc, to_ntp(stage.now + 7), 48_000, 1, 1))
    stage.pass_time(0.5)
    ana.frame(key=True, timestamp=90_000)
    ana.rtcp(SenderReport(ana.video_ssrc, to_ntp(stage.now + 7), 90_000 + 45_000, 1, 1))
    stage.plane.taps.chunks.clear()

    ana.voice(timestamp=48_000 + 4_800)
    ana.frame(timestamp=90_000 + 9_000)

    sound, picture = stage.plane.taps.chunks
    assert (sound.codec, picture.codec) == (Codec.OPUS, Codec.VP8)
    assert abs(sound.captured_at - picture.captured_at) < 0.001
