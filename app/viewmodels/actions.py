"""What keys do, as QML shows it: the keyboard map, the command palette, the tips on buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence

from app.session.actions import ACTIONS, Keymap, Where, ranked
from app.viewmodels.preferences import PreferencesModel
from app.viewmodels.rows import Rows

_BARE = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """`keys` in Qt's portable form, `shown` as this system writes them; `held`: while they are down; `own`: not the
    usual ones."""

    name: str
    where: str
    keys: str
    shown: str
    held: bool
    own: bool


class ActionsModel(QObject):
    """One row an action.  QML words the names and does what they say."""

    changed = Signal()

    def __init__(self, preferences: PreferencesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._keymap = Keymap(preferences.chosen.keys)
        self._rows = Rows(ActionRow, lambda row: row.name, self)
        self._announce()

    @Property(QObject, constant=True)
    def rows(self) -> Rows:
        return self._rows

    @Property(dict, notify=changed)
    def shown(self) -> dict[str, str]:
        """By action, the keys as this system writes them."""
        return {name: _native(keys) for name, keys in self._keymap.keys.items()}

    def keys(self, name: str) -> str:
        """Of an action, in portable form; empty: none."""
        return self._keymap.keys[name]

    @Slot(int, int, result=str)
    def sequence(self, key: int, modifiers: int) -> str:
        """The pressed keys in portable form; empty while only Ctrl, Shift and the like are held."""
        if key in {bare.value for bare in _BARE}:
            return ""
        return QKeySequence(key | modifiers).toString(QKeySequence.SequenceFormat.PortableText)

    @Slot(str, str, result="QVariantMap")
    def bind(self, name: str, keys: str) -> dict[str, Any]:
        """Gives an action its keys; the answer is empty, or says why not: `plain`, or the `other` that has them."""
        objection = self._keymap.objection(name, keys)
        if objection is not None:
            return {"plain": objection.plain, "other": objection.other}
        self._keymap = self._keymap.rebound(name, keys)
        self._preferences.bind(self._keymap.chosen)
        self._announce()
        return {}

    @Slot(str, result="QVariantMap")
    def restore(self, name: str) -> dict[str, Any]:
        return self.bind(name, self._keymap.usual(name))

    @Slot()
    def restore_all(self) -> None:
        self._keymap = Keymap()
        self._preferences.bind({})
        self._announce()

    @Slot(bool, result="QStringList")
    def on_offer(self, meeting: bool) -> list[str]:
        """What the palette can do now, itself left out."""
        here = (Where.ANYWHERE, Where.MEETING) if meeting else (Where.ANYWHERE,)
        return [a.name for a in ACTIONS if a.where in here and not a.held and a.name != "palette"]

    @Slot(str, "QVariantMap", result="QStringList")
    def find(self, query: str, texts: dict[str, str]) -> list[str]:
        """Names of actions whose words, in the reader's language, answer the query; best first."""
        return list(ranked(query, {action.name: texts[action.name] for action in ACTIONS if action.name in texts}))

    def _announce(self) -> None:
        keymap = self._keymap
        self._rows.show([
            ActionRow(
                action.name, action.where.value, keymap.keys[action.name], _native(keymap.keys[action.name]),
                action.held, action.name in keymap.chosen,
            )
            for action in ACTIONS
        ])  # fmt: skip
        self.changed.emit()


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
