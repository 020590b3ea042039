"""A program on the host's computer that asks by gRPC, over real TLS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from sfu.host.endpoints import Endpoint
from sfu.rpc import parley_pb2 as pb
from sfu.rpc.parley_pb2_grpc import MeetingServiceStub, UserServiceStub
from sfu.rpc.refusals import CODE_KEY
from sfu.rpc.server import RpcServer
from tests.host.front import LOOPBACK, PATIENCE, Front, front


@dataclass
class Program:
    front: Front
    folder: Path
    port: int
    channel: grpc.aio.Channel

    @asynccontextmanager
    async def another(self) -> AsyncIterator[Program]:
        """Another program, which trusts the certificate of now."""
        async with opened(self.folder, self.port) as channel:
            yield Program(self.front, self.folder, self.port, channel)

    @property
    def users(self) -> Any:
        return UserServiceStub(self.channel)

    @property
    def meetings(self) -> Any:
        return MeetingServiceStub(self.channel)


@asynccontextmanager
async def program(folder: Path) -> AsyncIterator[Program]:
    async with front(folder) as running:
        identity = running.certificates.issue([LOOPBACK], ["test.local"])
        server = RpcServer(running.services, Endpoint(LOOPBACK, 0), identity)
        serving = asyncio.create_task(server.run())
        try:
            async with opened(folder, server.port) as channel:
                yield Program(running, folder, server.port, channel)
        finally:
            serving.cancel()
            await asyncio.wait({serving})


def opened(folder: Path, port: int) -> grpc.aio.Channel:
    trusted = grpc.ssl_channel_credentials((folder / "tls" / "host.pem").read_bytes())
    return grpc.aio.secure_channel(f"localhost:{port}", trusted)


def bearer(token: str | None) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


async def refused(call: Any) -> tuple[grpc.StatusCode, str]:
    """The status and our code of a call that is refused; a sentence goes with them."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        assert error.details().endswith("."), error.details()
        return error.code(), dict(error.trailing_metadata() or ())[CODE_KEY]
    raise AssertionError("it was not refused")


class Watched:
    """A stream of events, one kind at a time."""

    def __init__(self, call: Any) -> None:
        self.call = call

    async def next(self, kind: str) -> Any:
        """The next event of this kind; others are passed over."""
        async with asyncio.timeout(PATIENCE):
            while (event := await self.call.read()) is not grpc.aio.EOF:
                if event.WhichOneof("event") == kind:
                    return getattr(event, kind)
        raise EOFError(kind)

    async def rest(self) -> list[str]:
        """The kinds of all events until the stream ends well."""
        kinds: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while (event := await self.call.read()) is not grpc.aio.EOF:
                kinds.append(str(event.WhichOneof("event")))
        return kinds


def watch(asking: Program, meeting: str, token: str | None) -> Watched:
    return Watched(asking.meetings.Watch(pb.MeetingRequest(meeting=meeting), metadata=bearer(token)))
