"""Devices that come, go and are exchanged in the middle of a sentence.

PortAudio counts its devices only when it starts, and it may start again only while none is open.  So when something
was plugged in or out, sound stops for the fifth of a second that counting takes, and goes on with what is there now:
what the person chose, or the system's default while that is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.engine.capture import Capture
from app.engine.loudspeaker import Loudspeaker
from app.engine.sources import SoundDevices
from app.session.devices import Device, DeviceKind, DeviceLists
from app.session.events import DevicesChanged


class Plugging:
    """Keeps the lists, and opens again what has to be."""

    def __init__(
        self,
        capture: Capture,
        speaker: Loudspeaker,
        sound_devices: Callable[[], SoundDevices],
        announce: Callable[[DevicesChanged], None],
    ) -> None:
        self._capture = capture
        self._speaker = speaker
        self._sound_devices = sound_devices
        self._announce = announce
        self._plugged = DeviceLists()
        self._order = asyncio.Lock()

    async def look(self, cameras: tuple[Device, ...]) -> None:
        """Something was plugged in or out."""
        capture, choices = self._capture, self._capture.choices
        async with self._order:
            await capture.microphone.let_go()
            await self._speaker.let_go()
            microphones, speakers = await asyncio.to_thread(self._sound_devices)
            camera_went = cameras != self._plugged.cameras
            self._plugged = DeviceLists(microphones, speakers, cameras)
            changed = {kind: choices[kind].look(self._plugged.of(kind)) for kind in DeviceKind}
            await capture.microphone.take_back()
            if self._speaker.wanted:
                await self._speaker.open()
            if changed[DeviceKind.CAMERA] or (camera_went and not capture.camera.on):
                await self._reopen_camera()
            self._say()

    async def choose(self, kind: DeviceKind, device: str) -> None:
        async with self._order:
            changed = self._capture.choices[kind].choose(device, self._plugged.of(kind))
            if changed:
                await self._reopen(kind)
            self._say()

    async def _reopen(self, kind: DeviceKind) -> None:
        match kind:
            case DeviceKind.MICROPHONE:
                await self._capture.microphone.let_go()
                await self._capture.microphone.take_back()
            case DeviceKind.CAMERA:
                await self._reopen_camera()
            case DeviceKind.SPEAKER:
                if self._speaker.wanted:
                    await self._speaker.open()

    async def _reopen_camera(self) -> None:
        await self._capture.camera.let_go()
        await self._capture.camera.take_back()

    def _say(self) -> None:
        choices = self._capture.choices
        used = {kind: choices[kind].used for kind in DeviceKind}
        self._announce(
            DevicesChanged(
                self._plugged, used[DeviceKind.MICROPHONE], used[DeviceKind.SPEAKER], used[DeviceKind.CAMERA]
            )
        )
