"""The one offer of a client and our answer to it (RFC 8829, ICE-lite by RFC 8445).

The client names its sending lines and asks for receiving lines, the slots.  We take what the forwarder can forward
(Opus, VP8 with retransmission, H264 where it is all a sender has and everybody decodes it), with the offerer's
payload types and extension ids and its simulcast layers, give every slot SSRCs of ours that never change, and refuse
the rest line by line.  What the text means is `sfu.rtp.sdp`'s business; randomness
is passed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

from sfu.core.codecs import codecs_of, h264_of, payload_types_of, required
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.sdp import (
    Candidate,
    Codec,
    Description,
    Direction,
    ExtensionUri,
    Fingerprint,
    MediaLine,
    Rid,
    RidDirection,
    Setup,
    Simulcast,
    Source,
    SsrcGroup,
)
from sfu.wire import messages as wire
from sfu.wire.messages import RIDS, SourceKind

Kind = Literal["audio", "video"]

# A gallery of 49 and every voice that can be told apart; more lines are a mistake or an attack.
MAX_SLOTS = 64
MAX_RID = 16
# RFC 8445, 5.1.2.1: type and local preference of a host candidate; RFC 6544, 4.2: of one over TCP that waits.
_HOST_TYPE, _UDP_PREFERENCE = 126, 65_535
_TCP_TYPE, _PASSIVE_PREFERENCE = 90, (4 << 13) + 8191
_UFRAG, _PWD = 8, 24
_SENDABLE: dict[SourceKind, Kind] = {
    SourceKind.MICROPHONE: "audio",
    SourceKind.CAMERA: "video",
    SourceKind.SCREEN: "video",
    SourceKind.SCREEN_AUDIO: "audio",
}
_EXTENSIONS = frozenset(ExtensionUri)


class Identities(Protocol):
    """Random values that nobody can guess and that do not repeat within a meeting."""

    def ssrc(self) -> int: ...

    def letters(self, count: int) -> str:
        """Of the ICE alphabet (RFC 8839, 5.4)."""

    def below(self, bound: int) -> int:
        """0 .. bound - 1; these may repeat."""


class Where(NamedTuple):
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class HostSide:
    """How a client reaches the media plane; `fingerprint` is the SHA-256 of our DTLS certificate, as `AA:BB:…`."""

    fingerprint: str
    where: tuple[Where, ...]
    h264: bool = False
    """A sender that has no VP8 may send H264: everybody here decodes it."""
    both: bool = False
    """The sender's camera may change between VP8 and H264 as it is told (`cameras`)."""
    tcp: bool = False
    """Who cannot get UDP through may connect by TCP, to the same port (RFC 6544, passive)."""


@dataclass(frozen=True, slots=True)
class Agreed:
    peer: link.AddPeer
    fingerprints: tuple[tuple[str, str], ...]
    answer: wire.Answer
    decodes_h264: bool = True
    """Every picture slot does."""
    sends_both: bool = False
    """Its camera may change between VP8 and H264."""


def negotiate(peer: str, offer: wire.Offer, host: HostSide, identities: Identities) -> Agreed:
    """Raises PeerFault(BAD_SDP or UNSUPPORTED) with a sentence for the person who runs the client."""
    try:
        return _Negotiation(peer, offer, host, identities).agreed()
    except PeerFault as fault:
        advice = "Reload the page or update Parley, and join again."
        raise PeerFault(fault.code, f"This client's offer cannot be used. {fault.sentence} {advice}") from None


def restart(before: Agreed, offer: wire.Offer, host: HostSide, identities: Identities) -> Agreed | None:
    """An ICE restart (RFC 8445, 9; RFC 8839, 4.4.3): new credentials, and everything else as it was agreed `before`.

    None when the offer is no restart of that: its own credentials are the same, or anything else is not.  Raises
    PeerFault as `negotiate` does.
    """
    again = negotiate(before.peer.peer, offer, host, _Repeating(before, identities))
    ours = {name: getattr(again.peer, name) for name in ("ufrag", "pwd", "remote_ufrag")}
    unchanged = before.peer.model_copy(update=ours) == again.peer and before.fingerprints == again.fingerprints
    return again if unchanged and again.peer.remote_ufrag != before.peer.remote_ufrag else None


class _Repeating:
    """The SSRCs that were given before, in the order in which they were."""

    def __init__(self, before: Agreed, fresh: Identities) -> None:
        given = [(slot.ssrc, slot.rtx_ssrc) for slot in before.peer.slots]
        self._ssrcs = iter([ssrc for pair in given for ssrc in pair if ssrc is not None])
        self._fresh = fresh

    def ssrc(self) -> int:
        return next(self._ssrcs, None) or self._fresh.ssrc()

    def letters(self, count: int) -> str:
        return self._fresh.letters(count)

    def below(self, bound: int) -> int:
        return self._fresh.below(bound)


class _Negotiation:
    def __init__(self, peer: str, offer: wire.Offer, host: HostSide, identities: Identities) -> None:
        self._peer = peer
        self._kinds = offer.lines
        self._offer = Description.parse(offer.sdp)
        self._host = host
        self._identities = identities
        self._ufrag, self._pwd = identities.letters(_UFRAG), identities.letters(_PWD)

    def agreed(self) -> Agreed:
        transport = self._transport()
        self._check_lines()
        sending = [line for line in self._offer.media if line.mid in self._kinds]
        receiving = [line for line in self._offer.media if _is_slot(line) and line.mid in self._offer.bundle]
        if not sending and not receiving:
            raise _bad("It neither sends nor receives anything that this host can carry.")
        if len(receiving) > MAX_SLOTS:
            raise PeerFault(ErrorCode.TOO_MANY, f"It asks for more than {MAX_SLOTS} receiving lines.")
        payload_types = payload_types_of([*sending, *receiving])
        slots = [self._slot(line) for line in receiving]
        peer = link.AddPeer(
            peer=self._peer,
            ufrag=self._ufrag,
            pwd=self._pwd,
            remote_ufrag=transport.ice_ufrag or "",
            extensions=_extensions([*sending, *receiving]),
            payload_types=payload_types,
            sources=[self._source(line) for line in sending],
            slots=slots,
        )
        shown = [wire.Slot(mid=slot.mid, kind=slot.kind) for slot in slots]
        answer = wire.Answer(sdp=str(self._answer({slot.mid: slot for slot in slots})), slots=shown)
        decodes = all(h264_of(line) is not None for line in receiving if line.kind == "video")
        both = any(len({codec.name for codec in self._codecs(line)} - {"rtx"}) > 1 for line in sending
                   if line.kind == "video")
        return Agreed(peer, tuple((f.algorithm, f.digest) for f in transport.fingerprints), answer, decodes, both)

    def _codecs(self, line: MediaLine) -> tuple[Codec, ...]:
        both = self._host.both and self._kinds.get(line.mid) is SourceKind.CAMERA and bool(_layers(line))
        return codecs_of(line, both)

    # -- reading the offer -----------------------------------------------------------------------------------

    def _transport(self) -> MediaLine:
        """The line whose transport values count for all (RFC 8843, 7.1)."""
        if not self._offer.bundle:
            raise _bad("It does not bundle its lines into one transport.")
        first = next(line for line in self._offer.media if line.mid == self._offer.bundle[0])
        if first.ice_ufrag is None or first.ice_pwd is None:
            raise _bad("It has no ICE credentials.")
        if not any(fingerprint.algorithm == "sha-256" for fingerprint in first.fingerprints):
            raise _bad("It has no SHA-256 fingerprint of its certificate.")
        if first.setup not in (Setup.ACTPASS, Setup.ACTIVE):
            raise _bad("It will not open the secure handshake.")
        if not first.rtcp_mux:
            raise _bad("It does not multiplex RTCP.")
        return first

    def _check_lines(self) -> None:
        """What it sends can be sent, and shown to all (rooms use VP8 unless every member decodes H264)."""
        known = {line.mid: line for line in self._offer.media}
        if len(set(self._kinds.values())) != len(self._kinds):
            raise _bad("It sends the same thing on two lines.")
        for mid, kind in self._kinds.items():
            line = known.get(mid)
            if line is None or line.rejected or mid not in self._offer.bundle:
                raise _bad(f"It names a line {mid} that it does not have.")
            if line.kind != _SENDABLE[kind] or line.direction is not Direction.SENDONLY:
                raise _bad(f"Its line {mid} cannot carry a {kind}.")
            if line.kind == "video" and not self._host.h264:
                required(line, "VP8")

    def _source(self, line: MediaLine) -> link.SourceLine:
        kind = self._kinds[line.mid]
        rids = _layers(line)
        # Of layers each has an SSRC of its own, and only its packets say which.
        ssrc = line.sources[0].ssrc if line.sources and not rids else None
        return link.SourceLine(
            source=f"{self._peer}/{kind}",
            mid=line.mid,
            kind=_SENDABLE[kind],
            ssrc=ssrc,
            rtx_ssrc=line.rtx_ssrc_of(ssrc) if ssrc is not None else None,
            rids=_best_first(rids),
        )

    def _slot(self, line: MediaLine) -> link.SlotLine:
        if line.kind == "audio":
            return link.SlotLine(mid=line.mid, kind="audio", ssrc=self._identities.ssrc())
        ssrc = self._identities.ssrc()
        rtx = self._identities.ssrc() if any(codec.name.lower() == "rtx" for codec in codecs_of(line)) else None
        return link.SlotLine(mid=line.mid, kind="video", ssrc=ssrc, rtx_ssrc=rtx)

    # -- writing the answer ----------------------------------------------------------------------------------

    def _answer(self, slots: Mapping[str, link.SlotLine]) -> Description:
        media = [self._answer_line(line, slots) for line in self._offer.media]
        bundle = tuple(line.mid for line in media if not line.rejected)
        first = next(i for i, line in enumerate(media) if line.mid == bundle[0])
        media[first] = replace(media[first], candidates=self._candidates(), end_of_candidates=True)
        return Description(tuple(media), bundle, lite=True, extmap_allow_mixed=self._offer.extmap_allow_mixed)

    def _answer_line(self, line: MediaLine, slots: Mapping[str, link.SlotLine]) -> MediaLine:
        slot = slots.get(line.mid)
        if slot is None and line.mid not in self._kinds:
            return _refusal(line)
        layers = _layers(line) if slot is None else ()
        ours = MediaLine(
            kind=line.kind,
            mid=line.mid,
            direction=Direction.RECVONLY if slot is None else Direction.SENDONLY,
            rids=tuple(Rid(name, RidDirection.RECV) for name in layers),
            simulcast=Simulcast(recv=layers) if layers else None,
            codecs=self._codecs(line),
            extensions={uri: number for uri, number in line.extensions.items() if uri in _EXTENSIONS},
            ice_ufrag=self._ufrag,
            ice_pwd=self._pwd,
            fingerprints=(Fingerprint("sha-256", self._host.fingerprint),),
            setup=Setup.PASSIVE,
            rtcp_reduced_size=line.rtcp_reduced_size,
            protocol=line.protocol,
        )
        return ours if slot is None else _with_sources(ours, slot)

    def _candidates(self) -> tuple[Candidate, ...]:
        where = list(enumerate(self._host.where))
        found = [_candidate("udp", number, place) for number, place in where]
        return (*found, *[_candidate("tcp", number, place) for number, place in where if self._host.tcp])


def _candidate(transport: Literal["udp", "tcp"], number: int, where: Where) -> Candidate:
    """The `number`th of a kind: what stands first is tried first, and TCP when nothing else has worked."""
    udp = transport == "udp"
    preference = _UDP_PREFERENCE - number if udp else _PASSIVE_PREFERENCE - number
    return Candidate(
        foundation=f"{number + 1}" if udp else f"{number + 1}t",
        component=1,
        transport=transport,
        priority=(_HOST_TYPE if udp else _TCP_TYPE) << 24 | preference << 8 | 255,
        address=where.address,
        port=where.port,
        tcp_type=None if udp else "passive",
    )


def _is_slot(line: MediaLine) -> bool:
    return line.kind in ("audio", "video") and line.direction is Direction.RECVONLY and not line.rejected


def _with_sources(line: MediaLine, slot: link.SlotLine) -> MediaLine:
    """Every slot is a stream of its own: what flows through it changes hands, so nothing is to be lip-synced."""
    msid = f"slot-{slot.mid} slot-{slot.mid}"
    ssrcs = (slot.ssrc,) if slot.rtx_ssrc is None else (slot.ssrc, slot.rtx_ssrc)
    return replace(
        line,
        msid=msid,
        sources=tuple(Source(ssrc, cname=f"slot-{slot.mid}", msid=msid) for ssrc in ssrcs),
        ssrc_groups=(SsrcGroup("FID", ssrcs),) if len(ssrcs) == 2 else (),
    )


def _refusal(line: MediaLine) -> MediaLine:
    """RFC 3264, 6: a line that is not wanted is answered with port 0."""
    return MediaLine(
        kind=line.kind, mid=line.mid, direction=Direction.INACTIVE, codecs=line.codecs[:1], port=0,
        protocol=line.protocol, formats=line.formats,
    )


def _layers(line: MediaLine) -> tuple[str, ...]:
    """Names of the layers that the offerer sends and can be told apart, in its order; none without simulcast."""
    told_apart = {ExtensionUri.MID, ExtensionUri.RID} <= set(line.extensions)
    if line.simulcast is None or line.direction is not Direction.SENDONLY or not told_apart:
        return ()
    described = {rid.name for rid in line.rids if rid.direction is RidDirection.SEND}
    first = [alternatives.split(",")[0].lstrip("~") for alternatives in line.simulcast.send]
    return tuple(dict.fromkeys(name for name in first if name in described and len(name) <= MAX_RID))[: len(RIDS)]


def _best_first(rids: Sequence[str]) -> list[str]:
    """Our own names say it; of others the first is taken for the best (RFC 8853, 5.2: order of preference)."""
    return sorted(rids, key=RIDS.index) if set(rids) <= set(RIDS) else list(rids)


def _extensions(lines: Sequence[MediaLine]) -> link.Extensions:
    names = {
        ExtensionUri.MID: "mid",
        ExtensionUri.RID: "rid",
        ExtensionUri.REPAIRED_RID: "repaired_rid",
        ExtensionUri.AUDIO_LEVEL: "audio_level",
        ExtensionUri.SEND_TIME: "absolute_send_time",
        ExtensionUri.TRANSPORT_CC: "transport_cc",
    }
    found: dict[str, int] = {}
    for line in lines:
        for uri, name in names.items():
            number = line.extensions.get(uri)
            if number is not None and found.setdefault(name, number) != number:
                raise _bad("It numbers a header extension differently on different lines.")
    return link.Extensions(**found)


def _bad(sentence: str) -> PeerFault:
    return PeerFault(ErrorCode.BAD_SDP, sentence)
