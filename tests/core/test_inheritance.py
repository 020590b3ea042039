"""The control process died in a meeting: what was said is still known, and who comes again has what was theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sfu.core.effects import BeginRecording, Effect, Keep, Tell
from sfu.core.inheritance import Past
from sfu.core.meeting import Meeting
from sfu.core.records import Consented, FileIs, RecordingBegan, RecordingEnded, WordsCorrected
from sfu.core.rules import Rules
from sfu.core.tickets import Ticket
from sfu.core.transcript import Line, not_captioned
from sfu.link import messages as link
from sfu.rtp.errors import UserError
from sfu.wire import messages as wire
from sfu.wire.messages import ClientKind, Consent, FileState, Phase, Role
from tests.core.people import HOST, Counting, offer, ordered, ticket, told

CHAT = wire.ChatMessage(id=1, sender="p1", name="Ana", to=None, text="See the plan.", at=3.0)
PLAN = wire.SharedFile(
    id="f1", owner="p1", owner_name="Ana", name="plan.txt", size=9, sha256="0" * 64, state=FileState.READY, at=3.0
)
LINE = Line(
    segment="s1-1", speaker="p1", name="Ana", text="Let us begin.", language="en", start=1.0, end=2.0, confidence=0.9
)
STRUCK = LINE.model_copy(update={"segment": "s1-2", "text": ""})
FIXED = WordsCorrected("s1-1", 1, "Let us be in.", "Let us begin.", "p1", "Ana", 4.0)
PAST = Past((CHAT,), (PLAN,), (LINE, STRUCK, not_captioned("p2", "Ben", 1.0)), (FIXED,))


def new(first: int = 0) -> Meeting:
    about = wire.Meeting(id="m1", title="Weekly", code="ABCDEFGH")
    opened = Meeting(about, Rules(10, True, "whisper-base", first=first), HOST, Counting(), began=100.0)
    opened.forwarder_ready()
    return opened


def bearer(name: str, role: Role = Role.MEMBER) -> Ticket:
    return replace(ticket(name, role), key=f"the-long-key-of-{name}", address="10.0.0.7")


def join(room: Meeting, name: str, role: Role = Role.MEMBER) -> tuple[str, list[Effect]]:
    return room.admit(bearer(name, role), ClientKind.BROWSER, now=110.0, wall=0.0)


def died(before: Meeting) -> Meeting:
    """The next life of the same meeting."""
    after = new(first=10_000)
    after.take_up(before.decided)
    after.inheritance.recall(PAST)
    return after


def test_who_comes_after_a_death_reads_what_was_said_before_it() -> None:
    after = died(new())

    _, effects = join(after, "Cleo")

    (past,) = [one.message for one in effects if isinstance(one, Tell) and isinstance(one.message, wire.History)]
    assert [(line.name, line.committed, line.final) for line in past.captions] == [
        ("Ana", "Let us begin.", True), ("Ben", "[not captioned]", True),
    ]  # fmt: skip
    assert [message.text for message in past.chat] == ["See the plan."]


def test_who_shows_their_key_may_withdraw_correct_and_delete_what_was_theirs() -> None:
    before = new()
    join(before, "Ana")
    after = died(before)
    after.inheritance.show("p1", "the-long-key-of-Ana")

    ana, effects = join(after, "Ana")

    assert PLAN.model_copy(update={"owner": ana, "received": 9}) in [
        effect.record.file for effect in effects if isinstance(effect, Keep) and isinstance(effect.record, FileIs)
    ]
    assert after.handle(ana, wire.WithdrawFile(file="f1"), now=111.0)
    assert after.handle(ana, wire.DeleteChat(message=1), now=111.0)
    corrected = after.handle(ana, wire.Correct(segment="s1-1", text="Let us start."), now=111.0)
    assert [one.revision for one in told(corrected) if isinstance(one, wire.Corrected)] == [2]


@pytest.mark.parametrize(("key", "name"), [("a wrong key", "Ana"), ("the-long-key-of-Ana", "Mallory"), (None, "Ana")])
def test_a_name_alone_or_another_key_inherits_nothing(key: str | None, name: str) -> None:
    before = new()
    join(before, "Ana")
    after = died(before)
    if key is not None:
        after.inheritance.show("p1", key)

    other, _ = join(after, name)

    with pytest.raises(UserError):
        after.handle(other, wire.WithdrawFile(file="f1"), now=111.0)


def test_after_a_while_everybody_is_new() -> None:
    before = new()
    join(before, "Ana")
    after = died(before)
    after.inheritance.show("p1", "the-long-key-of-Ana")
    after.all_returned()

    ana, _ = join(after, "Ana")

    with pytest.raises(UserError):
        after.handle(ana, wire.WithdrawFile(file="f1"), now=111.0)


def test_a_recording_goes_on_as_another_part_with_the_answers_of_those_who_return() -> None:
    before = new()
    hana, _ = join(before, "Hana", Role.HOST)
    mia, _ = join(before, "Mia")
    join(before, "Noa")
    before.handle(hana, wire.Record(phase=Phase.ON), now=112.0)
    before.handle(mia, wire.AnswerRecording(yes=False), now=112.0)
    after = died(before)

    effects = after.recording.go_on(now=120.0)

    kept = [effect.record for effect in effects if isinstance(effect, Keep)]
    assert [type(record) for record in kept[:2]] == [RecordingEnded, RecordingBegan]
    assert BeginRecording("r20000", 20.0) in effects
    assert after.recording.state.phase is Phase.ON
    for person, name in ((hana, "Hana"), (mia, "Mia")):
        after.inheritance.show(person, f"the-long-key-of-{name}")
    answers = {}
    for name in ("Hana", "Mia", "Noa"):
        person, effects = join(after, name)
        (welcome,) = [one for one in told(effects) if isinstance(one, wire.Welcome)]
        answers[name] = next(one.recording for one in welcome.roster if one.id == person)
        written = [one.record for one in effects if isinstance(one, Keep) and isinstance(one.record, Consented)]
        assert [record.yes for record in written] == ([name == "Hana"] if name != "Noa" else [])
        taped = {order.source for order in ordered(after.handle(person, offer(), now=121.0)) if is_tape(order)}
        assert taped == ({f"{person}/camera", f"{person}/microphone"} if name == "Hana" else set())
    assert answers == {"Hana": Consent.YES, "Mia": Consent.NO, "Noa": Consent.UNASKED}


def test_a_paused_recording_stays_paused_and_none_begins_by_itself() -> None:
    before = new()
    hana, _ = join(before, "Hana", Role.HOST)
    before.handle(hana, wire.Record(phase=Phase.ON), now=112.0)
    before.handle(hana, wire.Record(phase=Phase.PAUSED), now=113.0)
    after = died(before)
    after.recording.go_on(now=120.0)

    assert after.recording.state.phase is Phase.PAUSED
    assert died(new()).recording.go_on(now=120.0) == []


def is_tape(order: link.Order) -> bool:
    return isinstance(order, link.OpenTap) and order.taker == "recorder"
