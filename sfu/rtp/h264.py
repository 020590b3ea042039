"""H264 in RTP (RFC 6184): only what a forwarder must see, where a key frame begins.

A decoder can begin at an instantaneous refresh (IDR) whose parameter sets it has.  Encoders of WebRTC send the sets
in front of every one, alone or in one packet with it, so a picture begins at the sets where there are any.
"""

from __future__ import annotations

from sfu.rtp.packet import Buffer

_TYPE = 0x1F
_IDR, _SPS, _STAP_A, _FU_A = 5, 7, 24, 28
_FIRST_FRAGMENT = 0x80


def is_keyframe(payload: Buffer) -> bool:
    """Whether a decoder can begin with this packet; a broken packet is none."""
    if not payload:
        return False
    kind = payload[0] & _TYPE
    if kind == _STAP_A:
        return any(unit in (_IDR, _SPS) for unit in _aggregated(payload))
    if kind == _FU_A:
        return len(payload) > 1 and bool(payload[1] & _FIRST_FRAGMENT) and payload[1] & _TYPE in (_IDR, _SPS)
    return kind in (_IDR, _SPS)


def _aggregated(payload: Buffer) -> list[int]:
    """Types of the units in a STAP-A (5.7.1): each has two bytes of length in front."""
    units, at = [], 1
    while at + 2 < len(payload):
        units.append(payload[at + 2] & _TYPE)
        at += 2 + (payload[at] << 8 | payload[at + 1])
    return units
