"""A camera that is tapped: its least layer, from a key frame on, and nothing once the tap is closed."""

from __future__ import annotations

from itertools import pairwise

from sfu.core.taps import Chunk
from sfu.link import messages as link
from sfu.rtp.rtcp import PictureLoss
from tests.core.stage import KEYFRAME, Client, Layer, Stage, simulcast

FRAME_S = 1 / 25
OPEN = link.OpenTap(source="ana/camera", stream="s1")


def camera(*rids: str) -> tuple[Stage, Client, list[Layer]]:
    stage = Stage()
    ana, layers = simulcast(stage, "ana", *(rids or ("h", "m", "l")))
    return stage, ana, layers


def film(stage: Stage, layers: list[Layer], seconds: float) -> list[Chunk]:
    """Every layer sends its pictures, key frames where they were asked for; what was tapped of them."""
    client = layers[0].client
    for _ in range(round(seconds / FRAME_S)):
        asked = {request.media for request in client.told(PictureLoss)}
        client.take()
        for layer in layers:
            layer.frame(key=layer.ssrc in asked, packets=2)
        stage.pass_time(FRAME_S)
    chunks, stage.plane.taps.chunks = list(stage.plane.taps.chunks), type(stage.plane.taps.chunks)()
    return chunks


def rids(chunks: list[Chunk]) -> set[str]:
    return {chunk.payload[-1:].decode() for chunk in chunks}


def test_only_the_least_layer_is_tapped_and_it_begins_with_a_key_frame() -> None:
    stage, _ana, layers = camera()
    film(stage, layers, 0.5)

    stage.order(OPEN)
    chunks = film(stage, layers, 1.0)

    assert rids(chunks) == {"l"}
    assert KEYFRAME in chunks[0].payload
    assert len(chunks) >= 2 * 20
    assert [chunk.marker for chunk in chunks[:4]] == [False, True, False, True]


def test_every_packet_of_the_layer_is_there_in_order() -> None:
    stage, _ana, layers = camera()
    film(stage, layers, 0.5)
    stage.order(OPEN)

    chunks = film(stage, layers, 2.0)

    assert all(later.sequence - earlier.sequence == 1 for earlier, later in pairwise(chunks))


def test_a_layer_that_only_the_tap_wants_is_not_switched_off() -> None:
    stage, _ana, layers = camera()
    stage.order(OPEN)
    film(stage, layers, 7.0)

    assert [event.wanted for event in stage.happened(link.LayersWanted)][-1] == ["l"]


def test_after_the_tap_is_closed_nothing_is_handed_out_and_the_layer_is_switched_off() -> None:
    stage, _ana, layers = camera()
    film(stage, layers, 0.5)
    stage.order(OPEN)
    layers[2].frame()

    stage.order(link.CloseTap(source="ana/camera", stream="s1"))
    chunks = film(stage, layers, 6.0)

    assert chunks == []
    assert [event.wanted for event in stage.happened(link.LayersWanted)][-1] == []


def test_when_the_layer_falls_silent_the_next_one_begins_at_a_key_frame_behind_a_jump_of_numbers() -> None:
    stage, _ana, layers = camera()
    film(stage, layers, 0.5)
    stage.order(OPEN)
    before = film(stage, layers, 1.0)

    after = film(stage, layers[:2], 2.0)

    assert rids(after) == {"m"}
    assert KEYFRAME in after[0].payload
    assert after[0].sequence > before[-1].sequence + 1000


def test_said_again_it_asks_for_a_key_frame_and_interrupts_nothing() -> None:
    stage, ana, layers = camera()
    film(stage, layers, 0.5)
    stage.order(OPEN)
    before = film(stage, layers, 2.0)
    ana.take()

    stage.order(OPEN)
    assert layers[2].ssrc in {request.media for request in ana.told(PictureLoss)}
    after = film(stage, layers, 1.0)

    assert after[0].sequence - before[-1].sequence == 1


def test_a_camera_without_layers_is_tapped_as_it_is() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.order(OPEN)
    ana.frame(key=True)
    ana.frame(key=True)

    assert {chunk.stream for chunk in stage.plane.taps.chunks} == {"s1"}


def test_a_tap_that_is_open_before_the_camera_comes_begins_with_its_key_frame() -> None:
    stage, _ana, layers = camera()
    stage.order(OPEN)

    chunks = film(stage, layers, 1.0)

    assert KEYFRAME in chunks[0].payload
    assert rids(chunks) == {"l"}


def test_a_camera_that_is_turned_off_is_not_tapped() -> None:
    stage, ana, layers = camera()
    stage.order(OPEN)
    film(stage, layers, 0.5)

    ana.sends("microphone")

    assert film(stage, layers, 0.5) == []


def test_a_forwarder_that_is_started_again_goes_on_tapping_from_a_key_frame() -> None:
    stage, ana, layers = camera()
    stage.order(OPEN)
    film(stage, layers, 1.0)

    stage.die()
    ana.check()
    chunks = film(stage, layers, 1.5)

    assert KEYFRAME in chunks[0].payload


MIDDLE = link.OpenTap(source="ana/camera", stream="c1", middle=True)


def streams(chunks: list[Chunk], name: str) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk.stream == name]


def test_a_check_takes_the_middle_layer_beside_the_least_which_goes_on() -> None:
    stage, _ana, layers = camera()
    film(stage, layers, 0.5)
    stage.order(OPEN)
    stage.order(MIDDLE)
    both = film(stage, layers, 1.0)

    stage.order(link.CloseTap(source="ana/camera", stream="c1"))
    after = film(stage, layers, 1.0)

    assert rids(streams(both, "s1")) == {"l"}
    assert rids(streams(both, "c1")) == {"m"}
    assert all(later.sequence - earlier.sequence == 1 for earlier, later in pairwise(streams(both, "c1")))
    assert {chunk.stream for chunk in after} == {"s1"}


def test_the_middle_layer_is_switched_on_for_a_check_and_off_after_it() -> None:
    stage, _ana, layers = camera()
    film(stage, layers, 6.0)
    stage.order(MIDDLE)
    film(stage, layers, 6.0)
    during = [event.wanted for event in stage.happened(link.LayersWanted)][-1]

    stage.order(link.CloseTap(source="ana/camera", stream="c1"))
    film(stage, layers, 6.0)

    assert during == ["m"]
    assert [event.wanted for event in stage.happened(link.LayersWanted)][-1] == []
