"""The client's one offer, and what the host's answer makes of it (RFC 8829, in the shape that DESIGN calls slots).

Four lines that send and thirteen that receive are negotiated when joining and never again: who appears where is said
on the session socket.  This module writes the offer and reads the answer into plain values; it opens nothing.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aioice import Candidate

from app.engine.transport import RemoteTransport
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.sdp import (
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
from sfu.wire.messages import RIDS, SourceKind

MICROPHONE, CAMERA, SCREEN, SCREEN_SOUND = "mic", "cam", "scr", "sys"
AUDIO_SLOTS = [f"a{number}" for number in range(4)]
VIDEO_SLOTS = [f"v{number}" for number in range(9)]
LINES = {
    MICROPHONE: SourceKind.MICROPHONE,
    CAMERA: SourceKind.CAMERA,
    SCREEN: SourceKind.SCREEN,
    SCREEN_SOUND: SourceKind.SCREEN_AUDIO,
}

OPUS = Codec(111, "opus", 48_000, 2, {"minptime": "10", "useinbandfec": "1", "usedtx": "1"}, ("transport-cc",))
RED = Codec(63, "red", 48_000, 2, {f"{OPUS.payload_type}/{OPUS.payload_type}": ""})
VP8 = Codec(96, "VP8", 90_000, feedback=("nack", "nack pli", "ccm fir", "transport-cc", "goog-remb"))
VP8_REPAIR = Codec(97, "rtx", 90_000, parameters={"apt": "96"})
H264 = replace(
    VP8, payload_type=98, name="H264",
    parameters={"level-asymmetry-allowed": "1", "packetization-mode": "1", "profile-level-id": "42e01f"},
)  # fmt: skip
"""Constrained baseline, as all of WebRTC has it.  Some senders (OBS) have nothing else; our camera may change to it."""
H264_REPAIR = Codec(99, "rtx", 90_000, parameters={"apt": "98"})

SIMULCAST_EXTENSIONS: dict[str, int] = {ExtensionUri.RID: 5, ExtensionUri.REPAIRED_RID: 6}
AUDIO_EXTENSIONS: dict[str, int] = {
    ExtensionUri.MID: 1, ExtensionUri.AUDIO_LEVEL: 2, ExtensionUri.SEND_TIME: 3, ExtensionUri.TRANSPORT_CC: 4
}  # fmt: skip
VIDEO_EXTENSIONS: dict[str, int] = {ExtensionUri.MID: 1, ExtensionUri.SEND_TIME: 3, ExtensionUri.TRANSPORT_CC: 4}


@dataclass(frozen=True, slots=True)
class Identity:
    """The random numbers by which this client's streams are told apart for the length of one connection."""

    cname: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    microphone: int = field(default_factory=lambda: secrets.randbits(32))
    camera: tuple[int, ...] = field(default_factory=lambda: tuple([secrets.randbits(32) for _ in RIDS]))
    """One for each layer, best first; the same for their repair streams."""
    camera_repair: tuple[int, ...] = field(default_factory=lambda: tuple([secrets.randbits(32) for _ in RIDS]))
    camera_h264: tuple[int, ...] = field(default_factory=lambda: tuple([secrets.randbits(32) for _ in RIDS]))
    camera_h264_repair: tuple[int, ...] = field(default_factory=lambda: tuple([secrets.randbits(32) for _ in RIDS]))
    """The same again: an SSRC carries one codec."""
    screen: tuple[int, int] = field(default_factory=lambda: (secrets.randbits(32), secrets.randbits(32)))
    """Its stream, and the one that repairs it."""
    screen_sound: int = field(default_factory=lambda: secrets.randbits(32))


@dataclass(frozen=True, slots=True)
class Credentials:
    """Our end of the transport, as the offer shows it."""

    username: str
    password: str
    fingerprint: tuple[str, str]


@dataclass(frozen=True, slots=True)
class SendingLine:
    """A line on which we send, as agreed."""

    mid: str
    ssrc: int
    payload_type: int
    extensions: Mapping[str, int]
    clock_rate: int
    repair_ssrc: int | None = None
    repair_payload_type: int | None = None
    redundant_payload_type: int | None = None
    """RFC 2198, for sound; None where the host does not take it."""
    rid: str | None = None
    """The layer's name (RFC 8852); None where there are no layers."""


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A line on which we receive; its SSRC never changes, what it shows may."""

    mid: str
    kind: str
    ssrc: int
    payload_type: int
    clock_rate: int
    repair_ssrc: int | None = None
    repairs: Mapping[int, int] = field(default_factory=dict)
    """Payload types of retransmissions, and what each repeats."""
    redundant_payload_type: int | None = None
    h264_payload_type: int | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the answer settled.  A sending line that the host refused is None."""

    remote: RemoteTransport
    microphone: SendingLine | None
    camera: tuple[SendingLine, ...]
    """Its layers, best first; one where the host takes no layers; none where it takes no camera."""
    slots: tuple[SlotLine, ...]
    camera_h264: tuple[SendingLine, ...] = ()
    """The same layers in H264, for when the host says so; none where it never will."""
    screen: SendingLine | None = None
    screen_sound: SendingLine | None = None


def write_offer(own: Credentials, identity: Identity) -> str:
    """The SDP of the offer.  It names no candidates: an ICE-lite host learns ours from the checks."""
    media = [
        _line(MICROPHONE, "audio", own, identity, (identity.microphone,)),
        _camera(own, identity),
        _line(SCREEN, "video", own, identity, identity.screen),
        _line(SCREEN_SOUND, "audio", own, identity, (identity.screen_sound,)),
        *[_line(mid, "audio", own, identity) for mid in AUDIO_SLOTS],
        *[_line(mid, "video", own, identity) for mid in VIDEO_SLOTS],
    ]
    bundle = tuple(line.mid for line in media)
    return str(Description(tuple(media), bundle, session_id=secrets.randbits(60)))


def read_answer(sdp: str, identity: Identity) -> Agreement:
    """Raises PeerFault(BAD_SDP) for an answer that cannot be one to our offer."""
    lines = {line.mid: line for line in Description.parse(sdp).media if not line.rejected}
    if not lines:
        raise _bad("The host refused every line of our offer.")
    return Agreement(
        remote=_remote(next(iter(lines.values()))),
        microphone=_one(lines.get(MICROPHONE), identity.microphone),
        camera=_sending(lines.get(CAMERA), _layers(lines.get(CAMERA), identity)),
        camera_h264=_sending_h264(lines.get(CAMERA), identity),
        screen=_one(lines.get(SCREEN), *identity.screen),
        screen_sound=_one(lines.get(SCREEN_SOUND), identity.screen_sound),
        slots=tuple([_slot(lines[mid]) for mid in (*AUDIO_SLOTS, *VIDEO_SLOTS) if mid in lines]),
    )


def _line(mid: str, kind: str, own: Credentials, identity: Identity, ssrcs: tuple[int, ...] = ()) -> MediaLine:
    audio = kind == "audio"
    pictures = (VP8, VP8_REPAIR) if ssrcs else (VP8, VP8_REPAIR, H264, H264_REPAIR)
    msid = f"{identity.cname} {mid}" if ssrcs else ""
    return MediaLine(
        kind=kind,
        mid=mid,
        direction=Direction.SENDONLY if ssrcs else Direction.RECVONLY,
        codecs=(OPUS, RED) if audio else pictures,
        extensions=dict(AUDIO_EXTENSIONS if audio else VIDEO_EXTENSIONS),
        ice_ufrag=own.username,
        ice_pwd=own.password,
        fingerprints=(Fingerprint(*own.fingerprint),),
        setup=Setup.ACTPASS,
        msid=msid,
        sources=tuple(Source(ssrc, identity.cname, msid) for ssrc in ssrcs),
        ssrc_groups=(SsrcGroup("FID", ssrcs),) if len(ssrcs) == 2 else (),
    )


def _one(line: MediaLine | None, ssrc: int, repair_ssrc: int | None = None) -> SendingLine | None:
    return next(iter(_sending(line, [(None, ssrc, repair_ssrc)])), None)


def _camera(own: Credentials, identity: Identity) -> MediaLine:
    """Three layers (RFC 8853).  The SSRCs of the best one are for a host that takes no layers."""
    line = _line(CAMERA, "video", own, identity, (identity.camera[0], identity.camera_repair[0]))
    return replace(
        line,
        codecs=(VP8, VP8_REPAIR, H264, H264_REPAIR),
        extensions={**line.extensions, **SIMULCAST_EXTENSIONS},
        rids=tuple(Rid(rid, RidDirection.SEND) for rid in RIDS),
        simulcast=Simulcast(send=RIDS),
    )


def _layers(line: MediaLine | None, identity: Identity) -> list[tuple[str | None, int, int | None]]:
    """(rid, SSRC, repair SSRC) of what the host takes."""
    rids = line.rids if line is not None and line.simulcast is not None else ()
    taken = [rid.name for rid in rids if rid.direction is RidDirection.RECV]
    all_layers = list(zip(RIDS, identity.camera, identity.camera_repair, strict=True))
    return [layer for layer in all_layers if layer[0] in taken] or [(None, *all_layers[0][1:])]


def _remote(line: MediaLine) -> RemoteTransport:
    """All lines share one transport, so the first one's is everybody's."""
    candidates = [
        Candidate(c.foundation, c.component, c.transport, c.priority, c.address, c.port, c.kind)
        for c in line.candidates
        if c.transport == "udp" and c.component == 1 and c.kind == "host" and _is_address(c.address)
    ]
    if line.ice_ufrag is None or line.ice_pwd is None or not line.fingerprints or not candidates:
        raise _bad("The host's answer did not say where media goes.")
    fingerprints = [(print_.algorithm, print_.digest) for print_ in line.fingerprints]
    return RemoteTransport(line.ice_ufrag, line.ice_pwd, candidates, fingerprints)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _sending(
    line: MediaLine | None, streams: Sequence[tuple[str | None, int, int | None]]
) -> tuple[SendingLine, ...]:
    if line is None or line.direction is not Direction.RECVONLY:
        return ()
    return _streams(line, _codecs(line), streams)


def _sending_h264(line: MediaLine | None, identity: Identity) -> tuple[SendingLine, ...]:
    """In layers alone: only their packets say what they are."""
    codec = line.codec("H264") if line is not None else None
    if line is None or codec is None:
        return ()
    ssrcs = dict(zip(RIDS, zip(identity.camera_h264, identity.camera_h264_repair, strict=True), strict=True))
    layers = [(rid, *ssrcs[rid]) for rid, *_ in _layers(line, identity) if rid is not None]
    repair = line.rtx_of(codec)
    return _streams(line, (codec, repair.payload_type if repair is not None else None), layers)


def _streams(
    line: MediaLine, coded: tuple[Codec, int | None], streams: Sequence[tuple[str | None, int, int | None]]
) -> tuple[SendingLine, ...]:
    codec, repair = coded
    return tuple([
        SendingLine(
            mid=line.mid,
            ssrc=ssrc,
            payload_type=codec.payload_type,
            extensions=line.extensions,
            clock_rate=codec.clock_rate,
            repair_ssrc=repair_ssrc if repair is not None else None,
            repair_payload_type=repair,
            redundant_payload_type=_redundant(line),
            rid=rid,
        )
        for rid, ssrc, repair_ssrc in streams
    ])  # fmt: skip


def _slot(line: MediaLine) -> SlotLine:
    if not line.sources:
        raise _bad("The host's answer names no stream for a slot.")
    codec, _ = _codecs(line)
    h264 = line.codec("H264")
    repeated = [(line.rtx_of(one), one) for one in (codec, h264) if one is not None]
    repairs = {group.ssrcs[1] for group in line.ssrc_groups if group.semantics == "FID" and len(group.ssrcs) == 2}
    ssrc = next((source.ssrc for source in line.sources if source.ssrc not in repairs), line.sources[0].ssrc)
    return SlotLine(
        mid=line.mid,
        kind=line.kind,
        ssrc=ssrc,
        payload_type=codec.payload_type,
        clock_rate=codec.clock_rate,
        repair_ssrc=line.rtx_ssrc_of(ssrc),
        repairs={repair.payload_type: one.payload_type for repair, one in repeated if repair is not None},
        redundant_payload_type=_redundant(line),
        h264_payload_type=h264.payload_type if h264 is not None else None,
    )


def _redundant(line: MediaLine) -> int | None:
    codec = line.codec("red") if line.kind == "audio" else None
    return codec.payload_type if codec is not None else None


def _codecs(line: MediaLine) -> tuple[Codec, int | None]:
    codec = line.codec("opus" if line.kind == "audio" else "VP8")
    if codec is None:
        raise _bad("The host's answer chose a codec that was not offered.")
    repair = line.rtx_of(codec)
    return codec, repair.payload_type if repair is not None else None


def _bad(sentence: str) -> PeerFault:
    return PeerFault(ErrorCode.BAD_SDP, sentence)
