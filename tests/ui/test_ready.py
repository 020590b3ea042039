"""Before joining, and devices during a meeting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QImage

from app.session import commands
from app.session.commands import Noise, SetSound, Sound
from app.session.devices import Device, DeviceKind, DeviceLists
from app.session.events import DevicesChanged, LinkChanged, LinkState, LocalMedia, MicrophoneLevel
from app.viewmodels.gallery import SELF
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, cut, names, press, shows
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
SIZES = [(360, 720, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]
LISTS = DeviceLists(
    microphones=(Device("usb", "<b>USB</b> with a very long name " * 4), Device("in", "Built in", default=True)),
    speakers=(Device("out", "Built in", default=True),),
    cameras=(Device("/dev/video0", "Camera", modes=("1280x720",)),),
)
PLUGGED = DevicesChanged(LISTS, microphone="usb")


def ready(stage: Stage) -> None:
    stage.desk.home.join(LINK, "Ana Costa", "")
    stage.engine.say(PLUGGED, LocalMedia(True, True), MicrophoneLevel(-20))
    settle()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_the_screen_before_joining_fits(
    stage: MakeStage, language: str, theme: str, width: int, height: int, scale: float
) -> None:
    shown = stage(preview=True, language=language, theme=theme, text_scale=scale)
    shown.resize(width, height)
    ready(shown)

    shown.window.grabWindow()
    assert shown.desk.parley.screen == "ready"
    assert cut(shown) == []


def test_devices_are_open_before_joining_and_enter_joins_with_the_same_engine(stage: MakeStage) -> None:
    shown = stage(preview=True, camera=True, microphone_device="usb")
    ready(shown)
    assert shown.engine.sent == [
        commands.ChooseDevice(DeviceKind.MICROPHONE, "usb"), commands.SetMicrophone(True), commands.SetCamera(True),
    ]  # fmt: skip

    press(shown, Qt.Key.Key_Return)
    shown.engine.say(*live(*PEOPLE))
    settle()

    assert len(shown.engines) == 1
    assert commands.Join(LINK, "Ana Costa") in shown.engine.sent
    assert shown.desk.parley.screen == "meeting"


def test_escape_goes_back_and_lets_go_of_the_devices(stage: MakeStage) -> None:
    shown = stage(preview=True)
    ready(shown)

    press(shown, Qt.Key.Key_Escape)

    assert shown.desk.parley.screen == "home"
    assert not shown.engine.running


def test_a_refused_join_is_said_at_home(stage: MakeStage) -> None:
    shown = stage(preview=True)
    ready(shown)
    click(shown, "Join now")

    shown.engine.say(LinkChanged(LinkState.FAILED, "no_meeting", "No meeting has this code."))
    settle()

    assert shown.desk.parley.screen == "home"
    assert shows(shown, "No meeting has this code.")


def test_the_own_picture_is_seen_and_muting_works_before_anybody_else_sees_or_hears(stage: MakeStage) -> None:
    shown = stage(preview=True)
    ready(shown)
    red = QImage(64, 36, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))

    shown.engine.pictured.emit(SELF, red)
    settle()
    picture = shown.window.grabWindow()
    assert "#ff0000" in {picture.pixelColor(x, 250).name() for x in range(0, 900, 10)}

    click(shown, "Mute")
    click(shown, "Stop video")
    assert shown.engine.sent[-2:] == [commands.SetMicrophone(False), commands.SetCamera(False)]


def test_a_device_is_chosen_tried_and_remembered(stage: MakeStage) -> None:
    shown = stage(preview=True)
    ready(shown)
    devices = shown.desk.meeting.devices  # type: ignore[union-attr]

    devices.choose("camera", "/dev/video0")
    click(shown, "Play a test sound")

    chosen = commands.ChooseDevice(DeviceKind.CAMERA, "/dev/video0")
    assert shown.engine.sent[-2:] == [chosen, commands.Ring(Sound.TEST)]
    assert shown.kept[-1].camera_device == "/dev/video0"
    assert any(name.startswith("Camera: ") for name in names(shown, QAccessible.Role.ComboBox))


def test_a_microphone_that_gives_nothing_is_said(stage: MakeStage) -> None:
    shown = stage(preview=True)
    now = [100.0]
    ready(shown)
    meeting = shown.desk.meeting
    assert meeting
    meeting._now = lambda: now[0]
    meeting.happen(MicrophoneLevel(-20))
    meeting.happen(MicrophoneLevel(-127))

    now[0] += 6
    meeting.tick()
    settle()

    assert shows(shown, "We can’t hear you. Choose another microphone.")


def test_settings_at_home_try_devices_and_let_go_of_them(stage: MakeStage) -> None:
    shown = stage()
    shown.open_settings("devices")
    shown.engine.say(PLUGGED)
    settle()
    assert shown.engine.running
    assert cut(shown) == []

    press(shown, Qt.Key.Key_Escape)

    assert not shown.engine.running
    assert shown.desk.parley.screen == "home"


def test_devices_are_exchanged_during_a_meeting_and_the_meeting_goes_on(stage: MakeStage) -> None:
    shown = stage()
    shown.desk.join(LINK, "Ana Costa")
    shown.engine.say(*live(*PEOPLE), PLUGGED)
    settle()

    act(shown, "devices")
    click(shown, "Play a test sound")
    press(shown, Qt.Key.Key_Escape)

    assert shown.engine.sent[-1] == commands.Ring(Sound.TEST)
    assert shown.engine.running
    assert shown.desk.parley.screen == "meeting"


def test_the_room_is_blurred_before_the_camera_opens_and_sharp_again_when_wished(stage: MakeStage) -> None:
    shown = stage(blur=True, camera=True)
    shown.desk.join(LINK, "Ana Costa")
    sent = shown.engine.sent
    assert sent.index(commands.Blur(True)) < sent.index(commands.SetCamera(True))

    shown.preferences.choose("blur", False)

    assert sent[-1] == commands.Blur(False)


def test_how_sharp_pictures_are_is_chosen_and_said_to_the_engine(stage: MakeStage) -> None:
    shown = stage(quality="small")
    shown.desk.join(LINK, "Ana Costa")
    assert commands.SetQuality(commands.Quality.SMALL) in shown.engine.sent

    shown.preferences.choose("quality", "best")

    assert shown.engine.sent[-1] == commands.SetQuality(commands.Quality.BEST)


def test_what_is_done_with_the_voice_is_chosen_and_said_to_the_engine(stage: MakeStage) -> None:
    shown = stage(noise="suppressed")
    shown.desk.join(LINK, "Ana Costa")
    assert SetSound(noise=Noise.SUPPRESSED) in shown.engine.sent

    shown.preferences.choose("echo", False)

    assert shown.engine.sent[-1] == SetSound(echo=False, noise=Noise.SUPPRESSED)
