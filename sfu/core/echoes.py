# cython: wraparound=False
"""What a subscriber's transport-wide feedback says about the packets that we sent it.

A hundred subscribers tell about some 350,000 packets a second, so this reads the report (draft-holmer-rmcat-transport-
wide-cc-extensions-01) where it lies, without an object a packet, and adds up what left in one wake-up: that is one
burst on the wire, and one fact about the path.  `sfu.rtp.transport_feedback` is the readable twin.

A packet is accounted for once, however often reports overlap; one that was missing and comes late is taken back.
"""

from __future__ import annotations

from sfu.core.flow import SENT_PACKETS, Outbound
from sfu.rtp.bandwidth import Echo
from sfu.rtp.errors import malformed
from sfu.rtp.transport_feedback import TICKS_PER_SECOND

_FIXED_SIZE = 16
_MASK = SENT_PACKETS - 1
_TICKS = float(TICKS_PER_SECOND)
_TICKS_PER_REFERENCE = 256
_TOLD_MISSING = 0x8000
# What `Echo(...)` does in the end; there may be one a packet.
_made = tuple.__new__
_SIZE = 0x7FFF


class Report:
    """One feedback packet, added up."""

    __slots__ = ("echoes", "first_came", "last_came", "missing", "probed", "reported")

    def __init__(self) -> None:
        self.echoes: list[Echo] = []
        self.missing = self.reported = 0
        """`missing` may be negative: what was told as missing came after all."""
        self.probed = 0
        """Bytes of the probe's packets, and when the first and the last of them came, on the receiver's clock."""
        self.first_came = self.last_came = 0.0


def read(body: bytes, outbound: Outbound) -> Report:
    """From what follows the RTCP header.  Raises PeerFault."""
    if len(body) < _FIXED_SIZE:
        raise malformed("A transport feedback packet was too short.")
    base, count = body[8] << 8 | body[9], body[10] << 8 | body[11]
    if count > _MASK:
        raise malformed("A transport feedback packet told of more than we remember.")
    reference = body[12] << 16 | body[13] << 8 | body[14]
    symbols, at = _symbols(body, count)
    return _add_up(body, at, base, symbols, reference * _TICKS_PER_REFERENCE, outbound)


def _symbols(body: bytes, count: int) -> tuple[bytearray, int]:
    """The status of each packet, 0 to 2, and where the deltas begin."""
    symbols = bytearray(count)
    index, at, size = 0, _FIXED_SIZE, len(body)
    while index < count:
        if at + 2 > size:
            raise malformed("A transport feedback packet ended inside its statuses.")
        chunk = body[at] << 8 | body[at + 1]
        at += 2
        if not chunk & 0x8000:
            run = min(chunk & 0x1FFF, count - index)
            symbols[index : index + run] = bytes((chunk >> 13,)) * run
            index += run
            continue
        width = 2 if chunk & 0x4000 else 1
        left = 14
        while left and index < count:
            left -= width
            symbols[index] = chunk >> left & (width << 1) - 1
            index += 1
    if 3 in symbols:
        raise malformed("A transport feedback packet used a reserved symbol.")
    return symbols, at


def _add_up(body: bytes, at: int, base: int, symbols: bytearray, clock: int, outbound: Outbound) -> Report:
    report = Report()
    sent_at = outbound.sent_at
    sent_size = outbound.sent_size
    probe_first, probe_count = outbound.probe_first, outbound.probe_count
    left = came = -1.0
    burst = missing = reported = 0
    count = len(symbols)
    for index in range(count):
        symbol = symbols[index]
        number = base + index & 0xFFFF
        entry = number & _MASK
        size = sent_size[entry]
        size = size & 0xFFFF if size >> 16 == number else 0  # else so much was sent since that it is forgotten
        if symbol:
            if at + symbol > len(body):
                raise malformed("A transport feedback packet ended inside its deltas.")
            clock += body[at] if symbol == 1 else (body[at] << 8 | body[at + 1]) - ((body[at] & 0x80) << 9)
            at += symbol
        if not size:
            continue
        if not symbol:
            if size < _TOLD_MISSING:
                sent_size[entry] |= _TOLD_MISSING
                missing += 1
                reported += 1
            continue
        sent_size[entry] = 0
        if size & _TOLD_MISSING:
            missing -= 1
            size &= _SIZE
        else:
            reported += 1
        now = clock / _TICKS
        if number - probe_first & 0xFFFF < probe_count:
            report.first_came = report.first_came or now
            report.last_came = now
            report.probed += size
        if sent_at[entry] != left and burst:
            report.echoes.append(_made(Echo, (left, came, burst)))
            burst = 0
        left, came = sent_at[entry], now
        burst += size
    if burst:
        report.echoes.append(_made(Echo, (left, came, burst)))
    report.missing, report.reported = missing, reported
    return report
