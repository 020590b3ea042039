"""Qt and its sound plug-ins as they are on this machine: with or without a sound server."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QSize
from PySide6.QtGui import QGuiApplication

from app.device_watch import DeviceWatch, cameras
from app.session.commands import LookAtDevices
from app.session.devices import Device


@dataclass
class Form:
    size: QSize

    def resolution(self) -> QSize:
        return self.size


@dataclass
class Camera:
    """What is read of a QCameraDevice."""

    path: bytes
    name: str
    first: bool
    sizes: tuple[tuple[int, int], ...] = ()

    def id(self) -> bytes:
        return self.path

    def description(self) -> str:
        return self.name

    def isDefault(self) -> bool:
        return self.first

    def videoFormats(self) -> list[Form]:
        return [Form(QSize(*size)) for size in self.sizes]


def test_cameras_are_named_as_the_engine_opens_them_with_their_sizes() -> None:
    webcam = Camera(b"/dev/video2", "Webcam", True, ((640, 480), (1280, 720), (640, 480)))

    (first, second) = cameras([webcam, Camera(b"{guid}", "Phone", False)])

    path = "/dev/video2" if sys.platform == "linux" else "0"
    assert first == Device(path, "Webcam", True, ("1280x720", "640x480"))
    assert second == Device("1", "Phone")


def test_the_engine_is_told_at_once_and_once_more_when_things_have_settled() -> None:
    told: list[LookAtDevices] = []
    application = QGuiApplication.instance() or QGuiApplication(["tests"])
    owner = QObject(application)
    watch = DeviceWatch(told.append, owner)  # may say on standard error that there is no sound server
    assert len(told) == 1

    watch._devices.audioInputsChanged.emit()
    watch._devices.audioOutputsChanged.emit()

    deadline = time.monotonic() + 5
    while len(told) < 2 and time.monotonic() < deadline:
        QCoreApplication.processEvents()
    assert len(told) == 2
