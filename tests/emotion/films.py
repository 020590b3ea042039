"""Cameras for tests: pictures as VP8 packets, the way a tap hands them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np

from models.faces.points import Picture
from models.wire import Chunk
from sfu.rtp.vp8 import packetize

RATE = 15
Packets = list[tuple[Chunk, bytes]]


class Film:
    """A camera that sends `pictures`, again and again, from a key frame on."""

    def __init__(self, stream: str, width: int = 320, height: int = 180) -> None:
        self.stream = stream
        self.width, self.height = width, height
        self.sequence = 1 << 16
        self.number = 0
        self._encoder = self._open()

    def resize(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._encoder = self._open()

    def frames(self, pictures: Sequence[Picture], start: float = 100.0) -> Iterator[tuple[float, Packets]]:
        """When each picture was taken, and its packets."""
        for number, picture in enumerate(pictures):
            at = start + number / RATE
            yield at, self.packets(picture, at)

    def packets(self, picture: Picture, at: float) -> Packets:
        small = np.ascontiguousarray(cv2.resize(picture, (self.width, self.height), interpolation=cv2.INTER_AREA))
        frame = av.VideoFrame.from_ndarray(small, format="rgb24")
        frame.pts = self.number
        self.number += 1
        encoded: list[bytes] = []
        for packet in self._encoder.encode(frame):
            encoded += packetize(bytes(packet), self.number)
        packets: Packets = []
        for place, payload in enumerate(encoded):
            self.sequence += 1
            chunk = Chunk(
                stream=self.stream, sequence=self.sequence, timestamp=6000 * self.number & 0xFFFFFFFF,
                capture_us=int(at * 1e6), level_dbov=1, marker=place == len(encoded) - 1,
            )  # fmt: skip
            packets.append((chunk, payload))
        return packets

    def _open(self) -> Any:
        encoder: Any = av.CodecContext.create("libvpx", "w")
        encoder.width, encoder.height, encoder.pix_fmt = self.width, self.height, "yuv420p"
        encoder.time_base, encoder.bit_rate, encoder.thread_count = Fraction(1, RATE), 250_000, 1
        encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
        return encoder


def grey(value: int = 128, width: int = 320, height: int = 180) -> Picture:
    return np.full((height, width, 3), value, np.uint8)
