"""Remote pictures, from packets to something a window can draw.

Only slots that carry something are decoded, one frame at a time each, in a thread pool that all slots share; a slot
that falls behind loses frames in its own bounded buffer and asks for a key frame.  Conversion to BGRA happens in the
pool too.  Drawing is not known here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import av
from av.video.reformatter import VideoReformatter

from app.engine.codecs import Vp8Decoder
from sfu.rtp.errors import PeerFault
from sfu.rtp.frames import Frame
from sfu.rtp.jitter import VideoFrameBuffer
from sfu.rtp.packet import RtpPacket

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """BGRA, 8 bits each, rows `stride` bytes apart; immutable, so it may cross threads."""

    width: int
    height: int
    stride: int
    bgra: bytes
    meeting_time: float


class PictureSink(Protocol):
    def show(self, source: str, picture: Picture) -> None:
        """The newest picture of a source; called on the engine's loop, must not block."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as the pool hands it back; `bgra` is None where nobody draws."""

    width: int
    height: int
    stride: int
    bgra: bytes | None


class VideoSlot:
    """One receiving line of pictures; whose they are may change at any time."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        drawn: bool,
        shown: Callable[[str, Decoded], None],
        want_keyframe: Callable[[], None],
    ) -> None:
        self.source: str | None = None
        self._pool = pool
        self._drawn = drawn
        self._shown = shown
        self._want_keyframe = want_keyframe
        self._buffer = VideoFrameBuffer()
        self._decoder = Vp8Decoder()
        self._arrived = asyncio.Event()

    def push(self, packet: RtpPacket, now: float) -> None:
        """Raises PeerFault for a payload that is not VP8."""
        self._buffer.push(packet, now)
        self._arrived.set()

    async def run(self) -> None:
        """Decodes until cancelled."""
        while True:
            await self._something_due()
            while (frame := self._buffer.pull(time.monotonic())) is not None:
                await self._handle(frame)
            if self._buffer.wants_keyframe:
                self._want_keyframe()

    async def _something_due(self) -> None:
        """Until a packet comes, or a gap has been waited for long enough."""
        wake_at = self._buffer.wake_at()
        try:
            async with asyncio.timeout(None if wake_at is None else max(0.0, wake_at - time.monotonic())):
                await self._arrived.wait()
        except TimeoutError:
            return
        self._arrived.clear()

    async def _handle(self, frame: Frame) -> None:
        try:
            decoded = await asyncio.get_running_loop().run_in_executor(self._pool, self._decode, frame.data)
        except PeerFault as fault:
            log.debug("frame dropped: %s", fault.sentence)
            self._decoder = Vp8Decoder()
            self._buffer.lose()
            return
        if decoded is not None and self.source is not None:
            self._shown(self.source, decoded)

    def _decode(self, data: bytes) -> Decoded | None:
        """In the pool; None for a frame that is not shown."""
        picture = self._decoder.decode(data)
        if picture is None:
            return None
        return to_bgra(picture) if self._drawn else Decoded(picture.width, picture.height, 0, None)


def to_bgra(picture: av.VideoFrame) -> Decoded:
    """Converted by swscale, which lets go of the interpreter's lock.  The picture may be in use elsewhere meanwhile."""
    plane = VideoReformatter().reformat(picture, format="bgra").planes[0]
    return Decoded(picture.width, picture.height, plane.line_size, bytes(plane))
