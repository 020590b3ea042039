from __future__ import annotations

import errno
import ipaddress
import socket
from pathlib import Path

import pytest

from app.engine.reach import Answer, Surroundings, answer_of, default_router, sentence

HOME = Surroundings((ipaddress.ip_interface("192.168.1.5/24"),), router_answers=True)
NO_ROUTER = Surroundings(HOME.own, router_answers=None)


@pytest.mark.parametrize(
    ("host", "answer", "around", "about"),
    [
        ("192.168.1.20", Answer.REFUSED, HOME, "no meeting is open"),
        ("192.168.1.20", Answer.ABSENT, HOME, "client isolation"),
        ("192.168.1.20", Answer.ABSENT, NO_ROUTER, "Check that it is on"),
        ("192.168.1.20", Answer.SILENT, HOME, "firewall"),
        ("192.168.7.20", Answer.SILENT, HOME, "another network than this computer (192.168.1.0/24)"),
        ("192.168.7.20", Answer.NO_ROUTE, NO_ROUTER, "another network"),
        ("anas-pc.local", Answer.NO_NAME, HOME, "Nobody on this network is called anas-pc.local"),
        ("192.168.1.20", Answer.NO_ROUTE, Surroundings((), None), "in no network"),
        ("127.0.0.1", Answer.REFUSED, Surroundings((), None), "no meeting is open"),
    ],
)
def test_each_reason_has_its_own_remedy(host: str, answer: Answer, around: Surroundings, about: str) -> None:
    assert about in sentence(host, 7443, answer, around)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Answer.REFUSED),
        (OSError(errno.EHOSTUNREACH, "no route to host"), Answer.ABSENT),
        (OSError(errno.ENETUNREACH, "network is unreachable"), Answer.NO_ROUTE),
        (socket.gaierror(-2, "unknown"), Answer.NO_NAME),
        (TimeoutError(), Answer.SILENT),
        (OSError("TLS"), Answer.SILENT),
    ],
)
def test_what_the_system_said_is_understood(error: Exception, answer: Answer) -> None:
    assert answer_of(error) is answer


def test_the_router_is_read_from_the_kernels_table(tmp_path: Path) -> None:
    table = tmp_path / "route"
    table.write_text(
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
        "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    )

    assert default_router(table) == "192.168.1.1"
    assert default_router(tmp_path / "absent") is None
