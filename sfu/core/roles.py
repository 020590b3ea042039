"""Who is host and co-host, how the host's role changes hands, and how somebody is made to leave.

The role travels, the meeting stays on its computer: whoever sits there, the *owner*, can always take it back.
"""

from __future__ import annotations

from sfu.core.effects import Effect, Keep, Tell
from sfu.core.person import Person
from sfu.core.records import Deed
from sfu.core.room import Room, changed
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Role


class Roles:
    def __init__(self, room: Room) -> None:
        self._room = room

    def on_joining(self, claimed: Role, account: str | None) -> Role:
        """One host at a time: the first to show the host's token, a later one is a co-host.

        Who signed in is no guest.
        """
        if claimed is Role.HOST:
            return Role.CO_HOST if self._host() is not None else Role.HOST
        return self._room.policy.newcomers if claimed is Role.MEMBER and account is None else claimed

    def set_role(self, by: Person, wanted: wire.SetRole, at: float) -> list[Effect]:
        """Permission was checked; the giver is the host, or the owner who takes the host's role back."""
        other = self._room.person(wanted.participant)
        if other.role is wanted.role:
            return []
        host = self._host()
        if wanted.role is Role.HOST and host is not None:
            host.role = Role.CO_HOST
        elif other is host:
            sentence = "A meeting needs a host. Make somebody else host first."
            raise UserError(ErrorCode.NOT_ALLOWED, sentence)
        moderated = other.moderates
        other.role = wanted.role
        effects = [changed(person) for person in (host, other) if person is not None]
        if other.moderates and not moderated:
            effects.append(Tell(other.id, self._room.lobby()))
        return [*effects, Keep(Deed(by.id, by.name, f"role.{wanted.role}", other.id, at))]

    def removable(self, by: Person, wanted: wire.Remove) -> Person:
        """Who has to go.  Raises UserError for those who cannot be made to."""
        other = self._room.person(wanted.participant)
        if other is by:
            raise UserError(ErrorCode.BAD_FRAME, "That is you. Leave instead.")
        if other.role is Role.HOST or (other.owner and by.role is not Role.HOST):
            raise UserError(ErrorCode.NOT_ALLOWED, "The host cannot be removed from their own meeting.")
        if wanted.bar and other.address:
            self._room.barred.add(other.address)
        return other

    def _host(self) -> Person | None:
        return next((person for person in self._room.people.values() if person.role is Role.HOST), None)
