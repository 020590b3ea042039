from __future__ import annotations

import contextlib
import ipaddress
import socket

import pytest

from sfu.host.ports import open_port
from sfu.rtp.errors import ErrorCode, UserError

FAMILIES = (socket.AF_INET, socket.AF_INET6)
LOOPBACK = ipaddress.ip_address("127.0.0.1")


def test_tcp_and_udp_get_the_same_number() -> None:
    with contextlib.closing(open_port([LOOPBACK], 0)) as port:
        assert {sock.getsockname()[1] for sock in (*port.tcp, *port.udp)} == {port.number}


def test_both_families_get_one_number_and_a_socket_each() -> None:
    with contextlib.closing(open_port([LOOPBACK, ipaddress.ip_address("::1")], 0)) as port:
        assert [sock.family for sock in port.udp] == [sock.family for sock in port.tcp] == list(FAMILIES)
        assert {sock.getsockname()[1] for sock in (*port.tcp, *port.udp)} == {port.number}


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_busy_port_is_named_with_another_to_try(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            other.listen()
        number = other.getsockname()[1]

        with pytest.raises(UserError, match=f"Port {number} is in use.*--port") as refused:
            open_port([LOOPBACK], number)

    assert refused.value.code == ErrorCode.BUSY_PORT


def test_a_port_can_be_used_again_at_once() -> None:
    first = open_port([LOOPBACK], 0)
    first.close()

    open_port([LOOPBACK], first.number).close()


def test_an_address_that_is_not_ours_says_to_choose_another() -> None:
    with pytest.raises(UserError, match="--bind"):
        open_port([ipaddress.ip_address("192.0.2.1")], 0)
