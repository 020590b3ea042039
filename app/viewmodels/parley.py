"""The whole window: which screen, and the models that the screens show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

import app
from app.viewmodels.actions import ActionsModel
from app.viewmodels.history import HistoryModel
from app.viewmodels.home import HomeModel
from app.viewmodels.load import LoadModel
from app.viewmodels.meeting import MeetingModel
from app.viewmodels.models import ModelsModel
from app.viewmodels.player import PlayerModel
from app.viewmodels.preferences import PreferencesModel
from app.viewmodels.shelf import ShelfModel
from app.viewmodels.support import SupportModel


@dataclass(frozen=True, slots=True)
class Facts:
    """About this installation, for the settings screen.  `notice`: whose work is in it (NOTICE).

    `needed_model`: the weights without which meetings hosted here have no captions.
    """

    data_folder: str = ""
    notice: str = ""
    needed_model: str = ""


class ParleyModel(QObject):
    """The one object that QML is given."""

    screen_changed = Signal()
    invite_changed = Signal()
    copy_wanted = Signal(str)
    open_wanted = Signal(str)
    """An address, http or https."""

    hide_wanted = Signal()
    """The meeting shall go on without its window."""
    notice_wanted = Signal(str)
    """A sentence, worded already, for somebody who may not be looking at the window."""

    going_wanted = Signal()
    """Into the meeting that the person has got ready for."""
    back_wanted = Signal()
    trying_wanted = Signal(bool)
    """Devices shall be tried without a meeting, or no longer."""

    closing_changed = Signal(bool)
    """Whether the window goes away when the meeting is left."""

    def __init__(
        self,
        home: HomeModel,
        preferences: PreferencesModel,
        models: ModelsModel,
        facts: Facts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._facts = facts
        self._actions = ActionsModel(preferences, self)
        self._models = models
        self.room_load = LoadModel(self)
        self.past = HistoryModel(self)
        self.cinema = PlayerModel(self)
        self.borrowed = ShelfModel(self)
        self.help = SupportModel(self)
        self._home = home
        self._preferences = preferences
        self._meeting: MeetingModel | None = None
        self._trial: MeetingModel | None = None
        self._ready = ""
        self._link = ""
        self._words: tuple[str, ...] = ()
        self._trust = self._fingerprint = ""
        self._here = False
        self._greets = False
        self._hideable = False
        preferences.changed.connect(self._met)

    @property
    def talk_keys(self) -> str:
        """Held to talk while muted, in Qt's portable form; empty: none."""
        return self._actions.keys("talk")

    def invite(self, link: str, words: Sequence[str]) -> None:
        """What invites others to the meeting: its whole link, and the words by which they know its host."""
        self._link, self._words = link, tuple(words)
        self.invite_changed.emit()

    def vouch(self, page: str, fingerprint: str) -> None:
        """Of this computer's own host: where browsers learn to trust it, and what their owners compare."""
        self._trust, self._fingerprint = page, fingerprint
        self.invite_changed.emit()

    def enter(self, meeting: MeetingModel, here: bool) -> None:
        """Shows this meeting; `here`: this computer is the meeting room."""
        self._meeting, self._here = meeting, here
        self._trial, self._ready = None, ""
        self.invite_changed.emit()
        self.screen_changed.emit()

    def get_ready(self, trial: MeetingModel, title: str) -> None:
        """Devices are tried in front of this meeting."""
        self._trial, self._ready = trial, title
        self.screen_changed.emit()

    def try_out(self, trial: MeetingModel | None) -> None:
        """Devices are tried, for no meeting; None: no longer."""
        self._trial, self._ready = trial, ""
        self.screen_changed.emit()

    def greet(self) -> None:
        """Shows the first run before the first screen, until the person has been through it."""
        self._greets = not self._preferences.chosen.met
        self.screen_changed.emit()

    def go_home(self) -> None:
        self._meeting, self._link, self._words, self._here = None, "", (), False
        self._trial, self._ready = None, ""
        self._trust = self._fingerprint = ""
        self.screen_changed.emit()
        self.invite_changed.emit()

    def _met(self) -> None:
        if self._greets and self._preferences.chosen.met:
            self._greets = False
            self.screen_changed.emit()

    @Property(str, notify=screen_changed)
    def screen(self) -> str:
        if self._meeting:
            return "meeting"
        if self._ready:
            return "ready"
        return "welcome" if self._greets and not self._preferences.chosen.met else "home"

    @Property(QObject, notify=screen_changed)
    def meeting(self) -> MeetingModel | None:
        return self._meeting

    @Property(QObject, notify=screen_changed)
    def trial(self) -> MeetingModel | None:
        """Where devices can be tried: the meeting, or what comes before one."""
        return self._meeting or self._trial

    @Property(str, notify=screen_changed)
    def ready(self) -> str:
        """What the person gets ready for."""
        return self._ready

    @Slot()
    def go(self) -> None:
        self.going_wanted.emit()

    @Slot()
    def back(self) -> None:
        self.back_wanted.emit()

    @Slot(bool)
    def try_devices(self, wanted: bool) -> None:
        self.trying_wanted.emit(wanted)

    @Property(QObject, constant=True)
    def home(self) -> HomeModel:
        return self._home

    @Property(QObject, constant=True)
    def preferences(self) -> PreferencesModel:
        return self._preferences

    @Property(QObject, constant=True)
    def actions(self) -> ActionsModel:
        return self._actions

    @Property(QObject, constant=True)
    def models(self) -> ModelsModel:
        return self._models

    @Property(QObject, constant=True)
    def history(self) -> HistoryModel:
        return self.past

    @Property(QObject, constant=True)
    def player(self) -> PlayerModel:
        """Of recordings."""
        return self.cinema

    @Property(QObject, constant=True)
    def shelf(self) -> ShelfModel:
        """Recordings of the meeting that is on."""
        return self.borrowed

    @Property(QObject, constant=True)
    def support(self) -> SupportModel:
        return self.help

    @Property(QObject, constant=True)
    def load(self) -> LoadModel:
        return self.room_load

    @Property(str, constant=True)
    def version(self) -> str:
        return app.__version__

    @Property(str, constant=True)
    def data_folder(self) -> str:
        return self._facts.data_folder

    @Property(str, constant=True)
    def notice(self) -> str:
        return self._facts.notice

    @Property(str, notify=invite_changed)
    def link(self) -> str:
        return self._link

    @Property(str, notify=invite_changed)
    def words(self) -> str:
        return " ".join(self._words)

    @Property(str, notify=invite_changed)
    def trust(self) -> str:
        return self._trust

    @Property(str, notify=invite_changed)
    def fingerprint(self) -> str:
        return self._fingerprint

    @Property(bool, notify=invite_changed)
    def here(self) -> bool:
        return self._here

    def can_hide(self) -> None:
        """The system has a place beside the clock from which a hidden window comes back."""
        self._hideable = True

    @Property(bool, notify=screen_changed)
    def hideable(self) -> bool:
        return self._hideable

    @Slot()
    def hide(self) -> None:
        self.hide_wanted.emit()

    @Slot(str)
    def notify(self, sentence: str) -> None:
        self.notice_wanted.emit(sentence)

    @Slot(bool)
    def close_after(self, closing: bool) -> None:
        """The person closed the window during a meeting, or chose to stay after all."""
        self.closing_changed.emit(closing)

    @Slot(str)
    def open(self, address: str) -> None:
        """In the person's browser: an address that somebody wrote in full."""
        if address.startswith(("http://", "https://")):
            self.open_wanted.emit(address)

    @Slot(str)
    def copy(self, text: str) -> None:
        self.copy_wanted.emit(text)
