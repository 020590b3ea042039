from __future__ import annotations

import pytest

from app.session import commands
from app.session.events import LocalMedia
from sfu.wire import messages as wire
from sfu.wire.messages import Changed, ClientKind, Lobby, Reaction, Role, SourceKind, UnmuteAsked, Waiter
from tests.viewmodels.meetings import Watched, person


def waiter(number: int) -> Waiter:
    return Waiter(id=f"w{number}", name=f"Waiter {number}", client=ClientKind.BROWSER, since=30.0 + number)


def test_who_waits_is_announced_once_and_let_in_or_sent_away() -> None:
    meeting = Watched().live(person(0), person(1))
    floor = meeting.model.floor

    meeting.happen(Lobby(waiting=[waiter(1)]), Lobby(waiting=[waiter(1), waiter(2)]), Lobby(waiting=[waiter(2)]))

    assert [said[:2] for said in meeting.announced] == [("waits", "Waiter 1"), ("waits", "Waiter 2")]
    assert [(row.person, row.client, row.time) for row in floor.waiters.items()] == [("w2", "browser", "0:32")]
    for wish in (lambda: floor.admit("w2"), lambda: floor.admit(""), lambda: floor.deny("w2")):
        wish()
    assert meeting.wanted == [wire.Admit(who="w2"), wire.Admit(), wire.Deny(who="w2")]


def test_every_wish_is_a_message_of_the_protocol() -> None:
    meeting = Watched().live(person(0), person(1))
    floor = meeting.model.floor

    floor.mute("p1", "microphone")
    floor.mute("", "microphone")
    floor.ask("p1", "camera")
    floor.rule("locked", True)
    floor.rule("newcomers", "guest")
    floor.set_passcode(" tulip ")
    floor.set_role("p1", "co_host")
    floor.remove("p1", True)
    floor.show_large("p1")
    floor.lower("p1")
    floor.lower_all()
    floor.react("clap")

    assert meeting.wanted == [
        wire.Mute(participant="p1"),
        wire.Mute(),
        wire.AskUnmute(participant="p1", kind=SourceKind.CAMERA),
        wire.SetPolicy(locked=True),
        wire.SetPolicy(newcomers=Role.GUEST),
        wire.SetPasscode(passcode="tulip"),
        wire.SetRole(participant="p1", role=Role.CO_HOST),
        wire.Remove(participant="p1", bar=True),
        wire.SetSpotlight(participant="p1"),
        wire.Hand(up=False, participant="p1"),
        wire.LowerHands(),
        wire.React(reaction=Reaction.CLAP),
    ]


def test_who_is_asked_to_unmute_decides_with_one_press_or_closes_the_question() -> None:
    meeting = Watched().live(person(0), person(1), you="p1")
    asked = UnmuteAsked(kind=SourceKind.MICROPHONE, by="Person 0")
    meeting.happen(LocalMedia(False, False), asked)
    assert (meeting.model.trouble, meeting.model.trouble_sentence) == ("asked", "Person 0")

    meeting.model.act_on_banner()
    assert meeting.wanted == [commands.SetMicrophone(True)]
    meeting.happen(LocalMedia(True, False))
    assert meeting.model.trouble == ""

    meeting.happen(LocalMedia(False, False), asked)
    meeting.model.close_banner()
    assert meeting.model.trouble == ""
    meeting.happen(asked)
    assert meeting.model.trouble == "asked"


@pytest.mark.parametrize(("role", "says"), [(Role.CO_HOST, "co_host"), (Role.HOST, "host")])
def test_a_new_role_is_told_to_whoever_has_it(role: Role, says: str) -> None:
    meeting = Watched().live(person(0), person(1), you="p1")
    assert not meeting.model.floor.moderates

    meeting.happen(Changed(participant=person(1, role=role)))

    assert meeting.model.floor.moderates
    assert meeting.announced == [("role", "Person 1", says, "you")]


def test_who_loses_the_role_no_longer_sees_who_waits() -> None:
    meeting = Watched().live(person(0), person(1, role=Role.CO_HOST), you="p1")
    meeting.happen(Lobby(waiting=[waiter(1)]))

    meeting.happen(Changed(participant=person(1)))

    assert meeting.model.floor.waiters.items() == []


def test_the_owner_of_the_computer_may_become_host_again() -> None:
    meeting = Watched().live(person(0, role=Role.CO_HOST, owner=True), person(1, role=Role.HOST))
    assert meeting.model.floor.may_take_back

    meeting.model.floor.take_back()

    assert meeting.wanted == [wire.SetRole(participant="p0", role=Role.HOST)]


def test_a_changed_policy_is_told_but_not_to_whoever_changed_it() -> None:
    meeting = Watched().live(person(0), person(1))
    locked = wire.Policy(locked=True)

    meeting.happen(wire.PolicyChanged(policy=locked, by="Person 1"), wire.PolicyChanged(policy=locked, by="Person 1"))
    meeting.happen(wire.PolicyChanged(policy=wire.Policy(), by="Person 0"))

    assert meeting.announced == [("policy", "Person 1", "locked_on", "")]
    assert not meeting.model.floor.policy["locked"]


def test_a_reaction_stands_on_the_tile_for_a_few_seconds() -> None:
    meeting = Watched().live(person(0), person(1))
    meeting.model.gallery.fit(800, 600, 14, False, 1.0)
    shown = lambda: [tile.reaction for tile in meeting.model.gallery.tiles.items()]  # noqa: E731

    meeting.happen(wire.Reacted(participant="p1", reaction=Reaction.HEART))
    assert shown() == ["", "heart"]

    meeting.now += 7
    meeting.model.tick()
    assert shown() == ["", ""]


def test_the_spotlight_takes_the_large_place_for_everybody_but_a_pin_wins() -> None:
    meeting = Watched().live(person(0), person(1), person(2), you="p2")
    meeting.model.gallery.fit(800, 600, 14, False, 1.0)

    meeting.happen(Changed(participant=person(1, spotlight=True)))
    assert meeting.model.gallery.tiles.items()[0].person == "p1"

    meeting.model.gallery.pin("p0")
    assert meeting.model.gallery.tiles.items()[0].person == "p0"


def test_a_glossary_is_typed_one_a_line_and_what_is_too_much_is_left_out() -> None:
    meeting = Watched().live(person(0), person(1))

    typed = ["  Parley ", "", "Dr  Åse Lund", "Parley", "x" * 80, *map(str, range(99))]
    meeting.model.floor.set_glossary("\n".join(typed))

    (sent,) = meeting.wanted
    assert isinstance(sent, wire.SetGlossary)
    assert sent.terms[:3] == ["Parley", "Dr Åse Lund", "x" * 64]
    assert len(sent.terms) == wire.MAX_GLOSSARY


def test_the_own_language_is_told_once_the_host_knows_us_and_when_it_changes() -> None:
    meeting = Watched()
    meeting.model.prefer(hide_self=False, finals_only=False, sounds=False, spoken="zh")
    assert meeting.wanted == []

    meeting.live(person(0))
    meeting.happen(Changed(participant=person(0, spoken="zh")))
    meeting.model.prefer(hide_self=False, finals_only=False, sounds=False, spoken="")

    assert meeting.wanted == [wire.SetSpoken(language="zh"), wire.SetSpoken(language="")]
