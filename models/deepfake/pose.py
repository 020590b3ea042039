"""Which way a head looks, from where its points lie.  Degrees; left and right, up and down are the person's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from models.deepfake.witness import Floats, Look
from models.faces.points import CHIN, FOREHEAD, LEFT_CHEEK, RIGHT_CHEEK


def yaw_pitch(points: Floats) -> tuple[float, float]:
    """To the person's left, and down, are positive.

    The network's depth grows away from the camera: who turns to the left brings the right cheek nearer.
    """
    across = points[LEFT_CHEEK] - points[RIGHT_CHEEK]
    along = points[CHIN] - points[FOREHEAD]
    yaw = math.atan2(float(across[2]), math.hypot(float(across[0]), float(across[1])))
    pitch = math.atan2(float(along[2]), math.hypot(float(along[0]), float(along[1])))
    return math.degrees(yaw), math.degrees(pitch)


def poses(looks: Sequence[Look]) -> tuple[Floats, Floats, Floats]:
    """(times, yaws, pitches) where there was exactly one face."""
    seen = [(look.at, *yaw_pitch(look.points)) for look in looks if look.points is not None and look.faces == 1]
    if not seen:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    at, yaws, pitches = np.array(seen).T
    return at, yaws, pitches
