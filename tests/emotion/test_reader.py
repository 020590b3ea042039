"""Real faces, read; faces that cannot be seen well, not read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.core.expressions import LABELS, Unclear
from models.emotion.fit import CLASSIFIER, load_reader
from models.emotion.model import Classifier
from models.emotion.reader import Face, Reader, Reading
from models.faces.model import FaceNetworks
from models.faces.points import Picture
from models.registry import Registry, default_models_dir
from sfu.rtp.errors import UserError
from tests.faces import portraits

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def networks() -> tuple[FaceNetworks, Reader]:
    portraits.weights("face-landmarker")
    portraits.weights(CLASSIFIER)
    return load_reader()


def read(networks: tuple[FaceNetworks, Reader], *pictures: Picture) -> list[Reading]:
    """Every picture has exactly one face."""
    faces, reader = networks
    found = faces.points(pictures, [regions[0] for regions in faces.detect(pictures)])
    return reader.read([Face(*pair) for pair in zip(pictures, found, strict=True)])


def label(reading: Reading) -> str:
    assert reading.probabilities is not None
    return LABELS[reading.probabilities.index(max(reading.probabilities))]


def test_a_smile_is_happy(networks: tuple[FaceNetworks, Reader]) -> None:
    readings = read(networks, portraits.smiling(), *portraits.clip()[24::12])

    assert {label(reading) for reading in readings} == {"happy"}


def test_a_face_that_has_not_begun_to_smile_is_neutral(networks: tuple[FaceNetworks, Reader]) -> None:
    readings = read(networks, *portraits.clip()[:13:6])

    assert {label(reading) for reading in readings} == {"neutral"}


def test_a_dark_picture_is_unclear(networks: tuple[FaceNetworks, Reader]) -> None:
    (reading,) = read(networks, (portraits.smiling() * 0.1).astype(np.uint8))

    assert reading == Reading(Unclear.DARK, None)


def test_a_small_face_is_unclear(networks: tuple[FaceNetworks, Reader]) -> None:
    (reading,) = read(networks, cv2.resize(portraits.smiling(), (128, 128), interpolation=cv2.INTER_AREA))

    assert reading == Reading(Unclear.SMALL, None)


@pytest.mark.parametrize("rows", [slice(120, 190), slice(75, 122)])
def test_a_covered_mouth_or_eye_is_unclear(networks: tuple[FaceNetworks, Reader], rows: slice) -> None:
    picture = portraits.smiling().copy()
    picture[rows, 165:285] = (150, 120, 100)

    assert read(networks, picture) == [Reading(Unclear.COVERED, None)]


def test_faces_in_one_call_are_read_as_if_each_were_alone(networks: tuple[FaceNetworks, Reader]) -> None:
    smile, dark, other = portraits.smiling(), (portraits.smiling() * 0.1).astype(np.uint8), portraits.clip()[0]

    together = read(networks, smile, dark, other)

    assert [reading.unclear for reading in together] == [None, Unclear.DARK, None]
    alone = [read(networks, smile)[0], read(networks, other)[0]]
    for one, two in zip([together[0], together[2]], alone, strict=True):
        assert one.probabilities == pytest.approx(two.probabilities, abs=1e-4)


def test_no_faces_are_no_readings(networks: tuple[FaceNetworks, Reader]) -> None:
    assert networks[1].read([]) == []


def test_a_model_that_knows_no_expressions_says_so() -> None:
    model = Registry(default_models_dir()).model(CLASSIFIER).model_copy(update={"expressions": None})

    with pytest.raises(UserError, match="does not tell facial expressions"):
        Classifier(portraits.weights(CLASSIFIER), model, "cpu", 1)
