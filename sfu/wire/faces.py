"""Messages about guesses from faces: who wants them of their own, who may see them, and the guesses.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sfu.wire.parts import Audience, EmotionsState, HostSaid, MeetingTime, Message, ParticipantId

Label = Literal["angry", "disgusted", "afraid", "happy", "sad", "surprised", "neutral", ""]
Unclear = Literal["unsure", "turned", "small", "dark", "covered", "several", ""]

# -- client to host ------------------------------------------------------------------------------------------


class ShareEmotions(Message):
    """Whether your own face is read, and who sees the guess.  Nobody can say it for anybody else.

    Sent only after the client has shown the notice and the person has chosen.  `off` stops it at once.  More than the
    meeting allows (`Policy.emotions`) is refused.
    """

    type: Literal["share_emotions"] = "share_emotions"
    audience: Audience


# -- host to client ------------------------------------------------------------------------------------------


class Face(HostSaid):
    """What somebody's face seems to show; replaces the last such message about them.  Nothing of it is kept.

    Goes to themselves, or to everybody, as they chose.  `label` empty: unclear, and `unclear` says why.  `present`
    false: there is no face, or it is not read any more.  A client shows a guess for a second and no longer.
    The box is in parts of the picture's width and height, from the left and the top, not mirrored.
    """

    type: Literal["face"] = "face"
    participant: ParticipantId
    present: bool
    x: float = Field(default=0, ge=-1, le=2)
    y: float = Field(default=0, ge=-1, le=2)
    width: float = Field(default=0, ge=0, le=3)
    height: float = Field(default=0, ge=0, le=3)
    label: Label = ""
    confidence: float = Field(default=0, ge=0, le=1)
    unclear: Unclear = ""
    at: MeetingTime = Field(description="when the picture was taken")


class EmotionsChanged(HostSaid):
    """Whether guesses can be made now, where, and the most that this host allows."""

    type: Literal["emotions_changed"] = "emotions_changed"
    emotions: EmotionsState
