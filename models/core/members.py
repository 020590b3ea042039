"""Those who talk to the broker, and what it remembers of them.

Workers load, serve, leave and die; streams outlive workers.  This module holds their lives and what may follow what;
who reads which stream is decided in `dispatch`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NewType

from models.core.ring import Ring
from models.wire import CaptionText, Hello, OpenStream, Tune, WorkerState
from sfu.rtp.errors import ErrorCode, PeerFault

Peer = NewType("Peer", bytes)
"""The broker's name for a connection.  What came over the network begins with REMOTE, as the shell writes it."""

LOCAL, REMOTE = b"L", b"R"

PICTURES = frozenset({"vp8"})

# So many workers lost in a row without one final between them: it is the audio, not the workers.
POISONOUS = 3


def is_remote(peer: Peer) -> bool:
    """Whether this peer is on another computer."""
    return peer.startswith(REMOTE)


class State(Enum):
    LOADING = auto()
    READY = auto()
    DRAINING = auto()
    DEAD = auto()


class Input(Enum):
    LOADED = auto()
    LEAVING = auto()
    LOST = auto()


MOVES = {
    (State.LOADING, Input.LOADED): State.READY,
    (State.READY, Input.LOADED): State.READY,   # said again after a silence
    (State.LOADING, Input.LEAVING): State.DRAINING,
    (State.READY, Input.LEAVING): State.DRAINING,
    (State.DRAINING, Input.LEAVING): State.DRAINING,
    (State.LOADING, Input.LOST): State.DEAD,
    (State.READY, Input.LOST): State.DEAD,
    (State.DRAINING, Input.LOST): State.DEAD,
}

ANNOUNCED = {
    State.LOADING: WorkerState.LOADING,
    State.READY: WorkerState.READY,
    State.DRAINING: WorkerState.DRAINING,
    State.DEAD: WorkerState.DEAD,
}

@dataclass(slots=True)
class Member:
    """A client or a worker, while it answers."""

    hello: Hello
    heard: float


@dataclass(slots=True)
class Worker(Member):
    state: State = State.LOADING
    busy: float = 0.0
    batch: int = 0
    """Calls that it answers at once; 0: it takes none."""
    streams: set[str] = field(default_factory=set)

    def handle(self, happened: Input) -> None:
        try:
            self.state = MOVES[self.state, happened]
        except KeyError:
            reason = f"{happened.name} is not allowed while {self.state.name}"
            raise PeerFault(ErrorCode.BAD_SEQUENCE, reason) from None


@dataclass(slots=True)
class Stream:
    """One speaker's audio, from its opening to its last final."""

    client: Peer
    wants: OpenStream
    ring: Ring = field(default_factory=Ring)
    worker: Peer | None = None
    # Workers that had this stream before: their late answers are no lies.
    past: set[Peer] = field(default_factory=set)
    # Each worker counts segments from 1; clients see them go on counting.
    finals: int = 0
    finals_before_worker: int = 0
    close_by: float | None = None
    losses: int = 0

    def accepts(self, hello: Hello) -> bool:
        return hello.task == self.wants.task and self.wants.worker_model in ("", hello.model)

    @property
    def is_kept(self) -> bool:
        """Whether what is not final yet may have to be heard again.  A picture of then says nothing about now."""
        return self.wants.codec not in PICTURES

    def tune(self, tune: Tune) -> None:
        self.wants.language = tune.language
        del self.wants.hints[:]
        self.wants.hints.extend(tune.hints)
        self.wants.translate = tune.translate

    def settle(self, caption: CaptionText) -> None:
        """A final: its segment is done, its audio will not be asked for again."""
        self.finals = caption.segment
        self.ring.settle(caption.end_s)
        self.losses = 0

    def abandoned_by(self, worker: Peer) -> None:
        """Its worker is gone.  Audio that took several workers with it is not given to yet another."""
        self.worker = None
        self.past.add(worker)
        self.losses += 1
        if self.losses >= POISONOUS:
            self.ring.skip()
            self.losses = 0
