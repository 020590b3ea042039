"""The places of people in the meeting: whose socket is lost may come back to theirs for a while.

Until then they are in the meeting, their sound and picture flow, and what they are told is kept.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from sfu.host.mailbox import Mailbox
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

# The forwarder keeps a silent client as long.
GRACE = 30.0


@dataclass(slots=True)
class _Place:
    key: str = field(repr=False)
    mailbox: Mailbox
    """Also after they were dismissed: they are told why when they come back."""
    end: asyncio.TimerHandle | None = None
    """Set while there is no socket."""


class Places:
    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}

    def take(self, participant: str, key: str, mailbox: Mailbox) -> None:
        self._places[participant] = _Place(key, mailbox)

    def lost(self, participant: str, give_up: Callable[[], None]) -> bool:
        """Whether the place is kept; `give_up` is called when nobody has come back to it in time."""
        place = self._places.get(participant)
        if place is None or not place.key:
            return False
        place.end = asyncio.get_running_loop().call_later(GRACE, give_up)
        return True

    def resume(self, back: wire.Resume) -> Mailbox:
        """Raises UserError(GONE), or PeerFault."""
        place = self._places.get(back.participant)
        known = place is not None and place.key and hmac.compare_digest(place.key, back.key)
        if place is None or not known or place.mailbox.broken.is_set():
            raise UserError(ErrorCode.GONE, "Your place in the meeting is gone. Join again.")
        place.mailbox.resume(back.seen, back.media)
        self._wait_no_more(place)
        return place.mailbox

    def is_lost(self, participant: str) -> bool:
        place = self._places.get(participant)
        return place is not None and place.end is not None

    def free(self, participant: str) -> None:
        if (place := self._places.pop(participant, None)) is not None:
            self._wait_no_more(place)

    def _wait_no_more(self, place: _Place) -> None:
        if place.end is not None:
            place.end.cancel()
            place.end = None
