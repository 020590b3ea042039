"""What a worker needs of a task, and how a task is found.

A task is one kind of model work ("captions").  It lives in `models/<task>/task.py`, which offers `create(setup)`; tests
name a module of their own by its dotted path.  The worker's process, sockets, pings and queues are in `worker`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from models.wire import Body, Chunk, OpenStream
from sfu.rtp.errors import ErrorCode, UserError


@dataclass(frozen=True, slots=True)
class Setup:
    """What the command line asked for.  `clock`: seconds, the host's monotonic clock."""

    model: str
    models: Path
    device: str
    threads: int
    clock: Callable[[], float]


class Task(Protocol):
    """Used by one thread only, after `load`."""

    compute: str

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


def load_task(name: str, setup: Setup) -> Task:
    """`name`: a folder of `models`, or the dotted path of a module with `create(setup)`.  Raises UserError."""
    module = name if "." in name else f"models.{name}.task"
    try:
        create = importlib.import_module(module).create
    except (ModuleNotFoundError, AttributeError) as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"there is no task {name!r} here: {error}") from error
    return cast("Task", create(setup))
