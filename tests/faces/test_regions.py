"""What is cut out upright can be put back where it was."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.faces.boxes import Found
from models.faces.regions import POINTS_SIDE, Region, of_found, of_points

LENGTH = st.floats(-500, 500)


def test_a_dot_in_the_picture_is_found_where_the_way_back_says() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[118:123, 198:203] = 255
    region = Region(180.0, 110.0, 96.0, 0.5)

    cut = region.cut(picture, POINTS_SIDE)[:, :, 0]
    y, x = np.argwhere(cut > 128).mean(axis=0)
    back = region.place(np.array([[x + 0.5, y + 0.5, 0]], np.float32), POINTS_SIDE)[0]

    assert back[:2] == pytest.approx([200.5, 120.5], abs=0.6)


def test_what_lies_outside_the_picture_is_black() -> None:
    picture = np.full((40, 40, 3), 200, np.uint8)

    cut = Region(0.0, 0.0, 40.0, 0.0).cut(picture, 40)

    assert cut[5, 5].tolist() == [0, 0, 0]
    assert cut[35, 35].tolist() == [200, 200, 200]


def test_a_tilted_head_is_cut_with_its_eyes_level() -> None:
    eyes = np.array([[0.4, 0.4], [0.5, 0.5], *[[0.45, 0.6]] * 4], np.float32)

    region = of_found(Found(0.9, np.array([0.3, 0.3, 0.6, 0.6], np.float32), eyes), 100.0, (0.0, 0.0))

    assert region is not None
    assert region.angle == pytest.approx(math.pi / 4)
    assert (region.x, region.y, region.side) == pytest.approx((45, 45, 45))


@given(st.lists(st.floats(-100, 100, width=32), min_size=4, max_size=4))
def test_any_box_of_a_network_is_a_region_or_none(box: list[float]) -> None:
    region = of_found(Found(1.0, np.array(box, np.float32), np.zeros((6, 2), np.float32)), 640.0, (0.0, 140.0))

    assert region is None or (math.isfinite(region.x) and 1.0 <= region.side <= 1e5)


@given(LENGTH, LENGTH, st.floats(20, 400), st.floats(-3, 3))
def test_the_points_of_a_face_lead_back_to_the_region_they_were_cut_from(
    x: float, y: float, side: float, angle: float
) -> None:
    upright = np.zeros((478, 3), np.float32)
    around = np.linspace(0, 2 * math.pi, 478)
    upright[:, 0], upright[:, 1] = 128 + 85.33 * np.cos(around), 128 + 85.33 * np.sin(around)
    upright[33, :2], upright[263, :2] = (100, 128), (156, 128)

    again = of_points(Region(x, y, side, angle).place(upright, POINTS_SIDE))

    assert again is not None
    assert (again.x, again.y) == pytest.approx((x, y), abs=side / 40)
    assert again.side == pytest.approx(side, rel=0.03)
    assert math.cos(again.angle - angle) == pytest.approx(1, abs=0.001)
