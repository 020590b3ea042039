"""What a speaker said that is not yet a final caption.

A worker may die at any moment.  Whatever it had not yet turned into final text must be heard again by the next
one, so the broker keeps every packet until it is final: never less than the last 10 s (the next worker needs a
run-up), never more than 40 s (a recogniser that never finishes must not eat memory).
The ring keeps packets as they came; it neither decodes nor orders them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from models.wire import Chunk

KEEP_AT_LEAST = 10.0
KEEP_AT_MOST = 40.0
# A decoder and a voice detector need a moment of sound before they can be trusted.
RUN_UP = 1.0


@dataclass(frozen=True, slots=True)
class Packet:
    """One tapped packet, as it came."""

    chunk: Chunk
    payload: bytes

    @property
    def captured(self) -> float:
        """Seconds on the host's monotonic clock."""
        return self.chunk.capture_us / 1e6


@dataclass(slots=True)
class Ring:
    """The packets of one stream, oldest first."""

    _packets: deque[Packet] = field(default_factory=deque)
    final_until: float = 0.0

    def push(self, packet: Packet) -> None:
        self._packets.append(packet)
        self._trim()

    def settle(self, until: float) -> None:
        """Everything captured before `until` is final and will not be asked for again."""
        self.final_until = max(self.final_until, until)
        self._trim()

    def replay(self) -> tuple[float, list[Packet]]:
        """Where final text ends (0: nowhere yet), and what the next worker must hear, with a short run-up."""
        since = self.final_until - RUN_UP
        return self.final_until, [packet for packet in self._packets if packet.captured >= since]

    def skip(self) -> None:
        """Give up what is here; the next worker starts at the live edge."""
        if self._packets:
            self.settle(self._packets[-1].captured)
            self._packets.clear()

    def __len__(self) -> int:
        return len(self._packets)

    def _trim(self) -> None:
        if not self._packets:
            return
        newest = self._packets[-1].captured
        unfinished = min(self.final_until - RUN_UP, newest - KEEP_AT_LEAST)
        keep_from = max(unfinished, newest - KEEP_AT_MOST)
        while self._packets and self._packets[0].captured < keep_from:
            self._packets.popleft()
