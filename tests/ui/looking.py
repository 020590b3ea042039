"""What a person sees and presses: for tests of the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Q_ARG, QMetaObject, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from tests.ui.stage import Stage, settle

NONE = Qt.KeyboardModifier.NoModifier


def act(stage: Stage, name: str) -> None:
    """As the palette or a shortcut does (`app.session.actions`)."""
    QMetaObject.invokeMethod(stage.window, "act", Qt.ConnectionType.DirectConnection, Q_ARG(str, name))
    settle()


def made(stage: Stage, name: str) -> Any:
    """The dialog or menu that is built when it is first wanted."""
    later: Any = stage.window.findChild(QQuickItem, name)
    later.setProperty("active", True)
    return later.property("item")


def press(stage: Stage, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(stage.window, key, modifiers)
    settle()


def type_in(stage: Stage, text: str) -> None:
    """Into what has the focus; letters, blanks and full stops."""
    for letter in text:
        key = {" ": Qt.Key.Key_Space, ".": Qt.Key.Key_Period}.get(letter) or Qt.Key(ord(letter.upper()))
        QTest.keyClick(stage.window, key, Qt.KeyboardModifier.ShiftModifier if letter.isupper() else NONE)
    settle()


def click(stage: Stage, text: str) -> None:
    """The one control that says so."""
    QMetaObject.invokeMethod(item_with(stage, text), "click")
    settle()


def item_with(stage: Stage, text: str) -> QQuickItem:
    """The control (not the label in it) that says so."""
    found = [item for item in stage.items() if item.property("text") == text and item.property("checkable") is not None]
    assert found, f"nothing says {text!r}"
    return found[0]


def shows(stage: Stage, text: str) -> bool:
    return any(item.property("text") == text for item in stage.items())


def tree(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield interface
    for index in range(interface.childCount()):
        child = interface.child(index)
        if child is not None:
            yield from tree(child)


def names(stage: Stage, role: QAccessible.Role) -> set[str]:
    """What a screen reader finds of this role."""
    root = QAccessible.queryAccessibleInterface(stage.window)
    visible = (found for found in tree(root) if not found.state().invisible)
    return {found.text(QAccessible.Text.Name) for found in visible if found.role() is role}


def cut(stage: Stage) -> list[str]:
    """Labels that run out of the window at the side, or whose text is wider than they are without saying so."""
    wrong = []
    window = QRectF(0, 0, stage.window.width(), stage.window.height())
    for item in stage.items():
        text = item.property("text")
        if item.property("contentWidth") is None or not isinstance(text, str) or not text:
            continue
        place = item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))
        if place.right() > window.right() + 1 or place.left() < window.left() - 1:
            wrong.append(f"outside: {text}")
        elided = item.property("truncated")
        if not elided and item.property("contentWidth") > item.width() + 1.5:
            wrong.append(f"too wide: {text}")
    return wrong
