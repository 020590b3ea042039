"""The media plane of one connection: packets in, packets out, and everything between them and the devices.

It ties senders, receiver, playout and pictures to one transport and one clock, answers the host's RTCP, and writes
ours.  How the transport came about, and what a lost one means, is the call's business.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from app.engine.capture import Capture
from app.engine.chimes import Chimes
from app.engine.congestion import Congestion
from app.engine.h264 import Chip
from app.engine.loudspeaker import Loudspeaker
from app.engine.offer import VIDEO_EXTENSIONS, Agreement, Identity, SlotLine
from app.engine.outgoing import Send
from app.engine.pictures import Decoded, Picture, PictureSink, VideoSlot, Viewer, Views, to_bgra, to_planes
from app.engine.playout import AudioSlot, Playout
from app.engine.receiver import Receiver
from app.engine.sync import Lips, SlotClock
from app.engine.tally import Tally
from app.engine.uplink import Uplink
from app.engine.voice import Voice
from app.session.events import Event, LinkQuality
from sfu.rtp import rtcp
from sfu.rtp.errors import PeerFault
from sfu.rtp.sdp import ExtensionUri

log = logging.getLogger(__name__)

TICK = 0.01
REPORT_EVERY = 1.0
DECODERS = 2
"""Threads that all slots share; one 360p frame takes a millisecond."""


class MeetingClock:
    """Meeting time from this computer's monotonic clock."""

    def __init__(self) -> None:
        self.meeting_began = time.monotonic()

    def at(self, instant: float) -> float:
        return instant - self.meeting_began


@dataclass(slots=True)
class MediaSetup:
    """What outlives a connection: the devices, where pictures go, what is counted."""

    capture: Capture
    voice: Voice
    speaker: Loudspeaker
    sink: PictureSink | None
    tally: Tally
    clock: MeetingClock
    announce: Callable[[Event], None]
    chip: Chip
    chimes: Chimes = field(default_factory=Chimes)
    views: Views = field(default_factory=Views)
    sent: int = 0
    received: int = 0


class MediaPlane:
    """`start` with the agreement, `run` until cancelled, `close`."""

    def __init__(self, setup: MediaSetup, identity: Identity) -> None:
        self._setup = setup
        self._identity = identity
        self._receiver = Receiver((), identity.microphone)
        self._congestion = Congestion(identity.microphone, VIDEO_EXTENSIONS[ExtensionUri.TRANSPORT_CC])
        self._audio: dict[int, AudioSlot] = {}
        self._video: dict[int, VideoSlot] = {}
        self._mids: dict[str, AudioSlot | VideoSlot] = {}
        self._clocks: dict[AudioSlot | VideoSlot, SlotClock] = {}
        self._lips: defaultdict[str, Lips] = defaultdict(Lips)
        self._uplink = Uplink(setup.capture, setup.voice, self._send, setup.chip)
        self._pool = ThreadPoolExecutor(DECODERS, thread_name_prefix="video.decode")
        self._transmit: Send = _nowhere
        self._round_trip = 0.0
        self.echoed = 0.0
        """The monotonic instant at which the host last said that packets of ours had come."""

    def start(self, agreement: Agreement, transmit: Send) -> None:
        """From now on packets are sent and received."""
        self._transmit = transmit
        self._receiver = Receiver(agreement.slots, self._identity.microphone, self._congestion.came)
        for line in agreement.slots:
            slot: AudioSlot | VideoSlot
            if line.kind == "audio":
                slot = self._audio[line.ssrc] = self._audio_slot(line)
            else:
                slot = self._video[line.ssrc] = self._video_slot(line)
            self._mids[line.mid] = slot
        self._uplink.start(agreement, self._congestion.left)

    async def run(self) -> None:
        """Runs until cancelled; devices deliver here meanwhile."""
        await self._setup.speaker.open()
        self._uplink.plug_in()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tick(), name="media.tick")
                tasks.create_task(self._report(), name="media.report")
                for slot in self._video.values():
                    tasks.create_task(slot.run(), name="media.decode")
        finally:
            self._uplink.unplug()

    def close(self) -> None:
        """Idempotent.  Lets go of codecs at once: their megabytes are native, so the collector sees no hurry."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._uplink.close()
        self._transmit = _nowhere
        for held in (self._audio, self._video, self._mids, self._clocks):
            held.clear()

    def want_layers(self, kind: str, rids: Sequence[str]) -> None:
        """Which layers of our source of that kind anybody watches."""
        self._uplink.want_layers(kind, rids)

    def allow_h264(self, allowed: bool) -> None:
        """Whether our camera may be sent in it."""
        self._uplink.allow_h264(allowed)

    def show(self, changed: Mapping[str, str | None]) -> None:
        """What each named slot carries from now on."""
        now = time.monotonic()
        for mid, source in changed.items():
            slot = self._mids.get(mid)
            if slot is None or slot.source == source:
                continue
            if isinstance(slot, VideoSlot) and slot.source is not None:
                self._setup.tally.stopped(slot.source, now)
            slot.source = source
            self._clocks[slot].forget()

    # -- packets ---------------------------------------------------------------------------------------------

    def receive_rtp(self, data: bytes, now: float) -> None:
        """One decrypted RTP packet; a broken one harms nobody."""
        self._setup.received += 1
        try:
            received = self._receiver.receive(data, now)
            if received is None:
                return
            line, packets = received
            slot = self._audio[line.ssrc] if line.kind == "audio" else self._video[line.ssrc]
            for packet in packets:
                slot.push(packet, now)
        except PeerFault as fault:
            log.debug("packet dropped: %s", fault.sentence)

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """One decrypted RTCP compound."""
        try:
            packets = rtcp.parse(data)
        except PeerFault as fault:
            log.debug("report dropped: %s", fault.sentence)
            return
        for packet in packets:
            self._obey(packet, now)

    def _obey(self, packet: rtcp.Rtcp, now: float) -> None:
        match packet:
            case rtcp.Nack(media=ssrc, lost=lost):
                self._uplink.resend(ssrc, lost, now)
            case rtcp.PictureLoss(media=ssrc):
                self._uplink.want_keyframe(ssrc, now)
            case rtcp.FullIntra(entries=entries):
                for ssrc, _ in entries:
                    self._uplink.want_keyframe(ssrc, now)
            case rtcp.TransportFeedback():
                if packet.arrivals:
                    self.echoed = now
                self._congestion.told(packet, now)
                self._uplink.set_target(self._congestion.for_pictures)
            case rtcp.SenderReport(ssrc=ssrc):
                if (slot := self._audio.get(ssrc) or self._video.get(ssrc)) is not None:
                    self._clocks[slot].report(packet)
                self._receiver.sender_report(packet, now)
                self._measure(packet.blocks, now)
            case rtcp.ReceiverReport():
                self._measure(packet.blocks, now)
            case _:
                pass

    def _measure(self, blocks: tuple[rtcp.ReportBlock, ...], now: float) -> None:
        for block in blocks:
            self._uplink.received(block)
            seconds = rtcp.round_trip(block, now)
            if seconds is not None:
                self._round_trip = seconds
                self._receiver.set_round_trip(seconds)
                self._uplink.set_round_trip(seconds)

    def _send(self, packet: bytes) -> None:
        self._setup.sent += 1
        self._transmit(packet)

    def _audio_slot(self, line: SlotLine) -> AudioSlot:
        clock = SlotClock(line.clock_rate)

        def heard(source: str, timestamp: int, plays_at: float) -> None:
            captured = clock.captured(timestamp)
            if captured is not None:
                self._lips_of(source).heard(captured, plays_at)

        slot = AudioSlot(self._setup.tally, heard)
        self._clocks[slot] = clock
        return slot

    def _video_slot(self, line: SlotLine) -> VideoSlot:
        clock = SlotClock(line.clock_rate)

        def due(source: str, timestamp: int, now: float) -> float:
            return self._lips_of(source).show_at(clock.captured(timestamp), now)

        def want_keyframe() -> None:
            self._receiver.want_keyframe(line.ssrc, time.monotonic())

        sink = self._setup.sink
        draw = None if sink is None else to_planes if sink.planar else to_bgra
        slot = VideoSlot(
            self._pool, Viewer(self._setup.views, draw, due, self._shown, want_keyframe), line.h264_payload_type
        )
        self._clocks[slot] = clock
        return slot

    def _lips_of(self, source: str) -> Lips:
        """Voice and camera belong together; a shared screen moves with the sound that is shared with it."""
        person, _, kind = source.partition("/")
        return self._lips[f"{person}/{'screen' if kind.startswith('screen') else 'face'}"]

    def _shown(self, source: str, decoded: Decoded) -> None:
        """A new picture of a remote camera."""
        now = time.monotonic()
        self._setup.tally.frame_decoded(source, (decoded.width, decoded.height), now)
        if self._setup.sink is not None and (pixels := decoded.pixels) is not None:
            at = self._setup.clock.at(now)
            self._setup.sink.show(source, Picture(pixels, at))

    # -- clockwork -------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        playout = Playout([*self._audio.values(), self._setup.chimes], self._setup.speaker, self._setup.voice.played)
        while True:
            now = time.monotonic()
            playout.fill(now)
            if asked := [*self._receiver.poll(now), *self._congestion.poll(now)]:
                self._ask(asked)
            await asyncio.sleep(TICK)

    def _ask(self, asked: Sequence[rtcp.Rtcp]) -> None:
        """One datagram for each, since feedback about many packets fills one alone."""
        for one in asked:
            self._transmit(rtcp.serialize([rtcp.ReceiverReport(self._identity.microphone), one]))

    async def _report(self) -> None:
        """Sender reports, reception and our name for the streams, once a second in one compound."""
        while True:
            await asyncio.sleep(REPORT_EVERY)
            now = time.monotonic()
            senders = self._uplink.senders
            blocks = self._receiver.report(now)
            self._say_quality(blocks)
            reports: list[rtcp.Rtcp] = [rtcp.ReceiverReport(self._identity.microphone, blocks)]
            reports += [report for sender in senders if (report := sender.report(now)) is not None]
            chunks = tuple((sender.ssrc, self._identity.cname) for sender in senders)
            self._transmit(rtcp.serialize([*reports, rtcp.SourceDescription(chunks)]))

    def _say_quality(self, blocks: tuple[rtcp.ReportBlock, ...]) -> None:
        self._setup.announce(
            LinkQuality(
                uplink=round(self._congestion.estimator.target),
                height=self._uplink.height,
                round_trip=self._round_trip,
                lost_up=self._congestion.estimator.loss,
                lost_down=sum([block.fraction_lost for block in blocks]) / max(1, len(blocks)) / 256,
            )
        )


def _nowhere(packet: bytes) -> None:
    """Where packets go while there is no transport."""
