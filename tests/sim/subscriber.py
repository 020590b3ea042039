"""A forwarder, a camera in three layers, and a viewer behind a network of its own, on one virtual clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sfu.core.peers import Peer
from sfu.rtp import rtcp
from sfu.rtp.arrivals import ArrivalLog
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.rtcp import PictureLoss
from sfu.rtp.vp8 import Descriptor
from tests.core.stage import DELTA, KEYFRAME, VP8, Client, Layer, Stage, simulcast
from tests.sim.link import Link, Weather

STEP_S = 0.005
FRAME_S = 0.04
FEEDBACK_S = 0.1
CHECK_S = 5.0
"""A client that sends no connectivity checks is lost after half a minute."""
PACKET = 1100
LAYER_BITS = {"h": 1_500_000, "m": 600_000, "l": 200_000}


class Camera:
    """25 frames a second in each layer that is on; each frame as many packets as its layer's bitrate needs."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.client, layers = simulcast(stage, name, "h", "m", "l")
        self.layers = {layer.rid: layer for layer in layers}
        self._asked: set[int] = set()

    def film(self) -> None:
        self._asked |= {request.media for request in self.client.told(PictureLoss)}
        self.client.take()
        for rid, layer in self.layers.items():
            size = int(LAYER_BITS[rid] * FRAME_S / 8)
            for packet in painted(layer, size, layer.ssrc in self._asked, self.client.stage.now):
                self.client.rtp(packet)
        self._asked.clear()


def painted(layer: Layer, size: int, key: bool, now: float) -> Iterator[RtpPacket]:
    """The layer's next frame, of so many bytes."""
    layer.picture += 1
    first = True
    while size > 0:
        part = min(size, PACKET)
        size -= part
        layer.sequence = layer.sequence + 1 & 0xFFFF
        head = Descriptor(start=first, picture_id=layer.picture & 0x7FFF, tl0picidx=layer.picture & 0xFF, keyidx=1)
        body = (KEYFRAME if key else DELTA) + bytes(part) + layer.rid.encode()
        yield RtpPacket(
            VP8, layer.sequence, layer.timestamp(now), layer.ssrc, head.serialize() + body,
            marker=size <= 0, extensions={1: b"1", **({5: layer.rid.encode()} if layer.rid else {})},
        )  # fmt: skip
        first = False


class Viewer:
    """Everything for it passes its link; it reports what came, as a browser would."""

    def __init__(self, stage: Stage, name: str, weather: Weather, seed: int) -> None:
        self.client = stage.client(name).join()
        self.link = Link(weather, seed)
        self.tells: Callable[[float], None] = self.feedback
        self.came: list[tuple[float, RtpPacket]] = []
        self._stage = stage
        self._log = ArrivalLog(sender=9)
        self._arrivals: list[tuple[int, float]] = []
        self._due = stage.now + FEEDBACK_S
        self._lost_before = self._sent_before = 0

    @property
    def peer(self) -> Peer:
        peer = self._stage.plane.peers.get(self.client.name)
        assert peer is not None
        return peer

    def turn(self) -> None:
        now = self._stage.now
        for datagram in self.client.take():
            if classify(datagram) is Datagram.RTP:
                self.link.send(datagram, now)
        for datagram in self.link.receive(now):
            packet = RtpPacket.parse(datagram)
            self.came.append((now, packet))
            self._arrivals.append((int.from_bytes(packet.extensions[4], "big"), now))
        if now >= self._due:
            self._due += FEEDBACK_S
            self.tells(now)

    def feedback(self, _now: float) -> None:
        arrivals, self._arrivals = self._arrivals, []
        for report in self._log.feedback(arrivals, media=self.client.ssrc("v0")):
            self.client.rtcp(report)

    def receiver_report(self, now: float) -> None:
        """Nothing but loss, as an old player tells it, once a second."""
        if int(now * 10) % 10:
            return
        sent, lost = self.link.sent - self._sent_before, self.link.lost - self._lost_before
        self._sent_before, self._lost_before = self.link.sent, self.link.lost
        fraction = min(255, 256 * lost // max(1, sent))
        block = rtcp.ReportBlock(self.client.ssrc("v0"), fraction, 0, 0, 0, 0, 0)
        self.client.rtcp(rtcp.ReceiverReport(9, (block,)))

    def bitrate(self, since: float) -> float:
        """Bits per second that arrived from then on."""
        size = sum(len(packet.payload) for at, packet in self.came if at >= since)
        return size * 8 / (self._stage.now - since)

    def shown(self, mid: str, since: float) -> list[str]:
        """Layers seen on a slot, in order, runs as one."""
        ssrc = self.client.ssrc(mid)
        rids = [packet.payload[-1:].decode() for at, packet in self.came if packet.ssrc == ssrc and at >= since]
        return [rid for at, rid in enumerate(rids) if not at or rids[at - 1] != rid]


class Show:
    """Cameras and one viewer; `run` lets time pass."""

    def __init__(self, cameras: int = 1, weather: Weather | None = None, seed: int = 1) -> None:
        self.stage = Stage()
        self.cameras = [Camera(self.stage, f"cam{number}") for number in range(cameras)]
        self.viewer = Viewer(self.stage, "viewer", weather or Weather(), seed)
        self._film_at = self.stage.now
        self._check_at = self.stage.now + CHECK_S

    @property
    def now(self) -> float:
        return self.stage.now

    def run(self, seconds: float) -> float:
        """Returns when it began."""
        began = self.stage.now
        while self.stage.now < began + seconds - 1e-9:
            self.stage.pass_time(STEP_S, STEP_S)
            if self.stage.now >= self._film_at - 1e-9:
                self._film_at += FRAME_S
                for camera in self.cameras:
                    camera.film()
            self.viewer.turn()
            if self.stage.now >= self._check_at:
                self._check_at += CHECK_S
                for client in self.stage.clients.values():
                    client.check()
        return began

    def watch(self, *priorities: int) -> Client:
        """Camera n at the nth priority."""
        views = list(zip([camera.client.name for camera in self.cameras], priorities, strict=False))
        self.viewer.client.watch(*views)
        return self.viewer.client
