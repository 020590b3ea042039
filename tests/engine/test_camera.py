"""The camera on an OpenCV that gives what a test wants."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from app.engine import camera as module
from app.engine.camera import UNPLUGGED, SystemCamera
from app.engine.sources import CameraFrame
from sfu.rtp.errors import ErrorCode, UserError


class Driver:
    """In the place of `cv2.VideoCapture`: pictures of that size, then (`left` of them) none any more."""

    def __init__(self, width: int, height: int, left: int = 10_000, opens: bool = True) -> None:
        self.image = np.full((height, width, 3), 128, np.uint8)
        self.left = left
        self.opens = opens
        self.released = threading.Event()

    def __call__(self, device: int | str) -> Driver:
        self.device = device
        return self

    def isOpened(self) -> bool:
        return self.opens

    def set(self, what: int, value: float) -> None:
        pass

    def read(self) -> tuple[bool, Any]:
        self.left -= 1
        time.sleep(0.002)
        return (True, self.image) if self.left >= 0 else (False, None)

    def release(self) -> None:
        self.released.set()


class Watching:
    def __init__(self, device: str = "") -> None:
        self.frames: list[CameraFrame] = []
        self.failed = threading.Event()
        self.sentence = ""
        self.came = threading.Event()
        self.camera = SystemCamera(device)
        self.camera.start(self._take, self._fail)

    def _take(self, frame: CameraFrame) -> None:
        self.frames.append(frame)
        self.came.set()

    def _fail(self, error: UserError) -> None:
        self.sentence = error.sentence
        self.failed.set()


Install = Callable[[Driver], Driver]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    def put_in(driver: Driver) -> Driver:
        monkeypatch.setattr(cv2, "VideoCapture", driver)
        monkeypatch.setattr(module, "FRAME_RATE", 2_000)
        return driver

    return put_in


@pytest.mark.parametrize(
    ("given", "delivered"),
    [((640, 480), (640, 480)), ((1920, 1080), (1280, 720)), ((1600, 1200), (960, 720)), ((641, 361), (640, 360))],
)
def test_whatever_size_a_driver_gives_pictures_fit_and_have_even_sides(
    install: Install, given: tuple[int, int], delivered: tuple[int, int]
) -> None:
    install(Driver(*given))

    watching = Watching()
    assert watching.came.wait(10)
    watching.camera.close()

    picture = watching.frames[0].picture
    assert (picture.width, picture.height, picture.format.name) == (*delivered, "yuv420p")


def test_a_camera_is_opened_by_number_or_by_its_path(install: Install) -> None:
    driver = install(Driver(64, 36))

    for device, opened in (("", 0), ("2", 2), ("/dev/video4", "/dev/video4")):
        Watching(device).camera.close()
        assert driver.device == opened


def test_a_camera_that_gives_no_more_pictures_was_unplugged_and_is_let_go(install: Install) -> None:
    driver = install(Driver(64, 36, left=3))

    watching = Watching()
    assert watching.failed.wait(10)

    assert watching.sentence == UNPLUGGED
    assert driver.released.wait(10)
    watching.camera.close()


def test_closing_lets_go_of_the_camera_and_nothing_more_comes(install: Install) -> None:
    driver = install(Driver(64, 36))
    watching = Watching()
    assert watching.came.wait(10)

    watching.camera.close()
    seen = len(watching.frames)

    assert driver.released.is_set()
    assert len(watching.frames) == seen
    assert not watching.failed.is_set()
    watching.camera.close()


def test_a_camera_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UserError, match="No camera was found") as missing:
        Watching("63")

    assert missing.value.code is ErrorCode.NO_DEVICE


@pytest.mark.parametrize(("allowed", "about"), [(True, "in use by another program"), (False, "does not allow")])
@pytest.mark.skipif(os.name == "nt", reason="what a path to a device says is Linux's")
def test_a_camera_that_is_taken_and_one_that_is_refused_are_told_apart(
    install: Install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, allowed: bool, about: str
) -> None:
    driver = install(Driver(64, 36, opens=False))
    device = tmp_path / "video0"
    device.touch()
    monkeypatch.setattr(os, "access", lambda path, mode: allowed)

    with pytest.raises(UserError, match=about):
        Watching(str(device))

    assert driver.released.is_set()
