"""An engine that says what a test tells it to say, and remembers what it was asked for.

Also a small meeting of invented people, to draw every screen without a host.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.session.commands import Command
from app.session.events import Event, LinkChanged, LinkState, LocalMedia
from sfu.wire.messages import (
    Caption,
    CaptionsState,
    ClientKind,
    Consent,
    Meeting,
    Participant,
    Role,
    Speaking,
    Welcome,
)

LINK = "https://192.168.1.20:7443/j/KM4T7QXD#fp=qx0Cq1mZ8oQ1h4v9yT0m3p5r7t9v1x3z5B7D9F1H3J4"


class FakeEngine(QObject):
    happened = Signal(object)
    pictured = Signal(str, object)
    planar = False
    broke = Signal(str)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sent: list[Command] = []
        self.running = False

    def start(self, after: Sequence[FakeEngine] = ()) -> None:
        self.running = True

    def send(self, command: Command) -> None:
        if self.running:  # as the real one, which takes no orders before it runs
            self.sent.append(command)

    def stop(self) -> None:
        self.running = False
        self.ended.emit()

    def wait(self) -> None:
        pass

    def report(self) -> dict[str, Any]:
        return {"captions": []}

    def say(self, *events: Event) -> None:
        for event in events:
            self.happened.emit(event)


def person(order: int, name: str, **facts: Any) -> Participant:
    known = {
        "id": f"p{order}",
        "name": name,
        "role": Role.HOST if order == 0 else Role.MEMBER,
        "client": ClientKind.DESKTOP,
        "order": order,
        "connected": True,
        "captions": Consent.YES,
    }
    return Participant.model_validate(known | facts)


PEOPLE = (
    person(0, "Mei Lin", microphone=True, camera=True),
    person(1, "Oskar Lindqvist", camera=True),
    person(2, "Ana Costa", microphone=True, camera=True),
    person(3, "Priya Raman"),
    person(4, "张伟", microphone=True),
)


def welcome(*people: Participant, you: str = "p2", now: float = 1458.0, title: str = "Weekly design review") -> Welcome:
    return Welcome(
        protocol=1,
        you=you,
        meeting=Meeting(id="m1", title=title, code="KM4T7QXD"),
        roster=list(people),
        captions=CaptionsState(on=True, available=True, model="whisper-base"),
        now=now,
    )


def live(*people: Participant, you: str = "p2", **more: Any) -> list[Event]:
    """Welcomed, media flowing, microphone and camera on."""
    return [welcome(*people, you=you, **more), LocalMedia(True, True), LinkChanged(LinkState.LIVE)]


def caption(
    segment: str, who: Participant, committed: str, tail: str = "", *, at: float = 1400.0, final: bool = False
) -> Caption:
    return Caption(
        segment=segment,
        speaker=who.id,
        name=who.name,
        committed=committed,
        tail=tail,
        final=final,
        start=at,
        end=at + 3,
    )


def conversation() -> list[Event]:
    """A few finished sentences, one that is being spoken, and who speaks."""
    mei, oskar, ana, priya, wei = PEOPLE
    return [
        caption("s1", wei, "新布局在我的小笔记本上可以用，只需要滚动一次。", at=1300, final=True),
        caption("s2", priya, "Can we keep the captions in the same place when the pane opens?", at=1330, final=True),
        caption("s3", oskar, "Yes. The bar has a fixed height, so nothing above it moves.", at=1351, final=True),
        caption("s4", oskar, "You can try it with a long sentence.", at=1358, final=True),
        caption("s5", mei, "Good. Then let’s look at the file Ana shared this morning.", at=1380, final=True),
        caption("s6", ana, "It is on the second page, under the heading about numbers.", at=1440, final=True),
        caption("s7", mei, "Thank you. Let us start with page two,", "the one with the num", at=1454.5),
        Speaking(participants=["p0"]),
    ]
