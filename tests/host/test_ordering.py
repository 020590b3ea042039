from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

from sfu.core.effects import Dismiss, Effect, Keep
from sfu.core.records import Record, Unsaid, Went
from sfu.host.ordering import Ordering
from sfu.rtp.errors import ErrorCode, UserError

FULL = UserError(ErrorCode.DISK_FULL, "There is no room.")


class Disk:
    """Acknowledges when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[Record], Future[None]]] = []
        self.done: list[Effect] = []
        instead: list[Effect] = [Dismiss("instead")]
        self.ordering: Ordering[Effect] = Ordering(self._keep, self.done.append, lambda keeps, error: instead)

    def _keep(self, kept: Sequence[Record]) -> Future[None]:
        future: Future[None] = Future()
        self.asked.append((list(kept), future))
        return future

    async def acknowledge(self, number: int, error: Exception | None = None) -> None:
        future = self.asked[number][1]
        (future.set_exception(error) if error is not None else future.set_result(None))
        await asyncio.sleep(0)

    @property
    def names(self) -> list[str]:
        return [effect.participant for effect in self.done if isinstance(effect, Dismiss)]


async def test_what_needs_no_disk_is_done_at_once() -> None:
    disk = Disk()

    disk.ordering.perform([Dismiss("a")])

    assert disk.names == ["a"]
    await disk.ordering.settled()


async def test_nothing_that_follows_is_done_before_the_disk_has_it_and_nothing_overtakes() -> None:
    disk = Disk()
    disk.ordering.perform([Dismiss("before"), Keep(Unsaid(1)), Dismiss("a"), Keep(Went("p1", 1.0)), Dismiss("b")])
    disk.ordering.perform([Keep(Unsaid(2)), Dismiss("c")])
    disk.ordering.perform([Dismiss("d")])
    assert disk.names == ["before"]
    assert [kept for kept, _ in disk.asked] == [[Unsaid(1), Went("p1", 1.0)], [Unsaid(2)]]

    await disk.acknowledge(1)
    assert disk.names == ["before"]
    await disk.acknowledge(0)

    assert disk.names == ["before", "a", "b", "c", "d"]
    await disk.ordering.settled()


async def test_what_could_not_be_stored_did_not_happen() -> None:
    disk = Disk()
    disk.ordering.perform([Dismiss("before"), Keep(Unsaid(1), needed=True), Dismiss("not told")])
    disk.ordering.perform([Dismiss("after")])

    await disk.acknowledge(0, FULL)

    assert disk.names == ["before", "instead", "after"]


async def test_what_need_not_be_stored_goes_on_without() -> None:
    disk = Disk()
    disk.ordering.perform([Keep(Unsaid(1)), Dismiss("told all the same")])

    await disk.acknowledge(0, FULL)

    assert disk.names == ["instead", "told all the same"]
