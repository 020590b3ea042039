"""One who films, a forwarder, one who watches: a lossy network on either side, and computers that wake up late."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from random import Random

from sfu.core.peers import Peer
from sfu.link.messages import LayersWanted
from sfu.rtp import rtcp, rtx
from sfu.rtp.arrivals import ArrivalLog
from sfu.rtp.cache import PacketCache
from sfu.rtp.frames import VideoFrameBuffer
from sfu.rtp.nack import NackGenerator
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.reception import Reception
from tests.core.stage import OPUS, RTX, VP8, Client, Layer, Stage, simulcast
from tests.sim.link import Link, Weather
from tests.sim.subscriber import FEEDBACK_S, FRAME_S, STEP_S, painted
from tests.sim.subscriber import LAYER_BITS as BITS

VOICE_S = 0.02
REPORT_S, CHECK_S = 1.0, 2.5
KEYFRAME_FACTOR = 5
LAYERS = ("h", "m", "l")
WHOLE = ("",)
LAYER_BITS = {**BITS, "": BITS["h"]}


class Computer:
    """Sleeps now and then: for 50 to 300 ms nothing is done, and then everything that came is done at once."""

    def __init__(self, late: float, seed: int) -> None:
        """`late`: how often a second it wakes up late, on average."""
        self._late = late
        self._random = Random(seed)
        self._asleep_until = 0.0

    def awake(self, now: float) -> bool:
        if now < self._asleep_until:
            return False
        if self._random.random() < self._late * STEP_S:
            self._asleep_until = now + self._random.uniform(0.05, 0.3)
            return False
        return True


class Filming:
    """A camera in layers and a voice; what it is asked by RTCP it does."""

    def __init__(self, stage: Stage, weather: Weather, seed: int, rids: tuple[str, ...]) -> None:
        self.client, layers = simulcast(stage, "ana", *[rid for rid in rids if rid])
        layers = layers or [Layer(self.client, "", 0)]
        self.stage = stage
        self.there, self.back = Link(weather, seed), Link(weather, seed + 1)
        self.layers = {layer.rid: layer for layer in layers}
        self._by_ssrc = {layer.ssrc: layer for layer in layers}
        self._caches = {layer.ssrc: PacketCache[RtpPacket]() for layer in layers}
        self._repeats = dict.fromkeys(self._caches, 0)
        self._key_next = set(self.layers)
        self._on = set(self.layers)
        self._film_at = self._speak_at = self._report_at = stage.now
        self.keyframes = 0

    def told(self, wanted: Iterable[str]) -> None:
        """The host's word about layers; it comes over a socket that loses nothing."""
        self._key_next |= set(wanted) - self._on
        self._on = set(wanted)

    def turn(self, now: float) -> None:
        for datagram in self.back.receive(now):
            if classify(datagram) is Datagram.RTCP:
                self._obey(rtcp.parse(datagram), now)
        while self._film_at <= now:
            self._film_at += FRAME_S
            self._film(now)
        while self._speak_at <= now:
            self._speak_at += VOICE_S
            self._speak(now)
        if now >= self._report_at:
            self._report_at += REPORT_S
            reports = [
                rtcp.SenderReport(layer.ssrc, rtcp.to_ntp(now + 7), layer.timestamp(now), 1, 1)
                for layer in self.layers.values()
            ]
            self.there.send(rtcp.serialize(reports), now)

    def _obey(self, packets: list[rtcp.Rtcp], now: float) -> None:
        for packet in packets:
            match packet:
                case rtcp.PictureLoss(media=media) if media in self._by_ssrc:
                    self._key_next.add(self._by_ssrc[media].rid)
                case rtcp.Nack(media=media, lost=lost) if media in self._caches:
                    for sequence in lost:
                        self._repeat(media, sequence, now)

    def _film(self, now: float) -> None:
        for rid in sorted(self._on):
            key = rid in self._key_next
            self._key_next.discard(rid)
            self.keyframes += key
            self._send(self.layers[rid], int(LAYER_BITS[rid] * FRAME_S / 8) * (KEYFRAME_FACTOR if key else 1), key, now)

    def _send(self, layer: Layer, size: int, key: bool, now: float) -> None:
        for packet in painted(layer, size, key, now):
            self._caches[layer.ssrc].put(packet.sequence, packet, now)
            self.there.send(packet.serialize(), now)

    def _repeat(self, ssrc: int, sequence: int, now: float) -> None:
        layer = self._by_ssrc[ssrc]
        packet = self._caches[ssrc].answer(sequence, now, round_trip=0.08)
        if packet is None:
            return
        self._repeats[ssrc] += 1
        again = rtx.wrap(packet, RTX, layer.rtx_ssrc, self._repeats[ssrc] & 0xFFFF)
        if layer.rid:
            again.extensions[6] = again.extensions.pop(5)
        self.there.send(again.serialize(), now)

    def _speak(self, now: float) -> None:
        self.client.audio_sequence = self.client.audio_sequence + 1 & 0xFFFF
        at = 960 * self.client.audio_sequence & 0xFFFF_FFFF
        packet = RtpPacket(OPUS, self.client.audio_sequence, at, self.client.audio_ssrc, bytes(80))
        self.there.send(packet.serialize(), now)


class Watching:
    """What a browser does with the first picture slot, and what it tells."""

    def __init__(self, stage: Stage, weather: Weather, seed: int) -> None:
        self.client: Client = stage.client("ben").join()
        self.there, self.back = Link(weather, seed), Link(weather, seed + 1)
        self.pictures = VideoFrameBuffer()
        self.shown_at: list[float] = []
        self._stage = stage
        self._ssrc = self.client.ssrc("v0")
        self._rtx = next(slot.rtx_ssrc for slot in self.client.slots if slot.mid == "v0")
        self._nacks = NackGenerator(round_trip=0.1)
        self._reception = Reception(self._ssrc, 90_000)
        self._log = ArrivalLog(sender=9)
        self._arrivals: list[tuple[int, float]] = []
        self._tell_at = self._report_at = self._check_at = self._ask_at = stage.now

    @property
    def peer(self) -> Peer:
        peer = self._stage.plane.peers.get(self.client.name)
        assert peer is not None
        return peer

    def turn(self, now: float) -> None:
        for datagram in self.back.receive(now):
            self._take(datagram, now)
        while (frame := self.pictures.pull(now)) is not None:
            assert frame.data
            self.shown_at.append(now)
        lost = self._nacks.poll(now)
        if lost:
            self._say(now, rtcp.Nack(9, self._ssrc, tuple(lost)))
        if self.pictures.wants_keyframe and now >= self._ask_at:
            self._ask_at = now + 0.3
            self._say(now, rtcp.PictureLoss(9, self._ssrc))
        self._tell(now)

    def _take(self, datagram: bytes, now: float) -> None:
        kind = classify(datagram)
        if kind is Datagram.RTCP:
            for report in rtcp.parse(datagram):
                if isinstance(report, rtcp.SenderReport) and report.ssrc == self._ssrc:
                    self._reception.sender_report(report, now)
        if kind is not Datagram.RTP:
            return
        packet: RtpPacket | None = RtpPacket.parse(datagram)
        assert packet is not None
        self._arrivals.append((int.from_bytes(packet.extensions[4], "big"), now))
        if packet.ssrc == self._ssrc:
            self._reception.feed(packet.sequence, packet.timestamp, now)
        elif packet.ssrc == self._rtx and not packet.padding:
            packet = rtx.unwrap(packet, VP8, self._ssrc)
        else:
            return
        if packet is not None and self._nacks.feed(packet.sequence, now):
            self.pictures.push(packet, now)

    def _tell(self, now: float) -> None:
        if now >= self._tell_at:
            self._tell_at += FEEDBACK_S
            arrivals, self._arrivals = self._arrivals, []
            for feedback in self._log.feedback(arrivals, media=self._ssrc):
                self._say(now, feedback)
        if now >= self._report_at:
            self._report_at += REPORT_S
            block = self._reception.report(now)
            if block is not None:
                self._say(now, rtcp.ReceiverReport(9, (block,)))

    def _say(self, now: float, packet: rtcp.Rtcp) -> None:
        self.there.send(rtcp.serialize([packet]), now)


class LossyCall:
    """`run` lets time pass; all randomness comes from the seed."""

    def __init__(self, seed: int, late: float = 0.0, rids: tuple[str, ...] = LAYERS) -> None:
        self.stage = Stage()
        fair = Weather(delay=0.05)
        self.ana = Filming(self.stage, fair, 10 * seed, rids)
        self.ben = Watching(self.stage, fair, 10 * seed + 2)
        self.ben.client.watch(("ana", 9))
        self._computers = [Computer(late, 10 * seed + 4 + number) for number in range(3)]
        self._check_at = self.stage.now + CHECK_S

    @property
    def now(self) -> float:
        return self.stage.now

    def turn(self, weather: Weather) -> None:
        for link in (self.ana.there, self.ana.back, self.ben.there, self.ben.back):
            link.weather = weather

    def run(self, seconds: float) -> float:
        """Returns when it began."""
        began = self.stage.now
        while self.stage.now < began + seconds - 1e-9:
            self.stage.now += STEP_S
            self._step(self.stage.now)
        return began

    def _step(self, now: float) -> None:
        films, forwards, watches = [computer.awake(now) for computer in self._computers]
        if films:
            self.ana.turn(now)
        if forwards:
            self._forward(now)
        if watches:
            self.ben.turn(now)
        if now >= self._check_at:
            self._check_at += CHECK_S
            for client in self.stage.clients.values():
                client.check()

    def _forward(self, now: float) -> None:
        plane = self.stage.plane
        for client, link in ((self.ana.client, self.ana.there), (self.ben.client, self.ben.there)):
            for datagram in link.receive(now):
                plane.datagram(datagram, client.address, now)
        self.stage.turn()
        for event in self.stage.happened(LayersWanted):
            if event.peer == "ana":
                self.ana.told(event.wanted)
        for client, link in ((self.ana.client, self.ana.back), (self.ben.client, self.ben.back)):
            for datagram in client.take():
                link.send(datagram, now)

    def longest_freeze(self, since: float) -> float:
        shown = [since, *[at for at in self.ben.shown_at if at >= since], self.now]
        return max(later - sooner for sooner, later in pairwise(shown))
