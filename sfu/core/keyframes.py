"""Key-frame requests, merged.

Forty people joining at once must not become forty PLIs at one camera: every PLI costs its sender a full intra frame
that everybody else has to receive too.  PLI and FIR of all subscribers, new watchers and unrecoverable losses are
one wish per camera, asked at most every RETRY_AFTER and repeated until a key frame comes.  This module decides when
to ask; it never sends.
"""

from __future__ import annotations

from sfu.core.flow import Stream

# One LAN round trip plus the time a laptop needs to encode and pace out an intra frame.
# Asking sooner buys a second large frame, not a faster first one.
RETRY_AFTER = 0.5


class KeyframeRequests:
    """Who is waiting for a key frame, and when each camera may be asked again."""

    def __init__(self) -> None:
        self._ask_at: dict[Stream, float] = {}
        self._asked: dict[Stream, float] = {}

    def want(self, stream: Stream, now: float) -> None:
        self._ask_at.setdefault(stream, max(now, self._asked.get(stream, now - RETRY_AFTER) + RETRY_AFTER))

    def keyframe_arrived(self, stream: Stream) -> None:
        self._ask_at.pop(stream, None)

    def forget(self, stream: Stream) -> None:
        """The stream has ended."""
        self._ask_at.pop(stream, None)
        self._asked.pop(stream, None)

    def poll(self, now: float) -> list[Stream]:
        """Streams whose publisher is to be asked now."""
        due = [stream for stream, at in self._ask_at.items() if at <= now]
        self._ask_at |= dict.fromkeys(due, now + RETRY_AFTER)
        self._asked |= dict.fromkeys(due, now)
        return due

    def wake_at(self) -> float | None:
        return min(self._ask_at.values()) if self._ask_at else None
