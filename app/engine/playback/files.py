"""The files of a recording, read from any place in them: a voice as samples, a film as pictures.

Seconds are the film's.  A file that is damaged is read as far as it goes; one that cannot be opened at all, or is
gone, is said by `Unplayable`.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import av
import numpy as np

from app.engine.playback.mixing import Sound
from app.engine.sources import RATE

File = str | io.RawIOBase
"""A path, or what reads like an open file and can be sought in."""

# RFC 7845, 4.6: a decoder of Opus is right again 80 ms after a jump.
_PREROLL_S = 0.1
# A frame that is a few milliseconds from where the last one ended belongs right behind it: moving it would click.
_SNAP = RATE // 50
_MOST_PIXELS = 4096 * 2304


class Unplayable(Exception):
    """`args[0]`: gone | damaged | unreachable | refused."""

    @property
    def why(self) -> str:
        return str(self.args[0])


class Media:
    """One stream of a file.  `read` goes on until it ends; `seek` first."""

    def __init__(self, file: File, kind: str) -> None:
        """`kind`: audio or video.  Raises Unplayable."""
        try:
            self._container: Any = av.open(file)
            streams: Any = self._container.streams
            self._stream: Any = next((stream for stream in streams if stream.type == kind), None)
        except (av.error.FFmpegError, OSError) as error:
            raise unplayable(error) from error
        if self._stream is None:
            self._container.close()
            raise Unplayable("damaged")
        self._stream.thread_type = "AUTO"
        self._frames: Iterator[Any] = iter(())

    def seek(self, second: float) -> None:
        """To a place from which `second` can be decoded.  Raises Unplayable."""
        try:
            # Before the beginning is not the beginning: the first packet of Opus in Matroska lies 7 ms before it.
            self._container.seek(round(second / self._stream.time_base), stream=self._stream)
        except (av.error.FFmpegError, OSError) as error:
            raise unplayable(error) from error
        self._frames = self._decoded()

    def next(self) -> Any:
        """A frame of PyAV; None at the end.  Raises Unplayable."""
        try:
            return next(self._frames, None)
        except (av.error.FFmpegError, OSError) as error:
            raise unplayable(error) from error

    def close(self) -> None:
        self._frames = iter(())
        self._container.close()

    def _decoded(self) -> Iterator[Any]:
        for packet in self._container.demux(self._stream):
            with contextlib.suppress(av.error.InvalidDataError):  # damaged here: what follows may be whole
                yield from packet.decode()


class VoiceFile:
    """Somebody's sound, or the film's."""

    def __init__(self, file: File) -> None:
        self._media = Media(file, "audio")
        self._begin = 0
        self._expected: int | None = None
        self._resampler: Any = None

    def seek(self, second: float) -> None:
        self._media.seek(second - _PREROLL_S)
        self._begin, self._expected = round(second * RATE), None
        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)

    def read(self) -> tuple[int, Sound] | None:
        """Where it begins, in samples, and the sound; None at the end."""
        while (frame := self._media.next()) is not None:
            at = round(frame.time * RATE) if frame.time is not None else self._expected or 0
            start = self._expected if self._expected is not None and abs(at - self._expected) < _SNAP else at
            pieces = [piece.to_ndarray().reshape(-1) for piece in self._resampler.resample(frame)]
            samples = np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)
            self._expected = start + len(samples)
            if self._expected > self._begin:
                skipped = max(0, self._begin - start)
                return start + skipped, samples[skipped:]
        return None

    def close(self) -> None:
        self._media.close()


class FilmFile:
    """The pictures of a film."""

    def __init__(self, file: File) -> None:
        self._media = Media(file, "video")

    def seek(self, second: float) -> None:
        self._media.seek(second)

    def read(self) -> tuple[float, av.VideoFrame] | None:
        """When it is to be seen first, and the picture; None at the end."""
        while (frame := self._media.next()) is not None:
            if frame.time is not None and frame.width * frame.height <= _MOST_PIXELS:
                return float(frame.time), frame
        return None

    def close(self) -> None:
        self._media.close()


def unplayable(error: Exception) -> Unplayable:
    """What a library or a system said, as what people can do something about."""
    if isinstance(error, Unplayable):
        return error
    if isinstance(error, FileNotFoundError):
        return Unplayable("gone")
    if isinstance(error, PermissionError):
        return Unplayable("refused")
    if isinstance(error, ConnectionError | TimeoutError):
        return Unplayable("unreachable")
    return Unplayable("damaged")
