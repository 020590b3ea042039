"""The three networks of Google's face landmarker, each asked about many pictures at once.

The only file that runs them.  Pictures are RGB; a network that is fed a face of nobody answers all the same, so
callers look at `Points.presence`.  Nothing is remembered from one picture to the next: that is `faces.finder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.conversion.tflite import onnx_from_tflite
from models.faces.boxes import SIDE, Floats, faces
from models.faces.points import SHAPE_POINTS, Picture
from models.faces.regions import POINTS_SIDE, Region, of_found
from models.onnx_session import open_session

DETECTOR, LANDMARKS, SHAPES = "face_detector", "face_landmarks_detector", "face_blendshapes"
_LARGEST_LOGIT = 80.0


@dataclass(frozen=True, slots=True)
class Points:
    """One face in its picture: 478 points (x, y, depth) in pixels, and how surely a face is there (0..1)."""

    points: Floats
    presence: float


class FaceNetworks:
    def __init__(self, folder: Path, device: str, threads: int) -> None:
        """`folder`: of the model `face-landmarker`.  Raises UserError where the device cannot be used."""

        def load(name: str) -> Any:
            return open_session(onnx_from_tflite((folder / f"{name}.tflite").read_bytes(), name), device, threads)

        self._detector, self._landmarks, self._shapes = load(DETECTOR), load(LANDMARKS), load(SHAPES)

    def detect(self, pictures: Sequence[Picture]) -> list[list[Region]]:
        """The faces in each picture, the surest first."""
        if not pictures:
            return []
        squares = np.stack([_square(picture) for picture in pictures]).astype(np.float32) / 127.5 - 1.0
        regressors, logits = self._detector.run(["regressors", "classificators"], {"input": squares})
        return [_regions(*answer) for answer in zip(pictures, regressors, logits, strict=True)]

    def points(self, pictures: Sequence[Picture], regions: Sequence[Region]) -> list[Points]:
        """The points of one face in each picture."""
        if not pictures:
            return []
        cuts = [region.cut(picture, POINTS_SIDE) for picture, region in zip(pictures, regions, strict=True)]
        feed = {self._landmarks.get_inputs()[0].name: np.stack(cuts).astype(np.float32) / 255.0}
        points, logits = self._landmarks.run(["Identity", "Identity_1"], feed)
        presence = 1 / (1 + np.exp(-np.clip(logits.reshape(-1), -_LARGEST_LOGIT, _LARGEST_LOGIT)))
        return [
            Points(region.place(found.reshape(-1, 3), POINTS_SIDE), float(sure))
            for region, found, sure in zip(regions, points, presence, strict=True)
        ]

    def shapes(self, faces_points: Sequence[Floats]) -> Floats:
        """Blend shapes (n, 52), each 0..1, in the order of `points.SHAPES`."""
        if not faces_points:
            return np.zeros((0, 52), np.float32)
        feed = np.stack([points[SHAPE_POINTS, :2] for points in faces_points]).astype(np.float32)
        answer: Floats = self._shapes.run(None, {self._shapes.get_inputs()[0].name: feed})[0]
        return answer


def _square(picture: Picture) -> Picture:
    """The whole picture in the detector's square, with black bars."""
    height, width = picture.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    square = np.zeros((SIDE, SIDE, 3), np.uint8)
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square


def _regions(picture: Picture, regressors: Floats, logits: Floats) -> list[Region]:
    height, width = picture.shape[:2]
    longer = max(height, width)
    offset = (longer - width) / 2, (longer - height) / 2
    regions = (of_found(found, longer, offset) for found in faces(regressors, logits))
    return [region for region in regions if region is not None]
