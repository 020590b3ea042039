"""What the person at this computer wants; the engine does it.  Verbs, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.session.devices import Device, DeviceKind
from app.session.sharing import ShareMode
from sfu.wire import messages as wire
from sfu.wire.messages import View


@dataclass(frozen=True, slots=True)
class Join:
    """`link`: a link, a code, or an address and a code.

    `host_token` is what the host process gave to whoever started it; it makes this person the meeting's host.
    """

    link: str
    name: str
    host_token: str = field(default="", repr=False)
    passcode: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TrustHost:
    """What the person said of the words in `HostUnverified`: whether the host's screen shows the same."""

    agree: bool


@dataclass(frozen=True, slots=True)
class Leave:
    pass


@dataclass(frozen=True, slots=True)
class EndMeeting:
    """For everybody; the host alone may."""


@dataclass(frozen=True, slots=True)
class SetMicrophone:
    on: bool


class Noise(StrEnum):
    """AUTOMATIC: suppressed, but not while this voice is captioned, because captions read better without."""

    KEPT = "kept"
    AUTOMATIC = "automatic"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class SetSound:
    """How the microphone's sound is processed.  `notice_muted` keeps a muted microphone open to say so to who talks."""

    echo: bool = True
    noise: Noise = Noise.AUTOMATIC
    gain: bool = True
    notice_muted: bool = True


class Sound(StrEnum):
    """Sounds of the program's own.  TEST: is this the loudspeaker, and is it loud enough?"""

    TEST = "test"
    JOINED = "joined"
    LEFT = "left"
    KNOCK = "knock"
    """Somebody waits to be let in."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Play one of them on the chosen loudspeaker."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class ChooseDevice:
    """`device` is an id from `DevicesChanged`; `app.session.devices.FOLLOW`: the system's default, whichever it is."""

    kind: DeviceKind
    device: str


@dataclass(frozen=True, slots=True)
class LookAtDevices:
    """Something was plugged in or out.  `cameras` are those that there are now."""

    cameras: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class ShareScreen:
    """`what` is the id of a `Shareable`; with `sound`, what the computer plays is heard, where the system gives it."""

    what: str
    mode: ShareMode = ShareMode.TEXT
    sound: bool = False


@dataclass(frozen=True, slots=True)
class StopSharing:
    pass


@dataclass(frozen=True, slots=True)
class SetCamera:
    on: bool


@dataclass(frozen=True, slots=True)
class Blur:
    """The room behind the own face: blurred, or as it is."""

    on: bool


class Quality(StrEnum):
    """How sharp pictures are to be, where the network allows more."""

    BEST = "best"
    MEDIUM = "medium"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class SetQuality:
    """Of the own camera's picture."""

    quality: Quality


@dataclass(frozen=True, slots=True)
class Watch:
    """The pictures on screen now, best first; all others need not be sent or decoded."""

    views: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class AnswerConsent:
    """The person's answer to the captions notice that was shown to them."""

    captions: bool


@dataclass(frozen=True, slots=True)
class SetCaptions:
    """Start or stop captions for everybody; the host alone may."""

    on: bool


@dataclass(frozen=True, slots=True)
class RaiseHand:
    """The own hand."""

    up: bool


@dataclass(frozen=True, slots=True)
class Chat:
    """Say this in writing; `to` one person, or everybody (None)."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class ShareFile:
    """A file of this computer, for `to` or for everybody (None)."""

    path: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class FetchFile:
    """Save a shared file in this folder."""

    file: str
    folder: str


@dataclass(frozen=True, slots=True)
class CancelTransfer:
    """`key` of a transfer; one that has failed is forgotten."""

    key: str


Request = (
    wire.Admit | wire.Deny | wire.SetPolicy | wire.SetPasscode | wire.SetRole | wire.Mute | wire.AskUnmute | wire.Remove
    | wire.SetSpotlight | wire.Hand | wire.LowerHands | wire.React | wire.DeleteChat | wire.Correct | wire.SetGlossary
    | wire.SetSpoken | wire.SetTranslation | wire.WithdrawFile | wire.Record | wire.AnswerRecording
)
"""What the host decides: it goes there in the protocol's own words, and the answer is what then happens."""

Command = (
    Request | Join | TrustHost | Leave | EndMeeting | SetMicrophone | SetSound | Ring | ChooseDevice | LookAtDevices
    | ShareScreen | StopSharing | SetCamera | Blur | SetQuality | Watch | AnswerConsent | SetCaptions | RaiseHand | Chat
    | ShareFile | FetchFile | CancelTransfer
)
