"""The meeting as QML sees it: one session, what it announces, and what the person may ask for.

Owns the current `Session` and nothing else of substance: events change it through the pure reducer, properties read
it, slots turn presses into commands.  The gallery, the chat and the other models that a meeting is made of are in
`app.viewmodels.parts`.  Words for people are made in QML, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, SignalInstance, Slot

from app.session import commands
from app.session.commands import Quality
from app.session.events import Event, LinkState
from app.session.reducer import after, answered, check_answered, check_closed, not_now, told
from app.session.state import Session
from app.session.transcript import clock
from app.session.troubles import NOTICEABLE, Banner, Trouble, banner, delay
from app.viewmodels.bell import Bell
from app.viewmodels.captions import Ruler
from app.viewmodels.parts import MeetingParts
from app.viewmodels.sharing import Look
from sfu.wire.messages import MAX_CHAT, Caption, Consent, SetSpoken, Welcome

FAINTEST_DBOV = -80
SILENT_FOR = 5.0
"""A microphone that stays below this for so long hears not even the room."""
QUIET_DBOV = -60
"""A microphone level (RFC 6464) that is drawn as nothing."""
# Captions models that often mishear other languages than English (models/captions/README.md); "": none is known.
SMALL_MODELS = ("", "whisper-tiny.en", "whisper-base", "distil-large-v3")


class MeetingModel(MeetingParts):
    """`happen` with every event; `tick` about once a second for the clock and for delays that pass."""

    export_wanted = Signal(str)
    """The transcript as a file of this form (txt, md, srt, vtt, json, docx)."""
    exported = Signal(str, bool)
    """Where it lies now, or where it could not be written; whether it was."""
    moved = Signal()
    """The session changed: the link, who you are, whether it is over."""
    meeting_changed = Signal()
    media_changed = Signal()
    level_changed = Signal()
    captions_changed = Signal()
    consent_changed = Signal()
    hand_changed = Signal()
    banner_changed = Signal()
    clock_changed = Signal()
    said = Signal(str, str)
    """A finished line: who, and what.  For screen readers; never a word that may still change."""
    announced = Signal(str, str, str, str)
    """About (joined, left, notice, refused, muted, asked, hand, written, shared, waits, role, policy), name, code,
    sentence.
    """

    def __init__(
        self, ruler: Ruler, now: Callable[[], float], look: Look = tuple, parent: QObject | None = None
    ) -> None:
        """`look`: which screens and windows of this computer can be shared."""
        super().__init__(ruler, now, look, parent)
        self._now = now
        self._session = Session()
        self._banner = Banner()
        self._closed = Banner()
        self._talking = False
        self._captions_shown = True
        self._bell = Bell()
        self._spoken = ""
        self._heard_at = now()
        self._recording.answered.connect(lambda: self._take(told(self._session)))
        self._checks.answered.connect(lambda: self._take(check_answered(self._session)))
        self._checks.closed.connect(lambda: self._take(check_closed(self._session)))

    # -- what happened ---------------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        return self._session

    def happen(self, event: Event) -> None:
        old = self._session
        if isinstance(event, Welcome):
            self._translation.welcomed()
        self._take(after(old, event, self._now()))
        if isinstance(event, Caption) and event.remark is None:
            speaker = self._session.person(event.speaker)
            self._lines.hear(event, speaker.order if speaker else 0)
            if event.final and event.committed.strip():
                self.said.emit(event.name, event.committed.strip())
        if isinstance(event, Welcome):
            self._gallery.watch_again()
            self._say_language()
        if self._session.announcement is not old.announcement:
            self._announce()

    def prefer(
        self, *, hide_self: bool, finals_only: bool, sounds: bool, spoken: str = "", translation: bool = False
    ) -> None:
        """What this person chose to see and hear of meetings."""
        self._bell.wanted = sounds
        if spoken != self._spoken:
            self._spoken = spoken
            self._say_language()
        self._translation.wish(translation)
        self._gallery.hide_self(hide_self)
        self._lines.finals_only = finals_only

    def limit(self, quality: Quality) -> None:
        """How sharp faces are at most."""
        self._gallery.limit(quality)

    def _say_language(self) -> None:
        """The host is told once it knows us, and again after a reconnection; that it is to guess needs no telling."""
        me = self._session.me
        if me is not None and me.spoken != self._spoken:
            self.wanted.emit(SetSpoken(language=self._spoken))

    def tick(self) -> None:
        self.clock_changed.emit()
        self._gallery.tick()
        self._translation.tick()
        self._weigh_banner()

    def _take(self, session: Session) -> None:
        old, self._session = self._session, session
        self._follow(old, session)
        if session.level > FAINTEST_DBOV or not self._hears():
            self._heard_at = self._now()
        for signal, view in self._views():
            if view(old) != view(session):
                signal.emit()
        self._weigh_banner()

    def _views(self) -> tuple[tuple[SignalInstance, Callable[[Session], object]], ...]:
        """Which part of the session each signal is about."""
        return (
            (self.meeting_changed, lambda s: (s.meeting, s.you, s.link, s.hosting)),
            (self.media_changed, lambda s: s.local),
            (self.level_changed, lambda s: s.level),
            (self.captions_changed, lambda s: (s.captions, s.me and s.me.captions)),
            (self.consent_changed, lambda s: s.must_ask_consent),
            (self.hand_changed, lambda s: s.you in s.hands),
            (self.moved, lambda s: (s.link, s.ended, s.meeting)),
        )

    def _weigh_banner(self) -> None:
        weighed = banner(self._session, self._now())
        if weighed != self._closed:
            self._closed = Banner()
        if weighed != self._banner:
            self._banner = weighed
            self.banner_changed.emit()

    def _hears(self) -> bool:
        return self._session.local is not None and self._session.local.microphone

    def _sees(self) -> bool:
        return self._session.local is not None and self._session.local.camera

    def _announce(self) -> None:
        said = self._session.announcement
        if said:
            self.announced.emit(said.about.name.lower(), said.name, said.code, said.sentence)
            if (sound := self._bell.sound(said.about, self._now())) is not None:
                self.wanted.emit(commands.Ring(sound))

    # -- what QML reads --------------------------------------------------------------------------------------

    @Slot(str, result=str)
    def name_of(self, participant: str) -> str:
        """Of somebody who is here; else empty."""
        person = self._session.person(participant)
        return person.name if person else ""

    @Property(bool, notify=hand_changed)
    def hand(self) -> bool:
        """Whether the own hand is up."""
        return self._session.you in self._session.hands

    @Property(str, notify=meeting_changed)
    def title(self) -> str:
        return self._session.meeting.title if self._session.meeting else ""

    @Property(str, notify=meeting_changed)
    def code(self) -> str:
        """In two groups of four, as it is read aloud."""
        code = self._session.meeting.code if self._session.meeting else ""
        return f"{code[:4]} {code[4:]}".strip()

    @Property(bool, notify=meeting_changed)
    def hosting(self) -> bool:
        return self._session.hosting

    @Property(bool, notify=meeting_changed)
    def live(self) -> bool:
        return self._session.link is LinkState.LIVE

    @Property(str, notify=clock_changed)
    def elapsed(self) -> str:
        return clock(self._session.elapsed(self._now()))

    @Property(bool, notify=media_changed)
    def microphone(self) -> bool:
        return self._hears()

    @Property(bool, notify=media_changed)
    def camera(self) -> bool:
        return self._sees()

    @Property(float, notify=level_changed)
    def level(self) -> float:
        """How loud the own microphone is, 0 to 1."""
        return max(0.0, 1 - self._session.level / QUIET_DBOV)

    @Property(bool, notify=clock_changed)
    def unheard(self) -> bool:
        """The microphone is open and gives nothing at all: the wrong one, or switched off at itself."""
        return self._hears() and self._now() - self._heard_at > SILENT_FOR

    @Property(bool, notify=captions_changed)
    def captions_on(self) -> bool:
        """For the whole meeting."""
        return self._session.captions.on

    @Property(bool, notify=captions_changed)
    def captions_shown(self) -> bool:
        """Here, for this reader."""
        return self._session.captions.on and self._captions_shown

    @Property(bool, notify=captions_changed)
    def captioned(self) -> bool:
        """Whether the own voice is."""
        return self._session.me is not None and self._session.me.captions is Consent.YES

    @Property(list, notify=captions_changed)
    def workers(self) -> list[dict[str, Any]]:
        """Which programs hear what people say (`sfu.wire` CaptionsWorker)."""
        return [worker.model_dump() for worker in self._session.captions.workers]

    @Property(bool, notify=captions_changed)
    def captions_small(self) -> bool:
        """The recogniser is one of those that often mishear other languages than English; or none is known yet."""
        return self._session.captions.model in SMALL_MODELS

    @Property(bool, notify=consent_changed)
    def must_ask(self) -> bool:
        return self._session.must_ask_consent

    @Property(str, notify=banner_changed)
    def trouble(self) -> str:
        return "" if self._banner == self._closed else self._banner.trouble.value

    @Property(str, notify=banner_changed)
    def trouble_sentence(self) -> str:
        return self._banner.sentence

    @Property(int, notify=banner_changed)
    def trouble_seconds(self) -> int:
        return self._banner.seconds

    @Property(int, notify=clock_changed)
    def delay(self) -> int:
        """Whole seconds that captions lag; 0 while nobody would notice."""
        behind = delay(self._session, self._now())
        return round(behind) if behind >= NOTICEABLE else 0

    # -- what the person asks for ----------------------------------------------------------------------------

    @Slot()
    def toggle_microphone(self) -> None:
        self.wanted.emit(commands.SetMicrophone(not self._hears()))

    @Slot()
    def toggle_camera(self) -> None:
        self.wanted.emit(commands.SetCamera(not self._sees()))

    @Slot(bool)
    def talk(self, held: bool) -> None:
        """Push to talk: the microphone is open while the key is held, if it was muted before."""
        if held and not self._hears() and not self._talking:
            self._talking = True
            self.wanted.emit(commands.SetMicrophone(True))
        elif not held and self._talking:
            self._talking = False
            self.wanted.emit(commands.SetMicrophone(False))

    @Slot()
    def toggle_hand(self) -> None:
        self.wanted.emit(commands.RaiseHand(self._session.you not in self._session.hands))

    @Slot(str, str)
    def write(self, text: str, to: str) -> None:
        """To everybody, or to one person; nothing but blanks is not sent."""
        if text.strip():
            self.wanted.emit(commands.Chat(text.strip()[:MAX_CHAT], to or None))

    @Slot()
    def toggle_captions(self) -> None:
        """Shows or hides them here; where there are none yet, the host starts them for everybody."""
        if self._session.captions.on:
            self._captions_shown = not self._captions_shown
            self.captions_changed.emit()
        elif self._session.hosting:
            self._captions_shown = True
            self.wanted.emit(commands.SetCaptions(True))

    @Slot()
    def stop_captions(self) -> None:
        self.wanted.emit(commands.SetCaptions(False))

    @Slot(bool)
    def answer(self, allowed: bool) -> None:
        """The captions notice was shown, and this is what the person said."""
        self.wanted.emit(commands.AnswerConsent(allowed))
        self._take(answered(self._session))

    @Slot()
    def close_banner(self) -> None:
        if self._banner.trouble in (Trouble.ASKED, Trouble.ASKED_CAMERA):
            self._take(not_now(self._session))
        else:
            self._closed = self._banner
            self.banner_changed.emit()

    @Slot()
    def act_on_banner(self) -> None:
        """What the banner's one button does."""
        match self._banner.trouble:
            case Trouble.ASKED | Trouble.MUTED:
                self.wanted.emit(commands.SetMicrophone(True))
            case Trouble.ASKED_CAMERA:
                self.wanted.emit(commands.SetCamera(True))
            case Trouble.HOWL:
                self.wanted.emit(commands.SetMicrophone(False))

    @Slot(str)
    def export(self, form: str) -> None:
        self.export_wanted.emit(form)

    @Slot()
    def leave(self) -> None:
        self.wanted.emit(commands.Leave())

    @Slot()
    def end(self) -> None:
        self.wanted.emit(commands.EndMeeting())
