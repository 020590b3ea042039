"""The own picture, for the own tile: what the camera gives is shown here before anybody else sees it.

It never goes through a codec or the network, so people see at once whether they are in the picture.
"""

from __future__ import annotations

from collections.abc import Callable

from av.video.reformatter import VideoReformatter

from app.engine.pictures import Picture, PictureSink, to_bgra, to_planes
from app.engine.sources import Camera, CameraFrame, Failed
from app.viewmodels.gallery import SELF

MOST_PER_SECOND = 15.0
"""Enough to see oneself; each picture costs a conversion."""


class SelfView:
    """A camera that is also shown."""

    def __init__(self, camera: Camera, screen: PictureSink) -> None:
        self._camera = camera
        self._screen = screen
        self._shown_at = float("-inf")
        self._converter = VideoReformatter()

    def start(self, deliver: Callable[[CameraFrame], None], failed: Failed) -> None:
        def seen(frame: CameraFrame) -> None:
            deliver(frame)
            self._look(frame)

        self._camera.start(seen, failed)

    def close(self) -> None:
        self._camera.close()

    def _look(self, frame: CameraFrame) -> None:
        # Half a frame of tolerance, or a 15 fps camera would be shown at 7.5.
        if frame.at - self._shown_at < 0.5 / MOST_PER_SECOND:
            return
        self._shown_at = frame.at
        draw = to_planes if self._screen.planar else to_bgra
        picture = frame.picture
        self._screen.show(SELF, Picture(draw(picture, self._converter, (picture.width, picture.height)), frame.at))
