"""A guess that holds still.

A face moves with every syllable, and a label that flickers is worse than none.  Probabilities are averaged over a
second or so; another label has to lead for a while before it replaces the one that is shown, and a label that is
hardly believed any more becomes "unclear" instead of the next best.  What cannot be judged (turned away, too dark,
…) is unclear at once.  Nothing is analysed here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.core.expressions import LABELS, Unclear

# Seconds after which a probability counts for a third.
MEMORY = 1.2
# A label is shown from the first on and kept down to the second: the probabilities in between are the hysteresis.
SHOW, KEEP = 0.60, 0.45
# Another label must be this much more probable, for so long.
LEAD, LEADS_FOR = 0.15, 1.0
# After a longer silence the past says nothing about now.
STALE = 3.0


@dataclass(frozen=True, slots=True)
class Guess:
    """`label`: one of `LABELS`, or "" for unclear, and then `unclear` says why.  `confidence`: 0..1, of that label."""

    label: str
    confidence: float
    unclear: Unclear | None = None


class Steady:
    """One face's guesses over time.  `now`: seconds on any steady clock."""

    def __init__(self) -> None:
        self._average: list[float] | None = None
        self._at = -math.inf
        self._label = ""
        self._challenger = ""
        self._since = 0.0

    def see(self, probabilities: Sequence[float], now: float) -> Guess:
        """`probabilities`: one for each of `LABELS`."""
        average = self._mixed(probabilities, now)
        best = max(range(len(LABELS)), key=average.__getitem__)
        self._judge(LABELS[best] if average[best] >= SHOW else "", average, now)
        if not self._label:
            return Guess("", average[best], Unclear.UNSURE)
        return Guess(self._label, average[LABELS.index(self._label)])

    def cannot_tell(self, why: Unclear) -> Guess:
        """Nothing can be said of this picture; what was believed before is forgotten."""
        self.forget()
        return Guess("", 0.0, why)

    def forget(self) -> None:
        self.__init__()  # type: ignore[misc]  # a face that went is as one that never was

    def _mixed(self, probabilities: Sequence[float], now: float) -> list[float]:
        if self._average is None or now - self._at > STALE:
            self._average = list(probabilities)
            self._label = self._challenger = ""
        else:
            fresh = 1 - math.exp(-max(0.0, now - self._at) / MEMORY)
            pairs = zip(self._average, probabilities, strict=True)
            self._average = [old + fresh * (new - old) for old, new in pairs]
        self._at = now
        return self._average

    def _judge(self, best: str, average: Sequence[float], now: float) -> None:
        """`best`: the label that is believed enough to be shown, or ""."""
        held = average[LABELS.index(self._label)] if self._label else 0.0
        if best == self._label or self._holds(best, held, average):
            self._challenger = self._label
            return
        if best != self._challenger:
            self._challenger, self._since = best, now
        if now - self._since >= LEADS_FOR:
            self._label = best

    def _holds(self, best: str, held: float, average: Sequence[float]) -> bool:
        """Whether the label that is shown is still believed enough against `best`, or against nothing."""
        if not best:
            return held >= KEEP
        return bool(self._label) and average[LABELS.index(best)] - held < LEAD
