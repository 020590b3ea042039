"""One Qt application for all window tests, drawn offscreen; every warning fails the test that caused it:
Qt's, QML's and our own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QAccessible, QGuiApplication

from app import preferences
from tests.ui.stage import Stage, settle


@pytest.fixture(scope="session")
def application() -> QGuiApplication:
    existing = QGuiApplication.instance()
    application = existing if existing is not None else QGuiApplication(["tests"])
    assert isinstance(application, QGuiApplication)
    QAccessible.setActive(True)  # as a screen reader does
    return application


@pytest.fixture(autouse=True)
def warnings(application: QGuiApplication, caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and kind is not QtMsgType.QtInfoMsg:
            said.append(text)

    qInstallMessageHandler(hear)
    yield said
    qInstallMessageHandler(None)
    said += [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert said == []


@pytest.fixture
def stage(application: QGuiApplication) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def make(**choices: object) -> Stage:
        chosen = preferences.Preferences(**{"name": "Ana Costa", "still": True, "preview": False, **choices})  # type: ignore[arg-type]
        stages.append(Stage(chosen))
        return stages[-1]

    yield make
    for made in stages:
        made.desk.finish("", "")
        settle()
        made.scene.close()
        settle()
