"""Remote pictures, from packets to something a window can draw.

Only what is in sight is decoded, one frame at a time each, in a thread pool that all slots share; a slot that falls
behind loses frames in its own bounded buffer and asks for a key frame.  Conversion to BGRA, no larger than the picture
will be drawn, happens in the pool too; where a graphics card draws, it converts, and gets the planes as they are.  A
picture then waits for its voice (see `sync`).  Drawing is not known here.
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
from av.video.reformatter import Interpolation, VideoReformatter

from app.engine.codecs import H264Decoder, Vp8Decoder
from sfu.rtp.errors import PeerFault
from sfu.rtp.frames import Frame
from sfu.rtp.jitter import VideoFrameBuffer
from sfu.rtp.packet import RtpPacket

log = logging.getLogger(__name__)

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Plane:
    """Rows `stride` bytes apart."""

    stride: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Pixels:
    """One plane: BGRA, 8 bits each.  Three: luma and the two chromas of YUV 4:2:0 (BT.601, 16 to 235)."""

    width: int
    height: int
    planes: tuple[Plane, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """To be drawn; immutable, so it may cross threads."""

    pixels: Pixels
    meeting_time: float


class PictureSink(Protocol):
    @property
    def planar(self) -> bool:
        """Whether pictures are wanted in three planes."""

    def show(self, source: str, picture: Picture) -> None:
        """The newest picture of a source; called on the engine's loop, must not block."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as the pool hands it back, with the size that was sent; `pixels` is None where nobody draws."""

    width: int
    height: int
    pixels: Pixels | None = None


class Views:
    """What is in sight, and how large in real pixels.  Until somebody says, everything is."""

    def __init__(self) -> None:
        self._sizes: dict[str, Size] | None = None

    def watch(self, sizes: dict[str, Size]) -> None:
        self._sizes = sizes

    def in_sight(self, source: str) -> bool:
        return self._sizes is None or source in self._sizes

    def fitted(self, source: str, size: Size) -> Size:
        """The size at which a picture of `size` covers its place, and never larger than it is."""
        place = (self._sizes or {}).get(source, size)
        scale = max(place[0] / size[0], place[1] / size[1])
        return size if scale >= 1 else (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a slot asks of those around it."""

    views: Views
    draw: Callable[[av.VideoFrame, VideoReformatter, Size], Pixels] | None
    """What makes of a decoded picture what is drawn, no larger than that size; None: nobody draws."""
    due: Callable[[str, int, float], float]
    """When a source's picture of that timestamp is to be shown, if it is ready at that instant."""
    shown: Callable[[str, Decoded], None]
    want_keyframe: Callable[[], None]


class VideoSlot:
    """One receiving line of pictures; whose they are may change at any time."""

    def __init__(self, pool: ThreadPoolExecutor, viewer: Viewer, h264: int | None = None) -> None:
        """`h264`: payload type of what is not VP8."""
        self.source: str | None = None
        self._h264_type = h264
        self._h264 = False
        self._pool = pool
        self._viewer = viewer
        self._buffer = VideoFrameBuffer()
        self._decoder: Vp8Decoder | H264Decoder = Vp8Decoder()
        self._converter = VideoReformatter()
        self._hidden = False
        self._arrived = asyncio.Event()

    def push(self, packet: RtpPacket, now: float) -> None:
        """Raises PeerFault for a payload that is not what its type says.  What is not in sight costs nothing."""
        if self.source is not None and not self._viewer.views.in_sight(self.source):
            if self._buffer.kept:
                self._buffer.lose()
            self._hidden = True
            return
        h264 = packet.payload_type == self._h264_type
        if self._hidden or h264 != self._h264:
            self._hidden, self._h264 = False, h264
            self._buffer, self._decoder = VideoFrameBuffer(h264=h264), self._new_decoder()
        self._buffer.push(packet, now)
        self._arrived.set()

    async def run(self) -> None:
        """Decodes until cancelled."""
        while True:
            await self._something_due()
            while (frame := self._buffer.pull(time.monotonic())) is not None:
                await self._handle(frame)
            if self._buffer.wants_keyframe:
                self._viewer.want_keyframe()

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
            decoded = await asyncio.get_running_loop().run_in_executor(
                self._pool, self._decode, self._decoder, frame.data, self.source or ""
            )
        except PeerFault as fault:
            log.debug("frame dropped: %s", fault.sentence)
            self._decoder = self._new_decoder()
            self._buffer.lose()
            return
        if decoded is not None and self.source is not None:
            self._show_in_time(self.source, frame.timestamp, decoded)

    def _show_in_time(self, source: str, timestamp: int, decoded: Decoded) -> None:
        """Now, or when its voice is heard; no longer if the slot carries somebody else by then."""
        now = time.monotonic()
        due = self._viewer.due(source, timestamp, now)
        loop = asyncio.get_running_loop()
        if due > now:
            loop.call_at(loop.time() + due - now, self._show, source, decoded)
        else:
            self._show(source, decoded)

    def _show(self, source: str, decoded: Decoded) -> None:
        if source == self.source:
            self._viewer.shown(source, decoded)

    def _new_decoder(self) -> Vp8Decoder | H264Decoder:
        return H264Decoder() if self._h264 else Vp8Decoder()

    def _decode(self, decoder: Vp8Decoder | H264Decoder, data: bytes, source: str) -> Decoded | None:
        """In the pool; None for a frame that is not shown."""
        picture = decoder.decode(data)
        if picture is None:
            return None
        size = picture.width, picture.height
        draw = self._viewer.draw
        pixels = draw(picture, self._converter, self._viewer.views.fitted(source, size)) if draw is not None else None
        return Decoded(*size, pixels)


def to_bgra(picture: av.VideoFrame, converter: VideoReformatter, size: Size) -> Pixels:
    """Converted by swscale, which lets go of the interpreter's lock.  The picture may be in use elsewhere meanwhile.

    `converter`: one for each stream of pictures of one size.  From 360p to a tile of 313x177 it takes 0.35 ms; a new
    one for every picture took 0.8, and with the usual bicubic 1.2.
    """
    drawn = converter.reformat(picture, *size, format="bgra", interpolation=Interpolation.FAST_BILINEAR)
    return Pixels(*size, _planes(drawn))


def to_planes(picture: av.VideoFrame, converter: VideoReformatter, size: Size) -> Pixels:
    """As it was decoded, in its own size: a graphics card scales for nothing.  What a camera gives is converted."""
    if picture.format.name != "yuv420p":
        picture = converter.reformat(picture, format="yuv420p")
    return Pixels(picture.width, picture.height, _planes(picture))


def _planes(picture: av.VideoFrame) -> tuple[Plane, ...]:
    return tuple([Plane(plane.line_size, bytes(plane)) for plane in picture.planes])
