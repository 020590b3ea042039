"""Messages about work that goes on in the background: minutes, mails, films of recordings.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import HostSaid, Message, Sentence


class TaskState(StrEnum):
    """`unknown`: it may have happened, and is not tried again by itself."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Task(Message):
    """One piece of work as it stands.  `due_at`: when it is tried next; `error`: why it did not work the last time.

    Instants are Unix time in seconds.
    """

    id: Annotated[str, Field(max_length=32)]
    kind: Annotated[str, Field(max_length=32)]
    meeting: Annotated[str, Field(max_length=32)] | None
    state: TaskState
    progress: float = Field(ge=0, le=1)
    attempts: int = Field(ge=0)
    error: Sentence = ""
    made_at: float
    due_at: float


class TaskChanged(HostSaid):
    """To host and co-hosts, about work for this meeting; replaces what was said about the same task before."""

    type: Literal["task"] = "task"
    task: Task
