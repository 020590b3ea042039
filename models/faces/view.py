"""How well a face can be seen: turned, small, dark, covered.

A classifier answers for whatever it is shown.  These measures say when it should not have been asked; what follows from
them is judged in `models.core.expressions`.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.core.expressions import View
from models.faces.boxes import Floats
from models.faces.points import (
    LEFT_EYE,
    LEFT_EYE_OUTER,
    MOUTH,
    RIGHT_EYE,
    RIGHT_EYE_OUTER,
    Picture,
)
from models.faces.pose import yaw_pitch
from models.faces.regions import Region

# The face is looked at in this size, whatever it has in the picture: noise must not pass for contrast.
_SIDE = 96


def view(picture: Picture, points: Floats, region: Region, presence: float) -> View:
    """`region`: around these points (`regions.of_points`)."""
    face = cv2.cvtColor(region.cut(picture, _SIDE), cv2.COLOR_RGB2GRAY).astype(np.float32)
    inside = region.into(points, _SIDE)
    low, high = np.clip([inside.min(axis=0), inside.max(axis=0)], 0, _SIDE).astype(int)
    whole = face[low[1] : high[1], low[0] : high[0]]
    parts = [_contrast(face, inside[list(part)]) for part in (RIGHT_EYE, LEFT_EYE, MOUTH)]
    spread = float(whole.std()) if whole.size else 0.0
    yaw, pitch = yaw_pitch(points)
    return View(
        presence=presence,
        yaw=yaw,
        pitch=pitch,
        eyes_apart=float(np.linalg.norm(points[LEFT_EYE_OUTER, :2] - points[RIGHT_EYE_OUTER, :2])),
        brightness=float(whole.mean()) if whole.size else 0.0,
        contrast=spread,
        least_detail=min(parts) / spread if spread else 0.0,
    )


def _contrast(face: Floats, points: Floats) -> float:
    """Standard deviation of the grey values around these points."""
    low, high = np.clip([points.min(axis=0) - 1, points.max(axis=0) + 2], 0, _SIDE).astype(int)
    part = face[low[1] : high[1], low[0] : high[0]]
    return float(part.std()) if part.size else 0.0
