"""Redundant audio (RFC 2198, RFC 7587 4.4 for how browsers use it): each packet carries earlier ones again.

A lost packet is then in the next one, without a round trip.  What is in a packet besides its own sound says by how
much earlier it was; which sequence number it had follows from the order, because senders repeat what they sent last.
How much to repeat is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sfu.rtp.errors import malformed
from sfu.rtp.packet import RtpPacket

MOST_OFFSET = (1 << 14) - 1
MOST_LENGTH = (1 << 10) - 1
# Chromium sends two earlier ones, and nobody more than a handful.
_MOST_BLOCKS = 16


@dataclass(frozen=True, slots=True)
class Block:
    """One encoded piece; `offset` in clock ticks before the packet's own timestamp, 0 for the packet's own sound."""

    payload_type: int
    offset: int
    data: bytes


def join(payload_type: int, earlier: Sequence[tuple[int, bytes]], own: bytes) -> bytes:
    """The payload.  `earlier`: (offset, data), oldest first; what RFC 2198 cannot express is left out."""
    fits = [(offset, data) for offset, data in earlier if 0 < offset <= MOST_OFFSET and len(data) <= MOST_LENGTH]
    head = b"".join([
        (1 << 31 | payload_type << 24 | offset << 10 | len(data)).to_bytes(4, "big") for offset, data in fits
    ])  # fmt: skip
    return head + bytes([payload_type]) + b"".join([data for _, data in fits]) + own


def split(payload: bytes) -> list[Block]:
    """All blocks, oldest first, the packet's own sound last.  Raises PeerFault."""
    heads: list[tuple[int, int, int]] = []
    at = 0
    while True:
        if at >= len(payload):
            raise malformed("A redundant audio packet ended inside its headers.")
        if not payload[at] & 0x80:
            break
        if at + 4 > len(payload) or len(heads) == _MOST_BLOCKS:
            raise malformed("A redundant audio packet had too many headers or ended inside one.")
        word = int.from_bytes(payload[at : at + 4], "big")
        heads.append((word >> 24 & 0x7F, word >> 10 & MOST_OFFSET, word & MOST_LENGTH))
        at += 4
    own_type = payload[at]
    at += 1
    blocks = []
    for payload_type, offset, length in heads:
        blocks.append(Block(payload_type, offset, payload[at : at + length]))
        at += length
    if at > len(payload):
        raise malformed("A redundant audio packet was shorter than its blocks.")
    return [*blocks, Block(own_type, 0, payload[at:])]


def unwrap(packet: RtpPacket, payload_type: int) -> list[RtpPacket]:
    """The packets of `payload_type` that `packet` carries, oldest first, as if they had come by themselves.

    Raises PeerFault.  Blocks of another type are left out; an empty earlier block repeats nothing.
    """
    blocks = split(packet.payload)
    found = []
    for back, block in zip(range(len(blocks) - 1, -1, -1), blocks, strict=True):
        if block.payload_type != payload_type or (back and (not block.data or not block.offset)):
            continue
        found.append(
            replace(
                packet,
                payload_type=payload_type,
                sequence=packet.sequence - back & 0xFFFF,
                timestamp=packet.timestamp - block.offset & 0xFFFF_FFFF,
                payload=block.data,
                marker=packet.marker and not back,
                extensions=dict(packet.extensions),
            )
        )
    return found
