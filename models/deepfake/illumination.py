"""Does the light of the screen show on the face?

The checked person's own screen shows a slow random sequence of hues.  A face in front of it takes on a little of each,
as much later as camera and network take; a recording, or a picture that a computer made, does not (Gerstner and Farid,
"Detecting Real-Time Deep-Fake Videos Using Active Illumination", CVPR Workshops 2022).  By chance a face may follow any
one sequence; how well it follows others that were never shown is learnt in the same check.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.deepfake.witness import Floats, Look, Opinion, Reason, cannot_tell, score_of, times

NAME = "illumination"
SHORTEST_S = 6.0
EACH_S = 0.7
EARLIEST_S, LATEST_S, GRID_S = 0.05, 0.8, 0.05
# Darker skin than this (of 255) says nothing about hue.
DARK = 25.0
SEQUENCES_BY_CHANCE = 60
# Standard deviations above chance.
UNLIT, LIT = 0.5, 3.0

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A colour (red, green, blue; 0..255) that the screen showed from `at` on."""

    at: float
    colour: Colour


def sequence(begin: float, seconds: float, hues: Sequence[Colour], chance: random.Random) -> list[Shown]:
    """Never the same hue twice in a row, where there are two."""
    shown: list[Shown] = []
    for place in range(round(seconds / EACH_S)):
        rest = [hue for hue in hues if not shown or hue != shown[-1].colour]
        shown.append(Shown(begin + place * EACH_S, chance.choice(rest or hues)))
    return shown


def illumination(looks: Sequence[Look], shown: Sequence[Shown], chance: random.Random) -> Opinion:
    if not shown:
        return cannot_tell(NAME, Reason.NOT_ASKED)
    seen = [look for look in looks if look.skin is not None and look.faces == 1]
    if not seen:
        return cannot_tell(NAME, Reason.NO_FACE)
    at = times(seen)
    skin = np.stack([look.skin for look in seen if look.skin is not None])
    begin, end = max(at[0], shown[0].at + LATEST_S), min(at[-1], shown[-1].at + EACH_S)
    if end - begin < SHORTEST_S:
        return cannot_tell(NAME, Reason.TOO_SHORT)
    if float(np.median(skin.mean(axis=1))) < DARK:
        return cannot_tell(NAME, Reason.TOO_DARK)
    grid = np.arange(begin, end, GRID_S)
    face = _hue(np.stack([np.interp(grid, at, channel) for channel in skin.T], axis=1))
    own = _follows(face, grid, shown)
    span = shown[-1].at + EACH_S - shown[0].at
    hues = sorted({each.colour for each in shown})
    others = [_follows(face, grid, sequence(shown[0].at, span, hues, chance)) for _ in range(SEQUENCES_BY_CHANCE)]
    measured = float((own - np.mean(others)) / max(float(np.std(others)), 1e-6))
    plot = np.column_stack([grid - grid[0], face[:, 0], _hue(_screen(grid, shown))[:, 0]])
    return Opinion(NAME, score_of(measured, UNLIT, LIT), measured, (UNLIT + LIT) / 2, plot=plot)


def _follows(face: Floats, grid: Floats, shown: Sequence[Shown]) -> float:
    """The best correlation within the lags that may be, over both axes of hue."""
    lags = np.arange(EARLIEST_S, LATEST_S, GRID_S)
    return max(float(np.mean(face * _hue(_screen(grid - lag, shown)))) for lag in lags)


def _screen(at: Floats, shown: Sequence[Shown]) -> Floats:
    begins = np.array([each.at for each in shown])
    colours = np.array([each.colour for each in shown], float)
    return colours[np.clip(np.searchsorted(begins, at, side="right") - 1, 0, len(shown) - 1)]


def _hue(colours: Floats) -> Floats:
    """Red against green and blue against both, whatever the brightness; slow drift removed; standard scores (n, 2)."""
    share = colours / np.maximum(colours.sum(axis=1, keepdims=True), 1.0)
    hue = np.stack([share[:, 0] - share[:, 1], share[:, 2] - share[:, :2].mean(axis=1)], axis=1)
    along = np.linspace(-1, 1, len(hue))
    hue = hue - hue.mean(axis=0)
    hue = hue - np.outer(along, along @ hue / max(float(along @ along), 1e-9))
    return np.asarray(hue / np.maximum(hue.std(axis=0), 1e-9))
