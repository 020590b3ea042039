"""A meeting in a store and a task about it, for tests of what is done with them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sfu.core.transcript import Line
from sfu.store import meetings, tasks
from sfu.store.tasks import Row, Wanted
from sfu.store.thread import Store
from sfu.tasks.context import Context, Result
from tests.core.analysis.meetings import Script
from tests.store.rows import begun, came, kept


def held(store: Store, script: Script, lines: Sequence[Line] | None = None) -> None:
    """The meeting `m1`, over."""

    def write(db: Any) -> None:
        begun(db)
        kept(db, *(came(f"p{number}", name) for number, name in enumerate(script.names, 1)))
        kept(db, *(script.lines() if lines is None else lines))
        meetings.end(db, "m1", 2_000.0)

    store.write(write).result()


@contextlib.contextmanager
def opened(folder: Path, script: Script, lines: Sequence[Line] | None = None) -> Iterator[Store]:
    with contextlib.closing(Store(folder)) as store:
        held(store, script, lines)
        yield store


def taken(store: Store, folder: Path, kind: str, payload: dict[str, Any] | None = None) -> Context:
    """A task of that kind about `m1`, as whoever works on it gets it."""

    def write(db: Any) -> Row:
        tasks.ask(db, Wanted("t1", kind, "t1", "m1", payload), 0.0)
        row = tasks.take(db, "t1", "me/1", 1.0)
        assert row is not None
        return row

    return Context(store.write(write).result(), folder, store)


def done(store: Store, run: Callable[[Context], Result | None], context: Context) -> None:
    """Works on it and stores what was found out, as the runner does."""
    result = run(context)
    assert store.write(lambda db: tasks.finish(db, "me/1", result)).result()
