"""What this client knows of the meeting it is in: one frozen value.

The window draws this and nothing else.  It holds no pictures (they would make every change a copy of megabytes),
no pixels and no text made for people: a screen turns facts into words in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.session.chat import Messages
from app.session.devices import DeviceLists
from app.session.events import DevicesChanged, HostTrusted, HostUnverified, LinkQuality, LinkState, LocalMedia
from app.session.transcript import Entry
from sfu.wire.messages import CaptionsState, Consent, Meeting, Participant, Role

SILENCE = -127
"""dBov (RFC 6464)."""
NO_DEVICES = DevicesChanged(DeviceLists())
NO_CAPTIONS = CaptionsState(on=False, available=False)


class Spoken(Enum):
    """What an announcement is about."""

    JOINED = auto()
    LEFT = auto()
    NOTICE = auto()
    REFUSED = auto()
    MUTED = auto()
    ASKED = auto()
    """Somebody asks the person to turn their microphone or camera on."""
    HAND = auto()
    WRITTEN = auto()


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something worth one short line.  `serial` tells a repeated sentence from the same one seen twice."""

    serial: int
    about: Spoken
    name: str = ""
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    """How far captions lag behind the voice, in seconds, and when (this computer's clock) that was measured."""

    seconds: float
    at: float


@dataclass(frozen=True, slots=True)
class Session:
    link: LinkState = LinkState.IDLE
    code: str = ""
    sentence: str = ""
    unverified: HostUnverified | None = None
    """The question that the person has to answer before anything is sent to the host."""
    invite: HostTrusted | None = None
    warning: str = ""
    """What keeps others out of the meeting that this computer hosts; else empty."""
    you: str = ""
    meeting: Meeting | None = None
    began: float = 0.0
    roster: tuple[Participant, ...] = ()
    speaking: tuple[str, ...] = ()
    captions: CaptionsState = NO_CAPTIONS
    answered: bool = False
    local: LocalMedia | None = None
    level: int = SILENCE
    talking_muted: bool = False
    howling: bool = False
    quality: LinkQuality | None = None
    devices: DevicesChanged = NO_DEVICES
    transcript: tuple[Entry, ...] = ()
    chat: Messages = ()
    delay: Delay | None = None
    announcement: Announcement | None = None
    ended: str | None = None

    @property
    def me(self) -> Participant | None:
        return self.person(self.you)

    def person(self, participant: str) -> Participant | None:
        return next((person for person in self.roster if person.id == participant), None)

    @property
    def hosting(self) -> bool:
        return self.me is not None and self.me.role is Role.HOST

    @property
    def must_ask_consent(self) -> bool:
        """The captions notice is due: this meeting is captioned and the person has not answered yet."""
        return (
            self.captions.on
            and not self.answered
            and self.link is LinkState.LIVE
            and self.me is not None
            and self.me.captions is Consent.UNASKED
        )

    @property
    def hands(self) -> tuple[str, ...]:
        """Whose hand is up, the earliest first."""
        up = [person for person in self.roster if person.hand is not None]
        return tuple(person.id for person in sorted(up, key=lambda person: (person.hand, person.order)))

    def elapsed(self, now: float) -> float:
        """Meeting time in seconds at the instant `now` of this computer's clock."""
        return max(0.0, now - self.began) if self.meeting else 0.0
