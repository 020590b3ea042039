"""Which way the checked person's head looked, over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.deepfake.witness import Floats, Look
from models.faces.pose import yaw_pitch


def poses(looks: Sequence[Look]) -> tuple[Floats, Floats, Floats]:
    """(times, yaws, pitches in degrees) where there was exactly one face."""
    seen = [(look.at, *yaw_pitch(look.points)) for look in looks if look.points is not None and look.faces == 1]
    if not seen:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    at, yaws, pitches = np.array(seen).T
    return at, yaws, pitches
