from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.ladder import RIDS, STARVED, Layer, allocate, ladder, needs, screen_ladder

CAMERA = ladder(1920, 1080)


@pytest.mark.parametrize(
    ("size", "sent"),
    [
        ((1920, 1080), {"h": (1920, 1080), "m": (960, 540), "l": (480, 270)}),
        ((1280, 720), {"h": (1280, 720), "m": (640, 360), "l": (320, 180)}),
        ((640, 360), {"m": (640, 360), "l": (320, 180)}),
        ((320, 180), {"l": (320, 180)}),
        ((3840, 2160), {"h": (1920, 1080), "m": (960, 540), "l": (480, 270)}),
    ],
)
def test_each_layer_halves_the_one_above_and_small_cameras_send_fewer(
    size: tuple[int, int], sent: dict[str, tuple[int, int]]
) -> None:
    assert {rid: (layer.width, layer.height) for rid, layer in ladder(*size).items()} == sent


def test_1080p_540p_and_270p_need_what_was_agreed() -> None:
    assert [layer.bitrate for layer in CAMERA.values()] == [1_500_000, 600_000, 200_000]


def test_a_wish_for_smaller_pictures_leaves_the_upper_layers_out() -> None:
    assert [layer.height for layer in ladder(1920, 1080, most=540).values()] == [540, 270, 134]
    assert [layer.height for layer in ladder(1280, 720, most=270).values()] == [270, 134]
    assert ladder(640, 360, most=540) == ladder(640, 360)


def test_with_room_for_all_everything_looks_good() -> None:
    assert allocate(10e6, CAMERA, RIDS) == {"h": 1_500_000, "m": 600_000, "l": 200_000}


def test_bits_are_given_out_from_below() -> None:
    assert allocate(1_000_000, CAMERA, RIDS) == {"m": 600_000, "l": 200_000}
    assert allocate(300_000, CAMERA, RIDS) == {"l": 200_000}


def test_the_last_layer_is_sent_however_little_there_is() -> None:
    assert allocate(50_000, CAMERA, RIDS) == {"l": 50_000}


def test_what_nobody_watches_costs_nothing() -> None:
    assert allocate(10e6, CAMERA, {"m"}) == {"m": 600_000}
    assert allocate(10e6, CAMERA, ()) == {}


@given(st.floats(0, 1e8), st.integers(2, 4320), st.sets(st.sampled_from(RIDS)))
def test_no_allocation_spends_more_than_there_is(target: float, height: int, wanted: set[str]) -> None:
    layers = ladder(height * 16 // 9, height)

    given_out = allocate(target, layers, wanted)

    assert sum(given_out.values()) <= target + 1
    assert set(given_out) <= wanted & set(layers)
    starved = [rid for rid, bits in given_out.items() if bits < STARVED * layers[rid].bitrate]
    assert starved in ([], list(given_out)[-1:])


@given(st.integers(1, 4320))
def test_more_lines_never_need_less(height: int) -> None:
    assert needs(height) <= needs(height + 1)
    assert Layer(2, 2, needs(height)).bitrate > 0


def test_shared_text_keeps_every_pixel_up_to_4k_and_motion_is_made_smaller() -> None:
    assert screen_ladder(2560, 1440, text=True)["h"].height == 1440
    assert screen_ladder(5120, 2880, text=True)["h"].height == 2160
    assert screen_ladder(2560, 1440, text=False)["h"].height == 1080
