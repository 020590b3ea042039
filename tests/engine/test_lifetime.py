"""What meetings leave behind when they are over: nothing, however many there were."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from app import memory
from app.engine.engine import Engine
from app.engine.files import FileCamera, FileMicrophone, Schedule
from app.engine.sources import Devices
from app.engine.speaker import NullSpeaker
from app.session import commands
from app.session.events import Event, LinkChanged, LinkState
from sfu.wire import messages as wire
from tests.engine.clips import write_clip
from tests.engine.fake_host import Client, fake_host

OURS = ("app.engine.", "app.session.", "sfu.rtp.", "aiortc.", "aioice.", "av.")
FIRST, THEN = 3, 30
"""Meetings after which what is left is counted: caches fill in the first few."""
EMPTY = LinkState.LEFT, LinkState.FAILED


class Meetings:
    """One engine for each, as the window has it, with microphone and camera on."""

    def __init__(self, folder: Path) -> None:
        clip = write_clip(folder / "tone.webm", seconds=1)
        self._devices = Devices(
            lambda device: FileMicrophone(clip, Schedule(0.0)),
            lambda device: FileCamera(clip, Schedule(0.0)),
            lambda device: NullSpeaker(),
        )

    async def meet(self, link: str) -> None:
        live, over = asyncio.Event(), asyncio.Event()

        def happened(event: Event) -> None:
            if isinstance(event, LinkChanged):
                (live if event.state is LinkState.LIVE else over if event.state in EMPTY else asyncio.Event()).set()

        engine = Engine(self._devices, happened)
        running = asyncio.create_task(engine.run())
        for command in (commands.SetMicrophone(True), commands.SetCamera(True), commands.Join(link, "Ana")):
            engine.post(command)
        async with asyncio.timeout(20):
            await live.wait()
            await asyncio.sleep(0.05)
            engine.post(commands.Leave())
            await over.wait()
        running.cancel()
        await asyncio.wait([running])


def left() -> tuple[Counter[str], list[str], int]:
    """Objects by type, names of threads, and open files and sockets."""
    for _ in range(3):
        gc.collect()
    kinds = Counter(f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects())
    ours = Counter({kind: count for kind, count in kinds.items() if kind.startswith(OURS)})
    threads = sorted(thread.name for thread in threading.enumerate() if not thread.name.startswith("asyncio_"))
    return ours, threads, len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0


async def test_thirty_meetings_leave_no_object_no_thread_and_no_socket_behind(tmp_path: Path) -> None:
    async def script(client: Client) -> None:
        media = await client.go_live()
        await client.hear(wire.Leave)
        await media.close()

    async with fake_host(tmp_path, script) as host:
        meetings = Meetings(tmp_path)
        for number in range(1, THEN + 1):
            await meetings.meet(host.link)
            host.clients.clear()
            await asyncio.sleep(0.05)
            if number == FIRST:
                before = left()
        after = left()

    assert {kind: count - before[0][kind] for kind, count in after[0].items() if count > before[0][kind]} == {}
    assert after[1:] == before[1:]


THREADS = """
import ctypes, threading
from app import memory
assert memory.bound()
enough = threading.Barrier(9)
for _ in range(8):
    threading.Thread(target=lambda: (bytearray(100_000), enough.wait(), enough.wait())).start()
enough.wait()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
enough.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a matter of glibc")
def test_threads_share_two_arenas_and_leave_none_behind() -> None:
    told = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=True, timeout=60)

    assert told.stdout.count("<heap nr=") == memory.ARENAS
