"""The first screen: host, join, and what was joined before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Property, QObject, Signal, Slot

from app.viewmodels.rows import Rows


class Busy(StrEnum):
    """What the person waits for."""

    NOTHING = ""
    STARTING = "starting"
    JOINING = "joining"
    LOBBY = "lobby"
    """Somebody inside has to let them in."""


@dataclass(frozen=True, slots=True)
class RecentRow:
    """A meeting that was joined by its link."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class NearbyRow:
    """A meeting that announces itself on this network; its title and computer are what it says of itself."""

    id: str
    title: str
    computer: str
    where: str


class HomeModel(QObject):
    """Wishes go out as signals; whoever fulfils them says `wait`, `refuse` or `done`."""

    hosting_wanted = Signal(str, str)
    """Title, name."""
    joining_wanted = Signal(str, str, str)
    """Link, name, passcode."""
    cancelled = Signal()
    forgotten = Signal(str)
    """Link of a meeting that the person wants off the list."""

    verified = Signal(bool)
    """Whether the host's screen shows the same words."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._busy = Busy.NOTHING
        self._link = ""
        self._code = ""
        self._sentence = ""
        self._words: tuple[str, ...] = ()
        self._where = ""
        self._title = ""
        self._changed = False
        self._nearby = Rows(NearbyRow, lambda row: row.id, self)
        self._recent = Rows(RecentRow, lambda row: row.link, self)

    def wait(self, busy: Busy) -> None:
        self._set(busy, "", "")

    def wait_outside(self, title: str) -> None:
        """The meeting is found; somebody in it will decide."""
        self._set(Busy.LOBBY, "", "")
        self._title = title
        self.changed.emit()

    def refuse(self, code: str, sentence: str) -> None:
        """It did not work, and why."""
        self._set(Busy.NOTHING, code, sentence)

    def done(self) -> None:
        self._set(Busy.NOTHING, "", "")

    def prefill(self, link: str) -> None:
        """The link that the program was started with."""
        self._link = link
        self.changed.emit()

    def verify(self, where: str, words: Sequence[str], changed: bool) -> None:
        """The person has to compare these words with the host's screen; joining waits for `confirm`."""
        self._where, self._words, self._changed = where, tuple(words), changed
        self.changed.emit()

    def near(self, meetings: Sequence[NearbyRow]) -> None:
        self._nearby.show(list(meetings))

    @Property(QObject, constant=True)
    def nearby(self) -> Rows:
        return self._nearby

    @Property(str, notify=changed)
    def words(self) -> str:
        """Empty when nothing is to be compared."""
        return "  ".join(self._words)

    @Property(str, notify=changed)
    def title(self) -> str:
        """Of the meeting in whose lobby the person waits."""
        return self._title

    @Property(str, notify=changed)
    def where(self) -> str:
        return self._where

    @Property(bool, notify=changed)
    def host_changed(self) -> bool:
        return self._changed

    @Slot(bool)
    def confirm(self, agree: bool) -> None:
        if self._words:
            self._words = ()
            self.changed.emit()
            self.verified.emit(agree)

    @Property(str, notify=changed)
    def busy(self) -> str:
        return self._busy.value

    @Property(str, notify=changed)
    def link(self) -> str:
        return self._link

    @Property(str, notify=changed)
    def problem_code(self) -> str:
        return self._code

    @Property(str, notify=changed)
    def problem(self) -> str:
        return self._sentence

    def remembers(self, recent: Sequence[RecentRow]) -> None:
        self._recent.show(recent)

    @Property(QObject, constant=True)
    def recent(self) -> Rows:
        return self._recent

    @Slot(str, str)
    def host(self, title: str, name: str) -> None:
        if not self._busy and self._has_name(name):
            self.hosting_wanted.emit(title.strip(), name.strip())

    @Slot(str, str, str)
    def join(self, link: str, name: str, passcode: str) -> None:
        if not self._busy and self._has_name(name):
            self.joining_wanted.emit(link.strip(), name.strip(), passcode.strip())

    @Slot(str)
    def forget(self, link: str) -> None:
        self.forgotten.emit(link)

    @Slot()
    def cancel(self) -> None:
        self.cancelled.emit()

    @Slot()
    def dismiss(self) -> None:
        self._set(self._busy, "", "")

    def _has_name(self, name: str) -> bool:
        if not name.strip():
            self.refuse("no_name", "Type your name first: it is how the others see you.")
            return False
        return True

    def _set(self, busy: Busy, code: str, sentence: str) -> None:
        self._busy, self._code, self._sentence = busy, code, sentence
        self._words = ()
        self.changed.emit()
