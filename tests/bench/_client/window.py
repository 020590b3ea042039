"""The window under test: the program as people start it, with the bench's sound card in the place of PortAudio.

`python -m tests.bench._client.window DATA [RELAY_PORT [blocks]]` takes commands (see `Obedient`) and says what was on
screen when.  With a port, media goes to the host through the bench's relay; with `blocks`, what held up the window's
thread is told at the end.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from PySide6.QtCore import Q_ARG, QCoreApplication, QEvent, QMetaObject, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem

from app.scripted import Options
from app.ui.video import VideoTile
from app.window import Program, engine_maker
from tests.bench._client.blocks import Blocks, queued
from tests.bench._client.talk import listen, say

if TYPE_CHECKING:
    from app.engine.offer import Agreement, Identity
    from tests.bench._client.card import Card

PULSE_MS = 5
BUSY_MS = 120


class Obedient(QObject):
    """`join` and `leave`; `act` as a key would; `where` is a picture; `count` since the last count; `busy`; `sound`."""

    told = Signal(object)

    def __init__(self, program: Program, blocks: Blocks | None) -> None:
        super().__init__()
        self._blocks = blocks
        self._program = program
        self._card: Card | None = None
        self._waiting_for_first = self._first_came = False
        self._blocked = self._blocked_cpu = self._blocked_queued = 0.0
        self._pulsed, self._computed, self._queued = time.monotonic(), time.thread_time(), queued()
        self._turn = 0
        self._drawn: dict[str, int] = {}
        self._pulse = self._timer(PULSE_MS, self._beat)
        self._busy = self._timer(BUSY_MS, self._fidget)
        self._pulse.start()
        self.told.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        program.desk.begin_with = True, False
        program.desk.pictures.came.connect(self._came)
        program.scene.window.frameSwapped.connect(self._swapped)

    def equip(self, card: Card) -> None:
        """From now on commands are taken."""
        self._card = card
        listen(self.told.emit, lambda: self.told.emit({"do": "quit"}))

    def _timer(self, every: int, act: Any) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(every)
        timer.timeout.connect(act)
        return timer

    def _obey(self, told: dict[str, Any]) -> None:
        desk = self._program.desk
        self._does(told["do"])
        match told["do"]:
            case "join":
                self._waiting_for_first, self._first_came = True, False
                say(event="join", at=time.monotonic())
                desk.join(told["link"], "You")
            case "leave":
                desk.finish("", "")
                say(event="leave")
            case "where":
                say(event="where", tiles=[_place(tile) for tile in _tiles(self._program.scene.window.contentItem())])
            case "count":
                self._count()
            case "act":
                self._act(told["name"])
            case "busy":
                (self._busy.start if told["on"] else self._busy.stop)()
            case "sound":
                assert self._card is not None
                self._card.played.save(told["path"])
                say(event="sound")
            case "grab":
                self._program.scene.window.grabWindow().save(told["path"])
                say(event="grab")
            case "quit":
                for block in sorted(self._blocks.found, key=lambda block: block.lasted) if self._blocks else ():
                    print(block, file=sys.stderr, flush=True)
                self._program.app.quit()

    # -- what is seen ----------------------------------------------------------------------------------------

    def _came(self, source: str) -> None:
        self._first_came = self._waiting_for_first
        self._drawn[source] = self._drawn.get(source, 0) + 1

    def _swapped(self) -> None:
        if self._first_came:
            self._waiting_for_first = self._first_came = False
            say(event="pictured", at=time.monotonic())

    # -- what is counted -------------------------------------------------------------------------------------

    def _beat(self) -> None:
        now, computed, waited = time.monotonic(), time.thread_time(), queued()
        lasted = now - self._pulsed - PULSE_MS / 1000
        if lasted > self._blocked:
            self._blocked, self._blocked_queued = lasted, waited - self._queued
        self._blocked_cpu = max(self._blocked_cpu, computed - self._computed)
        self._pulsed, self._computed, self._queued = now, computed, waited
        if self._blocks is not None:
            self._blocks.beat()

    def _does(self, what: str) -> None:
        if self._blocks is not None:
            self._blocks.doing = what

    def _count(self) -> None:
        process = psutil.Process()
        times = process.cpu_times()
        engine: Any = self._program.desk.engine
        assert self._card is not None
        underruns = self._card.late + (engine.underruns if engine is not None else 0)
        say(
            event="count", at=time.monotonic(), cpu_s=times.user + times.system,
            rss_mb=process.memory_info().rss / 2**20, blocked_ms=self._blocked * 1000,
            blocked_cpu_ms=self._blocked_cpu * 1000,
            blocked_queued_ms=self._blocked_queued * 1000, underruns=underruns, late_itself=self._card.late_itself,
            drawn=self._drawn, heights=self._heights(),
        )  # fmt: skip
        self._blocked = self._blocked_cpu = self._blocked_queued = 0.0

    def _heights(self) -> dict[str, int]:
        """Lines of the pictures that were decoded last."""
        engine: Any = self._program.desk.engine
        sources = engine.report()["sources"] if engine is not None else {}
        return {source: seen["height"] for source, seen in sources.items() if seen["height"]}

    def _act(self, name: str) -> None:
        QMetaObject.invokeMethod(self._program.scene.window, "act", Q_ARG(str, name))

    def _fidget(self) -> None:
        """What somebody does who cannot sit still; every turn another thing, and back."""
        window, meeting = self._program.scene.window, self._program.desk.meeting
        acts = ("settings", "", "larger", "smaller", "people", "people", "chat", "chat", "palette", "", "view", "view")
        act = acts[self._turn % len(acts)]
        self._does(f"fidget {self._turn}: {act}")
        if act:
            self._act(act)
        elif self._turn % len(acts) == 1:
            QMetaObject.invokeMethod(window, "closeSettings")
        else:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                escape = QKeyEvent(kind, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
                QCoreApplication.sendEvent(window, escape)
        if meeting is not None:
            meeting.write(f"Line {self._turn}", "")
        self._turn += 1


def _tiles(item: QQuickItem) -> list[VideoTile]:
    found = [item] if isinstance(item, VideoTile) and item.isVisible() and item.width() > 0 else []
    for child in item.childItems():
        found += _tiles(child)
    return found


def _place(tile: VideoTile) -> dict[str, Any]:
    at = tile.mapToScene(QPointF(0, 0))
    return {"source": tile.property("source"), "x": at.x(), "y": at.y(), "width": tile.width(), "height": tile.height()}


def _equipment(port: str) -> Card:
    """The sound card, and a way to the host; what the program itself does not load would count as its start."""
    from tests.bench._client.card import Card, install
    from tests.bench._client.speech import Room

    card = Card(lambda at: room.hears(at))
    room = Room(card.played)
    install(card)
    if port:
        _through(int(port))
    return card


def _through(port: int) -> None:
    """Sends media to the relay instead of the host's own port."""
    from app.engine import call

    real = call.read_answer

    def read_answer(sdp: str, identity: Identity) -> Agreement:
        agreement = real(sdp, identity)
        for candidate in agreement.remote.candidates:
            candidate.port = port
        return replace(agreement)

    vars(call)["read_answer"] = read_answer


def main(data: str, port: str = "", watched: str = "") -> int:
    program = Program(Path(data), engine_maker(Options(data=Path(data))))
    for choice in ("hide_self", "met"):
        program.preferences.choose(choice, True)
    window = program.scene.window
    window.setGeometry(0, 0, 1280, 720)

    def swapped() -> None:
        window.frameSwapped.disconnect(swapped)
        say(event="shown", at=time.monotonic())

    window.frameSwapped.connect(swapped)
    obedient = Obedient(program, Blocks() if watched else None)
    program.later(lambda: obedient.equip(_equipment(port)))
    return program.run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
