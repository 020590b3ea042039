"""Programs that watch a meeting without being in it, each with a bounded backlog of what everybody is told.

Whoever watches with somebody's place in the meeting watches for as long as they have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sfu.host.mailbox import Mailbox
from sfu.wire import messages as wire


@dataclass(eq=False)
class Watch:
    """`places`: whose; it ends when all of them have left.  None: it ends with the meeting."""

    roster: list[wire.Participant]
    """Who was there when it began; `mailbox` has what happens from then on."""
    places: set[str] | None = None
    mailbox: Mailbox = field(default_factory=Mailbox)
    over: bool = False


class Watchers:
    def __init__(self) -> None:
        self._watches: set[Watch] = set()

    def __len__(self) -> int:
        return len(self._watches)

    def begin(self, watch: Watch) -> None:
        """Nothing when it is over already."""
        if not watch.over:
            self._watches.add(watch)

    def end(self, watch: Watch) -> None:
        watch.over = True
        self._watches.discard(watch)
        watch.mailbox.close()

    def end_all(self) -> None:
        self._end(list(self._watches))

    def tell(self, message: wire.HostMessage) -> None:
        for watch in self._watches:
            watch.mailbox.post(message)

    def left(self, participant: str) -> None:
        for watch in self._watches:
            if watch.places is not None:
                watch.places.discard(participant)
        self._end([watch for watch in self._watches if watch.places == set()])

    def _end(self, watches: Iterable[Watch]) -> None:
        for watch in watches:
            self.end(watch)
