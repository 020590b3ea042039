"""H264 in RTP (RFC 6184): where a key frame begins, the units of a packet as a decoder reads them, and the other way.

A decoder can begin at an instantaneous refresh (IDR) whose parameter sets it has.  Encoders of WebRTC send the sets
in front of every one, alone or in one packet with it, so a picture begins at the sets where there are any.
"""

from __future__ import annotations

import re
from itertools import pairwise

from sfu.rtp.errors import malformed
from sfu.rtp.packet import Buffer

_TYPE, _IMPORTANCE = 0x1F, 0x60
_IDR, _SPS, _PPS, _STAP_A, _FU_A = 5, 7, 8, 24, 28
_LAST_SINGLE = 23
_FIRST_FRAGMENT, _LAST_FRAGMENT = 0x80, 0x40
_START_CODE = b"\0\0\0\1"
_ANY_START_CODE = re.compile(rb"\x00*\x00\x00\x01")
"""Of three bytes or four, and the zeros that may trail the unit before (annex B, B.1)."""


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


def starts_unit(payload: Buffer) -> bool:
    """Whether a unit begins in this packet, rather than going on in it (5.8)."""
    return bool(payload) and not (
        payload[0] & _TYPE == _FU_A and len(payload) > 1 and not payload[1] & _FIRST_FRAGMENT
    )


def annex_b(payload: bytes) -> bytes:
    """What the packet carries as a byte stream (ITU-T H.264, annex B): packets joined in order are the frame.

    Raises PeerFault for kinds of packets that `packetization-mode=1` does not have, and for those that end early.
    """
    kind = payload[0] & _TYPE if payload else 0
    if 0 < kind <= _LAST_SINGLE:
        return _START_CODE + payload
    if kind == _STAP_A:
        return b"".join([_START_CODE + unit for unit in _units(payload)])
    if kind == _FU_A and len(payload) > 2:
        head = payload[0] & ~_TYPE | payload[1] & _TYPE
        return (_START_CODE + bytes((head,)) if payload[1] & _FIRST_FRAGMENT else b"") + payload[2:]
    raise malformed("An H264 packet was of an unknown kind, or ended inside its head.")


def packetize(frame: bytes, limit: int = 1200) -> list[bytes]:
    """Cuts one encoded frame (annex B) into payloads of at most `limit` bytes, as `packetization-mode=1` has them.

    Small units that follow each other, such as the parameter sets in front of a picture, share a packet (STAP-A,
    5.7.1); what is too large for one is fragmented (FU-A, 5.8) into pieces that differ by a byte at most.
    """
    payloads: list[bytes] = []
    together: list[bytes] = []
    for unit in filter(None, _ANY_START_CODE.split(frame)):
        if together and 1 + sum([2 + len(one) for one in (*together, unit)]) > limit:
            payloads.append(_joined(together))
            together = []
        if len(unit) > limit:
            payloads += _fragments(unit, limit)
        else:
            together.append(unit)
    return [*payloads, _joined(together)] if together else payloads


def _joined(units: list[bytes]) -> bytes:
    """As one packet: a STAP-A, whose importance is the highest of theirs, or the unit as it is."""
    if len(units) == 1:
        return units[0]
    importance = max([unit[0] & _IMPORTANCE for unit in units])
    return bytes((importance | _STAP_A,)) + b"".join([len(unit).to_bytes(2, "big") + unit for unit in units])


def _fragments(unit: bytes, limit: int) -> list[bytes]:
    indicator, kind = unit[0] & _IMPORTANCE | _FU_A, unit[0] & _TYPE
    size, room = len(unit) - 1, limit - 2
    pieces = -(-size // room)
    cuts = [1 + size * piece // pieces for piece in range(pieces + 1)]
    heads = [kind | _FIRST_FRAGMENT, *[kind] * (pieces - 2), kind | _LAST_FRAGMENT]
    return [
        bytes((indicator, head)) + unit[begin:end] for head, (begin, end) in zip(heads, pairwise(cuts), strict=True)
    ]


def parameter_sets(frame: bytes) -> bytes:
    """Those of a frame as `annex_b` has it; another size of picture has others.  Empty: it has none."""
    units = _ANY_START_CODE.split(frame)
    return b"".join([_START_CODE + unit for unit in units if unit and unit[0] & _TYPE in (_SPS, _PPS)])


def starts_with_refresh(frame: bytes) -> bool:
    """Whether a frame is a refresh (IDR) that brings no parameter sets of its own."""
    kinds = [unit[0] & _TYPE for unit in _ANY_START_CODE.split(frame) if unit]
    return _IDR in kinds and _SPS not in kinds


def _units(payload: bytes) -> list[bytes]:
    units, at = [], 1
    while at < len(payload):
        end = at + 2 + int.from_bytes(payload[at : at + 2], "big")
        if end > len(payload) or end == at + 2:
            raise malformed("An H264 packet ended inside one of its units.")
        units.append(payload[at + 2 : end])
        at = end
    return units


def _aggregated(payload: Buffer) -> list[int]:
    """Types of the units in a STAP-A (5.7.1): each has two bytes of length in front."""
    units, at = [], 1
    while at + 2 < len(payload):
        units.append(payload[at + 2] & _TYPE)
        at += 2 + (payload[at] << 8 | payload[at + 1])
    return units
