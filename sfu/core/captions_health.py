"""What people are told about captions, from what the host knows of its worker.

Three facts meet here: whether the weights are on this computer, how the worker's life goes, and how far behind it
is.  One state comes out: may streams be opened, is a worker ready, and one plain sentence that says what is missing
and what to do.  Empty when all is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from sfu.wire.messages import Effort

# UI: a delay people notice and can do something about; it must be over for good before the sentence goes.
BEHIND_TOLD = 4.0
BEHIND_OVER = 2.0


class Worker(Enum):
    OFF = auto()
    """Captions were not asked for when the host was started."""
    NO_WEIGHTS = auto()
    LOADING = auto()
    READY = auto()
    RESTARTING = auto()
    GIVEN_UP = auto()


_SENTENCES = {
    Worker.OFF: "This meeting was started without captions.",
    Worker.LOADING: "Captions start in a moment: the model is being loaded.",
    Worker.READY: "",
    Worker.RESTARTING: "The captions program stopped and is being started again. What you say meanwhile comes late.",
    Worker.GIVEN_UP: "Captions stopped working on the host's computer. Run `parley doctor` there to see why.",
}
_ORDER = tuple(Effort)
# With weights on the way or a worker coming back, speech may already be taken: it is captioned late, not lost.
_TAKES_STREAMS = frozenset({Worker.LOADING, Worker.READY, Worker.RESTARTING})


@dataclass(frozen=True, slots=True)
class Pace:
    """How far behind captions are (seconds; 0: not worth telling), what they leave undone, and which model hears
    instead of the usual one ("": none does)."""

    behind: float = 0.0
    effort: Effort = Effort.FULL
    model: str = ""


ON_TIME = Pace()


@dataclass(frozen=True, slots=True)
class Health:
    up: bool
    available: bool
    sentence: str
    pace: Pace = ON_TIME


class CaptionsHealth:
    def __init__(self) -> None:
        self._worker = Worker.OFF
        self._missing = ""
        self._paces: dict[str, Pace] = {}
        self._told = 0

    def worker(self, state: Worker, missing: str = "") -> Health:
        """`missing`: for NO_WEIGHTS, what to do about it."""
        self._worker = state
        self._missing = missing
        return self.health()

    def behind(self, stream: str, pace: Pace) -> Health:
        self._paces[stream] = pace
        return self.health()

    def closed(self, stream: str) -> Health:
        self._paces.pop(stream, None)
        return self.health()

    def health(self) -> Health:
        sentence, pace = self._missing or _SENTENCES.get(self._worker, ""), ON_TIME
        if self._worker is Worker.READY:
            sentence = self._delay()
            hardest = max(self._paces.values(), key=lambda pace: _ORDER.index(pace.effort), default=ON_TIME)
            pace = Pace(float(self._told), hardest.effort, hardest.model)
        return Health(self._worker in _TAKES_STREAMS, self._worker is Worker.READY, sentence, pace)

    def _delay(self) -> str:
        worst = max((pace.behind for pace in self._paces.values()), default=0.0)
        if worst > BEHIND_TOLD or (self._told and worst > BEHIND_OVER):
            self._told = round(worst)
            return f"Captions {self._told} s behind: computer busy. Close other programs on the host's computer."
        self._told = 0
        return ""
