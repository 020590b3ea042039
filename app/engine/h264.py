"""H264 by the encoder of the computer's graphics chip, where there is one that works.

`Vp8Encoder` costs a third of a core for a whole camera in layers; a chip does it for nothing.  Which of its drivers
works is known only by trying, and a driver may hang or take the process down: each is tried in a process of its own
(`python -m app --role app.engine.h264 NAME`), with a deadline.  What failed there or later is not tried again while
the program runs, and VP8 is sent.  When H264 may be sent is not decided here.

VA-API is not among them: it encodes what already lies in the chip's memory, and PyAV has no way to put it there.  On
Linux Intel's chips are reached by `h264_qsv`.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from fractions import Fraction

import av
from av.video.frame import PictureType
from av.video.reformatter import VideoReformatter

from app.engine.codecs import VIDEO_CLOCK, H264Decoder
from sfu.roles import command
from sfu.rtp.errors import ParleyError
from sfu.rtp.h264 import parameter_sets, starts_with_refresh

log = logging.getLogger(__name__)

PROBE_S = 10.0
"""A driver that is asked for the first time may compile for seconds; one that hangs is not waited for."""
PROBED = 4
"""Pictures: the first begins, the last begins anew."""
CHIPS = {
    "win32": ("h264_nvenc", "h264_qsv", "h264_amf", "h264_mf"),
    "darwin": ("h264_videotoolbox",),
}
LINUX_CHIPS = "h264_nvenc", "h264_qsv", "h264_amf", "h264_v4l2m2m"
_PIXELS = {"h264_qsv": "nv12", "h264_amf": "nv12", "h264_mf": "nv12", "h264_v4l2m2m": "nv12"}
# One picture in, one out; constant bitrate; a key frame when asked, and then with everything to begin from.
_OPTIONS = {
    "libx264": {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "forced-idr": "1"},
    "h264_nvenc": {"preset": "p3", "tune": "ull", "profile": "baseline", "rc": "cbr", "zerolatency": "1", "delay": "0",
                   "forced-idr": "1"},
    "h264_qsv": {"preset": "veryfast", "profile": "baseline", "async_depth": "1", "low_delay_brc": "1",
                 "forced_idr": "1"},
    "h264_amf": {"usage": "ultralowlatency", "profile": "constrained_baseline", "rc": "cbr", "forced_idr": "1",
                 "header_insertion_mode": "idr"},
    "h264_mf": {"rate_control": "cbr", "scenario": "video_conference", "hw_encoding": "1"},
    "h264_videotoolbox": {"profile": "constrained_baseline", "realtime": "1", "prio_speed": "1"},
}  # fmt: skip
_LIVE = frozenset({"libx264", "h264_nvenc", "h264_qsv"})
"""FFmpeg hands these a new bitrate between two pictures; the others are made anew, which costs a key frame."""
_STEP = 1.25
"""By how much the bitrate has to differ for that."""


class H264Encoder:
    """One layer's pictures at a bitrate that may change, in constrained baseline (annex B).  As `Vp8Encoder`."""

    def __init__(self, name: str, bitrate: int, frame_rate: int) -> None:
        """`name` is FFmpeg's; `bitrate` the most that will be asked for."""
        self._name = name
        self._most = self._bitrate = bitrate
        self._frame_rate = frame_rate
        self._context: av.VideoCodecContext | None = None
        self._converter = VideoReformatter()
        self._sets = b""
        self._last_pts = -1

    def set_bitrate(self, bitrate: float) -> None:
        """Bits per second from the next picture on."""
        wanted = min(round(bitrate), self._most)
        if self._name in _LIVE:
            self._bitrate = wanted
            if self._context is not None:
                self._context.bit_rate = wanted
        elif not 1 / _STEP < wanted / self._bitrate < _STEP:
            self._bitrate, self._context = wanted, None

    def encode(self, picture: av.VideoFrame, seconds: float, keyframe: bool) -> bytes:
        """`seconds` since the first picture.  Empty where the chip gives it later, with the next one."""
        context = self._context
        if context is None or (context.width, context.height) != (picture.width, picture.height):
            context = self._context = self._create(picture.width, picture.height)
        if picture.format.name != context.pix_fmt:
            picture = self._converter.reformat(picture, format=context.pix_fmt)
        self._last_pts = max(self._last_pts + 1, round(seconds * VIDEO_CLOCK))
        picture.pts, picture.time_base = self._last_pts, Fraction(1, VIDEO_CLOCK)
        picture.pict_type = PictureType.I if keyframe else PictureType.NONE
        return self._whole(b"".join(bytes(packet) for packet in context.encode(picture)))

    def _whole(self, frame: bytes) -> bytes:
        """With the parameter sets in front of every refresh: whoever comes later begins there."""
        self._sets = parameter_sets(frame) or self._sets
        return self._sets + frame if starts_with_refresh(frame) else frame

    def _create(self, width: int, height: int) -> av.VideoCodecContext:
        context = av.CodecContext.create(self._name, "w")
        assert isinstance(context, av.VideoCodecContext)
        context.width, context.height = width, height
        context.pix_fmt = _PIXELS.get(self._name, "yuv420p")
        context.time_base, context.framerate = Fraction(1, VIDEO_CLOCK), Fraction(self._frame_rate)
        context.bit_rate = self._most if self._name in _LIVE else self._bitrate
        context.gop_size, context.max_b_frames = 3_000, 0  # key frames come when somebody asks
        context.thread_count = 1
        rate = str(context.bit_rate)
        context.options = {"maxrate": rate, "bufsize": str(context.bit_rate // 2), **_OPTIONS.get(self._name, {})}
        context.open()
        context.bit_rate = self._bitrate
        self._sets = parameter_sets(context.extradata or b"")
        return context


class Chip:
    """The encoder that works on this computer, looked for when it is first wanted."""

    def __init__(self, candidates: Sequence[str] | None = None) -> None:
        """`candidates`: FFmpeg's names, best first; None: those that this system may have."""
        names = CHIPS.get(sys.platform, LINUX_CHIPS) if candidates is None else candidates
        self._untried = [name for name in names if name in av.codecs_available]
        self._lock = threading.Lock()
        self._looking = False
        self.name: str | None = None
        """FFmpeg's name of what works; None: nothing does, or nobody has looked yet."""

    def look(self, found: Callable[[], None]) -> None:
        """Tries what was not tried yet, in a thread, where `found` is called when something works.  Idempotent."""
        with self._lock:
            if self._looking or self.name is not None or not self._untried:
                return
            self._looking = True
        threading.Thread(target=self._look, args=(found,), name="h264.look", daemon=True).start()

    def failed(self) -> None:
        """It worked once and does no longer: not used again.  From any thread."""
        if self.name is not None:
            log.warning("the encoder chip failed; VP8 is sent", extra={"encoder": self.name})
        self.name = None

    def _look(self, found: Callable[[], None]) -> None:
        while self.name is None and self._untried:
            name = self._untried.pop(0)
            if works(name):
                self.name = name
        self._looking = False
        if self.name is not None:
            log.info("an encoder chip works", extra={"encoder": self.name})
            found()


def works(name: str, patience: float = PROBE_S) -> bool:
    """Whether a process of its own can encode with it within so many seconds."""
    silent = subprocess.DEVNULL
    try:
        tried = subprocess.run(
            command("app.engine.h264", name), stdin=silent, stdout=silent, stderr=silent, timeout=patience, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def prove(name: str) -> bool:
    """Encodes real pictures here, and sees whether a decoder can begin with the first and with the last."""
    encoder = H264Encoder(name, 300_000, 24)
    frames = []
    for number in range(PROBED):
        picture = av.VideoFrame(320, 180, "yuv420p")
        for plane in picture.planes:
            plane.update(bytes((40 * number + at) % 256 for at in range(plane.buffer_size)))
        frames.append(encoder.encode(picture, number / 24, keyframe=number in (0, PROBED - 1)))
    whole = [frame for frame in frames if frame]
    return len(whole) > 1 and all(parameter_sets(frame) for frame in (whole[0], whole[-1])) and all(
        H264Decoder().decode(frame) is not None for frame in (whole[0], whole[-1])
    )


def main(name: str) -> int:
    try:
        return 0 if prove(name) else 1
    except (av.FFmpegError, ParleyError, ValueError):
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
