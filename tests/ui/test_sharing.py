"""Sharing a screen, seeing those of others, the small window, and the connection in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QImage
from PySide6.QtQuick import QQuickWindow

from app.session import commands
from app.session.events import LinkQuality, LocalMedia
from app.session.sharing import Shareable, ShareMode
from sfu.wire.messages import Changed, Policy, PolicyChanged
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.looking import act, click, cut, item_with, names, press, shows
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
SIZES = [(360, 720, 1.0), (800, 600, 1.0), (1280, 800, 1.0), (1280, 800, 2.0)]
THINGS = (Shareable("screen:0", "DP-1"), Shareable("window:Plan", "<b>Plan</b> " * 20, window=True))


def meet(stage: Stage, *things: Shareable) -> None:
    stage.desk.look_for_screens = lambda: things
    stage.desk.join(LINK, "Ana Costa")
    stage.engine.say(*live(*PEOPLE))
    settle()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_choosing_what_to_share_the_screens_of_others_and_the_figures_fit(
    stage: MakeStage, language: str, width: int, height: int, scale: float
) -> None:
    shown = stage(language=language, text_scale=scale)
    shown.resize(width, height)
    meet(shown, *THINGS)
    shown.engine.say(LinkQuality(300_000, 270, 0.2, 0.01, 0.09), LocalMedia(True, True, "", True))
    for order in (0, 1):
        shown.engine.say(Changed(participant=PEOPLE[order].model_copy(update={"screen": True})))
    settle()
    assert cut(shown) == []

    act(shown, "statistics")
    shown.window.grabWindow()
    assert cut(shown) == []
    press(shown, Qt.Key.Key_Escape)
    shown.engine.say(LocalMedia(True, True))
    act(shown, "share")
    shown.window.grabWindow()
    assert cut(shown) == []


def test_a_window_is_shared_by_keyboard_and_stopped_by_one_press(stage: MakeStage) -> None:
    shown = stage()
    meet(shown, *THINGS)

    press(shown, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert {"Screen: DP-1", "What matters: Sharp letters"} <= names(shown, QAccessible.Role.RadioButton)
    item_with(shown, "Screen: DP-1").forceActiveFocus()
    press(shown, Qt.Key.Key_Down)
    click(shown, "Smooth motion")
    click(shown, "Also share what this computer plays")
    start = [item for item in shown.items() if item.property("kind") == "primary"]
    start[0].forceActiveFocus()
    press(shown, Qt.Key.Key_Return)
    assert shown.engine.sent[-1] == commands.ShareScreen("window:Plan", ShareMode.MOTION, sound=True)

    shown.engine.say(LocalMedia(True, True, "", True, True))
    settle()
    click(shown, "Stop sharing")
    assert shown.engine.sent[-1] == commands.StopSharing()


def test_where_nothing_can_be_shared_it_is_said(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)

    act(shown, "share")

    assert shows(shown, "This system lets no program show its screen.")


def test_where_the_host_allows_no_sharing_the_button_does_nothing(stage: MakeStage) -> None:
    shown = stage()
    meet(shown, *THINGS)
    shown.engine.say(PolicyChanged(policy=Policy(screen=False), by="Mei Lin"))
    settle()

    act(shown, "share")

    assert not shows(shown, "Share what is on your screen?")


def test_a_shared_screen_is_shown_to_its_edges_and_goes_with_the_share(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    shown.engine.say(Changed(participant=PEOPLE[1].model_copy(update={"screen": True})))
    red = QImage(640, 100, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))
    shown.engine.pictured.emit("p1/screen", red)
    settle()

    picture = shown.window.grabWindow()
    columns = [x for x in range(picture.width()) if picture.pixelColor(x, 330).name() == "#ff0000"]
    rows = [y for y in range(picture.height()) if picture.pixelColor(300, y).name() == "#ff0000"]
    assert len(columns) / max(1, len(rows)) == pytest.approx(6.4, rel=0.05)
    assert any(name.startswith("Oskar Lindqvist’s screen") for name in names(shown, QAccessible.Role.ListItem))

    shown.engine.say(Changed(participant=PEOPLE[1]))
    settle()
    assert shown.desk.pictures.newest("p1/screen") is None


def test_the_small_window_opens_stays_above_and_goes_with_the_meeting(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)

    act(shown, "small")
    small = smalls()
    assert len(small) == 1
    assert small[0].flags() & Qt.WindowType.WindowStaysOnTopHint

    shown.desk.finish("", "")
    settle()
    assert smalls() == []


def smalls() -> list[QQuickWindow]:
    windows = (window for window in QGuiApplication.topLevelWindows() if isinstance(window, QQuickWindow))
    return [window for window in windows if window.isVisible() and window.title().endswith("small")]


def test_the_connection_is_told_in_words(stage: MakeStage) -> None:
    shown = stage()
    meet(shown)
    shown.engine.say(LinkQuality(300_000, 270, 0.012, 0.0, 0.012))

    act(shown, "statistics")

    assert shows(shown, "Your uplink carries 300 kbps")
    assert shows(shown, "Sending 270p.")
    assert shows(shown, "Lost on the way: 0.0 % of what you send, 1.2 % of what you get")
