"""Voices and cameras as the forwarder tapes them: really encoded, on the host's clock, faster than real time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np

from sfu.link.tape import Codec, Taped
from sfu.rtp.vp8 import packetize

VOICE_S, PICTURE_S = 0.02, 0.04
FIRST = 1 << 16


@cache
def voice_frames(seconds: float = 1.0, hertz: float = 440.0, loud: int = 8000) -> list[bytes]:
    """Opus packets of 20 ms."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    encoder.bit_rate, encoder.time_base = 32_000, Fraction(1, 48_000)
    packets = []
    for number in range(round(seconds / VOICE_S)):
        ticks = np.arange(960) + number * 960
        wave = (loud * np.sin(2 * np.pi * hertz * ticks / 48_000)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, number * 960
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


@cache
def picture_frames(seconds: float = 1.0, width: int = 160, height: int = 90, codec: str = "libvpx") -> list[bytes]:
    """One second of 25 pictures a second each begins with a key frame; brightness counts up."""
    encoder: Any = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.bit_rate = Fraction(1, 90_000), Fraction(25), 200_000
    encoder.gop_size = 25
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    if codec == "libx264":
        encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}
    frames = []
    for number in range(round(seconds / PICTURE_S)):
        grey = np.full((height * 3 // 2, width), 40 + 4 * (number % 25), np.uint8)
        grey[height:] = 128
        picture = av.VideoFrame.from_ndarray(grey, format="yuv420p")
        picture.pts, picture.time_base = number * 3600, Fraction(1, 90_000)
        frames += [bytes(packet) for packet in encoder.encode(picture)]
    return frames


def voice(
    stream: str, begin: float, seconds: float, first: int = FIRST, hertz: float = 440.0, loud: int = 8000
) -> Iterator[Taped]:  # fmt: skip
    """`loud`: the amplitude, of 32767."""
    sound = voice_frames(hertz=hertz, loud=loud)
    for number in range(round(seconds / VOICE_S)):
        at = begin + number * VOICE_S
        yield Taped(stream, Codec.OPUS, first + number, 960 * number, at, sound[number % len(sound)])


def camera(
    stream: str, begin: float, seconds: float, first: int = FIRST, width: int = 160, height: int = 90,
    pictures: Sequence[bytes] = (),
) -> Iterator[Taped]:  # fmt: skip
    """VP8, a packet or a few a picture, a key frame a second; `pictures`: these instead, again and again."""
    pictures, sequence = pictures or picture_frames(1.0, width, height), first
    for number in range(round(seconds / PICTURE_S)):
        pieces = packetize(pictures[number % len(pictures)], number & 0x7FFF)
        for place, piece in enumerate(pieces):
            at, last = begin + number * PICTURE_S, place == len(pieces) - 1
            yield Taped(stream, Codec.VP8, sequence, 3600 * number, at, piece, marker=last)
            sequence += 1


def h264_camera(
    stream: str, begin: float, seconds: float, first: int = FIRST, width: int = 160, height: int = 90
) -> Iterator[Taped]:
    """A packet a unit, as small pictures are sent."""
    pictures, sequence = picture_frames(1.0, width, height, "libx264"), first
    for number in range(round(seconds / PICTURE_S)):
        whole = pictures[number % len(pictures)].replace(b"\0\0\0\1", b"\0\0\1")
        units = [unit for unit in whole.split(b"\0\0\1") if unit]
        for place, unit in enumerate(units):
            at, last = begin + number * PICTURE_S, place == len(units) - 1
            yield Taped(stream, Codec.H264, sequence, 3600 * number, at, unit, marker=last)
            sequence += 1


def together(*senders: Iterator[Taped]) -> list[Taped]:
    """In the order of capture."""
    return sorted((packet for sender in senders for packet in sender), key=lambda packet: packet.captured)
