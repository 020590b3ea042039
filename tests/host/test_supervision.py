from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import time

import pytest

from sfu.core import restarts
from sfu.host import supervision
from sfu.host.supervision import Process, end, keep_alive, spawn

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


class Notes:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.died: list[tuple[int, float | None]] = []

    def child_started(self, name: str, pid: int) -> None:
        self.started.append(pid)

    def child_died(self, name: str, code: int, again_in: float | None) -> None:
        self.died.append((code, again_in))


async def python(program: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(supervision, "TERM_DEADLINE", 0.2)


async def test_a_child_that_keeps_dying_is_given_up_after_a_few_times() -> None:
    notes = Notes()

    await keep_alive("child", lambda: python("raise SystemExit(3)"), notes)

    assert len(notes.started) == restarts.MAX_CONSECUTIVE
    assert [code for code, _ in notes.died] == [3] * restarts.MAX_CONSECUTIVE
    assert notes.died[-1][1] is None


async def test_a_child_goes_with_its_supervisor() -> None:
    notes, started = Notes(), asyncio.Event()
    processes: list[Process] = []

    async def start() -> Process:
        processes.append(await python("import time; time.sleep(60)"))
        started.set()
        return processes[-1]

    keeping = asyncio.create_task(keep_alive("child", start, notes))
    await started.wait()
    await asyncio.sleep(0)
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping

    assert processes[0].returncode is not None
    assert notes.died == []


async def test_a_child_that_does_not_listen_is_killed() -> None:
    process = await python(STUBBORN)
    assert process.stdout is not None
    await process.stdout.readline()
    asked = time.monotonic()

    code = await end(process)

    assert code == -9
    assert time.monotonic() - asked < 5


async def test_ending_a_child_twice_is_no_problem() -> None:
    process = await python("pass")
    await process.wait()

    assert await end(process) == 0
    assert await end(process) == 0


async def test_a_loop_that_waits_for_sockets_alone_has_children_too() -> None:
    ours, theirs = socket.socketpair()
    program = f"import socket; socket.socket(fileno={theirs.fileno()}).sendall(b'inherited'); raise SystemExit(3)"
    with ours, theirs:
        child = supervision.Child([sys.executable, "-c", program], [theirs])
        code = await child.wait()
        said = ours.recv(100)

    assert (code, child.returncode, said) == (3, 3, b"inherited")
    assert await end(child) == 3


async def test_such_a_child_that_does_not_listen_is_killed_too() -> None:
    ours, theirs = socket.socketpair()
    up = f"socket.socket(fileno={theirs.fileno()}).sendall(b'up')"
    program = f"import signal, socket, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {up}; time.sleep(60)"
    with ours, theirs:
        child = supervision.Child([sys.executable, "-c", program], [theirs])
        await asyncio.to_thread(ours.recv, 2)

        assert await end(child) == -9


@pytest.mark.skipif(supervision.PORTABLE, reason="only Linux has such pages")
@pytest.mark.parametrize("large", [True, False])
async def test_large_pages_are_asked_for_where_they_are_wanted(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    ask = "from os import environ as e; raise SystemExit('HOME' in e and 'hugetlb=1' in e.get('GLIBC_TUNABLES', ''))"
    monkeypatch.setattr(supervision, "command", lambda *_: [sys.executable, "-c", ask])
    monkeypatch.setenv("HOME", "/tmp")

    child = await spawn("role", [], large_pages=large)

    assert await child.wait() == int(large)
