"""Somebody's place in a meeting, which outlives a socket: how far each side has heard the other.

The host numbers what it says; what we say is numbered by counting.  Whoever comes back on another socket names the
last number that came, is told how much of theirs arrived, and says the rest again.  Opens nothing and keeps no time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sfu.wire import messages as wire

_UNCOUNTED = (wire.Join, wire.Resume, wire.Ping)


class Place:
    def __init__(self, welcome: wire.Welcome) -> None:
        """`welcome` has a key."""
        assert welcome.key is not None
        self._you = welcome.you
        self._key = welcome.key
        self._seen = welcome.seq or 0
        self._said = 0
        self._unheard: deque[tuple[int, wire.ClientMessage]] = deque()

    def ticket(self, media: bool) -> wire.Resume:
        """`media`: what was negotiated still stands."""
        return wire.Resume(
            protocol=wire.PROTOCOL, participant=self._you, key=self._key, seen=self._seen, media=media
        )

    def is_news(self, message: wire.HostMessage) -> bool:
        """Whether it did not come before."""
        if isinstance(message, wire.Pong):
            self._arrived(message.heard)
        if message.seq is None:
            return True
        new = message.seq > self._seen
        self._seen = max(self._seen, message.seq)
        return new

    def say(self, message: wire.ClientMessage) -> None:
        """It is said now, or again later."""
        if not isinstance(message, _UNCOUNTED):
            self._said += 1
            self._unheard.append((self._said, message))

    def resumed(self, answer: wire.Resumed) -> Iterator[wire.ClientMessage]:
        """What the host has not heard, in order; what is said meanwhile too.  Offers that are over are forgotten."""
        self._arrived(answer.heard)
        missing = [message for _, message in self._unheard if answer.media or not isinstance(message, wire.Offer)]
        self._unheard = deque(enumerate(missing, answer.heard + 1))
        self._said = done = answer.heard
        self._said += len(missing)
        while done < self._said:
            done += 1
            yield next(message for number, message in self._unheard if number == done)

    def _arrived(self, heard: int) -> None:
        while self._unheard and self._unheard[0][0] <= heard:
            self._unheard.popleft()
