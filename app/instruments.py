"""What this computer gives a meeting: the engine, with cameras, microphones and loudspeakers, or a file in their place.

Heavy, because all the media libraries come with it: the window stands before this is imported.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app import pauses
from app.device_watch import DeviceWatch
from app.engine.blur import Blur, BlurredCamera
from app.engine.bridge import EngineThread
from app.engine.camera import SystemCamera
from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.h264 import Chip
from app.engine.microphone import SystemMicrophone
from app.engine.sound_devices import plugged_in, system_sound
from app.engine.sources import Devices, no_screen
from app.engine.speaker import NullSpeaker, SystemSpeaker
from app.scripted import Options
from app.selfview import SelfView
from app.session.commands import SetSound
from models.registry import Registry, default_data_dir, default_models_dir

if TYPE_CHECKING:
    from app.screens import ScreenGrabber

BLUR_MODEL = "selfie-segmentation"
WATCH_AFTER_MS = 1_500
"""Sound stops for a moment while devices are counted: before anybody has begun to talk, but not while all opens."""
LOOK_AGAIN_MS = 200


class Instruments:
    """Of one run of the program: what failed in one meeting is not tried again in the next."""

    def __init__(self, options: Options, schedule: Schedule | None) -> None:
        self._options = options
        self._devices = file_devices(options.media, schedule or Schedule()) if options.media else system_devices()
        self._chip = Chip()
        self._blur = Blur(lambda: Registry(default_models_dir()).path(BLUR_MODEL))

    def engine(self, owner: QObject) -> EngineThread:
        def camera(device: str) -> SelfView:
            return SelfView(BlurredCamera(self._devices.camera(device), self._blur), thread)

        seen = replace(self._devices, camera=camera, blur=self._blur.set, chip=self._chip)
        grabbers: list[ScreenGrabber] = []
        real = self._options.media is None
        if real:
            seen = replace(seen, screen=lambda what, mode: (grabbers[0].source if grabbers else no_screen)(what, mode))
        thread = EngineThread(seen, owner, self._options.data or default_data_dir())

        def look_around() -> None:
            if pauses.loading():
                QTimer.singleShot(LOOK_AGAIN_MS, thread, look_around)
                return
            DeviceWatch(thread.send, thread)
            from app.screens import ScreenGrabber

            grabbers.append(ScreenGrabber(thread))

        if real:
            QTimer.singleShot(WATCH_AFTER_MS, thread, look_around)
        return thread


def system_devices() -> Devices:
    return Devices(
        SystemMicrophone, SystemCamera, SystemSpeaker, SetSound(), plugged_in, system_sound=played_sound, real=True
    )


def played_sound() -> SystemMicrophone | None:
    """What this computer plays, where the system gives it."""
    device = system_sound()
    return SystemMicrophone(device) if device is not None else None


def file_devices(media: Path, schedule: Schedule) -> Devices:
    """Played sound goes nowhere: a computer without a sound card runs the demo too."""
    return Devices(
        microphone=lambda device: FileMicrophone(media, schedule),
        camera=lambda device: FileCamera(media, schedule),
        speaker=lambda device: NullSpeaker(),
        screen=lambda what, mode: FileCamera(media, schedule),
        system_sound=lambda: FileMicrophone(media, schedule),
    )
