"""Laptops in one room hear each other: whose microphone is the speaker's own?

Each track's loudness is kept as an envelope on the host's clock.  When one track is a quieter, delayed copy of another,
its envelope runs beside the other's, the same syllables some decibels lower, up to 300 ms later.  Then only the louder
track is captioned.  People who talk at once may begin together, but the distance between their levels changes with
every syllable, so both are captioned.

What a sound is like is not looked at, only how loud it is.  Times are seconds on the host's monotonic clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

STEP = 0.01
# Blocks that one level is the mean of: shorter ones follow the pitch of a voice instead of its syllables.
SMOOTH = 5
# How far back a judgement looks, and the least that makes one: a syllable alone resembles any other.
LOOK_BACK = 1.6
LEAST = 0.5
# What is remembered: a judgement may come late, when the other track's packets have.
MEMORY = 6.0
# Sound goes 100 m in 300 ms; most of that is processing in the two computers.
LONGEST_LAG = 0.3
# Capture times of two computers differ by what their clocks' estimates are wrong.
CLOCK_ERROR = 0.04
# A copy is at least so much quieter: two voices that are equally loud are two people.
LEAST_QUIETER_DB = 3.0
# Measured in `tests/bench/crosstalk.py`: how alike the envelopes of a copy are, and how constant its distance.
ALIKE = 0.8
STEADY_DB = 4.5
# Below this, and so far below its own peaks, a microphone's own noise is all there is (dBFS, dB).
FLOOR_DB = -66.0
DEPTH_DB = 25.0


@dataclass(slots=True)
class Envelope:
    """How loud one track was lately."""

    _levels: deque[float] = field(default_factory=lambda: deque(maxlen=round(MEMORY / STEP)))
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=SMOOTH))
    _until: int = 0

    def add(self, captured: float, powers: Iterable[float]) -> None:
        """Mean squares of consecutive blocks of `STEP`, the first captured at `captured`; a gap before was silence."""
        place = round(captured / STEP)
        gap = place - self._until
        if self._levels and gap > 0:
            self._levels.extend([FLOOR_DB] * min(gap, round(MEMORY / STEP)))
        for power in powers:
            self._recent.append(power)
            mean = sum(self._recent) / len(self._recent)
            self._levels.append(max(FLOOR_DB, 10 * math.log10(mean)) if mean > 0 else FLOOR_DB)
            place += 1
        self._until = place

    @property
    def until(self) -> float:
        return self._until * STEP

    def between(self, start: float, end: float) -> list[float]:
        """dBFS; silence where nothing is known."""
        first, levels = self._until - len(self._levels), list(self._levels)
        wanted = range(round(start / STEP), round(end / STEP))
        return [levels[at - first] if first <= at < self._until else FLOOR_DB for at in wanted]


@dataclass(slots=True)
class Room:
    """All tracks that may hear each other: those of one meeting."""

    _tracks: dict[str, Envelope] = field(default_factory=dict)

    def add(self, stream: str, captured: float, powers: Iterable[float]) -> None:
        """See `Envelope.add`."""
        self._tracks.setdefault(stream, Envelope()).add(captured, powers)

    def forget(self, stream: str) -> None:
        self._tracks.pop(stream, None)

    def is_copy(self, stream: str, start: float, end: float) -> bool:
        """Whether what `stream` heard from `start` to `end` was somebody else, who has a microphone of their own."""
        track = self._tracks.get(stream)
        others = [other for name, other in self._tracks.items() if name != stream]
        return track is not None and any(follows(track, other, start, end) for other in others)


def follows(track: Envelope, other: Envelope, start: float, end: float) -> bool:
    """Whether `track` is a quieter, delayed copy of `other`."""
    end = min(end, track.until, other.until)
    start = max(start, end - LOOK_BACK)
    if end - start < LEAST:
        return False
    mine = track.between(start, end)
    latest, earliest = round(LONGEST_LAG / STEP), -round(CLOCK_ERROR / STEP)
    theirs = other.between(start - latest * STEP, end - earliest * STEP)
    if max(theirs) - max(mine) < LEAST_QUIETER_DB:
        return False
    return any(
        _copies(mine, theirs[latest - lag : latest - lag + len(mine)]) for lag in range(earliest, latest + 1)
    )


def _copies(mine: Sequence[float], theirs: Sequence[float]) -> bool:
    audible = max(mine) - DEPTH_DB
    pairs = [(a, b) for a, b in zip(mine, theirs, strict=True) if a > audible]
    if len(pairs) * STEP < LEAST / 2:
        return False
    distances = [b - a for a, b in pairs]
    distance = sum(distances) / len(distances)
    if distance < LEAST_QUIETER_DB:
        return False
    spread = math.sqrt(sum((each - distance) ** 2 for each in distances) / len(distances))
    return spread <= STEADY_DB and _correlation(mine, theirs) >= ALIKE


def _correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Pearson's; 0 where either does not change."""
    count = len(a)
    mean_a, mean_b = sum(a) / count, sum(b) / count
    both = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    alone = sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)
    return both / math.sqrt(alone) if alone > 1e-9 else 0.0
