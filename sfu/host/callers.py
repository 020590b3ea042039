"""Who makes an HTTP request, and what they may see and do.

The host's token sees and may everything.  An account sees the meetings that it owns or was in, and runs those that it
owns.  The key of somebody who is in the meeting (`welcome`) is good for that meeting while they are in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.host.accounts import Accounts
from sfu.host.conference import Conference
from sfu.host.door import Door
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store.accounts import Account
from sfu.store.meetings import Row, not_there

_SIGN_IN = "Sign in first, or show the host's token or the key of somebody who is in the meeting."


@dataclass(frozen=True, slots=True)
class Caller:
    host: bool = False
    account: Account | None = None
    participant: str | None = None

    @property
    def sees(self) -> str | None:
        """Whose meetings; None: everybody's.  Raises UserError(BAD_TOKEN) for somebody in a meeting, and nobody."""
        if self.host:
            return None
        return self.require_account().id

    def require_account(self) -> Account:
        if self.account is None:
            raise UserError(ErrorCode.BAD_TOKEN, _SIGN_IN)
        return self.account

    def require_host(self) -> None:
        if not self.host:
            raise UserError(ErrorCode.BAD_TOKEN, "Only the host can do that: show the host's token.")

    def require_owner(self, meeting: Row) -> None:
        if not self.host and (self.account is None or self.account.id != meeting.owner):
            raise UserError(ErrorCode.NOT_ALLOWED, "Only who made this meeting, or the host, can do that.")

    def require_place(self, meeting: Row, live: str) -> None:
        """For the key of somebody in the meeting.  Raises UserError(NOT_FOUND) when it is another one."""
        if meeting.id != live:
            raise not_there()


class Callers:
    def __init__(self, door: Door, accounts: Accounts, conference: Conference) -> None:
        self._door = door
        self._accounts = accounts
        self._conference = conference

    async def who(self, bearer: str | None) -> Caller:
        """Raises UserError(BAD_TOKEN) for a token that is nobody's."""
        if bearer is None:
            return Caller()
        if self._door.is_host(bearer):
            return Caller(host=True)
        if (participant := self._conference.meeting.with_key(bearer)) is not None:
            return Caller(participant=participant)
        if (account := await self._accounts.who(bearer)) is not None:
            return Caller(account=account)
        raise UserError(ErrorCode.BAD_TOKEN, "That token is not good here, or not any more. Sign in again.")
