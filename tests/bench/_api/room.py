"""People in a meeting's room by their session sockets alone, without media."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench._api.wires import Wire, opened

PATIENCE = 30.0


@dataclass
class Somebody:
    """`welcome` is theirs; `when` has the instant of the first message of a kind that is waited for."""

    wire: Wire
    welcome: dict[str, Any]
    awaited: bytes = b""
    when: asyncio.Future[float] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def await_kind(self, kind: str) -> asyncio.Future[float]:
        """The instant at which the next message of this kind is here."""
        self.awaited = f'"type":"{kind}"'.encode()
        self.when = asyncio.get_running_loop().create_future()
        self.wire.heard = self._heard
        return self.when

    def _heard(self, instant: float, text: bytes) -> None:
        if self.awaited in text[:64] and not self.when.done():
            self.when.set_result(instant)


async def joined(port: int, code: str, name: str) -> tuple[Somebody, float]:
    """Somebody new, and the seconds from the first packet to their welcome: TLS, the token, TLS, the socket."""
    began = time.perf_counter()
    asking = await opened(port)
    status, body = await asking.request(asking.raw("POST", f"/api/meetings/{code}/join", body={"name": name}))
    asking.close()
    if status != 200:
        raise ConnectionError(f"{name} may not join: {status} {body.decode(errors='replace')}")
    wire = await opened(port)
    await wire.upgrade()
    welcomed: asyncio.Future[tuple[float, bytes]] = asyncio.get_running_loop().create_future()

    def heard(instant: float, text: bytes) -> None:
        if not welcomed.done():
            welcomed.set_result((instant, text))

    wire.heard = heard
    wire.say({"type": "join", "protocol": 1, "token": json.loads(body)["token"], "client": "headless"})
    async with asyncio.timeout(PATIENCE):
        instant, text = await welcomed
    wire.heard = lambda instant, text: None
    welcome = json.loads(text)
    if welcome["type"] != "welcome":
        raise ConnectionError(f"{name} was not welcomed: {welcome}")
    return Somebody(wire, welcome), instant - began
