"""The camera, through OpenCV, on a thread of its own.

OpenCV blocks for as long as the driver likes and says nothing about why a camera cannot be opened; this module keeps
both away from the loop.  It does not encode.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

from app.engine.sources import CameraFrame, Failed
from app.session.devices import FOLLOW
from sfu.rtp.errors import ErrorCode, UserError

WIDTH, HEIGHT, FRAME_RATE = 1280, 720, 24
# Drivers miss a frame now and then; this many in a row mean that the camera is gone.
MISSES = 30
STOP_TIMEOUT = 3.0
UNPLUGGED = "The camera was unplugged. Plug it in and switch it on again."


class SystemCamera:
    """The first camera of this computer, or the one of that id: a number, or a path where the system has such."""

    def __init__(self, device: str = FOLLOW) -> None:
        self._device: int | str = int(device or 0) if (device or "0").isdecimal() else device
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        import cv2  # heavy, and not needed by whoever has no camera

        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        capture = cv2.VideoCapture(self._device)
        if not capture.isOpened():
            capture.release()
            raise _why_not(self._device)
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
        capture.set(cv2.CAP_PROP_FPS, FRAME_RATE)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._thread = threading.Thread(
            target=self._read, args=(capture, deliver, failed), name="camera.read", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(STOP_TIMEOUT)

    def _read(self, capture: Any, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        misses, due = 0, 0.0
        try:
            while not self._stop.is_set():
                ok, image = capture.read()
                now = time.monotonic()
                misses = 0 if ok else misses + 1
                if misses > MISSES:
                    failed(UserError(ErrorCode.NO_DEVICE, UNPLUGGED))
                    return
                if not ok:
                    self._stop.wait(1 / FRAME_RATE)
                elif now >= due:
                    # Half a frame of tolerance: a 24 fps camera must not be halved by its own jitter.
                    due = max(due + 1 / FRAME_RATE, now - 0.5 / FRAME_RATE)
                    deliver(CameraFrame(_fitted(av.VideoFrame.from_ndarray(image, format="bgr24")), now))
        finally:
            capture.release()


def _fitted(picture: av.VideoFrame) -> av.VideoFrame:
    """Planar, and no larger than WIDTH x HEIGHT: some drivers ignore the size they are asked for."""
    scale = min(1.0, WIDTH / picture.width, HEIGHT / picture.height)
    width, height = (int(side * scale) // 2 * 2 for side in (picture.width, picture.height))
    return picture.reformat(width, height, "yuv420p")


def _why_not(number: int | str) -> UserError:
    if sys.platform == "linux":
        device = Path(f"/dev/video{number}" if isinstance(number, int) else number)
        if not device.exists():
            sentence = "No camera was found. Plug one in, or join without a camera."
        elif not os.access(device, os.R_OK | os.W_OK):
            sentence = "The system does not allow this program to use the camera. Add yourself to the group “video”."
        else:
            sentence = "The camera is in use by another program. Close that program and switch the camera on again."
    else:
        sentence = (
            "No camera could be opened. Plug one in, close other programs that use it, and check in the system "
            "settings that this program may use it."
        )
    return UserError(ErrorCode.NO_DEVICE, sentence)

