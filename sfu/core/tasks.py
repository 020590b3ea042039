"""Work that must not be lost: the life of one task, and when it is tried again.

A task is a row (`sfu.store.tasks`); whoever works on one holds a lease on it and renews that while alive.  Here is
only what may follow what, so that every writer agrees.  Instants are wall-clock seconds (Unix time).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import TaskState as State

# A worker renews every half second; a computer that is this busy would have trouble with its calls first.
LEASE_S = 30.0
# The first wait lets a full disk or a rebooting mail server be noticed; each further one is four times as long.
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 3600.0
USUAL_ATTEMPTS = 4
"""Fewer than the deaths in a row after which a child is given up, so that one task never stops the others."""


class Input(Enum):
    TAKEN = auto()
    FINISHED = auto()
    PUT_BACK = auto()
    GIVEN_UP = auto()
    DOUBTED = auto()
    CALLED_OFF = auto()
    ASKED_AGAIN = auto()


MOVES = {
    (State.WAITING, Input.TAKEN): State.RUNNING,
    (State.WAITING, Input.CALLED_OFF): State.CANCELLED,
    (State.RUNNING, Input.FINISHED): State.DONE,
    (State.RUNNING, Input.PUT_BACK): State.WAITING,
    (State.RUNNING, Input.GIVEN_UP): State.FAILED,
    (State.RUNNING, Input.DOUBTED): State.UNKNOWN,
    (State.RUNNING, Input.CALLED_OFF): State.CANCELLED,
    (State.FAILED, Input.ASKED_AGAIN): State.WAITING,
    (State.CANCELLED, Input.ASKED_AGAIN): State.WAITING,
    (State.UNKNOWN, Input.ASKED_AGAIN): State.WAITING,
}
UNFINISHED = frozenset({State.WAITING, State.RUNNING})
_NOT_NOW = {
    Input.CALLED_OFF: "That work is over already.",
    Input.ASKED_AGAIN: "That work is done, or still going on.",
}


def after(state: State, happened: Input) -> State:
    """Raises UserError(TAKEN) for what people may not ask of it now."""
    try:
        return MOVES[state, happened]
    except KeyError:
        raise UserError(ErrorCode.TAKEN, _NOT_NOW.get(happened, "That work is not going on.")) from None


def wait_after(attempts: int) -> float:
    """Seconds until what failed `attempts` times is tried again."""
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 4.0 ** min(attempts - 1, 10)))


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a task that did not finish.  `wait` None: nothing more happens by itself."""

    happened: Input
    wait: float | None = None


def after_failure(attempts: int, most: int) -> Fate:
    if attempts >= most:
        return Fate(Input.GIVEN_UP)
    return Fate(Input.PUT_BACK, wait_after(attempts))


def after_death(attempts: int, most: int, doubtful: bool, called_off: bool) -> Fate:
    """Whoever worked on it is dead.  `doubtful`: beyond the point after which it may have happened."""
    if doubtful:
        return Fate(Input.DOUBTED)
    if called_off:
        return Fate(Input.CALLED_OFF)
    return after_failure(attempts, most)
