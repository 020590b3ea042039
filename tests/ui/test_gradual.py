"""Screens that are built a little at a time, as in the running program; all other tests build them at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Q_ARG, QCoreApplication, QMetaObject, Qt
from PySide6.QtGui import QGuiApplication

from app import preferences
from tests.ui.fake_engine import LINK, PEOPLE, live
from tests.ui.stage import Stage, component, settle

DEADLINE = 20.0


@pytest.fixture
def stage(application: QGuiApplication) -> Iterator[Stage]:
    stage = Stage(preferences.Preferences(name="Ana Costa", still=True, preview=False), gradual=True)
    yield stage
    stage.desk.finish("", "")
    settle()
    stage.scene.close()
    settle()


def seen(stage: Stage) -> set[str]:
    """The kinds of what is in sight."""
    return {component(item) for item in stage.items()}


def until(stage: Stage, kind: str) -> None:
    wait(lambda: kind in seen(stage))


def wait(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < deadline
        QCoreApplication.processEvents()


def focused(stage: Stage) -> str:
    """The kind of what has the focus."""
    item = stage.window.activeFocusItem()
    return component(item) if item is not None else ""


def act(stage: Stage, name: str) -> None:
    QMetaObject.invokeMethod(stage.window, "act", Qt.ConnectionType.DirectConnection, Q_ARG(str, name))


def meet(stage: Stage) -> None:
    stage.desk.join(LINK, "Ana")
    stage.engine.say(*live(*PEOPLE))
    until(stage, "Meeting")


def test_the_first_screen_stands_at_once(stage: Stage) -> None:
    assert "Home" in seen(stage)


def test_the_first_screen_stays_in_sight_and_waits_until_the_meetings_is_built(stage: Stage) -> None:
    stage.desk.join(LINK, "Ana")

    stage.engine.say(*live(*PEOPLE))

    assert "Meeting" not in seen(stage)
    assert "Home" in seen(stage)
    assert stage.desk.home.busy == "joining"
    until(stage, "Meeting")
    assert "Home" not in seen(stage)


def test_what_a_pane_shall_do_is_done_when_it_is_built(stage: Stage) -> None:
    meet(stage)

    act(stage, "chat")

    wait(lambda: "TextArea" in focused(stage))


def test_a_wish_for_a_pane_does_not_reach_the_next_one(stage: Stage) -> None:
    meet(stage)

    act(stage, "chat")
    act(stage, "people")

    until(stage, "PeoplePane")  # a warning would fail this test


def test_the_subject_of_the_settings_is_chosen_when_they_are_built(stage: Stage) -> None:
    act(stage, "devices")

    until(stage, "SoundAndVideo")


def test_whoever_leaves_before_the_screen_is_built_is_home_without_a_word(stage: Stage) -> None:
    stage.desk.join(LINK, "Ana")
    stage.engine.say(*live(*PEOPLE))
    for _ in range(3):
        QCoreApplication.processEvents()

    stage.desk.finish("", "")
    act(stage, "settings")
    QCoreApplication.processEvents()
    QMetaObject.invokeMethod(stage.window, "closeSettings")

    until(stage, "Home")
    settle()  # what was closed goes when Qt comes to it
    assert "Settings" not in seen(stage)


def test_a_window_that_is_closed_while_it_is_built_goes_quietly(stage: Stage) -> None:
    stage.desk.join(LINK, "Ana")
    stage.engine.say(*live(*PEOPLE))
    act(stage, "settings")
