"""Messages about sound and pictures: what is negotiated, what is sent and watched, and who speaks.

Import them from `sfu.wire.messages`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import (
    MAX_SDP,
    HostSaid,
    Message,
    Mid,
    ParticipantId,
    Rid,
    Slot,
    SlotShows,
    SourceId,
    SourceKind,
    View,
)

# -- client to host ------------------------------------------------------------------------------------------


class Offer(Message):
    """The client's one SDP offer (RFC 8829).  `lines` says what the sending lines carry, by mid."""

    type: Literal["offer"] = "offer"
    sdp: Annotated[str, Field(min_length=1, max_length=MAX_SDP)]
    lines: dict[Mid, SourceKind] = Field(default_factory=dict, max_length=8)


class SetMedia(Message):
    """What this client is sending now; the mute state others see."""

    type: Literal["media"] = "media"
    microphone: bool
    camera: bool
    screen: bool = False
    screen_audio: bool = False


class Watch(Message):
    """The pictures this client shows now, best first."""

    type: Literal["watch"] = "watch"
    views: Annotated[list[View], Field(max_length=64)]


# -- host to client ------------------------------------------------------------------------------------------


class Answer(HostSaid):
    """Answer to `offer`.  The host is ICE-lite and DTLS passive; `slots` are in the order of the SDP's lines."""

    type: Literal["answer"] = "answer"
    sdp: Annotated[str, Field(max_length=MAX_SDP)]
    slots: list[Slot]


class Slots(HostSaid):
    """What each named slot shows from now on.  Slots not named stay as they are."""

    type: Literal["slots"] = "slots"
    shows: list[SlotShows]


class Layers(HostSaid):
    """Which layers of one source of yours somebody wants from now on.  Send these and no others, at once.

    Until the first such message after an answer, send them all.  An empty list: nobody looks.
    """

    type: Literal["layers"] = "layers"
    source: SourceId
    wanted: Annotated[list[Rid], Field(max_length=8)]


class CameraCodec(HostSaid):
    """In which codec your camera goes on, where the answer took both.  Change at once, with a key frame.

    `h264`: it may be that, since everybody here decodes it.  Until the first such message after an answer: VP8.
    """

    type: Literal["camera_codec"] = "camera_codec"
    h264: bool


class Speaking(HostSaid):
    """Who speaks now, loudest first; replaces the last such message."""

    type: Literal["speaking"] = "speaking"
    participants: list[ParticipantId]
