"""What a meeting wants written down, so that it is still known after a crash, next week, or to a late joiner.

Facts only, in the past tense, with meeting times in seconds.  Where and how they are kept is the store's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfu.core.transcript import Line
from sfu.wire import messages as wire


@dataclass(frozen=True, slots=True)
class Came:
    """Also when somebody is let in from the lobby.  `account`: who signed in on this host."""

    participant: str
    name: str
    role: wire.Role
    client: wire.ClientKind
    at: float
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Went:
    participant: str
    at: float


@dataclass(frozen=True, slots=True)
class Consented:
    """One line of the consent ledger: what somebody answered, after their client had shown the notice."""

    participant: str
    name: str
    about: str
    yes: bool
    at: float


@dataclass(frozen=True, slots=True)
class Said:
    message: wire.ChatMessage


@dataclass(frozen=True, slots=True)
class Unsaid:
    message: int


@dataclass(frozen=True, slots=True)
class WordsCorrected:
    """`before` is what the segment read until now."""

    segment: str
    revision: int
    before: str
    text: str
    by: str
    name: str
    at: float


@dataclass(frozen=True, slots=True)
class FileIs:
    """A shared file as it stands now."""

    file: wire.SharedFile


@dataclass(frozen=True, slots=True)
class RecordingBegan:
    """Second 0 of the recording is `at`."""

    recording: str
    at: float


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    recording: str
    at: float


@dataclass(frozen=True, slots=True)
class Deed:
    """Audit: somebody with the right to did `what` to `about` (a participant, a file, a setting)."""

    by: str
    name: str
    what: str
    about: str
    at: float


Record = (
    Line | Came | Went | Consented | Said | Unsaid | WordsCorrected | FileIs | Deed | RecordingBegan | RecordingEnded
)
