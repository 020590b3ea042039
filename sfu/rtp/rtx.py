"""Retransmissions on a stream of their own (RFC 4588, SSRC-multiplexed).

The original's number travels in front of its payload; the retransmission has its own SSRC, payload type and sequence,
so SRTP never sees the same index twice and loss statistics stay honest.
"""

from __future__ import annotations

from dataclasses import replace

from sfu.rtp.errors import malformed
from sfu.rtp.packet import RtpPacket


def wrap(packet: RtpPacket, payload_type: int, ssrc: int, sequence: int) -> RtpPacket:
    """`packet` as the retransmission number `sequence`; padding is not repeated."""
    payload = packet.sequence.to_bytes(2, "big") + packet.payload
    return replace(
        packet, payload_type=payload_type, ssrc=ssrc, sequence=sequence, payload=payload, padding=0,
        extensions=dict(packet.extensions),
    )  # fmt: skip


def unwrap(packet: RtpPacket, payload_type: int, ssrc: int) -> RtpPacket | None:
    """The original, as if it had come by itself on `ssrc`; None for mere padding, with which senders probe."""
    if not packet.payload:
        return None
    if len(packet.payload) < 2:
        raise malformed("A retransmission was shorter than the sequence number it must begin with.")
    sequence = int.from_bytes(packet.payload[:2], "big")
    return replace(
        packet, payload_type=payload_type, ssrc=ssrc, sequence=sequence, payload=packet.payload[2:], padding=0,
        extensions=dict(packet.extensions),
    )  # fmt: skip
