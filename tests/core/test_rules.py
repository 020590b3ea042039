"""Chat, floor, lobby, roles and corrected words: what people expect of a meeting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sfu.core.captions import Heard
from sfu.core.effects import Dismiss, Effect, Keep, KeepPasscode, Tell, TellAll
from sfu.core.meeting import Meeting
from sfu.core.records import Said, WordsCorrected
from sfu.core.rules import Rules
from sfu.core.texts import tidy
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import ClientKind, Role, SourceKind
from tests.core.people import HOST, Counting, admit, meeting, offer, ordered, speaker, ticket, told


def three() -> tuple[Meeting, str, str, str]:
    """The host and two members."""
    room = meeting()
    return room, admit(room, "Hana", Role.HOST), admit(room, "Mia"), admit(room, "Noa")


def do(room: Meeting, who: str, message: wire.ClientMessage, now: float = 110.0) -> list[Effect]:
    return room.handle(who, message, now)


def refusal(room: Meeting, who: str, message: wire.ClientMessage) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        do(room, who, message)
    return refused.value.code


def of(kind: type[Any], effects: list[Effect]) -> list[Any]:
    return [message for message in told(effects) if isinstance(message, kind)]


# -- chat ----------------------------------------------------------------------------------------------------


def test_what_is_said_is_kept_before_it_is_shown_and_its_author_knows_it_by_the_reference() -> None:
    room, _, mia, _ = three()

    kept, shown = do(room, mia, wire.Say(text=" Hello \u202e<b>all</b>\r\n", reference="a1"))

    assert isinstance(kept, Keep)
    assert (kept.needed, isinstance(kept.record, Said)) == (True, True)
    assert isinstance(shown, TellAll)
    assert isinstance(shown.message, wire.Chat)
    assert (shown.message.message.text, shown.message.reference) == ("Hello <b>all</b>", "a1")


def test_a_private_message_reaches_two_people_and_no_moderator() -> None:
    room, hana, mia, noa = three()

    effects = do(room, mia, wire.Say(text="psst", to=noa))

    assert [effect.to for effect in effects if isinstance(effect, Tell)] == [mia, noa]
    assert not [effect for effect in effects if isinstance(effect, TellAll)]
    assert refusal(room, hana, wire.DeleteChat(message=1)) == ErrorCode.NOT_FOUND


def test_saying_the_same_again_after_a_lost_answer_says_it_once() -> None:
    room, _, mia, _ = three()
    do(room, mia, wire.Say(text="once", reference="r"))

    again = do(room, mia, wire.Say(text="once", reference="r"))

    assert [type(effect) for effect in again] == [Tell]
    assert of(wire.Chat, again)[0].message.id == 1


def test_who_comes_late_reads_what_was_said_to_everybody_and_nothing_private() -> None:
    room, hana, mia, noa = three()
    for text, to in (("for all", None), ("private", noa), ("gone", None)):
        do(room, mia, wire.Say(text=text, to=to))
    do(room, hana, wire.DeleteChat(message=3))

    _, effects = room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)

    (history,) = of(wire.History, effects)
    assert [message.text for message in history.chat] == ["for all"]


def test_a_long_history_comes_in_frames_that_fit() -> None:
    room, _, mia, _ = three()
    for _ in range(60):
        do(room, mia, wire.Say(text="\u4e2d" * wire.MAX_CHAT))

    _, effects = room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)

    parts = of(wire.History, effects)
    assert sum(len(part.chat) for part in parts) == 60
    assert all(len(part.model_dump_json().encode()) <= wire.MAX_FRAME for part in parts)


def test_what_could_not_be_stored_was_never_said() -> None:
    room, _, mia, _ = three()
    kept = do(room, mia, wire.Say(text="lost"))[0]
    assert isinstance(kept, Keep)

    (error,) = of(wire.Error, room.not_kept(kept.record))

    assert error.code == ErrorCode.DISK_FULL
    assert of(wire.History, room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)[1]) == []


def test_guests_write_privately_to_those_who_run_the_meeting_only() -> None:
    room, hana, mia, noa = three()
    do(room, hana, wire.SetRole(participant=mia, role=Role.GUEST))

    assert refusal(room, mia, wire.Say(text="psst", to=noa)) == ErrorCode.NOT_ALLOWED
    assert of(wire.Chat, do(room, mia, wire.Say(text="help", to=hana)))


def test_a_chat_that_is_off_is_off_for_all_but_those_who_run_the_meeting() -> None:
    room, hana, mia, _ = three()
    do(room, hana, wire.SetPolicy(chat=False))

    assert refusal(room, mia, wire.Say(text="x")) == ErrorCode.NOT_ALLOWED
    assert of(wire.Chat, do(room, hana, wire.Say(text="x")))


def test_invisible_characters_are_taken_out_and_paragraphs_stay() -> None:
    assert tidy("a\x00b\u202ec\r\n\r\n\r\n\r\n\r\nd\ud800") == "abc\n\n\nd"


# -- floor ---------------------------------------------------------------------------------------------------


def test_hands_are_in_the_order_in_which_they_went_up_and_the_host_may_lower_them() -> None:
    room, hana, mia, noa = three()
    do(room, noa, wire.Hand(up=True), now=111.0)
    do(room, mia, wire.Hand(up=True), now=112.0)

    assert [person.hand for person in room.roster()] == [None, 12.0, 11.0]
    assert refusal(room, mia, wire.Hand(up=False, participant=noa)) == ErrorCode.NOT_ALLOWED
    do(room, hana, wire.LowerHands())
    assert [person.hand for person in room.roster()] == [None, None, None]


def test_one_person_at_a_time_is_shown_large_to_everybody() -> None:
    room, hana, mia, noa = three()
    do(room, hana, wire.SetSpotlight(participant=mia))
    moved = of(wire.Changed, do(room, hana, wire.SetSpotlight(participant=noa)))

    assert {change.participant.id: change.participant.spotlight for change in moved} == {mia: False, noa: True}
    assert refusal(room, mia, wire.SetSpotlight()) == ErrorCode.NOT_ALLOWED
    do(room, hana, wire.SetSpotlight())
    assert not any(person.spotlight for person in room.roster())


def test_who_was_muted_stays_so_until_their_client_saw_it_and_they_turn_it_on_again() -> None:
    room, hana, _, _ = three()
    mia = speaker(room, "Mia too")
    on, off = wire.SetMedia(microphone=True, camera=True), wire.SetMedia(microphone=False, camera=True)
    do(room, mia, on)

    muted = do(room, hana, wire.Mute(participant=mia))
    crossed = do(room, mia, on)
    do(room, mia, off)
    unmuted = do(room, mia, on)

    silent = link.SetSending(peer=mia, sources=[f"{mia}/camera"])
    assert (ordered(muted), ordered(crossed)) == ([silent], [silent])
    assert of(wire.Muted, muted) == [wire.Muted(kind=SourceKind.MICROPHONE, by="Hana")]
    assert ordered(unmuted) == [link.SetSending(peer=mia, sources=[f"{mia}/microphone", f"{mia}/camera"])]


def test_where_nobody_may_unmute_those_who_are_asked_may_once() -> None:
    room, hana, mia, _ = three()
    on, off = wire.SetMedia(microphone=True, camera=False), wire.SetMedia(microphone=False, camera=False)
    do(room, hana, wire.SetPolicy(unmute=False))

    refused = do(room, mia, on)
    asked = do(room, hana, wire.AskUnmute(participant=mia))
    heard = do(room, mia, on)
    do(room, mia, off)
    again = do(room, mia, on)

    assert [message.code for message in of(wire.Error, refused)] == [ErrorCode.NOT_ALLOWED]
    assert of(wire.UnmuteAsked, asked)
    assert [message.participant.microphone for message in of(wire.Changed, heard)] == [True]
    assert of(wire.Error, again)


def test_muting_everybody_leaves_those_who_run_the_meeting_alone() -> None:
    room, hana, mia, _ = three()
    for person in (hana, mia):
        do(room, person, wire.SetMedia(microphone=True, camera=False))

    do(room, hana, wire.Mute())

    assert [person.microphone for person in room.roster()] == [True, False, False]


# -- lobby ---------------------------------------------------------------------------------------------------


def test_who_waits_hears_nothing_is_shown_to_those_who_let_in_and_comes_in_with_a_welcome() -> None:
    room, hana, mia, _ = three()
    do(room, hana, wire.SetPolicy(lobby=True))

    late, knocking = room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)
    assert room.waits(late)
    assert [person.name for person in room.roster()] == ["Hana", "Mia", "Noa"]
    assert [type(message) for message in told(knocking)] == [wire.Waiting, wire.Lobby]
    assert refusal(room, late, wire.Say(text="let me in")) == ErrorCode.NOT_ADMITTED
    assert refusal(room, mia, wire.Admit(who=late)) == ErrorCode.NOT_ALLOWED

    admitted = do(room, hana, wire.Admit(who=late), now=121.0)

    assert not room.waits(late)
    assert of(wire.Welcome, admitted)[0].you == late
    assert of(wire.Lobby, admitted)[0].waiting == []


def test_who_is_denied_is_told_and_let_go_and_who_gives_up_is_forgotten() -> None:
    room, hana, _, _ = three()
    do(room, hana, wire.SetPolicy(lobby=True))
    first, _ = room.admit(ticket("Eve"), ClientKind.BROWSER, now=120.0, wall=0.0)
    second, _ = room.admit(ticket("Bob"), ClientKind.BROWSER, now=120.0, wall=0.0)

    denied = do(room, hana, wire.Deny(who=first))
    left = room.left(second, "", now=105.0)

    assert of(wire.Error, denied)[0].code == ErrorCode.NOT_ADMITTED
    assert Dismiss(first) in denied
    assert of(wire.Lobby, left)[0].waiting == []


def test_a_locked_meeting_lets_in_nobody_but_the_host() -> None:
    room, hana, _, _ = three()
    do(room, hana, wire.SetPolicy(locked=True))

    with pytest.raises(UserError, match="locked"):
        admit(room, "Late")
    admit(room, "The host's other computer", Role.HOST)


def test_a_passcode_is_told_to_the_door_and_to_nobody_in_the_meeting() -> None:
    room, hana, _, _ = three()

    effects = do(room, hana, wire.SetPasscode(passcode=" tulip "))

    assert KeepPasscode("tulip") in effects
    assert of(wire.PolicyChanged, effects)[0].policy.passcode is True
    assert "tulip" not in str([message.model_dump() for message in told(effects)])
    assert "tulip" not in repr(effects)


# -- roles ---------------------------------------------------------------------------------------------------


def test_the_hosts_role_is_handed_over_and_the_owner_can_take_it_back() -> None:
    room, hana, mia, _ = three()

    do(room, hana, wire.SetRole(participant=mia, role=Role.HOST))
    handed = [person.role for person in room.roster()]
    do(room, hana, wire.SetRole(participant=hana, role=Role.HOST))

    assert handed == [Role.CO_HOST, Role.HOST, Role.MEMBER]
    assert [person.role for person in room.roster()] == [Role.HOST, Role.CO_HOST, Role.MEMBER]


def test_a_new_co_host_learns_who_waits() -> None:
    room, hana, mia, _ = three()
    do(room, hana, wire.SetPolicy(lobby=True))
    room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)

    effects = do(room, hana, wire.SetRole(participant=mia, role=Role.CO_HOST))

    assert [waiter.name for waiter in of(wire.Lobby, effects)[0].waiting] == ["Late"]


def test_who_is_removed_is_told_and_who_is_barred_does_not_come_back() -> None:
    room, hana, _, _ = three()
    entry = ticket("Eve")
    eve, _ = room.admit(type(entry)(**{**_fields(entry), "address": "10.0.0.9"}), ClientKind.BROWSER, 120.0, 0.0)

    effects = do(room, hana, wire.Remove(participant=eve, bar=True))

    assert [type(message) for message in told(effects)] == [wire.Error, wire.Left]
    assert Dismiss(eve) in effects
    with pytest.raises(UserError) as refused:
        room.require_entry("10.0.0.9", Role.MEMBER)
    assert refused.value.code == ErrorCode.REMOVED
    room.require_entry("10.0.0.8", Role.MEMBER)


def test_a_co_host_cannot_remove_the_host() -> None:
    room, hana, mia, _ = three()
    do(room, hana, wire.SetRole(participant=mia, role=Role.CO_HOST))

    assert refusal(room, mia, wire.Remove(participant=hana)) == ErrorCode.NOT_ALLOWED


# -- words ---------------------------------------------------------------------------------------------------


def test_words_are_corrected_by_who_said_them_or_the_host_and_late_joiners_read_the_new_ones() -> None:
    room, hana, mia, _ = three()
    room.inference(up=True, available=True, sentence="")
    ana = speaker(room, "Ana")
    stream = f"{ana}-1"
    (caption,) = of(wire.Caption, room.heard(Heard(stream, 1, "Wreck a beach.", "", True, "en", 110.0, 112.0, 0.9)))

    assert refusal(room, mia, wire.Correct(segment=caption.segment, text="x")) == ErrorCode.NOT_ALLOWED
    do(room, ana, wire.Correct(segment=caption.segment, text="Recognise"))
    effects = do(room, hana, wire.Correct(segment=caption.segment, text="Recognise speech."))

    history = [e.record for e in effects if isinstance(e, Keep) and isinstance(e.record, WordsCorrected)]
    (record,) = history
    assert (record.revision, record.before, record.text) == (2, "Recognise", "Recognise speech.")
    assert of(wire.Corrected, effects)[0].text == "Recognise speech."
    _, late = room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)
    assert [heard.committed for heard in of(wire.History, late)[0].captions] == ["Recognise speech."]


def _fields(entry: Any) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__slots__}


def test_an_offer_in_the_lobby_is_refused() -> None:
    room, hana, _, _ = three()
    do(room, hana, wire.SetPolicy(lobby=True))
    late, _ = room.admit(ticket("Late"), ClientKind.BROWSER, now=120.0, wall=0.0)

    assert refusal(room, late, offer()) == ErrorCode.NOT_ADMITTED


# -- from life to life ---------------------------------------------------------------------------------------


def test_a_meeting_goes_on_as_it_was_run_and_keeps_out_none_of_those_who_were_in_it() -> None:
    room, hana, mia, _ = three()
    room.admit(replace(ticket("Ken"), address="10.0.0.7"), ClientKind.BROWSER, now=101.0, wall=0.0)
    do(room, hana, wire.Remove(participant=mia, bar=False))
    do(room, hana, wire.SetPolicy(locked=True, lobby=True))

    again = meeting()
    again.take_up(room.decided)
    ken, effects = again.admit(replace(ticket("Ken"), address="10.0.0.7"), ClientKind.BROWSER, now=103.0, wall=0.0)

    assert of(wire.Welcome, effects)[0].policy == room.decided.policy
    assert not again.waits(ken)
    with pytest.raises(UserError) as refused:
        again.require_entry("10.0.0.8", Role.MEMBER)
    assert refused.value.code is ErrorCode.MEETING_LOCKED
    again.all_returned()
    with pytest.raises(UserError):
        again.require_entry("10.0.0.7", Role.MEMBER)


def test_ids_of_an_earlier_life_are_not_given_out_again() -> None:
    about = wire.Meeting(id="m1", title="Weekly", code="ABCDEFGH")
    again = Meeting(about, Rules(10, True, "whisper-base", first=10_000), HOST, Counting(), began=100.0)

    assert admit(again, "Ana") == "p10001"
