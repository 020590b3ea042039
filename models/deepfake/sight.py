"""From pictures to what witnesses see: one face followed from picture to picture (`models.faces.finder`)."""

from __future__ import annotations

import cv2
import numpy as np

from models.deepfake.detector import ASK_EVERY_S, Detector
from models.deepfake.witness import THUMB_HEIGHT, THUMB_WIDTH, Floats, Look
from models.faces.finder import Finder, Trace
from models.faces.model import FaceNetworks
from models.faces.points import FOREHEAD, LEFT_CHEEK, MOUTH, NOSE_TIP, RIGHT_CHEEK, Picture
from models.faces.regions import Region, of_points
from models.faces.view import view

# A cheek lies so far from the nose towards the ear; a patch of it is so large, in widths of the face.
CHEEK, PATCH = 0.55, 0.08
MOUTH_WIDTH, MOUTH_HEIGHT = 24, 16
# The face is looked at in this size, whatever it has in the picture.
_SIDE = 96


class Sight:
    """One camera's.  Feed it every analysed picture in order."""

    def __init__(self, networks: FaceNetworks, detector: Detector | None = None) -> None:
        self._networks = networks
        self._detector = detector
        self._asked = float("-inf")
        self._finder = Finder(networks)
        self._trace = Trace()

    def look(self, at: float, picture: Picture) -> Look:
        """`at`: capture time in seconds."""
        thumb = thumbnail(picture)
        (seen,) = self._finder.find([picture], [self._trace], at)
        if seen is None:
            return Look(at, thumb)
        points = seen.points.points
        (shapes,) = self._networks.shapes([points])
        faces = 2 if seen.several else 1
        region = of_points(points)
        if region is None:
            return Look(at, thumb)
        unclear = view(picture, points, region, seen.points.presence).unclear
        lips, forged = mouth(picture, points, region), self._forged(at, picture, region)
        return Look(at, thumb, faces, points, shapes, skin(picture, points), unclear, lips, forged)

    def _forged(self, at: float, picture: Picture, region: Region) -> float | None:
        if self._detector is None or at - self._asked < ASK_EVERY_S:
            return None
        self._asked = at
        return self._detector.forged(picture, region)


def thumbnail(picture: Picture) -> Floats:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (THUMB_WIDTH, THUMB_HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def mouth(picture: Picture, points: Floats, region: Region) -> Floats:
    """What lies where the mouth should be: half again as wide as the lips, in the face's own size and turn."""
    upright = cv2.cvtColor(region.cut(picture, _SIDE), cv2.COLOR_RGB2GRAY)
    lips = region.into(points[list(MOUTH)], _SIDE)
    low, high = lips.min(axis=0), lips.max(axis=0)
    (x, y), scale = (low + high) / 2, MOUTH_WIDTH / max(1.5 * float((high - low)[0]), 1.0)
    turn = np.array([[scale, 0, MOUTH_WIDTH / 2 - x * scale], [0, scale, MOUTH_HEIGHT / 2 - y * scale]])
    size = (MOUTH_WIDTH, MOUTH_HEIGHT)
    return np.asarray(cv2.warpAffine(upright, turn, size, borderMode=cv2.BORDER_REPLICATE), np.float32)


def skin(picture: Picture, points: Floats) -> Floats:
    """Mean colour (3,) of a patch of each cheek, where neither beard nor glasses are; of the forehead otherwise."""
    width = float(np.linalg.norm(points[LEFT_CHEEK, :2] - points[RIGHT_CHEEK, :2]))
    centres = [points[NOSE_TIP] + CHEEK * (points[side] - points[NOSE_TIP]) for side in (LEFT_CHEEK, RIGHT_CHEEK)]
    patches = [patch for centre in centres if (patch := _patch(picture, centre, PATCH * width)).size]
    if not patches:
        patches = [_patch(picture, points[FOREHEAD], PATCH * width)]
    colours = [patch.reshape(-1, 3).mean(axis=0) for patch in patches if patch.size]
    return np.asarray(np.mean(colours, axis=0) if colours else np.zeros(3))


def _patch(picture: Picture, centre: Floats, side: float) -> Picture:
    half = max(1, round(side / 2))
    x, y = round(float(centre[0])), round(float(centre[1]))
    return picture[max(0, y - half) : max(0, y + half), max(0, x - half) : max(0, x + half)]
