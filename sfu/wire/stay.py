"""Messages about being in a meeting: coming in, who is here, what everybody should know, going, and the end.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.hearing import Caption
from sfu.wire.parts import (
    CaptionsState,
    ChatMessage,
    ChecksState,
    ClientKind,
    Code,
    EmotionsState,
    HostSaid,
    Key,
    Meeting,
    MeetingTime,
    Message,
    Participant,
    ParticipantId,
    Policy,
    Sentence,
    SharedFile,
)
from sfu.wire.recording import RecordingState

# -- client to host ------------------------------------------------------------------------------------------


class Join(Message):
    """First message on the socket.  The token comes from POST /api/meetings/CODE/join; it is good once."""

    type: Literal["join"] = "join"
    protocol: int = Field(ge=1, le=1_000)
    token: Annotated[str, Field(min_length=1, max_length=2_048)]
    client: ClientKind
    version: Annotated[str, Field(max_length=32)] = ""


class Leave(Message):
    type: Literal["leave"] = "leave"


class End(Message):
    """End the meeting for everybody (host only)."""

    type: Literal["end"] = "end"


class Ping(Message):
    type: Literal["ping"] = "ping"
    n: int = Field(ge=0, le=2**53)


# -- host to client ------------------------------------------------------------------------------------------


class Welcome(HostSaid):
    """Answer to `join`: who you are, who is here, what time it is in the meeting."""

    type: Literal["welcome"] = "welcome"
    protocol: int
    you: ParticipantId
    meeting: Meeting
    roster: list[Participant]
    captions: CaptionsState
    policy: Policy = Policy()
    key: Key | None = Field(default=None, description="your secret: the bearer token of HTTP requests in this stay")
    emotions: EmotionsState = EmotionsState()
    checks: ChecksState = ChecksState()
    recording: RecordingState = RecordingState()
    now: MeetingTime


class History(HostSaid):
    """After `welcome`: what was said and shared before you came, oldest first.

    In as many messages as it takes.

    Captions are final and as corrected.
    """

    type: Literal["history"] = "history"
    chat: list[ChatMessage] = Field(default_factory=list)
    files: list[SharedFile] = Field(default_factory=list)
    captions: list[Caption] = Field(default_factory=list)


class Joined(HostSaid):
    type: Literal["joined"] = "joined"
    participant: Participant


class Changed(HostSaid):
    type: Literal["changed"] = "changed"
    participant: Participant


class Left(HostSaid):
    type: Literal["left"] = "left"
    participant: ParticipantId
    reason: Sentence = ""


class Notice(HostSaid):
    """Something everybody should know, in one sentence (a worker died, a recording began)."""

    type: Literal["notice"] = "notice"
    code: Code
    sentence: Sentence


class Error(HostSaid):
    """What you sent was refused.  `fatal`: the socket closes after this."""

    type: Literal["error"] = "error"
    code: Code
    sentence: Sentence
    fatal: bool = False


class Ended(HostSaid):
    type: Literal["ended"] = "ended"
    reason: Sentence = ""


class Pong(HostSaid):
    type: Literal["pong"] = "pong"
    n: int
    now: MeetingTime
    heard: int = Field(
        default=0, ge=0, description="how many of your messages came in this stay; join, resume and pings not counted"
    )
