"""What is said over HTTP besides joining: accounts, meetings and what is kept of them.

Instants are Unix time in seconds; `at`, `came` and `went` are seconds of meeting time, as in the session protocol.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sfu.wire.parts import MAX_FILE, MAX_NAME, ChatMessage, Key, Message, ParticipantId, Role

MAX_PASSWORD = 256
MIN_PASSWORD = 8
MAX_INVITED = 200

Password = Annotated[str, Field(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s<>,;:\"']{1,64}@[A-Za-z0-9.-]{1,189}$")]
Title = Annotated[str, Field(min_length=1, max_length=120)]
# A day before the end of the year 9999, after which calendars have no dates: the longest meeting still ends in it.
Instant = Annotated[float, Field(ge=0, le=253_402_214_399)]


class Register(Message):
    """POST /api/users"""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    password: Password
    email: Email | None = None


class Credentials(Message):
    """POST /api/login"""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    password: Annotated[str, Field(min_length=1, max_length=MAX_PASSWORD)]


class User(Message):
    id: str
    name: str


class OwnUser(User):
    """As only they themselves and the host see it."""

    email: str
    made_at: float


class SignedIn(Message):
    """`token` is the bearer token of what you do from now on; also of joining, so that others see a checked name."""

    token: Key
    until: float
    user: OwnUser


class NewPassword(Message):
    old: Annotated[str, Field(min_length=1, max_length=MAX_PASSWORD)]
    new: Password


class NewMeeting(Message):
    """POST /api/meetings.  `starts_at` None: whenever somebody starts it."""

    title: Title
    starts_at: Instant | None = None
    minutes: int = Field(default=60, ge=1, le=1440)
    invited: list[Email] = Field(default_factory=list, max_length=MAX_INVITED)


MeetingState = Literal["scheduled", "live", "ended"]


class Listing(Message):
    """Which meetings GET /api/meetings shows, newest first.  `state` None: all."""

    state: MeetingState | None = None
    most: int = Field(default=50, ge=1, le=500)
    skip: int = Field(default=0, ge=0, le=1_000_000)


class WantedMail(Message):
    """POST …/mail.  `to` empty: everybody who is invited.  Nobody is sent the same twice unless `again`."""

    what: Literal["invitation", "minutes"]
    to: list[Email] = Field(default_factory=list, max_length=MAX_INVITED)
    again: bool = False


class MeetingInfo(Message):
    id: str
    code: str
    title: str
    state: MeetingState
    starts_at: float | None
    minutes: int
    began_at: float | None
    ended_at: float | None
    locked: bool = False
    people: int = Field(default=0, description="how many are in it now")


class Lock(Message):
    locked: bool


class NewRole(Message):
    role: Role


class Attendee(Message):
    """`went` None: still there, or the host was killed."""

    id: str
    name: str
    role: Role
    client: str
    came: float
    went: float | None


class NewChat(Message):
    """POST …/chat, with the key that `welcome` gave.  The same `reference` again says nothing twice."""

    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    to: ParticipantId | None = None
    reference: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class NewFile(Message):
    """POST …/files, with the key that `welcome` gave; then its bytes by PUT.

    The same `reference` again offers nothing twice.
    """

    name: Annotated[str, Field(min_length=1, max_length=255)]
    size: int = Field(ge=0, le=MAX_FILE)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    to: ParticipantId | None = None
    reference: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class ChatPage(Message):
    """Oldest first; go on with `after` set to the last `id`."""

    messages: list[ChatMessage]


class Found(Message):
    """`kind`: line, chat or title; `reference`: the segment, the message's number, or nothing."""

    meeting: str
    title: str
    kind: str
    reference: str
    name: str
    text: str
    at: float


FilmLayout = Literal["grid", "speaker"]
FilmCaptions = Literal["separate", "embedded", "burnt"]


class FilmChoice(Message):
    """POST …/film.  `layout`: everybody in a grid, or whoever speaks (a shared screen first) large above the others.

    `captions`: beside the film (they always are), in a track of it that players turn on, or drawn into the picture.
    """

    layout: FilmLayout = "grid"
    captions: FilmCaptions = "separate"


class Recorded(Message):
    """A recording of a meeting.  `began`, `ended`: meeting time; `made`: which files there are to be had.

    `film`: how the one that is there was made.
    """

    id: Annotated[str, Field(max_length=32)]
    began: float
    ended: float | None
    made: list[str]
    film: FilmChoice | None = None


class RecordedVoice(Message):
    """One person's sound alone, as loud as everybody's and as long as the film.  `file`: beside the film."""

    participant: ParticipantId
    name: str
    file: str


class RecordedChapter(Message):
    """`kind`: its beginning, somebody came (`name`), or it went on after a pause; `title`: the same in English."""

    start: float
    kind: Literal["start", "joined", "resumed"]
    name: str
    title: str


class RecordedLine(Message):
    """A line of the transcript as it reads now; of who was not recorded, `[not recorded]`."""

    segment: str
    speaker: ParticipantId
    name: str
    text: str
    language: str
    start: float
    end: float


class Playable(Message):
    """What a player needs.  All instants are seconds of the film, which has no pauses; voices begin with it."""

    id: Annotated[str, Field(max_length=32)]
    seconds: float
    voices: list[RecordedVoice]
    chapters: list[RecordedChapter]
    lines: list[RecordedLine]


class PlayLink(Message):
    """`?link=…` opens what lies under this recording for whoever knows it, and so to media elements of browsers."""

    link: str
    seconds: float = Field(description="how long it does")
