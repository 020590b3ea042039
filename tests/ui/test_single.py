from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from app.single import Opener, Single, hand_over
from tests.ui.stage import settle

ROOT = Path(__file__).resolve().parents[2]
LINK = "https://192.168.1.20:7443/j/KM4T7QXD#fp=abc"


def second_start(folder: Path, link: str) -> bool:
    """In a process of its own, as it is."""
    script = "import sys; from pathlib import Path; from app.single import hand_over; "
    script += "sys.exit(0 if hand_over(Path(sys.argv[1]), sys.argv[2]) else 1)"
    process = subprocess.Popen([sys.executable, "-c", script, str(folder), link], cwd=ROOT)
    while process.poll() is None:
        settle(1)
    return process.returncode == 0


def test_the_first_start_finds_nobody(application: QGuiApplication, tmp_path: Path) -> None:
    assert not hand_over(tmp_path, LINK)


def test_a_second_start_hands_its_link_over(application: QGuiApplication, tmp_path: Path) -> None:
    heard: list[str] = []
    first = Single(tmp_path)
    first.called.connect(heard.append)

    assert second_start(tmp_path, LINK)
    assert second_start(tmp_path, "")

    assert heard == [LINK, ""]
    first.close()


def test_another_profile_is_another_window(application: QGuiApplication, tmp_path: Path) -> None:
    first = Single(tmp_path / "a")

    assert not hand_over(tmp_path / "b", LINK)
    first.close()


def test_a_window_that_was_killed_leaves_nothing_in_the_way(application: QGuiApplication, tmp_path: Path) -> None:
    Single(tmp_path).close()
    second = Single(tmp_path)

    assert second_start(tmp_path, LINK)
    second.close()


def test_a_link_that_macos_hands_over_as_an_event_is_heard(application: QGuiApplication) -> None:
    heard: list[str] = []
    opener = Opener(application)
    opener.called.connect(heard.append)

    application.sendEvent(application, QFileOpenEvent(QUrl("parley://192.168.1.20:7443/j/KM4T7QXD#fp=x")))
    application.removeEventFilter(opener)

    assert heard == ["parley://192.168.1.20:7443/j/KM4T7QXD#fp=x"]
