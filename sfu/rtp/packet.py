"""RTP packets (RFC 3550) with header extensions (RFC 8285), and telling apart what shares a UDP port (RFC 7983).

STUN, DTLS, RTP and RTCP arrive on one port.  `classify` looks at two bytes and promises nothing more; the parsers
answer with a value or one `PeerFault`, whatever the bytes.  What extension id means what is negotiated in SDP and
not known here: `extensions` maps ids to raw bytes, the functions at the end read and write their contents.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import Enum, auto

from sfu.rtp.errors import malformed

Buffer = bytes | bytearray | memoryview

_HEADER = struct.Struct("!BBHII")
_EXTENSION_HEADER = struct.Struct("!HH")
_ONE_BYTE = 0xBEDE
_TWO_BYTE = 0x1000  # the low four bits are "appbits", free for the application and unused by us


class Datagram(Enum):
    """What a datagram claims to be."""

    STUN = auto()
    DTLS = auto()
    RTP = auto()
    RTCP = auto()
    UNKNOWN = auto()


def classify(data: Buffer) -> Datagram:
    """By first byte (RFC 7983), RTP from RTCP by the second (RFC 5761, section 4).  SRTP counts as RTP."""
    if len(data) < 2:
        return Datagram.UNKNOWN
    first = data[0]
    if 128 <= first <= 191:
        return Datagram.RTCP if 192 <= data[1] <= 223 else Datagram.RTP
    if 20 <= first <= 63:
        return Datagram.DTLS
    return Datagram.STUN if first <= 3 else Datagram.UNKNOWN


@dataclass(slots=True)
class RtpPacket:
    """One RTP packet.  `padding` is the number of padding bytes, their count byte included."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False
    extensions: dict[int, bytes] = field(default_factory=dict)
    csrcs: tuple[int, ...] = ()
    padding: int = 0

    @classmethod
    def parse(cls, data: Buffer) -> RtpPacket:
        """Raises PeerFault where lengths or counts in the packet point outside it."""
        end = len(data)
        if end < 12:
            raise malformed("An RTP packet was shorter than its header.")
        first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
        if first >> 6 != 2:
            raise malformed("An RTP packet was not of version 2.")
        at = 12
        csrcs: tuple[int, ...] = ()
        if count := first & 0x0F:
            at += 4 * count
            if at > end:
                raise malformed("An RTP packet was shorter than its list of contributing sources.")
            csrcs = struct.unpack_from(f"!{count}I", data, 12)
        extensions: dict[int, bytes] = {}
        if first & 0x10:
            at = _read_extensions(data, at, extensions)
        padding = 0
        if first & 0x20:
            padding = data[-1]
            end -= padding
            if padding == 0 or end < at:
                raise malformed("An RTP packet had more padding than room.")
        payload = bytes(data[at:end])
        return cls(second & 0x7F, sequence, timestamp, ssrc, payload, second > 127, extensions, csrcs, padding)

    def serialize(self) -> bytes:
        """The packet's bytes.  ValueError or struct.error where a field does not fit: that is a bug of ours."""
        if len(self.csrcs) > 15 or not 0 <= self.payload_type < 128 or not 0 <= self.padding < 256:
            raise ValueError(f"no RTP packet can carry {self!r}")
        first = 0x80 | len(self.csrcs)
        second = self.payload_type | (0x80 if self.marker else 0)
        extensions = b""
        if self.extensions:
            first |= 0x10
            extensions = _write_extensions(self.extensions)
        padding = b""
        if self.padding:
            first |= 0x20
            padding = bytes(self.padding - 1) + bytes((self.padding,))
        header = _HEADER.pack(first, second, self.sequence, self.timestamp, self.ssrc)
        if self.csrcs:
            header += struct.pack(f"!{len(self.csrcs)}I", *self.csrcs)
        return b"".join((header, extensions, self.payload, padding))


def _read_extensions(data: Buffer, at: int, found: dict[int, bytes]) -> int:
    """Fills `found` from the extension block at `at`; returns where the block ends."""
    if at + 4 > len(data):
        raise malformed("An RTP packet ended inside its extension header.")
    profile, words = _EXTENSION_HEADER.unpack_from(data, at)
    at += 4
    end: int = at + 4 * words
    if end > len(data):
        raise malformed("An RTP packet was shorter than its header extensions.")
    if profile == _ONE_BYTE:
        _read_one_byte(data, at, end, found)
    elif profile & 0xFFF0 == _TWO_BYTE:
        _read_two_byte(data, at, end, found)
    return end


def _read_one_byte(data: Buffer, at: int, end: int, found: dict[int, bytes]) -> None:
    while at < end:
        head = data[at]
        at += 1
        if head == 0:
            continue  # padding
        key = head >> 4
        if key == 15:
            return  # reserved: stop here (RFC 8285, section 4.2)
        stop = at + (head & 0x0F) + 1
        if stop > end:
            raise malformed("An RTP header extension was longer than the block it is in.")
        if key:  # id 0 with a length is not padding, and nobody's
            found[key] = bytes(data[at:stop])
        at = stop


def _read_two_byte(data: Buffer, at: int, end: int, found: dict[int, bytes]) -> None:
    while at < end:
        key = data[at]
        at += 1
        if key == 0:
            continue  # padding
        stop = at + 1 + data[at] if at < end else end + 1
        if stop > end:
            raise malformed("An RTP header extension was longer than the block it is in.")
        found[key] = bytes(data[at + 1 : stop])
        at = stop


def _write_extensions(extensions: dict[int, bytes]) -> bytes:
    block = bytearray()
    if all(1 <= key <= 14 and 1 <= len(value) <= 16 for key, value in extensions.items()):
        profile = _ONE_BYTE
        for key, value in extensions.items():
            block.append(key << 4 | len(value) - 1)
            block += value
    else:
        profile = _TWO_BYTE
        for key, value in extensions.items():
            if key == 0:
                raise ValueError("header extension id 0 is padding")
            block += bytes((key, len(value)))
            block += value
    block += bytes(-len(block) % 4)
    return _EXTENSION_HEADER.pack(profile, len(block) // 4) + block


# -- contents of the extensions we negotiate -----------------------------------------------------------------


def audio_level(extension: bytes) -> tuple[bool, int]:
    """Voice activity and level in -dBov, 0 (loudest) to 127 (silence) (RFC 6464)."""
    if not extension:
        raise malformed("An audio level extension was empty.")
    return extension[0] > 127, extension[0] & 0x7F


def write_audio_level(voice: bool, dbov: int) -> bytes:
    """The RFC 6464 extension for a level in -dBov; quieter than 127 is 127."""
    return bytes(((0x80 if voice else 0) | min(max(dbov, 0), 127),))


def write_send_time(now: float) -> bytes:
    """abs-send-time: 24 bits of 6.18 fixed-point seconds, so it wraps every 64 s."""
    return (int(now * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big")


def write_transport_sequence(sequence: int) -> bytes:
    """The transport-wide sequence number, shared by all streams of one transport."""
    return sequence.to_bytes(2, "big")
