"""What a meeting wants done.  `Meeting` decides, the host's shell does, in the order given."""

from __future__ import annotations

from dataclasses import dataclass, field

from sfu.core.records import Record
from sfu.link import messages as link
from sfu.wire import messages as wire


@dataclass(frozen=True, slots=True)
class Tell:
    to: str
    message: wire.HostMessage


@dataclass(frozen=True, slots=True)
class TellAll:
    message: wire.HostMessage
    but: str | None = None


@dataclass(frozen=True, slots=True)
class OpenMedia:
    """Make this peer known to the forwarder and answer its DTLS handshake.

    `fingerprints` are (hash function, value) pairs from the peer's offer (RFC 8122); its certificate must match.
    """

    peer: link.AddPeer
    fingerprints: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CloseMedia:
    peer: str


@dataclass(frozen=True, slots=True)
class Instruct:
    order: link.Order


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a stream is to be heard.

    `language` "": the host's usual one; `hints`: names and words it will hear; `translate`: finals also in English.
    """

    language: str
    hints: tuple[str, ...]
    translate: bool = False


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Have a captions worker listen to `stream`."""

    stream: str
    tuning: Tuning


@dataclass(frozen=True, slots=True)
class TuneStream:
    """Have an open stream heard so from now on."""

    stream: str
    tuning: Tuning


@dataclass(frozen=True, slots=True)
class OpenSight:
    """Have an emotion worker look at `stream`."""

    stream: str


@dataclass(frozen=True, slots=True)
class PrepareCheck:
    """Somebody was asked: have a worker that checks cameras ready by the time they answer."""


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """Have a worker look at a camera, and listen to its voice, in `stream`."""

    stream: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was asked of the person in front of a camera, and what else is known.  Instants on the host's clock.

    `asked`: (act, when it was shown); `shown`: ((red, green, blue), from when on); `code` was to be read aloud, `heard`
    is what captions made of their voice meanwhile, None without captions.  `voice`: their microphone could be heard.
    """

    asked: tuple[tuple[str, float], ...] = ()
    shown: tuple[tuple[tuple[int, int, int], float], ...] = ()
    code: str = ""
    heard: str | None = None
    same_certificate: bool = True
    voice: bool = False


@dataclass(frozen=True, slots=True)
class WeighCheck:
    """Have the worker say what it makes of all that came in `stream`; the stream is closed next."""

    stream: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Wake:
    """Call `Meeting.wake` at this instant of the host's clock; calling it more often does no harm."""

    at: float


@dataclass(frozen=True, slots=True)
class CloseStream:
    stream: str


@dataclass(frozen=True, slots=True)
class BeginRecording:
    """Have what the recorder's taps hand out written down; `at`: meeting time that is second 0 of it."""

    recording: str
    at: float


@dataclass(frozen=True, slots=True)
class EndRecording:
    """Nothing more comes; close its files."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Write this down before anything that follows is done: what people have seen is never lost.

    `needed`: when it cannot be written, what follows in the same answer is not done, and `Meeting.not_kept` says
    what is done instead.
    """

    record: Record
    needed: bool = False


@dataclass(frozen=True, slots=True)
class KeepPasscode:
    """Whoever joins from now on has to know it; empty: nobody has to."""

    passcode: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LinkFile:
    """Tell `to` where they can get the bytes of this file for a few minutes."""

    to: str
    file: str


@dataclass(frozen=True, slots=True)
class DropFile:
    """Delete the bytes of this file."""

    file: str


@dataclass(frozen=True, slots=True)
class KeepGlossary:
    """For the next meeting of this host."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Close this participant's socket, after what was told them is sent."""

    participant: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The meeting is over for everybody."""


Effect = (
    Tell | TellAll | OpenMedia | CloseMedia | Instruct | OpenStream | TuneStream | OpenSight | CloseStream
    | PrepareCheck | OpenCheck | WeighCheck | BeginRecording | EndRecording | Wake | Keep | KeepPasscode | KeepGlossary
    | LinkFile | DropFile | Dismiss | Finish
)  # fmt: skip
