"""A wire between clients and a host that can be cut: TCP only, so that media goes on when the socket is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_BLOCK = 65536


class Relay:
    """On loopback, in front of `port`."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._sockets: list[asyncio.StreamWriter] = []
        self.port = 0
        self.swallows = False
        """What comes is taken and goes nowhere: it looks sent and never arrives."""
        self.broken = False
        """Nobody gets through."""
        self.pause_s = 0.0
        """Before each block: a slow network."""

    def through(self, link: str) -> str:
        """The same meeting, by way of this relay."""
        return link.replace(f":{self._target}/", f":{self.port}/")

    def cut(self) -> None:
        """What is connected is torn."""
        for socket in self._sockets:
            socket.transport.abort()
        self._sockets.clear()
        self.swallows = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.broken:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._sockets += [writer, far_writer]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._copy(reader, far_writer))
            tasks.create_task(self._copy(far_reader, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while block := await reader.read(_BLOCK):
                await asyncio.sleep(self.pause_s)
                if not self.swallows:
                    writer.write(block)
                    await writer.drain()
        except ConnectionError:
            pass
        writer.close()


@asynccontextmanager
async def relay(port: int) -> AsyncIterator[Relay]:
    between = Relay(port)
    server = await asyncio.start_server(between.carry, "127.0.0.1", 0)
    between.port = server.sockets[0].getsockname()[1]
    try:
        yield between
    finally:
        server.close()
        between.cut()
