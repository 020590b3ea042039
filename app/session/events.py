"""What the engine reports besides the host's own messages (`sfu.wire`): facts about this computer and its link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.session.devices import FOLLOW, DeviceLists
from app.session.files import Transfer
from sfu.wire.messages import HostMessage


class LinkState(Enum):
    """How this client stands with the host.  LIVE only while packets really flow."""

    IDLE = auto()
    CONNECTING = auto()
    LIVE = auto()
    RECONNECTING = auto()
    LEFT = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class LinkChanged:
    state: LinkState
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class LocalMedia:
    """What is really being captured and sent; `sentence` says what is missing and what to do."""

    microphone: bool
    camera: bool
    sentence: str = ""
    screen: bool = False
    screen_sound: bool = False
    blurred: bool = False
    """The room behind the own face is."""


@dataclass(frozen=True, slots=True)
class MicrophoneLevel:
    """RFC 6464: -127..0 dBov."""

    dbov: int


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """What is plugged in, and the ids of what is used: the chosen one, or "" for the system's default."""

    plugged: DeviceLists
    microphone: str = FOLLOW
    speaker: str = FOLLOW
    camera: str = FOLLOW


@dataclass(frozen=True, slots=True)
class TalkingWhileMuted:
    """Somebody talks into the muted microphone, or no longer does."""

    talking: bool


@dataclass(frozen=True, slots=True)
class MicrophoneDead:
    """The open microphone gives nothing but zeros: it is off at itself, or the system keeps its sound from us."""

    dead: bool


@dataclass(frozen=True, slots=True)
class Howling:
    """Feedback: another device in this room is in the meeting too.  Mute one, or use headphones."""

    howling: bool


@dataclass(frozen=True, slots=True)
class HostUnverified:
    """Nothing says whose computer answers at `where` (`host:port`); the engine waits for `TrustHost`.

    `words` are shown on the host's screen too; `changed`: another key than before answers there.
    """

    where: str
    words: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class HostTrusted:
    """The host is who it should be; `link` is the whole invitation, whatever was typed."""

    link: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """How the path to the host is, once a second.  Bits per second, seconds, shares of packets lost (0 to 1).

    `uplink` is what may be sent, `height` the lines of the best picture that is sent (0: none).
    """

    uplink: int
    height: int
    round_trip: float
    lost_up: float
    lost_down: float


@dataclass(frozen=True, slots=True)
class HostWarned:
    """This computer is the meeting room, and something keeps others out: its firewall, and the rule that opens it."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TransferChanged:
    """A file is on its way from or to this computer, further on it, or there."""

    transfer: Transfer


EngineFact = (
    LinkChanged | LocalMedia | MicrophoneLevel | TalkingWhileMuted | Howling | MicrophoneDead | LinkQuality
    | DevicesChanged | HostUnverified | HostTrusted | HostWarned | TransferChanged
)
Event = HostMessage | EngineFact
