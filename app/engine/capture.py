"""Microphone and camera as the person wants them, and as they really are.

Opening a device may take a second or fail with a reason; both must reach the window as one true statement of what is
captured.  Devices outlive a lost connection.  Where captured sound and pictures go is set by whoever sends them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from app.engine.sources import AudioBlock, CameraFrame, Devices, Source
from app.session.events import LocalMedia
from sfu.rtp.errors import UserError

Item = TypeVar("Item")


class Switch(Generic[Item]):
    """One device, on or off, in the order in which it was asked."""

    def __init__(self, make: Callable[[], Source[Item]], changed: Callable[[str], None]) -> None:
        self._make = make
        self._changed = changed
        self._source: Source[Item] | None = None
        self._order = asyncio.Lock()
        self.target: Callable[[Item], None] | None = None
        """Called on the device's thread with all that it captures; None: captured for nobody."""

    @property
    def on(self) -> bool:
        return self._source is not None

    async def set(self, on: bool) -> None:
        """Says what came of it, in one sentence if it did not work."""
        async with self._order:
            if on != self.on:
                self._changed(await self._open() if on else await self._close())

    async def close(self) -> None:
        async with self._order:
            await self._close()

    async def _open(self) -> str:
        source = self._make()
        loop = asyncio.get_running_loop()

        def failed(error: UserError) -> None:
            loop.call_soon_threadsafe(self._lost, source, error)

        try:
            await asyncio.to_thread(source.start, self._deliver, failed)
        except UserError as error:
            return error.sentence
        self._source = source
        return ""

    async def _close(self) -> str:
        source, self._source = self._source, None
        if source is not None:
            await asyncio.to_thread(source.close)
        return ""

    def _deliver(self, item: Item) -> None:
        target = self.target
        if target is not None:
            target(item)

    def _lost(self, source: Source[Item], error: UserError) -> None:
        if self._source is source:
            self._source = None
            source.close()
            self._changed(error.sentence)


class Capture:
    """Both devices, and what is told about them."""

    def __init__(self, devices: Devices, announce: Callable[[LocalMedia], None]) -> None:
        self._announce = announce
        self.microphone: Switch[AudioBlock] = Switch(devices.microphone, self._changed)
        self.camera: Switch[CameraFrame] = Switch(devices.camera, self._changed)

    def _changed(self, sentence: str) -> None:
        self._announce(LocalMedia(self.microphone.on, self.camera.on, sentence))

    async def close(self) -> None:
        await self.microphone.close()
        await self.camera.close()
