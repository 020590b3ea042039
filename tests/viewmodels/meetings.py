"""People and messages for view models."""

from __future__ import annotations

from app.session.captions import Measure
from app.session.commands import Command
from app.session.events import Event, LinkChanged, LinkState, LocalMedia
from app.viewmodels.meeting import MeetingModel
from sfu.wire.messages import Caption, CaptionsState, ClientKind, Consent, Meeting, Participant, Role, Welcome


def person(order: int, **facts: object) -> Participant:
    known: dict[str, object] = {
        "id": f"p{order}",
        "name": f"Person {order}",
        "role": Role.HOST if order == 0 else Role.MEMBER,
        "client": ClientKind.DESKTOP,
        "order": order,
    }
    return Participant.model_validate(known | facts)


def welcome(*people: Participant, you: str = "p0", captions: bool = True) -> Welcome:
    return Welcome(
        protocol=1,
        you=you,
        meeting=Meeting(id="m", title="Review", code="KM4T7QXD"),
        roster=list(people),
        captions=CaptionsState(on=captions, available=True),
        now=60.0,
    )


def caption(segment: str, who: int, committed: str, tail: str = "", *, final: bool = False) -> Caption:
    return Caption(
        segment=segment, speaker=f"p{who}", name=f"Person {who}", committed=committed, tail=tail, final=final,
        start=60, end=61,
    )  # fmt: skip


def ten_pixels_a_letter(pixels: int) -> Measure:
    return lambda text: 10.0 * len(text)


class Watched:
    """A meeting with a clock that is set by hand, and what was asked of the engine."""

    def __init__(self) -> None:
        self.now = 100.0
        self.wanted: list[Command] = []
        self.announced: list[tuple[str, ...]] = []
        self.model = MeetingModel(ten_pixels_a_letter, lambda: self.now)
        self.model.wanted.connect(self.wanted.append)
        self.model.announced.connect(lambda *what: self.announced.append(what))

    def live(self, *people: Participant, you: str = "p0", captions: bool = True) -> Watched:
        self.happen(welcome(*people, you=you, captions=captions), LocalMedia(True, True), LinkChanged(LinkState.LIVE))
        return self

    def happen(self, *events: Event) -> None:
        for event in events:
            self.model.happen(event)


UNASKED, YES, NO = Consent.UNASKED, Consent.YES, Consent.NO
