"""Who is in a meeting and how it is run: the facts that every rule looks at, and nothing that decides.

Waiting in the lobby is not being in the meeting: who waits hears nothing and is shown to nobody but those who may
let them in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sfu.core.effects import Effect, Instruct, Tell, TellAll
from sfu.core.heirs import Heir
from sfu.core.person import Person
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire


@dataclass(slots=True)
class Room:
    """`people` are in the meeting, `waiting` in front of it; both in the order in which they came."""

    began: float
    policy: wire.Policy = field(default_factory=wire.Policy)
    people: dict[str, Person] = field(default_factory=dict)
    waiting: dict[str, Person] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)
    """Addresses of people who were removed for good."""
    returning: set[str] = field(default_factory=set)
    """Addresses of people who were here when the host's program was started again, and come back by themselves."""

    def time(self, now: float) -> float:
        return max(0.0, now - self.began)

    def person(self, participant: str) -> Person:
        """Somebody named by a client.  Raises UserError when they are not here (any more)."""
        person = self.people.get(participant)
        if person is None:
            raise UserError(ErrorCode.NOT_FOUND, "That person is not in this meeting any more.")
        return person

    def moderators(self) -> Iterator[Person]:
        return (person for person in self.people.values() if person.moderates)

    def lobby(self) -> wire.Lobby:
        return wire.Lobby(waiting=[person.as_waiter() for person in self.waiting.values()])

    def tell_moderators(self, message: wire.HostMessage) -> list[Effect]:
        return [Tell(person.id, message) for person in self.moderators()]

    def tell_between(self, one: str, other: str | None, message: wire.HostMessage) -> list[Effect]:
        """To everybody, or to these two alone."""
        if other is None:
            return [TellAll(message)]
        return [Tell(person, message) for person in dict.fromkeys((one, other)) if person in self.people]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people in a meeting have decided about it so far, for its next life."""

    policy: wire.Policy
    barred: tuple[str, ...]
    """Addresses of those who were removed for good."""
    captions: bool
    present: tuple[Heir, ...]
    """Who was in it: a lock keeps others out, not them."""
    recording: wire.RecordingState = field(default_factory=wire.RecordingState)
    recorded_as: str = ""
    """The recording's name."""


def changed(person: Person) -> Effect:
    return TellAll(wire.Changed(participant=person.shown()))


def sending(person: Person) -> list[Effect]:
    """What the forwarder may pass on of them, when that has changed."""
    return [Instruct(link.SetSending(peer=person.id, sources=person.sending()))] if person.has_media else []
