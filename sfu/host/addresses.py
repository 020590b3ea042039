"""Which addresses of this computer others can reach, and which of them a link should name."""

from __future__ import annotations

import base64
import ipaddress
import socket
from collections.abc import Sequence

import psutil

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def reachable(bind: Address) -> list[Address]:
    """Where clients reach a socket bound to `bind`, best for a link first.

    Bound to everything: all addresses of interfaces that are up, of the same family; loopback only when there is
    nothing else, so that a meeting with oneself works with the cable out.
    """
    if not bind.is_unspecified:
        return [bind]
    loopback = ipaddress.ip_address("127.0.0.1" if bind.version == 4 else "::1")
    return in_order([a for a in _interfaces() if a.version == bind.version and not a.is_loopback]) or [loopback]


def in_order(addresses: Sequence[Address]) -> list[Address]:
    """Private ones first, self-assigned ones (no DHCP) last, otherwise as the system lists them."""
    return sorted(dict.fromkeys(addresses), key=lambda a: (a.is_link_local, not a.is_private))


def host_name() -> str:
    """Without a domain: what `NAME.local` is made of."""
    return socket.gethostname().split(".")[0] or "parley"


def unique_name(pin: str) -> str:
    """What this installation is called on the network, whatever other computer has the same host name."""
    return f"parley-{base64.urlsafe_b64decode(pin + '=').hex()[:8]}"


def local_names(pin: str) -> tuple[str, ...]:
    """The names under which multicast DNS finds us."""
    return (f"{host_name().lower()}.local", f"{unique_name(pin)}.local")


def _interfaces() -> list[Address]:
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return [
        ipaddress.ip_address(entry.address.partition("%")[0])
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if name in up and entry.family in (socket.AF_INET, socket.AF_INET6)
    ]
