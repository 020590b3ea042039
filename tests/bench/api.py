"""`api`: what the host's control process does in a second, and how long whoever asks it waits.

A host as a user starts it, without captions and held to one core, and everybody else in this process on another.
`join_*`: with `--room` people inside, one after the other, from the first packet to `welcome` (two TLS connections,
the token, the socket).  `reads_*`: `--connections` programs ask as fast as they are answered, for what programs read
(themselves, a meeting, twenty meetings, who is in it, its chat).  `fanout_*`: somebody claps; until the last of
`--audience` people has it.  `reads_per_cpu_s` is the same work by the host's own CPU time, whatever else runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from tests.bench._api.hosts import Host, apart, milliseconds, percentile
from tests.bench._api.room import PATIENCE, Somebody, joined
from tests.bench._api.wires import Wire, opened

SHORT = ("--joins", "20", "--seconds", "3", "--events", "20")
_PLANNED, _SAID = 20, 20
_WARM_S = 0.5


def run(argv: Sequence[str]) -> dict[str, Any]:
    given = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="parley-api-") as folder:
        host = Host(folder)
        try:
            cores_apart = apart(host)
            return {"ready_s": round(host.ready_s, 2), **asyncio.run(_measure(host, given)), "cores_apart": cores_apart}
        finally:
            host.stop()


async def _measure(host: Host, given: argparse.Namespace) -> dict[str, Any]:
    port, code = host.ready["port"], host.ready["code"]
    room = [(await joined(port, code, f"Person {number}"))[0] for number in range(given.room)]
    joins = await _joins(port, code, given.joins)
    reads = await _reads(host, room[0], given)
    room += [(await joined(port, code, f"Late {number}"))[0] for number in range(given.audience - given.room)]
    await asyncio.sleep(_WARM_S)
    waits = [await _clap(room, number) for number in range(given.events)]
    for somebody in room:
        somebody.wire.close()
    return {
        "join_p50_ms": milliseconds(statistics.median(joins)), "join_p95_ms": milliseconds(percentile(joins, 0.95)),
        **reads,
        "fanout_ms": milliseconds(statistics.median(waits)), "fanout_p95_ms": milliseconds(percentile(waits, 0.95)),
        "room": given.room, "audience": given.audience, "memory_mb": round(host.control.memory_info().rss / 2**20),
    }  # fmt: skip


async def _joins(port: int, code: str, count: int) -> list[float]:
    waits = []
    for number in range(count):
        newcomer, took = await joined(port, code, f"Newcomer {number}")
        waits.append(took)
        newcomer.wire.close()
    return waits


async def _reads(host: Host, member: Somebody, given: argparse.Namespace) -> dict[str, Any]:
    wires = [await opened(host.ready["port"]) for _ in range(given.connections)]
    mix = await _things_to_read(host, wires[0], member)
    waits: list[float] = []
    for wire in wires:
        await _ask(wire, mix, time.perf_counter() + _WARM_S / len(wires), [])
    before, began = host.cpu_s(), time.perf_counter()
    until = began + given.seconds
    await asyncio.gather(*(_ask(wire, mix[n % len(mix) :] + mix[: n % len(mix)], until, waits)
                           for n, wire in enumerate(wires)))  # fmt: skip
    took, spent = time.perf_counter() - began, host.cpu_s() - before
    for wire in wires:
        wire.close()
    return {
        "reads_per_s": round(len(waits) / took), "reads_per_cpu_s": round(len(waits) / spent),
        "reads_p50_ms": milliseconds(statistics.median(waits)), "reads_p99_ms": milliseconds(percentile(waits, 0.99)),
        "connections": given.connections,
    }  # fmt: skip


async def _ask(wire: Wire, mix: list[bytes], until: float, waits: list[float]) -> None:
    while True:
        for raw in mix:
            began = time.perf_counter()
            if began >= until:
                return
            status, body = await wire.request(raw)
            if status != 200:
                raise ConnectionError(f"{raw.decode()}: {status} {body.decode(errors='replace')}")
            waits.append(time.perf_counter() - began)


async def _things_to_read(host: Host, wire: Wire, member: Somebody) -> list[bytes]:
    """Requests of somebody with an account; meetings are planned and something is said, so that there is something."""
    owner, key, code = host.ready["host_token"], member.welcome["key"], host.ready["code"]
    await _done(wire, "POST", "/api/users", "", {"name": "Reader", "password": "a long enough one"})
    login = await _done(wire, "POST", "/api/login", "", {"name": "Reader", "password": "a long enough one"})
    token = json.loads(login)["token"]
    for number in range(_PLANNED):
        await _done(wire, "POST", "/api/meetings", token, {"title": f"Planned {number}"})
    for number in range(_SAID):
        await _done(wire, "POST", f"/api/meetings/{code}/chat", key, {"text": f"Message {number}"})
    here = f"/api/meetings/{code}"
    return [
        wire.raw("GET", "/api/users/me", token), wire.raw("GET", here, key),
        wire.raw("GET", "/api/meetings?most=20", token), wire.raw("GET", f"{here}/participants", owner),
        wire.raw("GET", f"{here}/chat", key),
    ]  # fmt: skip


async def _done(wire: Wire, method: str, path: str, token: str, body: dict[str, Any]) -> bytes:
    status, answer = await wire.request(wire.raw(method, path, token, body))
    if status >= 300:
        raise ConnectionError(f"{method} {path}: {status} {answer.decode(errors='replace')}")
    return answer


async def _clap(room: list[Somebody], number: int) -> float:
    """Seconds until the last one has it, the one who claps included."""
    await asyncio.sleep(0.05)
    arrivals = [somebody.await_kind("reacted") for somebody in room]
    began = time.perf_counter()
    room[number % len(room)].wire.say({"type": "react", "reaction": "clap"})
    async with asyncio.timeout(PATIENCE):
        return max(await asyncio.gather(*arrivals)) - began


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench api")
    parser.add_argument("--room", type=int, default=50, help="people inside while others join")
    parser.add_argument("--joins", type=int, default=100)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10.0, help="of reading")
    parser.add_argument("--audience", type=int, default=100)
    parser.add_argument("--events", type=int, default=60)
    return parser
