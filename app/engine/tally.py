"""What a participant really saw and heard, per remote source: the figures of a headless report.

Counts and gaps only.  It is told every decoded frame and every played block, with the time, and reads no clock.
"""

from __future__ import annotations

from dataclasses import dataclass

FREEZE = 0.5
"""Seconds without a new picture that people call a freeze."""
AUDIBLE_DBOV = -50


@dataclass(frozen=True, slots=True)
class SourceTally:
    """One remote source; times in seconds."""

    frames: int = 0
    freezes: int = 0
    longest_gap: float = 0.0
    heard: float = 0.0
    concealed: float = 0.0
    width: int = 0
    height: int = 0


class _Source:
    def __init__(self) -> None:
        self.frames = self.freezes = 0
        self.longest_gap = self.heard = self.concealed = 0.0
        self.size = (0, 0)
        self.last_frame: float | None = None

    def close_gap(self, now: float) -> None:
        if self.last_frame is not None:
            gap = now - self.last_frame
            self.longest_gap = max(self.longest_gap, gap)
            self.freezes += gap > FREEZE
            self.last_frame = None

    def frozen(self) -> SourceTally:
        return SourceTally(self.frames, self.freezes, self.longest_gap, self.heard, self.concealed, *self.size)


class Tally:
    """All remote sources of one participant, over every reconnect."""

    def __init__(self) -> None:
        self._sources: dict[str, _Source] = {}
        self.first_frame: float | None = None
        """Monotonic instant of the first remote picture."""

    def frame_decoded(self, source: str, size: tuple[int, int], now: float) -> None:
        tally = self._of(source)
        tally.close_gap(now)
        tally.last_frame = now
        tally.frames += 1
        tally.size = size
        if self.first_frame is None:
            self.first_frame = now

    def stopped(self, source: str, now: float) -> None:
        """The source was switched off or left: from now on a missing picture is no freeze."""
        if source in self._sources:
            self._sources[source].close_gap(now)

    def stopped_all(self, now: float) -> None:
        for tally in self._sources.values():
            tally.close_gap(now)

    def played(self, source: str, seconds: float, dbov: int) -> None:
        """A decoded block went to the speaker."""
        if dbov > AUDIBLE_DBOV:
            self._of(source).heard += seconds

    def concealed(self, source: str, seconds: float) -> None:
        """A missing block was invented."""
        self._of(source).concealed += seconds

    def sources(self) -> dict[str, SourceTally]:
        return {source: tally.frozen() for source, tally in sorted(self._sources.items())}

    def _of(self, source: str) -> _Source:
        return self._sources.setdefault(source, _Source())
