"""Which way a head looks, from where its points lie."""

from __future__ import annotations

import numpy as np

from models.faces.boxes import Floats
from models.faces.points import CHIN, FOREHEAD, LEFT_CHEEK, RIGHT_CHEEK


def yaw_pitch(points: Floats) -> tuple[float, float]:
    """Degrees; to the person's left, and down, are positive.

    The network's depth grows away from the camera: who turns to the left brings the right cheek nearer.
    """
    return _angle(points[LEFT_CHEEK] - points[RIGHT_CHEEK]), _angle((points[CHIN] - points[FOREHEAD])[[1, 0, 2]])


def _angle(across: Floats) -> float:
    """Between this line on the face and the screen."""
    return float(np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1]))))
