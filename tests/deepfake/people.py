"""People and attacks as series of numbers, for tests of witnesses: what a camera would give, without a camera."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from models.deepfake.challenge import EACH_S, Act, Question
from models.deepfake.lips import FACE, INNER, OUTER
from models.deepfake.sight import MOUTH_HEIGHT, MOUTH_WIDTH
from models.deepfake.speech import RATE
from models.deepfake.witness import THUMB_HEIGHT, THUMB_WIDTH, Floats, Look
from models.faces.points import LEFT_CHEEK, RIGHT_CHEEK, SHAPES

FPS = 20.0
JAW, LEFT_EYE, RIGHT_EYE = SHAPES.index("jawOpen"), SHAPES.index("eyeBlinkLeft"), SHAPES.index("eyeBlinkRight")
Curve = Callable[[float], float]
MOUTH = np.random.default_rng(7).normal(120, 30, (MOUTH_HEIGHT, MOUTH_WIDTH))
HAND = np.random.default_rng(8).normal(120, 30, (MOUTH_HEIGHT, MOUTH_WIDTH))


def syllables(seed: int, seconds: float) -> Curve:
    """How far a mouth is open, 0..1: four to six humps a second and pauses."""
    chance = np.random.default_rng(seed)
    begins = np.cumsum(chance.uniform(0.15, 0.5, round(seconds * 4)))
    sizes = chance.uniform(0.3, 1.0, len(begins))
    return lambda at: float((sizes * np.exp(-(((at - begins) / 0.06) ** 2))).sum())


def voice(opening: Curve, seconds: float, seed: int = 0, late_s: float = 0.06) -> Floats:
    """A hum at 700 Hz as loud as the mouth is open, over a little hiss."""
    at = np.arange(round(seconds * RATE)) / RATE
    coarse = np.arange(0.0, seconds, 0.005)
    loud = np.interp(at, coarse, [opening(when - late_s) for when in coarse])
    hiss = np.random.default_rng(seed).normal(0, 0.003, len(at))
    return np.asarray(0.3 * loud * np.sin(2 * np.pi * 700 * at) + hiss)


def head(opening: float = 0.0, yaw: float = 0.0, pitch: float = 0.0) -> Floats:
    """The few of 478 points that witnesses look at, in pixels; degrees to the person's left and down."""
    points = np.zeros((478, 3))
    points[RIGHT_CHEEK], points[LEFT_CHEEK] = (-60, 0, 0), (60, 0, 0)
    points[FACE[0]], points[FACE[1]] = (0, -80, 0), (0, 80, 0)
    points[OUTER[0]], points[OUTER[1]] = (0, 38, 0), (0, 52 + 12 * opening, 0)
    points[INNER[0]], points[INNER[1]] = (0, 44, 0), (0, 45 + 12 * opening, 0)
    turn, nod = np.radians(yaw), np.radians(pitch)
    about_y = np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(nod), -np.sin(nod)], [0, np.sin(nod), np.cos(nod)]])
    return np.asarray(points @ (about_x @ about_y).T + (320, 180, 0))


def shapes(opening: float = 0.0, closed: float = 0.0) -> Floats:
    found = np.zeros(len(SHAPES))
    found[JAW], found[LEFT_EYE], found[RIGHT_EYE] = opening, closed, closed
    found[JAW + 1 : JAW + 8] = opening / 2      # lips move in many ways
    return found


def scene(at: float, seed: int = 0) -> Floats:
    """A picture that moves as people do: two smooth hills, never twice alike, and a sensor's noise."""
    chance = np.random.default_rng(round(at * 1000) + 7919 * seed)
    y, x = np.mgrid[0:THUMB_HEIGHT, 0:THUMB_WIDTH]
    middle = 32 + 6 * np.sin(0.9 * at + seed) + 3 * np.sin(2.3 * at), 24 + 3 * np.sin(1.3 * at + 1)
    hill = 120 * np.exp(-(((x - middle[0]) / 10) ** 2) - ((y - middle[1]) / 12) ** 2)
    return np.asarray(60 + hill + 20 * np.sin(x / 5) + chance.normal(0, 0.5, hill.shape))


def look(at: float, **seen: object) -> Look:
    values = {"thumb": scene(at), "faces": 1, "points": head(), "shapes": shapes(), "mouth": MOUTH} | seen
    return Look(at, **values)  # type: ignore[arg-type]


def questions(begin: float, count: int, chance: random.Random) -> list[Question]:
    """So many different acts in random order."""
    acts = chance.sample(list(Act), count)
    return [Question(act, begin + place * EACH_S) for place, act in enumerate(acts)]


def moments(seconds: float) -> list[float]:
    return [float(at) for at in np.arange(0.0, seconds, 1 / FPS)]
