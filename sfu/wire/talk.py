"""Messages about what people say to each other besides speaking: chat, hands, reactions, corrected words.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import (
    MAX_CHAT,
    MAX_CORRECTION,
    ChatMessage,
    MeetingTime,
    Message,
    Name,
    ParticipantId,
    Reaction,
    Reference,
    Segment,
)

# -- client to host ------------------------------------------------------------------------------------------


class Say(Message):
    """A chat message, to everybody or to one person.  It is stored before anybody, its author too, is told."""

    type: Literal["chat"] = "chat"
    reference: Reference = ""
    text: Annotated[str, Field(min_length=1, max_length=MAX_CHAT)]
    to: ParticipantId | None = None


class DeleteChat(Message):
    """One's own message; host and co-hosts anybody's to everybody."""

    type: Literal["delete_chat"] = "delete_chat"
    message: int = Field(ge=1)


class Hand(Message):
    """Raise or lower one's own hand; host and co-hosts may lower anybody's."""

    type: Literal["hand"] = "hand"
    up: bool
    participant: ParticipantId | None = Field(default=None, description="None: yourself")


class LowerHands(Message):
    """Everybody's (host and co-hosts)."""

    type: Literal["lower_hands"] = "lower_hands"


class React(Message):
    type: Literal["react"] = "react"
    reaction: Reaction


class Correct(Message):
    """Put right what was captioned: the speaker their own words, host and co-hosts anybody's.  Empty: strike it."""

    type: Literal["correct"] = "correct"
    segment: Segment
    text: Annotated[str, Field(max_length=MAX_CORRECTION)]


# -- host to client ------------------------------------------------------------------------------------------


class Chat(Message):
    """Somebody said this.  `reference` is yours if you sent it."""

    type: Literal["chat"] = "chat"
    message: ChatMessage
    reference: Reference = ""


class ChatDeleted(Message):
    type: Literal["chat_deleted"] = "chat_deleted"
    message: int = Field(ge=1)


class Reacted(Message):
    type: Literal["reacted"] = "reacted"
    participant: ParticipantId
    reaction: Reaction


class Corrected(Message):
    """This segment now reads so.  `revision` counts from 1; the words of before stay in the record's history."""

    type: Literal["corrected"] = "corrected"
    segment: Segment
    text: Annotated[str, Field(max_length=MAX_CORRECTION)]
    by: ParticipantId
    name: Name
    revision: int = Field(ge=1)
    at: MeetingTime
