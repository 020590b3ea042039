"""Whether a server is on this network: what was said in a meeting goes no further unless its owner says so."""

from __future__ import annotations

import ipaddress
import socket

from sfu.rtp.errors import ErrorCode, UserError
from sfu.tasks.context import TryAgain


def address_of(host: str, port: int, *, anywhere: bool, purpose: str) -> str:
    """One address of `host`, looked up once, so that what was checked is what is used.

    Raises UserError for one outside this network (but not with `anywhere`), TryAgain while the name is not known.
    `purpose`: how a sentence calls the server ("language model").
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise TryAgain(f"The {purpose} is not found: nobody knows the name {host}.") from error
    addresses = [str(each[4][0]) for each in found]
    if not anywhere and not all(map(_is_near, addresses)):
        sentence = f"{host} is not on this network. What was said would leave it, so allow that in the settings first."
        raise UserError(ErrorCode.NOT_ALLOWED, sentence)
    return addresses[0]


def _is_near(address: str) -> bool:
    """Loopback, link-local, RFC 1918, RFC 4193, RFC 6598 (`is_global` knows them)."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return not parsed.is_global and not parsed.is_multicast and not parsed.is_unspecified
