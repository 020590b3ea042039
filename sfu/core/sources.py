"""What a peer sends: its microphone and camera, and which SSRCs they are at the moment.

Some clients name their SSRCs in the offer, others only put the mid into the first packets (RFC 8843), and any may
begin again with a new one.  A source outlives its streams; whoever watches it is moved along.  Binding an SSRC costs
us a table and everybody a key frame, so a peer that changes them without end is refused.
"""

from __future__ import annotations

from sfu.core.flow import Inbound, Slot, Stream
from sfu.core.limits import Allowance
from sfu.core.slots import attach, detach
from sfu.link.messages import PayloadTypes, SourceLine
from sfu.rtp.errors import ErrorCode, PeerFault

BINDS_PER_S, BINDS_BURST = 0.5, 20.0


class Source:
    """One sending line.  `stream` is what it sends with now, `watchers` are the slots given to it."""

    def __init__(self, line: SourceLine) -> None:
        self.id = line.source
        self.mid = line.mid
        self.video = line.kind == "video"
        self.stream: Stream | None = None
        self.watchers: list[Slot] = []


class Lines:
    """The sending lines of one peer."""

    def __init__(self, inbound: Inbound, lines: list[SourceLine], types: PayloadTypes) -> None:
        self.by_id = {line.source: Source(line) for line in lines}
        self._by_mid = {line.mid.encode(): self.by_id[line.source] for line in lines}
        self._inbound = inbound
        self._types = types
        self._binds = Allowance(BINDS_PER_S, BINDS_BURST)
        for line in lines:
            if line.ssrc is not None:
                self._bind(self.by_id[line.source], line.ssrc, line.rtx_ssrc)

    def learn(self, ssrc: int, payload_type: int, mid: bytes, now: float) -> Stream | None:
        """The stream of an SSRC that nobody announced, by its mid; None where that says nothing.

        Raises PeerFault(TOO_MANY) when a peer keeps changing its SSRCs.
        """
        source = self._by_mid.get(mid)
        if source is None:
            return None
        if payload_type == self._types.vp8_rtx and source.video and source.stream is not None:
            source.stream.rtx_ssrc = ssrc
            self._inbound.rtx = {known: s for known, s in self._inbound.rtx.items() if s is not source.stream}
            self._inbound.rtx[ssrc] = source.stream
            return source.stream
        if payload_type != (self._types.vp8 if source.video else self._types.opus):
            return None
        if not self._binds.take(now):
            raise PeerFault(ErrorCode.TOO_MANY, "It kept changing the identifiers of its media.")
        return self._bind(source, ssrc, None)

    def end(self, ssrc: int) -> Stream | None:
        """The peer said goodbye for this SSRC (RFC 3550 6.6); its source stays and may begin again."""
        stream = self._inbound.streams.get(ssrc)
        if stream is not None:
            self._release(self.by_id[stream.source])
        return stream

    def _bind(self, source: Source, ssrc: int, rtx_ssrc: int | None) -> Stream:
        self._release(source)
        if ssrc in self._inbound.streams or ssrc in self._inbound.rtx:
            raise PeerFault(ErrorCode.BAD_SDP, "Two sending lines had the same SSRC.")
        stream = Stream(self._inbound, source.id, ssrc, source.video)
        stream.payload_type = self._types.vp8 if source.video else self._types.opus
        self._inbound.streams[ssrc] = stream
        if source.video and self._types.vp8_rtx:
            stream.rtx_payload_type = self._types.vp8_rtx
            if rtx_ssrc is not None:
                stream.rtx_ssrc = rtx_ssrc
                self._inbound.rtx[rtx_ssrc] = stream
        source.stream = stream
        for slot in source.watchers:
            attach(slot, stream)
        return stream

    def _release(self, source: Source) -> None:
        stream, source.stream = source.stream, None
        if stream is None:
            return
        self._inbound.streams.pop(stream.ssrc, None)
        self._inbound.rtx.pop(stream.rtx_ssrc, None)
        for slot in list(stream.slots):
            detach(slot)


def begin_again(stream: Stream) -> None:
    """After a silence of its own choice the numbers may have jumped, and nothing of the gap was lost."""
    fresh = Stream(stream.publisher, stream.source, stream.ssrc, stream.video)
    stream.reception, stream.nacks, stream.clock = fresh.reception, fresh.nacks, fresh.clock
    stream.recent, stream.highest = fresh.recent, -1
