"""Where speech begins and ends.

A voice detector says every 32 ms how likely that was speech.  Its answers flicker inside words and on breath; captions
need calm facts: a phrase began, it has been silent for so long.  Two thresholds, so that a value in between changes
nothing.  The detector itself is elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

# Silero works on 512 samples at 16 kHz.
FRAME = 0.032
ONSET = 0.5
OFFSET = 0.35
# Less speech than this in a whole phrase was a click, a cough or a key.
SHORTEST_SPEECH = 0.16


@dataclass(slots=True)
class Voice:
    """The voice in one phrase.  `since` is where its first frame of speech began."""

    since: float
    last: float
    speech_s: float = 0.0

    def hear(self, until: float, probability: float) -> None:
        """A frame that ends at `until`."""
        if probability >= OFFSET:
            self.last = until
        if probability >= ONSET:
            self.speech_s += FRAME

    def silence(self, until: float) -> float:
        """Seconds of silence up to `until`."""
        return max(0.0, until - self.last)

    @property
    def worth_hearing(self) -> bool:
        return self.speech_s >= SHORTEST_SPEECH


def begins(probability: float) -> bool:
    return probability >= ONSET
