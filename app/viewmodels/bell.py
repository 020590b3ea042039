"""Which sound an announcement makes, if any: a crowd that comes at once rings once."""

from __future__ import annotations

from app.session.commands import Sound
from app.session.state import Spoken

APART = 3.0
"""Seconds between two sounds."""
SOUNDS = {Spoken.JOINED: Sound.JOINED, Spoken.LEFT: Sound.LEFT, Spoken.WAITS: Sound.KNOCK}


class Bell:
    """Silent until it is `wanted`."""

    def __init__(self) -> None:
        self.wanted = False
        self._rang_at = float("-inf")

    def sound(self, about: Spoken, now: float) -> Sound | None:
        sound = SOUNDS.get(about)
        if not self.wanted or sound is None or now - self._rang_at < APART:
            return None
        self._rang_at = now
        return sound
