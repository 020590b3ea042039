"""The relay against real sockets: what a weather loses is lost in both directions, what is left arrives late."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from tests.sim.link import Weather
from tests.sim.relay import relaying


@pytest.mark.parametrize(("loss", "least", "most"), [(0.0, 200, 200), (0.3, 120, 165)])
async def test_a_relay_delays_and_loses_what_its_weather_says(loss: float, least: int, most: int) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket(type=socket.SOCK_DGRAM) as far, socket.socket(type=socket.SOCK_DGRAM) as near:
        for end in (far, near):
            end.bind(("127.0.0.1", 0))
            end.setblocking(False)
        async with relaying(far.getsockname(), Weather(delay=0.02), seed=3) as relay:
            here = ("127.0.0.1", relay.port)
            near.sendto(b"first", here)  # opens the way, and gets lost
            await asyncio.sleep(0.1)
            relay.turn(Weather(delay=0.02, loss=loss))
            began = time.monotonic()
            for n in range(200):
                near.sendto(bytes([n]), here)
            first, way = await asyncio.wait_for(loop.sock_recvfrom(far, 100), 10)
            took = time.monotonic() - began
            relay.turn(Weather(delay=0.02))
            far.sendto(b"back", way)
            answer = await asyncio.wait_for(loop.sock_recv(near, 100), 10)
            await asyncio.sleep(0.2)
            came = 1 + drained(far)

    assert took >= 0.02
    assert least <= came <= most
    assert answer == b"back"
    assert len(first) == 1


def drained(sock: socket.socket) -> int:
    count = 0
    while True:
        try:
            sock.recv(100)
        except BlockingIOError:
            return count
        count += 1
