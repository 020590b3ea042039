"""Real faces for tests, and the weights that see them."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from models.faces.model import FaceNetworks
from models.faces.points import Picture
from models.registry import Registry, default_models_dir
from sfu.rtp.errors import UserError

MEDIA = Path(__file__).parents[2] / "resources" / "media"


def weights(model: str) -> Path:
    """The folder of a model's files; skips the test where they are not."""
    try:
        return Registry(default_models_dir()).path(model)
    except UserError as missing:
        pytest.skip(f"needs weights: {missing.sentence}")


def networks() -> FaceNetworks:
    return FaceNetworks(weights("face-landmarker"), "cpu", 1)


def smiling() -> Picture:
    """512x512, a face of 110 pixels."""
    return _rgb(cv2.imread(str(MEDIA / "nasa_astronaut_smile.jpg")))


def clip() -> list[Picture]:
    """A man who begins to smile (in the 18th picture) at the camera: 72 pictures of 640x360, 30 a second."""
    reader = cv2.VideoCapture(str(MEDIA / "pyfeat_single_face.mp4"))
    pictures = []
    while (answer := reader.read())[0]:
        pictures.append(_rgb(answer[1]))
    return pictures


def _rgb(picture: Picture | None) -> Picture:
    assert picture is not None
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
