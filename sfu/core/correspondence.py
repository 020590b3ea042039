"""All that one client is told in one stay, over as many sockets as it takes.

A socket that is lost takes along what was on its way.  What is sent is numbered, and the newest of it remembered: who
comes back says what they saw last and is told the rest, in order and each once.  Of who speaks and of one caption's
growing text only the newest is worth remembering; of an answer to a ping, nothing.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from sfu.core.backlog import CAPACITY, Backlog, key_of
from sfu.core.connections import MEDIA_LOST
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.wire import messages as wire

# A busy minute of a hundred people; messages to all are shared, so that this is a list of references.
REMEMBERED = 1024
_PASSING = (wire.Pong, wire.Face)


@dataclass(frozen=True, slots=True)
class Letter:
    """`number`: its place in this stay; None for what is not said again."""

    message: wire.HostMessage
    number: int | None


class Correspondence:
    def __init__(self, capacity: int = CAPACITY, remembered: int = REMEMBERED) -> None:
        """`capacity`: how many messages may wait to be sent, also while there is no socket."""
        self._waiting = Backlog(capacity)
        self._remembered = remembered
        self._sent: OrderedDict[object, Letter] = OrderedDict()
        self._again: deque[Letter] = deque()
        self._count = 0
        self._forgotten = 0
        """The highest number that was sent and cannot be said again."""

    def put(self, message: wire.HostMessage) -> None:
        """Raises PeerFault(TOO_MANY) when the client does not keep up."""
        self._waiting.put(message)

    def take(self) -> Letter | None:
        """What is to be sent next; None when that is nothing."""
        if self._again:
            return self._again.popleft()
        message = self._waiting.take()
        if message is None:
            return None
        return Letter(message, None) if isinstance(message, _PASSING) else self._numbered(message)

    def resume(self, seen: int, media: bool) -> None:
        """From here on `take` gives what came after number `seen`, and without `media` nothing of what is over.

        Raises UserError(GONE) when too much of it is forgotten, PeerFault(BAD_SEQUENCE) for what was never sent.
        """
        if seen > self._count:
            raise PeerFault(ErrorCode.BAD_SEQUENCE, "This client saw what was never sent. Join the meeting again.")
        if seen < self._forgotten:
            raise UserError(ErrorCode.GONE, "Too much has happened since the connection was lost. Join again.")
        missed = [letter for letter in self._sent.values() if letter.number is not None and letter.number > seen]
        self._again = deque(letter for letter in missed if media or not _of_media(letter.message))
        if not media:
            self._waiting.drop(_of_media)

    def _numbered(self, message: wire.HostMessage) -> Letter:
        self._count += 1
        letter = Letter(message, self._count)
        key = key_of(message) or self._count
        self._sent.pop(key, None)
        self._sent[key] = letter
        if len(self._sent) > self._remembered:
            _, oldest = self._sent.popitem(last=False)
            self._forgotten = oldest.number or 0
        return letter


def _of_media(message: wire.HostMessage) -> bool:
    """About a negotiation, and worth nothing once that is over."""
    lost = isinstance(message, wire.Error | wire.Notice) and message.code == MEDIA_LOST
    return lost or isinstance(message, wire.Answer | wire.Slots | wire.Layers | wire.CameraCodec)
