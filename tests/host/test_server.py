from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from unittest.mock import MagicMock

import uvicorn
import websockets
from fastapi import FastAPI
from uvicorn.server import ServerState

from sfu.host.server import Crowd, SessionSocket
from tests.host.front import Front, front
from tests.system.waiting import until

ADDRESS, OTHER = "192.168.1.7", "192.168.1.8"


def test_one_address_cannot_take_the_room_of_all_others() -> None:
    crowd = Crowd(most=2)
    ends = [socket.socket() for _ in range(4)]

    assert [crowd.admits(ADDRESS, end) for end in ends[:3]] == [True, True, False]
    assert crowd.admits(OTHER, ends[3])

    ends[0].close()
    assert crowd.admits(ADDRESS, ends[2])
    for end in ends:
        end.close()


def test_a_proxy_on_this_computer_speaks_for_as_many_as_it_likes() -> None:
    crowd = Crowd(most=1)
    with socket.socket() as one, socket.socket() as other:
        assert crowd.admits("127.0.0.1", one)
        assert crowd.admits("127.0.0.1", other)


async def test_a_server_that_ends_while_a_client_leaves_lets_it_leave() -> None:
    transport = MagicMock(is_closing=lambda: True)
    session = SessionSocket(uvicorn.Config(FastAPI(), log_config=None), ServerState(), {})
    session.connection_made(transport)
    session.handshake_complete = True
    session.conn.state = websockets.State.CLOSING

    session.shutdown()

    transport.write.assert_not_called()


async def test_noise_silence_and_half_handshakes_keep_nobody_out(tmp_path: Path) -> None:
    async with front(tmp_path) as running:
        noise = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(3)]
        noise[0][1].write(b"\x16\x03\x01\x00\x05hello")  # looks like TLS, is not
        noise[1][1].write(b"\x00\xffgarbage\r\n\r\n")
        noise[1][1].write_eof()

        async with running.joined("Ana") as ana:
            await ana.lives()
        for _, writer in noise:
            writer.close()


async def test_media_over_tcp_is_handed_on_with_nothing_read_from_it(tmp_path: Path) -> None:
    check = b"\x00\x6c\x00\x01" + bytes(0x6C)
    async with front(tmp_path) as running:
        _, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(check)

        await until(lambda: handed_over(running), "the connection to be handed over", 10.0)
        (connection,) = running.forwarder.connections
        assert connection.recv(200) == check
        writer.close()


async def handed_over(running: Front) -> bool:
    return bool(running.forwarder.connections)
