"""Real faces are found, measured and told from what is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.faces.model import FaceNetworks
from models.faces.points import CHIN, FOREHEAD, LEFT_EYE_OUTER, NOSE_TIP, RIGHT_EYE_OUTER, SHAPES
from models.faces.regions import Region
from tests.faces import portraits

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def networks() -> FaceNetworks:
    return portraits.networks()


def test_a_portrait_has_one_face_with_its_points_where_they_belong(networks: FaceNetworks) -> None:
    picture = portraits.smiling()

    ((region,),) = networks.detect([picture])
    (face,) = networks.points([picture], [region])
    points = face.points

    assert face.presence > 0.99
    assert points.shape == (478, 3)
    assert points[FOREHEAD, 1] < points[NOSE_TIP, 1] < points[CHIN, 1]
    assert points[RIGHT_EYE_OUTER, 0] < points[NOSE_TIP, 0] < points[LEFT_EYE_OUTER, 0]
    assert points[NOSE_TIP, :2] == pytest.approx([221, 124], abs=12)      # read off the photograph


def test_a_smile_is_seen_on_both_sides(networks: FaceNetworks) -> None:
    picture = portraits.smiling()
    (face,) = networks.points([picture], networks.detect([picture])[0])

    shapes = dict(zip(SHAPES, networks.shapes([face.points])[0], strict=True))

    assert min(shapes["mouthSmileLeft"], shapes["mouthSmileRight"]) > 0.7
    assert shapes["mouthFrownLeft"] < 0.1


def test_every_picture_of_a_clip_has_exactly_one_face(networks: FaceNetworks) -> None:
    found = networks.detect(portraits.clip()[::6])

    assert [len(regions) for regions in found] == [1] * 12


@pytest.mark.parametrize("size", [(16, 16), (1, 1), (640, 1), (180, 320)])
def test_black_pictures_of_any_size_have_no_face(networks: FaceNetworks, size: tuple[int, int]) -> None:
    assert networks.detect([np.zeros((*size, 3), np.uint8)]) == [[]]


def test_what_is_no_face_has_no_presence(networks: FaceNetworks) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)

    (face,) = networks.points([noise], [Region(100, 90, 80, 0)])

    assert face.presence < 0.01


def test_a_face_at_the_edge_is_found_and_its_points_may_lie_outside(networks: FaceNetworks) -> None:
    picture = portraits.smiling()[:, 195:]

    ((region,),) = networks.detect([picture])
    (face,) = networks.points([picture], [region])

    assert face.points[:, 0].min() < 0


def test_two_faces_are_two(networks: FaceNetworks) -> None:
    portrait = portraits.smiling()[:260, 90:350]

    (regions,) = networks.detect([np.concatenate([portrait, portrait[:, ::-1]], axis=1)])

    assert len(regions) == 2


def test_pictures_of_several_sizes_go_through_together(networks: FaceNetworks) -> None:
    portrait = portraits.smiling()
    small = cv2.resize(portrait, (128, 128), interpolation=cv2.INTER_AREA)

    found = networks.detect([portrait, small])
    faces = networks.points([portrait, small], [regions[0] for regions in found])

    assert faces[0].points[NOSE_TIP, :2] / 4 == pytest.approx(faces[1].points[NOSE_TIP, :2], abs=2)


def test_nothing_asked_is_nothing_answered(networks: FaceNetworks) -> None:
    assert networks.detect([]) == []
    assert networks.points([], []) == []
    assert networks.shapes([]).shape == (0, 52)
