"""Messages about what people say to each other besides speaking: chat, files, hands, reactions, corrected words.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import (
    MAX_CHAT,
    MAX_CORRECTION,
    MAX_FILE,
    ChatMessage,
    FileId,
    HostSaid,
    MeetingTime,
    Message,
    Name,
    ParticipantId,
    Reaction,
    Reference,
    Segment,
    SharedFile,
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


class OfferFile(Message):
    """The host answers with `file` (your `reference`), then wants the bytes: PUT /api/meetings/CODE/files/ID."""

    type: Literal["offer_file"] = "offer_file"
    reference: Reference = ""
    name: Annotated[str, Field(min_length=1, max_length=255)]
    size: int = Field(ge=0, le=MAX_FILE, description="bytes")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    to: ParticipantId | None = None


class GetFile(Message):
    """Answered by `file_link`, also for what is still arriving (it will be an error until it is ready)."""

    type: Literal["get_file"] = "get_file"
    file: FileId


class WithdrawFile(Message):
    """One's own file, also while it arrives; host and co-hosts anybody's.  Its bytes are deleted."""

    type: Literal["withdraw_file"] = "withdraw_file"
    file: FileId


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


class Chat(HostSaid):
    """Somebody said this.  `reference` is yours if you sent it."""

    type: Literal["chat"] = "chat"
    message: ChatMessage
    reference: Reference = ""


class ChatDeleted(HostSaid):
    type: Literal["chat_deleted"] = "chat_deleted"
    message: int = Field(ge=1)


class FileChanged(HostSaid):
    """A file was offered, more of it arrived, it is ready, or it is gone.  `reference` is yours if you offered it."""

    type: Literal["file"] = "file"
    file: SharedFile
    reference: Reference = ""


class FileLink(HostSaid):
    """Where the bytes can be had for a few minutes by whoever knows the path; with Range requests."""

    type: Literal["file_link"] = "file_link"
    file: FileId
    path: Annotated[str, Field(max_length=2_048)]


class Reacted(HostSaid):
    type: Literal["reacted"] = "reacted"
    participant: ParticipantId
    reaction: Reaction


class Corrected(HostSaid):
    """This segment now reads so.  `revision` counts from 1; the words of before stay in the record's history."""

    type: Literal["corrected"] = "corrected"
    segment: Segment
    text: Annotated[str, Field(max_length=MAX_CORRECTION)]
    by: ParticipantId
    name: Name
    revision: int = Field(ge=1)
    at: MeetingTime
