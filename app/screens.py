"""Screens and windows as pictures, through Qt: it asks the system's own portal where that is the rule (Wayland, macOS).

Qt grabs on threads of its own and tells the window's thread, which may not be kept: here it only hands the frame on,
to a thread that copies and delivers.  How a picture is encoded is the engine's business.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import av
import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtMultimedia import QMediaCaptureSession, QScreenCapture, QVideoFrame, QVideoSink, QWindowCapture

from app.engine.sources import CameraFrame, Failed
from app.session.sharing import Shareable, ShareMode
from sfu.rtp.errors import ErrorCode, UserError

RATES = {ShareMode.TEXT: 8.0, ShareMode.MOTION: 24.0}
"""Pictures a second.  At 8 a scrolled page is followed, and each letter gets three times the bits."""
START_TIMEOUT = 60.0
"""A portal asks the person which screen, and may be answered slowly."""
STOP_TIMEOUT = 3.0
SCREEN, WINDOW = "screen:", "window:"

_CODES = QScreenCapture.Error
_SENTENCES = {
    _CODES.CapturingNotSupported: "This system does not let programs show the screen.",
    _CODES.NotFound: "That screen or window is no longer there. Choose another one.",
}
_REFUSED = "The screen cannot be shown. Allow this program to record the screen in the system settings, then try again."


def shareable() -> tuple[Shareable, ...]:
    """Screens and windows that can be shared now; for the window's thread.  Where a portal asks, the screen alone."""
    screens = [
        Shareable(f"{SCREEN}{number}", screen.name() or str(number + 1))
        for number, screen in enumerate(QGuiApplication.screens())
    ]
    windows = [
        Shareable(f"{WINDOW}{window.description()}", window.description(), window=True)
        for window in QWindowCapture.capturableWindows()
        if window.isValid() and window.description()
    ]
    return (*screens, *windows)


class ScreenGrabber(QObject):
    """Lives on the window's thread; `source` may be called on any."""

    _wanted = Signal(object)
    _unwanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self._unwanted.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._grabs: dict[ScreenSource, QMediaCaptureSession] = {}

    def source(self, what: str, mode: ShareMode) -> ScreenSource:
        return ScreenSource(self, what, mode)

    def begin(self, source: ScreenSource) -> None:
        self._wanted.emit(source)

    def end(self, source: ScreenSource) -> None:
        self._unwanted.emit(source)

    @Slot(object)
    def _begin(self, source: ScreenSource) -> None:
        session = QMediaCaptureSession(self)
        sink = QVideoSink(session)
        session.setVideoSink(sink)
        capture = _capture(source.what, session)
        if capture is None:
            source.refuse(_SENTENCES[_CODES.NotFound])
            session.deleteLater()
            return
        self._grabs[source] = session
        capture.errorOccurred.connect(lambda code, text: source.refuse(_SENTENCES.get(_CODES(code.value), _REFUSED)))
        sink.videoFrameChanged.connect(source.grabbed)
        capture.setActive(True)

    @Slot(object)
    def _end(self, source: ScreenSource) -> None:
        session = self._grabs.pop(source, None)
        if session is None:
            return
        for capture in (session.screenCapture(), session.windowCapture()):
            if capture is not None:
                capture.setActive(False)
        session.deleteLater()


class ScreenSource:
    """One share: a `Source` of pictures.  `start` returns when the first one has come."""

    def __init__(self, grabber: ScreenGrabber, what: str, mode: ShareMode) -> None:
        self.what = what
        self._grabber = grabber
        self._period = 1 / RATES[mode]
        self._frames: queue.Queue[tuple[QVideoFrame, float] | None] = queue.Queue(2)
        self._due = 0.0
        self._began: Future[None] = Future()
        self._failed: Failed = lambda error: None
        self._thread: threading.Thread | None = None

    def start(self, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        self._failed = failed
        self._thread = threading.Thread(target=self._work, args=(deliver,), name="screen.copy", daemon=True)
        self._thread.start()
        self._grabber.begin(self)
        try:
            self._began.result(START_TIMEOUT)
        except TimeoutError:
            self.close()
            raise UserError(ErrorCode.NO_DEVICE, _REFUSED) from None
        except UserError:
            self.close()
            raise

    def close(self) -> None:
        self._grabber.end(self)
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            self._frames.put(None)
            thread.join(STOP_TIMEOUT)

    def grabbed(self, frame: QVideoFrame) -> None:
        """On the window's thread, up to 60 times a second: most are let go."""
        now = time.monotonic()
        if now < self._due or self._frames.full():
            return
        self._due = max(self._due + self._period, now - self._period / 2)
        self._frames.put_nowait((QVideoFrame(frame), now))

    def refuse(self, sentence: str) -> None:
        """Before the first picture it could not begin; later it is over: the window was closed, the portal stopped."""
        error = UserError(ErrorCode.NO_DEVICE, sentence)
        if not self._began.done():
            self._began.set_exception(error)
        else:
            self._failed(error)

    def _work(self, deliver: Callable[[CameraFrame], None]) -> None:
        while (item := self._frames.get()) is not None:
            frame, at = item
            picture = to_picture(frame)
            if picture is None:
                continue
            if not self._began.done():
                self._began.set_result(None)
            deliver(CameraFrame(picture, at))


def _capture(what: str, session: QMediaCaptureSession) -> QScreenCapture | QWindowCapture | None:
    if what.startswith(WINDOW):
        name = what.removeprefix(WINDOW)
        window = next((w for w in QWindowCapture.capturableWindows() if w.description() == name), None)
        if window is None:
            return None
        of_window = QWindowCapture(session)
        of_window.setWindow(window)
        session.setWindowCapture(of_window)
        return of_window
    number = what.removeprefix(SCREEN)
    screens = QGuiApplication.screens()
    if not number.isdecimal() or int(number) >= len(screens):
        return None
    of_screen = QScreenCapture(session)
    of_screen.setScreen(screens[int(number)])
    session.setScreenCapture(of_screen)
    return of_screen


def to_picture(frame: QVideoFrame) -> av.VideoFrame | None:
    """A copy as YUV 4:2:0 with even sides; None for a frame that cannot be read."""
    image = frame.toImage().convertToFormat(QImage.Format.Format_RGB32)  # BGRX in memory; no copy where it is already
    if image.isNull():
        return None
    width, height, stride = image.width(), image.height(), image.bytesPerLine()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, stride)[:, : width * 4]
    drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(rows).reshape(height, width, 4), format="bgra")
    return drawn.reformat(width // 2 * 2, height // 2 * 2, "yuv420p")
