"""What a face shows, as far as two witnesses agree: a classifier's belief and what the muscles do.

A classifier that was trained on photographs says "angry" to many a face at rest.  Blend shapes tell what moved; in the
language of FACS (Ekman, Friesen, Hager 2002) these are action units, and EMFACS says which belong to which emotion.
Both are weighed by a table that was fitted to labelled faces (`models/emotion/fit.py`), so that "0.8" means right four
times in five.  What cannot be seen well enough is unclear and not guessed.  Nothing here looks at pixels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LABELS = ("angry", "disgusted", "afraid", "happy", "sad", "surprised", "neutral")

# Action units by their FACS number, and the blend shapes that show them.  Of EMFACS' units those are left out that the
# network never reports (6 cheek raised, 9 nose wrinkled: always 0 in 5,000 faces).
ACTION_UNITS: Mapping[int, tuple[str, ...]] = {
    1: ("browInnerUp",),
    2: ("browOuterUpLeft", "browOuterUpRight"),
    4: ("browDownLeft", "browDownRight"),
    5: ("eyeWideLeft", "eyeWideRight"),
    7: ("eyeSquintLeft", "eyeSquintRight"),
    10: ("mouthUpperUpLeft", "mouthUpperUpRight"),
    12: ("mouthSmileLeft", "mouthSmileRight"),
    15: ("mouthFrownLeft", "mouthFrownRight"),
    16: ("mouthLowerDownLeft", "mouthLowerDownRight"),
    17: ("mouthShrugLower",),
    18: ("mouthPucker",),
    20: ("mouthStretchLeft", "mouthStretchRight"),
    24: ("mouthPressLeft", "mouthPressRight"),
    26: ("jawOpen",),
    28: ("mouthRollLower", "mouthRollUpper"),
    43: ("eyeBlinkLeft", "eyeBlinkRight"),
}
# A classifier that rules something out entirely does not get to rule out what the muscles say.
LEAST = 1e-4


class Unclear(StrEnum):
    """Why nothing is said about a face that is there."""

    UNSURE = "unsure"
    TURNED = "turned"
    SMALL = "small"
    DARK = "dark"
    COVERED = "covered"
    SEVERAL = "several"
    """More than one face: the others have not agreed to anything."""


# Beyond these angles half of the face is guessed by the network (fitted and measured within 25 degrees).
MOST_YAW, MOST_PITCH = 25.0, 25.0
# Pixels between the outer corners of the eyes: below that the classifier is shown an enlarged blur.
LEAST_EYES_APART = 18.0
# Of 255.
LEAST_BRIGHTNESS, LEAST_CONTRAST = 25.0, 8.0
# Contrast of an eye or the mouth against that of the face: a hand, a cup or a mask has less.
LEAST_DETAIL = 0.2
LEAST_PRESENCE = 0.9


@dataclass(frozen=True, slots=True)
class View:
    """How a face is seen.  Angles in degrees, `eyes_apart` in pixels of the picture, light in grey values (0..255);
    `least_detail`: the contrast of its plainest eye, or mouth, in contrasts of the whole face."""

    presence: float
    yaw: float
    pitch: float
    eyes_apart: float
    brightness: float
    contrast: float
    least_detail: float

    @property
    def unclear(self) -> Unclear | None:
        """Why it should not be judged, if so."""
        if self.eyes_apart < LEAST_EYES_APART:
            return Unclear.SMALL
        if self.brightness < LEAST_BRIGHTNESS or self.contrast < LEAST_CONTRAST:
            return Unclear.DARK
        if abs(self.yaw) > MOST_YAW or abs(self.pitch) > MOST_PITCH:
            return Unclear.TURNED
        if self.presence < LEAST_PRESENCE or self.least_detail < LEAST_DETAIL:
            return Unclear.COVERED
        return None


def features(shapes: Mapping[str, float], belief: Sequence[float]) -> list[float]:
    """What the table weighs: the strength of each action unit (0..1), then the log of the classifier's belief."""
    units = [sum(shapes[name] for name in names) / len(names) for names in ACTION_UNITS.values()]
    return units + [math.log(max(LEAST, probability)) for probability in belief]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The fitted table: one row for each of `LABELS`, each as long as `features`, and a constant for each label."""

    rows: tuple[tuple[float, ...], ...]
    constants: tuple[float, ...]

    def __post_init__(self) -> None:
        size = len(ACTION_UNITS) + len(LABELS)
        if len(self.rows) != len(LABELS) or len(self.constants) != len(LABELS) or {len(r) for r in self.rows} != {size}:
            raise ValueError(f"a weighing has {len(LABELS)} rows of {size} numbers and as many constants")

    def probabilities(self, shapes: Mapping[str, float], belief: Sequence[float]) -> list[float]:
        """How likely each of `LABELS` is; sums to 1."""
        seen = features(shapes, belief)
        logits = [
            constant + sum(weight * value for weight, value in zip(row, seen, strict=True))
            for row, constant in zip(self.rows, self.constants, strict=True)
        ]
        highest = max(logits)
        powers = [math.exp(logit - highest) for logit in logits]
        total = sum(powers)
        return [power / total for power in powers]
