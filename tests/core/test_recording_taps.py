"""What the recorder is given: the best layer that comes anyway, on the senders' clock, nothing once it is closed."""

from __future__ import annotations

from sfu.core.taps import MAX_RECORDED, Chunk
from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.rtp.rtcp import PictureLoss
from tests.core.stage import KEYFRAME, Client, Layer, Stage, simulcast

FRAME_S = 1 / 25
OPEN = link.OpenTap(source="ana/camera", stream="s1", taker="recorder")


def film(stage: Stage, layers: list[Layer], seconds: float) -> list[Chunk]:
    client = layers[0].client
    for _ in range(round(seconds / FRAME_S)):
        asked = {request.media for request in client.told(PictureLoss)}
        client.take()
        for layer in layers:
            layer.frame(key=layer.ssrc in asked, packets=2)
        stage.pass_time(FRAME_S)
    chunks = list(stage.plane.taps.recorded)
    stage.plane.taps.recorded.clear()
    return chunks


def rids(chunks: list[Chunk]) -> list[str]:
    return list(dict.fromkeys(chunk.payload[-1:].decode() for chunk in chunks))


def camera() -> tuple[Stage, Client, list[Layer]]:
    stage = Stage()
    ana, layers = simulcast(stage, "ana", "h", "m", "l")
    return stage, ana, layers


def test_a_camera_that_nobody_watches_is_recorded_in_the_medium_layer() -> None:
    stage, _ana, layers = camera()
    stage.order(OPEN)

    chunks = film(stage, layers, 7.0)

    assert rids(chunks) == ["m"]
    assert KEYFRAME in chunks[0].payload
    assert [event.wanted for event in stage.happened(link.LayersWanted)][-1] == ["m"]


def test_what_somebody_watches_large_is_recorded_large_and_back_without_a_gap() -> None:
    stage, _ana, layers = camera()
    stage.order(OPEN)
    film(stage, layers, 1.0)
    ben = stage.client("ben").join()

    ben.watch(("ana", 9))
    large = film(stage, layers, 2.0)
    ben.watch(("ana", 1))
    small = film(stage, layers, 2.0)

    assert rids(large)[-1] == "h"
    assert rids(small)[-1] == "m"
    assert min(len(large), len(small)) >= 2 * 50


def test_inference_and_the_recorder_are_tapped_apart() -> None:
    stage, _ana, layers = camera()
    stage.order(OPEN)
    stage.order(link.OpenTap(source="ana/camera", stream="face"))
    film(stage, layers, 1.0)

    stage.order(link.CloseTap(source="ana/camera", stream="face"))
    chunks = film(stage, layers, 1.0)

    assert len(chunks) == 50
    assert not stage.plane.taps.chunks


def test_closing_takes_back_what_was_not_read_and_says_that_it_ended() -> None:
    stage, _ana, layers = camera()
    stage.order(OPEN)
    layers[1].frame(key=True)

    stage.order(link.CloseTap(source="ana/camera", stream="s1"))

    assert [(chunk.stream, chunk.ended, chunk.payload) for chunk in stage.plane.taps.recorded] == [("s1", True, b"")]


def test_reports_put_voice_and_picture_on_one_clock_though_pictures_take_longer() -> None:
    stage, ana, layers = camera()
    stage.order(OPEN)
    stage.order(link.OpenTap(source="ana/microphone", stream="v1", taker="recorder"))
    clap, encoding = stage.now + 2.0, 0.12
    layers[1].frame(key=True)
    for _ in range(3):
        layers[1].report()
        now = stage.now
        ana.rtcp(rtcp.SenderReport(ana.audio_ssrc, rtcp.to_ntp(now + 7), int(now * 48_000) & 0xFFFF_FFFF, 1, 1))
        stage.pass_time(0.5)
    stage.plane.taps.recorded.clear()
    stage.pass_time(clap - stage.now)

    ana.voice(timestamp=int(clap * 48_000))
    stage.pass_time(encoding)
    layers[1].frame(captured=clap)

    sound, picture = stage.plane.taps.recorded
    assert abs(sound.captured_at - picture.captured_at) < 0.005


def test_timestamps_that_jump_do_not_move_what_comes_by_minutes() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.order(link.OpenTap(source="ana/microphone", stream="v1", taker="recorder"))
    ana.voice(timestamp=48_000 * 60)
    stage.pass_time(1.0)

    ana.voice(timestamp=48_000 * 57)

    assert abs(stage.plane.taps.recorded[-1].captured_at - stage.now) < 0.001


def test_a_recorder_that_does_not_read_loses_the_oldest() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.order(link.OpenTap(source="ana/microphone", stream="v1", taker="recorder"))

    for _ in range(MAX_RECORDED + 5):
        ana.voice()

    assert len(stage.plane.taps.recorded) == MAX_RECORDED
    assert stage.plane.taps.dropped == 5
