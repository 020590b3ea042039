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
from sfu.host.tokens import Tokens
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import finding
from sfu.wire.messages import Role


class Door:
    def __init__(self, meeting: Meeting, tokens: Tokens, host_token: str) -> None:
        self._meeting = meeting
        self._tokens = tokens
        self._host_token = host_token
        self._guesses = Guesses()

    def knock(self, code: str, name: str, bearer: str | None, address: str) -> str:
        """A join token for `name`.  Raises UserError: NO_MEETING, TOO_MANY, BAD_TOKEN, MEETING_FULL, BAD_FRAME."""
        self._check(_same(codes.normalised(code), self._meeting.about.code), address)
        role = Role.MEMBER if bearer is None else self._host_role(bearer)
        shown = names.cleaned(name)
        self._meeting.require_room()
        return self._tokens.issue(self._meeting.about.id, shown, role, time.time())

    def asked(self, question: str, address: str) -> str:
        """The proof that somebody's code is this meeting's.  Raises UserError: NO_MEETING, TOO_MANY."""
        self._check(_same(question, finding.question(self._meeting.about.code, self._tokens.audience)), address)
        return finding.reply(self._meeting.about.code, self._tokens.audience)

    def read(self, token: str) -> Ticket:
        """What a join token says.  Raises UserError(BAD_TOKEN) when it is not ours."""
        return self._tokens.read(token)

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

    def _host_role(self, bearer: str) -> Role:
        if not _same(bearer, self._host_token):
            raise UserError(ErrorCode.BAD_TOKEN, "That is not this meeting's host token. Join without it, as a guest.")
        return Role.HOST


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), ours.encode())
