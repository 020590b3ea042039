"""One person's camera, from packets to pictures.

A VP8 picture is made from the one before it, so every frame is decoded, although whoever guesses looks at a few a
second; the oldest that nobody took give way to the newest.  Damage of any kind costs pictures until a key frame comes,
which is asked for; it raises nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import av
import numpy as np

from models.faces.points import Picture
from models.wire import Chunk
from sfu.rtp.errors import PeerFault
from sfu.rtp.frames import Frame, VideoFrameBuffer
from sfu.rtp.packet import RtpPacket

# A key frame is asked for again when none has come for so long.
ASK_AGAIN = 1.0
# A gap in the numbers is not filled any more: the forwarder has waited for what was lost already.
MOST_WAIT = 0.1
# What no camera sends; a decoder is not made to allocate it.
MOST_PIXELS = 4096 * 2304


@dataclass(frozen=True, slots=True)
class Shot:
    """A decoded picture and when it was taken, on the host's clock."""

    frame: Any
    captured: float

    def picture(self) -> Picture:
        return np.asarray(self.frame.to_ndarray(format="rgb24"), np.uint8)


class Camera:
    """Keeps at most `keep` pictures.  `now` is the host's monotonic clock."""

    def __init__(self, keep: int = 1) -> None:
        self._buffer = VideoFrameBuffer(MOST_WAIT)
        self._decoder = _decoder()
        self._captured: dict[int, float] = {}
        self._shots: deque[Shot] = deque(maxlen=keep)
        self._asked = float("-inf")
        self.frames = self.damaged = 0

    def feed(self, chunk: Chunk, payload: bytes, now: float) -> None:
        """One packet, in the order of arrival."""
        if len(self._captured) > 256:
            self._captured.clear()
        self._captured[chunk.timestamp] = chunk.capture_us / 1e6
        packet = RtpPacket(0, chunk.sequence & 0xFFFF, chunk.timestamp, 0, payload, marker=chunk.marker)
        try:
            self._buffer.push(packet, now)
        except PeerFault:
            self.damaged += 1
            return
        self._drain(now)

    def take(self) -> Shot | None:
        """The oldest picture that is kept, once."""
        return self._shots.popleft() if self._shots else None

    def __len__(self) -> int:
        return len(self._shots)

    def thin(self) -> None:
        """Gives up every other picture: whoever looks at them cannot keep up."""
        self._shots = deque(list(self._shots)[1::2], self._shots.maxlen)

    def wants_keyframe(self, now: float) -> bool:
        """Whether one should be asked for now."""
        if not self._buffer.wants_keyframe or now - self._asked < ASK_AGAIN:
            return False
        self._asked = now
        return True

    def _drain(self, now: float) -> None:
        while (frame := self._buffer.pull(now)) is not None:
            self._decode(frame)

    def _decode(self, frame: Frame) -> None:
        try:
            pictures = self._decoder.decode(av.Packet(frame.data))
        except (av.error.FFmpegError, ValueError, MemoryError):
            self.damaged += 1
            self._decoder = _decoder()
            self._buffer.lose()
            return
        captured = self._captured.pop(frame.timestamp, None)
        for picture in pictures:
            self.frames += 1
            if captured is not None and 0 < picture.width * picture.height <= MOST_PIXELS:
                self._shots.append(Shot(picture, captured))


def _decoder() -> Any:
    decoder: Any = av.CodecContext.create("vp8", "r")
    decoder.thread_count = 1
    return decoder
