"""Half a call on virtual time: one camera and one microphone, a network, and somebody who watches and listens.

Everything crosses the network as bytes and is parsed there.  Lost packets are asked for, repeated on a stream of their
own (RFC 4588) and put back in their place; what is left for a test to say is the weather.
"""

from __future__ import annotations

from random import Random

from sfu.rtp import rtcp, rtx
from sfu.rtp.cache import PacketCache
from sfu.rtp.jitter import AudioJitterBuffer, Conceal, Frame, Play, Silence, VideoFrameBuffer, Wait
from sfu.rtp.nack import NackGenerator
from sfu.rtp.packet import Datagram, RtpPacket, classify
from sfu.rtp.vp8 import packetize
from tests.sim.clock import Clock
from tests.sim.link import Link, Path, Weather

OPUS, VP8, RTX = 111, 96, 97
VOICE, CAMERA, REPAIR, VOICE_REPAIR, WATCHER = 1, 2, 3, 4, 9
FRAME_S, VOICE_S = 1 / 25, 0.02


class Sender:
    """25 frames and 50 sound packets a second; a key frame when asked, and answers to NACKs."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._random = Random(seed)
        self.path: Path | None = None
        self.frames: list[bytes] = []
        self.sounds: list[bytes] = []
        self.keyframe_requests = 0
        self._keyframe_next = True
        # Numbers that wrap within the first seconds.
        self._sequences = {VOICE: 65_500, CAMERA: 65_400, REPAIR: 65_530, VOICE_REPAIR: 0}
        self._caches = {ssrc: PacketCache[RtpPacket]() for ssrc in (VOICE, CAMERA)}

    def film(self) -> None:
        size = self._random.randrange(9_000, 15_000) if self._keyframe_next else self._random.randrange(300, 4_000)
        number = len(self.frames)
        frame = (b"\x00" if self._keyframe_next else b"\x01") + number.to_bytes(4, "big") + self._random.randbytes(size)
        self._keyframe_next = False
        self.frames.append(frame)
        pieces = packetize(frame, picture_id=number)
        for index, piece in enumerate(pieces):
            self._send(CAMERA, VP8, 0xFFFF_0000 + int(number * FRAME_S * 90_000), piece, index == len(pieces) - 1)

    def speak(self) -> None:
        number = len(self.sounds)
        # 0x78: 20 ms in one frame (RFC 6716 3.1)
        sound = b"\x78" + number.to_bytes(4, "big") + self._random.randbytes(70)
        self.sounds.append(sound)
        self._send(VOICE, OPUS, 0xFFFF_0000 + number * 960, sound, marker=False)

    def receive(self, data: bytes) -> None:
        for packet in rtcp.parse(data):
            match packet:
                case rtcp.Nack(media=media, lost=lost):
                    self._answer(media, lost)
                case rtcp.PictureLoss():
                    self.keyframe_requests += 1
                    self._keyframe_next = True

    def _send(self, ssrc: int, payload_type: int, timestamp: int, payload: bytes, marker: bool) -> None:
        packet = RtpPacket(payload_type, self._next(ssrc), timestamp & 0xFFFF_FFFF, ssrc, payload, marker)
        self._caches[ssrc].put(packet.sequence, packet, self._clock.now)
        self._out(packet)

    def _answer(self, media: int, lost: tuple[int, ...]) -> None:
        repair = REPAIR if media == CAMERA else VOICE_REPAIR
        for sequence in lost:
            packet = self._caches[media].answer(sequence, self._clock.now, round_trip=0.02)
            if packet is not None:
                self._out(rtx.wrap(packet, RTX, repair, self._next(repair)))

    def _next(self, ssrc: int) -> int:
        self._sequences[ssrc] = self._sequences[ssrc] + 1 & 0xFFFF
        return self._sequences[ssrc]

    def _out(self, packet: RtpPacket) -> None:
        assert self.path is not None
        self.path.send(packet.serialize())


class Watcher:
    """Puts everything back together; `played` is what the loudspeaker was told every 20 ms."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.path: Path | None = None
        self.frames: list[Frame] = []
        self.shown_at: list[float] = []
        self.played: list[Play | Conceal | Silence | Wait] = []
        self.pictures = VideoFrameBuffer()
        self.voice = AudioJitterBuffer()
        self._nacks = {ssrc: NackGenerator(round_trip=0.03) for ssrc in (VOICE, CAMERA)}
        self._ask_keyframe_at = 0.0

    def receive(self, data: bytes) -> None:
        assert classify(data) is Datagram.RTP
        packet: RtpPacket | None = RtpPacket.parse(data)
        if packet is not None and packet.payload_type == RTX:
            original = (VP8, CAMERA) if packet.ssrc == REPAIR else (OPUS, VOICE)
            packet = rtx.unwrap(packet, *original)
        if packet is None or not self._nacks[packet.ssrc].feed(packet.sequence, self._clock.now):
            return
        (self.pictures if packet.ssrc == CAMERA else self.voice).push(packet, self._clock.now)
        self.watch()

    def watch(self) -> None:
        """Takes what is ready, asks for what is missing."""
        now = self._clock.now
        while (frame := self.pictures.pull(now)) is not None:
            self.frames.append(frame)
            self.shown_at.append(now)
        for ssrc, nacks in self._nacks.items():
            if lost := nacks.poll(now):
                self._out(rtcp.Nack(WATCHER, ssrc, tuple(lost)))
        if self.pictures.wants_keyframe and now >= self._ask_keyframe_at:
            self._ask_keyframe_at = now + 0.3
            self._out(rtcp.PictureLoss(WATCHER, CAMERA))

    def listen(self) -> None:
        self.played.append(self.voice.pull(self._clock.now))

    def _out(self, packet: rtcp.Rtcp) -> None:
        assert self.path is not None
        self.path.send(rtcp.serialize([packet]))


class Call:
    """Sender, network both ways, watcher.

    It begins and ends in fair weather: nobody can miss what came before the first packet, or after the last.
    """

    def __init__(self, seed: int) -> None:
        self.clock = Clock()
        self.sender, self.watcher = Sender(self.clock, seed), Watcher(self.clock)
        self.there, self.back = Link(Weather(), seed + 1), Link(Weather(), seed + 2)
        self.sender.path = Path(self.clock, self.there, self.watcher.receive)
        self.watcher.path = Path(self.clock, self.back, self.sender.receive)
        self.clock.every(FRAME_S, self.sender.film)
        self.clock.every(VOICE_S, self.sender.speak)
        self.clock.every(0.01, self.watcher.watch)
        self.clock.every(0.02, self.watcher.listen)
        self.run(0.2)

    def run(self, seconds: float, weather: Weather | None = None) -> None:
        """So many seconds of that weather, both ways, and then it is fair again."""
        if weather is not None:
            self.there.weather = self.back.weather = weather
        self.clock.run(self.clock.now + seconds)
        self.there.weather = self.back.weather = Weather()
