"""RTP as we send it: one stream's sequence, timestamps, header extensions, reports and retransmissions.

What to send and when is decided elsewhere; this core turns payloads into packets, remembers them for a while so that a
lost one can be sent again (RFC 4588), and counts for its sender report.  It is told the time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.engine.offer import SendingLine
from sfu.rtp.cache import PacketCache
from sfu.rtp.packet import RtpPacket, write_audio_level, write_send_time, write_transport_sequence
from sfu.rtp.rtcp import SenderReport, to_ntp
from sfu.rtp.rtx import wrap
from sfu.rtp.sdp import ExtensionUri


class TransportSequence:
    """The transport-wide sequence number: every packet of every stream takes the next one.

    `left` is told number, size in bytes and instant of every packet.
    """

    def __init__(self, left: Callable[[int, int, float], None] = lambda number, size, now: None) -> None:
        self.left = left
        self._next = 0

    def take(self) -> int:
        taken = self._next
        self._next = (taken + 1) & 0xFFFF
        return taken


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One frame to send.  `media_time` in clock ticks from any zero, `captured` the monotonic instant of the same;
    `marker` goes on the last packet; `level` in -dBov; `payload_type` where it is not the line's own."""

    payloads: Sequence[bytes]
    media_time: int
    captured: float
    marker: bool = True
    level: int | None = None
    payload_type: int | None = None


class RtpSender:
    """One SSRC and, where agreed, its repair stream."""

    def __init__(self, line: SendingLine, transport_sequence: TransportSequence) -> None:
        self._line = line
        self._transport_sequence = transport_sequence
        self._sequence = secrets.randbits(15)  # RFC 3711 3.3.1: away from the wrap, so that ROC starts in step
        self._repair_sequence = secrets.randbits(15)
        self._origin = secrets.randbits(32)
        self._cache: PacketCache[RtpPacket] = PacketCache()
        self.round_trip = 0.1
        """Seconds, as last measured from the host's reports."""
        self.lost = 0.0
        """The share of our packets that the host missed lately, 0 to 1."""
        self._last: tuple[int, float] | None = None
        self._packets = 0
        self._octets = 0

    @property
    def ssrc(self) -> int:
        return self._line.ssrc

    @property
    def clock_rate(self) -> int:
        return self._line.clock_rate

    @property
    def redundant_payload_type(self) -> int | None:
        return self._line.redundant_payload_type

    def packetize(self, frame: Outgoing, now: float) -> list[bytes]:
        """The packets of one frame, numbered."""
        timestamp = (self._origin + frame.media_time) & 0xFFFF_FFFF
        self._last = timestamp, frame.captured
        payloads = frame.payloads
        packets = []
        for number, payload in enumerate(payloads, 1):
            count = self._transport_sequence.take()
            packet = RtpPacket(
                payload_type=self._line.payload_type if frame.payload_type is None else frame.payload_type,
                sequence=self._sequence,
                timestamp=timestamp,
                ssrc=self._line.ssrc,
                payload=payload,
                marker=frame.marker and number == len(payloads),
                extensions=self._extensions(now, count, frame.level),
            )
            self._sequence = (self._sequence + 1) & 0xFFFF
            self._packets += 1
            self._octets += len(payload)
            self._cache.put(packet.sequence, packet, now)
            packets.append(self._leave(packet, count, now))
        return packets

    def resend(self, lost: Sequence[int], now: float) -> list[bytes]:
        """The packets of a NACK that are still remembered, on the repair stream; none where there is no such stream."""
        line = self._line
        if line.repair_ssrc is None or line.repair_payload_type is None:
            return []
        packets = []
        for sequence in lost:
            original = self._cache.answer(sequence, now, self.round_trip)
            if original is None:
                continue
            repair = wrap(original, line.repair_payload_type, line.repair_ssrc, self._repair_sequence)
            count = self._transport_sequence.take()  # a transport-wide number is used once
            repair.extensions = self._extensions(now, count, repair=True)
            self._repair_sequence = (self._repair_sequence + 1) & 0xFFFF
            packets.append(self._leave(repair, count, now))
        return packets

    def report(self, now: float) -> SenderReport | None:
        """RFC 3550 6.4.1; None before the first packet.  Its two times are those of capture, or lips would lag."""
        if self._last is None:
            return None
        timestamp, at = self._last
        rtp_time = (timestamp + round((now - at) * self._line.clock_rate)) & 0xFFFF_FFFF
        return SenderReport(self._line.ssrc, to_ntp(now), rtp_time, self._packets, self._octets)

    def _leave(self, packet: RtpPacket, count: int, now: float) -> bytes:
        data = packet.serialize()
        self._transport_sequence.left(count, len(data), now)
        return data

    def _extensions(
        self, now: float, count: int, level: int | None = None, repair: bool = False
    ) -> dict[int, bytes]:
        values = {
            ExtensionUri.MID: self._line.mid.encode(),
            ExtensionUri.SEND_TIME: write_send_time(now),
            ExtensionUri.TRANSPORT_CC: write_transport_sequence(count),
        }
        if level is not None:
            values[ExtensionUri.AUDIO_LEVEL] = write_audio_level(voice=level < 127, dbov=level)
        if self._line.rid is not None:
            values[ExtensionUri.REPAIRED_RID if repair else ExtensionUri.RID] = self._line.rid.encode()
        ids = self._line.extensions
        return {ids[uri]: value for uri, value in values.items() if uri in ids}
