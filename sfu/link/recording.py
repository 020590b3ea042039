"""Between the host's control process and its recorder, over an inherited socket framed as the link is (`codec`).

Media comes to the recorder another way (`tape`).  What is recorded is decided by which taps are open; here the host
hears how it goes, and says when it is over.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from sfu.link.messages import Message

# -- orders: host to recorder --------------------------------------------------------------------------------


class Finish(Message):
    """Close all files and leave."""

    type: Literal["finish"] = "finish"


# -- events: recorder to host --------------------------------------------------------------------------------


class NeedsKeyframe(Message):
    """Nothing of this stream can be written before a key frame comes."""

    type: Literal["needs_keyframe"] = "needs_keyframe"
    stream: str


class Progress(Message):
    """Once a second.  `cpu_s`: user and system time of the process so far."""

    type: Literal["progress"] = "progress"
    seconds: float = Field(description="how far the recording has come")
    octets: int = Field(description="bytes of media that were written")
    tracks: int
    lost: int = Field(description="packets that never came, or too late")
    cpu_s: float


class Stopped(Message):
    """It cannot go on; the files are closed as they are.  `code`: an ErrorCode, `sentence` for people."""

    type: Literal["stopped"] = "stopped"
    code: str
    sentence: str


Event = Annotated[NeedsKeyframe | Progress | Stopped, Field(discriminator="type")]
ORDER: TypeAdapter[Finish] = TypeAdapter(Finish)
EVENT: TypeAdapter[NeedsKeyframe | Progress | Stopped] = TypeAdapter(Event)
