"""The values that SDP lines carry: each reads itself from the text after the colon, and writes itself as such.

What a whole description is made of stands in `sfu.rtp.sdp`, which also gives these names to everybody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sfu.rtp.errors import ErrorCode, PeerFault

_HEX = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){15,63}")


class Direction(StrEnum):
    """Who sends on a line, seen from whoever wrote the description."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    @property
    def reversed(self) -> Direction:
        """The same seen from the other side."""
        return _REVERSED.get(self, self)


_REVERSED = {Direction.SENDONLY: Direction.RECVONLY, Direction.RECVONLY: Direction.SENDONLY}


class Setup(StrEnum):
    """Who opens the DTLS handshake (RFC 8842): the active side."""

    ACTPASS = "actpass"
    ACTIVE = "active"
    PASSIVE = "passive"
    HOLDCONN = "holdconn"


class ExtensionUri(StrEnum):
    """Header extensions that Parley knows; keys of `MediaLine.extensions`, which may hold others too."""

    MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
    RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
    REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
    AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
    TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type.  `parameters` are the fmtp pairs, a bare word has the value ""; `feedback` as `nack pli`."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    parameters: Mapping[str, str] = field(default_factory=dict)
    feedback: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        channels = f"/{self.channels}" if self.channels > 1 else ""
        lines = [f"rtpmap:{self.payload_type} {self.name}/{self.clock_rate}{channels}"]
        lines += [f"rtcp-fb:{self.payload_type} {feedback}" for feedback in self.feedback]
        if self.parameters:
            pairs = ";".join([f"{key}={value}" if value else key for key, value in self.parameters.items()])
            lines.append(f"fmtp:{self.payload_type} {pairs}")
        return lines


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Of the DTLS certificate.  The algorithm in small letters (`sha-256`), the digest as AA:BB:… in capitals."""

    algorithm: str
    digest: str

    @classmethod
    def parse(cls, text: str) -> Fingerprint:
        algorithm, _, digest = text.partition(" ")
        digest = digest.strip().upper()
        if not algorithm or not _HEX.fullmatch(digest):
            raise bad("A fingerprint in the SDP was not one.")
        return cls(algorithm.lower(), digest)

    def __str__(self) -> str:
        return f"{self.algorithm} {self.digest}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ICE candidate (RFC 8839 5.1).  `address` may be a name under .local; `tcp_type` only for TCP."""

    foundation: str
    component: int
    transport: str
    priority: int
    address: str
    port: int
    kind: str = "host"
    related_address: str | None = None
    related_port: int | None = None
    tcp_type: str | None = None

    @classmethod
    def parse(cls, text: str) -> Candidate:
        """From `candidate:…` without the word; extension attributes that we do not know are dropped."""
        words = text.split()
        if len(words) < 8 or words[6] != "typ":
            raise bad("A candidate in the SDP was incomplete.")
        extra = dict(zip(words[8::2], words[9::2], strict=False))
        return cls(
            foundation=words[0],
            component=number(words[1], 256),
            transport=words[2].lower(),
            priority=number(words[3], 0xFFFF_FFFF),
            address=words[4],
            port=number(words[5], 0xFFFF),
            kind=words[7],
            related_address=extra.get("raddr"),
            related_port=number(extra["rport"], 0xFFFF) if "rport" in extra else None,
            tcp_type=extra.get("tcptype"),
        )

    def __str__(self) -> str:
        words: list[object] = [self.foundation, self.component, self.transport, self.priority]
        words += [self.address, self.port, "typ", self.kind]
        if self.related_address is not None:
            words += ["raddr", self.related_address]
        if self.related_port is not None:
            words += ["rport", self.related_port]
        if self.tcp_type is not None:
            words += ["tcptype", self.tcp_type]
        return " ".join([str(word) for word in words])


@dataclass(frozen=True, slots=True)
class Source:
    """An announced SSRC.  `msid` is `STREAM TRACK`, both opaque."""

    ssrc: int
    cname: str = ""
    msid: str = ""

    def lines(self) -> list[str]:
        lines = [f"ssrc:{self.ssrc} cname:{self.cname}"]
        return [*lines, f"ssrc:{self.ssrc} msid:{self.msid}"] if self.msid else lines


@dataclass(frozen=True, slots=True)
class SsrcGroup:
    """SSRCs that belong together (RFC 5576); `FID` is a stream and its retransmissions."""

    semantics: str
    ssrcs: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> SsrcGroup:
        semantics, *ssrcs = text.split() or [""]
        return cls(semantics, tuple([number(ssrc, 0xFFFF_FFFF) for ssrc in ssrcs]))

    def __str__(self) -> str:
        return " ".join([self.semantics, *map(str, self.ssrcs)])


class RidDirection(StrEnum):
    SEND = "send"
    RECV = "recv"


@dataclass(frozen=True, slots=True)
class Rid:
    """A named layer (RFC 8851); `restrictions` as written."""

    name: str
    direction: RidDirection
    restrictions: str = ""

    @classmethod
    def parse(cls, text: str) -> Rid:
        name, _, rest = text.partition(" ")
        direction, _, restrictions = rest.partition(" ")
        if not name:
            raise bad("A rid in the SDP had no name.")
        return cls(name, choice(RidDirection, direction), restrictions)

    def __str__(self) -> str:
        return f"{self.name} {self.direction} {self.restrictions}".rstrip()


@dataclass(frozen=True, slots=True)
class Simulcast:
    """Layers sent and received (RFC 8853), each as written: `h`, `~h` when it starts paused, `a,b` alternatives."""

    send: tuple[str, ...] = ()
    recv: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Simulcast:
        words = text.split()
        if len(words) not in (2, 4):
            raise bad("The simulcast line of the SDP was incomplete.")
        layers: dict[RidDirection, tuple[str, ...]] = {}
        for direction, names in zip(words[::2], words[1::2], strict=True):
            layers[choice(RidDirection, direction)] = tuple(names.split(";"))
        return cls(layers.get(RidDirection.SEND, ()), layers.get(RidDirection.RECV, ()))

    def __str__(self) -> str:
        parts = [("send", self.send), ("recv", self.recv)]
        return " ".join([f"{word} {';'.join(names)}" for word, names in parts if names])


def bad(sentence: str) -> PeerFault:
    return PeerFault(ErrorCode.BAD_SDP, sentence)


def number(text: str, most: int) -> int:
    """A plain decimal number of at most `most`: int() alone would also take signs, blanks and other scripts."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20) or int(text) > most:
        raise bad("A number in the SDP was not one, or too large.")
    return int(text)


ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


def choice(kind: type[ChoiceT], text: str) -> ChoiceT:
    """The member of `kind` that `text` names."""
    try:
        return kind(text)
    except ValueError:
        raise bad(f"The SDP had an unknown word for {kind.__name__.lower()}.") from None
