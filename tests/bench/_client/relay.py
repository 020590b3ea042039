"""A path that takes its time: datagrams to and from a host, each held up by up to `jitter` seconds.

`python -m tests.bench._client.relay BIND HOST PORT` prints its own port; a line on standard input sets the jitter.
"""

from __future__ import annotations

import asyncio
import random
import sys
from typing import Any

Address = tuple[str, int]


class _Way(asyncio.DatagramProtocol):
    """One end of a client's path."""

    def __init__(self, relay: Relay, client: Address | None = None) -> None:
        self._relay = relay
        self._client = client
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self._client is None:
            self._relay.up(data, addr)
        else:
            self._relay.down(data, self._client)


class Relay:
    """Each client has a socket of its own towards the host, as behind a router."""

    def __init__(self, bind: str, host: Address) -> None:
        self._bind = bind
        self._host = host
        self._near = _Way(self)
        self._far: dict[Address, _Way] = {}
        self._random = random.Random(7)
        self._connecting: set[asyncio.Task[None]] = set()
        self.jitter = 0.0

    async def open(self) -> int:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self._near, local_addr=(self._bind, 0)
        )
        port: int = transport.get_extra_info("sockname")[1]
        return port

    def up(self, data: bytes, client: Address) -> None:
        way = self._far.get(client)
        if way is None:
            way = self._far[client] = _Way(self, client)
            connecting = asyncio.create_task(self._connect(way, data))
            self._connecting.add(connecting)
            connecting.add_done_callback(self._connecting.discard)
        else:
            self._later(way, data, None)

    def down(self, data: bytes, client: Address) -> None:
        self._later(self._near, data, client)

    async def _connect(self, way: _Way, first: bytes) -> None:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: way, remote_addr=self._host)
        self._later(way, first, None)

    def _later(self, way: _Way, data: bytes, to: Address | None) -> None:
        if way.transport is None:
            return
        if self.jitter:
            delay = self._random.uniform(0, self.jitter)
            asyncio.get_running_loop().call_later(delay, way.transport.sendto, data, to)
        else:
            way.transport.sendto(data, to)


async def main(bind: str, host: str, port: str) -> None:
    relay = Relay(bind, (host, int(port)))
    print(await relay.open(), flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        relay.jitter = float(line)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
