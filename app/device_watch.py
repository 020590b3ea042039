"""Which cameras there are, and that something was plugged in or out: Qt knows, on its own thread.

The engine may not know Qt, so this sits beside it and tells it.  Names of microphones and loudspeakers are PortAudio's,
because it opens them; of them Qt only says that they changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from app.session.commands import LookAtDevices
from app.session.devices import Device

SETTLE_MS = 300
"""A headset is a microphone and a loudspeaker, and comes as two or three changes."""
MOST_MODES = 8


class DeviceWatch(QObject):
    """Tells `look` at once, and again whenever something changes."""

    def __init__(self, look: Callable[[LookAtDevices], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Loads its plug-ins: not before the window stands.
        from PySide6.QtMultimedia import QMediaDevices

        self._look = look
        self._devices = QMediaDevices(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        for changed in (
            self._devices.audioInputsChanged, self._devices.audioOutputsChanged, self._devices.videoInputsChanged,
        ):  # fmt: skip
            changed.connect(self._settle.start)
        self._tell()

    def _tell(self) -> None:
        self._look(LookAtDevices(cameras(self._devices.videoInputs())))


def cameras(inputs: Sequence[object]) -> tuple[Device, ...]:
    """Qt's cameras as the engine opens them: by path on Linux, by number in the system's order elsewhere."""
    found = []
    for number, camera in enumerate(inputs):
        path = bytes(camera.id()).decode(errors="replace")  # type: ignore[attr-defined]
        identity = path if sys.platform == "linux" and path.startswith("/dev/") else str(number)
        name, default = camera.description(), camera.isDefault()  # type: ignore[attr-defined]
        found.append(Device(identity, name, default, modes(camera)))
    return tuple(found)


def modes(camera: object) -> tuple[str, ...]:
    """Sizes, largest first."""
    sizes = {(size.width(), size.height()) for size in (form.resolution() for form in camera.videoFormats())}  # type: ignore[attr-defined]
    best = sorted(sizes, key=lambda size: size[0] * size[1], reverse=True)[:MOST_MODES]
    return tuple([f"{width}x{height}" for width, height in best])
