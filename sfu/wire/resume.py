"""Messages of somebody whose socket was lost: back in the same stay, with what was missed.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sfu.wire.parts import HostSaid, Key, MeetingTime, Message, ParticipantId


class Resume(Message):
    """First message on the new socket, in place of `join`.  `key` is that of `welcome`.

    The answer is `resumed`, then whatever came after number `seen`; or a fatal `error` with `gone`: join anew.
    """

    type: Literal["resume"] = "resume"
    protocol: int = Field(ge=1, le=1_000)
    participant: ParticipantId
    key: Key
    seen: int = Field(ge=0, le=2**53, description="the highest `seq` that arrived")
    media: bool = Field(default=False, description="sound and picture still flow; else offer anew")


class Resumed(HostSaid):
    """Say again, in order, what you said after the first `heard` messages."""

    type: Literal["resumed"] = "resumed"
    you: ParticipantId
    media: bool = Field(description="what was negotiated is still good; else offer anew")
    heard: int = Field(ge=0, description="how many of your messages arrived in this stay (see `pong`)")
    now: MeetingTime
