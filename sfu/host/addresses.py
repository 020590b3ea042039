"""Which addresses of this computer others can reach, and which of them a link should name."""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import re
import socket
from collections.abc import Sequence

import psutil

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Interfaces that lead to containers and virtual machines on this computer, and nowhere else.
_INWARD = re.compile(r"(docker|podman|virbr|lxcbr|vmnet|vboxnet|veth|cni|br-[0-9a-f]{12})")


def parsed(text: str) -> Address | None:
    """None when it is not an address, but a name for instance."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def everywhere() -> tuple[Address, ...]:
    """All addresses of both families; IPv4 alone where this computer has no IPv6."""
    anywhere: list[Address] = [ipaddress.IPv4Address("0.0.0.0")]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.bind(("::", 0))
        anywhere.append(ipaddress.IPv6Address("::"))
    return tuple(anywhere)


def reachable(binds: Sequence[Address]) -> list[Address]:
    """Where clients reach sockets bound to `binds`, best for a link first.

    Bound to everything of a family: all its addresses of interfaces that are up; loopback only when there is nothing
    else, so that a meeting with oneself works with the cable out.
    """
    named = [bind for bind in binds if not bind.is_unspecified]
    families = {bind.version for bind in binds if bind.is_unspecified}
    found = in_order([*named, *(address for address in _interfaces() if address.version in families)])
    return found or [ipaddress.ip_address("127.0.0.1" if 4 in families else "::1")]


def in_order(addresses: Sequence[Address]) -> list[Address]:
    """IPv4 first, because it is what people can read out; private ones before the world's, self-assigned last."""
    return sorted(dict.fromkeys(addresses), key=lambda a: (a.is_link_local, a.version, not a.is_private))


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
    """Of networks that others are on: not loopback, and bridges to containers only when there is nothing else.

    An IPv6 address that is link-local means nothing without the name of an interface, which differs at every guest.
    """
    up = [name for name, state in psutil.net_if_stats().items() if state.isup]
    addresses = psutil.net_if_addrs()
    for names in ([name for name in up if not _INWARD.match(name)], up):
        found = [
            ipaddress.ip_address(entry.address.partition("%")[0])
            for name in names
            for entry in addresses.get(name, ())
            if entry.family in (socket.AF_INET, socket.AF_INET6)
        ]
        outward = [one for one in found if not one.is_loopback and not (one.version == 6 and one.is_link_local)]
        if outward:
            return outward
    return []
