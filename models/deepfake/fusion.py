"""What several witnesses say together: consistent, inconclusive or inconsistent.  Never "real".

A wrong accusation among ten people costs more than a missed one.  So one strong witness may say *inconsistent* only if
nobody has proved to be there by doing what was asked just now; and *consistent* needs two that agree and
nobody who speaks against it.  That a picture never repeats, or that a face moves, does not contradict other lips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.deepfake import challenge, detector, illumination, lips, liveness, provenance, repetition
from models.deepfake.witness import Opinion

WEIGHTS = {
    repetition.NAME: 1.0,
    lips.NAME: 0.8,
    challenge.NAME: 0.8,
    illumination.NAME: 0.6,
    liveness.NAME: 0.4,
    provenance.NAME: 0.6,
    detector.NAME: 0.3,
}
"""How much a witness' score counts.  A repeated stretch has no innocent explanation; a still face has many."""

# One weighed witness against the camera; all that are for it, together.
AGAINST, FOR = -0.55, 1.0
# Only somebody who is there now can do what these ask.
PRESENCE, CONTRADICTS = {challenge.NAME, illumination.NAME}, 0.5


class Verdict(StrEnum):
    CONSISTENT = "consistent"
    INCONCLUSIVE = "inconclusive"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    opinions: tuple[Opinion, ...]
    """The weightiest first."""


def fuse(opinions: Sequence[Opinion]) -> Finding:
    ranked = tuple(sorted(opinions, key=lambda each: -abs(weighed(each))))
    told = [each for each in opinions if each.reason is None]
    worst = min((weighed(each) for each in told), default=0.0)
    agreeing = [each for each in told if each.score > 0]
    present = any(each.witness in PRESENCE and weighed(each) >= CONTRADICTS for each in told)
    if worst <= AGAINST and not present:
        return Finding(Verdict.INCONSISTENT, ranked)
    if worst >= 0 and len(agreeing) >= 2 and sum(weighed(each) for each in agreeing) >= FOR:
        return Finding(Verdict.CONSISTENT, ranked)
    return Finding(Verdict.INCONCLUSIVE, ranked)


def weighed(opinion: Opinion) -> float:
    return WEIGHTS[opinion.witness] * opinion.score
