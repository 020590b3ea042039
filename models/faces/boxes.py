"""What BlazeFace's numbers mean: anchors, boxes and key points, and one box for each face.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs" (2019), in the short-range form:
pictures of 128x128, 896 anchors, six key points.  Which picture it is and what becomes of a face is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

SIDE = 128
# (cells along a side, anchors a cell) of the two feature maps, 8 and 16 pixels a cell.
_MAPS = ((16, 2), (8, 6))
# Logits beyond this overflow the exponential; the network gives such.
_LARGEST_LOGIT = 80.0
# No box of a sound network lies farther away, in pixels.
_FARTHEST = 1e4
SURE = 0.5
# Boxes that share this much (intersection over union) are one face.
SAME_FACE = 0.3
KEY_POINTS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A face in units of the square picture (0..1).  Key points: eyes (the person's right one first), nose tip, mouth,
    ears; (6, 2)."""

    score: float
    box: Floats
    """Left, top, right, bottom."""
    points: Floats


def anchors() -> Floats:
    """Centres (896, 2) in 0..1."""
    centres = []
    for cells, count in _MAPS:
        along = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, count, axis=0))
    return np.concatenate(centres).astype(np.float32)


_ANCHORS = anchors()


def faces(regressors: Floats, logits: Floats) -> list[Found]:
    """What one picture's outputs, (896, 16) and (896, 1), say; the surest first."""
    scores = 1 / (1 + np.exp(-np.clip(logits[:, 0], -_LARGEST_LOGIT, _LARGEST_LOGIT)))
    possible = (np.abs(regressors) < _FARTHEST).all(axis=1)     # not so: what is not a number
    sure = np.flatnonzero((scores >= SURE) & possible)
    sure = sure[np.argsort(-scores[sure])]
    numbers = regressors[sure] / SIDE
    centre = numbers[:, :2] + _ANCHORS[sure]
    half = numbers[:, 2:4] / 2
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    points = numbers[:, 4:].reshape(-1, KEY_POINTS, 2) + _ANCHORS[sure][:, None]
    return _merged(scores[sure], boxes, points)


def _merged(scores: Floats, boxes: Floats, points: Floats) -> list[Found]:
    """Overlapping boxes become one, each counting as much as it is sure (weighted suppression)."""
    found = []
    left = np.arange(len(scores))
    while len(left):
        same = overlap(boxes[left[0]], boxes[left]) > SAME_FACE
        same[0] = True      # a box without area overlaps nothing, not even itself
        group, left = left[same], left[~same]
        weights = scores[group] / scores[group].sum()
        found.append(Found(
            float(scores[group[0]]),
            (weights[:, None] * boxes[group]).sum(axis=0),
            (weights[:, None, None] * points[group]).sum(axis=0),
        ))  # fmt: skip
    return found


def overlap(box: Floats, others: Floats) -> Floats:
    """Intersection over union of `box` (4,) with each of `others` (n, 4)."""
    width = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
    height = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    common = np.clip(width, 0, None) * np.clip(height, 0, None)
    area = (box[2] - box[0]) * (box[3] - box[1])
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    return np.asarray(common / np.maximum(area + areas - common, 1e-9), np.float32)
