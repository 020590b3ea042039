"""What a peer sends: its microphone and camera, and which SSRCs they are at the moment.

Some clients name their SSRCs in the offer, others only put the mid into the first packets (RFC 8843), and of a
picture sent in several layers also the layer's name, the rid (RFC 8852); its retransmissions name the layer that they
repair.  Any may begin again with a new SSRC.  A source outlives its streams; whoever watches it is moved along.
Binding an SSRC costs us a table and everybody a key frame, so a peer that changes them without end is refused.
"""

from __future__ import annotations

from sfu.core.flow import Inbound, Slot, Stream
from sfu.core.ledger import Account, Kind
from sfu.core.limits import Allowance
from sfu.core.resuming import describe, described, take_up
from sfu.core.slots import attach, leave
from sfu.link.messages import PayloadTypes, SourceLine
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire.messages import RIDS

BINDS_PER_S, BINDS_BURST = 0.5, 20.0
WHOLE = ""
"""The name of the only layer of a source that is not sent in layers."""
_NO_LAYER = 0xFF


class Source:
    """One sending line.  `layers` is what it sends with now, by rid; `watchers` are the slots given to it."""

    def __init__(self, line: SourceLine) -> None:
        self.id = line.source
        self.owner = line.source.partition("/")[0]
        self.mid = line.mid
        self.video = line.kind == "video"
        self.is_screen = line.source.endswith("/screen")
        self.rids = tuple(line.rids)
        """Layers that were negotiated, best first; none: it is sent whole."""
        self.layers: dict[str, Stream] = {}
        self.watchers: list[Slot] = []

    @property
    def streams(self) -> list[Stream]:
        return list(self.layers.values())


class Lines:
    """The sending lines of one peer."""

    def __init__(
        self, inbound: Inbound, lines: list[SourceLine], types: PayloadTypes, account: Account, now: float
    ) -> None:
        self.by_id = {line.source: Source(line) for line in lines}
        self._by_mid = {line.mid.encode(): self.by_id[line.source] for line in lines}
        self._order = [line.source for line in lines]
        self._account = account
        self._inbound = inbound
        self._types = types
        self._binds = Allowance(BINDS_PER_S, BINDS_BURST)
        before = [(record.ssrc, record.numbers) for record in account.known(Kind.RECEIVING)]
        for line in lines:
            if line.ssrc is not None:
                stream = self._bind(self.by_id[line.source], WHOLE, line.ssrc, self._first_type(line))
                if stream.rtx_payload_type >= 0 and line.rtx_ssrc is not None:
                    self._repair(stream, line.rtx_ssrc)
        for ssrc, numbers in before:
            self._remember(ssrc, *described(numbers))
        for stream in inbound.streams.values():
            take_up(stream, now)

    def learn(self, ssrc: int, payload_type: int, mid: bytes, rid: bytes, now: float) -> Stream | None:
        """The stream of an SSRC that nobody announced, by its mid and rid; None where they say nothing.

        Raises PeerFault(TOO_MANY) when a peer keeps changing its SSRCs.
        """
        source = self._by_mid.get(mid)
        if source is None:
            return None
        name = rid.decode("ascii", "replace") if source.rids else WHOLE
        if source.rids and name not in source.rids:
            return None  # a layer that was not negotiated, or not named: guessing would mix two sizes in one
        if source.video and payload_type in self._repair_types():
            known = source.layers.get(name)
            return self._repair(known, ssrc) if known is not None else None
        if payload_type not in self._types_of(source):
            return None
        if not self._binds.take(now):
            raise PeerFault(ErrorCode.TOO_MANY, "It kept changing the identifiers of its media.")
        return self._bind(source, name, ssrc, payload_type)

    def end(self, ssrc: int) -> Stream | None:
        """The peer said goodbye for this SSRC (RFC 3550 6.6); its source stays and may begin again."""
        stream = self._inbound.streams.get(ssrc)
        if stream is not None:
            self._release(self.by_id[stream.source], stream.rid)
        return stream

    def close(self) -> None:
        """Nothing comes any more.  Peer and streams know each other; parted they are gone at once, with their keys.

        The collector runs seldom in the forwarder, and looks at what is old hardly ever.
        """
        self._inbound.streams.clear()
        self._inbound.rtx.clear()

    def _remember(self, ssrc: int, line: int, layer: int, payload_type: int, repairs: int) -> None:
        """What the last life of the forwarder had learnt from packets that do not come again."""
        if ssrc not in self._inbound.streams and line < len(self._order):
            source = self.by_id[self._order[line]]
            rid = source.rids[layer] if layer < len(source.rids) else WHOLE
            stream = self._bind(source, rid, ssrc, payload_type)
            if repairs:
                self._repair(stream, repairs)

    def _describe(self, stream: Stream) -> None:
        source = self.by_id[stream.source]
        layer = source.rids.index(stream.rid) if stream.rid in source.rids else _NO_LAYER
        describe(stream, self._order.index(source.id), layer, self._account)

    def _first_type(self, line: SourceLine) -> int:
        return self._types.opus if line.kind == "audio" else self._types.vp8 or self._types.h264

    def _types_of(self, source: Source) -> set[int]:
        types = self._types
        return {types.vp8, types.h264} - {0} if source.video else {types.opus, types.red} - {0}

    def _repair_types(self) -> set[int]:
        return {self._types.vp8_rtx, self._types.h264_rtx} - {0}

    def _bind(self, source: Source, rid: str, ssrc: int, payload_type: int) -> Stream:
        self._release(source, rid)
        if ssrc in self._inbound.streams or ssrc in self._inbound.rtx:
            raise PeerFault(ErrorCode.BAD_SDP, "Two sending lines had the same SSRC.")
        stream = Stream(self._inbound, source.id, ssrc, source.video)
        stream.rid, stream.level = rid, level_of(rid, source.rids)
        stream.payload_type = payload_type
        if not source.video:
            stream.payload_type, stream.red_payload_type = self._types.opus, self._types.red or -1
        if source.video:
            stream.h264 = payload_type == self._types.h264
            stream.rtx_payload_type = (self._types.h264_rtx if stream.h264 else self._types.vp8_rtx) or -1
        self._inbound.streams[ssrc] = source.layers[rid] = stream
        self._describe(stream)
        if not source.video:
            for slot in source.watchers:
                attach(slot, stream)
        return stream

    def _repair(self, stream: Stream, ssrc: int) -> Stream:
        """Retransmissions of `stream` come on this SSRC from now on."""
        if ssrc in self._inbound.streams:
            raise PeerFault(ErrorCode.BAD_SDP, "Two sending lines had the same SSRC.")
        self._inbound.rtx.pop(stream.rtx_ssrc, None)
        stream.rtx_ssrc = ssrc
        self._inbound.rtx[ssrc] = stream
        self._describe(stream)
        return stream

    def _release(self, source: Source, rid: str) -> None:
        stream = source.layers.pop(rid, None)
        if stream is None:
            return
        self._inbound.streams.pop(stream.ssrc, None)
        self._inbound.rtx.pop(stream.rtx_ssrc, None)
        self._account.drop(Kind.RECEIVING, stream.ssrc)
        self._account.drop(Kind.REPAIR, stream.rtx_ssrc)
        for slot in list(stream.slots):
            leave(slot, stream)


def level_of(rid: str, rids: tuple[str, ...]) -> int:
    """0 is the best layer there can be, 2 the least.  By name where it is one of ours, else by place."""
    if rid in RIDS:
        return RIDS.index(rid)
    return min(rids.index(rid), len(RIDS) - 1) if rid in rids else 0


def begin_again(stream: Stream) -> None:
    """After a silence of its own choice the numbers may have jumped, and nothing of the gap was lost."""
    fresh = Stream(stream.publisher, stream.source, stream.ssrc, stream.video)
    stream.reception, stream.nacks, stream.clock = fresh.reception, fresh.nacks, fresh.clock
    stream.recent, stream.highest = fresh.recent, -1
