"""Converted networks answer as the published ones do, and damaged files raise one error."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.conversion.flat import read
from models.conversion.graph import ConversionError
from models.conversion.tflite import onnx_from_tflite
from models.faces.boxes import Floats
from models.faces.model import DETECTOR, LANDMARKS, SHAPES
from models.faces.points import SHAPE_POINTS
from models.faces.regions import POINTS_SIDE
from models.onnx_session import open_session
from models.registry import default_models_dir
from tests.faces import portraits

FILE = default_models_dir() / "face-landmarker" / f"{DETECTOR}.tflite"


def answers(name: str, feed: Floats) -> dict[str, Floats]:
    path = portraits.weights("face-landmarker") / f"{name}.tflite"
    session = open_session(onnx_from_tflite(path.read_bytes(), name), "cpu", 1)
    outputs = [output.name for output in session.get_outputs()]
    return dict(zip(outputs, session.run(outputs, {session.get_inputs()[0].name: feed}), strict=True))


def published(name: str, feed: Floats, outputs: list[str]) -> list[Floats]:
    """What OpenCV's own reader of TFLite files computes."""
    path = portraits.weights("face-landmarker") / f"{name}.tflite"
    network = cv2.dnn.readNetFromTFLite(str(path), cv2.dnn.ENGINE_CLASSIC)
    network.setInput(feed.transpose(0, 3, 1, 2) if feed.ndim == 4 else feed)
    return [np.asarray(output) for output in network.forward(outputs)]


def face(side: int) -> Floats:
    """A real face that fills a square, 0..1."""
    picture = portraits.smiling()[50:210, 145:305]
    return (cv2.resize(picture, (side, side)).astype(np.float32) / 255)[None]


@pytest.mark.weights
@pytest.mark.parametrize(("name", "side", "allowed"), [(DETECTOR, 128, 1e-3), (LANDMARKS, POINTS_SIDE, 2e-3)])
def test_a_converted_network_sees_a_real_face_as_the_published_one_does(
    name: str, side: int, allowed: float
) -> None:
    feed = face(side)

    ours = answers(name, feed)

    for output, theirs in zip(ours, published(name, feed, list(ours)), strict=True):
        np.testing.assert_allclose(ours[output].reshape(-1), theirs.reshape(-1), atol=allowed)


@pytest.mark.weights
def test_the_blend_shapes_of_real_points_are_those_of_the_published_network() -> None:
    points = answers(LANDMARKS, face(POINTS_SIDE))["Identity"].reshape(1, 478, 3)[:, SHAPE_POINTS, :2]

    (ours,) = answers(SHAPES, points).values()
    (theirs,) = published(SHAPES, points, ["StatefulPartitionedCall:0"])

    np.testing.assert_allclose(ours.reshape(-1), theirs.reshape(-1), atol=1e-4)


@pytest.mark.weights
def test_a_batch_answers_for_each_as_if_it_were_alone() -> None:
    pair = np.concatenate([face(POINTS_SIDE), face(POINTS_SIDE)[:, :, ::-1]])

    together = answers(LANDMARKS, pair)["Identity"]
    alone = [answers(LANDMARKS, pair[index : index + 1])["Identity"][0] for index in (0, 1)]

    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_what_is_no_tflite_file_says_so() -> None:
    with pytest.raises(ConversionError, match="no TFLite file"):
        read(b"PK\x03\x04" * 8)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_network_or_a_conversion_error(content: bytes) -> None:
    try:
        onnx_from_tflite(content[:4] + b"TFL3" + content[4:], "fuzz")
    except ConversionError as error:
        assert str(error)


@pytest.mark.weights
@pytest.mark.skipif(not FILE.exists(), reason="needs weights: face-landmarker")
@given(at=st.integers(0, 40_000), value=st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_a_network_or_a_conversion_error(at: int, value: bytes) -> None:
    content = bytearray(_structure())
    where = len(content) - 1 - at
    content[where : where + len(value)] = value

    try:
        onnx_from_tflite(bytes(content), "fuzz")
    except ConversionError as error:
        assert str(error)


def _structure(path: Path = FILE) -> bytes:
    """The tables of a TFLite file lie behind its weights."""
    return path.read_bytes()
