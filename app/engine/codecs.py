"""Opus and VP8 through PyAV, set for conversation.

Each class wraps one libavcodec context for the life of one stream.  Broken input from a peer is a PeerFault; nothing
here knows RTP, threads or devices.
"""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType

from app.engine.sources import BLOCK, RATE, Samples
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.vp8 import frame_size

OPUS_BITRATE = 40_000
# What in-band FEC is dimensioned for: with 0 % expected loss libopus writes no redundancy at all.
EXPECTED_LOSS_PERCENT = 10
# 0..10; 5 costs half of 10 and, for speech at 40 kbps, cannot be told apart.
OPUS_COMPLEXITY = 5
VIDEO_CLOCK = 90_000
MAX_PICTURE = 4_096
"""Largest width or height that we decode: a peer's header must not make us allocate gigabytes."""
_WHOLE_FRAME = b"\x10"
"""The shortest RFC 7741 descriptor, as `frame_size` expects one."""


class OpusEncoder:
    """Mono speech, 20 ms a packet, in-band FEC."""

    def __init__(self) -> None:
        context = av.CodecContext.create("libopus", "w")
        assert isinstance(context, av.AudioCodecContext)
        context.sample_rate = RATE
        context.layout = "mono"
        context.format = av.AudioFormat("s16")
        context.bit_rate = OPUS_BITRATE
        context.options = {
            "application": "voip",
            "frame_duration": "20",
            "fec": "1",
            "packet_loss": str(EXPECTED_LOSS_PERCENT),
            "compression_level": str(OPUS_COMPLEXITY),
        }
        self._context = context
        self._samples = 0

    def encode(self, samples: Samples) -> bytes:
        """One block of 20 ms into one Opus packet."""
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, BLOCK), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = self._samples
        self._samples += BLOCK
        return b"".join(bytes(packet) for packet in self._context.encode(frame))


class OpusDecoder:
    """Packets of one sender; the decoder carries state from packet to packet."""

    def __init__(self) -> None:
        context = av.CodecContext.create("libopus", "r")
        assert isinstance(context, av.AudioCodecContext)
        context.sample_rate = RATE
        context.layout = "mono"
        self._context = context

    def decode(self, payload: bytes) -> Samples:
        """The sound of one packet, usually 20 ms; raises PeerFault(BAD_MEDIA)."""
        try:
            frames = self._context.decode(av.Packet(payload))
        except av.FFmpegError:
            raise PeerFault(ErrorCode.BAD_MEDIA, "An Opus packet could not be decoded.") from None
        if not frames:
            raise PeerFault(ErrorCode.BAD_MEDIA, "An Opus packet held no sound.")
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.int16, copy=False)


class Vp8Encoder:
    """Pictures at a bitrate that may change with every one; only a new size makes a new encoder and a key frame.

    libvpx could change its rate, but FFmpeg's wrapper does not pass that on (measured: a new `bit_rate` changes
    nothing).  What does work is its rate control's own idea of time: it spends so many bits a second, so an encoder
    that is told that twice as much time has passed spends twice as much on the picture.  Measured at 0.1 to 1.5 of
    the rate it was made for: within 10 %, from the next half second on, without a key frame.
    """

    LEAST_SHARE, MOST_SHARE = 0.1, 2.0

    def __init__(self, bitrate: int, frame_rate: int, sharp: bool = False) -> None:
        """`sharp`: for shared screens, where a letter must not be blurred to save the next picture's bits."""
        self._sharp = sharp
        self._bitrate = bitrate
        self._frame_rate = frame_rate
        self._context: av.VideoCodecContext | None = None
        self._share = 1.0
        self._seconds = self._told = 0.0
        self._last_pts = -1

    def set_bitrate(self, bitrate: float) -> None:
        """Bits per second from the next picture on, between 0.1 and 2 times what the encoder was made for."""
        self._share = min(max(bitrate / self._bitrate, self.LEAST_SHARE), self.MOST_SHARE)

    def encode(self, picture: av.VideoFrame, seconds: float, keyframe: bool) -> bytes:
        """`seconds` since the first picture; empty when the rate control drops the frame."""
        context = self._context_for(picture)
        if picture.format.name != "yuv420p":
            picture = picture.reformat(format="yuv420p")
        # libvpx refuses a time that does not grow; two captures within a tick are possible after a stall.
        self._told += max(0.0, seconds - self._seconds) * self._share
        self._seconds = seconds
        self._last_pts = max(self._last_pts + 1, round(self._told * VIDEO_CLOCK))
        picture.pts = self._last_pts
        picture.time_base = Fraction(1, VIDEO_CLOCK)
        picture.pict_type = PictureType.I if keyframe else PictureType.NONE
        return b"".join(bytes(packet) for packet in context.encode(picture))

    def _context_for(self, picture: av.VideoFrame) -> av.VideoCodecContext:
        context = self._context
        if context is None or (context.width, context.height) != (picture.width, picture.height):
            context = self._context = self._create(picture.width, picture.height)
        return context

    def _create(self, width: int, height: int) -> av.VideoCodecContext:
        context = av.CodecContext.create("libvpx", "w")
        assert isinstance(context, av.VideoCodecContext)
        context.width, context.height = width, height
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, VIDEO_CLOCK)
        context.framerate = Fraction(self._frame_rate)
        context.bit_rate = self._bitrate
        context.gop_size = 3_000  # key frames come when somebody asks
        context.thread_count = 1
        rate = str(self._bitrate)
        context.options = {
            "deadline": "realtime",
            # Negative: this speed always.  A positive one is reached by trial, at twice the time for 0.1 dB (measured).
            "cpu-used": "-8",
            "error-resilient": "default",
            "lag-in-frames": "0",
            "auto-alt-ref": "0",
            "minrate": rate,  # equal to maxrate: libvpx's constant-bitrate mode
            "maxrate": rate,
            "bufsize": str(self._bitrate // 2),
            "max-intra-rate": "400",
            "undershoot-pct": "95",
            "qmin": "4",
            "qmax": "40" if self._sharp else "56",
            "screen-content-mode": "1" if self._sharp else "0",
        }
        return context


class Vp8Decoder:
    """One slot's frames, in order, from a key frame on."""

    def __init__(self) -> None:
        context = av.CodecContext.create("vp8", "r")
        assert isinstance(context, av.VideoCodecContext)
        context.thread_count = 1
        self._context = context

    def decode(self, frame: bytes) -> av.VideoFrame | None:
        """The picture, or None for a frame that is not shown; raises PeerFault(BAD_MEDIA)."""
        # Before libavcodec sees it: it would allocate whatever the header says.
        size = frame_size(_WHOLE_FRAME + frame[:10])
        if size is not None and max(size) > MAX_PICTURE:
            raise PeerFault(ErrorCode.BAD_MEDIA, "A VP8 frame is larger than any camera's.")
        try:
            pictures = self._context.decode(av.Packet(frame))
        except av.FFmpegError:
            raise PeerFault(ErrorCode.BAD_MEDIA, "A VP8 frame could not be decoded.") from None
        return pictures[-1] if pictures else None


class H264Decoder:
    """One slot's frames (ITU-T H.264, annex B), in order, from a key frame with its parameter sets on."""

    def __init__(self) -> None:
        context = av.CodecContext.create("h264", "r")
        assert isinstance(context, av.VideoCodecContext)
        context.thread_count = 1
        # Refuses what is larger before it allocates; and hands out every picture at once: conversation has no B frames.
        context.options = {"max_pixels": str(MAX_PICTURE * MAX_PICTURE), "flags": "low_delay"}
        self._context = context

    def decode(self, frame: bytes) -> av.VideoFrame | None:
        """The picture, or None for a frame that is not shown; raises PeerFault(BAD_MEDIA)."""
        try:
            pictures = self._context.decode(av.Packet(frame))
        except av.FFmpegError:
            raise PeerFault(ErrorCode.BAD_MEDIA, "An H264 frame could not be decoded.") from None
        return pictures[-1] if pictures else None
