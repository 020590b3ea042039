from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QWindow

from app.ui.place import described, restore

USUAL = QRect(20, 30, 640, 480)


@pytest.fixture
def window(application: QGuiApplication) -> QWindow:
    made = QWindow()
    made.setGeometry(USUAL)
    return made


def test_a_window_comes_back_where_it_was(window: QWindow) -> None:
    written = described(window)
    other = QWindow()

    restore(other, written)

    assert written == "640x480+20+30"
    assert other.geometry() == USUAL


@pytest.mark.parametrize("written", ["", "nonsense", "640x480+90000+0", "640x480-9000-9000", "640x480+1"])
def test_a_place_that_is_gone_or_makes_no_sense_changes_nothing(window: QWindow, written: str) -> None:
    restore(window, written)

    assert window.geometry() == USUAL


def test_a_window_that_filled_the_screen_does_so_again(window: QWindow) -> None:
    window.showMaximized()
    other = QWindow()

    restore(other, described(window))

    assert other.visibility() is QWindow.Visibility.Maximized
    window.close()
    other.close()
