"""One person in a meeting, from joining to leaving: what they may see next is a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from sfu.core.negotiation import Agreed
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire import messages as wire
from sfu.wire.messages import Audience, Consent, SourceKind, StandingAnswer


class State(Enum):
    JOINED = auto()
    """In the roster; no media yet, or no media any more."""
    NEGOTIATED = auto()
    """Their offer was answered; the handshake is going on."""
    LIVE = auto()
    GONE = auto()


class Input(Enum):
    OFFERED = auto()
    SECURED = auto()
    MEDIA_LOST = auto()
    LEFT = auto()


MOVES = {
    (State.JOINED, Input.OFFERED): State.NEGOTIATED,
    (State.NEGOTIATED, Input.SECURED): State.LIVE,
    # What is lost may be offered again, on the same socket.
    (State.NEGOTIATED, Input.MEDIA_LOST): State.JOINED,
    (State.LIVE, Input.MEDIA_LOST): State.JOINED,
    (State.JOINED, Input.LEFT): State.GONE,
    (State.NEGOTIATED, Input.LEFT): State.GONE,
    (State.LIVE, Input.LEFT): State.GONE,
}

_WHY_NOT = {
    Input.OFFERED: "This client offered its media twice. Leave and join again.",
    Input.SECURED: "This client secured its media before offering it. Leave and join again.",
    Input.MEDIA_LOST: "This client had no media to lose.",
    Input.LEFT: "This client has already left.",
}


@dataclass(slots=True)
class Person:
    id: str
    name: str
    role: wire.Role
    client: wire.ClientKind
    order: int
    state: State = State.JOINED
    switches: dict[SourceKind, bool] = field(default_factory=dict)
    """What they say is on; absent is off."""
    key: str = field(default="", repr=False)
    """Their secret: who shows it over HTTP is them."""
    account: str | None = None
    """Who signed in on this host."""
    address: str = field(default="", repr=False)
    owner: bool = False
    """They showed the token of the host's computer."""
    waits_since: float = 0.0
    """Meeting time at which they came to the lobby."""
    weak: bool = False
    """Their way to the host is bad."""
    lost: bool = False
    """They have no socket just now, and may come back."""
    hand: float | None = None
    spotlight: bool = False
    muted: set[SourceKind] = field(default_factory=set)
    """Turned off by somebody else, and their client has not said yet that it saw that."""
    asked: set[SourceKind] = field(default_factory=set)
    """What they were asked to turn on, and may, whatever the policy says."""
    consent: Consent = Consent.UNASKED
    spoken: str = ""
    """The language they say they speak."""
    translation: bool = False
    """They want to read in English what others say."""
    agreed: Agreed | None = field(default=None, repr=False)
    """Their accepted offer; None without media."""
    sends_h264: bool = False
    """Their camera was told that it may."""
    views: list[wire.View] = field(default_factory=list)
    stream: str | None = None
    """The captions stream that is open for them."""
    emotions: Audience = Audience.OFF
    sight: str | None = None
    """The stream of their face that is open for them."""
    checks: StandingAnswer = StandingAnswer.ASK
    check: str | None = None
    """The check of their camera that goes on."""
    joined_with: tuple[tuple[str, str], ...] | None = None
    """The fingerprints of their first connection's certificate."""
    recording: Consent = Consent.UNASKED
    tapes: dict[SourceKind, str] = field(default_factory=dict)
    """What of theirs is recorded now, by the name of its stream."""

    def handle(self, happened: Input) -> None:
        """Raises PeerFault(BAD_SEQUENCE) for what may not happen now."""
        try:
            self.state = MOVES[self.state, happened]
        except KeyError:
            raise PeerFault(ErrorCode.BAD_SEQUENCE, _WHY_NOT[happened]) from None

    @property
    def moderates(self) -> bool:
        return self.role in (wire.Role.HOST, wire.Role.CO_HOST)

    @property
    def has_media(self) -> bool:
        return self.state in (State.NEGOTIATED, State.LIVE)

    @property
    def lines(self) -> frozenset[SourceKind]:
        """What their accepted offer can send."""
        sources = self.agreed.peer.sources if self.agreed is not None else ()
        return frozenset(SourceKind(source.source.partition("/")[2]) for source in sources)

    @property
    def reads_vp8(self) -> bool:
        """Whether a program is shown their camera that reads VP8 alone: guesses, and checks."""
        return self.sight is not None or self.check is not None

    @property
    def decodes_h264(self) -> bool:
        return self.agreed is not None and self.agreed.decodes_h264

    def source(self, kind: SourceKind) -> str:
        return f"{self.id}/{kind}"

    def sending(self) -> list[str]:
        """Sources that are negotiated and not muted."""
        return [self.source(kind) for kind in SourceKind if self.switches.get(kind) and kind in self.lines]

    def shown(self) -> wire.Participant:
        return wire.Participant(
            id=self.id,
            name=self.name,
            role=self.role,
            client=self.client,
            order=self.order,
            microphone=self.switches.get(SourceKind.MICROPHONE, False),
            camera=self.switches.get(SourceKind.CAMERA, False),
            screen=self.switches.get(SourceKind.SCREEN, False),
            screen_audio=self.switches.get(SourceKind.SCREEN_AUDIO, False),
            captions=self.consent,
            spoken=self.spoken,
            connected=self.state is State.LIVE,
            weak=self.weak,
            hand=self.hand,
            emotions=self.emotions,
            analysed=self.sight is not None or self.check is not None,
            checks=self.checks,
            recording=self.recording,
            recorded=bool(self.tapes),
            spotlight=self.spotlight,
            owner=self.owner,
        )

    def as_waiter(self) -> wire.Waiter:
        return wire.Waiter(id=self.id, name=self.name, client=self.client, since=self.waits_since)
