"""The DTLS handshake of everybody whose offer was answered, each with a task of its own.

One that was replaced or given up meanwhile is nobody's news.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from sfu.core.effects import OpenMedia
from sfu.host.dtls import DtlsCertificate, Handshake
from sfu.link import messages as link
from sfu.rtp.errors import PeerFault

log = logging.getLogger("sfu.host.handshakes")


class Hears(Protocol):
    """Who is told how they came out."""

    def secured(self, keys: link.SetKeys) -> None: ...

    def not_secured(self, peer: str, sentence: str) -> None: ...


class Handshakes:
    """`order` reaches the forwarder, through which their datagrams travel."""

    def __init__(self, certificate: DtlsCertificate, order: Callable[[link.Order], None]) -> None:
        self._certificate = certificate
        self._order = order
        self._now: dict[str, Handshake] = {}
        self._begun: asyncio.Queue[Handshake] = asyncio.Queue()

    async def run(self, hears: Hears) -> None:
        """Does them, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                handshake = await self._begun.get()
                tasks.create_task(self._secure(handshake, hears), name=f"dtls.{handshake.peer}")

    def begin(self, agreed: OpenMedia) -> None:
        """The forwarder knows this peer already."""
        peer = agreed.peer.peer

        def send(datagram: bytes) -> None:
            if self._now.get(peer) is handshake:
                self._order(link.Dtls(peer=peer, datagram=datagram))

        handshake = Handshake(peer, self._certificate, agreed.fingerprints, send)
        self._now[peer] = handshake
        self._begun.put_nowait(handshake)

    def arrived(self, event: link.Dtls) -> None:
        if handshake := self._now.get(event.peer):
            handshake.arrived(event.datagram)

    def end(self, peer: str) -> None:
        """Nothing if there is none."""
        if handshake := self._now.pop(peer, None):
            handshake.close()

    async def _secure(self, handshake: Handshake, hears: Hears) -> None:
        """One to its end."""
        try:
            keys = await handshake.keys()
        except PeerFault as fault:
            if self._now.get(handshake.peer) is handshake:
                log.info("handshake failed", extra={"participant": handshake.peer})
                hears.not_secured(handshake.peer, fault.sentence)
        else:
            if self._now.get(handshake.peer) is handshake:
                hears.secured(keys)
