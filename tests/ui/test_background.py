"""The meeting beyond its window, with a tray that only remembers what was asked of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal

from app.awake import Awake, keeper_command
from app.background import Background
from sfu.wire.messages import Joined
from tests.ui.fake_engine import LINK, PEOPLE, live, person
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]


class FakeTray(QObject):
    show_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[str, ...] | None = None
        self.said: list[str] = []

    def appear(self, *words: str) -> None:
        self.shown = words

    def disappear(self) -> None:
        self.shown = None

    def say(self, title: str, sentence: str) -> None:
        self.said.append(sentence)


class FakeAwake(Awake):
    def __init__(self) -> None:
        super().__init__()
        self.on = False

    def begin(self) -> None:
        self.on = True

    def end(self) -> None:
        self.on = False


def meeting(stage: MakeStage) -> tuple[Stage, FakeTray, FakeAwake, Background]:
    shown = stage()
    tray, awake = FakeTray(), FakeAwake()
    background = Background(shown.desk, shown.window, tray, awake)  # type: ignore[arg-type]
    shown.desk.join(LINK, "Ana Costa")
    shown.engine.say(*live(*PEOPLE))
    settle()
    return shown, tray, awake, background


def test_a_meeting_has_an_icon_with_words_until_it_is_over(stage: MakeStage) -> None:
    shown, tray, awake, _ = meeting(stage)
    assert tray.shown == ("Weekly design review – Parley", "Show the window", "Leave the meeting")
    assert not awake.on  # a guest's computer may sleep

    shown.desk.finish("", "")
    settle()

    assert tray.shown is None


def test_a_hidden_window_comes_back_when_asked_and_when_the_meeting_ends(stage: MakeStage) -> None:
    shown, tray, _, background = meeting(stage)
    background.hide()
    assert not shown.window.isVisible()

    tray.show_wanted.emit()
    assert shown.window.isVisible()

    background.hide()
    shown.desk.finish("ended", "The meeting has ended.")
    settle()
    assert shown.window.isVisible()


def test_somebody_who_looks_elsewhere_is_told_who_comes(stage: MakeStage) -> None:
    shown, tray, _, background = meeting(stage)
    background.hide()

    shown.engine.say(Joined(participant=person(9, "Zoe")))
    settle()

    assert tray.said == ["Zoe joined"]


def test_leaving_from_the_icon_asks_in_the_window(stage: MakeStage) -> None:
    shown, tray, _, background = meeting(stage)
    background.hide()

    tray.leave_wanted.emit()
    settle()

    assert shown.window.isVisible()
    assert shown.window.property("asking")


@pytest.mark.parametrize(("platform", "program"), [("linux", "systemd-inhibit"), ("darwin", "caffeinate")])
def test_what_keeps_a_computer_awake_ends_with_us(platform: str, program: str) -> None:
    command = keeper_command(platform, os.getpid())

    assert command[0] == program
    assert str(os.getpid()) in command


def test_a_computer_without_such_a_program_hosts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.awake.shutil.which", lambda _: None)
    monkeypatch.setattr(sys, "platform", "linux")

    awake = Awake()
    awake.begin()
    awake.end()
    awake.end()
