"""Screens as pictures: Qt's own capture of the offscreen screen, and a capture that says what a test wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtMultimedia import QVideoFrame

from app import screens
from app.engine.sources import CameraFrame
from app.screens import RATES, ScreenGrabber, ScreenSource, shareable, to_picture
from app.session.sharing import ShareMode
from app.ui.video import register
from sfu.rtp.errors import UserError

NOT_HERE, GONE = screens._SENTENCES[screens._CODES.CapturingNotSupported], screens._SENTENCES[screens._CODES.NotFound]


@pytest.fixture(autouse=True)
def without_a_card(warnings: list[str]) -> Iterator[None]:
    """That Qt converts on the processor, offscreen, is said once a thread and is no fault."""
    yield
    warnings[:] = [said for said in warnings if "No RHI backend" not in said]


def frame(width: int, height: int, colour: str = "#c03020") -> QVideoFrame:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return QVideoFrame(image)


class Grabber:
    """Grabs nothing by itself."""

    def __init__(self, on_begin: Callable[[ScreenSource], None] = lambda source: None) -> None:
        self.on_begin = on_begin
        self.ended = 0

    def begin(self, source: ScreenSource) -> None:
        self.on_begin(source)

    def end(self, source: ScreenSource) -> None:
        self.ended += 1


class Share:
    def __init__(self, grabber: Any, what: str = "screen:0", mode: ShareMode = ShareMode.TEXT) -> None:
        self.frames: list[CameraFrame] = []
        self.failed: list[str] = []
        self.source = ScreenSource(grabber, what, mode)

    def start(self) -> None:
        self.source.start(self.frames.append, lambda error: self.failed.append(error.sentence))

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return [(shown.picture.width, shown.picture.height) for shown in self.frames]


def wait_for(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        QCoreApplication.processEvents()
        time.sleep(0.005)


def test_a_screen_of_this_computer_comes_as_pictures_until_it_is_closed(application: QGuiApplication) -> None:
    register()  # of Qt's multimedia, what a system lacks is no warning
    first = shareable()[0]
    share = Share(ScreenGrabber(), first.id)

    starting = threading.Thread(target=share.start)
    starting.start()
    wait_for(lambda: len(share.frames) >= 3)
    starting.join()
    closing = threading.Thread(target=share.source.close)
    closing.start()
    wait_for(lambda: not closing.is_alive())
    seen = len(share.frames)

    size = application.primaryScreen().size()
    assert set(share.sizes) == {(size.width() // 2 * 2, size.height() // 2 * 2)}
    assert share.failed == []
    for _ in range(20):
        QCoreApplication.processEvents()
        time.sleep(0.01)
    assert len(share.frames) == seen


@pytest.mark.parametrize("what", ["screen:17", "screen:", "window:Nothing is called so"])
def test_what_is_no_longer_there_is_said(application: QGuiApplication, what: str) -> None:
    register()
    share, said = Share(ScreenGrabber(), what), []

    def start() -> None:
        try:
            share.start()
        except UserError as error:
            said.append(error.sentence)

    starting = threading.Thread(target=start)
    starting.start()
    wait_for(lambda: not starting.is_alive())

    assert said == [GONE]


def test_a_portal_that_refuses_is_a_sentence_and_ends_the_grab() -> None:
    grabber = Grabber(lambda source: source.refuse(NOT_HERE))
    share = Share(grabber)

    with pytest.raises(UserError, match="does not let programs show the screen"):
        share.start()

    assert grabber.ended == 1


def test_a_question_of_the_portal_that_nobody_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "START_TIMEOUT", 0.05)
    share = Share(grabber := Grabber())

    with pytest.raises(UserError, match="Allow this program to record the screen"):
        share.start()

    assert grabber.ended == 1


def test_a_window_that_is_closed_while_it_is_shared_is_said() -> None:
    share = Share(Grabber(lambda source: source.grabbed(frame(64, 48))))
    share.start()

    share.source.refuse(GONE)

    assert share.failed == [GONE]
    share.source.close()


@pytest.mark.parametrize("mode", list(ShareMode))
def test_of_sixty_pictures_a_second_as_many_are_taken_as_the_mode_wants(
    monkeypatch: pytest.MonkeyPatch, mode: ShareMode
) -> None:
    share = Share(Grabber(), mode=mode)
    taken = 0
    for number in range(240):
        monkeypatch.setattr(screens.time, "monotonic", lambda at=100 + number / 60: at)
        share.source.grabbed(frame(16, 16))
        while not share.source._frames.empty():
            share.source._frames.get()
            taken += 1

    assert taken == pytest.approx(4 * RATES[mode], abs=2)


def test_a_window_that_changes_its_size_goes_on_and_odd_sides_are_made_even() -> None:
    share = Share(Grabber(lambda source: source.grabbed(frame(401, 301))))
    share.start()
    for width, height in ((641, 480), (33, 17)):
        time.sleep(1.1 / RATES[ShareMode.TEXT])
        share.source.grabbed(frame(width, height))
    wait_for(lambda: len(share.frames) == 3)

    share.source.close()
    assert share.sizes == [(400, 300), (640, 480), (32, 16)]


def test_colours_are_those_of_the_screen() -> None:
    picture = to_picture(frame(64, 48, "#c03020"))

    assert picture is not None
    red, green, blue = picture.to_ndarray(format="rgb24")[20, 20].astype(int)
    assert (red, green, blue) == (pytest.approx(0xC0, abs=4), pytest.approx(0x30, abs=4), pytest.approx(0x20, abs=4))


def test_a_frame_that_cannot_be_read_is_none() -> None:
    assert to_picture(QVideoFrame()) is None
