"""VP8 in RTP (RFC 7741): the payload descriptor, key frames, cutting a frame into packets.

A forwarder never decodes, but it must know where a frame begins, whether it is a key frame, and it must rewrite
picture ids when it switches a slot to another source.  The bitstream behind the first ten bytes is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sfu.rtp.errors import PeerFault, malformed
from sfu.rtp.packet import Buffer

_X, _N, _S = 0x80, 0x20, 0x10
_I, _L, _T, _K = 0x80, 0x40, 0x20, 0x10
_M = 0x80
_START_CODE = b"\x9d\x01\x2a"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The payload descriptor.  Absent fields are None; `wide` says that the picture id has 15 bits, not 7."""

    start: bool
    partition: int = 0
    non_reference: bool = False
    picture_id: int | None = None
    wide: bool = True
    tl0picidx: int | None = None
    tid: int | None = None
    layer_sync: bool = False
    keyidx: int | None = None

    @classmethod
    def parse(cls, payload: Buffer) -> tuple[Descriptor, int]:
        """The descriptor and its length; the VP8 data follows it."""
        try:
            return cls._parse(payload)
        except IndexError:
            raise _truncated() from None

    @classmethod
    def _parse(cls, payload: Buffer) -> tuple[Descriptor, int]:
        head = payload[0]
        start, partition, non_reference = bool(head & _S), head & 0x07, bool(head & _N)
        if not head & _X:
            return cls(start, partition, non_reference), 1
        flags, at = payload[1], 2
        picture_id, wide = None, True
        if flags & _I:
            picture_id, wide = payload[at], bool(payload[at] & _M)
            at += 1
            if wide:
                picture_id = (picture_id & 0x7F) << 8 | payload[at]
                at += 1
        tl0picidx = None
        if flags & _L:
            tl0picidx = payload[at]
            at += 1
        tid, layer_sync, keyidx = None, False, None
        if flags & (_T | _K):
            layer = payload[at]
            at += 1
            if flags & _T:
                tid, layer_sync = layer >> 6, bool(layer & 0x20)
            if flags & _K:
                keyidx = layer & 0x1F
        return cls(start, partition, non_reference, picture_id, wide, tl0picidx, tid, layer_sync, keyidx), at

    def serialize(self) -> bytes:
        """A picture id that is too large wraps, as the numbers of pictures do."""
        flags, fields = 0, bytearray()
        if self.picture_id is not None:
            flags |= _I
            number = self.picture_id & (0x7FFF if self.wide else 0x7F)
            fields += (number | 0x8000).to_bytes(2, "big") if self.wide else bytes((number,))
        if self.tl0picidx is not None:
            flags |= _L
            fields.append(self.tl0picidx)
        layer = 0
        if self.tid is not None:
            flags |= _T
            layer |= self.tid << 6 | self.layer_sync << 5
        if self.keyidx is not None:
            flags |= _K
            layer |= self.keyidx
        if flags & (_T | _K):
            fields.append(layer)
        head = self.partition | (_S if self.start else 0) | (_N if self.non_reference else 0)
        return bytes((head | _X, flags)) + fields if flags else bytes((head,))


def starts_frame(payload: Buffer) -> bool:
    """Whether this is the first packet of a frame: start of partition 0."""
    if not payload:
        raise _truncated()
    return payload[0] & (_S | 0x07) == _S


def is_keyframe(payload: Buffer) -> bool:
    """Whether this is the first packet of a key frame (P bit clear in the first VP8 byte, RFC 7741 4.3)."""
    if not starts_frame(payload):
        return False
    at = _descriptor_size(payload)
    if at >= len(payload):
        raise _truncated()
    return not payload[at] & 0x01


def frame_size(payload: Buffer) -> tuple[int, int] | None:
    """Width and height, if this is the first packet of a key frame (RFC 6386 9.1)."""
    if not is_keyframe(payload):
        return None
    at = _descriptor_size(payload)
    if len(payload) < at + 10 or payload[at + 3 : at + 6] != _START_CODE:
        return None
    width = int.from_bytes(payload[at + 6 : at + 8], "little") & 0x3FFF
    height = int.from_bytes(payload[at + 8 : at + 10], "little") & 0x3FFF
    return width, height


def packetize(frame: Buffer, picture_id: int, limit: int = 1200) -> list[bytes]:
    """Cuts one encoded frame into payloads of at most `limit` bytes.

    Pieces differ by a byte at most: equal sizes go out in one GSO run, and no tiny last packet is paid for.
    """
    first = Descriptor(start=True, picture_id=picture_id).serialize()
    later = Descriptor(start=False, picture_id=picture_id).serialize()
    room = limit - len(first)
    if room < 1:
        raise ValueError(f"no VP8 fits in payloads of {limit} bytes")
    pieces = -(-len(frame) // room)
    cuts = [len(frame) * piece // pieces for piece in range(pieces + 1)] if pieces else []
    return [(later if begin else first) + bytes(frame[begin:end]) for begin, end in pairwise(cuts)]


def _descriptor_size(payload: Buffer) -> int:
    """Length of the descriptor without building it: this runs for every packet that starts a frame."""
    if not payload[0] & _X:
        return 1
    if len(payload) < 3:
        raise _truncated()
    flags = payload[1]
    size = 2
    if flags & _I:
        size += 2 if payload[2] & _M else 1
    if flags & _L:
        size += 1
    return size + 1 if flags & (_T | _K) else size


def _truncated() -> PeerFault:
    return malformed("A VP8 packet ended inside its descriptor.")
