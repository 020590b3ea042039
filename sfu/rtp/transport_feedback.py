"""Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): which packets arrived, and when.

One RTCP packet reports up to 65,535 packets of one transport in a few bytes: runs and vectors of two-bit symbols,
then a time delta for every packet that came.  Losses cost nothing here: only arrivals are kept, so a hostile
packet cannot make us hold more than its own size.  Estimating bandwidth from it is somebody else's work.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

from sfu.rtp.errors import malformed

TICKS_PER_SECOND = 4000  # deltas count 250 µs
_TICKS_PER_REFERENCE = 256  # the reference time counts 64 ms
_MISSING, _SMALL, _LARGE, _RESERVED = range(4)
_LONGEST_RUN = 0x1FFF
_FIXED = struct.Struct("!IIHHI")


class Arrival(NamedTuple):
    """One packet that came.  `at` counts 250 µs on the reporter's clock, which wraps after 12 days."""

    sequence: int
    at: int


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """`count` packets from sequence number `base` on; those not among `arrivals` had not come.

    `reference` is the time base in 64 ms (24 bits, signed); the first arrival is within ±8 s of it, and every
    further one within ±8 s of the one before.  `arrivals` are in sequence order.
    """

    sender: int
    media: int
    base: int
    count: int
    reference: int
    feedback_count: int
    arrivals: tuple[Arrival, ...]

    @classmethod
    def parse(cls, body: bytes) -> TransportFeedback:
        """From what follows the RTCP header.  Raises PeerFault."""
        if len(body) < _FIXED.size:
            raise malformed("A transport feedback packet was too short.")
        sender, media, base, count, last = _FIXED.unpack_from(body)
        if count == 0:
            raise malformed("A transport feedback packet reported nothing.")
        reference = ((last >> 8) + 0x800000 & 0xFFFFFF) - 0x800000
        came, at = _read_statuses(body, count)
        clock = reference * _TICKS_PER_REFERENCE
        arrivals = []
        for index, symbol in came:
            stop = at + symbol  # a small delta has one byte, a large one two
            if stop > len(body):
                raise malformed("A transport feedback packet ended inside its deltas.")
            clock += int.from_bytes(body[at:stop], "big", signed=symbol == _LARGE)
            arrivals.append(Arrival(base + index & 0xFFFF, clock))
            at = stop
        return cls(sender, media, base, count, reference, last & 0xFF, tuple(arrivals))

    def serialize(self) -> bytes:
        """What follows the RTCP header, not yet padded.  ValueError or struct.error where a delta does not fit."""
        symbols = bytearray(self.count)
        deltas = bytearray()
        clock = self.reference * _TICKS_PER_REFERENCE
        for arrival in self.arrivals:
            sequence, at = arrival
            delta, clock = at - clock, at
            if 0 <= delta <= 0xFF:
                symbols[sequence - self.base & 0xFFFF] = _SMALL
                deltas.append(delta)
            else:
                symbols[sequence - self.base & 0xFFFF] = _LARGE
                deltas += struct.pack("!h", delta)
        last = (self.reference & 0xFFFFFF) << 8 | self.feedback_count
        fixed = _FIXED.pack(self.sender, self.media, self.base, self.count, last)
        return fixed + _write_statuses(symbols) + deltas


def _read_statuses(body: bytes, count: int) -> tuple[list[tuple[int, int]], int]:
    """(index, symbol) of every packet that came, and where the deltas begin."""
    came: list[tuple[int, int]] = []
    index, at = 0, _FIXED.size
    while index < count:
        if at + 2 > len(body):
            raise malformed("A transport feedback packet ended inside its statuses.")
        chunk = body[at] << 8 | body[at + 1]
        at += 2
        if chunk & 0x8000:
            symbols = _vector(chunk)
            came += [(index + place, symbol) for place, symbol in enumerate(symbols) if symbol]
            index += len(symbols)
            continue
        symbol, run = chunk >> 13, min(chunk & _LONGEST_RUN, count - index)
        if symbol:
            if len(came) + run > len(body):
                raise malformed("A transport feedback packet reported more arrivals than it has times for.")
            came += [(place, symbol) for place in range(index, index + run)]
        index += run
    while came and came[-1][0] >= count:  # the last vector may be wider than what is left
        came.pop()
    if any(symbol == _RESERVED for _, symbol in came):
        raise malformed("A transport feedback packet used a reserved symbol.")
    return came, at


def _vector(chunk: int) -> list[int]:
    if chunk & 0x4000:
        return [chunk >> shift & 3 for shift in range(12, -1, -2)]
    return [chunk >> shift & 1 for shift in range(13, -1, -1)]


def _write_statuses(symbols: bytearray) -> bytes:
    """Chunks for the symbols: a run where it replaces a vector's worth, else a vector of one or two bits each."""
    chunks = bytearray()
    at, end = 0, len(symbols)
    while at < end:
        symbol = symbols[at]
        run = _run_length(symbols, at)
        window = symbols[at : at + 14]
        if run >= 14 or at + run == end or (symbol == _LARGE and run >= 7):
            chunk, width = symbol << 13 | run, run
        elif _LARGE in window:
            chunk, width = 0xC000 | _bits(window[:7], 2, 7), 7
        else:
            chunk, width = 0x8000 | _bits(window, 1, 14), 14
        chunks += chunk.to_bytes(2, "big")
        at += width
    return bytes(chunks)


def _run_length(symbols: bytearray, at: int) -> int:
    rest = symbols[at : at + _LONGEST_RUN]
    return len(rest) - len(rest.lstrip(rest[:1]))


def _bits(symbols: bytearray, width: int, places: int) -> int:
    packed = 0
    for symbol in symbols:
        packed = packed << width | symbol
    return packed << width * (places - len(symbols))
