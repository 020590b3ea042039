"""All that this client sends: its lines, what the host asks of them, and the devices that feed them.

A shared screen gets its bits before the camera does, because people read it.  What comes the other way is not known
here, nor how packets leave.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from app.engine.capture import Capture, Handover
from app.engine.h264 import Chip, H264Encoder
from app.engine.ladder import MOST_HEIGHT, Layer, ladder, screen_ladder
from app.engine.offer import Agreement, SendingLine
from app.engine.outgoing import MicrophoneLine, Send
from app.engine.picture_out import FRAME_RATE_HINT, IN_VP8, MAX_PAYLOAD, SHARP_IN_VP8, Coding, LayerLine, PictureLine
from app.engine.sender import RtpSender, TransportSequence
from app.engine.sources import level_dbov
from app.engine.voice import Voice
from app.session.commands import Quality
from app.session.sharing import ShareMode
from sfu.rtp import h264, rtcp
from sfu.wire.messages import RIDS, SourceKind

ENCODERS = 2
"""Threads that all layers share: 720p, 360p and 180p together take 8 ms a frame."""
MOST_LINES = {Quality.BEST: MOST_HEIGHT, Quality.MEDIUM: 540, Quality.SMALL: 270}
"""Of the own camera's picture: those of the three usual layers (DESIGN)."""
SCREEN_SHARE = 0.8
"""Of what pictures may cost, at most: faces beside the slides stay alive."""


class Uplink:
    """The lines of one connection: `start` with the agreement, `plug_in` the devices, `unplug`, `close`."""

    def __init__(self, capture: Capture, voice: Voice, send: Send, chip: Chip) -> None:
        self._capture = capture
        self._chip = chip
        self._loop = asyncio.get_running_loop()
        self._h264_allowed = self._plugged = False
        self._cameras: dict[bool, PictureLine] = {}
        """In VP8, and in H264 where the host may ask for it."""
        self._voice = voice
        self._send = send
        self._pool = ThreadPoolExecutor(ENCODERS, thread_name_prefix="picture.encode")
        self._sound: dict[SourceKind, MicrophoneLine] = {}
        self._pictures: dict[SourceKind, PictureLine] = {}

    def start(self, agreement: Agreement, left: Callable[[int, int, float], None]) -> None:
        """`left` is told number, size and instant of every packet, as `TransportSequence` says."""
        sequence = TransportSequence(left)
        for kind, line in (
            (SourceKind.MICROPHONE, agreement.microphone), (SourceKind.SCREEN_AUDIO, agreement.screen_sound),
        ):  # fmt: skip
            if line is not None:
                self._sound[kind] = MicrophoneLine(RtpSender(line, sequence), self._send)
        if agreement.camera:
            for lines, coding in ((agreement.camera, IN_VP8), (agreement.camera_h264, self._in_h264())):
                if lines:
                    layers = {line.rid or RIDS[0]: self._layer(line, sequence, coding) for line in lines}
                    self._cameras[coding is not IN_VP8] = PictureLine(layers, self._camera_ladder)
            self._pictures[SourceKind.CAMERA] = self._cameras[False]
        if agreement.screen is not None:
            layers = {RIDS[0]: self._layer(agreement.screen, sequence, SHARP_IN_VP8)}
            self._pictures[SourceKind.SCREEN] = PictureLine(layers, self._screen_ladder)

    def close(self) -> None:
        """Idempotent."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._sound.clear()
        self._pictures.clear()
        self._cameras.clear()

    @property
    def senders(self) -> list[RtpSender]:
        voices = [line.sender for line in self._sound.values()]
        return [*voices, *[sender for line in self._pictures.values() for sender in line.senders]]

    @property
    def height(self) -> int:
        """Lines of the best camera picture that is sent now; 0: none."""
        camera = self._pictures.get(SourceKind.CAMERA)
        sending = camera.sending if camera is not None and self._capture.camera.on else None
        return sending[0].height if sending is not None else 0

    # -- what the host asks ----------------------------------------------------------------------------------

    def resend(self, ssrc: int, lost: Sequence[int], now: float) -> None:
        for sender in self.senders:
            if sender.ssrc == ssrc:
                for repair in sender.resend(lost, now):
                    self._send(repair)

    def want_keyframe(self, ssrc: int, now: float) -> None:
        for line in self._pictures.values():
            line.want_keyframe(ssrc, now)

    def want_layers(self, kind: str, rids: Sequence[str]) -> None:
        """Which layers of a source anybody watches; none: nobody looks."""
        for known, line in [*self._pictures.items(), *[(SourceKind.CAMERA, line) for line in self._cameras.values()]]:
            if known == kind:
                line.want_layers(frozenset(rids))

    def allow_h264(self, allowed: bool) -> None:
        """Whether the camera may be sent as H264: then it is, as soon as an encoder chip is found to work."""
        self._h264_allowed = allowed
        if allowed and True in self._cameras:
            self._chip.look(self._choose_soon)
        self._choose()

    def _choose_soon(self) -> None:
        """From any thread."""
        with suppress(RuntimeError):  # the loop was closed meanwhile: the call is over
            self._loop.call_soon_threadsafe(self._choose)

    def _choose(self) -> None:
        """In which codec the camera goes on."""
        chosen = self._cameras.get(self._h264_allowed and self._chip.name is not None) or self._cameras.get(False)
        if chosen is None or chosen is self._pictures[SourceKind.CAMERA]:
            return
        self._pictures[SourceKind.CAMERA].rest()
        self._pictures[SourceKind.CAMERA] = chosen
        chosen.begin_again()
        if self._plugged:
            self._capture.camera.target = chosen.take

    def _in_h264(self) -> Coding:
        def make(bitrate: int) -> H264Encoder:
            return H264Encoder(self._chip.name or "", bitrate, FRAME_RATE_HINT)

        def broke() -> None:
            self._chip.failed()
            self._choose_soon()

        return Coding(make, lambda frame, number: h264.packetize(frame, MAX_PAYLOAD), broke)

    def received(self, block: rtcp.ReportBlock) -> None:
        """The host's report about one of our streams."""
        for sender in self.senders:
            if sender.ssrc == block.ssrc:
                sender.lost = block.fraction_lost / 256

    def set_round_trip(self, seconds: float) -> None:
        for sender in self.senders:
            sender.round_trip = seconds

    def set_target(self, bitrate: float) -> None:
        """Bits per second for all pictures together."""
        screen = self._pictures.get(SourceKind.SCREEN) if self._capture.screen.on else None
        if screen is not None:
            for_screen = min(float(screen.needs), bitrate * SCREEN_SHARE)
            screen.set_target(for_screen)
            bitrate -= for_screen
        for camera in self._cameras.values():
            camera.set_target(bitrate)

    # -- devices ---------------------------------------------------------------------------------------------

    def plug_in(self) -> None:
        loop, self._plugged = self._loop, True
        capture, voice = self._capture, self._sound.get(SourceKind.MICROPHONE)
        if voice is not None:
            self._voice.send = lambda block, level: voice.take(block, level, time.monotonic())
        if (played := self._sound.get(SourceKind.SCREEN_AUDIO)) is not None:
            capture.screen_sound.target = Handover(
                loop, lambda block: played.take(block, level_dbov(block.samples), time.monotonic())
            )
        if (camera := self._pictures.get(SourceKind.CAMERA)) is not None:
            capture.camera.target = camera.take
        if (screen := self._pictures.get(SourceKind.SCREEN)) is not None:
            capture.screen.target = screen.take

    def unplug(self) -> None:
        self._plugged = False
        self._voice.send = None
        capture = self._capture
        capture.camera.target = capture.screen.target = None
        capture.screen_sound.target = None

    def _layer(self, line: SendingLine, sequence: TransportSequence, coding: Coding) -> LayerLine:
        return LayerLine(RtpSender(line, sequence), self._send, self._pool, coding)

    def _camera_ladder(self, width: int, height: int) -> dict[str, Layer]:
        return ladder(width, height, MOST_LINES[self._capture.quality])

    def _screen_ladder(self, width: int, height: int) -> dict[str, Layer]:
        return screen_ladder(width, height, text=self._capture.shared.mode is ShareMode.TEXT)

