"""A window on a desk with fake engines, for tests to look at and press."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Q_ARG, QCoreApplication, QEvent, QMetaObject, QObject, Qt
from PySide6.QtQuick import QQuickItem, QQuickWindow

from app import preferences
from app.children import HostProcess
from app.desk import Desk
from app.ui import fonts, words
from app.ui.scene import Scene
from app.viewmodels.models import ModelRow
from app.viewmodels.parley import Facts
from app.viewmodels.preferences import PreferencesModel
from tests.ui.fake_engine import FakeEngine

TURNS = 12
TRANSLATION = words.Translation()


def settle(turns: int = TURNS) -> None:
    """Lets Qt do what is due now, deferred deletions too; nothing waits for a time to pass."""
    for _ in range(turns):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def component(item: QQuickItem) -> str:
    """The kind of it: the name of its QML file, or of Qt's class."""
    described = item.metaObject()
    name = described.className().partition("_")[0]
    # PySide keeps it for as long as the item, and takes whatever comes to lie at its address later for it.
    shiboken6.invalidate(described)
    return name


class Stage:
    """A window on a desk with fake engines."""

    def __init__(self, chosen: preferences.Preferences, gradual: bool = False) -> None:
        self.kept: list[preferences.Preferences] = []
        self.engines: list[FakeEngine] = []
        self.preferences = PreferencesModel(chosen, self.kept.append)
        self._speak()
        self.preferences.language_changed.connect(self._speak)
        facts = Facts("~/parley", "Written by people.", "whisper-base")
        self.desk = Desk(self.preferences, self._make_engine, self._make_host, facts)
        self.scene = Scene(self.desk.parley, self.desk.pictures, gradual)
        self.preferences.language_changed.connect(self.scene.retranslate)
        self.desk.models.show([
            ModelRow("whisper-base", "Whisper base", "captions", 148, "ready"),
            ModelRow("whisper-tiny.en", "Whisper tiny", "captions", 78, "missing"),
        ])  # fmt: skip
        settle()

    @property
    def window(self) -> QQuickWindow:
        return self.scene.window

    @property
    def engine(self) -> FakeEngine:
        return self.engines[-1]

    def items(self) -> list[QQuickItem]:
        """Everything that is drawn now, dialogs included."""
        found: list[QQuickItem] = []
        waiting = [self.window.contentItem()]
        while waiting:
            item = waiting.pop()
            if item.isVisible():
                found.append(item)
                waiting += item.childItems()
        return found

    def one(self, name: str) -> QQuickItem:
        """What this component of ours has drawn."""
        return next(item for item in self.items() if component(item) == name)

    def open_settings(self, subject: str) -> None:
        """The settings screen, at one of its pages."""
        QMetaObject.invokeMethod(self.window, "act", Qt.ConnectionType.DirectConnection, Q_ARG(str, "settings"))
        settle()
        screen = self.one("Settings")
        screen.setProperty("subject", subject)
        settle()

    def resize(self, width: int, height: int) -> None:
        self.window.resize(width, height)
        settle()

    def _make_engine(self, owner: QObject) -> FakeEngine:
        self.engines.append(FakeEngine(owner))
        return self.engines[-1]

    def _make_host(self, title: str, port: int) -> HostProcess:
        raise AssertionError("these tests start no host")

    def _speak(self) -> None:
        TRANSLATION.speak(str(self.preferences.language))
        fonts.choose(str(self.preferences.language))
