"""What is on its way to one client: a bounded correspondence that a task can wait on, one socket after the other."""

from __future__ import annotations

import asyncio

from sfu.core.correspondence import Correspondence, Letter
from sfu.rtp.errors import PeerFault
from sfu.wire.messages import HostMessage


class Mailbox:
    """Posting never waits and never fails; a client that does not keep up is marked `broken` instead."""

    def __init__(self) -> None:
        self._letters = Correspondence()
        self._news = asyncio.Event()
        self._closed = False
        self.reader = 0
        """The socket that reads; those before it are given nothing any more."""
        self.broken = asyncio.Event()
        self.heard = 0
        """How many messages of this client were acted upon in this stay, pings not counted."""

    def post(self, message: HostMessage) -> None:
        """After `close` nothing more is taken."""
        if self._closed:
            return
        try:
            self._letters.put(message)
        except PeerFault:
            self.broken.set()
            self.close()
        self._news.set()

    def resume(self, seen: int, media: bool) -> None:
        """Another socket reads from here on, beginning with what came after number `seen`.

        Raises UserError or PeerFault, and then the one before goes on.
        """
        self._letters.resume(seen, media)
        self.reader += 1
        self._news.set()

    def close(self) -> None:
        """What waits is still delivered."""
        self._closed = True
        self._news.set()

    async def next(self, reader: int = 0) -> Letter | None:
        """Waits for a message; None when the mailbox is closed and empty, or somebody else reads it now."""
        while reader == self.reader:
            letter = self._letters.take()
            if letter is not None or self._closed:
                return letter
            self._news.clear()
            await self._news.wait()
        return None
