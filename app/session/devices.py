"""Microphones, loudspeakers and cameras by name, which one is used, and what happens when they come and go.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

FOLLOW = ""
"""The device id that means: whatever the system's default is now."""


class DeviceKind(StrEnum):
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class Device:
    """`id` is for the engine, `name` for people; `modes` are a camera's sizes, best first, as "1280x720"."""

    id: str
    name: str
    default: bool = False
    modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceLists:
    """What is plugged in now."""

    microphones: tuple[Device, ...] = ()
    speakers: tuple[Device, ...] = ()
    cameras: tuple[Device, ...] = ()

    def of(self, kind: DeviceKind) -> tuple[Device, ...]:
        return {
            DeviceKind.MICROPHONE: self.microphones,
            DeviceKind.SPEAKER: self.speakers,
            DeviceKind.CAMERA: self.cameras,
        }[kind]


@dataclass(slots=True)
class Choice:
    """Which device of one kind is used.  `wanted` is kept while it is unplugged, and used again when it returns."""

    wanted: str = FOLLOW
    used: str = FOLLOW
    _default: str = field(default=FOLLOW, repr=False)

    def choose(self, device: str, plugged: Sequence[Device]) -> bool:
        """The person chose; whether another device is to be opened."""
        self.wanted = device
        return self._settle(plugged)

    def look(self, plugged: Sequence[Device]) -> bool:
        """Devices came or went; whether another device is to be opened."""
        return self._settle(plugged)

    def _settle(self, plugged: Sequence[Device]) -> bool:
        before = self.used, self._default
        self.used = self.wanted if any(device.id == self.wanted for device in plugged) else FOLLOW
        self._default = next((device.id for device in plugged if device.default), FOLLOW)
        if self.used != before[0]:
            return True
        return self.used == FOLLOW and before[1] not in (FOLLOW, self._default)
