"""A child process is started, watched, started again when it dies, and ended when we end.

Whoever supervises says what to tell people meanwhile; the record of deaths is `sfu.core.restarts`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import Protocol, TypeVar

import psutil

from sfu.core.restarts import FIRST_DELAY, Restarts
from sfu.inheritance import popen
from sfu.portable import PORTABLE
from sfu.roles import command

log = logging.getLogger("sfu.host.supervision")
T = TypeVar("T")

# SIGTERM first; a child that is still there after this is killed.
TERM_DEADLINE = 3.0
# Children talk to people through us: what they print is for the log.
_STDERR = 2
# glibc then asks Linux for pages of 2 MB (transparent huge pages): a tenth off every pass of a recogniser, and as much
# or more off what a packet costs that goes to a hundred people, whose state is spread over 100 MB.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Process(Protocol):
    """What we need of one; `asyncio.subprocess.Process` is one."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


class Child:
    """One of a loop that waits for sockets alone: a thread waits for it."""

    def __init__(self, command: Sequence[str], sockets: Sequence[socket.socket]) -> None:
        self._process = popen(command, sockets, stdout=_STDERR)
        self.pid = self._process.pid
        self._ended: asyncio.Future[int] = asyncio.wrap_future(_in_thread(self._process.wait, f"child.{self.pid}"))

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)


class Adopted:
    """A process that somebody else started, who is gone.  Its exit status is nobody's to know: it counts as 0."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.pid = pid
        self.returncode: int | None = None

    def terminate(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.terminate()

    def kill(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.kill()

    async def wait(self) -> int:
        with contextlib.suppress(psutil.NoSuchProcess):
            await asyncio.to_thread(self._process.wait)
        self.returncode = 0
        return 0


def adopt(pid: int, module: str) -> Adopted | None:
    """The process of that number, if it runs that module of ours; numbers are given out again."""
    try:
        found = Adopted(pid)
        return found if module in psutil.Process(pid).cmdline() else None
    except psutil.Error:
        return None


class Watcher(Protocol):
    """Hears about children, by name."""

    def child_started(self, name: str, pid: int) -> None: ...

    def child_died(self, name: str, code: int, again_in: float | None) -> None: ...


async def spawn(
    role: str, arguments: Sequence[str], sockets: Sequence[socket.socket] = (), *, large_pages: bool = False
) -> Process:
    """Another program of ours (`sfu.roles`), which may have these sockets (`sfu.inheritance`).

    In a session of its own: Ctrl+C is for us, who then let people finish before the children go.  `large_pages`: it
    goes through much memory again and again.
    """
    if PORTABLE:
        return Child(command(role, *arguments), sockets)
    return await asyncio.create_subprocess_exec(
        *command(role, *arguments),
        stdin=asyncio.subprocess.DEVNULL, stdout=_STDERR, start_new_session=True,
        pass_fds=tuple(sock.fileno() for sock in sockets), env=LARGE_PAGES | os.environ if large_pages else None,
    )  # fmt: skip


def _in_thread(work: Callable[[], T], name: str) -> Future[T]:
    """Not one of the pool's few threads: this may take as long as a meeting."""
    done: Future[T] = Future()
    threading.Thread(target=lambda: done.set_result(work()), name=name, daemon=True).start()
    return done


async def keep_alive(
    name: str,
    start: Callable[[], Awaitable[Process]],
    watcher: Watcher,
    attend: Callable[[Process], Awaitable[None]] | None = None,
    *,
    at_once: bool = False,
) -> None:
    """Runs until the child has died too often in a row, or until cancelled; the child is gone when this returns.

    `attend` accompanies each life, and ends it by returning; `at_once`: the first death in a row costs no wait.
    """
    restarts = Restarts(0.0 if at_once else FIRST_DELAY)
    while True:
        process = await start()
        restarts.started(time.monotonic())
        watcher.child_started(name, process.pid)
        try:
            await (attend(process) if attend is not None else process.wait())
        finally:
            code = await end(process)
        delay = restarts.died(time.monotonic())
        log.warning("child died", extra={"child": name, "status": code, "again_in": delay})
        watcher.child_died(name, code, delay)
        if delay is None:
            return
        await asyncio.sleep(delay)


async def end(process: Process) -> int:
    """Asks, waits, insists.  Its exit status; a process that has ended already is no problem."""
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(TERM_DEADLINE):
                await process.wait()
        except TimeoutError:
            process.kill()
    return await process.wait()
