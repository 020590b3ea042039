"""Where to cut a voice that is there as a whole: at silences, and nowhere later than a recogniser's window ends.

Live captions cut earlier, because people wait for them (`captioner`); here every phrase may have the context it needs.
"""

from __future__ import annotations

from models.core.voice import FRAME, Voice, begins

# So long a silence ends a phrase: people breathe in for less.
PAUSE = 0.8
# Whisper's window is 30 s; some of it is margin.
LONGEST = 28.0
# A detector is a little late where speech begins, and a little early where it ends.
MARGIN = 0.2

Stretch = tuple[float, float]
"""Seconds of the voice, from and to."""


class Phrases:
    """Probabilities of speech, a frame each, to stretches in which somebody speaks; they follow one another."""

    def __init__(self) -> None:
        self._frames = 0
        self._voice: Voice | None = None
        self._quietest = 1.0
        self._cut = 0.0
        self._before = 0.0

    def hear(self, probability: float) -> Stretch | None:
        self._frames += 1
        until = self._frames * FRAME
        if self._voice is None:
            if not begins(probability):
                return None
            self._begin(until - FRAME, until)
        voice = self._voice
        assert voice is not None
        voice.hear(until, probability)
        if voice.silence(until) >= PAUSE:
            return self._end(voice, voice.last + MARGIN)
        if until - voice.since > LONGEST / 2 and probability <= self._quietest:
            self._quietest, self._cut = probability, until
        if until - voice.since >= LONGEST:
            cut, found = self._cut, self._end(voice, self._cut)
            self._begin(cut, until)
            return found
        return None

    def finish(self) -> Stretch | None:
        """Nothing more comes."""
        voice = self._voice
        return self._end(voice, voice.last + MARGIN) if voice is not None else None

    @property
    def needed_from(self) -> float:
        """What lies before will not be in any stretch that is still to come."""
        since = self._voice.since if self._voice is not None else self._frames * FRAME
        return max(self._before, since - MARGIN)

    def _begin(self, since: float, until: float) -> None:
        self._voice, self._quietest, self._cut = Voice(since, until), 1.0, until

    def _end(self, voice: Voice, end: float) -> Stretch | None:
        start, self._voice = max(self._before, voice.since - MARGIN), None
        if not voice.worth_hearing:
            return None
        self._before = end
        return start, end
