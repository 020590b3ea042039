"""Packets kept for a while, because somebody may ask for them again.

Memory is bounded by count and by age, answers by number and rate: a receiver that asks twice for the same packet
within a round trip is answered once, and nobody is answered more than eight times (the retransmissions are lost too,
or it is not loss).  What is kept is the owner's: bytes, or a packet with its story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

PacketT = TypeVar("PacketT")

MAX_ANSWERS = 8


@dataclass(slots=True)
class _Kept(Generic[PacketT]):
    packet: PacketT
    at: float
    answered_at: float = float("-inf")
    answers: int = 0


class PacketCache(Generic[PacketT]):
    """The last packets of one outgoing stream, by sequence number.

    The defaults hold 2 s of 5 Mbps; at 1,200 bytes a packet they cost 1.2 MB at the very most.
    """

    def __init__(self, most: int = 1000, oldest: float = 2.0) -> None:
        self._most = most
        self._oldest = oldest
        self._kept: dict[int, _Kept[PacketT]] = {}  # in order of `put`

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, sequence: int, packet: PacketT, now: float) -> None:
        self._kept.pop(sequence, None)  # the number has wrapped: to the end of the queue with it
        self._kept[sequence] = _Kept(packet, now)
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        self._forget(now)

    def answer(self, sequence: int, now: float, round_trip: float = 0.1) -> PacketT | None:
        """The packet, if it is to be sent again now; None if it is gone or was repeated often or just now."""
        kept = self._kept.get(sequence)
        if kept is None or now - kept.at > self._oldest or kept.answers == MAX_ANSWERS:
            return None
        if now - kept.answered_at < round_trip:
            return None
        kept.answers += 1
        kept.answered_at = now
        return kept.packet

    def _forget(self, now: float) -> None:
        while self._kept:
            oldest = next(iter(self._kept))
            if now - self._kept[oldest].at <= self._oldest:
                return
            del self._kept[oldest]
