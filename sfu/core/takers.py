"""Everything that takes of people's sound and picture: captions, guesses about faces, checks and the recording.

Each of them decides for itself whom it takes of.  Here is only which of them have to look again, and when.
"""

from __future__ import annotations

from sfu.core.captioning import Captioning
from sfu.core.checks import Checks
from sfu.core.effects import Effect
from sfu.core.emotions import Emotions
from sfu.core.person import Person
from sfu.core.recording import Recording
from sfu.wire import messages as wire


class Takers:
    def __init__(self, captioning: Captioning, emotions: Emotions, checks: Checks, recording: Recording) -> None:
        self._captioning = captioning
        self._emotions = emotions
        self._checks = checks
        self._recording = recording

    def match(self) -> list[Effect]:
        """Somebody's media came.  A check waits for none: it begins when it is asked for."""
        return [*self._captioning.match(), *self._emotions.match(), *self._recording.match()]

    def match_faces(self) -> list[Effect]:
        """Somebody's camera went on or off."""
        return [*self._emotions.match(), *self._checks.match()]

    def close(self, person: Person, why: wire.CheckReason) -> list[Effect]:
        """Nothing more is taken of them; `why`: what a check of their camera then ends with."""
        closed = [*self._captioning.close(person), *self._emotions.close(person), *self._recording.close(person)]
        return [*closed, *self._checks.stop(person, why)]
