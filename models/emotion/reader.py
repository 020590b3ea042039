"""From the points of a face to what it may show: seen well enough, then muscles and classifier, weighed together.

One picture at a time: whose face it is and what was shown before is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from models.core.expressions import Unclear, View, Weighing
from models.emotion.model import Classifier
from models.faces.boxes import Floats
from models.faces.model import FaceNetworks, Points
from models.faces.points import SHAPES, Picture
from models.faces.regions import Region, of_points
from models.faces.view import view

WEIGHING = Path(__file__).with_name("weighing.json")


class Face(NamedTuple):
    """One face of a picture."""

    picture: Picture
    found: Points


@dataclass(frozen=True, slots=True)
class Reading:
    """`probabilities`: one for each of `LABELS`; None where `unclear` says why there are none."""

    unclear: Unclear | None
    probabilities: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the two witnesses say of one face: blend shapes by name, and the classifier's belief."""

    shapes: dict[str, float]
    belief: tuple[float, ...]


class Reader:
    def __init__(self, faces: FaceNetworks, classifier: Classifier, weighing: Weighing | None = None) -> None:
        self._faces = faces
        self._classifier = classifier
        self._weighing = weighing or load_weighing()

    def read(self, faces: Sequence[Face]) -> list[Reading]:
        """One reading for each face.  Only those that can be seen well enough cost the networks anything."""
        seen = [self._view(face) for face in faces]
        clear = [(face, region) for face, (region, why) in zip(faces, seen, strict=True) if region and why is None]
        said = iter(self.evidence([face for face, _ in clear], [region for _, region in clear]))
        return [Reading(why, None) if why is not None else self._weigh(next(said)) for _, why in seen]

    def evidence(self, faces: Sequence[Face], regions: Sequence[Region]) -> list[Evidence]:
        """`regions`: around the points of each face."""
        shapes = self._faces.shapes([face.found.points for face in faces])
        beliefs = self._classifier.probabilities([face.picture for face in faces], regions)
        return [_evidence(*pair) for pair in zip(shapes, beliefs, strict=True)]

    def _view(self, face: Face) -> tuple[Region | None, Unclear | None]:
        region = of_points(face.found.points)
        if region is None:
            return None, Unclear.COVERED
        seen: View = view(face.picture, face.found.points, region, face.found.presence)
        return region, seen.unclear

    def _weigh(self, said: Evidence) -> Reading:
        return Reading(None, tuple(self._weighing.probabilities(said.shapes, said.belief)))


def load_weighing(path: Path = WEIGHING) -> Weighing:
    """The table beside this file, or another of the same form."""
    table = json.loads(path.read_text("utf-8"))
    return Weighing(tuple(tuple(row) for row in table["rows"]), tuple(table["constants"]))


def _evidence(shapes: Floats, belief: Floats) -> Evidence:
    named = {name: float(value) for name, value in zip(SHAPES, shapes, strict=True)}
    return Evidence(named, tuple(float(share) for share in belief))
