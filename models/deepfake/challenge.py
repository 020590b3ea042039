"""Asked to do something now, does the person in the picture do it?

A recording cannot know what will be asked, and live face swaps break when the head turns far or a hand covers the
mouth (Mittal et al., "GOTCHA", 2022).  What is asked comes in random order; each answer must begin after the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from models.deepfake.liveness import blinking, blinks
from models.deepfake.pose import poses
from models.deepfake.witness import Floats, Look, Opinion, Reason, cannot_tell

NAME = "challenge"
# Reading and doing it; then the next one is asked.
EACH_S = 3.0
# What a head does by itself in that time is less.
TURNED, NODDED = 18.0, 9.0
# How far a mouth still looks as before.  Measured: people who speak 0.68 and more, a grin that grows 0.32; a hand
# before the mouth (painted into five clips) at most 0.27, and under 0.1 half of the time.
ALIKE = 0.25
# Before the question, the head was looking this much less that way.
BEFORE_S = 0.7


class Act(StrEnum):
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    NOD = "nod"
    BLINK = "blink"
    COVER = "cover"
    """The mouth, with a hand."""


@dataclass(frozen=True, slots=True)
class Question:
    """`at`: when it was on the person's screen, seconds on the host's clock."""

    act: Act
    at: float


def challenge(looks: Sequence[Look], asked: Sequence[Question]) -> Opinion:
    """All met: for the camera; one missed: says nothing; more missed: against it, but never enough alone.

    Who has not understood, or cannot do it, is no forgery.
    """
    if not asked:
        return cannot_tell(NAME, Reason.NOT_ASKED)
    if not any(look.faces for look in looks):
        return cannot_tell(NAME, Reason.NO_FACE)
    met = [_MET[question.act](*_around(looks, question)) for question in asked]
    missed = len(met) - sum(met)
    score = (1.0, 0.0, -0.6)[missed] if missed < 3 else -0.65
    at, yaws, _ = poses(looks)
    plot = np.stack([at - looks[0].at, yaws], axis=1) if len(at) else None
    return Opinion(NAME, score, sum(met) / len(met), 1.0, plot=plot)


def _around(looks: Sequence[Look], question: Question) -> tuple[list[Look], list[Look]]:
    """Just before the question, and from it on."""
    before = [look for look in looks if question.at - BEFORE_S <= look.at < question.at]
    return before, [look for look in looks if question.at <= look.at < question.at + EACH_S]


def _turned(before: Sequence[Look], after: Sequence[Look], side: float) -> bool:
    """A head that turns far is lost from sight: the last that was seen of it counts."""
    rest, now = side * poses(before)[1], side * poses(after)[1]
    return len(now) > 0 and float(now.max()) - _middle(rest, now) > TURNED


def _nodded(before: Sequence[Look], after: Sequence[Look]) -> bool:
    rest, now = poses(before)[2], poses(after)[2]
    return len(now) > 0 and float(now.max()) - _middle(rest, now) > NODDED


def _blinked(_before: Sequence[Look], after: Sequence[Look]) -> bool:
    return len(blinks(*blinking(after))) > 0


def _covered(before: Sequence[Look], after: Sequence[Look]) -> bool:
    """For a fifth of the time the face is lost, or its mouth looks like none; and before the question it was there.

    A network that is shown a hand goes on to guess where the mouth is: in none of five people was the face lost.
    """
    shown = [look.mouth for look in before if look.mouth is not None]
    if not shown or not all(look.faces == 1 for look in before):
        return False
    usual = np.mean(shown, axis=0)
    hidden = [look.mouth is None or _alike(look.mouth, usual) < ALIKE for look in after]
    return sum(hidden) >= len(after) / 5


def _alike(one: Floats, other: Floats) -> float:
    """Correlation of two pictures, -1..1."""
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / max(float(np.sqrt((one**2).sum() * (other**2).sum())), 1e-6))


def _middle(rest: Floats, now: Floats) -> float:
    return float(np.median(rest)) if len(rest) else float(now[0])


_MET: dict[Act, Callable[[list[Look], list[Look]], bool]] = {
    Act.TURN_LEFT: lambda before, after: _turned(before, after, 1.0),
    Act.TURN_RIGHT: lambda before, after: _turned(before, after, -1.0),
    Act.NOD: _nodded,
    Act.BLINK: _blinked,
    Act.COVER: _covered,
}
