"""What a meeting leaves behind: an engine that says goodbye, then a host that closes its room.

Both take up to seconds, longest when the network has gone, and the window's thread waits for neither.  Only who comes
next does (a microphone is opened by one at a time, and the usual port must be free again), and the program's end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from app.children import HostProcess


class Parting(Protocol):
    """How `app.engine.bridge.EngineThread` ends."""

    ended: Any

    def stop(self) -> None: ...
    def wait(self) -> None: ...
    def deleteLater(self) -> None: ...


class Partings(QObject):
    """Sees them out, and remembers them until they have gone."""

    closed = Signal()
    """A host has gone: whoever waited for its port may begin."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engines: list[Parting] = []
        self.hosts: list[HostProcess] = []

    def begin(self, engine: Parting | None, host: HostProcess | None, parted: Callable[[], None]) -> None:
        """`parted` is called when the engine has ended; not without one."""
        if host is not None:
            self.hosts.append(host)
            host.gone.connect(lambda: self._closed(host))
        if engine is None:
            _close(host)
            return

        def ended() -> None:
            self.engines.remove(engine)
            parted()
            engine.deleteLater()
            _close(host)

        self.engines.append(engine)
        engine.ended.connect(ended)
        engine.stop()

    def wait(self) -> None:
        """Until all have gone, which takes some seconds at most."""
        for engine in tuple(self.engines):
            engine.wait()
        for host in tuple(self.hosts):
            host.wait()

    def _closed(self, host: HostProcess) -> None:
        if host in self.hosts:
            self.hosts.remove(host)
            host.deleteLater()
            self.closed.emit()


def _close(host: HostProcess | None) -> None:
    if host is not None:
        host.stop()
