"""The one thread that owns the database; everybody else hands it work and gets a future.

A future that is done has been committed and synced to the disk: what was acknowledged survives `kill -9` and a power
cut.  Work that waits is committed together, so a hundred messages cost one sync; work that fails is rolled back alone.
Several hosts may share one file (WAL); each waits a while for the other's transaction.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.schema import migrate

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

NAME = "parley.db"
# Two hosts on one file: the longest a transaction of the other may take.
PATIENCE_S = 5.0
TOGETHER = 256
"""Pieces of work in one transaction."""
MOST_WAITING = 10_000
_OTHERS = 0o077
_FULL = "There is no room to save that. Free some space on the host's disk."
_BUSY = "The host's records are in use by another program. Try again in a moment."


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    work: Work[T]
    writes: bool
    done: Future[T]


class Store:
    """Open and of today's form when made (else UserError); `close` finishes what was handed in."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._closed = False
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="store", daemon=True)
        self._thread.start()
        opened.result()

    def write(self, work: Work[T]) -> Future[T]:
        """Runs `work` in a transaction.  It may be run again, so it changes nothing but the database.

        The future raises UserError DISK_FULL or BUSY for what could not be stored, or whatever `work` raised.
        """
        return self._hand_in(work, True)

    def read(self, work: Work[T]) -> Future[T]:
        """Runs `work` after everything that was handed in before."""
        return self._hand_in(work, False)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            self._thread.join()

    def _hand_in(self, work: Work[T], writes: bool) -> Future[T]:
        done: Future[T] = Future()
        if self._closed or self._jobs.qsize() > MOST_WAITING:
            done.set_exception(UserError(ErrorCode.BUSY, _BUSY))
        else:
            self._jobs.put(_Job(work, writes, done))
        return done

    def _run(self, opened: Future[None]) -> None:
        try:
            db = open_database(self.path)
        except Exception as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        with contextlib.closing(db):
            while (job := self._jobs.get()) is not None:
                jobs = [job, *self._more()]
                _write(db, [each for each in jobs if each.writes])
                for each in jobs:
                    if not each.writes:
                        _settle(each, lambda each=each: each.work(db))  # type: ignore[misc]

    def _more(self) -> list[_Job[Any]]:
        jobs: list[_Job[Any]] = []
        while len(jobs) < TOGETHER - 1:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
        return jobs


def open_database(path: Path) -> sqlite3.Connection:
    """A connection as ours are set up, and the tables of today.  Raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")
        migrate(db)
        if path.stat().st_mode & _OTHERS:
            path.chmod(0o600)
    except (OSError, sqlite3.Error) as error:
        db.close()
        raise _unusable(path, error) from error
    except UserError:
        db.close()
        raise
    return db


def _unusable(path: Path, error: Exception) -> UserError:
    return UserError(
        ErrorCode.UNSUPPORTED,
        f"{path} cannot be used ({error}). Make its folder writable, choose another with --data, or bring back a "
        "backup with `parley store restore`.",
    )


def _write(db: sqlite3.Connection, jobs: list[_Job[Any]]) -> None:
    if len(jobs) > 1:
        try:
            results = _committed(db, lambda: [job.work(db) for job in jobs])
        except Exception:  # one of them is not possible: find out which
            results = None
        if results is not None:
            for job, result in zip(jobs, results, strict=True):
                job.done.set_result(result)
            return
    for job in jobs:
        _settle(job, lambda job=job: _committed(db, lambda: job.work(db)))  # type: ignore[misc]


def _settle(job: _Job[Any], work: Callable[[], Any]) -> None:
    """The edge at which whatever a piece of work raises becomes its own future's, and the thread lives on."""
    try:
        result = work()
    except sqlite3.OperationalError as error:
        job.done.set_exception(_not_stored(error))
    except Exception as error:
        job.done.set_exception(error)
    else:
        job.done.set_result(result)


def _committed(db: sqlite3.Connection, work: Callable[[], T]) -> T:
    db.execute("BEGIN IMMEDIATE")
    try:
        result = work()
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has rolled it back already
            db.execute("ROLLBACK")
        raise
    return result


def _not_stored(error: sqlite3.OperationalError) -> Exception:
    """What somebody can mend becomes UserError; a mistake in our SQL stays what it is."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return UserError(ErrorCode.DISK_FULL, _FULL)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return UserError(ErrorCode.BUSY, _BUSY)
        case _:
            return error
