"""The room behind a person, out of focus: MediaPipe's selfie segmentation, before anybody sees the picture.

The network looks at 256x256 pixels and says of each how surely it belongs to a person (14 ms of one core; so every
second picture is looked at, and the mask follows in between).  The picture is blended with a blurred copy of itself.
While this is on no sharp picture leaves: when the network fails, all of it is blurred.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from app.engine.sources import Camera, CameraFrame, Failed

log = logging.getLogger(__name__)

FILE = "selfie_segmentation.tflite"
SIDE = 256
LOOK_EVERY = 2
"""Pictures to one look at where the person is."""
FOLLOW = 0.7
"""Of a new mask: edges that flicker are more distracting than edges that are a picture late."""
SURE_FROM, SURE_TO = 0.35, 0.65
"""Below it is the room, above a person; between, a soft edge."""
COARSE = 8
"""The room is blurred at an eighth of its size, which is a wide blur for little."""

Plane = NDArray[np.uint8]
Mask = NDArray[np.float32]


class Blur:
    """Of one camera.  `set` on any thread, `apply` on the camera's."""

    def __init__(self, weights: Callable[[], Path]) -> None:
        """`weights` gives the folder with `FILE`, or raises UserError that says how to get it."""
        self._weights = weights
        self._lock = threading.Lock()
        self._network: Any = None
        self._mask: Mask = np.zeros((SIDE, SIDE), np.float32)
        self._count = 0
        self.on = False

    def set(self, on: bool) -> None:
        """May take a moment: the first time the weights are loaded.  Raises UserError where there are none."""
        if on and self._network is None:
            import cv2

            network = cv2.dnn.readNetFromTFLite(str(self._weights() / FILE))
            with self._lock:
                self._network = network
        self.on = on

    def apply(self, picture: av.VideoFrame) -> av.VideoFrame:
        """The same picture with the room blurred, or as it is while this is off.  Takes and gives YUV 4:2:0."""
        if not self.on:
            return picture
        import cv2

        with self._lock:
            if self._count % LOOK_EVERY == 0:
                self._look(cv2, picture)
            self._count += 1
            planes = picture.to_ndarray(format="yuv420p").astype(np.uint8, copy=False)
            return av.VideoFrame.from_ndarray(self._blend(cv2, planes, picture.height), format="yuv420p")

    def _look(self, cv2: Any, picture: av.VideoFrame) -> None:
        """Where the person is now."""
        seen = picture.reformat(SIDE, SIDE, "rgb24").to_ndarray()
        try:
            self._network.setInput(cv2.dnn.blobFromImage(seen, 1 / 255))
            found = self._network.forward().reshape(SIDE, SIDE)
        except cv2.error as error:
            log.warning("the room cannot be told from the person: all is blurred", extra={"reason": str(error)})
            self._mask = np.zeros((SIDE, SIDE), np.float32)
            return
        person = np.clip((found - SURE_FROM) / (SURE_TO - SURE_FROM), 0, 1).astype(np.float32)
        self._mask = self._mask + np.float32(FOLLOW) * (person - self._mask)

    def _blend(self, cv2: Any, planes: Plane, height: int) -> Plane:
        """`planes`: Y, and U and V of half the sides under it, as PyAV packs them."""
        width = planes.shape[1]
        out = np.empty_like(planes)
        quarter = width * height // 4
        sizes = ((0, width, height), (0, width // 2, height // 2), (quarter, width // 2, height // 2))
        for number, (start, across, down) in enumerate(sizes):
            where = slice(0, height) if number == 0 else slice(height, None)
            flat, target = planes[where].reshape(-1), out[where].reshape(-1)
            part = slice(start, start + across * down)
            plane = flat[part].reshape(down, across)
            small = cv2.resize(plane, (max(1, across // COARSE), max(1, down // COARSE)), interpolation=cv2.INTER_AREA)
            room = cv2.resize(cv2.GaussianBlur(small, (0, 0), 2.0), (across, down), interpolation=cv2.INTER_LINEAR)
            person = cv2.resize(self._mask, (across, down), interpolation=cv2.INTER_LINEAR)
            target[part] = cv2.blendLinear(plane, room, person, 1 - person).reshape(-1)
        return out


class BlurredCamera:
    """A camera whose pictures all go through a `Blur`."""

    def __init__(self, camera: Camera, blur: Blur) -> None:
        self._camera = camera
        self._blur = blur

    def start(self, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        self._camera.start(lambda frame: deliver(CameraFrame(self._blur.apply(frame.picture), frame.at)), failed)

    def close(self) -> None:
        self._camera.close()
