"""Paths that open something to whoever knows them: browsers send no header with a download or a media element."""

from __future__ import annotations

import secrets
import time


class Links:
    """`lifetime` in seconds."""

    def __init__(self, lifetime: float) -> None:
        self.lifetime = lifetime
        self._known: dict[str, tuple[str, float]] = {}

    def give(self, what: str) -> str:
        """A token that opens `what`, for its time."""
        now = time.monotonic()
        self._known = {token: known for token, known in self._known.items() if known[1] > now}
        token = secrets.token_urlsafe(24)
        self._known[token] = (what, now + self.lifetime)
        return token

    def opens(self, token: str, what: str) -> bool:
        known, until = self._known.get(token, ("", 0.0))
        return known == what and until > time.monotonic()
