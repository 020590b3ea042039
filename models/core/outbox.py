"""Messages that wait for a slow reader.

A full ZeroMQ queue keeps the oldest messages and refuses the newest, which is the wrong way round for live media.
So ZeroMQ's queues are kept short and what does not fit waits here: when the outbox is full the oldest message that
may be lost goes (an audio packet, a caption that is not final), and is counted.  Orders and finals are never lost.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from models.wire import Body, Chunk, Result

# A replayed ring (40 s of 20 ms packets) of two streams fits.
LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Waiting:
    body: Body
    payload: bytes = b""


def may_be_lost(body: Body) -> bool:
    if isinstance(body, Result):
        return not (body.HasField("caption") and body.caption.final)
    return isinstance(body, Chunk)


@dataclass(slots=True)
class Outbox:
    """Bounded, oldest first.  `dropped` counts what was lost."""

    limit: int = LIMIT
    dropped: int = 0
    _waiting: deque[Waiting] = field(default_factory=deque)

    def put(self, message: Waiting) -> None:
        if len(self._waiting) >= self.limit:
            self._drop_oldest()
        self._waiting.append(message)

    def peek(self) -> Waiting | None:
        return self._waiting[0] if self._waiting else None

    def pop(self) -> Waiting:
        return self._waiting.popleft()

    def __len__(self) -> int:
        return len(self._waiting)

    def _drop_oldest(self) -> None:
        for place, message in enumerate(self._waiting):
            if may_be_lost(message.body):
                del self._waiting[place]
                self.dropped += 1
                return
