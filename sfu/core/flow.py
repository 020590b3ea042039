"""What the per-packet path knows, flat: streams coming in, slots going out, and the two ends of a peer's transport.

Every media packet touches these objects, so they hold numbers, arrays and lists, no behaviour and no messages: this
is the state that `forward.py` works on.  Who may see what, and when a slot changes hands, is decided elsewhere, in
code that runs a few times a second.

Adding an attribute: here, and in `flow.pxd` if every packet needs it (`sfu/forwarder/form.py` says how and why).
"""

from __future__ import annotations

from array import array

from sfu.core.ciphers import Cipher
from sfu.core.clocks import MediaClock
from sfu.core.ledger import Receiving, Record, Sending
from sfu.rtp.nack import NackGenerator
from sfu.rtp.reception import Reception

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[str, int, str]
"""As the socket gives it: host, port, and for IPv6 flow and scope; of a TCP connection host, port and "tcp"."""

# Half a second of the largest video layer at 1,200 bytes a packet, with room for a key frame: what a LAN needs to
# notice a loss and ask twice.  A power of two, because the path masks sequence numbers with it.
VIDEO_PACKETS = 512
AUDIO_PACKETS = 128
SLOT_RECORDS = 512
ARRIVALS = 1024
# What a subscriber gets in half a second at 80 Mbps: feedback comes every 100 ms, after the way there and back.
SENT_PACKETS = 4096

AUDIO_RATE = 48_000
VIDEO_RATE = 90_000


class Packet:
    """One received RTP packet, and where in its payload the numbers stand that a slot rewrites."""

    __slots__ = (
        "arrival", "keyframe", "keyidx", "keyidx_at", "level", "marker", "numbered", "payload", "picture_id",
        "picture_id_at", "redundant", "repaired", "sequence", "size", "timestamp", "tl0", "tl0_at", "wide",
    )  # fmt: skip

    def __init__(self, sequence: int, timestamp: int, marker: int, payload: bytes, arrival: float) -> None:
        self.sequence = sequence
        self.timestamp = timestamp
        self.marker = marker
        """0x80 or 0: the bit as it stands beside the payload type."""
        self.payload = payload
        self.size = len(payload)
        self.arrival = arrival
        self.redundant: bytes | None = None
        """The same with earlier packets repeated in it (RFC 2198), as it came."""
        self.level = -1
        """RFC 6464 byte (voice bit and -dBov), -1 where the packet carries none."""
        self.keyframe = False
        """A slot can begin here: the first packet of a key frame, or any packet of sound."""
        self.repaired = False
        """It was lost, and came as a retransmission (see `repairs`)."""
        self.numbered = False
        """The payload carries numbers that a slot rewrites; 0 in `_at`: not this one."""
        self.picture_id = self.tl0 = self.keyidx = 0
        self.picture_id_at = self.tl0_at = self.keyidx_at = 0
        self.wide = False
        """The picture id has 15 bits, not 7."""


class Stream:
    """One incoming RTP stream: a microphone, or one layer of a camera."""

    __slots__ = (
        "asked",
        "batch",
        "clock",
        "duplicates",
        "h264",
        "heard_at",
        "highest",
        "keyframe_requests",
        "keyframes",
        "level",
        "mask",
        "nacks",
        "octets",
        "packets",
        "payload_type",
        "publisher",
        "receiving",
        "recent",
        "reception",
        "recovered",
        "red_payload_type",
        "repaired",
        "repairing",
        "rid",
        "rtx_payload_type",
        "rtx_ssrc",
        "silent",
        "slots",
        "source",
        "ssrc",
        "video",
    )  # fmt: skip

    def __init__(self, publisher: Inbound, source: str, ssrc: int, video: bool) -> None:
        self.publisher = publisher
        self.source = source
        self.ssrc = ssrc
        self.rtx_ssrc = -1
        self.video = video
        self.rid = ""
        """Which layer of its source this is; empty where there are none."""
        self.level = 0
        """0: the best layer there can be; see `layers`."""
        self.h264 = False
        self.heard_at = float("-inf")
        self.red_payload_type = -1
        """Of packets that repeat earlier ones (see `redundancy`)."""
        self.recovered = 0
        self.silent = 0
        """Packets of silence in a row (RFC 6464 level 127)."""
        self.receiving: Receiving | None = None
        self.repairing: Receiving | None = None
        self.payload_type = self.rtx_payload_type = -1
        size = VIDEO_PACKETS if video else AUDIO_PACKETS
        self.recent: list[Packet | None] = [None] * size
        """The last packets, by sequence number & mask: for forwarding now and for retransmission later."""
        self.mask = size - 1
        self.highest = -1
        self.batch: list[Packet] = []
        """What came in since the last emission."""
        self.repaired = False
        """Some of `batch` may be retransmissions."""
        self.slots: list[Slot] = []
        """Who gets it, and who waits for its next key frame."""
        rate = VIDEO_RATE if video else AUDIO_RATE
        self.reception = Reception(ssrc, rate)
        self.clock = MediaClock(rate)
        self.nacks = NackGenerator()
        self.packets = self.octets = self.duplicates = 0
        self.asked = self.keyframes = self.keyframe_requests = 0


class Slot:
    """One outgoing RTP stream of a peer, whatever source flows into it at the moment."""

    __slots__ = (
        "exact", "first", "header", "keyidx_offset", "last_sent", "last_sequence", "last_timestamp", "level_at",
        "limit", "mid", "nacked", "octets", "older", "outbound", "packets", "payload_type", "picture_id_offset",
        "records", "red_type", "repeating", "resent", "rtx_limit", "rtx_payload_type", "rtx_sequence", "rtx_ssrc",
        "send_time_at", "sending", "sequence_offset", "shows", "ssrc", "stream", "target", "timestamp_offset",
        "tl0_offset", "transport_at", "types", "video",
    )  # fmt: skip

    def __init__(self, outbound: Outbound, mid: str, video: bool, ssrc: int, rtx_ssrc: int) -> None:
        self.outbound = outbound
        self.mid = mid
        self.video = video
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        """-1: retransmissions go out as they were, on the same SSRC."""
        self.payload_type = self.rtx_payload_type = 0
        self.types = ((0, -1), (0, -1))
        """Payload type and that of retransmissions, for VP8 (or Opus) and for H264."""
        self.shows: str | None = None
        """The source that was given this slot, whether or not anything of it has come yet."""
        self.header = bytes(12)
        """The RTP header with its extension block, as it goes out, but for what changes with each packet."""
        self.send_time_at = self.transport_at = self.level_at = 0
        """Where in the header these extensions' values stand; 0: not negotiated."""
        self.stream: Stream | None = None
        """What flows now."""
        self.target: Stream | None = None
        """What shall flow from its next key frame on."""
        self.first = 0
        """Source sequence number from which the offsets below hold; older ones are looked up in `older`."""
        self.older: list[tuple[int, int]] = []
        self.sequence_offset = self.timestamp_offset = 0
        self.picture_id_offset = self.tl0_offset = self.keyidx_offset = 0
        self.last_sequence = self.last_timestamp = self.rtx_sequence = 0
        self.red_type = 0
        """Payload type of sound that repeats earlier packets; 0: this peer takes none."""
        self.last_sent = 0.0
        """0: nothing yet, in no life of the forwarder."""
        self.limit = self.rtx_limit = 0
        """The last sequence numbers that may leave before more are reserved (see `ledger`)."""
        self.sending: Sending | None = None
        self.repeating: Sending | None = None
        self.records: array[int] = array("q", bytes(8 * SLOT_RECORDS))
        """What each sent packet was made of (see `rewriting`), so that an answer to a NACK has the same bytes."""
        self.exact: list[bytes | None] = [] if rtx_ssrc >= 0 else [None] * AUDIO_PACKETS
        """Slots without RTX answer with the very datagram: the same index is never encrypted twice."""
        self.packets = self.octets = self.nacked = self.resent = 0


class Inbound:
    """A peer as publisher: who may be heard on its transport."""

    __slots__ = (
        "arrivals", "audio_level_id", "cipher", "malformed", "mid_id", "peer", "received", "repaired_id", "rid_id",
        "rtx", "sending", "streams", "transport_id",
    )  # fmt: skip

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.cipher = Cipher()
        self.streams: dict[int, Stream] = {}
        self.rtx: dict[int, Stream] = {}
        self.mid_id = self.rid_id = self.repaired_id = self.audio_level_id = self.transport_id = 0
        self.arrivals: list[tuple[int, float]] = []
        """Transport-wide sequence numbers as they came, with their time, since the last feedback."""
        self.sending: frozenset[str] = frozenset()
        self.received = self.malformed = 0


class Outbound:
    """A peer as subscriber: where packets for it go, and under which keys."""

    __slots__ = (
        "address", "begun", "cipher", "lane", "lossy_until", "numbering", "packets", "peer", "pending", "probe_count",
        "probe_first", "sent_at", "sent_size", "transport_sequence",
    )  # fmt: skip

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.cipher = Cipher()
        self.address: Address | None = None
        self.lane = 0
        """Which of those who seal pictures has this subscriber's, where there are any (see `trays`)."""
        self.transport_sequence = 0
        self.numbering: Record | None = None
        """Where `transport_sequence` is written down now and then, for the next life."""
        self.pending: list[tuple[Slot, Stream]] = []
        self.begun: list[Slot] = []
        """Slots that carry another stream since they were reported on."""
        self.lossy_until = float("-inf")
        """Lately many packets were lost on its way: sound is repeated more."""
        self.packets = 0
        self.sent_at: array[float] = array("d", bytes(8 * SENT_PACKETS))
        self.sent_size: array[int] = array("q", bytes(8 * SENT_PACKETS))
        """When each packet left, by transport-wide number & mask; and number << 16 | size, 0: nothing is waited for."""
        self.probe_first = self.probe_count = 0
        """Transport-wide numbers of the last probe."""
