"""The rules of join tokens: one meeting, one minute, one use.

How a token is signed is the shell's business (`sfu/host/tokens.py`); what a genuine one is still good for is
decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import Role

# Long enough for a slow phone to open a WebSocket, short enough that one found in a log is worthless.
LIFETIME = 60.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says.  `id` is unique; `expires` is in seconds of wall-clock time."""

    id: str
    meeting: str
    name: str
    role: Role
    expires: float
    address: str = ""
    """From where the token was asked for."""
    key: str = field(default="", repr=False, compare=False)
    """A secret that they are given when they are in; drawn by the shell."""
    account: str | None = None
    """Who signed in on this host; None: nobody, the name is what they typed."""


class UsedTickets:
    """Which tickets were used; remembers each only until it would have expired anyway."""

    def __init__(self) -> None:
        self._used: dict[str, float] = {}

    def use(self, ticket: Ticket, meeting: str, now: float) -> None:
        """Raises UserError(BAD_TOKEN) unless this is the first use, in time, for this meeting."""
        if ticket.meeting != meeting:
            raise _refused("This invitation belongs to another meeting.")
        if now >= ticket.expires:
            raise _refused("It took too long to join.")
        self._used = {used: expires for used, expires in self._used.items() if expires > now}
        if ticket.id in self._used:
            raise _refused("This way in was already used.")
        self._used[ticket.id] = ticket.expires


def _refused(fact: str) -> UserError:
    return UserError(ErrorCode.BAD_TOKEN, f"{fact} Open the meeting link again and join from there.")
