"""The way in: lock, capacity, who is barred, as whom they come, who waits, and who lets them in.

Somebody in the lobby has an open socket and hears nothing of the meeting but that they wait.
"""

from __future__ import annotations

from sfu.core import names
from sfu.core.effects import Dismiss, Effect, Keep, KeepPasscode, Tell, TellAll
from sfu.core.person import Person
from sfu.core.records import Deed
from sfu.core.room import Room
from sfu.core.tickets import Ticket
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

_WAIT = "Somebody in the meeting will let you in soon. Keep this window open."
_NOT_ADMITTED = "You were not let in. Ask whoever invited you."


class Lobby:
    """People's ids are numbered from behind `first`."""

    def __init__(self, room: Room, capacity: int, first: int) -> None:
        self._room = room
        self._capacity = capacity
        self._count = first

    # -- at the door -----------------------------------------------------------------------------------------

    def require_place(self) -> None:
        """Raises UserError(MEETING_FULL)."""
        if len(self._room.people) >= self._capacity or len(self._room.waiting) >= self._capacity:
            most = self._capacity
            sentence = f"This meeting is full ({most} people). Ask the host for more room, or try again later."
            raise UserError(ErrorCode.MEETING_FULL, sentence)

    def require_open(self, address: str, account: str | None) -> None:
        """Raises UserError for somebody without the host's token: MEETING_LOCKED, REMOVED, BAD_LOGIN."""
        if address and address in self._room.barred:
            raise UserError(ErrorCode.REMOVED, "You were removed from this meeting. Ask the host.")
        if self._room.policy.locked and address not in self._room.returning:
            raise UserError(ErrorCode.MEETING_LOCKED, "This meeting is locked. Ask somebody inside to unlock it.")
        if self._room.policy.accounts_only and account is None:
            sentence = "This host lets in people with an account only. Sign in first, or ask the host."
            raise UserError(ErrorCode.BAD_LOGIN, sentence)

    def newcomer(self, ticket: Ticket, client: wire.ClientKind, role: wire.Role) -> Person:
        """Whoever shows this ticket: their id is new, and nobody else here has their name."""
        known = [*self._room.people.values(), *self._room.waiting.values()]
        person = Person(
            id=f"p{self._count + 1}",
            name=names.distinct(ticket.name, (other.name for other in known)),
            role=role,
            client=client,
            order=self._count,
            key=ticket.key,
            account=ticket.account,
            address=ticket.address,
            owner=ticket.role is wire.Role.HOST,
        )
        self._count += 1
        return person

    def holds(self, person: Person) -> bool:
        by_token = person.client in (wire.ClientKind.STREAM, wire.ClientKind.PLAYER)
        known = person.moderates or by_token or person.address in self._room.returning
        return self._room.policy.lobby and not known

    def wait(self, person: Person, about: wire.Meeting, at: float) -> list[Effect]:
        person.waits_since = at
        self._room.waiting[person.id] = person
        return [Tell(person.id, wire.Waiting(you=person.id, title=about.title, sentence=_WAIT)), *self.told()]

    def lost(self, ticket: Ticket) -> Person | None:
        """Whoever asks to come in under a name that lost its socket on the same computer."""
        people = self._room.people.values()
        return next((p for p in people if p.lost and (p.name, p.address) == (ticket.name, ticket.address)), None)

    def gone(self, person: Person) -> list[Effect]:
        """They gave up."""
        del self._room.waiting[person.id]
        return self.told()

    def answer(self, participant: str, message: wire.ClientMessage, at: float) -> list[Effect]:
        """Who waits may ask the time and leave; what crossed our goodbye is ignored.  Raises UserError."""
        person = self._room.waiting.get(participant)
        if person is None:
            return []
        match message:
            case wire.Leave():
                return [*self.gone(person), Dismiss(participant)]
            case wire.Ping():
                return [Tell(participant, wire.Pong(n=message.n, now=at))]
        raise UserError(ErrorCode.NOT_ADMITTED, "You are not in the meeting yet. Wait until somebody lets you in.")

    # -- what moderators say ---------------------------------------------------------------------------------

    def called(self, admitted: wire.Admit) -> list[Person]:
        """Who is let in, as far as there is room; they have left the lobby.  Raises UserError."""
        chosen = list(self._room.waiting.values()) if admitted.who is None else [self._waiter(admitted.who)]
        free = self._capacity - len(self._room.people)
        if admitted.who is not None and free < 1:
            raise UserError(ErrorCode.MEETING_FULL, f"The meeting is full ({self._capacity} people).")
        for person in chosen[:free]:
            del self._room.waiting[person.id]
        return chosen[:free]

    def deny(self, by: Person, denied: wire.Deny, at: float) -> list[Effect]:
        person = self._waiter(denied.who)
        del self._room.waiting[person.id]
        goodbye = wire.Error(code=ErrorCode.NOT_ADMITTED, sentence=_NOT_ADMITTED, fatal=True)
        deed = Keep(Deed(by.id, by.name, "deny", person.name, at))
        return [Tell(person.id, goodbye), Dismiss(person.id), *self.told(), deed]

    def set_policy(self, by: Person, wanted: wire.SetPolicy, at: float) -> list[Effect]:
        changes = wanted.model_dump(exclude={"type"}, exclude_none=True)
        policy = self._room.policy.model_copy(update=changes)
        if policy == self._room.policy:
            return []
        self._room.policy = policy
        deeds = [Keep(Deed(by.id, by.name, f"policy.{name}", str(value), at)) for name, value in changes.items()]
        return [TellAll(wire.PolicyChanged(policy=policy, by=by.name)), *deeds]

    def set_passcode(self, by: Person, wanted: wire.SetPasscode, at: float) -> list[Effect]:
        passcode = wanted.passcode.strip()
        self._room.policy = self._room.policy.model_copy(update={"passcode": bool(passcode)})
        deed = Keep(Deed(by.id, by.name, "passcode", "set" if passcode else "none", at))
        return [KeepPasscode(passcode), TellAll(wire.PolicyChanged(policy=self._room.policy, by=by.name)), deed]

    def told(self) -> list[Effect]:
        """The lobby as it is now, to those who may let people in."""
        return self._room.tell_moderators(self._room.lobby())

    def _waiter(self, who: str) -> Person:
        person = self._room.waiting.get(who)
        if person is None:
            raise UserError(ErrorCode.NOT_FOUND, "They do not wait any more.")
        return person
