"""Where a program listens, as people type it."""

from __future__ import annotations

from dataclasses import dataclass

from sfu.host import addresses
from sfu.host.addresses import Address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Port 0: any that is free."""

    address: Address
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if self.address.version == 6 else f"{self.address}:{self.port}"

    def named(self, port: int) -> str:
        """For a client that checks the certificate, which names `localhost` and the addresses on the network."""
        return f"localhost:{port}" if self.address.is_loopback else str(Endpoint(self.address, port))


def parsed(text: str) -> Endpoint | None:
    """`PORT` is on this computer alone, `ADDRESS:PORT` where it says; None: it is neither."""
    address, colon, port = text.rpartition(":")
    where = addresses.parsed(address.strip("[]")) if colon else addresses.parsed("127.0.0.1")
    if where is None or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        return None
    return Endpoint(where, int(port))
