"""What is on its way to one client: a bounded backlog that a task can wait on."""

from __future__ import annotations

import asyncio

from sfu.core.backlog import Backlog
from sfu.rtp.errors import PeerFault
from sfu.wire.messages import HostMessage


class Mailbox:
    """Posting never waits and never fails; a client that does not keep up is marked `broken` instead."""

    def __init__(self) -> None:
        self._backlog = Backlog()
        self._news = asyncio.Event()
        self._closed = False
        self.broken = asyncio.Event()

    def post(self, message: HostMessage) -> None:
        """After `close` nothing more is taken."""
        if self._closed:
            return
        try:
            self._backlog.put(message)
        except PeerFault:
            self.broken.set()
            self.close()
        self._news.set()

    def close(self) -> None:
        """What waits is still delivered."""
        self._closed = True
        self._news.set()

    async def next(self) -> HostMessage | None:
        """Waits for a message; None when the mailbox is closed and empty."""
        while True:
            message = self._backlog.take()
            if message is not None or self._closed:
                return message
            self._news.clear()
            await self._news.wait()
