from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import readahead

FETCH = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
from app import readahead
from app.ui import images
readahead.fetch_modules()
readahead.fetch_files()
asked = images.drawing.cache_info().misses
images.drawing("mic-off")
mapped = open("/proc/self/maps").read()
print(*[name for name in ("Qt6Multimedia.", "ffmpegmediaplugin", "avcodec", "livekit_ffi", "cv2") if name in mapped])
print("PySide6.QtMultimedia" in sys.modules, "livekit.rtc.apm" in sys.modules)
print(images.drawing.cache_info().misses == asked)
"""
LOAD = """
import sys, threading
from pathlib import Path
from app import readahead

def write():
    with open(sys.argv[1], "wb"):
        pass

threading.Timer(0.1, write).start()
print(readahead.load(Path(sys.argv[1])))
"""
START = """
import sys
import app.window
heavy = ("numpy", "av", "cv2", "cryptography", "httpx", "aiortc", "asyncio", "sqlite3")
print(*[name for name in heavy if name in sys.modules])
"""
STANDS = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
from app import pauses, readahead
ahead = readahead.Readahead()
heard = []

def over():
    heard.append("app.instruments" in sys.modules)
    app.quit()

ahead.over.connect(over, Qt.ConnectionType.QueuedConnection)
ahead.begin()
ahead.begin()
print(pauses.loading())
app.exec()
ahead.wait()
app.processEvents()
print(heard, pauses.loading())
"""


def asked(program: str, *arguments: str) -> list[str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system what is mapped")
def test_what_a_meeting_needs_is_in_memory_before_it_begins() -> None:
    mapped, imported, icons_were_there = asked(FETCH)

    assert mapped.split() == ["Qt6Multimedia.", "ffmpegmediaplugin", "avcodec", "livekit_ffi", "cv2"]
    assert (imported, icons_were_there) == ("True True", "True")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_no_other_thread_waits_while_the_disk_is_slow_with_a_library(tmp_path: Path) -> None:
    """The "disk" answers when another thread of the same interpreter has run: with its lock kept, never."""
    slow = tmp_path / "slow.so"
    os.mkfifo(slow)

    assert asked(LOAD, str(slow)) == ["False"]


def test_a_library_that_is_not_there_is_somebody_elses_problem(tmp_path: Path) -> None:
    assert not readahead.load(tmp_path / "gone.so")


def test_a_file_is_read_to_its_end_and_one_that_cannot_be_read_costs_nothing(tmp_path: Path) -> None:
    font = tmp_path / "font.ttc"
    font.write_bytes(bytes(readahead.PIECE + 1))

    assert readahead.read(font) == readahead.PIECE + 1
    assert readahead.read(tmp_path / "gone.ttc") == 0


def test_the_window_stands_before_anything_is_loaded_that_only_a_meeting_needs() -> None:
    assert asked(START) == [""]


def test_who_waits_for_what_is_heavy_is_told_once() -> None:
    assert asked(STANDS) == ["True", "[True] False"]
