"""From what a person typed to a host that may be told something.

A link with a fingerprint needs no question.  A code alone is looked for on this network; without a fingerprint, four
words are shown here and on the host's screen, and until the person has said that they agree nothing is sent: no name,
no code, no token.  A host that was confirmed before is not asked about again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.engine import discovery
from app.engine.invite import Invite, Wanted, origin, parse_wanted
from app.engine.known_hosts import KnownHosts, Standing
from app.engine.pinning import looked_at
from app.session.events import Event, HostTrusted, HostUnverified
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.words import verification_words


class Doorstep:
    """`invite` for each meeting; `answer` what the person said about the words."""

    def __init__(self, known: KnownHosts, announce: Callable[[Event], None]) -> None:
        self._known = known
        self._announce = announce
        self._answer: asyncio.Future[bool] | None = None

    def answer(self, agree: bool) -> None:
        """Nothing if nobody asked."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(agree)

    async def invite(self, typed: str) -> Invite:
        """Raises UserError when there is no such host or the person does not trust it."""
        wanted = parse_wanted(typed)
        if wanted.host is None:
            wanted = await discovery.find(wanted.code)
        invite = await self._trusted(wanted)
        words = await asyncio.to_thread(verification_words, invite.fingerprint)
        self._announce(HostTrusted(invite.link, words))
        return invite

    def met(self, invite: Invite) -> None:
        """The meeting of this invite was joined: its host is known from now on."""
        if self._known.standing(invite.origin, invite.fingerprint) is not Standing.KNOWN:
            self._known.trust(invite.origin, invite.fingerprint)

    async def _trusted(self, wanted: Wanted) -> Invite:
        assert wanted.host is not None
        if wanted.fingerprint is not None:
            return Invite(wanted.host, wanted.port, wanted.code, wanted.fingerprint)
        _, pin = await looked_at(wanted.host, wanted.port)
        if not pin:
            raise UserError(ErrorCode.FOREIGN_CERTIFICATE, "What answers at this address is not a Parley host. "
                            "Check the address with the host.")
        where = origin(wanted.host, wanted.port)
        standing = self._known.standing(where, pin)
        if standing is not Standing.KNOWN:
            await self._confirmed(where, pin, changed=standing is Standing.CHANGED)
            self._known.trust(where, pin)
        return Invite(wanted.host, wanted.port, wanted.code, pin)

    async def _confirmed(self, where: str, pin: bytes, *, changed: bool) -> None:
        """Waits as long as the person needs; leaving cancels it."""
        self._answer = asyncio.get_running_loop().create_future()
        words = await asyncio.to_thread(verification_words, pin)
        self._announce(HostUnverified(where, words, changed))
        if not await self._answer:
            raise UserError(
                ErrorCode.FOREIGN_CERTIFICATE,
                f"Nothing was sent to {where}: nobody confirmed its words, \"{' '.join(words)}\". If the host's screen "
                "shows other words, ask the host for the whole link.",
            )
