"""What a worker needs of a task, and how a task is found.

A task is one kind of model work ("captions").  It lives in `models/<task>/task.py`, which offers `create(setup)`; tests
name a module of their own by its dotted path.  The worker's process, sockets, pings and queues are in `worker`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, cast, runtime_checkable

from models.wire import Body, Call, Chunk, Failure, OpenStream, Reply, Tune
from sfu.rtp.errors import ErrorCode, UserError


@dataclass(frozen=True, slots=True)
class Setup:
    """What the command line asked for.  `compute`: the number format that was chosen for the device ("int8").

    `clock`: seconds, the host's monotonic clock.
    """

    model: str
    models: Path
    device: str
    compute: str
    threads: int
    clock: Callable[[], float]


class Task(Protocol):
    """Used by one thread only, after `load`."""

    def load(self) -> None:
        """Loads the model and runs it once.  Raises UserError."""

    def open(self, wants: OpenStream) -> None: ...

    def feed(self, chunk: Chunk, payload: bytes) -> None: ...

    def close(self, stream: str) -> None:
        """No more will come; finish, then say CloseStream from `work`."""

    def work(self) -> list[Body]:
        """At most one model call; what there is to tell.  Called again at once when something came or was told."""

    def waiting(self) -> int:
        """Streams that wait for the model now."""


@runtime_checkable
class Tunable(Protocol):
    """A task whose streams can be heard differently while they are open."""

    def tune(self, tune: Tune) -> None:
        """A stream that is not open (any more) is no fault."""


@runtime_checkable
class Answering(Protocol):
    """A task that also answers calls.  `batch`: how many its model takes at once, at most 8."""

    batch: int

    def answer(self, calls: Sequence[Request]) -> list[Answer]:
        """One answer for each, in any order.  A request that cannot be met is a Failure; the others do not suffer."""


class Request(NamedTuple):
    """A call and the payload that came beside it."""

    call: Call
    payload: bytes


class Answer(NamedTuple):
    """`body.id` is the call's.  `payload` goes out when the reply says that it has one."""

    body: Reply | Failure
    payload: bytes = b""


def load_task(name: str, setup: Setup) -> Task:
    """`name`: a folder of `models`, or the dotted path of a module with `create(setup)`.  Raises UserError."""
    module = name if "." in name else f"models.{name}.task"
    try:
        create = importlib.import_module(module).create
    except (ModuleNotFoundError, AttributeError) as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"there is no task {name!r} here: {error}") from error
    return cast("Task", create(setup))
