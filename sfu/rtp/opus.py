"""What an Opus packet says about itself before it is decoded (RFC 6716, section 3; RFC 7587)."""

from __future__ import annotations

# Samples a frame at 48 kHz, by the upper five bits of the first byte.
_SILK = (480, 960, 1920, 2880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
_FRAME = _SILK * 3 + _HYBRID * 2 + _CELT * 4
_MOST = 5760  # 120 ms
_DTX_SIZE = 2


def samples(payload: bytes) -> int:
    """How long the packet lasts, at 48 kHz; 0 for what no decoder would take."""
    if not payload:
        return 0
    length = _FRAME[payload[0] >> 3] * _frames(payload)
    return length if length <= _MOST else 0


def pauses(payload: bytes) -> bool:
    """Whether the speaker pauses from here on: discontinuous transmission sends no sound in one or two bytes."""
    return len(payload) <= _DTX_SIZE


def _frames(payload: bytes) -> int:
    code = payload[0] & 3
    if code < 3:
        return 1 if code == 0 else 2
    return payload[1] & 0x3F if len(payload) > 1 else 0
