"""The real window, drawn offscreen, in a real meeting; and hosting one the way the button does."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.engine.clips import write_clip
from tests.system.hosting import hosting
from tests.system.test_two_participants import finished, participant
from tests.system.waiting import PATIENCE

pytestmark = pytest.mark.system

SECONDS = 8

# Presses "Start meeting" with a file for camera and microphone, and "End for everyone" once media flows.
HOST_AND_END = """
import sys
from pathlib import Path
from app.engine.files import Schedule
from app.scripted import Options
from app.session.events import LinkChanged, LinkState
from app.window import Program, engine_maker

data, clip = map(Path, sys.argv[1:])
program = Program(data, engine_maker(Options(media=clip), Schedule()))
desk = program.desk

def follow(event):
    if isinstance(event, LinkChanged):
        print(event.state.name, event.code, flush=True)
    if event == LinkChanged(LinkState.LIVE):
        print("hosting", desk.meeting.hosting, "here", desk.parley.here, desk.parley.link[:18], flush=True)
        desk.meeting.end()

desk.on_event = follow
desk.on_parting = lambda engine, code, sentence: program.app.exit(0)
desk.host("Review", "Ana", 0)
status = program.run()
print("home says", desk.home.problem_code, flush=True)
sys.exit(status)
"""

# Hosts, opens a lobby, lets in who comes, mutes and removes them; says what then was so.
HOST_AND_RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.engine.files import Schedule
from app.scripted import Options
from app.session.events import LinkState
from app.window import Program, engine_maker

data, clip = map(Path, sys.argv[1:])
program = Program(data, engine_maker(Options(media=clip), Schedule()))
desk = program.desk
desk.on_parting = lambda engine, code, sentence: program.app.exit(0)
steps = []

def other():
    return next((person for person in desk.meeting.session.roster if person.name == "Ben"), None)

def begin(floor):
    floor.rule("lobby", True)
def invite(floor):
    print("link", desk.parley.link, flush=True)
def let_in(floor):
    floor.admit("")
def mute(floor):
    floor.mute(other().id, "microphone")
def remove(floor):
    print("muted", not other().microphone, "busy", desk.parley.room_load.cores > 0, flush=True)
    floor.remove(other().id, False)
def end(floor):
    print("alone", other() is None, flush=True)
    desk.meeting.end()

PLAN = [
    (lambda s: s.link is LinkState.LIVE, begin),
    (lambda s: s.policy.lobby, invite),
    (lambda s: s.lobby, let_in),
    (lambda s: other() and other().microphone, mute),
    (lambda s: not other().microphone, remove),
    (lambda s: other() is None, end),
]

def beat():
    if desk.meeting and PLAN and PLAN[0][0](desk.meeting.session):
        PLAN.pop(0)[1](desk.meeting.floor)

timer = QTimer()
timer.timeout.connect(beat)
timer.start(100)
desk.host("Review", "Ana", 0)
sys.exit(program.run())
"""


def environment(data: Path) -> dict[str, str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    return {name: value for name, value in os.environ.items() if name not in hidden} | {"PARLEY_DATA": str(data)}


async def window(data: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "join", *arguments, env=environment(data), stderr=asyncio.subprocess.PIPE
    )


async def test_the_window_sees_others_draws_itself_and_says_nothing_wrong(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "tone.webm", seconds=SECONDS)
    picture, report = tmp_path / "meeting.png", tmp_path / "you.json"
    script = ("--name", "You", "--media", str(clip), "--seconds", str(SECONDS), "--consent-captions", "yes")
    async with hosting(tmp_path / "data") as host:
        ana = await participant(host.link, "Ana", "--media", str(clip), "--seconds", str(SECONDS))
        you = await window(
            tmp_path / "you", host.link, *script, "--screenshot", f"{picture}@4", "--report", str(report)
        )
        ends = [await finished(you), await finished(ana)]

    assert ends == [(0, ""), (0, "")]
    lived = json.loads(report.read_text())
    assert lived["name"] == "You"
    assert lived["state"] == "left"
    frames = [source["frames"] for path, source in lived["sources"].items() if path.endswith("/camera")]
    assert frames
    assert frames[0] > 20
    assert picture.stat().st_size > 20_000


async def test_the_window_says_in_one_sentence_why_it_cannot_join(tmp_path: Path) -> None:
    you = await window(tmp_path, "https://127.0.0.1:9/j/KM4T7QXD#fp=short", "--name", "You", "--seconds", "5")

    status, said = await finished(you)

    assert status == 2
    assert said.count("\n") == 1


async def test_hosting_from_the_window_starts_a_room_and_ending_takes_it_down(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "tone.webm", seconds=SECONDS)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOST_AND_END, str(tmp_path / "data"), str(clip),
        env=environment(tmp_path / "data"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(2 * PATIENCE):
            said, wrong = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    lines = said.decode().splitlines()
    assert process.returncode == 0, wrong.decode()
    assert lines[:2] == ["CONNECTING ", "LIVE "]
    assert lines[2].startswith("hosting True here True https://")
    assert lines[-1] in ("home says ", "home says ended")


async def test_a_meeting_is_run_from_the_window_against_the_real_host(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "tone.webm", seconds=30)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOST_AND_RUN, str(tmp_path / "data"), str(clip),
        env=environment(tmp_path / "data"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(3 * PATIENCE):
            link = (await process.stdout.readline()).decode().split()[1]
            ben = await participant(link, "Ben", "--media", str(clip), "--seconds", "60")
            status, said = await finished(ben)
            rest, wrong = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    assert process.returncode == 0, wrong.decode()
    assert rest.decode().splitlines() == ["muted True busy True", "alone True"]
    assert (status, said.strip()) == (2, "Ana removed you from the meeting.")


# Draws somebody's picture of one colour, wherever Qt draws; says by what, and which colours are seen.
DRAW = """
import json
import time
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
from app import preferences
from app.engine.bridge import to_image
from app.engine.pictures import Picture, Pixels, Plane
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.stage import Stage, settle

def wait(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        settle(1)

stage = Stage(preferences.Preferences(name="Ana", still=True, preview=False))
wait(1)
stage.desk.join(LINK, "Ana")
stage.engine.say(*live(*PEOPLE))
wait(0.5)
red = Pixels(64, 36, tuple(Plane(w, bytes([v]) * w * h) for w, h, v in ((64, 36, 81), (32, 18, 90), (32, 18, 240))))
if stage.engine.planar:
    stage.engine.pictured.emit("p0/camera", to_image(Picture(red, 0.0)))
wait(1)
tile = next(item for item in stage.items() if item.property("source") == "p0/camera" and item.property("ready"))
shown = stage.window.grabWindow()
at = tile.mapToScene(tile.boundingRect().topLeft())
def colour(x, y):
    return shown.pixelColor(int(at.x() + x), int(at.y() + y)).getRgb()[:3]
seen = {"planar": stage.engine.planar, "middle": colour(tile.width() / 2, 40), "corner": colour(1, 1)}
stage.desk.finish("", "")
settle()
stage.scene.close()
print(json.dumps(seen))
"""


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="xvfb is not installed, so nothing can be drawn by OpenGL")
async def test_a_graphics_card_converts_and_rounds_what_was_decoded() -> None:
    """OpenGL as Mesa computes it: no card, but the same shaders."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"}
    process = await asyncio.create_subprocess_exec(
        "xvfb-run", "-a", "-s", "-screen 0 1280x800x24", sys.executable, "-c", DRAW,
        env=environment, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()

    seen = json.loads(said)
    assert seen["planar"]
    red, green, blue = seen["middle"]
    assert red > 230
    assert max(green, blue) < 30
    assert seen["corner"] != seen["middle"]
