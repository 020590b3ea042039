"""What a meeting decided, done in its order, though some of it has to be on the disk first.

The records of one answer are one transaction, handed to the store at once; the answer's effects up to the first
`Keep` are done at once too, the rest when the store has acknowledged, and later answers after that.  Nobody waits for
a disk but those whose news depends on it, and nobody hears things in another order than they happened.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from sfu.core.effects import Keep
from sfu.core.records import Record

E = TypeVar("E")
KeepRecords = Callable[[Sequence[Record]], Future[None]]


class _Answer(Generic[E]):
    def __init__(self, effects: Iterable[E]) -> None:
        self.effects = deque(effects)
        self.keeps: list[Keep] = [effect for effect in self.effects if isinstance(effect, Keep)]
        self.kept: Future[None] | None = None


class Ordering(Generic[E]):
    """`do` acts on one effect; `refused` says what to do instead when an answer's records could not be stored."""

    def __init__(
        self, keep: KeepRecords, do: Callable[[E], None], refused: Callable[[list[Keep], Exception], Iterable[E]]
    ) -> None:
        self._keep = keep
        self._do = do
        self._refused = refused
        self._answers: deque[_Answer[E]] = deque()
        self._busy = False
        self._settled = asyncio.Event()
        self._settled.set()

    def perform(self, effects: Iterable[E]) -> None:
        answer = _Answer(effects)
        if answer.keeps:
            loop = asyncio.get_running_loop()
            answer.kept = self._keep([keep.record for keep in answer.keeps])
            answer.kept.add_done_callback(lambda _: _call(loop, self._go_on))
        self._answers.append(answer)
        self._go_on()

    async def settled(self) -> None:
        """Returns when everything that was decided is done."""
        await self._settled.wait()

    def _go_on(self) -> None:
        """As far as the disk has come; what `do` brings about in turn is done after it."""
        if self._busy:
            return
        self._busy = True
        try:
            while self._answers and self._advance(self._answers[0]):
                self._answers.popleft()
        finally:
            self._busy = False
            (self._settled.clear if self._answers else self._settled.set)()

    def _advance(self, answer: _Answer[E]) -> bool:
        """Whether all of it is done now."""
        while answer.effects:
            if isinstance(answer.effects[0], Keep) and answer.kept is not None:
                if not answer.kept.done():
                    return False
                error, answer.kept = answer.kept.exception(), None
                if error is not None:
                    self._do_without(answer, error)
                    continue
            effect = answer.effects.popleft()
            if not isinstance(effect, Keep):
                self._do(effect)
        return True

    def _do_without(self, answer: _Answer[E], error: BaseException) -> None:
        assert isinstance(error, Exception)
        instead = list(self._refused(answer.keeps, error))
        if any(keep.needed for keep in answer.keeps):
            answer.effects = deque(instead)
        else:
            answer.effects.extendleft(reversed(instead))


def _call(loop: asyncio.AbstractEventLoop, then: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(then)
