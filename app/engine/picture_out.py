"""From a camera's or a screen's pictures to packets: every wanted layer scaled, encoded and sent.

Scaling and encoding happen in a few threads that all layers share; a layer whose last picture is still being encoded
skips this one, so a slow computer sends fewer frames and never late ones.  Bitrates follow the network without a new
encoder, layers are switched on and off by whoever asks.  A large frame leaves in small bursts, so that a voice finds
room between them.  Devices and the network are not known here.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import av
from av.video.reformatter import VideoReformatter

from app.engine.codecs import Vp8Encoder
from app.engine.ladder import Layer, allocate, ladder
from app.engine.sender import Outgoing, RtpSender
from app.engine.sources import CameraFrame
from sfu.rtp import vp8
from sfu.wire.messages import RIDS

log = logging.getLogger(__name__)

Send = Callable[[bytes], None]
MakeLadder = Callable[[int, int], Mapping[str, Layer]]

MAX_PAYLOAD = 1_150
"""Leaves room for RTP, extensions and SRTP within 1,200 bytes of UDP payload."""
# The host merges requests already; this only bounds what a faulty one can make us spend.
KEYFRAME_PAUSE = 0.3
FRAME_RATE_HINT, SHARP_RATE_HINT = 24, 8
BURST, BURST_EVERY = 16, 0.005
"""Packets of a frame that leave at once, and seconds until the next ones: 29 Mbps.  What a camera sends between two key
frames fits into one burst; the key frame of a shared 4K screen, 300 packets, would keep a voice waiting behind it for
0.15 s on a Wi-Fi of 20 Mbps."""
USUAL_HEIGHT = 360


class PictureEncoder(Protocol):
    """What `Vp8Encoder` is."""

    def set_bitrate(self, bitrate: float) -> None: ...
    def encode(self, picture: av.VideoFrame, seconds: float, keyframe: bool) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures are encoded, and frames cut into packets."""

    make: Callable[[int], PictureEncoder]
    """An encoder for so many bits per second at most."""
    cut: Callable[[bytes, int], list[bytes]]
    """Payloads of a frame; the number is the picture's."""
    broke: Callable[[], None] = lambda: None
    """The encoder failed; called in the pool."""


def _cut_vp8(frame: bytes, picture_id: int) -> list[bytes]:
    return vp8.packetize(frame, picture_id, MAX_PAYLOAD)


IN_VP8 = Coding(lambda bitrate: Vp8Encoder(bitrate, FRAME_RATE_HINT), _cut_vp8)
SHARP_IN_VP8 = Coding(lambda bitrate: Vp8Encoder(bitrate, SHARP_RATE_HINT, sharp=True), _cut_vp8)
"""A screen's pictures, whose edges matter more than their number."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One picture, `seconds` after the first; `captured` is the monotonic instant at which it was taken."""

    data: bytes
    seconds: float
    captured: float


class LayerLine:
    """One layer's encoder and stream.  `offer` on the source's thread, all else on the loop."""

    def __init__(self, sender: RtpSender, send: Send, pool: Executor, coding: Coding = IN_VP8) -> None:
        self.sender = sender
        self._coding = coding
        self.bitrate: int | None = None
        """Bits per second; None: off."""
        self.frames = self.skipped = 0
        self.resting = False
        self._send = send
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._encoder: PictureEncoder | None = None
        self._nominal = 0
        # Not the frame's own `reformat`: that one keeps its state in the frame, which the layers share (it crashed).
        self._scaler = VideoReformatter()
        self._busy = threading.Event()
        self._leaving: deque[Outgoing] = deque()
        """Bursts of the frame that is being sent, each when its turn comes."""
        self._picture_id = 0
        self._keyframe_wanted = threading.Event()
        self._keyframe_wanted.set()
        self._keyframe_at = float("-inf")

    def want_keyframe(self, now: float) -> None:
        """Somebody cannot decode until the next key frame."""
        if now - self._keyframe_at >= KEYFRAME_PAUSE:
            self._keyframe_at = now
            self._keyframe_wanted.set()

    def begin_again(self) -> None:
        """The next picture is a key frame, whoever asked for one a moment ago."""
        self.resting = False
        self._keyframe_wanted.set()

    def set_bitrate(self, bitrate: int | None) -> None:
        """Whoever gets the layer after it was off needs a key frame."""
        if self.bitrate is None and bitrate is not None:
            self._keyframe_wanted.set()
        self.bitrate = bitrate

    def offer(self, frame: CameraFrame, seconds: float, layer: Layer) -> None:
        """The next picture, `seconds` after the first; skipped while the one before is being encoded or sent."""
        bitrate = self.bitrate
        if bitrate is None:
            return
        if self._busy.is_set() or self._leaving:
            self.skipped += 1
            return
        self._busy.set()
        with suppress(RuntimeError):  # the pool was shut down: the call is over
            self._pool.submit(self._encode, frame, seconds, layer, bitrate).add_done_callback(self._encoded)

    def _encode(self, frame: CameraFrame, seconds: float, layer: Layer, bitrate: int) -> Encoded | None:
        """In the pool; None for a frame that the rate control drops."""
        picture = self._scaler.reformat(frame.picture, layer.width, layer.height, "yuv420p")
        if self._encoder is None or self._nominal != layer.bitrate:
            self._nominal = layer.bitrate
            self._encoder = self._coding.make(layer.bitrate)
        self._encoder.set_bitrate(bitrate)
        wanted = self._keyframe_wanted.is_set()
        self._keyframe_wanted.clear()
        encoded = self._encoder.encode(picture, seconds, keyframe=wanted)
        if encoded:
            return Encoded(encoded, seconds, frame.at)
        if wanted:
            self._keyframe_wanted.set()
        return None

    def _encoded(self, done: Future[Encoded | None]) -> None:
        """In the pool: the layer is ready for the next picture, and this one goes to the loop."""
        error = None if done.cancelled() else done.exception()
        if error is not None:
            log.warning("a picture could not be encoded", extra={"reason": str(error)})
            self._encoder = None
            self._keyframe_wanted.set()
            self._coding.broke()
        self._busy.clear()
        encoded = None if done.cancelled() or error is not None else done.result()
        if encoded is not None:
            with suppress(RuntimeError):  # the loop was closed meanwhile
                self._loop.call_soon_threadsafe(self._transmit, encoded)

    def _transmit(self, encoded: Encoded) -> None:
        if self.bitrate is None or self.resting:
            return
        payloads = self._coding.cut(encoded.data, self._picture_id)
        self._picture_id = (self._picture_id + 1) & 0x7FFF
        media_time = round(encoded.seconds * self.sender.clock_rate)
        waits = bool(self._leaving)
        self._leaving += [
            Outgoing(payloads[at : at + BURST], media_time, encoded.captured, marker=at + BURST >= len(payloads))
            for at in range(0, len(payloads), BURST)
        ]
        if not waits:
            self._leave()

    def _leave(self) -> None:
        """One burst, numbered as it goes: nothing that was sent meanwhile may look as if it had overtaken it."""
        if self.bitrate is None or self.resting:
            self._leaving.clear()
        if not self._leaving:
            return
        burst = self._leaving.popleft()
        for packet in self.sender.packetize(burst, time.monotonic()):
            self._send(packet)
        self.frames += burst.marker
        if self._leaving:
            self._loop.call_later(BURST_EVERY, self._leave)


class PictureLine:
    """All layers of one source.  `take` runs on the source's thread, all else on the loop."""

    def __init__(self, layers: Mapping[str, LayerLine], make_ladder: MakeLadder = ladder) -> None:
        """`layers` by rid, best first; where nothing was agreed on layers there is one, called "h"."""
        self.layers = dict(layers)
        self._make_ladder = make_ladder
        self._wanted: frozenset[str] = frozenset(RIDS)
        self._target = float("inf")
        self._ladder: Mapping[str, Layer] = {}
        self._began: float | None = None

    @property
    def senders(self) -> Sequence[RtpSender]:
        return [layer.sender for layer in self.layers.values()]

    @property
    def sending(self) -> tuple[Layer, int] | None:
        """The best layer that is sent now, and its bits per second."""
        for rid, layer in self._ladder.items():
            line = self.layers.get(rid)
            if line is not None and line.bitrate is not None:
                return layer, line.bitrate
        return None

    @property
    def needs(self) -> int:
        """Bits per second that all wanted layers would like."""
        return sum([layer.bitrate for rid, layer in self._ladder.items() if rid in self._wanted])

    def rest(self) -> None:
        """Another codec's turn has come: what is still being encoded here is not sent, or the two would mix."""
        for layer in self.layers.values():
            layer.resting = True

    def begin_again(self) -> None:
        """This codec's turn has come: whoever looks can begin with the next picture."""
        for layer in self.layers.values():
            layer.begin_again()

    def want_keyframe(self, ssrc: int, now: float) -> None:
        for layer in self.layers.values():
            if layer.sender.ssrc == ssrc:
                layer.want_keyframe(now)

    def want_layers(self, rids: frozenset[str]) -> None:
        """Which layers anybody watches; the others are not even encoded."""
        self._wanted = rids
        self._share_out()

    def set_target(self, bitrate: float) -> None:
        """Bits per second for all layers together."""
        self._target = bitrate
        self._share_out()

    def take(self, frame: CameraFrame) -> None:
        # Another size of picture, or another wish, and there are other layers.
        layers = self._fitted(self._make_ladder(frame.picture.width, frame.picture.height))
        if layers != self._ladder:
            self._ladder = layers
            self._share_out()
        if self._began is None:
            self._began = frame.at
        seconds = max(0.0, frame.at - self._began)
        for rid, layer in self._ladder.items():
            self.layers[rid].offer(frame, seconds, layer)

    def _fitted(self, layers: Mapping[str, Layer]) -> Mapping[str, Layer]:
        """One stream only, for everybody: it carries what is good enough for most, whatever that is called."""
        if len(self.layers) > 1:
            return {rid: layer for rid, layer in layers.items() if rid in self.layers}
        usual = min(layers.values(), key=lambda layer: abs(layer.height - USUAL_HEIGHT))
        return {next(iter(self.layers)): usual}

    def _share_out(self) -> None:
        watched = bool(self._wanted) and len(self.layers) == 1
        given = allocate(self._target, self._ladder, self.layers if watched else self._wanted)
        for rid, line in self.layers.items():
            line.set_bitrate(given.get(rid))

