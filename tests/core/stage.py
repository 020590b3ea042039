"""A media plane on a virtual clock, with clients that are a few lines each.

Encryption here is transparent, so that tests read what was sent; `tests/forwarder` runs the real one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sfu.core.ciphers import Cipher
from sfu.core.flow import Address
from sfu.core.ledger import SIZE, Ledger
from sfu.core.media import MediaPlane
from sfu.core.standing import StandingOrders
from sfu.link import messages as link
from sfu.rtp import rtcp, stun
from sfu.rtp.packet import Datagram, RtpPacket, classify, write_audio_level, write_transport_sequence
from sfu.rtp.vp8 import Descriptor

OPUS, RED, VP8, RTX = 111, 63, 96, 97
EXTENSIONS = link.Extensions(mid=1, audio_level=2, absolute_send_time=3, transport_cc=4, rid=5, repaired_rid=6)
TYPES = link.PayloadTypes(opus=OPUS, vp8=VP8, vp8_rtx=RTX)
REDUNDANT = TYPES.model_copy(update={"red": RED})
KEYFRAME, DELTA = b"\x00frame", b"\x01frame"

EventT = TypeVar("EventT", bound=link.Message)
RtcpT = TypeVar("RtcpT", bound=rtcp.Rtcp)


class OpenCipher(Cipher):
    """SRTP without the S: everything opens, nothing is hidden."""

    def __init__(self, keys: link.SetKeys, received: bytearray, outgoing: bytearray) -> None:
        pass

    def unprotect(self, at: int, size: int) -> int:
        return size

    unprotect_rtcp = protect = protect_rtcp = unprotect


class Client:
    """One client as the forwarder sees it: an address, sending lines, slots, and what has come for it."""

    def __init__(self, stage: Stage, name: str, number: int) -> None:
        self.stage = stage
        self.name = name
        self.address: Address = ("192.0.2.1", 40_000 + number)
        self.audio_ssrc, self.video_ssrc, self.rtx_ssrc = (1000 * number + 1000 + kind for kind in range(3))
        self.slots = [link.SlotLine(mid=f"a{i}", kind="audio", ssrc=900_000 + 100 * number + i) for i in range(2)]
        self.slots += [
            link.SlotLine(mid=f"v{i}", kind="video", ssrc=950_000 + at, rtx_ssrc=980_000 + at)
            for i, at in enumerate(range(100 * number, 100 * number + 3))
        ]
        self.datagrams: list[bytes] = []
        self.audio_sequence = self.video_sequence = 100
        self.transport_sequence = 0

    # -- joining

    def order(self, **changes: object) -> link.AddPeer:
        lines = [
            link.SourceLine(source=f"{self.name}/microphone", mid="0", kind="audio", ssrc=self.audio_ssrc),
            link.SourceLine(
                source=f"{self.name}/camera", mid="1", kind="video", ssrc=self.video_ssrc, rtx_ssrc=self.rtx_ssrc
            ),
        ]
        order = link.AddPeer(
            peer=self.name, ufrag=f"u{self.name}", pwd=f"password of {self.name}", remote_ufrag="r",
            extensions=EXTENSIONS, payload_types=TYPES, sources=lines, slots=self.slots,
        )  # fmt: skip
        return order.model_copy(update=changes)

    def check(
        self, *, password: str | None = None, nominate: bool = True, address: Address | None = None, ufrag: str = ""
    ) -> bytes:
        """Sends a connectivity check; returns the bytes sent."""
        attributes = {
            int(stun.Attribute.USERNAME): f"{ufrag or 'u' + self.name}:r".encode(),
            int(stun.Attribute.PRIORITY): bytes(4),
            int(stun.Attribute.ICE_CONTROLLING): bytes(8),
        }
        if nominate:
            attributes[int(stun.Attribute.USE_CANDIDATE)] = b""
        request = stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes)
        raw = stun.serialize(request, (password or f"password of {self.name}").encode())
        self.stage.receive(raw, address or self.address)
        return raw

    def join(self, *, watching: Sequence[str] = (), **changes: object) -> Client:
        self.stage.order(self.order(**changes))
        self.check()
        self.stage.order(link.SetKeys(peer=self.name, profile="AEAD_AES_128_GCM", send_key=b"", receive_key=b""))
        self.sends("microphone", "camera")
        if watching:
            self.watches(*watching)
        return self

    def sends(self, *kinds: str) -> None:
        self.stage.order(link.SetSending(peer=self.name, sources=[f"{self.name}/{kind}" for kind in kinds]))

    def watches(self, *names: str, priority: int = 5) -> None:
        views = [link.View(source=f"{name}/camera", width=320, height=180, priority=priority) for name in names]
        self.stage.order(link.SetViews(peer=self.name, views=views))

    def watch(self, *views: tuple[str, int]) -> None:
        """Cameras, each with its priority."""
        wanted = [link.View(source=f"{name}/camera", width=320, height=180, priority=worth) for name, worth in views]
        self.stage.order(link.SetViews(peer=self.name, views=wanted))

    # -- sending

    def rtp(self, packet: RtpPacket) -> None:
        self.stage.receive(packet.serialize(), self.address)

    def voice(self, *, dbov: int = 20, payload: bytes = b"opus", timestamp: int | None = None) -> None:
        """The next 20 ms packet of the microphone."""
        self.audio_sequence = self.audio_sequence + 1 & 0xFFFF
        at = 960 * self.audio_sequence if timestamp is None else timestamp
        extensions = {2: write_audio_level(dbov < 127, dbov)}
        self.rtp(RtpPacket(OPUS, self.audio_sequence, at & 0xFFFFFFFF, self.audio_ssrc, payload, extensions=extensions))

    def frame(
        self, *, key: bool = False, packets: int = 1, picture: int | None = None, skip: Iterable[int] = (),
        timestamp: int | None = None,
    ) -> list[RtpPacket]:  # fmt: skip
        """The next frame of the camera; `skip` names packets (by place in the frame) that the network loses."""
        sent = []
        picture = self.video_sequence if picture is None else picture
        for place in range(packets):
            self.video_sequence = self.video_sequence + 1 & 0xFFFF
            self.transport_sequence = self.transport_sequence + 1 & 0xFFFF
            head = Descriptor(start=place == 0, picture_id=picture & 0x7FFF, tl0picidx=picture & 0xFF, keyidx=1)
            body = (KEYFRAME if key else DELTA) + bytes((place,))
            packet = RtpPacket(
                VP8, self.video_sequence, (3000 * picture if timestamp is None else timestamp) & 0xFFFFFFFF,
                self.video_ssrc, head.serialize() + body, marker=place == packets - 1,
                extensions={4: write_transport_sequence(self.transport_sequence)},
            )  # fmt: skip
            sent.append(packet)
            if place not in set(skip):
                self.rtp(packet)
        return sent

    def rtcp(self, *packets: rtcp.Rtcp) -> None:
        self.stage.receive(rtcp.serialize(packets), self.address)

    # -- receiving

    def take(self) -> list[bytes]:
        taken, self.datagrams = self.datagrams, []
        return taken

    def heard(self, mid: str | None = None) -> list[RtpPacket]:
        """RTP that came since the last `take`, of one slot or all."""
        ssrcs = {slot.ssrc for slot in self.slots if mid in (None, slot.mid)}
        packets = [RtpPacket.parse(data) for data in self.datagrams if classify(data) is Datagram.RTP]
        return [packet for packet in packets if packet.ssrc in ssrcs]

    def repeated(self) -> list[RtpPacket]:
        """Retransmissions that came since the last `take`."""
        ssrcs = {slot.rtx_ssrc for slot in self.slots}
        packets = [RtpPacket.parse(data) for data in self.datagrams if classify(data) is Datagram.RTP]
        return [packet for packet in packets if packet.ssrc in ssrcs]

    def told(self, kind: type[RtcpT]) -> list[RtcpT]:
        """RTCP of a kind that came since the last `take`."""
        found = [packet for data in self.datagrams if classify(data) is Datagram.RTCP for packet in rtcp.parse(data)]
        return [packet for packet in found if isinstance(packet, kind)]

    def ssrc(self, mid: str) -> int:
        return next(slot.ssrc for slot in self.slots if slot.mid == mid)


class Layer:
    """One size of a client's camera: an SSRC of its own, a clock of its own, named in every packet."""

    def __init__(self, client: Client, rid: str, number: int) -> None:
        self.client = client
        self.rid = rid
        self.ssrc = 70_000 + 10 * number + 1000 * client.audio_ssrc
        self.rtx_ssrc = self.ssrc + 1
        self.sequence = 1000 * (number + 1)
        self.picture = 5000 * (number + 1)
        self.clock_offset = 1_000_000 * (number + 1)
        self.frames: list[RtpPacket] = []

    def timestamp(self, at: float) -> int:
        return int(at * 90_000) + self.clock_offset & 0xFFFF_FFFF

    def frame(self, *, key: bool = False, packets: int = 1, captured: float | None = None) -> list[RtpPacket]:
        """The next frame, of the picture taken at `captured` (now)."""
        now = self.client.stage.now
        self.picture += 1
        sent = []
        for place in range(packets):
            self.sequence = self.sequence + 1 & 0xFFFF
            head = Descriptor(
                start=place == 0, picture_id=self.picture & 0x7FFF, tl0picidx=self.picture & 0xFF, tid=0, keyidx=1
            )
            body = (KEYFRAME if key else DELTA) + self.rid.encode()
            packet = RtpPacket(
                VP8, self.sequence, self.timestamp(now if captured is None else captured), self.ssrc,
                head.serialize() + body, marker=place == packets - 1, extensions={1: b"1", 5: self.rid.encode()},
            )  # fmt: skip
            sent.append(packet)
            self.client.rtp(packet)
        return sent

    def report(self) -> None:
        """A sender report, on the client's own clock, which is 7 s ahead of ours."""
        now = self.client.stage.now
        self.client.rtcp(rtcp.SenderReport(self.ssrc, rtcp.to_ntp(now + 7), self.timestamp(now), 1, 1))


def simulcast(stage: Stage, name: str, *rids: str) -> tuple[Client, list[Layer]]:
    """A client whose camera comes in layers, best first."""
    client = stage.client(name)
    lines = [
        link.SourceLine(source=f"{name}/microphone", mid="0", kind="audio", ssrc=client.audio_ssrc),
        link.SourceLine(source=f"{name}/camera", mid="1", kind="video", rids=list(rids)),
    ]
    client.join(sources=lines)
    return client, [Layer(client, rid, number) for number, rid in enumerate(rids)]


class Stage:
    """The plane, its clock, and the clients on it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.memory = bytearray(SIZE)
        self.plane = self._plane()
        self.standing = StandingOrders()
        self.events: list[link.Event] = []
        self.clients: dict[Address, Client] = {}
        self.lost: list[bytes] = []

    def client(self, name: str) -> Client:
        client = Client(self, name, len(self.clients))
        self.clients[client.address] = client
        return client

    def _plane(self) -> MediaPlane:
        return MediaPlane(OpenCipher, lambda limit: limit // 3, Ledger(self.memory))

    def die(self) -> None:
        """The forwarder is killed, and started again with what was told it and what it had written down."""
        self.plane = self._plane()
        for order in self.standing.told():
            self.plane.order(order, self.now)
        self.turn()

    def order(self, order: link.Order) -> None:
        self.standing.note(order)
        self.plane.order(order, self.now)
        self.turn()

    def receive(self, datagram: bytes, address: Address) -> None:
        self.plane.datagram(datagram, address, self.now)
        self.turn()

    def pass_time(self, seconds: float, step: float = 0.02) -> None:
        """Wakes the plane as a loop would, never later than `step`."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now = min(end, self.now + step)
            self.turn()

    def turn(self) -> None:
        self.plane.poll(self.now)
        more = True
        while more:
            more = self.plane.flush(self.now)
            self._deliver()
        self.events += self.plane.events
        self.plane.events.clear()

    def _deliver(self) -> None:
        outbox = self.plane.outbox
        for address, at, size, segment in outbox.runs:
            run = bytes(outbox.arena[at : at + size])
            pieces = [run[i : i + segment] for i in range(0, size, segment)] if segment else [run]
            target = self.clients.get(address)
            (target.datagrams if target else self.lost).extend(pieces)

    def happened(self, kind: type[EventT]) -> list[EventT]:
        """Events of a kind since the last call with it."""
        found = [event for event in self.events if isinstance(event, kind)]
        self.events = [event for event in self.events if not isinstance(event, kind)]
        return found
