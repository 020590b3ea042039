"""Who is let in: the meeting's code, the host's own token, and join tokens that are good once.

Guessing codes is slowed down per address, and a right guess made too fast is refused like a wrong one.
"""

from __future__ import annotations

import hmac
import time

from sfu.core import codes, names
from sfu.core.guesses import Guesses
from sfu.core.meeting import Meeting
from sfu.core.tickets import Ticket
from sfu.host.accounts import Accounts
from sfu.host.clock import steady
from sfu.host.passwords import Passcode, Passwords
from sfu.host.tokens import Tokens
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import finding
from sfu.wire.messages import JoinRequest, Role


class Door:
    """`passcode` is set by what people in the meeting decide."""

    def __init__(self, meeting: Meeting, tokens: Tokens, host_token: str) -> None:
        self.passwords = Passwords()
        self.passcode = Passcode(self.passwords)
        self.accounts: Accounts | None = None
        """Set once the store is open."""
        self._meeting = meeting
        self._tokens = tokens
        self._host_token = host_token
        self._guesses = Guesses()

    async def knock(self, code: str, wanted: JoinRequest, bearer: str | None, address: str) -> str:
        """A join token.  Raises UserError: NO_MEETING, TOO_MANY, BAD_TOKEN, BAD_PASSCODE, BAD_FRAME, and whatever
        the meeting has against newcomers now.
        """
        self._check(_same(codes.normalised(code), self._meeting.about.code), address)
        role, account = await self._standing(bearer)
        shown = names.cleaned(wanted.name)
        self._meeting.require_entry(address, role, account)
        if role is not Role.HOST:
            await self._check_passcode(wanted.passcode.strip(), address)
        return self._tokens.issue(self._meeting.about.id, shown, role, steady(), address, account)

    def asked(self, question: str, address: str) -> str:
        """The proof that somebody's code is this meeting's.  Raises UserError: NO_MEETING, TOO_MANY."""
        self._check(_same(question, finding.question(self._meeting.about.code, self._tokens.audience)), address)
        return finding.reply(self._meeting.about.code, self._tokens.audience)

    def read(self, token: str) -> Ticket:
        """What a join token says.  Raises UserError(BAD_TOKEN) when it is not ours."""
        return self._tokens.read(token)

    def link(self, code: str) -> str:
        """The invitation to the meeting of that code, by the address that we have now."""
        where = self._meeting.host.where[0]
        return codes.link(where.address, where.port, code, self._tokens.audience)

    def is_host(self, bearer: str) -> bool:
        return _same(bearer, self._host_token)

    def require_host(self, bearer: str | None) -> None:
        """Raises UserError(BAD_TOKEN)."""
        self._host_role(bearer or "")

    def _check(self, right: bool, address: str) -> None:
        now = time.monotonic()
        if self._guesses.barred(address, now):
            sentence = "Too many wrong codes. Wait a minute, and check the code with the host."
            raise UserError(ErrorCode.TOO_MANY, sentence)
        if not right:
            self._guesses.wrong(address, now)
            raise UserError(ErrorCode.NO_MEETING, "No meeting has this code. Check it with the host.")

    async def _check_passcode(self, given: str, address: str) -> None:
        if not self.passcode.is_set:
            return
        if not given:
            raise UserError(ErrorCode.BAD_PASSCODE, "This meeting has a passcode. Type it; the host can tell you.")
        # Counted before it is checked: a hundred guesses sent at once are a hundred guesses.
        self._guesses.wrong(address, time.monotonic())
        if not await self.passcode.fits(given):
            raise UserError(ErrorCode.BAD_PASSCODE, "That passcode is not right. Check it with the host.")
        self._guesses.forgive(address)

    async def _standing(self, bearer: str | None) -> tuple[Role, str | None]:
        """The role and the account that a bearer token gives.  Raises UserError(BAD_TOKEN)."""
        if bearer is None:
            return Role.MEMBER, None
        if self.accounts is not None and not self.is_host(bearer) and (known := await self.accounts.who(bearer)):
            return Role.MEMBER, known.id
        return self._host_role(bearer), None

    def _host_role(self, bearer: str) -> Role:
        if not self.is_host(bearer):
            raise UserError(ErrorCode.BAD_TOKEN, "That is not this meeting's host token. Join without it, as a guest.")
        return Role.HOST


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), ours.encode())
