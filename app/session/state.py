"""What this client knows of the meeting it is in: one frozen value.

The window draws this and nothing else.  It holds no pictures (they would make every change a copy of megabytes),
no pixels and no text made for people: a screen turns facts into words in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.session.chat import Messages
from app.session.checks import NO_CHECKS, Checks
from app.session.devices import DeviceLists
from app.session.events import DevicesChanged, HostTrusted, HostUnverified, LinkQuality, LinkState, LocalMedia
from app.session.faces import Faces
from app.session.files import Files, Transfers
from app.session.transcript import Entry
from sfu.wire.messages import (
    CaptionsState,
    ChecksState,
    ClientKind,
    Consent,
    EmotionsState,
    Meeting,
    Participant,
    Phase,
    Policy,
    Reaction,
    RecordingState,
    Role,
    UnmuteAsked,
    Waiter,
    Waiting,
)

SILENCE = -127
"""dBov (RFC 6464)."""
MODERATORS = (Role.HOST, Role.CO_HOST)
REACTION_FOR = 6.0
USUAL_POLICY = Policy()
NO_DEVICES = DevicesChanged(DeviceLists())
NO_EMOTIONS = EmotionsState()
NO_RECORDING = RecordingState()
NO_CHECKING = ChecksState()
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
    SHARED = auto()
    """Somebody shared a file, which is whole now; `sentence` is its name."""
    WAITS = auto()
    """Somebody came to the lobby."""
    ROLE = auto()
    """Somebody has another role; `code` says which, and `sentence` is "you" where it is this person."""
    POLICY = auto()
    """Somebody changed how the meeting is run; `code` says what, as "locked_on"."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something worth one short line.  `serial` tells a repeated sentence from the same one seen twice."""

    serial: int
    about: Spoken
    name: str = ""
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Reacting:
    """`at` is this computer's clock; it is shown for `REACTION_FOR` seconds."""

    person: str
    reaction: Reaction
    at: float


@dataclass(frozen=True, slots=True)
class Translation:
    """What somebody said, in English; `at` is this computer's clock."""

    speaker: str
    text: str
    at: float


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
    waiting: Waiting | None = None
    """Somebody has to let this person in first."""
    warning: str = ""
    """What keeps others out of the meeting that this computer hosts; else empty."""
    you: str = ""
    meeting: Meeting | None = None
    began: float = 0.0
    roster: tuple[Participant, ...] = ()
    speaking: tuple[str, ...] = ()
    policy: Policy = USUAL_POLICY
    lobby: tuple[Waiter, ...] = ()
    """Who waits to be let in, first come first; only those who may decide are told."""
    reactions: tuple[Reacting, ...] = ()
    """At most one a person, the newest last."""
    asked: UnmuteAsked | None = None
    """Somebody wants this person to turn something on, and they have not answered yet."""
    captions: CaptionsState = NO_CAPTIONS
    answered: bool = False
    local: LocalMedia | None = None
    level: int = SILENCE
    talking_muted: bool = False
    howling: bool = False
    deaf: bool = False
    """The own microphone is open and gives nothing at all."""
    quality: LinkQuality | None = None
    devices: DevicesChanged = NO_DEVICES
    transcript: tuple[Entry, ...] = ()
    chat: Messages = ()
    files: Files = ()
    """What is shared, oldest first, as the host says."""
    transfers: Transfers = ()
    """What this computer sends or saves, or has saved."""
    delay: Delay | None = None
    emotions: EmotionsState = NO_EMOTIONS
    checking: ChecksState = NO_CHECKING
    """Whether cameras can be checked."""
    checks: Checks = NO_CHECKS
    """Those that concern this person."""
    faces: Faces = ()
    """What faces seemed to show, one a person; old ones are not to be drawn (`faces.fresh`)."""
    recording: RecordingState = NO_RECORDING
    told: bool = False
    """The recording's notice was answered here; the host's word about it may still be on its way."""
    translated: Translation | None = None
    """The newest; comes only to who asked."""
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
    def moderates(self) -> bool:
        return self.me is not None and self.me.role in MODERATORS

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
    def must_ask_recording(self) -> bool:
        """The recording's notice is due: the meeting is recorded and the person has not answered yet."""
        return (
            self.recording.phase is not Phase.OFF
            and not self.told
            and self.me is not None
            and self.me.recording is Consent.UNASKED
        )

    @property
    def unanswered_feeds(self) -> tuple[Participant, ...]:
        """For which somebody who runs the meeting has to say whether they are recorded; nobody sits there."""
        if self.recording.phase is Phase.OFF or not self.moderates:
            return ()
        return tuple(
            person for person in self.roster
            if person.client is ClientKind.STREAM and person.recording is Consent.UNASKED
        )

    @property
    def hands(self) -> tuple[str, ...]:
        """Whose hand is up, the earliest first."""
        up = [person for person in self.roster if person.hand is not None]
        return tuple(person.id for person in sorted(up, key=lambda person: (person.hand, person.order)))

    @property
    def spotlight(self) -> str:
        """Who is shown large to everybody; else empty."""
        return next((person.id for person in self.roster if person.spotlight), "")

    def reaction(self, participant: str, now: float) -> str:
        """What this person shows just now; else empty."""
        fresh = (r.reaction for r in self.reactions if r.person == participant and now - r.at < REACTION_FOR)
        return next(fresh, "")

    def elapsed(self, now: float) -> float:
        """Meeting time in seconds at the instant `now` of this computer's clock."""
        return max(0.0, now - self.began) if self.meeting else 0.0
