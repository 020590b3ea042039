"""The session protocol: what a client and the host say to each other over the WebSocket `/session`.

One JSON object a text frame, told apart by `type`; at most MAX_FRAME bytes.  Every field has a maximum.  Browsers
and the desktop client speak the same messages.  Text from people and models is plain text, never markup.
An unknown type or a field out of bounds is answered with `error`; it never ends anybody else's meeting.

Media is negotiated once: the client sends `offer` with its sending lines (microphone, camera, screen) and its
receiving lines, the *slots*; the host sends `answer`.  From then on `slots` says which source a slot shows.

This module is the whole contract; `parts`, `talk`, `hearing`, `floor`, `faces`, `checks` and `resume` only keep it
readable.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from sfu.wire.checks import (
    MAX_PICTURES,
    MAX_PLOT,
    MAX_WITNESSES,
    Act,
    AllowChecks,
    AnswerCheck,
    AskCheck,
    CancelCheck,
    Check,
    CheckAsked,
    CheckId,
    CheckReason,
    CheckResult,
    ChecksChanged,
    CheckStep,
    Stage,
    Verdict,
    Witness,
    WitnessSaid,
)
from sfu.wire.faces import EmotionsChanged, Face, Label, ShareEmotions, Unclear
from sfu.wire.floor import (
    Admit,
    AskUnmute,
    Deny,
    Lobby,
    Mute,
    Muted,
    PolicyChanged,
    Remove,
    SetPasscode,
    SetPolicy,
    SetRole,
    SetSpotlight,
    UnmuteAsked,
    Waiting,
)
from sfu.wire.hearing import SetGlossary, SetSpoken, SetTranslation, Translated
from sfu.wire.languages import LANGUAGES
from sfu.wire.parts import (
    GIVEN_UP,
    MAX_CHAT,
    MAX_CORRECTION,
    MAX_FILE,
    MAX_FRAME,
    MAX_GLOSSARY,
    MAX_NAME,
    MAX_PASSCODE,
    MAX_SDP,
    MAX_WORKERS,
    PROTOCOL,
    RIDS,
    Askers,
    Audience,
    CaptionsState,
    CaptionsWorker,
    ChatMessage,
    ChecksState,
    ClientKind,
    Code,
    Consent,
    Effort,
    EmotionsState,
    FileId,
    FileState,
    HostSaid,
    Key,
    Meeting,
    MeetingTime,
    Message,
    Mid,
    Name,
    Participant,
    ParticipantId,
    Policy,
    Reaction,
    Reference,
    Rid,
    Role,
    Segment,
    Sentence,
    SharedFile,
    Slot,
    SlotShows,
    SourceId,
    SourceKind,
    StandingAnswer,
    View,
    Waiter,
)
from sfu.wire.recording import AnswerRecording, Phase, Record, RecordingChanged, RecordingState
from sfu.wire.resume import Resume, Resumed
from sfu.wire.talk import (
    Chat,
    ChatDeleted,
    Correct,
    Corrected,
    DeleteChat,
    FileChanged,
    FileLink,
    GetFile,
    Hand,
    LowerHands,
    OfferFile,
    React,
    Reacted,
    Say,
    WithdrawFile,
)
from sfu.wire.work import Task, TaskChanged, TaskState

__all__ = [
    "CLIENT",
    "GIVEN_UP",
    "HOST",
    "LANGUAGES",
    "MAX_CHAT",
    "MAX_CORRECTION",
    "MAX_FILE",
    "MAX_FRAME",
    "MAX_GLOSSARY",
    "MAX_NAME",
    "MAX_PASSCODE",
    "MAX_PICTURES",
    "MAX_PLOT",
    "MAX_SDP",
    "MAX_WITNESSES",
    "MAX_WORKERS",
    "PROTOCOL",
    "RIDS",
    "Act",
    "Admit",
    "AllowChecks",
    "Answer",
    "AnswerCheck",
    "AnswerConsent",
    "AnswerRecording",
    "AskCheck",
    "AskUnmute",
    "Askers",
    "Audience",
    "CancelCheck",
    "Caption",
    "CaptionsChanged",
    "CaptionsState",
    "CaptionsWorker",
    "Changed",
    "Chat",
    "ChatDeleted",
    "ChatMessage",
    "Check",
    "CheckAsked",
    "CheckId",
    "CheckReason",
    "CheckResult",
    "CheckStep",
    "ChecksChanged",
    "ChecksState",
    "ClientKind",
    "ClientMessage",
    "Code",
    "Consent",
    "Correct",
    "Corrected",
    "DeleteChat",
    "Deny",
    "Effort",
    "EmotionsChanged",
    "EmotionsState",
    "End",
    "Ended",
    "Error",
    "Face",
    "FileChanged",
    "FileId",
    "FileLink",
    "FileState",
    "FindReply",
    "FindRequest",
    "GetFile",
    "Hand",
    "History",
    "HostMessage",
    "Join",
    "JoinReply",
    "JoinRequest",
    "Joined",
    "Key",
    "Label",
    "Layers",
    "Leave",
    "Left",
    "Lobby",
    "LowerHands",
    "Meeting",
    "MeetingTime",
    "Message",
    "Mid",
    "Mute",
    "Muted",
    "Name",
    "Notice",
    "Offer",
    "OfferFile",
    "Participant",
    "ParticipantId",
    "Phase",
    "Ping",
    "Policy",
    "PolicyChanged",
    "Pong",
    "Problem",
    "React",
    "Reacted",
    "Reaction",
    "Record",
    "RecordingChanged",
    "RecordingState",
    "Reference",
    "Remove",
    "Resume",
    "Resumed",
    "Rid",
    "Role",
    "Say",
    "Segment",
    "Sentence",
    "SetCaptions",
    "SetGlossary",
    "SetMedia",
    "SetPasscode",
    "SetPolicy",
    "SetRole",
    "SetSpoken",
    "SetSpotlight",
    "SetTranslation",
    "ShareEmotions",
    "SharedFile",
    "Slot",
    "SlotShows",
    "Slots",
    "SourceId",
    "SourceKind",
    "Speaking",
    "Stage",
    "StandingAnswer",
    "Task",
    "TaskChanged",
    "TaskState",
    "Translated",
    "Unclear",
    "UnmuteAsked",
    "Verdict",
    "View",
    "Waiter",
    "Waiting",
    "Watch",
    "Welcome",
    "WithdrawFile",
    "Witness",
    "WitnessSaid",
]  # fmt: skip

# -- client to host ------------------------------------------------------------------------------------------


class Join(Message):
    """First message on the socket.  The token comes from POST /api/meetings/CODE/join; it is good once."""

    type: Literal["join"] = "join"
    protocol: int = Field(ge=1, le=1_000)
    token: Annotated[str, Field(min_length=1, max_length=2_048)]
    client: ClientKind
    version: Annotated[str, Field(max_length=32)] = ""


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


class AnswerConsent(Message):
    """Sent only after the client has shown the notice and the person has answered.  May be changed at any time."""

    type: Literal["consent"] = "consent"
    captions: bool


class SetCaptions(Message):
    """Start or stop captions for the whole meeting (host and co-hosts)."""

    type: Literal["captions"] = "captions"
    on: bool


class Leave(Message):
    type: Literal["leave"] = "leave"


class End(Message):
    """End the meeting for everybody (host only)."""

    type: Literal["end"] = "end"


class Ping(Message):
    type: Literal["ping"] = "ping"
    n: int = Field(ge=0, le=2**53)


ClientMessage = Annotated[
    Join | Resume | Offer | SetMedia | Watch | AnswerConsent | ShareEmotions | SetCaptions | Leave | End | Ping
    | Say | DeleteChat | OfferFile | GetFile | WithdrawFile
    | Hand | LowerHands | React | Correct | SetGlossary | SetSpoken | SetTranslation
    | SetPolicy | SetPasscode | Admit | Deny | SetRole | Mute | AskUnmute | SetSpotlight | Remove
    | AskCheck | AnswerCheck | AllowChecks | CancelCheck | Record | AnswerRecording,
    Field(discriminator="type"),
]  # fmt: skip

# -- host to client ------------------------------------------------------------------------------------------


class Welcome(HostSaid):
    """Answer to `join`: who you are, who is here, what time it is in the meeting."""

    type: Literal["welcome"] = "welcome"
    protocol: int
    you: ParticipantId
    meeting: Meeting
    roster: list[Participant]
    captions: CaptionsState
    policy: Policy = Policy()
    key: Key | None = Field(default=None, description="your secret: the bearer token of HTTP requests in this stay")
    emotions: EmotionsState = EmotionsState()
    checks: ChecksState = ChecksState()
    recording: RecordingState = RecordingState()
    now: MeetingTime


class History(HostSaid):
    """After `welcome`: what was said and shared before you came, oldest first.

    In as many messages as it takes.

    Captions are final and as corrected.
    """

    type: Literal["history"] = "history"
    chat: list[ChatMessage] = Field(default_factory=list)
    files: list[SharedFile] = Field(default_factory=list)
    captions: list[Caption] = Field(default_factory=list)


class Answer(HostSaid):
    """Answer to `offer`.  The host is ICE-lite and DTLS passive; `slots` are in the order of the SDP's lines."""

    type: Literal["answer"] = "answer"
    sdp: Annotated[str, Field(max_length=MAX_SDP)]
    slots: list[Slot]


class Joined(HostSaid):
    type: Literal["joined"] = "joined"
    participant: Participant


class Changed(HostSaid):
    type: Literal["changed"] = "changed"
    participant: Participant


class Left(HostSaid):
    type: Literal["left"] = "left"
    participant: ParticipantId
    reason: Sentence = ""


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


class Speaking(HostSaid):
    """Who speaks now, loudest first; replaces the last such message."""

    type: Literal["speaking"] = "speaking"
    participants: list[ParticipantId]


class Caption(HostSaid):
    """One caption segment as it stands now; the next message with the same `segment` replaces it.

    `committed` only ever grows until `final`; `tail` may change.  `final` is sent once, with an empty tail.
    A segment that is withdrawn comes as final with empty text and is never stored.
    """

    type: Literal["caption"] = "caption"
    segment: Annotated[str, Field(max_length=64)]
    speaker: ParticipantId
    name: Name
    committed: Annotated[str, Field(max_length=4_000)]
    tail: Annotated[str, Field(max_length=1_000)] = ""
    final: bool = False
    language: Annotated[str, Field(max_length=8)] = ""
    start: MeetingTime
    end: MeetingTime
    confidence: float = Field(ge=0, le=1, default=0)


class CaptionsChanged(HostSaid):
    type: Literal["captions_changed"] = "captions_changed"
    captions: CaptionsState


class Notice(HostSaid):
    """Something everybody should know, in one sentence (a worker died, a recording began)."""

    type: Literal["notice"] = "notice"
    code: Code
    sentence: Sentence


class Error(HostSaid):
    """What you sent was refused.  `fatal`: the socket closes after this."""

    type: Literal["error"] = "error"
    code: Code
    sentence: Sentence
    fatal: bool = False


class Ended(HostSaid):
    type: Literal["ended"] = "ended"
    reason: Sentence = ""


class Pong(HostSaid):
    type: Literal["pong"] = "pong"
    n: int
    now: MeetingTime
    heard: int = Field(
        default=0, ge=0, description="how many of your messages came in this stay; join, resume and pings not counted"
    )


HostMessage = Annotated[
    Welcome | Resumed | History | Answer | Joined | Changed | Left | Slots | Layers | Speaking | Caption
    | CaptionsChanged | Notice | Error | Ended | Pong | Face | EmotionsChanged
    | Chat | ChatDeleted | FileChanged | FileLink | Reacted | Corrected | Translated
    | Waiting | Lobby | PolicyChanged | Muted | UnmuteAsked | TaskChanged
    | CheckAsked | Check | CheckStep | CheckResult | ChecksChanged | RecordingChanged,
    Field(discriminator="type"),
]  # fmt: skip

CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
HOST: TypeAdapter[HostMessage] = TypeAdapter(HostMessage)

# -- HTTP: the request before the socket ---------------------------------------------------------------------


class JoinRequest(Message):
    """POST /api/meetings/CODE/join"""

    name: Name
    passcode: Annotated[str, Field(max_length=MAX_PASSCODE)] = ""


class JoinReply(Message):
    """A short-lived token, good for one `join` on this host."""

    token: str
    session: Annotated[str, Field(description="path of the WebSocket on the same origin")] = "/session"


class FindRequest(Message):
    """POST /api/find: is the meeting of my code here?  See `sfu.wire.finding`: the code itself is not sent."""

    question: Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]


class FindReply(Message):
    proof: Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]


class Problem(Message):
    """An error of the HTTP API (RFC 9457, application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: Sentence = ""
    code: Code = ""
