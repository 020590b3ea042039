"""What the messages of the session protocol are made of: bounds, ids, choices, and the things that several name.

Import them from `sfu.wire.messages`, which is the whole contract; this file only keeps that one readable.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1
MAX_FRAME = 131_072
GIVEN_UP = 4000
"""A client closes a socket with this code that it means to replace: it wants to keep its place."""
MAX_NAME = 64
MAX_SDP = 98_304
MAX_CHAT = 4_000
"""Characters of one chat message: a long paragraph, well below a frame in any script."""
MAX_PASSCODE = 64
MAX_CORRECTION = 4_000
MAX_FILE = 4 * 1024**3
MAX_WORKERS = 32
MAX_GLOSSARY = 64
"""As many hints as a captions worker takes; how many of them its model has room for is its own affair."""

ParticipantId = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
SourceId = Annotated[str, Field(min_length=3, max_length=64, pattern=r"^[A-Za-z0-9_-]+/[a-z_]+$")]
"""`participant/kind`, for instance `p3/camera`."""
Mid = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9_-]+$")]
Rid = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9_-]+$")]
"""A layer of a source (RFC 8851).  Parley's own are RIDS."""
RIDS = ("h", "m", "l")
"""Parley's layers, best first."""
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Sentence = Annotated[str, Field(max_length=500)]
Code = Annotated[str, Field(max_length=64)]
Key = Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
"""A secret between one client and the host."""
FileId = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9]+$")]
ShortText = Annotated[str, Field(max_length=MAX_NAME)]
Term = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Language = Annotated[str, Field(max_length=3, pattern=r"^[a-z]*$")]
"""ISO 639: en, zh, yue; one of `sfu.wire.languages`."""
MeetingTime = Annotated[float, Field(ge=0, description="seconds since the meeting began, on the host's clock")]
Segment = Annotated[str, Field(min_length=1, max_length=64)]
"""Names one caption for ever; corrections refer to it."""
Reference = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")]
"""Chosen by the client, unique within its stay; sending it again does nothing twice."""


class SourceKind(StrEnum):
    MICROPHONE = "microphone"
    CAMERA = "camera"
    SCREEN = "screen"
    SCREEN_AUDIO = "screen_audio"


class Role(StrEnum):
    """`host`: one at a time.  `co_host`: may all but end the meeting and give roles.  `guest`: may least."""

    HOST = "host"
    CO_HOST = "co_host"
    MEMBER = "member"
    GUEST = "guest"


class ClientKind(StrEnum):
    DESKTOP = "desktop"
    HEADLESS = "headless"
    BROWSER = "browser"
    STREAM = "stream"
    """A camera or program that only sends (WHIP)."""
    PLAYER = "player"
    """A program that only watches (WHEP)."""


class Consent(StrEnum):
    """What a person answered when asked whether their own voice may be captioned."""

    UNASKED = "unasked"
    YES = "yes"
    NO = "no"


class Reaction(StrEnum):
    """A fixed set: what they look like and are called is the client's, in the reader's language."""

    THUMBS_UP = "thumbs_up"
    THUMBS_DOWN = "thumbs_down"
    CLAP = "clap"
    HEART = "heart"
    LAUGH = "laugh"
    SURPRISE = "surprise"
    CELEBRATE = "celebrate"
    SLOWER = "slower"
    FASTER = "faster"


class FileState(StrEnum):
    ARRIVING = "arriving"
    READY = "ready"
    GONE = "gone"
    """Withdrawn, broken off for good, or not what its hash promised."""


class Audience(StrEnum):
    """Who may see what is guessed from somebody's face, and whether anything is guessed at all."""

    OFF = "off"
    ME = "me"
    EVERYONE = "everyone"


class Askers(StrEnum):
    """Who may ask for a check of somebody's camera."""

    ANYONE = "anyone"
    HOST = "host"
    """Host and co-hosts."""
    OFF = "off"


class StandingAnswer(StrEnum):
    """What somebody answers to checks of their camera without being asked each time."""

    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HostSaid(Message):
    """What a host says on the session socket."""

    # It differs from client to client, so whoever writes the frame puts it in (`sfu.core.frames`).
    seq: int | None = Field(
        default=None, ge=1, exclude=True, description="1, 2, 3 … in this stay, ascending; none: not said again"
    )


# -- parts ---------------------------------------------------------------------------------------------------


class Participant(Message):
    """One person in the roster, as everybody sees them.  `order` is the join order: it fixes their colour."""

    id: ParticipantId
    name: Name
    role: Role
    client: ClientKind
    order: int = Field(ge=0)
    microphone: bool = False
    camera: bool = False
    screen: bool = False
    screen_audio: bool = False
    captions: Consent = Consent.UNASKED
    spoken: Language = Field(default="", description="the language they say they speak; empty: it is guessed")
    connected: bool = Field(default=False, description="media flows between this person and the host")
    weak: bool = Field(default=False, description="the way between them and the host loses much, or is slow")
    hand: MeetingTime | None = Field(default=None, description="since when their hand is up; the earliest is first")
    recording: Consent = Field(default=Consent.UNASKED, description="whether they may be recorded, as they answered")
    recorded: bool = Field(default=False, description="they are being recorded now; every client shows a badge")
    spotlight: bool = Field(default=False, description="host or a co-host wants everybody to see them large")
    emotions: Audience = Field(default=Audience.OFF, description="who sees guesses about their face, as they chose")
    analysed: bool = Field(default=False, description="their face is read or checked now; all clients show a badge")
    checks: StandingAnswer = Field(default=StandingAnswer.ASK, description="what they answer to checks of their camera")
    owner: bool = Field(default=False, description="sits at the host computer's keyboard; may always become host")


class Meeting(Message):
    id: Annotated[str, Field(max_length=32)]
    title: Annotated[str, Field(max_length=120)]
    code: Annotated[str, Field(max_length=16)]


class CaptionsWorker(Message):
    """One program that hears what people say: whoever is heard may know on which computer, and by what."""

    name: ShortText
    machine: ShortText = Field(default="", description="the computer's name; empty: the host's own")
    device: ShortText = Field(default="", description="cpu, cuda:0")
    compute: ShortText = Field(default="", description="number format: int8, float16")
    model: ShortText = ""


class Effort(StrEnum):
    """What captions leave undone while the computer is busy, in the order in which it is tried."""

    FULL = "full"
    THIN = "thin"
    """Words that may still change come less often."""
    SLOW = "slow"
    """They come seldom."""
    SMALL = "small"
    """A smaller model hears."""


class CaptionsState(Message):
    """Whether this meeting is captioned, where, and what people are told about it."""

    on: bool
    available: bool = Field(description="a captions worker is ready")
    model: Annotated[str, Field(max_length=64)] = Field(default="", description="the one that hears now")
    sentence: Sentence = Field(default="", description="why captions are missing or late, in plain words; else empty")
    behind: float = Field(default=0, ge=0, description="seconds, where that is late enough to be told; else 0")
    effort: Effort = Effort.FULL
    workers: list[CaptionsWorker] = Field(
        default_factory=list, max_length=MAX_WORKERS, description="those that are ready now, by name"
    )
    translates: bool = Field(default=False, description="whoever wants may read in English what others say")
    glossary: list[Term] = Field(
        default_factory=list, max_length=MAX_GLOSSARY, description="words that captions should get right"
    )


class EmotionsState(Message):
    """Whether faces can be read here, where, and what people are told about it."""

    limit: Audience = Field(default=Audience.ME, description="the most that this host's setting allows a meeting")
    available: bool = Field(default=False, description="a worker is ready; it is started when somebody asks")
    sentence: Sentence = Field(default="", description="why there are no guesses, in plain words; else empty")
    workers: list[CaptionsWorker] = Field(
        default_factory=list, max_length=MAX_WORKERS, description="those that are ready now, by name"
    )


class ChecksState(Message):
    """Whether cameras can be checked here, where, and what people are told about it."""

    possible: bool = Field(default=False, description="what is needed is here; a worker is started when somebody asks")
    sentence: Sentence = Field(default="", description="why there are no checks, in plain words; else empty")
    workers: list[CaptionsWorker] = Field(
        default_factory=list, max_length=MAX_WORKERS, description="those that are ready now, by name"
    )


class Policy(Message):
    """How the meeting is run.  Host and co-hosts are bound by none of it but `emotions` and `checks`."""

    lobby: bool = Field(default=False, description="newcomers wait until somebody lets them in")
    locked: bool = Field(default=False, description="nobody new comes in")
    accounts_only: bool = Field(default=False, description="joining needs an account on this host")
    passcode: bool = Field(default=False, description="joining needs a passcode; it is never told")
    newcomers: Literal[Role.MEMBER, Role.GUEST] = Field(default=Role.MEMBER, description="the role of who joins")
    chat: bool = True
    private_chat: bool = True
    screen: bool = True
    files: bool = True
    unmute: bool = Field(default=True, description="people may turn their own microphone on")
    emotions: Audience = Field(default=Audience.OFF, description="the most that people may choose for their own face")
    checks: Askers = Field(default=Askers.ANYONE, description="who may ask for a check of somebody's camera")


class Waiter(Message):
    """Somebody in the lobby, as host and co-hosts see them."""

    id: ParticipantId
    name: Name
    client: ClientKind
    since: MeetingTime


class ChatMessage(Message):
    """Plain text.  `to` None: for everybody; else for that person and its author alone.  Deleted: empty text."""

    id: int = Field(ge=1, description="grows; unique in the meeting")
    sender: ParticipantId
    name: Name
    to: ParticipantId | None = None
    text: Annotated[str, Field(max_length=MAX_CHAT)]
    at: MeetingTime
    deleted: bool = False


class SharedFile(Message):
    """`name` is what its owner called it: show it as text, never use it as a path."""

    id: FileId
    owner: ParticipantId
    owner_name: Name
    name: Annotated[str, Field(min_length=1, max_length=255)]
    size: int = Field(ge=0, le=MAX_FILE, description="bytes")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    to: ParticipantId | None = Field(default=None, description="None: for everybody")
    received: int = Field(default=0, ge=0, description="bytes that are safe on the host")
    state: FileState = FileState.ARRIVING
    at: MeetingTime


class Slot(Message):
    mid: Mid
    kind: Literal["audio", "video"]


class SlotShows(Message):
    """`source` None: the slot is empty."""

    mid: Mid
    source: SourceId | None


class View(Message):
    """One picture that a client shows.  Priority 8-10: large, 5-7: medium, 1-4: thumbnail."""

    source: SourceId
    width: int = Field(ge=1, le=7680)
    height: int = Field(ge=1, le=4320)
    priority: int = Field(ge=1, le=10)
