from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.engine.files import Schedule
from app.scripted import Options, Portrait, Script, parse
from app.session import commands
from app.session.events import LinkChanged, LinkState
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]


def test_a_command_line_becomes_options() -> None:
    line = f"{LINK} --name You --media a.mkv --start-at 8 --consent-captions yes --seconds 60".split()

    options = parse([*line, "--screenshot", "a@b.png@30", "--screenshot", "c.png@2.5", "--report", "r.json"])

    assert (options.link, options.name, options.consent, options.seconds) == (LINK, "You", True, 60.0)
    assert options.portraits == (Portrait(Path("a@b.png"), 30.0), Portrait(Path("c.png"), 2.5))
    assert options.scripted


def test_without_options_the_window_is_simply_opened() -> None:
    assert not parse([]).scripted
    assert parse(["--join", LINK]).link == LINK


@pytest.mark.parametrize("line", [
    ["--seconds", "5"], [LINK, "--report", "r"], [LINK, "--name", "A", "--screenshot", "x.png"],
    [LINK, "--name", "A", "--screenshot", "@5"], ["--consent-captions", "maybe"],
])  # fmt: skip
def test_a_line_that_makes_no_sense_is_refused(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(line)

    assert refused.value.code == 2
    assert "error" in capsys.readouterr().err


def test_a_script_answers_consent_takes_the_portrait_and_writes_the_report(stage: MakeStage, tmp_path: Path) -> None:
    shown = stage()
    portrait, report = tmp_path / "out" / "meeting.png", tmp_path / "report.json"
    schedule = Schedule()
    options = Options(LINK, "You", consent=True, start_at=10, portraits=(Portrait(portrait, 5.0),), report=report)
    script = Script(options, shown.desk, shown.window, schedule)

    script.begin("You")
    engine = shown.engine
    engine.say(*live(*PEOPLE, now=100.0))
    script.step()

    assert commands.AnswerConsent(True) in engine.sent
    assert schedule.begin is not None
    assert not QImage(str(portrait)).isNull()

    engine.say(LinkChanged(LinkState.LEFT))
    settle()
    assert json.loads(report.read_text())["name"] == "You"
    assert script.status == 0


def test_a_script_that_cannot_join_says_why_and_fails(stage: MakeStage, capsys: pytest.CaptureFixture[str]) -> None:
    shown = stage()
    script = Script(Options(LINK, "You", seconds=5.0), shown.desk, shown.window, Schedule())
    script.begin("You")

    shown.engine.say(LinkChanged(LinkState.FAILED, "no_meeting", "No meeting has this code."))

    assert script.status == 2
    assert "No meeting has this code." in capsys.readouterr().err


def test_links_of_our_own_kind_are_web_links() -> None:
    assert parse(["parley://192.168.1.20:7443/j/KM4T7QXD#fp=x"]).link == "https://192.168.1.20:7443/j/KM4T7QXD#fp=x"
    assert parse(["https://192.168.1.20:7443/j/KM4T7QXD#fp=x"]).link == "https://192.168.1.20:7443/j/KM4T7QXD#fp=x"


@pytest.mark.parametrize("name", ["../x", "a b", "", "x" * 33])
def test_a_profile_is_a_plain_name(name: str) -> None:
    assert parse(["--profile", "second"]).profile == "second"

    with pytest.raises(SystemExit):
        parse(["--profile", name])
