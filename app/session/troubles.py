"""Which one thing the banner of a meeting is about.  There is at most one: the worst."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.session.events import LinkState
from app.session.state import Session
from sfu.wire.messages import SourceKind

# UI.md §8: a clock from 2 s on, a banner from 4 s, "paused" from 15 s.
NOTICEABLE, LATE, PAUSED = 2.0, 4.0, 15.0
STALE = 6.0
"""Seconds after which a measured delay says nothing about now: nobody spoke since."""


class Trouble(StrEnum):
    NONE = ""
    RECONNECTING = "reconnecting"
    CAPTIONS = "captions"
    LATE = "late"
    PAUSED = "paused"
    DEVICE = "device"
    ASKED = "asked"
    """Somebody asks the person to turn something on; `sentence` is their name."""
    ASKED_CAMERA = "asked_camera"
    MUTED = "muted"
    HOWL = "howl"
    DEAF = "deaf"
    """The own microphone gives nothing at all."""
    FIREWALL = "firewall"


@dataclass(frozen=True, slots=True)
class Banner:
    """`sentence` is empty when the kind says it all; `seconds` is the delay of captions."""

    trouble: Trouble = Trouble.NONE
    sentence: str = ""
    seconds: int = 0


def banner(session: Session, now: float) -> Banner:
    if session.link is LinkState.RECONNECTING:
        return Banner(Trouble.RECONNECTING, session.sentence)
    if session.howling:
        return Banner(Trouble.HOWL)
    if session.asked:
        camera = session.asked.kind is SourceKind.CAMERA
        return Banner(Trouble.ASKED_CAMERA if camera else Trouble.ASKED, session.asked.by)
    if session.talking_muted:
        return Banner(Trouble.MUTED)
    if session.deaf and session.local and session.local.microphone:
        return Banner(Trouble.DEAF)
    if session.warning:
        return Banner(Trouble.FIREWALL, session.warning)
    if session.captions.on and session.captions.behind >= LATE:
        return Banner(Trouble.LATE, seconds=round(session.captions.behind))
    if session.captions.on and session.captions.sentence:
        return Banner(Trouble.CAPTIONS, session.captions.sentence)
    behind = delay(session, now)
    if behind >= PAUSED:
        return Banner(Trouble.PAUSED)
    if behind >= LATE:
        return Banner(Trouble.LATE, seconds=round(behind))
    if session.local and session.local.sentence:
        return Banner(Trouble.DEVICE, session.local.sentence)
    return Banner()


def delay(session: Session, now: float) -> float:
    """Seconds by which captions lag now; 0 when nothing recent says so."""
    if not session.captions.on or session.delay is None or now - session.delay.at > STALE:
        return 0.0
    return session.delay.seconds
