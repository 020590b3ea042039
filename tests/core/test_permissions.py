"""Who may do what: every message in every role, against the table as a person would write it down."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.core import permissions
from sfu.core.effects import Effect, Keep
from sfu.core.meeting import Meeting
from sfu.rtp.errors import ErrorCode, ParleyError, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Role
from tests.core.people import admit, meeting

_UNION = typing.get_args(typing.get_args(wire.ClientMessage)[0])
EVERY_MESSAGE: dict[type[wire.Message], wire.ClientMessage] = {
    type(message): message
    for message in (
        wire.Join(protocol=1, token="x", client=wire.ClientKind.DESKTOP),
        wire.Resume(protocol=1, participant="p1", key="k" * 24, seen=0),
        wire.Offer(sdp="v=0"),
        wire.SetMedia(microphone=True, camera=True),
        wire.Watch(views=[]),
        wire.AnswerConsent(captions=False),
        wire.ShareEmotions(audience=wire.Audience.OFF),
        wire.AskCheck(participant="p2"),
        wire.AnswerCheck(check="c1", accept=True),
        wire.AllowChecks(answer=wire.StandingAnswer.NEVER),
        wire.CancelCheck(check="c1"),
        wire.SetCaptions(on=False),
        wire.Record(phase=wire.Phase.OFF),
        wire.AnswerRecording(yes=False),
        wire.Leave(),
        wire.End(),
        wire.Ping(n=1),
        wire.Say(text="Hello."),
        wire.DeleteChat(message=1),
        wire.OfferFile(name="plan.pdf", size=3, sha256="0" * 64),
        wire.GetFile(file="x"),
        wire.WithdrawFile(file="x"),
        wire.Hand(up=True),
        wire.LowerHands(),
        wire.React(reaction=wire.Reaction.CLAP),
        wire.Correct(segment="s", text="x"),
        wire.SetGlossary(terms=["Crianan"]),
        wire.SetSpoken(language="zh"),
        wire.SetTranslation(on=False),
        wire.SetPolicy(lobby=True),
        wire.SetPasscode(passcode="tulip"),
        wire.Admit(),
        wire.Deny(who="p9"),
        wire.SetRole(participant="p2", role=Role.GUEST),
        wire.Mute(),
        wire.AskUnmute(participant="p2"),
        wire.SetSpotlight(participant="p2"),
        wire.Remove(participant="p2"),
    )
}
# Written out by hand, not read from the table that is tested.
MODERATORS_ONLY = {
    wire.SetCaptions, wire.LowerHands, wire.SetPolicy, wire.SetPasscode, wire.Admit, wire.Deny, wire.Mute,
    wire.AskUnmute, wire.SetSpotlight, wire.Remove, wire.SetGlossary, wire.Record,
}  # fmt: skip
HOST_ONLY = {wire.End, wire.SetRole}
NO_GUESTS = {wire.OfferFile}


def with_everybody() -> tuple[Meeting, dict[Role, str]]:
    """p1 is host; p2 … p4 are co-host, member and guest."""
    room = meeting()
    people = {Role.HOST: admit(room, "Hana", Role.HOST)}
    for name, role in (("Cole", Role.CO_HOST), ("Mia", Role.MEMBER), ("Gus", Role.GUEST)):
        people[role] = admit(room, name)
        room.handle(people[Role.HOST], wire.SetRole(participant=people[role], role=role), now=101.0)
    return room, people


def not_allowed(room: Meeting, participant: str, message: wire.ClientMessage) -> bool:
    try:
        room.handle(participant, message, now=102.0)
    except ParleyError as refused:
        return refused.code is ErrorCode.NOT_ALLOWED
    return False


def test_every_message_of_the_protocol_has_a_row_and_an_example() -> None:
    assert set(permissions.MAY) == set(_UNION) == set(EVERY_MESSAGE)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", EVERY_MESSAGE, ids=lambda kind: kind.__name__)
def test_each_role_may_what_is_written_here_and_nothing_else(kind: type[wire.Message], role: Role) -> None:
    room, people = with_everybody()
    moderates = role in (Role.HOST, Role.CO_HOST)
    allowed = role is Role.HOST if kind in HOST_ONLY else moderates or kind not in MODERATORS_ONLY
    allowed = allowed and not (role is Role.GUEST and kind in NO_GUESTS)

    assert not_allowed(room, people[role], EVERY_MESSAGE[kind]) is not allowed


@given(
    st.lists(st.tuples(st.sampled_from([Role.MEMBER, Role.GUEST]), st.sampled_from(list(EVERY_MESSAGE.values())))),
)
def test_whatever_members_and_guests_say_the_meeting_is_run_as_before(
    said: list[tuple[Role, wire.ClientMessage]],
) -> None:
    room, people = with_everybody()
    effects: list[Effect] = []

    for role, message in said:
        try:
            effects += room.handle(people[role], message, now=102.0)
        except ParleyError:
            continue

    host, _ = room.roster()[:2]
    assert host.role is Role.HOST
    assert not [e for e in effects if isinstance(e, Keep) and type(e.record).__name__ == "Deed"]


@given(st.lists(st.tuples(st.sampled_from(Role), st.sampled_from(["p1", "p2", "p3", "p4"]), st.sampled_from(Role))))
def test_there_is_always_exactly_one_host(given_roles: list[tuple[Role, str, Role]]) -> None:
    room, people = with_everybody()

    for giver, participant, role in given_roles:
        try:
            room.handle(people[giver], wire.SetRole(participant=participant, role=role), now=102.0)
        except UserError:
            continue

    assert [person.role for person in room.roster()].count(Role.HOST) == 1
