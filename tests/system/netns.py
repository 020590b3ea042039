"""Networks of our own for system tests: namespaces on a bridge, gone when the test ends.

Nothing leaves them: they have no route anywhere else.  Needs root and iproute2; tests that want these skip without.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread

from tests.system.waiting import PATIENCE

UNABLE = os.geteuid() != 0 or shutil.which("ip") is None
WHY = "network namespaces need root and iproute2"
_NUMBERS = count()
_CLONE_NEWNET = 0x4000_0000


@dataclass(frozen=True, slots=True)
class Computer:
    """One namespace; `addresses` are its own, one a network that it is plugged into."""

    name: str
    addresses: tuple[str, ...]

    @property
    def prefix(self) -> list[str]:
        """What to put before a command to run it there."""
        return ["ip", "netns", "exec", self.name]

    def ip(self, *arguments: str) -> str:
        return _run("ip", "-n", self.name, *arguments)

    def run(self, *command: str, patience: float = PATIENCE) -> str:
        return _run(*self.prefix, *command, patience=patience)

    async def start(self, command: Sequence[str]) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(*self.prefix, *command, stdin=pipe, stdout=pipe, stderr=pipe)

    def connect(self, address: tuple[str, int]) -> socket.socket:
        """A TCP connection from there, usable here: a socket stays in the namespace in which it was made."""
        made: list[socket.socket | OSError] = []

        def make() -> None:
            try:
                with Path("/run/netns", self.name).open("rb") as namespace:
                    if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), _CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), "setns")
                made.append(socket.create_connection(address, PATIENCE))
            except OSError as error:
                made.append(error)

        # A thread of its own, because it stays in the other namespace until it ends.
        thread = Thread(target=make, name=f"netns.{self.name}")
        thread.start()
        thread.join()
        if isinstance(made[0], OSError):
            raise made[0]
        return made[0]

    @asynccontextmanager
    async def running(self, command: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await self.start(command)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(PATIENCE):
                await process.wait()


class Networks:
    """Makes computers and plugs them in: network 0 is 10.77.0.0/24 and fd77::0:0/112, network 1 the next."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._tag = f"{os.getpid() % 10_000}-{next(_NUMBERS)}"
        self._switch = self._namespace("switch")
        self._bridges: set[int] = set()
        self._count = 0

    def computer(self, *networks: int, router: bool = False, isolated: bool = False) -> Computer:
        """`router`: network 0's bridge itself is the default gateway; `isolated`: as on a guest Wi-Fi."""
        self._count += 1
        number = self._count
        name = self._namespace(f"c{number}")
        for network in networks:
            self._plug(name, number, network, isolated)
        if router:
            _run("ip", "-n", name, "route", "add", "default", "via", f"10.77.{networks[0]}.254")
        return Computer(name, tuple(f"10.77.{network}.{number}" for network in networks))

    def _plug(self, name: str, number: int, network: int, isolated: bool) -> None:
        self._bridge(network)
        outer, inner = f"p{number}n{network}", f"eth{network}"
        _run("ip", "-n", name, "link", "add", inner, "type", "veth", "peer", "name", outer, "netns", self._switch)
        _run("ip", "-n", self._switch, "link", "set", outer, "master", f"br{network}", "up")
        if isolated:
            _run("bridge", "-n", self._switch, "link", "set", "dev", outer, "isolated", "on")
        _run("ip", "-n", name, "address", "add", f"10.77.{network}.{number}/24", "dev", inner)
        _run("ip", "-n", name, "-6", "address", "add", f"fd77::{network}:{number}/112", "dev", inner, "nodad")
        _run("ip", "-n", name, "link", "set", inner, "up")

    def _bridge(self, network: int) -> None:
        if network in self._bridges:
            return
        self._bridges.add(network)
        bridge = f"br{network}"
        _run("ip", "-n", self._switch, "link", "add", bridge, "type", "bridge", "mcast_snooping", "0")
        _run("ip", "-n", self._switch, "address", "add", f"10.77.{network}.254/24", "dev", bridge)
        _run("ip", "-n", self._switch, "link", "set", bridge, "up")

    def _namespace(self, label: str) -> str:
        name = f"parley-test-{self._tag}-{label}"
        _run("ip", "netns", "add", name)
        self._stack.callback(_run, "ip", "netns", "delete", name)
        _run("ip", "-n", name, "link", "set", "lo", "up")
        return name


@contextmanager
def networks() -> Iterator[Networks]:
    with ExitStack() as stack:
        yield Networks(stack)


def _run(*command: str, patience: float = PATIENCE) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=patience)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout
