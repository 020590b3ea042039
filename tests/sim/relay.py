"""The simulator's own seeded link in real time, between a client on this computer and a UDP port.

For kernels without `netem`.  Whoever sends to the relay's port is forwarded from a port of its own, as a router would,
through one link a direction; the loop's own lateness (a millisecond or two on a busy computer) comes on top.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count

from tests.sim.link import Link, Path, Weather

Address = tuple[str, int]


class LoopClock:
    """The running event loop's time, as a simulated clock is used."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    @property
    def now(self) -> float:
        return self._loop.time()

    def call_at(self, at: float, action: Callable[[], None]) -> None:
        self._loop.call_at(at, action)


class Relay:
    """Listens on `port`."""

    def __init__(self, towards: Address, weather: Weather, seed: int) -> None:
        self._towards = towards
        self._weather = weather
        self._seeds = count(seed)
        self._clock = LoopClock()
        self._outward: dict[Address, Path] = {}
        self._links: list[Link] = []
        self._transports: list[asyncio.DatagramTransport] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self) -> None:
        self._inside = await self._bound(self._came_in, local_addr=("127.0.0.1", 0))
        self.port = self._inside.get_extra_info("sockname")[1]

    def close(self) -> None:
        for transport in self._transports:
            transport.close()

    def turn(self, weather: Weather) -> None:
        """From now on, in both directions."""
        self._weather = weather
        for link in self._links:
            link.weather = weather

    @property
    def lost(self) -> float:
        """The share of all datagrams so far."""
        return sum(link.lost for link in self._links) / max(1, sum(link.sent for link in self._links))

    def _came_in(self, datagram: bytes, client: Address) -> None:
        path = self._outward.get(client)
        if path is not None:
            path.send(datagram)
        else:
            self._outward[client] = path = self._path(lambda datagram: None)
            task = asyncio.get_running_loop().create_task(self._open_for(client, path), name="relay.open")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _open_for(self, client: Address, path: Path) -> None:
        """The first datagram of a client is lost meanwhile; it is a connectivity check, which is repeated."""
        back = self._path(partial(_send, self._inside, client=client))
        outside = await self._bound(lambda datagram, _: back.send(datagram), remote_addr=self._towards)
        path.deliver = partial(_send, outside)

    def _path(self, deliver: Callable[[bytes], None]) -> Path:
        link = Link(self._weather, next(self._seeds))
        self._links.append(link)
        return Path(self._clock, link, deliver)

    async def _bound(
        self, came: Callable[[bytes, Address], None], local_addr: Address | None = None,
        remote_addr: Address | None = None,
    ) -> asyncio.DatagramTransport:  # fmt: skip
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            partial(_Ears, came), local_addr=local_addr, remote_addr=remote_addr
        )
        self._transports.append(transport)
        return transport


def _send(transport: asyncio.DatagramTransport, datagram: bytes, client: Address | None = None) -> None:
    if not transport.is_closing():  # what is still under way when the relay ends arrives nowhere
        transport.sendto(datagram, client)


class _Ears(asyncio.DatagramProtocol):
    def __init__(self, came: Callable[[bytes, Address], None]) -> None:
        self.datagram_received = came  # type: ignore[method-assign,assignment]


@asynccontextmanager
async def relaying(towards: Address, weather: Weather, seed: int = 1) -> AsyncIterator[Relay]:
    relay = Relay(towards, weather, seed)
    await relay.open()
    try:
        yield relay
    finally:
        relay.close()
