"""Between the forwarder and the recorder: packets that were tapped, many in one message.

A packet costs its reader a few microseconds this way, where a message of its own would cost thirty; ten people send a
thousand a second.  Every packet says what it belongs to, so a recorder that is started in the middle needs no
introduction.  Neither end is a stranger: nonsense is a bug and ends the tape (`BrokenTape`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

# Length of the name, flags, number, timestamp, when it was captured, length of the payload.
_HEAD = struct.Struct("!BBQIdH")
_CODEC, _MARKER, _ENDED = 0x03, 0x10, 0x20
MAX_STREAM = 64


class Codec(IntEnum):
    OPUS = 0
    VP8 = 1
    H264 = 2


class BrokenTape(Exception):
    """These bytes are no packets."""


@dataclass(slots=True)
class Taped:
    """One packet.  `captured`: seconds on the host's monotonic clock; `ended`: nothing more comes of this stream."""

    stream: str
    codec: Codec
    sequence: int
    timestamp: int
    captured: float
    payload: bytes
    marker: bool = False
    ended: bool = False


def pack(taped: Taped) -> bytes:
    name = taped.stream.encode()
    flags = taped.codec | (_MARKER if taped.marker else 0) | (_ENDED if taped.ended else 0)
    head = _HEAD.pack(len(name), flags, taped.sequence, taped.timestamp, taped.captured, len(taped.payload))
    return b"".join((head, name, taped.payload))


def unpack(message: bytes) -> Iterator[Taped]:
    """All packets of a message.  Raises BrokenTape."""
    at = 0
    try:
        while at < len(message):
            size, flags, sequence, timestamp, captured, length = _HEAD.unpack_from(message, at)
            at += _HEAD.size
            end = at + size + length
            if end > len(message) or not 0 < size <= MAX_STREAM:
                raise BrokenTape("a packet ends behind its message")
            yield Taped(
                message[at : at + size].decode("ascii"), Codec(flags & _CODEC), sequence, timestamp, captured,
                message[at + size : end], bool(flags & _MARKER), bool(flags & _ENDED),
            )  # fmt: skip
            at = end
    except (struct.error, ValueError) as error:
        raise BrokenTape(str(error)) from None
