"""Why a host cannot be reached, as far as this computer can tell.

"Nobody answers" has four usual reasons on a LAN, and each has its own remedy: the meeting is over, the host is in
another network, the host's firewall drops us, or the Wi-Fi keeps its devices apart (client isolation, the default of
guest networks).  What the system answered to our attempt tells most of them apart; the router tells the last.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import psutil

from sfu.rtp.errors import ErrorCode, UserError

Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface

GATEWAY_PORTS = (53, 80, 443)
GATEWAY_TIMEOUT = 1.0
# The computer was not found by its hardware address: it is off, or the network keeps us apart.
_NOT_FOUND = {errno.EHOSTUNREACH, errno.EHOSTDOWN}


class Answer(Enum):
    """What our attempt to connect met with."""

    REFUSED = auto()
    """The computer is there and nothing listens."""
    SILENT = auto()
    """Nothing came back at all."""
    ABSENT = auto()
    """Nobody in this network has that address, as far as we are told."""
    NO_ROUTE = auto()
    NO_NAME = auto()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`own`: this computer's addresses with their networks; `router_answers`: None when there is no router to ask."""

    own: tuple[Interface, ...]
    router_answers: bool | None


def answer_of(error: Exception) -> Answer:
    if isinstance(error, socket.gaierror):
        return Answer.NO_NAME
    if isinstance(error, ConnectionError):
        return Answer.REFUSED
    number = error.errno if isinstance(error, OSError) else None
    if number in _NOT_FOUND:
        return Answer.ABSENT
    return Answer.NO_ROUTE if number == errno.ENETUNREACH else Answer.SILENT


def sentence(host: str, port: int, answer: Answer, around: Surroundings) -> str:
    """What is probably wrong and what to do; pure."""
    if answer is Answer.REFUSED:
        return (f"The computer at {host} answers, but no meeting is open on its port {port}. Perhaps the meeting has "
                "ended. Ask the host for a new link.")
    if not around.own:
        return "This computer is in no network. Connect it to the host's Wi-Fi or cable, then join again."
    if answer is Answer.NO_NAME:
        return f"Nobody on this network is called {host}. Check the name, or type the host's address instead."
    near = _is_near(host, around.own)
    if near is False or answer is Answer.NO_ROUTE:
        networks = ", ".join(str(interface.network) for interface in around.own)
        return (f"{host} is in another network than this computer ({networks}). Connect to the same Wi-Fi or cable as "
                "the host.")
    if answer is Answer.ABSENT and around.router_answers:
        return (f"The router answers but the host at {host} does not. Either that computer is off, or this Wi-Fi keeps "
                "its devices apart (\"client isolation\", usual for guests). Use a cable or another Wi-Fi, or ask for "
                "isolation to be switched off.")
    if answer is Answer.ABSENT:
        return f"No computer at {host} answers. Check that it is on and in the same network as this one."
    return (f"The computer at {host} is silent on port {port}: its firewall probably drops us. Ask the host to run "
            "`parley doctor` there: it prints the rule that lets people in.")


def _is_near(host: str, own: tuple[Interface, ...]) -> bool | None:
    """Whether `host` is in one of our own networks; None when it is a name."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return any(address in interface.network for interface in own)


async def why_unreachable(host: str, port: int, error: Exception) -> UserError:
    """Looks around, briefly, and says what is probably wrong."""
    around = Surroundings(own_interfaces(), await _router_answers())
    return UserError(ErrorCode.HOST_UNREACHABLE, sentence(host, port, answer_of(error), around))


def own_interfaces() -> tuple[Interface, ...]:
    """This computer's addresses other than loopback, on interfaces that are up."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        ipaddress.ip_interface(f"{entry.address}/{entry.netmask}")
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if name in up and entry.family == socket.AF_INET and entry.netmask
    ]
    return tuple(interface for interface in found if not interface.ip.is_loopback)


def own_addresses() -> frozenset[str]:
    """Every address of this computer now, without scopes; takes a quarter of a millisecond."""
    entries = [entry for found in psutil.net_if_addrs().values() for entry in found]
    return frozenset(
        entry.address.partition("%")[0] for entry in entries if entry.family in (socket.AF_INET, socket.AF_INET6)
    )


async def _router_answers() -> bool | None:
    """Whether the router can be found: accepting or refusing a connection, both mean that it is there."""
    router = default_router()
    if router is None:
        return None
    answers = await asyncio.gather(*(_is_there(router, port) for port in GATEWAY_PORTS))
    return any(answers)


async def _is_there(address: str, port: int) -> bool:
    try:
        async with asyncio.timeout(GATEWAY_TIMEOUT):
            _, writer = await asyncio.open_connection(address, port)
    except ConnectionError:
        return True
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


def default_router(routes: Path = Path("/proc/net/route")) -> str | None:
    """The IPv4 default gateway; None where there is none or this system does not say (it is Linux that does)."""
    try:
        lines = routes.read_text(encoding="ascii").splitlines()[1:]
    except (OSError, UnicodeDecodeError):
        return None
    for line in lines:
        fields = line.split()
        if len(fields) > 7 and fields[1] == "00000000" and fields[7] == "00000000":
            return str(ipaddress.IPv4Address(int(fields[2], 16).to_bytes(4, "little")))
    return None
