"""Between the host's control process and its forwarder: orders down, events up.

A stream of frames over an inherited socket: four bytes length (big-endian), then one JSON object told apart by
`type`; bytes travel as base64 (rates are low: handshakes, joins, one snapshot a second).  No media packet ever
crosses.  The forwarder decides what flows into which slot; the host decides who is here and who may see what.

A *peer* is one client's transport.  A *source* is `participant/kind`.  A *slot* is one receiving line of a peer.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

MAX_FRAME = 1 << 20


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_bytes="base64", val_json_bytes="base64")


Ssrc = Annotated[int, Field(ge=0, le=0xFFFF_FFFF)]


class Extensions(Message):
    """Header extension ids (RFC 8285) as this peer negotiated them; 0: not negotiated.  One set a peer (BUNDLE)."""

    mid: int = 0
    rid: int = 0
    repaired_rid: int = 0
    audio_level: int = 0
    absolute_send_time: int = 0
    transport_cc: int = 0


class PayloadTypes(Message):
    """Payload types as this peer negotiated them; 0: not negotiated.  One set a peer (BUNDLE)."""

    opus: int = 0
    red: int = 0
    vp8: int = 0
    vp8_rtx: int = 0
    h264: int = 0
    h264_rtx: int = 0


class SourceLine(Message):
    """A line on which the peer sends.  SSRCs that are known from the SDP are named; others are learnt by MID.

    `rids` are its layers (RFC 8853), best first; their SSRCs are learnt by MID and RID.
    """

    source: str
    mid: str
    kind: Literal["audio", "video"]
    ssrc: Ssrc | None = None
    rtx_ssrc: Ssrc | None = None
    rids: list[str] = Field(default_factory=list)


class SlotLine(Message):
    """A line on which the peer receives.  The SSRCs are ours and never change."""

    mid: str
    kind: Literal["audio", "video"]
    ssrc: Ssrc
    rtx_ssrc: Ssrc | None = None


# -- orders: host to forwarder -------------------------------------------------------------------------------


class AddPeer(Message):
    """`ufrag`/`pwd` are ours: an incoming check must name `ufrag` and carry a MESSAGE-INTEGRITY keyed by `pwd`."""

    type: Literal["add_peer"] = "add_peer"
    peer: str
    ufrag: str
    pwd: str
    remote_ufrag: str
    extensions: Extensions
    payload_types: PayloadTypes
    sources: list[SourceLine]
    slots: list[SlotLine]


class RestartIce(Message):
    """New credentials for the same peer, keys and numbers (RFC 8445, 9); the old ones hold until these have worked."""

    type: Literal["restart_ice"] = "restart_ice"
    peer: str
    ufrag: str
    pwd: str


class SetKeys(Message):
    """SRTP keys after the DTLS handshake; `send_*` protects what the forwarder sends to the peer."""

    type: Literal["set_keys"] = "set_keys"
    peer: str
    profile: Literal["AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"]
    send_key: bytes
    receive_key: bytes


class Dtls(Message):
    """One DTLS datagram, either way."""

    type: Literal["dtls"] = "dtls"
    peer: str
    datagram: bytes


class View(Message):
    source: str
    width: int
    height: int
    priority: int


class SetViews(Message):
    """The pictures this peer shows now, best first.  Only these may fill its video slots."""

    type: Literal["set_views"] = "set_views"
    peer: str
    views: list[View]


class SetSending(Message):
    """Sources of this peer that are on now.  What arrives for the others is dropped (muted means muted)."""

    type: Literal["set_sending"] = "set_sending"
    peer: str
    sources: list[str]


class OpenTap(Message):
    """Hand every packet of this source, still encoded, to `taker` as `stream`.

    Of a picture inference gets its least layer, or the `middle` one, and the recorder the best that is sent anyway, but
    no less than the middle one; of a screen the best there is.  A source may have several taps, and a stream a picture
    and a voice.  Said again with the same stream: ask the sender for a key frame.
    """

    type: Literal["open_tap"] = "open_tap"
    source: str
    stream: str
    middle: bool = False
    taker: Literal["inference", "recorder"] = "inference"


class CloseTap(Message):
    type: Literal["close_tap"] = "close_tap"
    source: str
    stream: str


class RemovePeer(Message):
    type: Literal["remove_peer"] = "remove_peer"
    peer: str


class Begin(Message):
    """That is everybody who was here before this forwarder; whoever was not named is gone."""

    type: Literal["begin"] = "begin"


class Stop(Message):
    type: Literal["stop"] = "stop"


Order = Annotated[
    AddPeer | RestartIce | SetKeys | Dtls | SetViews | SetSending | OpenTap | CloseTap | RemovePeer | Begin | Stop,
    Field(discriminator="type"),
]

# -- events: forwarder to host -------------------------------------------------------------------------------


class Ready(Message):
    type: Literal["ready"] = "ready"
    pid: int
    compiled: bool = False
    """Whether the per-packet path runs compiled."""


class PeerValidated(Message):
    """A connectivity check with the right password came in: this is the peer's address now; DTLS may begin."""

    type: Literal["peer_validated"] = "peer_validated"
    peer: str


class PeerLost(Message):
    """No valid check for 30 s (RFC 7675), or it sent what it may not: `sentence` says which."""

    type: Literal["peer_lost"] = "peer_lost"
    peer: str
    code: str
    sentence: str


class SlotShows(Message):
    mid: str
    source: str | None


class SlotsChanged(Message):
    type: Literal["slots_changed"] = "slots_changed"
    peer: str
    shows: list[SlotShows]


class LayersWanted(Message):
    """Layers of this peer's source that somebody watches, best first; told when that changes, and after SetKeys."""

    type: Literal["layers_wanted"] = "layers_wanted"
    peer: str
    source: str
    wanted: list[str]


class Speaking(Message):
    """Microphone sources that speak now, loudest first (RFC 6464 levels); sent when it changes."""

    type: Literal["speaking"] = "speaking"
    sources: list[str]


Why = Literal["empty", "asked", "path", "paused", "waiting", "available"]
"""Why a slot carries the layer that it carries: as asked; less, because the viewer's path carries no more, or nothing
at all; nothing yet, until a key frame or the first packet; or what the sender sends instead of what was asked."""


class LayerStats(Message):
    """One layer of a source, by rid; empty: it is sent whole."""

    rid: str
    packets: int
    octets: int
    lost: int
    nacks_sent: int
    keyframe_requests: int
    jitter_ms: float
    viewers: int


class SourceStats(Message):
    source: str
    packets: int
    octets: int
    lost: int
    nacks_sent: int
    keyframes: int
    keyframe_requests: int
    duplicates: int = 0
    recovered: int = Field(default=0, description="lost packets found in later ones (RED)")
    layers: list[LayerStats] = Field(default_factory=list)


class SlotStats(Message):
    mid: str
    source: str | None
    packets: int
    octets: int
    nacked: int
    resent: int
    layer: str = Field(default="", description="rid of what flows now; empty: nothing, or it is sent whole")
    why: Why = "empty"


class PeerStats(Message):
    peer: str
    validated: bool
    secured: bool
    malformed: int = Field(description="datagrams that parsed or authenticated badly")
    sources: list[SourceStats]
    slots: list[SlotStats]
    round_trip_ms: float | None = None
    budget_bps: int = Field(default=0, description="what its path is believed to carry to it")
    loss: float = Field(default=0.0, description="share of packets that it last reported lost, 0 to 1")


class Snapshot(Message):
    """Once a second.  `cpu_s` is user + system time of the process so far, `deciding_s` that of its first thread: all
    but what sealers did, where there are any.

    A hundred people who all see each other have ten thousand slots: then each snapshot tells of some, in turn, and the
    next comes after a tenth of a second.
    """

    type: Literal["snapshot"] = "snapshot"
    at: float
    cpu_s: float
    deciding_s: float = 0.0
    rss_mb: float
    received: int
    forwarded: int
    tap_dropped: int
    peers: list[PeerStats]
    others: list[str] = Field(default=[], description="peers who are here too, and whose turn comes")

    def completed(self, before: Snapshot | None) -> Snapshot:
        """This one, with what was told before of those whose turn it was not."""
        known = {peer.peer: peer for peer in before.peers} if before is not None else {}
        rest = [known[other] for other in self.others if other in known]
        return self.model_copy(update={"peers": self.peers + rest})


Event = Annotated[
    Ready | Dtls | PeerValidated | PeerLost | SlotsChanged | LayersWanted | Speaking | Snapshot,
    Field(discriminator="type"),
]

ORDER: TypeAdapter[Order] = TypeAdapter(Order)
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
