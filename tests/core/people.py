"""People for tests of a meeting: an offer as a client writes it, and a meeting with somebody in it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from sfu.core.effects import Effect, Instruct, Tell, TellAll
from sfu.core.meeting import Meeting
from sfu.core.negotiation import HostSide, Where
from sfu.core.rules import Rules
from sfu.core.tickets import Ticket
from sfu.link import messages as link
from sfu.rtp.sdp import (
    Codec,
    Description,
    Direction,
    ExtensionUri,
    Fingerprint,
    MediaLine,
    Setup,
    Source,
    SsrcGroup,
)
from sfu.wire import messages as wire
from sfu.wire.messages import SourceKind

FINGERPRINT = ":".join(["AB"] * 32)
OPUS = Codec(111, "opus", 48_000, 2, {"minptime": "10"}, ("transport-cc",))
VP8 = Codec(96, "VP8", 90_000, 1, {}, ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"))
RTX = Codec(97, "rtx", 90_000, 1, {"apt": "96"})
H264 = Codec(102, "H264", 90_000)
EXTENSIONS = {ExtensionUri.MID: 4, ExtensionUri.AUDIO_LEVEL: 1, "urn:something:else": 9}
HOST = HostSide(":".join(["CD"] * 32), (Where("192.168.1.5", 7443), Where("10.0.0.5", 7443)))
MICROPHONE_AND_CAMERA: dict[str, SourceKind] = {"0": SourceKind.MICROPHONE, "1": SourceKind.CAMERA}


class Counting:
    """Identities that count up, so that a test can name them."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def ssrc(self) -> int:
        return next(self._numbers)

    def letters(self, count: int) -> str:
        return str(next(self._numbers)).rjust(count, "x")

    def below(self, bound: int) -> int:
        return next(self._numbers) % bound


def line(kind: str, mid: str, direction: Direction, **changes: object) -> MediaLine:
    codecs = (OPUS,) if kind == "audio" else (VP8, RTX, H264)
    values: dict[str, object] = {
        "kind": kind, "mid": mid, "direction": direction, "codecs": codecs, "extensions": EXTENSIONS,
        "ice_ufrag": "abcd", "ice_pwd": "p" * 24, "setup": Setup.ACTPASS,
        "fingerprints": (Fingerprint("sha-256", FINGERPRINT),),
    }  # fmt: skip
    return MediaLine(**{**values, **changes})


def camera_sources() -> dict[str, object]:
    return {"sources": (Source(1001, "c"), Source(1002, "c")), "ssrc_groups": (SsrcGroup("FID", (1001, 1002)),)}


def usual_lines() -> list[MediaLine]:
    """Microphone, camera, two slots for sound and two for pictures."""
    sending, receiving = Direction.SENDONLY, Direction.RECVONLY
    return [
        line("audio", "0", sending, sources=(Source(1000, "c"),)),
        line("video", "1", sending, **camera_sources()),
        *[line("audio", mid, receiving) for mid in ("2", "3")],
        *[line("video", mid, receiving) for mid in ("4", "5")],
    ]


def offer(
    lines: Sequence[MediaLine] | None = None, sends: Mapping[str, SourceKind] = MICROPHONE_AND_CAMERA
) -> wire.Offer:
    media = tuple(lines if lines is not None else usual_lines())
    sdp = str(Description(media, tuple(each.mid for each in media)))
    return wire.Offer(sdp=sdp, lines=dict(sends))


def meeting(capacity: int = 10, captions: bool = True, can_translate: bool = False) -> Meeting:
    """Begun at second 100 on the host's clock, with a forwarder."""
    about = wire.Meeting(id="m1", title="Weekly", code="ABCDEFGH")
    rules = Rules(capacity, captions, "whisper-base", translates=can_translate)
    opened = Meeting(about, rules, HOST, Counting(), began=100.0)
    opened.forwarder_ready()
    return opened


_tickets = itertools.count(1)


def ticket(name: str, role: wire.Role = wire.Role.MEMBER, meeting_id: str = "m1", expires: float = 60.0) -> Ticket:
    return Ticket(f"t{next(_tickets)}", meeting_id, name, role, expires)


def admit(
    to: Meeting, name: str, role: wire.Role = wire.Role.MEMBER, client: wire.ClientKind = wire.ClientKind.DESKTOP
) -> str:
    participant, _ = to.admit(ticket(name, role), client, now=101.0, wall=0.0)
    return participant


def speaker(to: Meeting, name: str) -> str:
    """Somebody with media who agreed to captions."""
    participant = admit(to, name)
    to.handle(participant, offer(), now=101.0)
    to.handle(participant, wire.AnswerConsent(captions=True), now=101.0)
    return participant


def told(effects: Sequence[Effect]) -> list[wire.HostMessage]:
    """What anybody is told, in order."""
    return [effect.message for effect in effects if isinstance(effect, Tell | TellAll)]


def ordered(effects: Sequence[Effect]) -> list[link.Order]:
    return [effect.order for effect in effects if isinstance(effect, Instruct)]
