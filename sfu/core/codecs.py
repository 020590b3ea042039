"""Which formats a line of an offer is answered with: what we can forward, by the offerer's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.sdp import Codec, Direction, MediaLine

_OPUS = {"minptime": "10", "useinbandfec": "1", "usedtx": "1"}
# Chromium begins at 300 kbps and shows a coarse picture until it has found out more; all three layers are 2.3 Mbps, and
# a network in a building has that.  In kbps, and unknown to everybody else.
_START = {"x-google-start-bitrate": "2500"}
_FEEDBACK = ("transport-cc", "goog-remb", "ccm fir", "nack", "nack pli")


def codecs_of(line: MediaLine, both: bool = False) -> tuple[Codec, ...]:
    """What we forward, with the offerer's numbers and the feedback that both understand.

    Pictures are sent as VP8, which everybody decodes; H264 is taken from who has nothing else or changes to it when
    told (`both`), and shown to who can.
    """
    if line.kind == "audio":
        opus = required(line, "opus")
        plain = replace(opus, parameters=_OPUS, feedback=_common(opus))
        red = _red(line, opus)
        if red is None:
            return (plain,)
        # A browser sends what stands first: it repeats itself if it put that first.  To slots we send as we see fit.
        numbers = [codec.payload_type for codec in line.codecs]
        eager = numbers.index(red.payload_type) < numbers.index(opus.payload_type)
        return (red, plain) if eager and line.direction is Direction.SENDONLY else (plain, red)
    vp8, h264 = line.codec("VP8"), h264_of(line)
    if vp8 is None and h264 is None:
        required(line, "VP8")
    if vp8 is not None and line.direction is Direction.SENDONLY and not both:
        h264 = None
    start = _START if line.direction is Direction.SENDONLY else {}
    ours = [replace(vp8, parameters=start, feedback=_common(vp8))] if vp8 is not None else []
    ours += [replace(h264, feedback=_common(h264))] if h264 is not None else []
    repairs = [line.rtx_of(codec) for codec in ours]
    return (*ours, *[replace(rtx, feedback=()) for rtx in repairs if rtx is not None])


def _red(line: MediaLine, opus: Codec) -> Codec | None:
    """Redundancy of this very Opus (RFC 2198; `111/111` says what is in it)."""
    red = line.codec("red")
    own = f"{opus.payload_type}/{opus.payload_type}"
    fits = red is not None and (red.clock_rate, red.channels) == (opus.clock_rate, opus.channels)
    return replace(red, feedback=()) if red is not None and fits and own in red.parameters else None


def h264_of(line: MediaLine) -> Codec | None:
    """Constrained baseline in the form that may split pictures (RFC 6184, 6.3): what every decoder of H264 takes."""
    baseline = [
        codec
        for codec in line.codecs
        if codec.name.lower() == "h264"
        and codec.parameters.get("packetization-mode") == "1"
        and codec.parameters.get("profile-level-id", "").lower().startswith("42e0")
    ]
    return next(iter(baseline), None)


def _common(codec: Codec) -> tuple[str, ...]:
    return tuple(feedback for feedback in _FEEDBACK if feedback in codec.feedback)


def required(line: MediaLine, name: str) -> Codec:
    codec = line.codec(name)
    if codec is None:
        raise PeerFault(ErrorCode.UNSUPPORTED, f"Its line {line.mid} does not offer {name}.")
    return codec


def payload_types_of(lines: Sequence[MediaLine]) -> link.PayloadTypes:
    """One set a peer: within a bundle a number means one thing (RFC 8843, 9.1)."""
    found: dict[str, int] = {}
    for line in lines:
        codecs = codecs_of(line)
        names = {str(codec.payload_type): codec.name.lower() for codec in codecs}
        for codec in codecs:
            repaired = names.get(codec.parameters.get("apt", ""))
            name = f"{repaired}_rtx" if repaired is not None else codec.name.lower()
            if found.setdefault(name, codec.payload_type) != codec.payload_type:
                raise PeerFault(ErrorCode.UNSUPPORTED, f"It numbers {codec.name} differently on different lines.")
    if len(set(found.values())) != len(found):
        raise PeerFault(ErrorCode.BAD_SDP, "It gives two formats one number.")
    return link.PayloadTypes(**found)
