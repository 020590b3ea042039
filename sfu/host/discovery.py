"""Announcing a meeting on the LAN by multicast DNS (RFC 6762, RFC 6763), so that nobody has to type an address.

What is announced everybody on the network may read: the title and the computer's name, never the code, a token or who
is there.  Two computers of one name are told apart by a name made of their keys.  A network without multicast is no
reason not to meet: then people use the link.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from zeroconf import Error
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from sfu.host.addresses import Address, host_name, unique_name
from sfu.wire.finding import SERVICE
from sfu.wire.messages import PROTOCOL

log = logging.getLogger("sfu.host.discovery")

# A TXT string has at most 255 bytes with its key (RFC 6763, 6.1).
_MAX_VALUE = 200


@dataclass(frozen=True, slots=True)
class Announcement:
    """`pin` names the installation's key: with the port it makes the announcement's name unique."""

    title: str
    port: int
    pin: str

    def info(self, addresses: Sequence[Address]) -> AsyncServiceInfo:
        unique = unique_name(self.pin)
        return AsyncServiceInfo(
            SERVICE,
            f"{unique}-{self.port}.{SERVICE}",
            port=self.port,
            server=f"{unique}.local.",
            addresses=[address.packed for address in addresses],
            properties={"v": str(PROTOCOL), "title": _cut(self.title), "host": _cut(host_name())},
        )


class Beacon:
    """Announces on the interfaces of the given addresses; `move` when they change, `close` says goodbye."""

    def __init__(self, announcement: Announcement) -> None:
        self._announcement = announcement
        self._zeroconf: AsyncZeroconf | None = None

    async def move(self, addresses: Sequence[Address]) -> None:
        await self.close()
        near = [address for address in addresses if not address.is_loopback]
        if not near:
            return
        try:
            # One family is enough to be found by: the announcement itself names the addresses of both.
            asked = [address for address in near if address.version == 4] or near
            self._zeroconf = AsyncZeroconf(interfaces=[str(address) for address in asked])
            # The name is ours alone, so nobody needs to be asked whether it is taken.
            await self._zeroconf.async_register_service(self._announcement.info(near), cooperating_responders=True)
        except (OSError, Error) as error:
            log.warning("this meeting cannot be announced on the network", extra={"why": str(error)})
            await self.close()

    async def close(self) -> None:
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            try:
                await zeroconf.async_unregister_all_services()
            finally:
                await zeroconf.async_close()


def _cut(text: str) -> bytes:
    """At most `_MAX_VALUE` bytes of UTF-8, no character halved."""
    return text.encode("utf-8", "replace")[:_MAX_VALUE].decode("utf-8", "ignore").encode()
