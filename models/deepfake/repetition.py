"""Does the picture repeat, or stand still?

A camera never shows the same second twice: people move, and the sensor's noise is new in every picture.  A looped file
does, up to what the encoder makes of it.  So each stretch is compared with every later one, and the best match is
measured in units of the change from one picture to the next: near one half for loops (the encoder's own noise), two
and more for people.  A frozen picture changes by less than any sensor lets it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.deepfake.witness import Floats, Look, Opinion, Reason, cannot_tell, score_of, times

NAME = "repetition"
# A stretch must repeat for so long, and not sooner after: shorter ones are gestures.
STRETCH_S = 0.8
SHORTEST_LOOP_S = 0.8
SHORTEST_S = 2.4
# Grey levels by which neighbouring pictures differ.  A picture without any change reaches 0.1 through the encoder;
# people measured here 0.78 to 1.1.
STILL, MOVING = 0.05, 0.3
# The best match over the change between neighbours.  Loops measured here: 0.4 to 1.2; people: 1.6 (at 12 pictures a
# second) to 4.1 (at 25).
LOOPED, UNIQUE = 1.2, 1.6


def repetition(looks: Sequence[Look]) -> Opinion:
    """Needs 2.4 s; looks at whole pictures, with or without a face."""
    at = times(looks)
    if len(looks) < 3 or at[-1] - at[0] < SHORTEST_S:
        return cannot_tell(NAME, Reason.TOO_SHORT)
    thumbs = np.stack([look.thumb for look in looks]).astype(np.float32).reshape(len(looks), -1)
    thumbs -= thumbs.mean(axis=1, keepdims=True)        # automatic exposure
    change = _distance(thumbs[1:], thumbs[:-1])
    typical = float(np.median(change))
    plot = np.stack([at[1:] - at[0], change], axis=1)
    if typical < MOVING:
        middle = (STILL + MOVING) / 2
        if typical < middle:
            return Opinion(NAME, score_of(typical, STILL, MOVING), typical, middle, plot=plot)
        return cannot_tell(NAME, Reason.TOO_STILL)
    ratio, curve = best_match(thumbs, at)
    measured = ratio / typical
    threshold = (LOOPED + UNIQUE) / 2
    return Opinion(NAME, score_of(measured, LOOPED, UNIQUE), measured, threshold, plot=curve)


def best_match(thumbs: Floats, at: Floats) -> tuple[float, Floats]:
    """The smallest median distance between a stretch and a later one, and (n, 2): lag in seconds, its best stretch."""
    step = float(np.median(np.diff(at)))
    width, first = max(2, round(STRETCH_S / step)), max(1, round(SHORTEST_LOOP_S / step))
    squares = (thumbs**2).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * thumbs @ thumbs.T, 0) / thumbs.shape[1])
    lags = range(first, len(thumbs) - width)
    best = [_stretch(np.diagonal(apart, lag), width) for lag in lags]
    if not best:
        return float("inf"), np.zeros((0, 2))
    return min(best), np.stack([np.array(lags) * step, np.array(best)], axis=1)


def _stretch(distances: Floats, width: int) -> float:
    """Of all stretches so many pictures long, the smallest median."""
    windows = np.lib.stride_tricks.sliding_window_view(distances, width)
    return float(np.median(windows, axis=1).min())


def _distance(one: Floats, other: Floats) -> Floats:
    """Root mean square over each picture, grey levels."""
    return np.asarray(np.sqrt(((one - other) ** 2).mean(axis=1)))
