"""Microphones, loudspeakers and cameras: what is plugged in, what is used, and what the person chose."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.session import commands
from app.session.devices import FOLLOW, Device, DeviceKind
from app.session.events import DevicesChanged
from app.session.state import NO_DEVICES

PREFERENCE = {
    DeviceKind.MICROPHONE: "microphone_device",
    DeviceKind.SPEAKER: "speaker_device",
    DeviceKind.CAMERA: "camera_device",
}
"""Under which name a choice is remembered."""


class DevicesModel(QObject):
    wanted = Signal(object)
    changed = Signal()
    chosen = Signal(str, str)
    """Name of the preference, id of the device."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices = NO_DEVICES

    def follow(self, devices: DevicesChanged) -> None:
        if devices is not self._devices:
            self._devices = devices
            self.changed.emit()

    @Property(list, notify=changed)
    def microphones(self) -> list[dict[str, str]]:
        """`value` and `text` of each, for a picker; the system's default is added there, in the reader's words."""
        return _options(self._devices.plugged.microphones)

    @Property(list, notify=changed)
    def speakers(self) -> list[dict[str, str]]:
        return _options(self._devices.plugged.speakers)

    @Property(list, notify=changed)
    def cameras(self) -> list[dict[str, str]]:
        return _options(self._devices.plugged.cameras)

    @Property(str, notify=changed)
    def microphone(self) -> str:
        """The one that is used; empty: the system's default."""
        return self._devices.microphone

    @Property(str, notify=changed)
    def speaker(self) -> str:
        return self._devices.speaker

    @Property(str, notify=changed)
    def camera(self) -> str:
        return self._devices.camera

    @Slot(str, str)
    def choose(self, kind: str, device: str) -> None:
        """At once, and for the next meeting."""
        which = DeviceKind(kind)
        self.wanted.emit(commands.ChooseDevice(which, device or FOLLOW))
        self.chosen.emit(PREFERENCE[which], device)

    @Slot()
    def test(self) -> None:
        """A short sound on the loudspeaker that is used."""
        self.wanted.emit(commands.Ring(commands.Sound.TEST))


def _options(devices: tuple[Device, ...]) -> list[dict[str, str]]:
    return [{"value": device.id, "text": device.name} for device in devices]
