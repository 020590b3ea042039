"""`grpc`: how long another program waits for the same answer by gRPC and by HTTP.

A host as a user starts it, without captions; one connection each, one call after the other, as somebody with an
account who asks about themselves: `GetUser` by gRPC's own client, `GET /api/users/me` by httpx (`rest`) and by next to
no client at all (`thin_rest`).  They take turns, so that whatever else runs slows all down alike.  `rest_over_grpc` and
`thin_rest_over_grpc` are ratios of medians; `…_cpu_ms` is what a call costs the host.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import grpc
import httpx

from sfu.rpc import parley_pb2 as pb
from sfu.rpc.parley_pb2_grpc import UserServiceStub
from tests.bench._api.hosts import Host, apart, milliseconds, percentile
from tests.bench._api.wires import opened, trusting

SHORT = ("--calls", "400")
_BLOCK = 50
_ACCOUNT = {"name": "Reader", "password": "a long enough one"}


def run(argv: Sequence[str]) -> dict[str, Any]:
    given = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="parley-grpc-") as folder:
        host = Host(folder, "--grpc", "0")
        try:
            cores_apart = apart(host)
            return {**asyncio.run(_measure(host, Path(folder), given.calls)), "cores_apart": cores_apart}
        finally:
            host.stop()


async def _measure(host: Host, folder: Path, calls: int) -> dict[str, Any]:
    wire = await opened(host.ready["port"])
    await wire.request(wire.raw("POST", "/api/users", body=_ACCOUNT))
    _, signed_in = await wire.request(wire.raw("POST", "/api/login", body=_ACCOUNT))
    token = json.loads(signed_in)["token"]
    raw = wire.raw("GET", "/api/users/me", token)
    trusted = grpc.ssl_channel_credentials((folder / "tls" / "host.pem").read_bytes())
    origin, bearer = f"https://127.0.0.1:{host.ready['port']}", {"Authorization": f"Bearer {token}"}
    async with (
        grpc.aio.secure_channel(host.ready["grpc"], trusted) as channel,
        httpx.AsyncClient(base_url=origin, verify=trusting(), headers=bearer) as client,
    ):
        stub, metadata = UserServiceStub(channel), (("authorization", f"Bearer {token}"),)

        async def by_grpc() -> None:
            found = await stub.GetUser(pb.GetUserRequest(), metadata=metadata)
            assert found.name == _ACCOUNT["name"]

        async def by_rest() -> None:
            status, body = await wire.request(raw)
            assert (status, json.loads(body)["name"]) == (200, _ACCOUNT["name"])

        async def by_httpx() -> None:
            assert (await client.get("/api/users/me")).json()["name"] == _ACCOUNT["name"]

        calls_of = {"get_user": by_grpc, "rest": by_httpx, "thin_rest": by_rest}
        ways = {name: _Way(host, call) for name, call in calls_of.items()}
        for way in ways.values():
            await way.block(_BLOCK)
            way.forget()
        for _ in range(calls // _BLOCK):
            for way in ways.values():
                await way.block(_BLOCK)
    wire.close()
    figures = {f"{name}_{key}": value for name, way in ways.items() for key, value in way.figures().items()}
    by_medians = {
        f"{name}_over_grpc": round(ways[name].median() / ways["get_user"].median(), 2) for name in ("rest", "thin_rest")
    }
    return {**figures, **by_medians, "calls": calls}


class _Way:
    """One way of asking: how long each call took, and what all of them cost the host."""

    def __init__(self, host: Host, call: Callable[[], Awaitable[None]]) -> None:
        self._host = host
        self._call = call
        self.forget()

    def forget(self) -> None:
        self._waits: list[float] = []
        self._cpu_s = 0.0

    async def block(self, calls: int) -> None:
        before = self._host.cpu_s()
        for _ in range(calls):
            began = time.perf_counter()
            await self._call()
            self._waits.append(time.perf_counter() - began)
        self._cpu_s += self._host.cpu_s() - before

    def median(self) -> float:
        return statistics.median(self._waits)

    def figures(self) -> dict[str, float]:
        return {
            "p50_ms": milliseconds(self.median()),
            "p99_ms": milliseconds(percentile(self._waits, 0.99)),
            "cpu_ms": milliseconds(self._cpu_s / len(self._waits)),
        }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench grpc")
    parser.add_argument("--calls", type=int, default=2_000, help="each way, without those to warm up")
    return parser
