"""huey, set up to carry ids of tasks and nothing else.

SQLite in the host's folder, or Redis where its owner wants that.  A queue may lose and repeat what it carries: the
rows of `sfu.store.tasks` say what is to be done.  Messages are JSON, because huey's own, pickles, would let whoever
can write to the queue run what they like.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer

from sfu.rtp.errors import ErrorCode, UserError

FILE = "queue.db"
WORKERS = 2
"""One may be busy for minutes while a mail goes out."""
# Looking costs one read of a table that is nearly always empty.
_LOOK_EVERY_S = 0.25


class Ids(Serializer):  # type: ignore[misc]  # huey has no types
    """A message as JSON: the name of what is called and its arguments."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps([data.id, data.name, list(data.args)]).encode()

    def _deserialize(self, data: bytes) -> Any:
        known = dict.fromkeys(Message._fields)
        number, name, arguments = json.loads(data)
        return Message(**{**known, "id": number, "name": name, "args": tuple(map(str, arguments)), "kwargs": {},
                          "retries": 0, "retry_delay": 0})  # fmt: skip


def open_queue(folder: Path, url: str = "") -> Huey:
    """`url`: `redis://…`; without one, SQLite in `folder`.  Raises UserError."""
    if not url:
        return SqliteHuey("parley", filename=str(folder / FILE), results=False, serializer=Ids())
    name = f"parley-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
    try:
        return RedisHuey(name, url=url, results=False, serializer=Ids())
    except (ConfigurationError, ValueError) as error:
        sentence = f"Background work cannot use that queue ({error}). Install the package redis, or leave --queue out."
        raise UserError(ErrorCode.UNSUPPORTED, sentence) from error


def consumer(queue: Huey) -> Consumer:
    """Its threads, not yet started."""
    return Consumer(
        queue, workers=WORKERS, periodic=False, initial_delay=_LOOK_EVERY_S, max_delay=_LOOK_EVERY_S, backoff=1.0,
        check_worker_health=False,
    )  # fmt: skip


def unreachable() -> tuple[type[Exception], ...]:
    """What using a queue raises while it cannot be reached, or its disk is full."""
    try:
        from redis.exceptions import RedisError
    except ImportError:
        return OSError, sqlite3.Error
    return OSError, sqlite3.Error, RedisError
