"""The host process of a meeting that this computer is the room of: started, watched, stopped.

It is a program of its own, so that a window that hangs or crashes never drops a packet of the others.  It dies with
us: its standard input is our end of a pipe.  No meeting logic here; what it says is passed on as sentences.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from sfu.roles import command

log = logging.getLogger(__name__)

USUAL_PORT = 7443
"""The host's own default: people who open their firewall for Parley open this one."""
ANY_PORT = 0
STOP_MS = 5_000
MAX_LINE = 65_536
NEVER_SPOKE = "The meeting could not be started on this computer. `parley doctor` says what is wrong."
DIED = "The meeting ended because its program on this computer stopped."


class HostProcess(QObject):
    """`start` once; then exactly one of `ready` or `failed`, and after `ready` at most one `failed`."""

    ready = Signal(object)
    """The facts of the first line: link, code, port, host_token…"""
    failed = Signal(str, str)
    """Code, sentence."""
    placed = Signal(str, str, int)
    """One of its programs: name, state (started, died, given up), process id."""
    warned = Signal(str)
    """Others may not get in, and what to do."""
    gone = Signal()
    """After `stop`: no process is left, and its port is free."""

    def __init__(self, program: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.setProgram(program[0])
        self._process.setArguments(list(program[1:]))
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._could_not)
        self._is_ready = False
        self._over = False

    def start(self) -> None:
        self._process.start()

    def stop(self) -> None:
        """Asks it to end the meeting, and ends it by force when it takes more than a few seconds."""
        self._over = True
        if self._process.state() is QProcess.ProcessState.NotRunning:
            self.gone.emit()
            return
        self._process.closeWriteChannel()
        self._process.terminate()
        QTimer.singleShot(STOP_MS, self, self._force)

    def wait(self) -> None:
        """Until it has gone; after `stop`."""
        if not self._process.waitForFinished(STOP_MS):
            self._force()
            self._process.waitForFinished(STOP_MS)

    def _force(self) -> None:
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            log.warning("host did not stop in time", extra={"pid": self._process.processId()})
            self._process.kill()

    def _read(self) -> None:
        while self._process.canReadLine():
            self._understand(bytes(self._process.readLine(MAX_LINE).data()))

    def _understand(self, line: bytes) -> None:
        try:
            said: dict[str, Any] = json.loads(line)
            event = said["event"]
        except (ValueError, KeyError, TypeError):
            log.warning("host said something that is not an event")
            return
        if event == "ready" and not self._is_ready:
            self._is_ready = True
            self.ready.emit(said)
        elif event == "firewall" and said.get("sentence"):
            self.warned.emit(" ".join([str(said["sentence"]), *map(str, said.get("rules", []))]))
        elif event == "child":
            self.placed.emit(str(said.get("name", "")), str(said.get("state", "")), int(said.get("pid") or 0))
        elif event == "error":
            self._fail(str(said.get("code", "")), str(said.get("sentence", NEVER_SPOKE)))

    def _finished(self) -> None:
        self._read()
        if self._over:
            self.gone.emit()
        self._fail(*(("ended", DIED) if self._is_ready else ("start_failed", NEVER_SPOKE)))

    def _could_not(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._fail("start_failed", NEVER_SPOKE)

    def _fail(self, code: str, sentence: str) -> None:
        if not self._over:
            self._over = True
            self.failed.emit(code, sentence)


def host_program(title: str, data_dir: Path, port: int, setting: str) -> list[str]:
    """The command that holds a meeting.  `setting`: work, school or private; who has not said is at work."""
    arguments = ["--title", title or "Meeting", "--port", str(port), "--data", str(data_dir)]
    return command("sfu.host", *arguments, "--setting", setting or "work", "--json", "--with-parent")
