"""Two loops, one window: a real Qt event loop here, a real engine thread there, a pretended host."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import shiboken6

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtMultimedia import QVideoFrame

from app.engine import doorstep
from app.engine.bridge import EngineThread, NewestPictures, to_image
from app.engine.engine import Engine
from app.engine.pictures import Picture, Pixels, Plane
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import LinkChanged, LinkState


def no_device(device: str) -> None:
    raise AssertionError("no device is wanted here")


DEVICES = Devices(no_device, no_device, lambda device: NullSpeaker())  # type: ignore[arg-type]


def picture(blue: int, width: int = 3, height: int = 2) -> Picture:
    stride = 16
    row = bytes([blue, 0, 0, 255]) * width
    return Picture(Pixels(width, height, (Plane(stride, row.ljust(stride, b"\0") * height),)), 0.0)


@pytest.fixture(scope="session")
def qt() -> QCoreApplication:
    return QCoreApplication.instance() or QGuiApplication([])


@pytest.fixture
def bridge(qt: QCoreApplication) -> Iterator[EngineThread]:
    thread = EngineThread(DEVICES)
    yield thread
    thread.stop()
    thread.wait()


def until(qt: QCoreApplication, happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        qt.processEvents()
        QThread.msleep(1)


def engine_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "engine"]


def test_commands_go_down_and_facts_come_up_on_the_windows_thread(qt: QCoreApplication, bridge: EngineThread) -> None:
    facts, threads = [], set()
    bridge.happened.connect(lambda event: (facts.append(event), threads.add(threading.current_thread())))
    bridge.start()

    bridge.send(commands.Join("nonsense", "Ana"))
    until(qt, lambda: len(facts) == 2)

    assert [fact.state for fact in facts if isinstance(fact, LinkChanged)] == [LinkState.CONNECTING, LinkState.FAILED]
    assert threads == {threading.main_thread()}


def test_only_the_newest_picture_of_a_source_waits_to_be_drawn(qt: QCoreApplication, bridge: EngineThread) -> None:
    drawn: list[tuple[str, int]] = []
    bridge.pictured.connect(lambda source, image: drawn.append((source, image.pixelColor(0, 0).blue())))

    for blue in range(100):
        bridge.show("p1/camera", picture(blue))
    bridge.show("p2/camera", picture(7))
    until(qt, lambda: len(drawn) == 2)

    assert drawn == [("p1/camera", 99), ("p2/camera", 7)]


def test_an_image_keeps_its_pixels_when_the_picture_is_gone() -> None:
    seen = picture(200)
    image = to_image(seen)
    del seen

    assert (image.width(), image.height(), image.format()) == (3, 2, QImage.Format.Format_RGB32)
    assert {image.pixelColor(x, y).blue() for x in range(3) for y in range(2)} == {200}


def test_planes_become_a_frame_row_by_row_whatever_their_strides() -> None:
    planes = [Plane(width + 5, bytes(row % 251 for row in range(height) for _ in range(width + 5)))
              for width, height in ((70, 52), (35, 26), (35, 26))]  # fmt: skip
    frame = to_image(Picture(Pixels(70, 52, tuple(planes)), 0.0))

    assert isinstance(frame, QVideoFrame)
    assert (frame.width(), frame.height(), frame.planeCount()) == (70, 52, 3)
    frame.map(QVideoFrame.MapMode.ReadOnly)
    for number, (width, height) in enumerate(((70, 52), (35, 26), (35, 26))):
        rows = np.frombuffer(frame.bits(number), np.uint8).reshape(-1, frame.bytesPerLine(number))
        assert (rows[:height, :width] == np.arange(height)[:, None]).all()
    frame.unmap()


def test_planes_of_odd_sides_become_a_frame_of_that_size() -> None:
    sides = ((71, 53), (36, 27), (36, 27))
    planes = [Plane(width, bytes(row for row in range(height) for _ in range(width))) for width, height in sides]
    frame = to_image(Picture(Pixels(71, 53, tuple(planes)), 0.0))

    assert isinstance(frame, QVideoFrame)
    assert (frame.width(), frame.height()) == (71, 53)
    frame.map(QVideoFrame.MapMode.ReadOnly)
    for number, (width, height) in enumerate(((71, 53), (35, 26), (35, 26))):
        rows = np.frombuffer(frame.bits(number), np.uint8)[: height * frame.bytesPerLine(number)]
        assert (rows.reshape(height, -1)[:, :width] == np.arange(height)[:, None]).all()
    frame.unmap()


def test_a_picture_that_was_fetched_makes_room_for_the_next_announcement() -> None:
    newest = NewestPictures()

    assert newest.put("a", picture(1))
    assert not newest.put("a", picture(2))
    assert newest.take("a") == picture(2)
    assert newest.take("a") is None
    assert newest.put("a", picture(3))


def test_stopping_ends_the_thread_and_may_be_repeated(qt: QCoreApplication, bridge: EngineThread) -> None:
    bridge.start()
    assert engine_threads()

    bridge.stop()
    bridge.stop()
    bridge.send(commands.Leave())
    bridge.wait()

    assert engine_threads() == []


def test_stopping_does_not_wait_and_says_once_when_it_is_over(qt: QCoreApplication, bridge: EngineThread) -> None:
    ends: list[bool] = []
    bridge.ended.connect(lambda: ends.append(bool(engine_threads())))
    bridge.start()

    bridge.stop()
    assert ends == []
    until(qt, lambda: bool(ends))
    bridge.wait()

    assert len(ends) == 1
    assert engine_threads() == []


def test_what_was_commanded_before_the_thread_ran_is_followed_in_order(
    qt: QCoreApplication, bridge: EngineThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[commands.Command] = []
    monkeypatch.setattr(Engine, "_obey", lambda engine, command, tasks: followed.append(command))
    wanted = [commands.SetMicrophone(True), commands.SetCamera(False), commands.Join("nonsense", "Ana")]
    bridge.start()

    for command in wanted:
        bridge.send(command)
    until(qt, lambda: len(followed) == len(wanted))

    assert followed == wanted


def test_the_next_engine_begins_when_the_last_has_let_go_of_its_devices(
    qt: QCoreApplication, bridge: EngineThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(Engine, "_obey", lambda engine, command, tasks: order.append(type(command).__name__))
    slow = bridge._live

    def live(*arguments: object) -> None:
        slow(*arguments)  # type: ignore[arg-type]
        time.sleep(0.1)
        order.append("ended")

    monkeypatch.setattr(bridge, "_live", live)
    following = EngineThread(DEVICES)
    bridge.start()
    bridge.stop()

    following.start(after=[bridge])
    following.send(commands.SetCamera(True))
    until(qt, lambda: "SetCamera" in order)

    assert order == ["Leave", "ended", "SetCamera"]
    following.stop()
    following.wait()


def test_a_bug_of_ours_is_reported_to_the_window(
    qt: QCoreApplication, bridge: EngineThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(link: str) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(doorstep, "parse_wanted", broken)
    reasons: list[str] = []
    bridge.broke.connect(reasons.append)
    bridge.start()

    bridge.send(commands.Join("https://x", "Ana"))
    until(qt, lambda: bool(reasons))

    assert "ExceptionGroup" in reasons[0]
    assert "a bug" in caplog.text


def test_an_engine_that_ends_after_its_window_went_has_nobody_to_tell(
    qt: QCoreApplication, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.engine.bridge.STOP_TIMEOUT", 0.0)
    bridge = EngineThread(DEVICES)
    states: list[LinkState] = []
    bridge.happened.connect(lambda event: states.append(event.state))
    bridge.start()
    bridge.send(commands.Join("https://192.0.2.1:9/j/ABCD2345", "Ana"))
    until(qt, lambda: LinkState.CONNECTING in states)

    bridge.stop()
    bridge.wait()
    shiboken6.delete(bridge)
    until(qt, lambda: not engine_threads())

    assert [record.message for record in caplog.records] == ["engine did not stop in time"]


def test_what_a_thread_still_speaks_through_is_not_deleted_before_it_has_ended(
    qt: QCoreApplication, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.engine.bridge.STOP_TIMEOUT", 0.0)
    bridge, held = EngineThread(DEVICES), threading.Event()
    ended: list[None] = []
    bridge.ended.connect(lambda: ended.append(None))
    bridge.start()
    until(qt, lambda: bridge._main is not None)
    assert bridge._loop is not None
    bridge._loop.call_soon_threadsafe(held.wait)

    bridge.stop()
    until(qt, lambda: bool(ended))
    bridge.deleteLater()
    for _ in range(5):
        qt.processEvents()
        qt.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert shiboken6.isValid(bridge)

    held.set()

    def gone() -> bool:
        qt.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return not shiboken6.isValid(bridge)

    until(qt, gone)
    assert not engine_threads()
    assert [record.message for record in caplog.records] == ["engine did not stop in time"]
