"""One window's business: at home, or in one meeting.

Everything meets here and little is decided here: what happened goes to the view models, what the person wants goes to
the engine, and each begins and ends in the right order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.children import ANY_PORT, USUAL_PORT, HostProcess
from app.engine.invite import Invite, parse_wanted
from app.exporting import save, suggested
from app.load import LoadWatch
from app.partings import Parting, Partings
from app.preferences import Recent
from app.session import commands
from app.session.commands import Noise, Quality, SetSound
from app.session.events import Event, HostTrusted, HostUnverified, HostWarned, LinkChanged, LinkState
from app.ui import fonts
from app.ui.video import Image, Pictures
from app.viewmodels.devices import PREFERENCE
from app.viewmodels.gallery import SELF
from app.viewmodels.home import Busy, HomeModel, RecentRow
from app.viewmodels.meeting import MeetingModel
from app.viewmodels.models import ModelsModel
from app.viewmodels.parley import Facts, ParleyModel
from app.viewmodels.preferences import PreferencesModel
from app.viewmodels.sharing import Look
from sfu.wire.messages import Waiting, Welcome

if TYPE_CHECKING:
    from app.engine.playback.remote import Shelf

TICK_MS = 1_000
OVER = (LinkState.LEFT, LinkState.FAILED)
NO_FACTS = Facts()


class Engine(Parting, Protocol):
    """What the window asks of `app.engine.bridge.EngineThread`, or of what stands in for it in a test."""

    happened: Any
    pictured: Any
    planar: bool
    """Pictures come in planes, for a graphics card."""
    broke: Any

    def start(self, after: Sequence[Any] = ()) -> None: ...
    def send(self, command: commands.Command) -> None: ...
    def report(self) -> dict[str, Any]: ...


MakeEngine = Callable[[QObject], Engine]
MakeHost = Callable[[str, int], HostProcess]


class Desk(QObject):
    """`host` and `join` begin, `finish` ends whatever is going on."""

    def __init__(
        self, chosen: PreferencesModel, make_engine: MakeEngine, make_host: MakeHost, facts: Facts = NO_FACTS
    ) -> None:
        super().__init__()
        self.home = HomeModel(self)
        self.models = ModelsModel(facts.needed_model, self)
        self.parley = ParleyModel(self.home, chosen, self.models, facts, self)
        self.pictures = Pictures(self)
        self.meeting: MeetingModel | None = None
        self.engine: Engine | None = None
        self.look_for_screens: Look = tuple
        """Which screens and windows of this computer can be shared."""
        self.choose_file: Callable[[str], str] = lambda suggestion: ""
        """Asks the person where to save something; empty: they changed their mind."""
        self.choose_files: Callable[[], Sequence[str]] = tuple
        """Asks the person for files to share."""
        self.open_path: Callable[[str], object] = lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(path))
        """A file, with the program that the system has for it, or a folder."""
        self.begin_with: tuple[bool, bool] | None = None
        """Microphone and camera at the start, where that is not for the person to choose."""
        self.on_event: Callable[[Event], None] = lambda event: None
        self.on_parting: Callable[[Engine, str, str], None] = lambda engine, code, sentence: None
        """Called with an engine that has stopped, and why: a code and a sentence, empty if it was wished."""
        self._chosen = chosen
        self._make_engine = make_engine
        self._make_host = make_host
        self._host: HostProcess | None = None
        self.partings = Partings(self)
        self.partings.closed.connect(self._open)
        self._link = ""
        self._key: str | None = None
        self._closing = False
        self._leaving = False
        self._entered = False
        self._trying = False
        self._go: Callable[[], None] = lambda: None
        self._sound, self._blurred, self._quality = SetSound(), False, Quality.BEST
        self._watch = LoadWatch(self.parley.room_load, self)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        chosen.changed.connect(self._prefer)
        self.home.forgotten.connect(chosen.forget)
        self.home.joining_wanted.connect(self._join_and_remember)
        self.home.hosting_wanted.connect(self._host_and_remember)
        self.home.cancelled.connect(lambda: self.finish("", ""))
        self.home.verified.connect(lambda agree: self._obey(commands.TrustHost(agree)))
        self.parley.going_wanted.connect(lambda: self._go())
        self.parley.back_wanted.connect(lambda: self.finish("", ""))
        self.parley.trying_wanted.connect(self._try_out)
        self.parley.closing_changed.connect(self._set_closing)
        self._prefer()
        self.parley.open_wanted.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))
        self.parley.copy_wanted.connect(lambda text: QGuiApplication.clipboard().setText(text))

    # -- beginnings ------------------------------------------------------------------------------------------

    def host(self, title: str, name: str, port: int = USUAL_PORT) -> None:
        """Makes this computer the meeting room and walks in."""
        self.home.wait(Busy.STARTING)
        host = self._make_host(title, port)
        self._host = host
        host.ready.connect(lambda facts: self._opened(facts, name))
        host.warned.connect(self._warned)
        host.placed.connect(self._watch.place)
        host.failed.connect(lambda code, sentence: self._host_failed(title, name, port, code, sentence))
        self._open()

    def _open(self) -> None:
        """Not while the last meeting's host may still have the port."""
        if self._host is not None and not self.partings.hosts:
            self._host.start()

    def _warned(self, sentence: str) -> None:
        if self.meeting is not None:
            self.meeting.happen(HostWarned(sentence))

    def _opened(self, facts: dict[str, Any], name: str) -> None:
        self.parley.vouch(str(facts.get("trust", "")), str(facts.get("authority", "")))
        self._watch.begin(int(facts.get("pid", 0)), facts.get("children", {}))
        self.join(str(facts["link"]), name, host_token=str(facts["host_token"]))

    def join(self, link: str, name: str, passcode: str = "", host_token: str = "") -> None:
        self.home.wait(Busy.JOINING)
        self._enter(commands.Join(link, name, host_token, passcode))

    def _host_and_remember(self, title: str, name: str) -> None:
        self._chosen.call_me(name)
        self._get_ready(title or name, lambda: self.host(title, name))

    def _join_and_remember(self, link: str, name: str, passcode: str) -> None:
        self._chosen.call_me(name)
        self._get_ready(link.partition("#")[0], lambda: self.join(link, name, passcode))

    def _get_ready(self, title: str, go: Callable[[], None]) -> None:
        """Devices are tried first, unless the person wants to walk straight in."""
        self._go = go
        if self._chosen.chosen.preview:
            self.parley.get_ready(self._set_up(), title)
        else:
            go()

    def _try_out(self, wanted: bool) -> None:
        """Without a meeting, from the settings."""
        if wanted and self.engine is None:
            self.parley.try_out(self._set_up())
            self._trying = True
        elif not wanted and self._trying:
            self.finish("", "")

    def _enter(self, join: commands.Join) -> None:
        self._link, self._leaving, self._entered, self._trying = join.link, False, False, False
        self.parley.invite(join.link, ())
        if self.engine is None:
            self._set_up()
        self._obey(join)

    def _set_up(self) -> MeetingModel:
        """An engine with its devices, and what shows them; for a meeting to come."""
        meeting = MeetingModel(fonts.ruler, time.monotonic, self.look_for_screens, self)
        engine = self._make_engine(self)
        self.meeting, self.engine = meeting, engine
        meeting.wanted.connect(self._obey)
        meeting.export_wanted.connect(self._export)
        meeting.shared.choosing.connect(lambda to: meeting.shared.share(self.choose_files(), to))
        meeting.shared.opening.connect(lambda path: self.open_path(path))
        meeting.device_chosen.connect(self._chosen.choose)
        # Bound to this engine: what the last one still had to say must not reach the next meeting.
        engine.happened.connect(lambda event: self._happened(engine, event))
        engine.pictured.connect(lambda source, image: self._pictured(engine, source, image))
        engine.broke.connect(lambda why: self._broke(engine))
        engine.planar = self.pictures.planar
        engine.start(self.partings.engines)
        self._prefer()  # it takes no orders before
        chosen = self._chosen.chosen
        for kind, name in PREFERENCE.items():
            if device := getattr(chosen, name):
                engine.send(commands.ChooseDevice(kind, device))
        microphone, camera = self.begin_with or (chosen.microphone, chosen.camera)
        engine.send(commands.SetMicrophone(microphone))
        engine.send(commands.SetCamera(camera))
        self._clock.start()
        return meeting

    def _prefer(self) -> None:
        """The person's choices about what is shown."""
        self.home.remembers([RecentRow(recent.title, recent.link) for recent in self._chosen.chosen.recent])
        if self.meeting is not None:
            chosen = self._chosen.chosen
            self.meeting.prefer(
                hide_self=chosen.hide_self, finals_only=chosen.finals_only, sounds=chosen.sounds, spoken=chosen.spoken,
                translation=chosen.translation,
            )
            self._process(SetSound(chosen.echo, Noise(chosen.noise), chosen.gain, chosen.notice_muted))
            if chosen.blur != self._blurred:
                self._blurred = chosen.blur
                self._obey(commands.Blur(chosen.blur))
            if chosen.quality != self._quality:
                self._quality = Quality(chosen.quality)
                self._obey(commands.SetQuality(self._quality))
                self.meeting.limit(self._quality)

    def _export(self, form: str) -> None:
        meeting = self.meeting
        about = meeting.session.meeting if meeting is not None else None
        if meeting is None or about is None:
            return
        chosen = self.choose_file(suggested(about.title, form))
        if not chosen:
            return
        path = Path(chosen).with_suffix(f".{form}")
        try:
            save(path, about, meeting.session.elapsed(time.monotonic()), meeting.session.transcript)
        except OSError:
            meeting.exported.emit(str(path), False)
        else:
            meeting.exported.emit(str(path), True)

    def _process(self, sound: SetSound) -> None:
        """Only what differs from what the engine does by itself, or did before, is said to it."""
        if sound != self._sound:
            self._sound = sound
            self._obey(sound)

    def _host_failed(self, title: str, name: str, port: int, code: str, sentence: str) -> None:
        if code == "busy_port" and port != ANY_PORT:
            if self._host is not None:
                self._host.deleteLater()
            self.host(title, name, ANY_PORT)
        else:
            self.finish(code, sentence)

    # -- a meeting -------------------------------------------------------------------------------------------

    def _happened(self, engine: Engine, event: Event) -> None:
        if self.meeting is None or engine is not self.engine:
            return
        self.meeting.happen(event)
        self.on_event(event)
        match event:
            case HostUnverified():
                self.home.verify(event.where, event.words, event.changed)
            case Waiting():
                self.home.wait_outside(event.title)
            case HostTrusted():
                self._link = event.link
                self.parley.invite(event.link, event.words)
            case Welcome(key=key) if self._entered:
                self._key = key  # it came back as somebody new
            case Welcome() if not self._entered:
                self._key = event.key
                self._entered = True
                if self._host is None:
                    self._chosen.remember(Recent(event.meeting.title, self._link))
                self.parley.enter(self.meeting, here=self._host is not None)
            case LinkChanged(state=state) if state in OVER:
                self._over(event)
        self._forget_faces()

    def _over(self, link: LinkChanged) -> None:
        ended = self.meeting.session.ended if self.meeting else None
        if link.state is LinkState.FAILED:
            self.finish(link.code, link.sentence)
        elif self._leaving and ended is None:
            self.finish("", "")
        else:
            self.finish("ended", ended or link.sentence)

    def _forget_faces(self) -> None:
        if self.meeting is not None:
            people = self.meeting.session.roster
            local = self.meeting.session.local
            sources = {f"{person.id}/camera" for person in people if person.camera}
            sources |= {f"{person.id}/screen" for person in people if person.screen}
            self.pictures.keep(sources | ({SELF} if local and local.camera else set()))

    def _pictured(self, engine: Engine, source: str, image: Image) -> None:
        if engine is self.engine:
            self.pictures.show(source, image)

    def _broke(self, engine: Engine) -> None:
        if engine is self.engine:
            self.finish("engine_broke", "")

    def _obey(self, command: commands.Command) -> None:
        self._leaving = self._leaving or isinstance(command, commands.Leave | commands.EndMeeting)
        if self.engine is not None:
            self.engine.send(command)

    def _tick(self) -> None:
        if self.meeting is not None:
            self.meeting.tick()

    def _set_closing(self, closing: bool) -> None:
        self._closing = closing or (self._closing and self._leaving)

    @property
    def meets(self) -> bool:
        """Whether a meeting is on screen."""
        return self.meeting is not None and self.meeting.session.meeting is not None

    def shelf(self) -> tuple[Shelf, str, str] | None:
        """Where recordings of the meeting that is on are, its id and its title; None: there is none."""
        meeting = self.meeting.session.meeting if self.meeting is not None else None
        if meeting is None or self._key is None:
            return None
        wanted = parse_wanted(self._link)
        if wanted.host is None or wanted.fingerprint is None:
            return None
        from app.engine.playback.remote import Shelf  # cryptography, for a connection that trusts one key only

        invite = Invite(wanted.host, wanted.port, meeting.code, wanted.fingerprint)
        return Shelf(invite, self._key), meeting.id, meeting.title

    def talk(self, held: bool) -> None:
        if self.meeting is not None:
            self.meeting.talk(held)

    # -- the end ---------------------------------------------------------------------------------------------

    def finish(self, code: str, sentence: str) -> None:
        """Back home from wherever we were; a code or a sentence says why, if nobody here wished it."""
        self._clock.stop()
        self._watch.end()
        self._trying, self._sound, self._blurred, self._quality = False, SetSound(), False, Quality.BEST
        self.parley.go_home()
        engine, self.engine = self.engine, None
        host, self._host = self._host, None
        meeting, self.meeting = self.meeting, None
        self.partings.begin(engine, host, lambda: self.on_parting(engine, code, sentence) if engine else None)
        if meeting is not None:
            meeting.deleteLater()
        self.pictures.keep(frozenset())
        if code or sentence:
            self.home.refuse(code, sentence)
        else:
            self.home.done()
        if self._closing:
            QGuiApplication.quit()
