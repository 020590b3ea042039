"""What waits to be sent to one client, bounded.

A phone on bad Wi-Fi reads slowly; the host's memory must not fill with what it has not read, and what it does
read should be news.  Who speaks now, the guess about one face, the growing text of one caption and how far one file
is replace what waits in their place; everything else must arrive in order, and a client for whom that no longer fits
is too slow to stay.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire import messages as wire

# Several seconds of a busy meeting of a hundred; a joining client's roster is one message.
CAPACITY = 512


class Backlog:
    """Order kept, stale news replaced, never more than `capacity` messages."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._waiting: OrderedDict[object, wire.HostMessage] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: wire.HostMessage) -> None:
        """Raises PeerFault(TOO_MANY) when the client does not keep up."""
        self._count += 1
        key = key_of(message) or self._count
        self._waiting.pop(key, None)
        if len(self._waiting) >= self._capacity:
            sentence = "Your connection is too slow to follow the meeting. Move closer to the Wi-Fi and join again."
            raise PeerFault(ErrorCode.TOO_MANY, sentence)
        self._waiting[key] = message

    def take(self) -> wire.HostMessage | None:
        """The next message; None when nothing waits."""
        return self._waiting.popitem(last=False)[1] if self._waiting else None

    def drop(self, unwanted: Callable[[wire.HostMessage], bool]) -> None:
        for key in [key for key, message in self._waiting.items() if unwanted(message)]:
            del self._waiting[key]


def key_of(message: wire.HostMessage) -> object | None:
    """Equal for messages of which only the newest is worth sending; None for all others.

    A final caption has the key of its partials: it takes their place.
    """
    match message:
        case wire.Speaking():
            return "speaking"
        case wire.Caption():
            return ("caption", message.segment)
        case wire.Face():
            return ("face", message.participant)
        case wire.FileChanged() if not message.reference:
            return ("file", message.file.id)
    return None
