"""Networks of our own for system tests: namespaces on a bridge, gone when the test ends.

Nothing leaves them: they have no route anywhere else.  Needs root and iproute2; tests that want these skip without.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count

UNABLE = os.geteuid() != 0 or shutil.which("ip") is None
WHY = "network namespaces need root and iproute2"
PATIENCE = 20.0
_NUMBERS = count()


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

    @asynccontextmanager
    async def running(self, command: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await self.start(command)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(20):
                await process.wait()


class Networks:
    """Makes computers and plugs them in: network 0 is 10.77.0.0/24, network 1 is 10.77.1.0/24 and so on."""

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
