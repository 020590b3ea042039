"""One window a person: a second start hands its link to the first and goes away.

The first listens on a local socket whose name is made from the data folder, so that profiles do not meet; only the
same user may connect.  What comes in is one link or nothing; nothing else is believed.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

MAX_LINK = 2_048
# Longer than any repaint of the first window keeps it from answering.
WAIT_MS = 2_000
HEARD = b"!"


class Single(QObject):
    """The first window's ear.  `called` with the second's link, or "" when it was merely started again."""

    called = Signal(str)

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        # Left behind by a window that was killed; `hand_over` has just found nobody there.
        QLocalServer.removeServer(address(data_dir))
        if not self._server.listen(address(data_dir)):
            log.warning("a second start will open a second window", extra={"reason": self._server.errorString()})

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda caller=caller: self._hear(caller))
            caller.disconnected.connect(caller.deleteLater)

    def _hear(self, caller: QLocalSocket) -> None:
        if caller.bytesAvailable() > MAX_LINK:
            caller.abort()
            return
        if caller.canReadLine():
            line = bytes(caller.readLine(MAX_LINK).data()).decode("utf-8", "replace").strip()
            caller.write(HEARD)
            caller.disconnectFromServer()
            self.called.emit(line)


class Opener(QObject):
    """macOS hands a `parley:` link to the running program as an event.  `called` with the link; keep it alive."""

    called = Signal(str)

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.called.emit(event.url().toString()[:MAX_LINK])
            return True
        return False


def hand_over(data_dir: Path, link: str) -> bool:
    """Whether a window of this data folder is open already and has taken the link."""
    caller = QLocalSocket()
    caller.connectToServer(address(data_dir))
    if not caller.waitForConnected(WAIT_MS):
        return False
    caller.write(f"{link[: MAX_LINK - 1]}\n".encode())
    caller.flush()
    return caller.waitForReadyRead(WAIT_MS) and bytes(caller.readAll().data()) == HEARD


def address(data_dir: Path) -> str:
    return f"parley-{hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:24]}"
