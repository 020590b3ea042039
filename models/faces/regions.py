"""The square that a face is cut out of, upright whatever the head does, and the way back into the picture.

Sizes and the turn follow MediaPipe's face landmarker graph: half again as large as the face, turned until the eyes lie
level.  Lengths are pixels of the picture; angles are radians, clockwise on the screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from models.faces.boxes import Floats, Found
from models.faces.points import LEFT_EYE_OUTER, RIGHT_EYE_OUTER, Picture

# How much larger than the face its square is.
ROOM = 1.5
POINTS_SIDE = 256


@dataclass(frozen=True, slots=True)
class Region:
    x: float
    """Of the centre, as `y`."""
    y: float
    side: float
    angle: float

    def cut(self, picture: Picture, side: int) -> Picture:
        """The square as an upright picture of `side` pixels; black where it leaves the picture."""
        scale = self.side / side
        across, down = scale * math.cos(self.angle), scale * math.sin(self.angle)
        middle = (side - 1) / 2
        turn = np.array([
            [across, -down, self.x - 0.5 - (across - down) * middle],
            [down, across, self.y - 0.5 - (down + across) * middle],
        ])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(picture, turn, (side, side), flags=flags), np.uint8)

    def place(self, points: Floats, side: int) -> Floats:
        """Points of the cut picture (n, 3) where they lie in the whole one; the depth is scaled like the rest."""
        scale = self.side / side
        across, down = math.cos(self.angle) * scale, math.sin(self.angle) * scale
        x, y, z = (points - np.array([side / 2, side / 2, 0], np.float32)).T
        return np.stack([self.x + across * x - down * y, self.y + down * x + across * y, z * scale], axis=1)

    def into(self, points: Floats, side: int) -> Floats:
        """Points of the picture (n, 2 or 3) where they lie in the cut one (n, 2)."""
        scale = side / self.side
        across, down = math.cos(self.angle) * scale, math.sin(self.angle) * scale
        x, y = (points[:, :2] - np.array([self.x, self.y], np.float32)).T
        return np.stack([side / 2 + across * x + down * y, side / 2 - down * x + across * y], axis=1)


def of_found(found: Found, longer: float, offset: tuple[float, float]) -> Region | None:
    """Around a face that was found in the picture set into a square of `longer` pixels, shifted by `offset`."""
    box = found.box * longer
    side = ROOM * float(max(box[2] - box[0], box[3] - box[1]))
    eyes = found.points[1] - found.points[0]
    centre = (box[:2] + box[2:]) / 2
    return _sane(float(centre[0] - offset[0]), float(centre[1] - offset[1]), side, math.atan2(eyes[1], eyes[0]))


def of_points(points: Floats) -> Region | None:
    """Around the face whose points these are: where to look in the next picture."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    eyes = points[LEFT_EYE_OUTER] - points[RIGHT_EYE_OUTER]
    centre = (low + high) / 2
    side = ROOM * float((high - low).max())
    return _sane(float(centre[0]), float(centre[1]), side, math.atan2(eyes[1], eyes[0]))


def _sane(x: float, y: float, side: float, angle: float) -> Region | None:
    """A network may answer anything; no picture is cut by what is not a number or has no size."""
    finite = all(math.isfinite(number) for number in (x, y, side, angle))
    return Region(x, y, side, angle) if finite and 1.0 <= side <= 1e5 else None
