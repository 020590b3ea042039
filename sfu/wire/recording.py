"""Messages about recording the meeting: who starts and stops it, and who agrees to be in it.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from sfu.wire.parts import HostSaid, MeetingTime, Message, ParticipantId, Sentence, ShortText


class Phase(StrEnum):
    OFF = "off"
    ON = "on"
    PAUSED = "paused"


class RecordingState(Message):
    """Whether the meeting is recorded.  While `phase` is not `off` every client shows a badge."""

    phase: Phase = Phase.OFF
    by: ShortText = Field(default="", description="the name of who started it")
    since: MeetingTime = Field(default=0, description="when it began")
    sentence: Sentence = Field(default="", description="why it stopped by itself, in plain words; else empty")


# -- client to host ------------------------------------------------------------------------------------------


class Record(Message):
    """Start, pause, go on with or stop the recording (host and co-hosts).  Whoever starts it agrees to be in it."""

    type: Literal["record"] = "record"
    phase: Phase


class AnswerRecording(Message):
    """Whether your own voice, camera and screen may be recorded.

    Sent only after the client has shown the notice and the person has answered, and at any time later.  Until then,
    and after `no`, nothing of you is recorded; what was recorded before stays, and can be erased.

    `participant`: a feed (`stream`) for which host or co-host answer, because nobody sits there who could.
    """

    type: Literal["record_me"] = "record_me"
    yes: bool
    participant: ParticipantId | None = None


# -- host to client ------------------------------------------------------------------------------------------


class RecordingChanged(HostSaid):
    """Each time it starts (`off` to `on`) everybody is asked anew: show the notice."""

    type: Literal["recording_changed"] = "recording_changed"
    recording: RecordingState
