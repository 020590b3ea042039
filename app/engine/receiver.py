"""RTP as we receive it: which slot a packet belongs to, what is missing, what to tell the host.

A core: it parses, counts and decides what to ask for again; jitter buffers and decoders come after it.  A packet of
nobody's is dropped in silence, a broken one is a PeerFault for the caller to count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.engine.offer import SlotLine
from sfu.rtp import h264, red, vp8
from sfu.rtp.nack import NackGenerator
from sfu.rtp.packet import RtpPacket
from sfu.rtp.reception import Reception
from sfu.rtp.rtcp import Nack, PictureLoss, ReportBlock, Rtcp, SenderReport
from sfu.rtp.rtx import unwrap

# One LAN round trip and the time a laptop needs to encode a key frame; asking sooner buys a second large frame.
KEYFRAME_RETRY = 0.5


@dataclass(slots=True)
class _Stream:
    line: SlotLine
    reception: Reception
    nack: NackGenerator = field(default_factory=NackGenerator)
    ask_keyframe_at: float | None = None


class Receiver:
    """All slots of one connection."""

    def __init__(
        self,
        slots: Sequence[SlotLine],
        own_ssrc: int,
        came: Callable[[RtpPacket, float], None] = lambda packet, now: None,
    ) -> None:
        """`came` is told every packet as it came over the transport, of whatever stream."""
        self._own_ssrc = own_ssrc
        self._came = came
        self._streams = {line.ssrc: _Stream(line, Reception(line.ssrc, line.clock_rate)) for line in slots}
        self._repairs = {
            line.repair_ssrc: self._streams[line.ssrc] for line in slots if line.repair_ssrc is not None
        }

    def receive(self, data: bytes, now: float) -> tuple[SlotLine, list[RtpPacket]] | None:
        """The slot and what came for it, oldest first; None for what nobody waits for.  Raises PeerFault."""
        packet = RtpPacket.parse(data)
        self._came(packet, now)
        stream = self._streams.get(packet.ssrc)
        if stream is not None:
            line = stream.line
            if packet.payload_type not in (line.payload_type, line.redundant_payload_type, line.h264_payload_type):
                return None
            stream.reception.feed(packet.sequence, packet.timestamp, now)
            if packet.payload_type == stream.line.redundant_payload_type:
                return stream.line, red.unwrap(packet, stream.line.payload_type)
        else:
            stream = self._repairs.get(packet.ssrc)
            if stream is None or packet.payload_type not in stream.line.repairs:
                return None
            original = unwrap(packet, stream.line.repairs[packet.payload_type], stream.line.ssrc)
            if original is None:
                return None
            packet = original
        return (stream.line, [packet]) if self._is_new(stream, packet, now) else None

    def want_keyframe(self, ssrc: int, now: float) -> None:
        """Asked for at once, and again until one arrives."""
        stream = self._streams[ssrc]
        if stream.ask_keyframe_at is None:
            stream.ask_keyframe_at = now

    def poll(self, now: float) -> list[Rtcp]:
        """What to ask the host for, now."""
        asked: list[Rtcp] = []
        for ssrc, stream in self._streams.items():
            if lost := stream.nack.poll(now):
                asked.append(Nack(self._own_ssrc, ssrc, tuple(lost)))
            if stream.nack.wants_keyframe:
                self.want_keyframe(ssrc, now)
            if stream.ask_keyframe_at is not None and stream.ask_keyframe_at <= now:
                stream.ask_keyframe_at = now + KEYFRAME_RETRY
                asked.append(PictureLoss(self._own_ssrc, ssrc))
        return asked

    def report(self, now: float) -> tuple[ReportBlock, ...]:
        """RFC 3550 6.4: one block for each stream that brought something since the last report."""
        blocks = [stream.reception.report(now) for stream in self._streams.values()]
        return tuple(block for block in blocks if block is not None)

    def sender_report(self, report: SenderReport, now: float) -> None:
        if report.ssrc in self._streams:
            self._streams[report.ssrc].reception.sender_report(report, now)

    def set_round_trip(self, seconds: float) -> None:
        for stream in self._streams.values():
            stream.nack.round_trip = seconds

    def _is_new(self, stream: _Stream, packet: RtpPacket, now: float) -> bool:
        if stream.line.kind == "audio":
            return True  # sound that is asked for again comes too late: concealment serves it
        begins = h264.is_keyframe if packet.payload_type == stream.line.h264_payload_type else vp8.is_keyframe
        keyframe = bool(packet.payload) and begins(packet.payload)
        if keyframe:
            stream.ask_keyframe_at = None
        return stream.nack.feed(packet.sequence, now, keyframe)
