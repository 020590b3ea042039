"""The faces of many people's pictures, found in as few calls as possible.

A face stays about where it was, so the detector looks once a second and where a face was lost; in between the points of
the last picture say where to look.  The landmark network is asked about everybody at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.faces.boxes import Floats
from models.faces.model import FaceNetworks, Points
from models.faces.points import Picture
from models.faces.regions import Region, of_points

# A second person who sits down is noticed this soon.
DETECT_EVERY = 1.0
# Less, and there is no face where one was.
PRESENT = 0.5
# A face on a poster behind somebody has less than this of their face's side.
BYSTANDER = 0.35


@dataclass(slots=True)
class Trace:
    """Where one person's face was last."""

    region: Region | None = None
    size: tuple[int, ...] = ()
    detected: float = float("-inf")
    several: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One face of one picture.  `several`: it is not the only one."""

    points: Points
    several: bool

    def box(self, picture: Picture) -> tuple[float, float, float, float]:
        """Left, top, width and height of the face, in parts of the picture's."""
        low, high = self.points.points[:, :2].min(axis=0), self.points.points[:, :2].max(axis=0)
        scale = np.array([picture.shape[1], picture.shape[0]])
        left, top = low / scale
        width, height = (high - low) / scale
        return float(left), float(top), float(width), float(height)


class Finder:
    def __init__(self, networks: FaceNetworks) -> None:
        self._networks = networks

    def find(self, pictures: Sequence[Picture], traces: Sequence[Trace], now: float) -> list[Seen | None]:
        """The largest face of each picture; None where there is none.  `traces` are brought up to date."""
        for picture, trace in zip(pictures, traces, strict=True):
            if trace.size != picture.shape:     # another size: nothing is where it was
                trace.region, trace.size = None, picture.shape
        due = [index for index, trace in enumerate(traces) if _is_due(trace, now)]
        for index, regions in zip(due, self._networks.detect([pictures[index] for index in due]), strict=True):
            _detected(traces[index], regions, now)
        places = [(index, trace.region) for index, trace in enumerate(traces) if trace.region is not None]
        found = self._networks.points([pictures[index] for index, _ in places], [region for _, region in places])
        seen: list[Seen | None] = [None] * len(pictures)
        for (index, _), points in zip(places, found, strict=True):
            seen[index] = _follow(traces[index], points)
        return seen


def _is_due(trace: Trace, now: float) -> bool:
    return trace.region is None or now - trace.detected >= DETECT_EVERY


def _detected(trace: Trace, regions: Sequence[Region], now: float) -> None:
    """The detector misses faces that turn; one that is followed stays where it is followed."""
    trace.detected = now
    largest = max(regions, key=lambda region: region.side, default=None)
    if largest is None:
        trace.several = False
        return
    trace.several = sum(region.side >= BYSTANDER * largest.side for region in regions) > 1
    if trace.region is None or trace.several:
        trace.region = largest


def _follow(trace: Trace, points: Points) -> Seen | None:
    usable = points.presence >= PRESENT and bool(np.isfinite(_plane(points.points)).all())
    trace.region = of_points(points.points) if usable else None
    return Seen(points, trace.several) if usable else None


def _plane(points: Floats) -> Floats:
    return points[:, :2]
