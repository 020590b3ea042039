"""The one file that knows both loops: Qt's, which draws, and asyncio's, on which the engine runs.

Commands go down by `call_soon_threadsafe`, facts and pictures come up as queued signals.  A busy window must not grow
a queue of pictures: of each source only the newest waits to be drawn.  No meeting logic lives here.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QImage

from app.engine.discovery import watch
from app.engine.engine import Engine
from app.engine.journal import Journal
from app.engine.known_hosts import KnownHosts
from app.engine.pictures import Picture, Pixels
from app.engine.sources import Devices
from app.session.commands import Command, Leave
from app.session.events import Event, LinkChanged, LinkState

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

log = logging.getLogger(__name__)

LEAVE_TIMEOUT = 2.0
STOP_TIMEOUT = 5.0
LOOK_AGAIN_MS = 50
OVER = (LinkState.IDLE, LinkState.LEFT, LinkState.FAILED)


class EngineThread(QObject):
    """Owns the engine's thread.  All methods are for the Qt thread; both signals arrive there."""

    happened = Signal(object)
    """An `app.session.events.Event`."""
    pictured = Signal(str, object)
    """The newest picture of a source, a QImage or (`planar`) a QVideoFrame, which owns its pixels."""
    broke = Signal(str)
    """The engine died of a bug of ours: what it said.  The thread is gone."""
    ended = Signal()
    """After `stop`: devices and sockets are closed and the thread is gone, or nobody waits for it any longer."""

    _gone = Signal()
    _news = Signal(object)
    _picture_waits = Signal(str)

    def __init__(self, devices: Devices, parent: QObject | None = None, data: Path | None = None) -> None:
        """`data`: the folder in which trusted hosts are remembered; None: nowhere."""
        super().__init__(parent)
        self.planar = False
        """Whether a graphics card draws, and converts what was decoded; set before `start`."""
        self._devices = devices
        self._data = data
        self._engine: Engine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._parting: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._early: list[Command] = []
        self._stopped = self._ended = False
        self._newest = NewestPictures()
        self._journal = Journal()
        # From the engine's thread, hence queued: slots run on the thread that owns this object.
        self._news.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._picture_waits.connect(self._draw, Qt.ConnectionType.QueuedConnection)
        self._gone.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def start(self, after: Sequence[EngineThread] = ()) -> None:
        """Takes commands from now on, and follows them when those of `after` have let go of their devices."""
        if self._thread is not None:
            return
        self._loop = loop = asyncio.new_event_loop()
        before = [engine._thread for engine in after if engine._thread is not None]
        self._thread = threading.Thread(target=self._live, args=(loop, before), name="engine", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        """Never blocks.  Nothing happens after `stop` or a breakdown."""
        if self._loop is not None and not self._stopped:
            with suppress(RuntimeError):  # it broke down: its loop is closed
                self._loop.call_soon_threadsafe(self._post, command)

    def stop(self) -> None:
        """Leaves the meeting, closes devices and sockets, ends the thread; `ended` says when.  Idempotent."""
        if self._ended or self._thread is None:
            self.ended.emit()
        elif not self._stopped:
            self._stopped = True
            QTimer.singleShot(round(STOP_TIMEOUT * 1000), self, self._give_up)
            assert self._loop is not None
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._part)

    def wait(self) -> None:
        """Until it has ended, a few seconds at most; after `stop`."""
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT)
            self._give_up()

    def deleteLater(self) -> None:
        """Not before its thread has ended: what is still said there would be said to freed memory, and that crashed."""
        if self._thread is not None and self._thread.is_alive():
            QTimer.singleShot(LOOK_AGAIN_MS, self, self.deleteLater)
        else:
            super().deleteLater()

    @property
    def underruns(self) -> int:
        """Blocks of 20 ms of silence that the loudspeaker had to invent so far; from any thread."""
        return self._engine.underruns if self._engine is not None else 0

    def report(self) -> dict[str, Any]:
        """What this participant lived through (see `journal`); after `stop`."""
        if self._engine is None:
            return {}
        return self._journal.report(self._engine.tally, self._engine.packets, self._engine.clock.meeting_began)

    # -- on the engine's thread ------------------------------------------------------------------------------

    def _live(self, loop: asyncio.AbstractEventLoop, before: Sequence[threading.Thread]) -> None:
        for thread in before:
            thread.join(STOP_TIMEOUT)
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(self._run())
        except Exception as error:  # the thread's last frame: reported, never swallowed
            log.exception("engine broke")
            _say(self.broke, f"{type(error).__name__}: {error}")
        finally:
            _say(self._gone)

    async def _run(self) -> None:
        self._over = asyncio.Event()
        self._over.set()
        self._engine = Engine(self._devices, self._announce, sink=self, known_hosts=KnownHosts(self._data))
        for command in self._early:
            self._engine.post(command)
        self._main = asyncio.create_task(self._engine.run(), name="engine")
        if self._stopped:
            self._part()
        with suppress(asyncio.CancelledError):  # how it is stopped
            await self._main

    def _post(self, command: Command) -> None:
        if self._engine is None:
            self._early.append(command)
        else:
            self._engine.post(command)

    def _announce(self, event: Event) -> None:
        self._journal.happened(event)
        if isinstance(event, LinkChanged):
            (self._over.set if event.state in OVER else self._over.clear)()
        _say(self._news, event)

    def show(self, source: str, picture: Picture) -> None:
        """The engine's picture sink; called on its loop, or on a camera's thread for the own picture."""
        if self._newest.put(source, picture):
            _say(self._picture_waits, source)

    def _part(self) -> None:
        if self._engine is None or self._main is None or self._parting is not None:
            return  # it has not begun, and will look itself; or it parts already
        self._engine.post(Leave())
        self._parting = asyncio.ensure_future(self._leave_then_cancel(self._main))

    async def _leave_then_cancel(self, main: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT):
                await self._over.wait()
        except TimeoutError:
            log.info("left without the host's knowledge")
        main.cancel()

    # -- on the Qt thread ------------------------------------------------------------------------------------

    @Slot(object)
    def _pass_on(self, event: Event) -> None:
        self.happened.emit(event)

    @Slot(str)
    def _draw(self, source: str) -> None:
        picture = self._newest.take(source)
        if picture is not None:
            self.pictured.emit(source, to_image(picture))

    @Slot()
    def _give_up(self) -> None:
        if not self._ended and self._thread is not None and self._thread.is_alive():
            log.warning("engine did not stop in time")
        self._end()

    @Slot()
    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        # Task groups leave cycles behind in which codecs and buffers hang, whose megabytes the collector does not see.
        gc.collect()
        self.ended.emit()


def _say(signal: SignalInstance, *facts: object) -> None:
    """An engine that takes longer to end than the window waits has nobody to tell: Qt has deleted this object."""
    with suppress(RuntimeError):
        signal.emit(*facts)


class LookoutThread(QObject):
    """Watches which meetings announce themselves on this network, on a thread of its own."""

    found = Signal(object)
    """The whole list, as `app.session.nearby.NearbyMeeting`s; arrives on the Qt thread."""

    _news = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._begun = threading.Event()
        self._news.connect(self.found, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._begun.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()), name="lookout", daemon=True)
        self._thread.start()
        self._begun.wait()

    def stop(self) -> None:
        """Waits a few seconds at most.  Idempotent."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._main is None:
            return
        if thread.is_alive() and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._main.cancel)
        thread.join(STOP_TIMEOUT)

    async def _watch(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.create_task(watch(self._news.emit), name="lookout")
        self._begun.set()
        with suppress(asyncio.CancelledError):  # how it is stopped
            await self._main


class NewestPictures:
    """One place for each source; a picture that was not fetched in time is replaced by the next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, Picture] = {}

    def put(self, source: str, picture: Picture) -> bool:
        """True when somebody has to be told; False when they already were and have not come yet."""
        with self._lock:
            first = source not in self._waiting
            self._waiting[source] = picture
            return first

    def take(self, source: str) -> Picture | None:
        with self._lock:
            return self._waiting.pop(source, None)


def to_image(picture: Picture) -> QImage | QVideoFrame:
    """Pixels are copied once: what Qt kept of Python's buffer would outlive it in queues and textures."""
    pixels = picture.pixels
    if len(pixels.planes) == 3:
        return _to_frame(pixels)
    (bgra,) = pixels.planes
    return QImage(bgra.data, pixels.width, pixels.height, bgra.stride, QImage.Format.Format_RGB32).copy()


def _to_frame(pixels: Pixels) -> QVideoFrame:
    from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat  # half a second that no start should wait for

    kind = QVideoFrameFormat(QSize(pixels.width, pixels.height), QVideoFrameFormat.PixelFormat.Format_YUV420P)
    kind.setColorSpace(QVideoFrameFormat.ColorSpace.ColorSpace_BT601)
    kind.setColorRange(QVideoFrameFormat.ColorRange.ColorRange_Video)
    frame = QVideoFrame(kind)
    frame.map(QVideoFrame.MapMode.WriteOnly)
    for number, plane in enumerate(pixels.planes):
        theirs = np.frombuffer(frame.bits(number), np.uint8).reshape(-1, frame.bytesPerLine(number))
        ours = np.frombuffer(plane.data, np.uint8).reshape(-1, plane.stride)
        rows, width = (min(sides) for sides in zip(ours.shape, theirs.shape, strict=True))
        theirs[:rows, :width] = ours[:rows, :width]
    frame.unmap()
    return frame
