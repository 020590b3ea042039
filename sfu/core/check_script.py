"""What the person in front of a checked camera is shown, drawn by lot: acts one after the other, then hues and a code.

A recording cannot know what will be asked, so nothing is told before it is due.  How each answer is judged is in
`models/deepfake`; what its judges need is kept here as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from sfu.core.effects import Evidence
from sfu.core.negotiation import Identities
from sfu.wire import messages as wire

# The camera's middle layer is switched on and begins with a key frame; people look up.
LEAD_S = 0.5
ACTS, ACT_S = 2, 3.0
"""Reading and doing it."""
# Slower than three changes a second, from which people with photosensitive epilepsy may suffer (WCAG 2.3.1).
HUES, HUE_S = 10, 0.7
DIGITS = 4
LENGTH_S = LEAD_S + ACTS * ACT_S + HUES * HUE_S

_ACTS: tuple[wire.Act, ...] = tuple(act for act in get_args(wire.Act) if act)
PALETTE = ((255, 60, 60), (60, 255, 60), (80, 80, 255), (255, 230, 60), (60, 230, 255), (255, 70, 230))
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """What is shown for so long."""

    seconds: float
    act: wire.Act = ""
    colour: Colour | None = None
    code: str = ""

    @property
    def html(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self.colour) if self.colour is not None else ""


def draw(chance: Identities) -> list[Step]:
    """No act twice, no hue twice in a row."""
    rest = list(_ACTS)
    acts = [rest.pop(chance.below(len(rest))) for _ in range(ACTS)]
    code = "".join(str(chance.below(10)) for _ in range(DIGITS))
    hues: list[Colour] = []
    for _ in range(HUES):
        others = [hue for hue in PALETTE if hues[-1:] != [hue]]
        hues.append(others[chance.below(len(others))])
    return [
        Step(LEAD_S), *(Step(ACT_S, act=act) for act in acts),
        *(Step(HUE_S, colour=hue, code=code) for hue in hues),
    ]  # fmt: skip


@dataclass(slots=True)
class Script:
    """Steps as they fall due, and when they did."""

    steps: list[Step]
    shown: list[tuple[Step, float]] = field(default_factory=list)

    def next(self, now: float) -> Step | None:
        """The step that begins now; None: that was all."""
        if len(self.shown) == len(self.steps):
            return None
        step = self.steps[len(self.shown)]
        self.shown.append((step, now))
        return step

    @property
    def code(self) -> str:
        return self.steps[-1].code

    def evidence(self, clock: float, heard: str | None, same_certificate: bool, voice: bool) -> Evidence:
        """`clock`: what the host's clock showed when the time of this script was 0."""
        asked = tuple((str(step.act), clock + at) for step, at in self.shown if step.act)
        hues = tuple((step.colour, clock + at) for step, at in self.shown if step.colour is not None)
        return Evidence(asked, hues, self.code, heard, same_certificate, voice)
