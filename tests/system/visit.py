"""The story of an installed package, from a computer that has never heard of Parley to one that has no trace of it.

Told once, in `tests.system.machine`, and then looked at by `test_installed` and by the bench `install`: dpkg installs
it, a person starts it, presses *Start meeting*, copies the link; a second one of the same program joins by that link
and speaks; captions come; everybody leaves; it is removed.  Keys and clicks are real ones (xdotool), what is seen is
what the X server has in its memory.
"""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.system.machine import HOME, SHARED, Machine
from tests.system.waiting import PATIENCE

TOOLS = ("Xvfb", "xdotool", "xclip")
LACKING = [tool for tool in TOOLS if shutil.which(tool) is None]
SPEECH = "/usr/lib/parley/_internal/resources/media/en_jfk_inaugural.flac"
SPEAKS_S = 30
VISITS = 3
INSTALL_S = 180.0
"""Writing 600 MB takes ten seconds on a computer that does nothing else."""
WORK_S = 40.0
"""What a meeting of half a minute may leave behind ends by itself long before, on a busy computer too."""
DATA = f"{HOME}/.local/share/parley"
# A person who has been here before: nothing is asked first, and nothing is tried out.
CHOICES = {"name": "Ana", "met": True, "setting": "work", "preview": False, "language": "en", "theme": "light"}
START_MEETING = ("218", "514")
"""Where the button is in a window of 1280x720."""
_NCOLORS, _BYTES_PER_LINE = 19, 12


@dataclass(slots=True)
class Story:
    """Seconds where nothing else is said."""

    install_s: float = 0.0
    start_s: list[float] = field(default_factory=list)
    """From the command to the first picture of the window; the first is the first after installing."""
    install_to_meeting_s: float = 0.0
    installed: list[str] = field(default_factory=list)
    link: str = ""
    statuses: list[int] = field(default_factory=list)
    """Of the second instance, and of the window."""
    complaints: str = ""
    captions: list[dict[str, Any]] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Of the person's data, after the program has gone."""
    left_behind: list[str] = field(default_factory=list)


def tell(computer: Machine, package: Path, pictures: Path) -> Story:
    """The whole story; `pictures` gets `host.png`.  AssertionError or TimeoutExpired where it cannot go on."""
    story = Story()
    shutil.copyfile(package, computer.shared / "parley.deb")
    screen = _switch_screen_on(computer)
    began = time.monotonic()
    install(computer, "parley.deb")
    story.install_s = time.monotonic() - began
    story.installed = computer.run("dpkg", "-L", name_of(package), user=False).splitlines()
    window = _start(computer, story)
    _end(computer, window)   # the first run greets and asks; Ana has answered before
    write_choices(computer)
    for _ in range(2):
        window = _start(computer, story)
        _end(computer, window)
    before_meeting = time.monotonic()
    window = _start(computer, story)
    story.link = host(computer)
    story.install_to_meeting_s = story.install_s + time.monotonic() - before_meeting
    _meet(computer, story, pictures)
    story.statuses.append(_end(computer, window))
    story.complaints = (computer.shared / "window.log").read_text()
    story.stray = strays(computer)
    story.kept = computer.run("find", DATA, "-type", "f").splitlines()
    remove(computer, name_of(package))
    story.left_behind = [path for path in story.installed if _leads_to_parley(path) and _exists(computer, path)]
    screen.kill()
    screen.wait()
    return story


def name_of(package: Path) -> str:
    """`parley-full` of `parley-full_0.1.0_amd64.deb`."""
    return package.name.partition("_")[0]


def install(computer: Machine, name: str) -> None:
    """`name`: a package in the shared folder."""
    computer.run("dpkg", "--install", f"{SHARED}/{name}", user=False, patience=INSTALL_S)


def remove(computer: Machine, package: str) -> None:
    computer.run("dpkg", "--purge", package, user=False)


def write_choices(computer: Machine) -> None:
    (computer.shared / "window.json").write_text(json.dumps(CHOICES))
    computer.run("mkdir", "-p", DATA)
    computer.run("cp", f"{SHARED}/window.json", DATA)


def strays(computer: Machine) -> list[str]:
    """What still runs there that is Parley's, after work that a meeting leaves behind (minutes) had its time."""
    deadline = time.monotonic() + WORK_S
    while (left := [line for line in computer.processes() if not line.startswith("Xvfb")]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.5)
    return left


def host(computer: Machine) -> str:
    """Presses *Start meeting* in the window that is open, and copies the link from *Invite*."""
    computer.run("xdotool", "mousemove", *START_MEETING, "click", "1")
    _wait(lambda: any("sfu.host" in line for line in computer.processes()), "no host was started")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # "Caption what you say?" may have opened in between: Return answers it, and the keys are pressed again.
        computer.run("xdotool", "key", "--delay", "300", "ctrl+i", "Return")
        time.sleep(0.5)
        said = subprocess.run([*computer.prefix(), "timeout", "3", "xclip", "-out", "-selection", "clipboard"],
                              capture_output=True, text=True, check=False).stdout
        if said.startswith("https://"):
            computer.run("xdotool", "key", "Escape")
            return said.strip()
    raise AssertionError("the invitation's link was never on the clipboard")


def photograph(computer: Machine, file: Path) -> None:
    """What is on the screen, as a PNG."""
    from PySide6.QtGui import QImage

    dump = (computer.shared / "Xvfb_screen0").read_bytes()
    header = struct.unpack(">25I", dump[:100])
    pixels = dump[header[0] + 12 * header[_NCOLORS]:]
    picture = QImage(pixels, header[4], header[5], header[_BYTES_PER_LINE], QImage.Format.Format_RGB32)
    assert picture.save(str(file))


def _meet(computer: Machine, story: Story, pictures: Path) -> None:
    """Ben comes again where the speech model took longer to load than he stayed."""
    joined = ["--name", "Ben", "--headless", "--media", SPEECH, "--consent-captions", "yes"]
    status = 0
    for _ in range(VISITS):
        ben = computer.start("parley", "join", story.link, *joined, "--seconds", str(SPEAKS_S), "--report",
                             f"{SHARED}/ben.json", log="ben.log")
        time.sleep(SPEAKS_S - 4)
        photograph(computer, pictures / "host.png")
        status = status or ben.wait(PATIENCE)
        story.captions = json.loads((computer.shared / "ben.json").read_text())["captions"]
        if words(story.captions):
            break
    story.statuses.append(status)


def _switch_screen_on(computer: Machine) -> subprocess.Popen[str]:
    command = ["Xvfb", ":77", "-screen", "0", "1280x720x24", "-fbdir", SHARED, "-nolisten", "tcp"]
    screen = computer.start(*command, log="screen.log")
    _wait(lambda: subprocess.run([*computer.prefix(), "xdotool", "getdisplaygeometry"], capture_output=True,
                                 check=False).returncode == 0, "Xvfb did not start")
    return screen


def _start(computer: Machine, story: Story) -> subprocess.Popen[str]:
    """As the menu entry does; until something of the window is to be seen."""
    began = time.monotonic()
    window = computer.start("parley", "run", log="window.log")
    _wait(lambda: _drawn(computer), "the window was never drawn", every=0.02)
    story.start_s.append(round(time.monotonic() - began, 2))
    return window


def _drawn(computer: Machine) -> bool:
    """The window's ground is lighter, or in the dark theme another colour, than an empty screen, which is black."""
    with (computer.shared / "Xvfb_screen0").open("rb") as dump:
        dump.seek(-1280 * 4 * 8, 2)   # a line near the lower edge
        return any(dump.read(1280 * 4))


def _end(computer: Machine, window: subprocess.Popen[str]) -> int:
    """As the desktop does when a person logs out; its exit status."""
    computer.run("pkill", "-TERM", "-f", "^parley run")
    status = window.wait(PATIENCE)
    _wait(lambda: not _drawn(computer), "the window did not go")
    return status


def _exists(computer: Machine, path: str) -> bool:
    return subprocess.run([*computer.prefix(user=False), "test", "-e", path], check=False).returncode == 0


def _leads_to_parley(path: str) -> bool:
    """Other packages own the folders above."""
    return "parley" in path


def _wait(until: Callable[[], bool], otherwise: str, every: float = 0.3) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, otherwise
        time.sleep(every)


def words(captions: Sequence[dict[str, Any]]) -> str:
    """What was said, as far as it is final."""
    return " ".join(caption["committed"] for caption in captions if caption["final"]).lower()
