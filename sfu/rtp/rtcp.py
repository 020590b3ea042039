"""RTCP (RFC 3550, 4585, 5104, REMB): compound packets to values and back.

Reports say what arrived, feedback asks for packets and key frames.  Formats we do not know become `Other` and are
nobody's fault; lengths that point outside the datagram are one `PeerFault` for the whole of it.  What follows from
a report is not decided here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sfu.rtp.errors import malformed
from sfu.rtp.packet import Buffer
from sfu.rtp.transport_feedback import Arrival, TransportFeedback

__all__ = [
    "Arrival", "FullIntra", "Goodbye", "Nack", "Other", "PictureLoss", "ReceiverReport", "Remb", "ReportBlock", "Rtcp",
    "SenderReport", "SourceDescription", "TransportFeedback", "from_ntp", "middle_ntp", "parse", "round_trip",
    "serialize", "to_ntp",
]  # fmt: skip

# What fits an Ethernet frame.  A NACK entry names 17 packets in 4 bytes, so this also bounds what one can ask.
_MAX_SIZE = 1500
_SR, _RR, _SDES, _BYE, _PSFB = 200, 201, 202, 203, 206
TRANSPORT_LAYER, TRANSPORT_CC = 205, 15
"""Packet type and format of transport-wide feedback."""
_NACK = 1
_PLI, _FIR, _ALFB = 1, 4, 15
_CNAME = 1
_BLOCK = struct.Struct("!IB3sIIII")
_SENDER_INFO = struct.Struct("!IQIII")
_TWO_SSRCS = struct.Struct("!II")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """Reception of one source.  `fraction_lost` in 1/256, `jitter` in timestamp units, `delay` in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_sr: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """`ntp` is 32.32 fixed-point seconds of the sender's clock, `rtp_time` the same instant on the media clock."""

    ssrc: int
    ntp: int
    rtp_time: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """(SSRC, CNAME) pairs; other items are not kept."""

    chunks: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Goodbye:
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureLoss:
    sender: int
    media: int


@dataclass(frozen=True, slots=True)
class FullIntra:
    """`entries` are (SSRC, command number): a repeated number is the same request again (RFC 5104 4.3.1)."""

    sender: int
    entries: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Nack:
    sender: int
    media: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remb:
    """The most the receiver believes it can take, in bits per second, for all `ssrcs` together."""

    sender: int
    bitrate: int
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A format we do not know.  `count` is the five-bit field: report count or feedback format."""

    packet_type: int
    count: int
    body: bytes


Rtcp = (
    SenderReport | ReceiverReport | SourceDescription | Goodbye | PictureLoss | FullIntra | Nack | TransportFeedback
    | Remb | Other
)  # fmt: skip


def parse(data: Buffer, *, feedback: bool = True) -> list[Rtcp]:
    """Every packet of a compound, or of a reduced-size one (RFC 5506).  Raises PeerFault.

    Without `feedback`, transport-wide feedback stays as it came (`Other`), for a reader who counts every microsecond.
    """
    data = bytes(data)
    if not 4 <= len(data) <= _MAX_SIZE:
        raise malformed("An RTCP datagram had an impossible size.")
    found: list[Rtcp] = []
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise malformed("An RTCP datagram ended inside a header.")
        first, packet_type, words = struct.unpack_from("!BBH", data, at)
        start, stop = at + 4, at + 4 + 4 * words
        if first >> 6 != 2 or stop > len(data):
            raise malformed("An RTCP packet had a wrong version or length.")
        at = stop
        if first & 0x20:
            stop = _without_padding(data, start, stop)
        if not feedback and packet_type == TRANSPORT_LAYER and first & 0x1F == TRANSPORT_CC:
            found.append(Other(packet_type, TRANSPORT_CC, data[start:stop]))
            continue
        found.append(_parse_one(packet_type, first & 0x1F, data[start:stop]))
    return found


def serialize(packets: Iterable[Rtcp]) -> bytes:
    """One compound datagram, in the order given: a report should come first (RFC 3550 6.1)."""
    return b"".join([_serialize_one(packet) for packet in packets])


def to_ntp(seconds: float) -> int:
    """32.32 fixed point; only differences matter between us, so any clock's seconds will do."""
    return int(seconds * (1 << 32)) & 0xFFFF_FFFF_FFFF_FFFF


def from_ntp(ntp: int) -> float:
    return ntp / (1 << 32)


def middle_ntp(ntp: int) -> int:
    """The middle 32 bits: what `last_sr` repeats."""
    return ntp >> 16 & 0xFFFF_FFFF


def round_trip(block: ReportBlock, now: float) -> float | None:
    """Seconds from our sender report and back (RFC 3550 6.4.1); None before the first, or where it makes no sense.

    `now` is on the clock that `to_ntp` was given for our reports.
    """
    if block.last_sr == 0:
        return None
    elapsed = middle_ntp(to_ntp(now)) - block.last_sr - block.delay & 0xFFFF_FFFF
    return elapsed / 65536 if elapsed < 0x8000_0000 else None


# -- reading -------------------------------------------------------------------------------------------------


def _without_padding(data: bytes, start: int, stop: int) -> int:
    padding = data[stop - 1] if stop > start else 0
    if padding == 0 or padding > stop - start:
        raise malformed("An RTCP packet had more padding than room.")
    return stop - padding


def _parse_one(packet_type: int, count: int, body: bytes) -> Rtcp:
    if packet_type == TRANSPORT_LAYER:
        return _parse_transport_layer(count, body)
    if packet_type == _PSFB:
        return _parse_payload_specific(count, body)
    if packet_type == _SR:
        _require(body, _SENDER_INFO.size, "sender report")
        ssrc, ntp, rtp_time, packets, octets = _SENDER_INFO.unpack_from(body)
        return SenderReport(ssrc, ntp, rtp_time, packets, octets, _parse_blocks(body, _SENDER_INFO.size, count))
    if packet_type == _RR:
        _require(body, 4, "receiver report")
        return ReceiverReport(_word(body, 0), _parse_blocks(body, 4, count))
    if packet_type == _SDES:
        return _parse_description(count, body)
    if packet_type == _BYE:
        _require(body, 4 * count, "goodbye")
        return Goodbye(struct.unpack_from(f"!{count}I", body))
    return Other(packet_type, count, body)


def _parse_transport_layer(count: int, body: bytes) -> Rtcp:
    if count == TRANSPORT_CC:
        return TransportFeedback.parse(body)
    if count == _NACK:
        _require(body, 8, "NACK")
        return Nack(_word(body, 0), _word(body, 4), _read_lost(body[8:]))
    return Other(TRANSPORT_LAYER, count, body)


def _parse_payload_specific(count: int, body: bytes) -> Rtcp:
    if count == _PLI:
        _require(body, 8, "picture loss indication")
        return PictureLoss(*_TWO_SSRCS.unpack_from(body))
    if count == _FIR:
        _require(body, 8, "full intra request")
        entries = struct.iter_unpack("!IB3x", body[8 : len(body) & ~7])
        return FullIntra(_word(body, 0), tuple((ssrc, number) for ssrc, number in entries))
    if count == _ALFB and body[8:12] == b"REMB":
        return _parse_remb(body)
    return Other(_PSFB, count, body)


def _parse_blocks(body: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    _require(body, at + count * _BLOCK.size, "report")
    blocks = []
    for offset in range(at, at + count * _BLOCK.size, _BLOCK.size):
        ssrc, fraction, lost, highest, jitter, last_sr, delay = _BLOCK.unpack_from(body, offset)
        lost = int.from_bytes(lost, "big", signed=True)
        blocks.append(ReportBlock(ssrc, fraction, lost, highest, jitter, last_sr, delay))
    return tuple(blocks)


def _parse_description(count: int, body: bytes) -> SourceDescription:
    chunks = []
    at = 0
    for _ in range(count):
        _require(body, at + 4, "source description")
        ssrc, cname = _word(body, at), ""
        at += 4
        while at < len(body) and body[at]:
            _require(body, at + 2, "source description")
            stop = at + 2 + body[at + 1]
            _require(body, stop, "source description")
            if body[at] == _CNAME:
                cname = body[at + 2 : stop].decode("utf-8", "replace")
            at = stop
        at += 4 - at % 4  # one to four zeros end the items
        chunks.append((ssrc, cname))
    return SourceDescription(tuple(chunks))


def _parse_remb(body: bytes) -> Remb:
    _require(body, 16, "REMB")
    word = _word(body, 12)
    count = word >> 24
    _require(body, 16 + 4 * count, "REMB")
    bitrate = (word & 0x3FFFF) << (word >> 18 & 0x3F)
    return Remb(_word(body, 0), bitrate, struct.unpack_from(f"!{count}I", body, 16))


def _read_lost(entries: bytes) -> tuple[int, ...]:
    lost: list[int] = []
    for first, following in struct.iter_unpack("!HH", entries[: len(entries) & ~3]):
        lost.append(first)
        if following:
            lost += [first + place & 0xFFFF for place in range(1, 17) if following >> (place - 1) & 1]
    return tuple(lost)


def _require(body: bytes, size: int, what: str) -> None:
    if len(body) < size:
        raise malformed(f"An RTCP {what} was shorter than it says.")


def _word(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "big")


# -- writing -------------------------------------------------------------------------------------------------


def _serialize_one(packet: Rtcp) -> bytes:
    packet_type, count, body = _encode(packet)
    if count > 31:
        raise ValueError(f"no RTCP packet can carry {count} entries")
    padding = -len(body) % 4
    if padding:
        body += bytes(padding - 1) + bytes((padding,))
    first = 0x80 | (0x20 if padding else 0) | count
    return struct.pack("!BBH", first, packet_type, len(body) // 4) + body


def _encode(packet: Rtcp) -> tuple[int, int, bytes]:
    """Packet type, five-bit count or format, body."""
    match packet:
        case SenderReport():
            info = (packet.ssrc, packet.ntp, packet.rtp_time, packet.packets & 0xFFFF_FFFF, packet.octets & 0xFFFF_FFFF)
            return _SR, len(packet.blocks), _SENDER_INFO.pack(*info) + _encode_blocks(packet.blocks)
        case ReceiverReport():
            return _RR, len(packet.blocks), struct.pack("!I", packet.ssrc) + _encode_blocks(packet.blocks)
        case SourceDescription():
            return _SDES, len(packet.chunks), b"".join([_encode_chunk(*chunk) for chunk in packet.chunks])
        case Goodbye():
            return _BYE, len(packet.ssrcs), struct.pack(f"!{len(packet.ssrcs)}I", *packet.ssrcs)
        case PictureLoss():
            return _PSFB, _PLI, _TWO_SSRCS.pack(packet.sender, packet.media)
        case FullIntra():
            entries = b"".join([struct.pack("!IB3x", ssrc, number) for ssrc, number in packet.entries])
            return _PSFB, _FIR, _TWO_SSRCS.pack(packet.sender, 0) + entries
        case Nack():
            return TRANSPORT_LAYER, _NACK, _TWO_SSRCS.pack(packet.sender, packet.media) + _write_lost(packet.lost)
        case TransportFeedback():
            return TRANSPORT_LAYER, TRANSPORT_CC, packet.serialize()
        case Remb():
            return _PSFB, _ALFB, _encode_remb(packet)
        case Other():
            return packet.packet_type, packet.count, packet.body


def _encode_blocks(blocks: Sequence[ReportBlock]) -> bytes:
    return b"".join([
        _BLOCK.pack(
            block.ssrc, block.fraction_lost,
            min(max(block.lost, -0x800000), 0x7FFFFF).to_bytes(3, "big", signed=True),
            block.highest, block.jitter, block.last_sr, block.delay,
        )
        for block in blocks
    ])  # fmt: skip


def _encode_chunk(ssrc: int, cname: str) -> bytes:
    name = cname.encode()
    chunk = struct.pack("!IBB", ssrc, _CNAME, len(name)) + name
    return chunk + bytes(4 - len(chunk) % 4)


def _encode_remb(packet: Remb) -> bytes:
    exponent = max(packet.bitrate.bit_length() - 18, 0)
    word = len(packet.ssrcs) << 24 | exponent << 18 | packet.bitrate >> exponent
    head = _TWO_SSRCS.pack(packet.sender, 0) + b"REMB" + struct.pack("!I", word)
    return head + struct.pack(f"!{len(packet.ssrcs)}I", *packet.ssrcs)


def _write_lost(lost: Sequence[int]) -> bytes:
    """(first, following sixteen) pairs; ascending numbers pack best."""
    entries: list[tuple[int, int]] = []
    for sequence in lost:
        ahead = sequence - entries[-1][0] & 0xFFFF if entries else 0xFFFF
        if ahead == 0:
            continue
        if ahead <= 16:
            first, following = entries[-1]
            entries[-1] = first, following | 1 << (ahead - 1)
        else:
            entries.append((sequence, 0))
    return b"".join([struct.pack("!HH", *entry) for entry in entries])
