"""Does the face live, and does the head move as heads do?

A photo that is held up moves as one stiff sheet: whatever it does, no expression changes and no eye closes.  A head
never turns by forty degrees from one picture to the next; a cut does.  Weak alone: people can sit still.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.deepfake.pose import poses
from models.deepfake.witness import Floats, Look, Opinion, Reason, cannot_tell, score_of, shape_series, times
from models.faces.points import SHAPES

NAME = "liveness"
SHORTEST_S = 2.0
# Standard deviations of all 52 blend shapes over the check, added up.  Photos measured here: 0.16 to 0.4, swung about
# wildly 0.5 to 0.74; people who speak or smile: 1.1 to 3.0.
STIFF, ALIVE = 0.4, 1.1
LITTLE_LIFE = (STIFF + ALIVE) / 2
CLOSED, OPEN = 0.5, 0.3
# Degrees a second.  People reach 300 when they shake their heads.
IMPOSSIBLE = 700.0
BLINKS = SHAPES.index("eyeBlinkLeft"), SHAPES.index("eyeBlinkRight")


def liveness(looks: Sequence[Look]) -> Opinion:
    seen = [look for look in looks if look.shapes is not None and look.faces == 1]
    if not seen:
        several = any(look.faces > 1 for look in looks)
        return cannot_tell(NAME, Reason.SEVERAL_FACES if several else Reason.NO_FACE)
    at = times(seen)
    if at[-1] - at[0] < SHORTEST_S:
        return cannot_tell(NAME, Reason.TOO_SHORT)
    when, closed = blinking(seen)
    plot = np.stack([when - when[0], closed], axis=1)
    if (jump := fastest_turn(seen)) > IMPOSSIBLE:
        return Opinion(NAME, -1.0, jump, IMPOSSIBLE, plot=plot)
    moved = life(seen)
    return Opinion(NAME, score_of(moved, STIFF, ALIVE), moved, LITTLE_LIFE, plot=plot)


def life(looks: Sequence[Look]) -> float:
    """How much the face's expressions change, in the unit of `STIFF`; infinite where no shapes were seen."""
    shapes = [look.shapes for look in looks if look.shapes is not None]
    return float(np.stack(shapes).std(axis=0).sum()) if shapes else float("inf")


def blinking(looks: Sequence[Look]) -> tuple[Floats, Floats]:
    """(times, how far both eyes are closed, 0..1)."""
    at, left = shape_series(looks, BLINKS[0])
    return at, np.minimum(left, shape_series(looks, BLINKS[1])[1])


def blinks(at: Floats, closed: Floats) -> list[float]:
    """When both eyes closed and had been open before."""
    found, was_open = [], False
    for when, how_far in zip(at, closed, strict=True):
        if how_far < OPEN:
            was_open = True
        elif how_far > CLOSED and was_open:
            found.append(float(when))
            was_open = False
    return found


def fastest_turn(looks: Sequence[Look]) -> float:
    """Degrees a second, sustained over two pictures, so that one wrong landmark is no turn."""
    at, yaws, pitches = poses(looks)
    if len(at) < 4:
        return 0.0
    step = np.maximum(np.diff(at), 1e-3)
    speed = np.hypot(np.diff(yaws), np.diff(pitches)) / step
    back = np.hypot(yaws[3:] - yaws[:-3], pitches[3:] - pitches[:-3]) / (at[3:] - at[:-3])
    return float(np.where(back > IMPOSSIBLE / 4, speed[1:-1], 0.0).max())
