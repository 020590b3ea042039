"""What the programs of a meeting cost the computer they run on: measured while this computer is the meeting room.

The system is asked every two seconds, for our own few processes and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import psutil
from PySide6.QtCore import QObject, QTimer

from app.viewmodels.load import LoadModel, ProgramRow

EVERY_MS = 2_000
STARTED = "started"
WINDOW, HOST = "window", "host"


class LoadWatch(QObject):
    """`place` says which programs there are; `begin` and `end` bound the looking."""

    def __init__(self, model: LoadModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._processes: dict[str, psutil.Process | None] = {}
        self._states: dict[str, str] = {}
        self._clock = QTimer(self)
        self._clock.setInterval(EVERY_MS)
        self._clock.timeout.connect(self.look)

    def begin(self, host: int, children: Mapping[str, int]) -> None:
        """Process ids: the host's, and those of its programs by name."""
        self.place(WINDOW, STARTED, psutil.Process().pid)
        self.place(HOST, STARTED, host)
        for name, pid in children.items():
            self.place(name, STARTED, pid)
        self.look()
        self._clock.start()

    def place(self, name: str, state: str, pid: int) -> None:
        """A program was started, died, or was given up."""
        self._states[name] = state
        self._processes[name] = _process(pid) if state == STARTED else None

    def end(self) -> None:
        self._clock.stop()
        self._processes.clear()
        self._states.clear()
        self._model.show((), 0, 0)

    def look(self) -> None:
        rows = [
            ProgramRow(name, _of(process, _cpu), _of(process, _memory), self._states[name])
            for name, process in self._processes.items()
        ]
        self._model.show(rows, round(psutil.cpu_percent(None)), psutil.cpu_count() or 1)


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _of(process: psutil.Process | None, measure: Callable[[psutil.Process], int]) -> int:
    """0 for what has just gone."""
    if process is None:
        return 0
    try:
        return measure(process)
    except psutil.Error:
        return 0


def _cpu(process: psutil.Process) -> int:
    return int(process.cpu_percent(None))  # since the last look


def _memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss) >> 20
