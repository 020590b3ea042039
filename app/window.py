"""`parley run` and `parley join LINK`: the window's composition root.

Qt, fonts, language, the person's choices, the QML scene and the desk that connects it with engine and host are made
here and put together; nothing is decided here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from app import memory, preferences
from app.awake import Awake
from app.background import Background
from app.carried import Stick
from app.children import HostProcess, host_program
from app.desk import Desk, Engine, MakeEngine
from app.lookout import look_out
from app.readahead import Readahead
from app.scripted import Options, Script, parse, web_link
from app.session.sharing import Shareable
from app.single import Opener, Single, hand_over
from app.support import Support
from app.ui import fonts, place, words
from app.ui.scene import Scene
from app.ui.talk_key import TalkKey
from app.ui.tray import Tray
from app.viewmodels.parley import Facts
from app.viewmodels.preferences import PreferencesModel
from app.weights import Weights
from models.registry import Registry, default_data_dir, default_models_dir
from sfu.rtp.errors import UserError

if TYPE_CHECKING:
    from app.engine.bridge import LookoutThread
    from app.engine.files import Schedule
    from app.engine.sources import Speaker
    from app.instruments import Instruments

log = logging.getLogger(__name__)

CAPTIONS_MODEL = "whisper-base"
PULSE_MS = 200
SHOWN_BY_MS = 3_000
"""By then it is not waited any longer for the first frame of a window that nobody sees."""


def choose_platform() -> None:
    """Without a display Qt would abort: then the window is drawn where nobody sees it, and can still be pictured."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def notice() -> str:
    """Whose work is in this program; beside the sources, or with what was installed."""
    with contextlib.suppress(OSError):
        return (Path(__file__).resolve().parents[1] / "NOTICE").read_text("utf-8")
    with contextlib.suppress(OSError, metadata.PackageNotFoundError):
        return metadata.distribution("parley").read_text("licenses/NOTICE") or ""
    return ""


class Program:
    """The running program.  Everything QML is given is owned here, for as long as it runs."""

    def __init__(self, data_dir: Path, make_engine: MakeEngine) -> None:
        memory.bound()
        choose_platform()
        self.app = QApplication([sys.argv[0]])
        self.app.setApplicationName("Parley")
        self.app.setDesktopFileName("parley")
        self._data_dir = data_dir
        self._lookout: LookoutThread | None = None
        self._later: list[Callable[[], None]] = []
        self._ends = contextlib.ExitStack()
        self._keeper = preferences.Keeper(data_dir)
        self.preferences = PreferencesModel(preferences.load(data_dir), self._keeper.keep)
        self._translation = words.Translation()
        self._follow_system()
        self._speak()
        self.app.styleHints().colorSchemeChanged.connect(self._follow_system)
        # Before the scene's own handlers, so that screens are built anew in the new language.
        self.preferences.language_changed.connect(self._speak)
        self.desk = Desk(self.preferences, make_engine, self._make_host, Facts(str(data_dir), notice(), CAPTIONS_MODEL))
        self.scene = Scene(self.desk.parley, self.desk.pictures)
        self.preferences.language_changed.connect(self.scene.retranslate)
        place.restore(self.scene.window, self.preferences.chosen.window)
        tray = Tray(self.desk) if Tray.available() else None
        self._background = Background(self.desk, self.scene.window, tray, Awake())
        self._talk_key = TalkKey(
            self.scene.window, lambda: self.desk.parley.talk_keys, self._may_talk, self.desk.talk
        )
        self._ahead = Readahead(self.desk)
        self._ahead.over.connect(self._loaded, Qt.ConnectionType.QueuedConnection)

    def weigh(self, registry: Registry) -> None:
        """Looks at which weights are here, and gets those that the person asks for, or brings on a stick."""
        try:
            weights = Weights(registry, self.desk.models)
            stick = Stick(registry, self.desk.models.stick, CAPTIONS_MODEL)
            stick.brought.connect(weights.look)
            stick.ask(ask_bundle, ask_folder, ask_where)
        except UserError as error:
            log.warning("cannot tell which models are here", extra={"code": error.code})

    def remember_meetings(self, data_dir: Path) -> None:
        """What was held on this computer can be read, searched and deleted."""
        from app.borrowing import Borrowing  # with them comes the player, and with that the engine
        from app.history import History
        from app.playing import Playing, Projector

        projector = Projector(self._make_speaker, lambda: self.desk.pictures.planar)
        playing = Playing(self.desk.parley.cinema, self.preferences, projector, self.desk)
        self._history = History(self.desk.parley.past, data_dir, self.desk.choose_file, playing)
        borrowing = Borrowing(self.desk.parley.borrowed, playing, self.desk.shelf, self.desk)
        self._ends.callback(borrowing.close)
        self._ends.callback(self._history.close)  # where a recording was left is kept

    def help(self, data_dir: Path) -> None:
        """A report for whoever helps can be saved, and a newer version asked for where an administrator allows it."""
        self._support = Support(self.desk.parley.help, data_dir, lambda suggestion: self.desk.choose_file(suggestion))

    def run(self) -> int:
        """Until the window is closed or the process is told to go."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.app.quit())
        # Python runs its signal handlers between two of its own instructions; an idle Qt loop executes none.
        pulse = QTimer(self.desk)
        pulse.timeout.connect(lambda: None)
        pulse.start(PULSE_MS)
        self.scene.window.frameSwapped.connect(self._ahead.begin, Qt.ConnectionType.SingleShotConnection)
        QTimer.singleShot(SHOWN_BY_MS, self._ahead.begin)
        status = self.app.exec()
        self._ahead.over.disconnect()
        if self._lookout is not None:
            self._lookout.stop()
        self.preferences.choose("window", place.described(self.scene.window))
        self.desk.finish("", "")
        self.scene.window.hide()
        self._ahead.wait()
        self.desk.partings.wait()
        self._ends.close()
        self._background.close()
        self.scene.close()
        self._keeper.close()
        return status

    def later(self, act: Callable[[], None]) -> None:
        """Once the window is on screen and what is heavy has been loaded.  Before `run`."""
        self._later.append(act)

    def _loaded(self) -> None:
        self._lookout = look_out(self.desk.home)
        for act in self._later:
            QTimer.singleShot(0, self.desk, act)

    def answer(self, single: Single) -> None:
        """Another start on this computer: the window comes forward, with the link if there was one."""
        single.called.connect(self._called)
        self._opener = Opener(self.app)
        self._opener.called.connect(self._called)

    def _called(self, link: str) -> None:
        self._background.show()
        if link and not self.desk.meets:
            self.desk.home.prefill(web_link(link))

    def _may_talk(self) -> bool:
        """Whether the space bar may open the microphone now: not while a dialog asks something."""
        return self.desk.meets and not self.scene.window.property("asking")

    def _make_host(self, title: str, port: int) -> HostProcess:
        return HostProcess(host_program(title, self._data_dir, port, self.preferences.chosen.setting), self.desk)

    def _make_speaker(self) -> Speaker:
        from app.engine.playback.player import SPEAKER_AHEAD
        from app.engine.speaker import SystemSpeaker

        return SystemSpeaker(self.preferences.chosen.speaker_device, SPEAKER_AHEAD)

    def _follow_system(self) -> None:
        hints = self.app.styleHints()
        accessibility = getattr(hints, "accessibility", None)  # Qt 6.10
        contrast = accessibility is not None and accessibility().contrastPreference().name == "HighContrast"
        dark = hints.colorScheme().name == "Dark"
        self.preferences.follow_system(dark=dark, contrast=contrast, language=words.system_language())

    def _speak(self) -> None:
        language = str(self.preferences.language)
        self._translation.speak(language)
        fonts.choose(language)


def ask_where(suggestion: str) -> str:
    """The system's own dialog; empty when it was closed."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, _ = QFileDialog.getSaveFileName(None, "", str(Path(folder) / suggestion))
    return path


def ask_which() -> list[str]:
    """Files to share, by the system's own dialog; none when it was closed."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    paths, _ = QFileDialog.getOpenFileNames(None, "", folder)
    return paths


def ask_bundle() -> str:
    """A file that `parley models bundle` made; empty when the dialog was closed."""
    path, _ = QFileDialog.getOpenFileName(None, "", "", "ZIP (*.zip);;* (*)")
    return path


def ask_folder() -> str:
    """Empty when the dialog was closed."""
    return QFileDialog.getExistingDirectory(None, "")


def shareable_screens() -> tuple[Shareable, ...]:
    from app.screens import shareable  # Qt's multimedia: not before somebody wants to share

    return shareable()


def engine_maker(options: Options, schedule: Schedule | None = None) -> MakeEngine:
    """Makes the engine with this computer's devices, or with a file, played as `schedule` says, in their place."""
    made: list[Instruments] = []

    def make(owner: QObject) -> Engine:
        from app.instruments import Instruments  # heavy: loaded when the window stands, at the latest now

        if not made:
            made.append(Instruments(options, schedule))
        return made[0].engine(owner)

    return make


def main(argv: Sequence[str]) -> int:
    """Exit status 0: all went well.  2: a scripted run could not take part, and a sentence said why."""
    options = parse(argv)
    if options.models is not None:
        os.environ["PARLEY_MODELS"] = str(options.models.resolve())   # a host started from here looks there too
    schedule = None
    if options.media is not None:
        from app.engine.files import Schedule, open_media

        open_media(options.media).close()
        schedule = Schedule()
    data_dir = options.data or default_data_dir()
    if options.profile:
        data_dir = data_dir / "profiles" / options.profile
    if not options.scripted and hand_over(data_dir, options.link):
        return 0
    program = Program(data_dir, engine_maker(options, schedule))
    desk = program.desk
    if not options.scripted:
        program.answer(Single(data_dir, desk))
    script = Script(options, desk, program.scene.window, schedule)
    if options.media is not None:
        desk.begin_with = (True, True)
    desk.look_for_screens = shareable_screens
    desk.choose_file = ask_where
    desk.choose_files = ask_which
    program.later(lambda: program.remember_meetings(data_dir))
    program.help(data_dir)
    program.weigh(Registry(default_models_dir()))
    desk.home.prefill(options.link)
    if not options.link:
        desk.parley.greet()
    if options.link and (name := options.name or program.preferences.chosen.name):
        script.begin(name)
    return program.run() or script.status
