"""What a meeting is made of: one model for each part of the window, all shown the same session.

They are made here, their wishes leave through one signal, and each is told only what may concern it.  What happens to
the session is not decided here; see `app.viewmodels.meeting`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal

from app.session.state import Session
from app.viewmodels.captions import CaptionLines, Ruler
from app.viewmodels.checks import ChecksModel
from app.viewmodels.devices import DevicesModel
from app.viewmodels.faces import FacesModel
from app.viewmodels.files import FilesModel
from app.viewmodels.floor import FloorModel
from app.viewmodels.gallery import Gallery
from app.viewmodels.people import ChatRows, PeopleRows, TranscriptRows
from app.viewmodels.quality import QualityModel
from app.viewmodels.recording import RecordingModel
from app.viewmodels.sharing import Look, SharingModel
from app.viewmodels.translation import TranslationModel


class MeetingParts(QObject):
    """Whoever extends it owns the session, and calls `_follow` each time it changed."""

    wanted = Signal(object)
    """A command for the engine."""
    device_chosen = Signal(str, str)
    """Name of the preference, id of the device."""

    def __init__(self, ruler: Ruler, now: Callable[[], float], look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gallery = Gallery(now, self)
        self._lines = CaptionLines(ruler, self)
        self._transcript = TranscriptRows(self)
        self._people = PeopleRows(self)
        self._chat = ChatRows(self)
        self.shared = FilesModel(self)
        self._floor = FloorModel(self)
        self._devices = DevicesModel(self)
        self._sharing = SharingModel(look, self)
        self._quality = QualityModel(self)
        self._faces = FacesModel(now, self)
        self._recording = RecordingModel(self)
        self._checks = ChecksModel(now, self)
        self._translation = TranslationModel(now, self)
        self.shared.wanted.connect(self.wanted)
        wanting = (self._gallery, self._floor, self._faces, self._devices, self._sharing, self._translation)
        for model in (*wanting, self._recording, self._checks):
            model.wanted.connect(self.wanted)
        self._devices.chosen.connect(self.device_chosen)

    def _follow(self, old: Session, session: Session) -> None:
        self._translation.follow(session)
        if old.roster != session.roster or old.you != session.you:
            self._people.follow(session)
        if old.transcript is not session.transcript:
            self._transcript.follow(session)
        if old.chat is not session.chat or old.roster != session.roster:
            self._chat.follow(session)
        for model in (self._gallery, self._floor, self._sharing, self._faces, self._recording, self._checks):
            model.follow(session)
        self.shared.follow(session)
        self._devices.follow(session.devices)
        self._quality.follow(session.quality)

    # -- what QML reads --------------------------------------------------------------------------------------

    @Property(QObject, constant=True)
    def gallery(self) -> Gallery:
        return self._gallery

    @Property(QObject, constant=True)
    def lines(self) -> CaptionLines:
        return self._lines

    @Property(QObject, constant=True)
    def transcript(self) -> TranscriptRows:
        return self._transcript

    @Property(QObject, constant=True)
    def people(self) -> PeopleRows:
        return self._people

    @Property(QObject, constant=True)
    def chat(self) -> ChatRows:
        return self._chat

    @Property(QObject, constant=True)
    def files(self) -> FilesModel:
        return self.shared

    @Property(QObject, constant=True)
    def devices(self) -> DevicesModel:
        return self._devices

    @Property(QObject, constant=True)
    def sharing(self) -> SharingModel:
        return self._sharing

    @Property(QObject, constant=True)
    def quality(self) -> QualityModel:
        return self._quality

    @Property(QObject, constant=True)
    def faces(self) -> FacesModel:
        return self._faces

    @Property(QObject, constant=True)
    def recording(self) -> RecordingModel:
        return self._recording

    @Property(QObject, constant=True)
    def checks(self) -> ChecksModel:
        return self._checks

    @Property(QObject, constant=True)
    def floor(self) -> FloorModel:
        return self._floor

    @Property(QObject, constant=True)
    def translation(self) -> TranslationModel:
        return self._translation
