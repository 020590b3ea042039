"""A media file in place of camera and microphone: the test double of every headless participant.

It behaves as devices do: blocks every 20 ms, frames at the file's rate, on threads of their own, in real time.  Until
its moment comes it is silent and shows its first frame; after its end it is silent again and holds the last one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from itertools import islice
from pathlib import Path

import av
import numpy as np

from app.engine.sources import BLOCK, BLOCK_S, RATE, AudioBlock, CameraFrame, Failed, Samples
from sfu.rtp.errors import ErrorCode, UserError

STOP_TIMEOUT = 3.0
DEFAULT_FRAME_RATE = 15


class Schedule:
    """When the file plays; shared by its sound and its picture.  `begin` is set once the meeting's clock is known."""

    LATE = 0.1

    def __init__(self, begin: float | None = None) -> None:
        self.begin = begin
        """Monotonic instant; None while nobody knows."""
        self.media_started: float | None = None
        """Monotonic instant of the file's first sample, once it has come."""
        self._lock = threading.Lock()

    def started(self, now: float) -> float | None:
        """The instant of the file's first sample; None before it.  Who comes late plays from the beginning too."""
        with self._lock:
            if self.media_started is None and self.begin is not None and now >= self.begin:
                self.media_started = self.begin if now - self.begin < self.LATE else now
            return self.media_started

    def next_block(self, due: float) -> float:
        """When the block after the one at `due` is due: the file's first one comes at its very instant."""
        following = due + BLOCK_S
        return self.begin if self.begin is not None and due < self.begin < following else following


class FileMicrophone:
    """The file's sound as mono 48 kHz."""

    def __init__(self, path: Path, schedule: Schedule) -> None:
        self._path = path
        self._schedule = schedule
        self._runner = Runner("file.microphone")

    def start(self, deliver: Callable[[AudioBlock], None], failed: Failed) -> None:
        open_media(self._path).close()
        self._runner.start(lambda: self._play(deliver))

    def close(self) -> None:
        self._runner.close()

    def _play(self, deliver: Callable[[AudioBlock], None]) -> None:
        silence = np.zeros(BLOCK, np.int16)
        with closing(audio_blocks(self._path)) as blocks:
            due, read = time.monotonic(), 0
            while self._runner.wait_until(due):
                samples, begin = silence, self._schedule.started(due)
                if begin is not None:
                    # Whoever was muted meanwhile goes on where the others hear the file by now.
                    passed = round((due - begin) / BLOCK_S)
                    samples = next(islice(blocks, max(0, passed - read), None), silence)
                    read = max(read, passed) + 1
                deliver(AudioBlock(samples, due))
                due = self._schedule.next_block(due)


class FileCamera:
    """The file's pictures at their own size and times."""

    def __init__(self, path: Path, schedule: Schedule) -> None:
        self._path = path
        self._schedule = schedule
        self._runner = Runner("file.camera")

    def start(self, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        period = 1 / frame_rate(self._path)
        self._runner.start(lambda: self._play(period, deliver))

    def close(self) -> None:
        self._runner.close()

    def _play(self, period: float, deliver: Callable[[CameraFrame], None]) -> None:
        with closing(pictures(self._path)) as frames:
            held = next(frames)[1]
            due = time.monotonic()
            while (begin := self._schedule.started(due)) is None:
                if not self._show(held, due, deliver):
                    return
                due += period
            for at, picture in frames:
                held = picture
                due = begin + at
                # A machine that stalls skips frames, as a camera would, instead of playing late for ever.
                if time.monotonic() - due < period and not self._show(picture, due, deliver):
                    return
        due = max(due, time.monotonic())
        while self._show(held, due := due + period, deliver):
            pass

    def _show(self, picture: av.VideoFrame, due: float, deliver: Callable[[CameraFrame], None]) -> bool:
        alive = self._runner.wait_until(due)
        if alive:
            deliver(CameraFrame(picture, due))
        return alive


class Runner:
    """A named thread that paces itself and stops when asked."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, work: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=work, name=self._name, daemon=True)
        self._thread.start()

    def wait_until(self, due: float) -> bool:
        """False when it is time to stop."""
        return not self._stop.wait(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(STOP_TIMEOUT)


def audio_blocks(path: Path) -> Generator[Samples, None, None]:
    """The file's sound, 20 ms at a time; the last block is padded with silence."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=BLOCK)
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return
        for frame in container.decode(audio=0):
            frame.pts = None
            for block in resampler.resample(frame):
                yield _samples(block)
        for block in resampler.resample(None):
            yield _samples(block)


def pictures(path: Path) -> Generator[tuple[float, av.VideoFrame], None, None]:
    """(seconds from the file's beginning, picture with even sides)."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        first: float | None = None
        for frame in container.decode(stream):
            at = frame.time or 0.0
            first = at if first is None else first
            yield at - first, frame.reformat(frame.width // 2 * 2, frame.height // 2 * 2, "yuv420p")


def frame_rate(path: Path) -> float:
    """Frames a second of the file's pictures; raises UserError(NO_DEVICE) when there are none."""
    with open_media(path) as container:
        if not container.streams.video:
            raise UserError(ErrorCode.NO_DEVICE, f"{path.name} holds no picture. Choose a file with video.")
        return float(container.streams.video[0].average_rate or DEFAULT_FRAME_RATE)


def open_media(path: Path) -> av.container.InputContainer:
    """The opened file; raises UserError(NO_DEVICE) when it cannot be played."""
    try:
        return av.open(str(path))
    except (OSError, av.FFmpegError):
        raise UserError(
            ErrorCode.NO_DEVICE, f"{path.name} cannot be played. Check that the file exists and is a video."
        ) from None


def _samples(block: av.AudioFrame) -> Samples:
    samples = np.zeros(BLOCK, np.int16)
    samples[: block.samples] = block.to_ndarray().reshape(-1)
    return samples
