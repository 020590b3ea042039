"""Matroska files of one recording, written so that a process that is killed takes a second with it and no more.

FFmpeg's muxer gathers a *cluster* in memory and writes it in one piece; a file that ends behind any cluster opens.
So clusters are short and nothing is kept back behind them.  Names of files are made of ids of ours, never of names of
people.  What a name means (who, which camera) stands in the store; the files hold media and times alone.
"""

from __future__ import annotations

import contextlib
import io
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from sfu.core.tracks import Ended, Frame
from sfu.link.tape import Codec

# Half of what may be lost at worst (2 s): the other half is for what is on its way here.
CLUSTER_MS = 1000
_OPTIONS = {"cluster_time_limit": str(CLUSTER_MS), "flush_packets": "1"}
_MILLISECOND = Fraction(1, 1000)
_SUFFIX = {Codec.OPUS: "webm", Codec.VP8: "webm", Codec.H264: "mkv"}
_RATE = 48_000


class _File:
    def __init__(self, path: Path, first: Frame) -> None:
        self.part = first.part
        self._path = path
        self._container: Any = av.open(str(path), "w", format="matroska", options=_OPTIONS)
        try:
            self._stream = _stream(self._container, first)
        except BaseException:
            self.close()
            raise
        self._stream.time_base = _MILLISECOND

    def write(self, frame: Frame) -> None:
        packet = av.Packet(frame.data)
        packet.stream, packet.time_base = self._stream, _MILLISECOND
        packet.pts = packet.dts = round(frame.at * 1000)
        packet.is_keyframe = frame.keyframe
        self._container.mux_one(packet)

    def close(self) -> None:
        """What could not be written is lost, and the file is as good as that of a killed process."""
        with contextlib.suppress(OSError, av.error.FFmpegError):
            self._container.close()
            with self._path.open("rb") as written:
                os.fsync(written.fileno())


class Files:
    """Raises OSError when the disk refuses; call `close` then, too."""

    def __init__(self, folder: Path) -> None:
        self.octets = 0
        self.written = 0
        """How many files there are."""
        self._folder = folder
        self._open: dict[str, _File] = {}

    def write(self, event: Frame | Ended) -> None:
        if isinstance(event, Ended):
            self._end(event.stream)
            return
        file = self._open.get(event.stream)
        if file is None or file.part != event.part:
            self._end(event.stream)
            file = self._open[event.stream] = _File(self._fresh(event), event)
            self.written += 1
        file.write(event)
        self.octets += len(event.data)

    def close(self) -> None:
        for stream in list(self._open):
            self._end(stream)

    def _end(self, stream: str) -> None:
        file = self._open.pop(stream, None)
        if file is not None:
            file.close()

    def _fresh(self, frame: Frame) -> Path:
        """A recorder that was started again must not write over what the last one has left."""
        number, suffix = frame.part, _SUFFIX[frame.codec]
        while True:
            path = self._folder / f"{frame.stream}.{number}.{suffix}"
            if not path.exists() and not any(self._folder.glob(f"{frame.stream}.{number}.*")):
                return path
            number += 1


def _stream(container: Any, first: Frame) -> Any:
    if first.codec is Codec.VP8:
        width, height = vp8_size(first.head)
        return container.add_mux_stream("vp8", width=width, height=height)
    if first.codec is Codec.OPUS:
        return container.add_stream_from_template(_opus())
    described = av.open(io.BytesIO(first.data), format="h264")
    return container.add_stream_from_template(described.streams.video[0])


def vp8_size(keyframe: bytes) -> tuple[int, int]:
    """Width and height (RFC 6386, 9.1)."""
    width, height = (int.from_bytes(keyframe[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return width, height


_template: list[Any] = []


def _opus() -> Any:
    """A stream with the header that players want (RFC 7845, 5.1); the container it is of must stay open."""
    if not _template:
        memory = io.BytesIO()
        with av.open(memory, "w", format="matroska") as made:
            stream: Any = made.add_stream("libopus", rate=_RATE)
            stream.layout = "stereo"
            silence: Any = av.AudioFrame(format="s16", layout="stereo", samples=_RATE // 50)
            silence.sample_rate, silence.pts = _RATE, 0
            silence.planes[0].update(bytes(silence.planes[0].buffer_size))
            made.mux(stream.encode(silence))
            made.mux(stream.encode(None))
        memory.seek(0)
        _template.append(av.open(memory))
    return _template[0].streams.audio[0]
