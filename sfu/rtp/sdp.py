"""Session descriptions as WebRTC writes them (RFC 8866, 8829, 8839, 8843): text to values and back.

The same model serves both sides: the desktop client builds its offer from it, the host reads any browser's offer
and builds its ICE-lite answer.  Lines we do not know are skipped, as the RFC wants; lines that we know and cannot
read are one `PeerFault(BAD_SDP)`.  What to offer and what to answer is policy and not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sfu.rtp.sdp_parts import (
    Candidate,
    Codec,
    Direction,
    ExtensionUri,
    Fingerprint,
    Rid,
    RidDirection,
    Setup,
    Simulcast,
    Source,
    SsrcGroup,
    bad,
    choice,
    number,
)

__all__ = [
    "Candidate", "Codec", "Description", "Direction", "ExtensionUri", "Fingerprint", "MediaLine", "Rid",
    "RidDirection", "Setup", "Simulcast", "Source", "SsrcGroup",
]  # fmt: skip

# Chromium's offer for 15 lines with every codec it has is 56 KB in 1,800 lines.
_MAX_TEXT = 1 << 18
_MAX_MEDIA = 128
_MAX_TOKEN = 256
_ANY_ADDRESS = "0.0.0.0"


@dataclass(frozen=True, slots=True)
class MediaLine:
    """One m= section.  Transport values of the session level are found here too, copied to every line.

    `extensions` maps URI to id.  Port 0 without `bundle_only` means rejected.  `msid` is `STREAM TRACK`.
    `formats` is kept only where there are no codecs: data channels, and lines to be rejected.
    """

    kind: str
    mid: str
    direction: Direction = Direction.SENDRECV
    codecs: tuple[Codec, ...] = ()
    extensions: Mapping[str, int] = field(default_factory=dict)
    ice_ufrag: str | None = None
    ice_pwd: str | None = None
    ice_options: tuple[str, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    setup: Setup | None = None
    msid: str = ""
    sources: tuple[Source, ...] = ()
    ssrc_groups: tuple[SsrcGroup, ...] = ()
    rids: tuple[Rid, ...] = ()
    simulcast: Simulcast | None = None
    candidates: tuple[Candidate, ...] = ()
    end_of_candidates: bool = False
    rtcp_mux: bool = True
    rtcp_reduced_size: bool = True
    bundle_only: bool = False
    port: int = 9
    protocol: str = "UDP/TLS/RTP/SAVPF"
    formats: tuple[str, ...] = ()

    @property
    def rejected(self) -> bool:
        return self.port == 0 and not self.bundle_only

    def codec(self, name: str) -> Codec | None:
        """The first codec of that name: the one its writer likes best."""
        return next((codec for codec in self.codecs if codec.name.lower() == name.lower()), None)

    def rtx_of(self, codec: Codec) -> Codec | None:
        """The retransmission format of `codec` (RFC 4588 8.6)."""
        apt = str(codec.payload_type)
        formats = (other for other in self.codecs if other.name.lower() == "rtx")
        return next((other for other in formats if other.parameters.get("apt") == apt), None)

    def rtx_ssrc_of(self, ssrc: int) -> int | None:
        """The SSRC on which `ssrc` is repaired, by its FID group."""
        groups = (group.ssrcs for group in self.ssrc_groups if group.semantics == "FID" and len(group.ssrcs) == 2)
        return next((repair for primary, repair in groups if primary == ssrc), None)


@dataclass(frozen=True, slots=True)
class Description:
    """A whole offer or answer.  `bundle` names the mids that share one transport; `lite` is RFC 8445's ICE-lite."""

    media: tuple[MediaLine, ...]
    bundle: tuple[str, ...] = ()
    lite: bool = False
    session_id: int = 1
    version: int = 1
    extmap_allow_mixed: bool = True

    @classmethod
    def parse(cls, text: str) -> Description:
        """Raises PeerFault(BAD_SDP)."""
        session, *sections = _sections(text)
        if not session or session[0] != ("v", "0"):
            raise bad("The SDP did not begin with v=0.")
        attributes = _Attributes(session)
        media = tuple([_read_media(section, attributes) for section in sections])
        mids = {line.mid for line in media}
        if len(mids) != len(media):
            raise bad("Two lines of the SDP had the same mid.")
        bundle = _bundle(attributes)
        if not mids.issuperset(bundle):
            raise bad("The SDP bundles a line that it does not have.")
        session_id, version = _origin(session)
        mixed = attributes.has("extmap-allow-mixed")
        return cls(media, bundle, attributes.has("ice-lite"), session_id, version, mixed)

    def __str__(self) -> str:
        lines = ["v=0", f"o=- {self.session_id} {self.version} IN IP4 127.0.0.1", "s=-", "t=0 0"]
        if self.lite:
            lines.append("a=ice-lite")
        if self.bundle:
            lines.append("a=group:BUNDLE " + " ".join(self.bundle))
        if self.extmap_allow_mixed:
            lines.append("a=extmap-allow-mixed")
        lines.append("a=msid-semantic: WMS *")
        for line in self.media:
            lines += _write_media(line)
        return "\r\n".join([*lines, ""])


# -- reading -------------------------------------------------------------------------------------------------

_Line = tuple[str, str]


class _Attributes:
    """The a= lines of one section, by name.  One pass, so a long section costs no more than its length."""

    def __init__(self, section: list[_Line]) -> None:
        self._values: dict[str, list[str]] = {}
        for letter, text in section:
            if letter == "a":
                name, _, value = text.partition(":")
                self._values.setdefault(name, []).append(value.strip())

    def has(self, name: str) -> bool:
        return name in self._values

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def first(self, name: str) -> str | None:
        return self._values[name][0] if name in self._values else None

    def token(self, name: str, least: int = 1) -> str | None:
        """A value that is one word."""
        value = self.first(name)
        if value is not None and (not least <= len(value) <= _MAX_TOKEN or len(value.split()) != 1):
            raise bad(f"The {name} of the SDP was empty, too short or too long.")
        return value

    def by_payload_type(self, name: str) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for value in self.all(name):
            payload_type, _, rest = value.partition(" ")
            if payload_type != "*":
                found.setdefault(number(payload_type, 127), []).append(rest.strip())
        return found


def _sections(text: str) -> list[list[_Line]]:
    if len(text) > _MAX_TEXT:
        raise bad("The SDP was too long.")
    sections: list[list[_Line]] = [[]]
    for raw in text.split("\n"):
        line = raw.removesuffix("\r")
        if not line:
            continue
        if line[1:2] != "=" or "\r" in line or "\0" in line:
            raise bad("A line of the SDP was not of the form x=value.")
        if line[0] == "m":
            sections.append([])
        sections[-1].append((line[0], line[2:]))
    if len(sections) > _MAX_MEDIA + 1:
        raise bad("The SDP had too many media lines.")
    return sections


def _origin(session: list[_Line]) -> tuple[int, int]:
    words = next((value for letter, value in session if letter == "o"), "").split()
    if len(words) != 6:
        raise bad("The SDP had no origin.")
    return number(words[1], (1 << 64) - 1), number(words[2], (1 << 64) - 1)


def _bundle(attributes: _Attributes) -> tuple[str, ...]:
    groups = [value.split() for value in attributes.all("group")]
    return next((tuple(mids) for semantics, *mids in filter(None, groups) if semantics == "BUNDLE"), ())


def _read_media(section: list[_Line], session: _Attributes) -> MediaLine:
    words = section[0][1].split()
    if len(words) < 4:
        raise bad("A media line of the SDP was incomplete.")
    attributes = _Attributes(section)
    mid = attributes.token("mid")
    if mid is None:
        raise bad("A media line of the SDP had no mid.")
    codecs = _read_codecs(words[3:], attributes) if "RTP" in words[2].split("/") else ()
    simulcast, setup = attributes.first("simulcast"), attributes.first("setup") or session.first("setup")
    fingerprints = attributes.all("fingerprint") or session.all("fingerprint")
    return MediaLine(
        kind=words[0],
        mid=mid,
        direction=_read_direction(attributes, session),
        codecs=codecs,
        extensions=_read_extensions(attributes),
        ice_ufrag=attributes.token("ice-ufrag", least=4) or session.token("ice-ufrag", least=4),
        ice_pwd=attributes.token("ice-pwd", least=22) or session.token("ice-pwd", least=22),
        ice_options=tuple((attributes.first("ice-options") or session.first("ice-options") or "").split()),
        fingerprints=tuple([Fingerprint.parse(value) for value in fingerprints]),
        setup=choice(Setup, setup) if setup is not None else None,
        msid=attributes.first("msid") or "",
        sources=_read_sources(attributes),
        ssrc_groups=tuple([SsrcGroup.parse(value) for value in attributes.all("ssrc-group")]),
        rids=tuple([Rid.parse(value) for value in attributes.all("rid")]),
        simulcast=Simulcast.parse(simulcast) if simulcast is not None else None,
        candidates=tuple([Candidate.parse(value) for value in attributes.all("candidate")]),
        end_of_candidates=attributes.has("end-of-candidates"),
        rtcp_mux=attributes.has("rtcp-mux"),
        rtcp_reduced_size=attributes.has("rtcp-rsize"),
        bundle_only=attributes.has("bundle-only"),
        port=number(words[1].partition("/")[0], 0xFFFF),
        protocol=words[2],
        formats=() if codecs else tuple(words[3:]),
    )


def _read_direction(attributes: _Attributes, session: _Attributes) -> Direction:
    for level in (attributes, session):
        for direction in Direction:
            if level.has(direction):
                return direction
    return Direction.SENDRECV


def _read_codecs(formats: list[str], attributes: _Attributes) -> tuple[Codec, ...]:
    """In the order of the m= line.  Static payload types without rtpmap are left out: none of them is ours."""
    names = attributes.by_payload_type("rtpmap")
    feedback = attributes.by_payload_type("rtcp-fb")
    parameters = attributes.by_payload_type("fmtp")
    everyone = tuple([value[1:].strip() for value in attributes.all("rtcp-fb") if value.startswith("* ")])
    codecs: dict[int, Codec] = {}
    for payload_type in [number(text, 127) for text in formats]:
        if payload_type in names and payload_type not in codecs:
            name, rate, channels = _read_rtpmap(names[payload_type][0])
            pairs = _read_parameters(parameters.get(payload_type, []))
            wants = (*feedback.get(payload_type, ()), *everyone)
            codecs[payload_type] = Codec(payload_type, name, rate, channels, pairs, wants)
    return tuple(codecs.values())


def _read_rtpmap(text: str) -> tuple[str, int, int]:
    words = text.split("/")
    if len(words) not in (2, 3) or not words[0]:
        raise bad("A codec in the SDP had no name or clock rate.")
    return words[0], number(words[1], 10_000_000), number(words[2], 255) if len(words) == 3 else 1


def _read_parameters(lines: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for piece in ";".join(lines).split(";"):
        key, _, value = piece.strip().partition("=")
        if key:
            pairs[key.strip()] = value.strip()
    return pairs


def _read_extensions(attributes: _Attributes) -> dict[str, int]:
    extensions: dict[str, int] = {}
    for value in attributes.all("extmap"):
        words = value.split()
        if len(words) < 2:
            raise bad("A header extension in the SDP had no URI.")
        extensions.setdefault(words[1], number(words[0].partition("/")[0], 255))
    return extensions


def _read_sources(attributes: _Attributes) -> tuple[Source, ...]:
    described: dict[int, dict[str, str]] = {}
    for value in attributes.all("ssrc"):
        ssrc, _, attribute = value.partition(" ")
        name, _, content = attribute.partition(":")
        described.setdefault(number(ssrc, 0xFFFF_FFFF), {}).setdefault(name, content.strip())
    return tuple([
        Source(ssrc, about.get("cname", ""), about.get("msid", "")) for ssrc, about in described.items()
    ])  # fmt: skip


# -- writing -------------------------------------------------------------------------------------------------


def _write_media(line: MediaLine) -> Iterator[str]:
    formats = [str(codec.payload_type) for codec in line.codecs] or list(line.formats) or ["0"]
    yield f"m={line.kind} {line.port} {line.protocol} {' '.join(formats)}"
    yield f"c=IN IP4 {_ANY_ADDRESS}"
    for attribute in _media_attributes(line):
        yield f"a={attribute}"


def _media_attributes(line: MediaLine) -> Iterator[str]:
    yield f"mid:{line.mid}"
    yield from _transport_attributes(line)
    for uri, key in line.extensions.items():
        yield f"extmap:{key} {uri}"
    yield line.direction.value
    if line.msid:
        yield f"msid:{line.msid}"
    if line.rtcp_mux:
        yield "rtcp-mux"
    if line.rtcp_reduced_size:
        yield "rtcp-rsize"
    for codec in line.codecs:
        yield from codec.lines()
    for rid in line.rids:
        yield f"rid:{rid}"
    if line.simulcast is not None:
        yield f"simulcast:{line.simulcast}"
    for group in line.ssrc_groups:
        yield f"ssrc-group:{group}"
    for source in line.sources:
        yield from source.lines()


def _transport_attributes(line: MediaLine) -> Iterator[str]:
    if line.bundle_only:
        yield "bundle-only"
    if line.ice_ufrag is not None:
        yield f"ice-ufrag:{line.ice_ufrag}"
    if line.ice_pwd is not None:
        yield f"ice-pwd:{line.ice_pwd}"
    if line.ice_options:
        yield f"ice-options:{' '.join(line.ice_options)}"
    for fingerprint in line.fingerprints:
        yield f"fingerprint:{fingerprint}"
    if line.setup is not None:
        yield f"setup:{line.setup}"
    for candidate in line.candidates:
        yield f"candidate:{candidate}"
    if line.end_of_candidates:
        yield "end-of-candidates"
