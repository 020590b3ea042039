"""Do the lips move to this voice?

Somebody else's voice, an old video or a late one moves to other words.  The speed at which the mouth opens is compared
with the speed at which the voice grows louder: both are near nothing between syllables, and the speed agrees where the
opening itself does not (a grin opens the mouth for a whole sentence).  How well any mouth fits any voice by chance is
learnt in the same check, from what other people say and from the same voice at wrong times.

Zhang et al. and others train networks for this (SyncNet, Chung and Zisserman 2016); this asks one number of the mouth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.deepfake.liveness import LITTLE_LIFE, life
from models.deepfake.speech import Speech
from models.deepfake.witness import Floats, Look, Opinion, Reason, cannot_tell, on_grid, score_of

NAME = "lips"
SHORTEST_S = 2.4
GRID_S = 0.02
SMOOTH_S = 0.04
# Sound may come so much before (-) or after the picture of it: devices differ, and clocks are set by sender reports.
EARLIEST_S, LATEST_S = -0.06, 0.20
# Wrong times of the same voice: farther from the right one than any syllable lasts.
WRONG_BY_S = 0.6
# Upper and lower lip: outer edges, inner edges; forehead and chin.
OUTER, INNER, FACE = (0, 17), (13, 14), (10, 152)
# Mouths that stand still, in heights of the face; speaking ones measured 0.019 and more.  In a face as stiff as a sheet
# (`liveness`) the mouth of a photo that trembles in a hand reached 0.0102, so small in the picture was it.
STILL, STIFF_STILL = 0.006, 0.013
# Standard deviations above chance.
ALIEN, OWN = 1.0, 2.4


def lips(looks: Sequence[Look], speech: Speech, others: Sequence[Speech]) -> Opinion:
    """`others`: what other people said, at any time, each at least as long as the check."""
    seen = [look for look in looks if look.points is not None and look.faces == 1]
    if len(seen) < 2:
        return cannot_tell(NAME, Reason.NO_FACE)
    if speech.silent or len(speech.at) < 2:
        return cannot_tell(NAME, Reason.NO_SPEECH)
    at = np.array([look.at for look in seen])
    begin, end = max(at[0], speech.at[0] + LATEST_S), min(at[-1], speech.at[-1] + EARLIEST_S)
    if end - begin < SHORTEST_S:
        return cannot_tell(NAME, Reason.TOO_SHORT)
    grid = np.arange(begin, end, GRID_S)
    opening = np.array([openness(look.points) for look in seen if look.points is not None])
    moved, plot = float(opening.std()), np.stack([at - at[0], opening], axis=1)
    if moved < STIFF_STILL and life(seen) < LITTLE_LIFE:    # a voice, and a face that does not speak
        return Opinion(NAME, -1.0, moved, STIFF_STILL, plot=plot)
    if moved < STILL:
        return Opinion(NAME, score_of(moved, STILL / 2, 2 * STILL), moved, STILL, plot=plot)
    mouth = _speed(on_grid(at, opening, grid))
    own = _best(mouth, speech, grid)
    chance = np.array(_by_chance(mouth, speech, others, grid))
    measured = float((own - chance.mean()) / max(chance.std(), 1e-6)) if len(chance) > 3 else float("nan")
    if not np.isfinite(measured):
        return cannot_tell(NAME, Reason.TOO_SHORT)
    plot = np.stack([grid - grid[0], mouth, _speed(on_grid(speech.at, speech.level, grid))], axis=1)
    return Opinion(NAME, score_of(measured, ALIEN, OWN), measured, (ALIEN + OWN) / 2, plot=plot)


def openness(points: Floats) -> float:
    """How far the lips are apart, in heights of the face, inner and outer edges together."""
    def apart(pair: tuple[int, int]) -> float:
        return float(np.linalg.norm(points[pair[0], :2] - points[pair[1], :2]))

    return (apart(OUTER) + apart(INNER)) / max(apart(FACE), 1e-6)


def _best(mouth: Floats, speech: Speech, grid: Floats) -> float:
    """The highest correlation within the lags that may be."""
    lags = np.arange(EARLIEST_S, LATEST_S + GRID_S / 2, GRID_S)
    return max(float(np.mean(mouth * _speed(on_grid(speech.at, speech.level, grid - lag)))) for lag in lags)


def _by_chance(mouth: Floats, speech: Speech, others: Sequence[Speech], grid: Floats) -> list[float]:
    length = grid[-1] - grid[0]
    found = []
    for shift in np.arange(WRONG_BY_S, length - WRONG_BY_S, WRONG_BY_S / 2):
        moved = np.roll(on_grid(speech.at, speech.level, grid), round(shift / GRID_S))
        found.append(_best(mouth, Speech(grid, moved), grid))
    for other in others:
        if not other.silent and len(other.at) > 1:
            begins = np.arange(other.at[0] + LATEST_S, other.at[-1] - length - LATEST_S, length / 2)
            found += [_best(mouth, Speech(other.at - begin + grid[0], other.level), grid) for begin in begins]
    return found


def _speed(values: Floats) -> Floats:
    """Change over time, smoothed, as standard scores."""
    reach = round(3 * SMOOTH_S / GRID_S)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * GRID_S / SMOOTH_S) ** 2)
    smooth = np.convolve(np.pad(values, reach, mode="edge"), kernel / kernel.sum(), mode="valid")
    speed = np.gradient(smooth)
    return np.asarray((speed - speed.mean()) / max(float(speed.std()), 1e-9))
