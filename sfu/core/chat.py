"""Chat: to everybody or to one person, stored before it is shown, and told to those who come late.

Private messages are known to two people only; those who moderate do not see them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from sfu.core import permissions
from sfu.core.effects import Effect, Keep
from sfu.core.person import Person
from sfu.core.records import Deed, Said, Unsaid
from sfu.core.room import Room
from sfu.core.texts import tidy
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire

# What late joiners are told, and what may still be deleted in the meeting; older ones are in the store.
REMEMBERED = 500


class Chat:
    def __init__(self, room: Room, first: int = 0) -> None:
        """Messages are numbered from behind `first`."""
        self._room = room
        self._count = first
        self._recent: OrderedDict[int, wire.ChatMessage] = OrderedDict()
        self._answered: dict[tuple[str, str], int] = {}
        """(participant, reference) of what was said, so that saying it again after a lost socket says it once."""

    def say(self, person: Person, said: wire.Say, at: float) -> list[Effect]:
        if said.to is not None:
            self._check_addressee(person, said.to)
        if (earlier := self._earlier(person, said)) is not None:
            return self._room.tell_between(person.id, person.id, wire.Chat(message=earlier, reference=said.reference))
        text = tidy(said.text)
        if not text:
            raise UserError(ErrorCode.BAD_FRAME, "There is nothing in that message. Type something first.")
        self._count += 1
        message = wire.ChatMessage(
            id=self._count, sender=person.id, name=person.name, to=said.to, text=text[: wire.MAX_CHAT], at=at
        )
        self._remember(message, said.reference)
        told = self._room.tell_between(person.id, said.to, wire.Chat(message=message, reference=said.reference))
        return [Keep(Said(message), needed=True), *told]

    def delete(self, person: Person, wanted: wire.DeleteChat, at: float) -> list[Effect]:
        message = self._recent.get(wanted.message)
        if message is None or (person.id not in (message.sender, message.to) and message.to is not None):
            raise UserError(ErrorCode.NOT_FOUND, "That message is not there any more.")
        if message.to is not None and person.id != message.sender:
            raise permissions.refused("Only who wrote a private message can delete it.")
        permissions.require_own(person, message.sender, "Only who wrote a message, or the host, can delete it.")
        del self._recent[message.id]
        kept: list[Effect] = [Keep(Unsaid(message.id), needed=True)]
        if person.id != message.sender:
            kept.append(Keep(Deed(person.id, person.name, "delete_chat", str(message.id), at)))
        gone = wire.ChatDeleted(message=message.id)
        return [*kept, *self._room.tell_between(message.sender, message.to, gone)]

    def forget(self, message: wire.ChatMessage) -> None:
        """It could not be stored, so it was never said."""
        self._recent.pop(message.id, None)
        self._answered = {key: said for key, said in self._answered.items() if said != message.id}

    def seen_by(self, person: Person) -> list[wire.ChatMessage]:
        """What somebody who comes now may read, oldest first."""
        return [message for message in self._recent.values() if message.to in (None, person.id)]

    def recall(self, messages: Iterable[wire.ChatMessage]) -> None:
        """What everybody was told in an earlier life of this meeting, oldest first."""
        for message in messages:
            if message.to is None and not message.deleted:
                self._remember(message, "")

    def inherit(self, before: str, now: str) -> None:
        """Whoever wrote as `before` is here as `now`, and may delete what they wrote."""
        for number, message in self._recent.items():
            if message.sender == before:
                self._recent[number] = message.model_copy(update={"sender": now})

    def _earlier(self, person: Person, said: wire.Say) -> wire.ChatMessage | None:
        known = self._answered.get((person.id, said.reference)) if said.reference else None
        return self._recent.get(known) if known is not None else None

    def _remember(self, message: wire.ChatMessage, reference: str) -> None:
        self._recent[message.id] = message
        if reference:
            self._answered[message.sender, reference] = message.id
        if len(self._recent) > REMEMBERED:
            oldest, _ = self._recent.popitem(last=False)
            self._answered = {key: said for key, said in self._answered.items() if said > oldest}

    def _check_addressee(self, person: Person, to: str) -> None:
        other = self._room.person(to)
        if other is person:
            raise UserError(ErrorCode.BAD_FRAME, "That message is to yourself. Choose somebody else.")
        if person.role is wire.Role.GUEST and not other.moderates:
            raise permissions.refused("Guests can write privately to the host and co-hosts only.")
