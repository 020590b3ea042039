"""The loudspeaker of a stay: opened when there is something to hear, changed while people talk.

It outlives connections.  Without a device, or while one is being exchanged, a clock takes the sound at the same pace,
so that nothing else notices.  To the playout it is one thing all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.engine.sources import Samples, Speaker
from app.engine.speaker import NullSpeaker
from sfu.rtp.errors import UserError


class Loudspeaker:
    """`open` and `close` on the engine's loop; the rest is the playout's."""

    def __init__(self, make: Callable[[], Speaker], say: Callable[[str], None]) -> None:
        """`say` is given a sentence when it cannot be opened or goes away."""
        self._make = make
        self._say = say
        self._speaker: Speaker = NullSpeaker()
        self._order = asyncio.Lock()
        self.wanted = False
        """Whether it is open, or would be if there were one."""
        self._underruns = 0

    async def open(self) -> None:
        """A missing loudspeaker is said; the meeting goes on without sound."""
        self.wanted = True
        async with self._order:
            await self._put_away()
            await self._open()

    async def close(self) -> None:
        """Idempotent."""
        self.wanted = False
        async with self._order:
            await self._put_away()

    @property
    def underruns(self) -> int:
        """Blocks of silence that had to be invented so far, on every device."""
        return self._underruns + self._speaker.underruns

    async def let_go(self) -> None:
        """Closed for a moment; `open` comes next."""
        async with self._order:
            await self._put_away()

    def room(self, now: float) -> int:
        return self._speaker.room(now)

    def delay(self, now: float) -> float:
        return self._speaker.delay(now)

    def play(self, samples: Samples) -> None:
        self._speaker.play(samples)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        speaker = self._make()

        def failed(error: UserError) -> None:
            loop.call_soon_threadsafe(self._lost, speaker, error)

        try:
            await asyncio.to_thread(speaker.start, failed)
        except UserError as error:
            self._say(error.sentence)
            return
        self._speaker = speaker

    async def _put_away(self) -> None:
        speaker, self._speaker = self._speaker, NullSpeaker()
        self._underruns += speaker.underruns
        await asyncio.to_thread(speaker.close)

    def _lost(self, speaker: Speaker, error: UserError) -> None:
        if self._speaker is speaker:
            self._speaker = NullSpeaker()
            self._underruns += speaker.underruns
            speaker.close()
            self._say(error.sentence)
