"""ICE-lite (RFC 8445) for one peer: who proves to know the password, from where, and until when.

We have one address and never probe: the peer checks us.  A check with the right password validates the address it
came from, whatever the peer's candidates said (peer-reflexive: `.local` names and NATs need no resolution); the
newest check that nominates decides where media goes, so a laptop that changes network is followed.  Handshakes are
accepted from validated addresses only, or anybody could race a ClientHello against the invited.  Without a check
for 30 s there is no consent to send (RFC 7675) and the peer is lost; one late check changes nothing.

A restart gives the peer a second password beside the first.  Nothing is torn down for it: the first goes on until
the second has worked, and for a moment after; a restart that never works is forgotten.

Sockets, and what a lost peer means for the meeting, are elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.core.flow import Address
from sfu.core.limits import Allowance
from sfu.rtp import stun
from sfu.rtp.errors import ErrorCode, PeerFault

CONSENT_S = 30.0
# Browsers check every 2.5 s, aioice every 5 s or so.
LIVELY_S = 8.0
# A laptop has a handful of interfaces; more is somebody filling our tables.
MAX_ADDRESSES = 8
# A browser's first second has some 20 checks over all its interfaces, then one every 2.5 s.
CHECKS_PER_S, CHECKS_BURST = 50.0, 200.0
# Checks that were under way when the new password first worked.
OVERLAP_S = 3.0
# A client that has not managed a restart by then will ask for another.
RESTART_S = 20.0


@dataclass(slots=True)
class _Invitation:
    ufrag: str
    password: bytes
    until: float = float("inf")
    proven: bool = False


class IceLite:
    """One peer's connectivity: `selected` is where its media goes, once a check has proven an address."""

    def __init__(self, ufrag: str, password: str, now: float) -> None:
        self.selected: Address | None = None
        self._invitations = [_Invitation(ufrag, password.encode())]
        self._validated: dict[Address, float] = {}
        self._last = now
        self._allowance = Allowance(CHECKS_PER_S, CHECKS_BURST)

    @property
    def ufrags(self) -> tuple[str, ...]:
        """By which checks may call this peer now."""
        return tuple(invitation.ufrag for invitation in self._invitations)

    def check(self, request: stun.Message, raw: bytes, source: Address, now: float) -> bytes:
        """The answer to a binding request that names one of our ufrags.

        Raises PeerFault when there are too many, or when it does not carry our password: a stranger gets no answer,
        or a forged source address could make us answer somebody else.
        """
        if not self._allowance.take(now):
            raise PeerFault(ErrorCode.TOO_MANY, "Connectivity checks came faster than anybody needs them.")
        named = request.username
        invitation = next((one for one in self._invitations if named and one.ufrag == named[0]), None)
        if invitation is None or not stun.check_integrity(raw, invitation.password):
            raise PeerFault(ErrorCode.BAD_TOKEN, "A connectivity check carried a wrong password.")
        password = invitation.password
        if request.unknown:
            return stun.binding_error(request, 420, "Unknown Attribute", password)
        if request.ice_controlled is not None:
            # A lite agent cannot lead; the peer is to take over and ask again (RFC 8445 7.3.1.1).
            return stun.binding_error(request, 487, "Role Conflict", password)
        self._validate(source, now)
        self._prove(invitation, now)
        # Late checks of before a restart keep their address alive and lead nobody back to it.
        if self.selected is None or (request.use_candidate and invitation is self._invitations[-1]):
            self.selected = source
        return stun.binding_success(request, (source[0], source[1]), password)

    def restart(self, ufrag: str, password: str, now: float) -> tuple[str, ...]:
        """From now on this password is good too.  Returns ufrags that no more are: of restarts that came to nothing."""
        given_up = tuple(one.ufrag for one in self._invitations if not one.proven)
        self._invitations = [one for one in self._invitations if one.proven]
        self._invitations.append(_Invitation(ufrag, password.encode(), now + RESTART_S))
        return given_up

    def outdated(self, now: float) -> tuple[str, ...]:
        """Forgets and returns ufrags whose time is over."""
        over = tuple(one.ufrag for one in self._invitations if now > one.until)
        self._invitations = [one for one in self._invitations if now <= one.until]
        return over

    def trust(self, source: Address, now: float) -> None:
        """A check from here was answered before the forwarder was started again."""
        self._validate(source, now)
        self.selected = source
        self._prove(self._invitations[-1], now)

    def is_valid(self, source: Address) -> bool:
        """Whether a check came from here, recently enough."""
        return source in self._validated

    def lives_at(self, source: Address, now: float) -> bool:
        """Whether the peer was heard from there within the time in which every client checks again."""
        return now - self._validated.get(source, float("-inf")) < LIVELY_S

    def addresses(self) -> tuple[Address, ...]:
        return tuple(self._validated)

    def expire(self, now: float) -> list[Address]:
        """Forgets and returns addresses without a check for as long as consent lasts; never the selected one."""
        heard = self._validated.items()
        old = [address for address, at in heard if now - at > CONSENT_S and address != self.selected]
        for address in old:
            del self._validated[address]
        return old

    def is_lost(self, now: float) -> bool:
        return now - self._last > CONSENT_S

    def _prove(self, invitation: _Invitation, now: float) -> None:
        """A check that carried this password succeeded.  The newest that did is the one that lasts."""
        if invitation.proven:
            return
        invitation.proven, invitation.until = True, float("inf")
        for older in self._invitations[: self._invitations.index(invitation)]:
            older.until = now + OVERLAP_S

    def _validate(self, source: Address, now: float) -> None:
        self._last = now
        if source not in self._validated and len(self._validated) >= MAX_ADDRESSES:
            others = [address for address in self._validated if address != self.selected]
            del self._validated[min(others, key=self._validated.__getitem__)]
        self._validated[source] = now
