"""A window that is used by nobody: joins, takes its own portrait at a given meeting time, leaves, reports.

The demo and the system tests see the real window this way.  The script only presses what a person could press.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from app.desk import Desk, Engine
from app.engine.journal import write_report
from app.session.events import Event
from sfu.wire.messages import Welcome

if TYPE_CHECKING:
    from app.engine.files import Schedule

log = logging.getLogger(__name__)

HOST_TOKEN = "PARLEY_HOST_TOKEN"
BEAT_MS = 50
LEAVE_MS = 4_000
USER_ERROR = 2


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture of the window at this meeting time, in seconds."""

    path: Path
    at: float


@dataclass(frozen=True, slots=True)
class Options:
    link: str = ""
    name: str = ""
    media: Path | None = None
    data: Path | None = None
    profile: str = ""
    start_at: float = 0.0
    consent: bool | None = None
    seconds: float | None = None
    portraits: tuple[Portrait, ...] = ()
    report: Path | None = None
    models: Path | None = None

    @property
    def scripted(self) -> bool:
        """Whether nobody sits before it: then it fails with an exit status instead of waiting at home."""
        return self.seconds is not None or self.report is not None or bool(self.portraits)


class Script(QObject):
    """Follows the options on a desk; `status` is the exit status afterwards."""

    def __init__(self, options: Options, desk: Desk, window: QQuickWindow, schedule: Schedule | None) -> None:
        super().__init__(desk)
        self.status = 0
        self._options = options
        self._desk = desk
        self._window = window
        self._schedule = schedule
        self._portraits = sorted(options.portraits, key=lambda portrait: portrait.at)
        self._ends_at = None if options.seconds is None else time.monotonic() + options.seconds
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self.step)
        desk.on_event = self._happened
        desk.on_parting = self._parted

    def begin(self, name: str) -> None:
        self._beat.start()
        self._desk.join(self._options.link, name, host_token=os.environ.get(HOST_TOKEN, ""))

    def _happened(self, event: Event) -> None:
        meeting = self._desk.meeting
        if not isinstance(event, Welcome) or meeting is None:
            return
        if self._schedule is not None and self._schedule.begin is None:
            self._schedule.begin = meeting.session.began + self._options.start_at
        if self._options.consent is not None:
            meeting.answer(self._options.consent)

    def step(self) -> None:
        """What is due now."""
        meeting = self._desk.meeting
        if meeting is None:
            return
        now = time.monotonic()
        elapsed = meeting.session.elapsed(now)
        while self._portraits and meeting.session.meeting and elapsed >= self._portraits[0].at:
            self._draw(self._portraits.pop(0).path)
        if self._ends_at is not None and now >= self._ends_at:
            self._ends_at = None
            meeting.leave()
            QTimer.singleShot(LEAVE_MS, self, self._leave_anyway)

    def _leave_anyway(self) -> None:
        if self._desk.engine is not None:
            self._desk.finish("", "")

    def _draw(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grabWindow().save(str(path)):
            log.error("the picture could not be written", extra={"path": str(path)})

    def _parted(self, engine: Engine, code: str, sentence: str) -> None:
        """It is over; `code` other than "ended" says that it was not meant to be."""
        if self._options.report is not None:
            started = self._schedule.media_started if self._schedule is not None else None
            report = {**engine.report(), "name": self._options.name, "media_started": started}
            write_report(self._options.report, report)
        if not self._options.scripted:
            return
        if code not in ("", "ended"):
            print(sentence or f"The meeting ended early ({code}).", file=sys.stderr)
            self.status = USER_ERROR
        self._beat.stop()
        QGuiApplication.exit(self.status)


def parse(argv: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="parley join", description="The window; with a link it joins that meeting.")
    parser.add_argument("link", nargs="?", default="", help="the meeting's link")
    parser.add_argument("--join", default="", metavar="LINK", help="the same")
    parser.add_argument("--name", default="", help="the name that others see (default: the one used last)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="your choices and keys (default: $PARLEY_DATA)")
    parser.add_argument("--models-dir", type=Path, metavar="DIR", help="weights (default: $PARLEY_MODELS)")
    parser.add_argument("--profile", type=_profile, metavar="NAME",
                        help="choices of their own, beside yours: a second window on this computer")
    script = parser.add_argument_group("for demos and tests")
    script.add_argument("--media", type=Path, metavar="FILE", help="plays in place of camera and microphone")
    script.add_argument("--start-at", type=float, default=0.0, metavar="S", help="play it at this meeting time")
    script.add_argument("--consent-captions", choices=("yes", "no"), help="answer to the captions notice")
    script.add_argument("--seconds", type=float, help="leave after so many seconds")
    script.add_argument("--screenshot", type=_portrait, action="append", default=[], metavar="PATH@S",
                        help="a picture of the window at this meeting time; may be given again")
    script.add_argument("--report", type=Path, help="write what was seen and heard to this JSON file")
    given = parser.parse_args(argv)
    consent = None if given.consent_captions is None else given.consent_captions == "yes"
    options = Options(web_link(given.join or given.link), given.name, given.media, given.data, given.profile or "",
                      given.start_at, consent, given.seconds, tuple(given.screenshot), given.report, given.models_dir)
    if options.scripted and not (options.link and options.name):
        parser.error("--seconds, --screenshot and --report need a link and --name")
    return options


def web_link(link: str) -> str:
    """`parley:` links, as the system hands them to us, are the web page's own with another beginning."""
    scheme, colon, rest = link.partition(":")
    return f"https:{rest}" if colon and scheme.lower() == "parley" else link


def _profile(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", name):
        raise argparse.ArgumentTypeError("letters, digits, - and _, at most 32")
    return name


def _portrait(text: str) -> Portrait:
    path, _, seconds = text.rpartition("@")
    try:
        at = float(seconds)
    except ValueError:
        path = ""
    if not path:
        raise argparse.ArgumentTypeError("expected PATH@SECONDS, such as meeting.png@30")
    return Portrait(Path(path), at)
