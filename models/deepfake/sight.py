"""From pictures to what witnesses see: one face followed from picture to picture.

The detector is slow and counts faces, so it looks twice a second; between, a face is sought where it was.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.deepfake.witness import THUMB_HEIGHT, THUMB_WIDTH, Floats, Look
from models.faces.model import FaceNetworks
from models.faces.points import FOREHEAD, LEFT_CHEEK, NOSE_TIP, RIGHT_CHEEK, Picture
from models.faces.regions import Region, of_points

COUNT_EVERY_S = 0.5
# Less sure of a face than this, there is none.
PRESENT = 0.5
# A cheek lies so far from the nose towards the ear; a patch of it is so large, in widths of the face.
CHEEK, PATCH = 0.55, 0.08


class Sight:
    """One camera's.  Feed it every analysed picture in order."""

    def __init__(self, networks: FaceNetworks) -> None:
        self._networks = networks
        self._region: Region | None = None
        self._faces = 0
        self._count_at = float("-inf")

    def look(self, at: float, picture: Picture) -> Look:
        """`at`: capture time in seconds."""
        thumb = thumbnail(picture)
        if self._region is None or at >= self._count_at:
            self._count(at, picture)
        if self._region is None:
            return Look(at, thumb)
        found = self._networks.points([picture], [self._region])[0]
        self._region = of_points(found.points) if found.presence >= PRESENT else None
        if self._region is None:
            return Look(at, thumb)
        shapes = self._networks.shapes([found.points])[0]
        return Look(at, thumb, max(1, self._faces), found.points, shapes, skin(picture, found.points))

    def _count(self, at: float, picture: Picture) -> None:
        self._count_at = at + COUNT_EVERY_S
        regions = self._networks.detect([picture])[0]
        self._faces = len(regions)
        if self._region is None and regions:
            self._region = regions[0]


def thumbnail(picture: Picture) -> Floats:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (THUMB_WIDTH, THUMB_HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


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
