"""Takes tasks whose time has come and works on them, and keeps the rows true about it.

One thread ticks: it renews our leases, hears what was called off, buries what a dead worker held and puts the ids of
what is due into the queue.  huey's threads take ids out, and each works on the task whose row it gets.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from huey import Huey

from sfu.core.tasks import Fate, Input, after_failure
from sfu.rtp.errors import UserError
from sfu.store import tasks
from sfu.store.holder import holder, is_alive
from sfu.store.tasks import Row
from sfu.store.thread import Store
from sfu.tasks.context import Context, InDoubt, NotNow, Result, Stopped, TryAgain
from sfu.tasks.kinds import Kind, Kinds
from sfu.tasks.queue import unreachable

log = logging.getLogger("sfu.tasks")

TICK_S = 0.5
# A queue that lost a message (Redis was emptied) is given it again.
FORGOTTEN_S = 30.0
# A mail that is half out, once we have to go; less than the host waits for us.
PATIENCE_S = 2.0
# One that waits for an hour is left to the next host.
LINGER_S = 120.0
_INTERRUPTED = "It was interrupted and is begun again."
_CALLED_OFF = "It was cancelled."
_BROKEN = "It failed for a reason that Parley does not know ({}). It is in the host's log."


class Runner:
    def __init__(self, folder: Path, store: Store, queue: Huey, kinds: Kinds) -> None:
        self._folder = folder
        self._store = store
        self._kinds = kinds
        self._holder = holder()
        self._carried: dict[str, float] = {}
        """When each task's id was put into the queue."""
        self._running: dict[str, Context] = {}
        """By lease."""
        self._stopping = False
        self._lock = threading.Lock()
        self._heavy = threading.Lock()
        self._unreachable = unreachable()
        self._carry: Callable[[str], object] = queue.task(name="work")(self._work)

    # -- ticking ---------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Raises UserError when the store cannot be used."""
        self._renew()
        buried = self._store.write(
            partial(tasks.bury, alive=is_alive, most=self._most, wall=time.time())
        ).result()
        for task in buried:
            log.warning("task's worker died", extra={"task": task})
        for row in self._store.read(partial(tasks.due, wall=time.time())).result():
            self._put_into_queue(row)

    def idle(self) -> bool:
        """Nothing is being done, and nothing will be soon."""
        before = time.time() + LINGER_S
        soon = self._store.read(partial(tasks.unfinished, before=before)).result()
        return soon.isdisjoint(self._kinds) and not self._held()

    def stop(self) -> None:
        """What goes on is put back, to be begun again by whoever comes next; nothing new is taken."""
        self._stopping = True
        for context in self._held().values():
            context.stop()
        deadline = time.monotonic() + PATIENCE_S
        while self._held() and time.monotonic() < deadline:
            time.sleep(0.05)
        for context in self._held().values():
            self._put_back(context.task)

    def _renew(self) -> None:
        held = self._held()
        if not held:
            return
        progress = {lease: context.part for lease, context in held.items()}
        ours = self._store.write(partial(tasks.renew, progress=progress, wall=time.time())).result()
        for lease, context in held.items():
            if ours.get(lease, True):  # called off, or not ours any more
                context.stop(called_off=lease in ours)

    def _put_into_queue(self, row: Row) -> None:
        now = time.monotonic()
        kind = self._kinds.get(row.kind)
        if kind is None or now - self._carried.get(row.id, -FORGOTTEN_S) < FORGOTTEN_S:
            return
        if kind.heavy and self._heavy.locked():
            return
        try:
            self._carry(row.id)
        except self._unreachable as error:
            log.error("queue out of reach", extra={"why": str(error)})
        else:
            self._carried[row.id] = now

    def _held(self) -> dict[str, Context]:
        with self._lock:
            return dict(self._running)

    def _most(self, kind: str) -> int:
        known = self._kinds.get(kind)
        return known.attempts if known is not None else 1

    # -- working ---------------------------------------------------------------------------------------------

    def _work(self, task: str) -> None:
        """On one of huey's threads."""
        self._carried.pop(task, None)
        kind = self._store.read(partial(tasks.kind_of, task=task)).result()
        known = self._kinds.get(kind) if kind is not None else None
        if known is None or self._stopping:
            return
        if not known.heavy:
            self._take(task, known)
        elif self._heavy.acquire(blocking=False):
            try:
                self._take(task, known)
            finally:
                self._heavy.release()

    def _take(self, task: str, kind: Kind) -> None:
        lease = f"{self._holder}/{secrets.token_hex(4)}"
        row = self._store.write(partial(tasks.take, task=task, lease=lease, wall=time.time())).result()
        if row is None:
            return
        context = Context(row, self._folder, self._store)
        with self._lock:
            self._running[lease] = context
        try:
            self._do(kind, context)
        finally:
            with self._lock:
                del self._running[lease]

    def _do(self, kind: Kind, context: Context) -> None:
        """The edge at which whatever a kind raises becomes that task's fate, and no other's."""
        row = context.task
        log.info("task begun", extra={"task": row.id, "kind": row.kind, "attempt": row.attempts})
        try:
            result = kind.run(context)
        except Stopped:
            if context.called_off:
                self._let_go(row, Fate(Input.CALLED_OFF), _CALLED_OFF)
            else:
                self._put_back(row)
        except NotNow as wait:
            self._let_go(row, Fate(Input.PUT_BACK, wait.wait), wait.sentence, counted=False)
        except TryAgain as failure:
            self._let_go(row, after_failure(row.attempts, kind.attempts), failure.sentence)
        except InDoubt as doubt:
            self._let_go(row, Fate(Input.DOUBTED), doubt.sentence)
        except UserError as error:
            self._let_go(row, Fate(Input.GIVEN_UP), error.sentence)
        except Exception as error:
            log.exception("task failed", extra={"task": row.id, "kind": row.kind})
            self._let_go(row, after_failure(row.attempts, kind.attempts), _BROKEN.format(type(error).__name__))
        else:
            self._finish(row, result)

    def _finish(self, row: Row, result: Result | None) -> None:
        ours = self._store.write(partial(tasks.finish, lease=row.lease, result=result)).result()
        log.info("task done", extra={"task": row.id, "kind": row.kind, "ours": ours})

    def _put_back(self, row: Row) -> None:
        self._let_go(row, Fate(Input.PUT_BACK, 0.0), _INTERRUPTED, counted=False)

    def _let_go(self, row: Row, fate: Fate, sentence: str, counted: bool = True) -> None:
        self._store.write(partial(
            tasks.let_go, lease=row.lease, fate=fate, error=sentence, wall=time.time(), counted=counted
        )).result()  # fmt: skip
        log.info("task not done", extra={"task": row.id, "kind": row.kind, "fate": fate.happened.name})
