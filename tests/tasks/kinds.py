"""Kinds of work for tests, and a program that does them and dies where it is told to.

`python -m tests.tasks.kinds POINT MARK …` is `python -m sfu.tasks …` that is killed (`SIGKILL`, by itself) the first
time it comes to POINT; MARK, a file, remembers that it has been there.
"""

from __future__ import annotations

import os
import signal
import smtplib
import sqlite3
import sys
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import tasks
from sfu.store.thread import Store
from sfu.tasks import __main__ as program
from sfu.tasks import mail
from sfu.tasks.context import Context, NotNow, Result, Stopped
from sfu.tasks.kinds import Kind, Kinds
from sfu.tasks.runner import Runner

BEFORE, WITHIN, AFTER = "before", "within", "after"
"""A step of the store: not begun; done and not committed; committed and not known."""


def note(context: Context, what: str) -> None:
    with (context.folder / "notes.txt").open("a") as notes:
        print(context.task.id, what, file=notes)


def count(context: Context) -> Result:
    """Leaves one row, whatever happens on the way."""
    note(context, "counted")
    for step in range(4):
        context.progress(step / 4)
    die_at("working")
    row = (context.task.meeting, "count", 0.0, "{}")

    def result(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO analyses VALUES(?, ?, ?, ?)", row)

    return result


def send(context: Context) -> None:
    """Like a mail: cannot be taken back, and must not go out twice."""
    context.beyond_recall()
    die_at("about to send")
    note(context, "sent")
    die_at("sent")


def wait(context: Context) -> None:
    note(context, "waiting")
    for _ in range(2_000):
        context.progress(0.25)
        context.pause(0.01)


def break_down(context: Context) -> None:
    note(context, "broke")
    raise ValueError("no such luck")


def refuse(_context: Context) -> None:
    raise UserError(ErrorCode.DISK_FULL, "There is no room.")


def not_now(_context: Context) -> None:
    raise NotNow(60.0, "The computer is busy.")


def stubborn(context: Context) -> None:
    """Does not look whether it should stop until it is too late."""
    context.beyond_recall()
    note(context, "went on")
    raise Stopped


KINDS: Kinds = {
    "count": Kind(count), "send": Kind(send), "wait": Kind(wait), "heavy": Kind(wait, heavy=True),
    "break": Kind(break_down), "refuse": Kind(refuse), "not now": Kind(not_now), "stubborn": Kind(stubborn),
    "mail": Kind(mail.send),
}

_point, _mark = "", Path()


def die_at(point: str) -> None:
    if point == _point and not _mark.exists():
        _mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _dying(name: str, step: Any) -> Any:
    def stepped(*given: Any, **named: Any) -> Any:
        die_at(f"{BEFORE} {name}")
        result = step(*given, **named)
        if result:  # a step that found nothing to do changed nothing
            die_at(f"{WITHIN} {name}")
        return result

    stepped.__name__ = name
    return stepped


def _arm() -> None:
    for name in ("take", "renew", "doubt", "finish", "let_go", "bury"):
        setattr(tasks, name, _dying(name, getattr(tasks, name)))
    data = smtplib.SMTP.data

    def sent(self: smtplib.SMTP, text: Any) -> Any:
        die_at(f"{BEFORE} data")
        answer = data(self, text)
        die_at(f"{AFTER} data")
        return answer

    smtplib.SMTP.data = sent  # type: ignore[method-assign]
    write, carry = Store.write, Runner._put_into_queue

    def written(self: Store, work: Any) -> Future[Any]:
        done = write(self, work)
        name = work.func.__name__ if isinstance(work, partial) else ""
        if done.result():
            die_at(f"{AFTER} {name}")
        return done

    def carried(self: Runner, row: tasks.Row) -> None:
        die_at(f"{BEFORE} queueing")
        carry(self, row)
        die_at(f"{AFTER} queueing")

    Store.write, Runner._put_into_queue = written, carried  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    _point, _mark = sys.argv[1], Path(sys.argv[2])
    _arm()
    raise SystemExit(program.main(sys.argv[3:], KINDS))
