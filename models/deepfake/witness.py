"""What a witness sees and what it may say.

A witness reads the same short record of a camera (`Look`s, and how loud the person spoke) and gives one opinion: a
number for the fusion, a sentence for people, and a small plot of what it saw.  It may always say that it cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.expressions import Unclear

Floats = npt.NDArray[np.floating[Any]]

THUMB_WIDTH, THUMB_HEIGHT = 64, 48


class Reason(StrEnum):
    """Why a witness cannot tell; programs translate these."""

    TOO_SHORT = "too_short"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TOO_STILL = "too_still"
    NO_SPEECH = "no_speech"
    NOT_ASKED = "not_asked"
    TOO_DARK = "too_dark"
    TOO_SMALL = "too_small"
    COVERED = "covered"
    """Sunglasses, a mask, a cup."""
    NO_SOUND = "no_sound"
    FEW_PICTURES = "few_pictures"
    """A network that loses them, or a computer too busy to look."""
    CHANGED = "changed"
    """The connection is not the one that the person joined with."""


@dataclass(frozen=True, slots=True)
class Look:
    """One analysed picture.

    `at`: capture time, seconds on the host's clock, the same for picture and sound.  `thumb`: the whole picture,
    (48, 64) float, grey 0..255.  `faces`: how many were seen; 2 stands for more, too.  `points`: (478, 3) pixels and
    `shapes`: (52,) 0..1 of the largest face, None where there is none.  `skin`: mean red, green and blue of both its
    cheeks, 0..255.  `mouth`: (16, 24) float, grey, of the upright face.
    `forged`: what an installed detector says (`detector`).
    `unclear`: why the face cannot be seen well; None also where that was not asked.
    """

    at: float
    thumb: Floats
    faces: int = 0
    points: Floats | None = None
    shapes: Floats | None = None
    skin: Floats | None = None
    unclear: Unclear | None = None
    mouth: Floats | None = None
    forged: float | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """`score`: -1 (speaks against the camera) .. +1 (speaks for it); 0 with a `reason`: cannot tell.

    `measured`: the figure that the score stands on, `threshold`: where it changes sides.  `plot`: (n, 2), seconds since
    the first picture and the value, for a small picture beside the sentence.
    """

    witness: str
    score: float
    measured: float = float("nan")
    threshold: float = float("nan")
    reason: Reason | None = None
    plot: Floats | None = None


def cannot_tell(witness: str, reason: Reason) -> Opinion:
    return Opinion(witness, 0.0, reason=reason)


def score_of(value: float, bad: float, good: float) -> float:
    """-1 at `bad` and beyond, +1 at `good` and beyond, straight between; either may be the larger."""
    return float(np.clip(2 * (value - bad) / (good - bad) - 1, -1, 1))


def times(looks: Sequence[Look]) -> Floats:
    return np.array([look.at for look in looks])


def shape_series(looks: Sequence[Look], place: int) -> tuple[Floats, Floats]:
    """(times, values) of one blend shape, where there was exactly one face."""
    seen = [look for look in looks if look.shapes is not None and look.faces == 1]
    return times(seen), np.array([float(look.shapes[place]) for look in seen if look.shapes is not None])


def on_grid(at: Floats, values: Floats, grid: Floats) -> Floats:
    """`values` at the times of `grid`, straight between neighbours."""
    return np.interp(grid, at, values)
