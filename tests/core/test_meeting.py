from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sfu.core.captions import Heard
from sfu.core.effects import (
    CloseMedia,
    CloseStream,
    Dismiss,
    Effect,
    Finish,
    Instruct,
    Keep,
    OpenMedia,
    OpenStream,
    Tell,
    TellAll,
    Tuning,
)
from sfu.core.meeting import Meeting
from sfu.core.transcript import Line
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, PeerFault, UserError
from sfu.rtp.sdp import Codec
from sfu.wire import messages as wire
from sfu.wire.messages import ClientKind, Consent, Role, SourceKind
from tests.core.people import RTX, VP8, admit, meeting, offer, ordered, speaker, ticket, told, usual_lines


def keys(peer: str) -> link.SetKeys:
    return link.SetKeys(peer=peer, profile="AEAD_AES_128_GCM", send_key=b"s", receive_key=b"r")


def heard(stream: str, committed: str, final: bool = False, segment: int = 1) -> Heard:
    return Heard(stream, segment, committed, "", final, "en", start_s=110.0, end_s=112.5, confidence=0.9)


def captioned(to: Meeting) -> None:
    """A worker is ready."""
    to.inference(up=True, available=True, sentence="")


def opened(effects: list[Effect]) -> list[str]:
    return [effect.stream for effect in effects if isinstance(effect, OpenStream)]


# -- joining and leaving -------------------------------------------------------------------------------------


def test_who_joins_is_welcomed_with_the_roster_and_announced_to_the_others() -> None:
    room = meeting()
    admit(room, "Ana")

    ben, effects = room.admit(ticket("Ben"), ClientKind.BROWSER, now=103.5, wall=0.0)

    welcome, joined, kept = effects
    assert isinstance(kept, Keep)
    assert isinstance(welcome, Tell)
    assert isinstance(welcome.message, wire.Welcome)
    assert [person.name for person in welcome.message.roster] == ["Ana", "Ben"]
    assert welcome.message.now == 3.5
    assert isinstance(joined, TellAll)
    assert joined.but == ben
    assert isinstance(joined.message, wire.Joined)


def test_two_people_of_one_name_can_be_told_apart() -> None:
    room = meeting()
    admit(room, "Ana")

    _, effects = room.admit(ticket("ana"), ClientKind.DESKTOP, now=101.0, wall=0.0)

    assert told(effects)[1].participant.name == "ana (2)"


def test_a_full_meeting_lets_nobody_in_until_somebody_leaves() -> None:
    room = meeting(capacity=1)
    ana = admit(room, "Ana")

    with pytest.raises(UserError, match="full") as refused:
        admit(room, "Ben")
    room.left(ana, "", now=105.0)

    assert refused.value.code == ErrorCode.MEETING_FULL
    admit(room, "Ben")


def test_a_ticket_is_not_used_up_by_a_full_meeting() -> None:
    room, entry = meeting(capacity=1), ticket("Ben")
    ana = admit(room, "Ana")
    with pytest.raises(UserError):
        room.admit(entry, ClientKind.DESKTOP, now=101.0, wall=0.0)

    room.left(ana, "", now=105.0)

    room.admit(entry, ClientKind.DESKTOP, now=102.0, wall=1.0)


def test_only_the_first_with_the_hosts_ticket_is_host() -> None:
    room = meeting()

    roles = [
        told(room.admit(ticket(name, Role.HOST), ClientKind.DESKTOP, 101.0, 0.0)[1])[1].participant.role
        for name in ("Ana", "Ben")
    ]

    assert roles == [Role.HOST, Role.CO_HOST]


def test_leaving_takes_media_and_tap_along_and_is_told_once() -> None:
    room = meeting()
    captioned(room)
    ana = speaker(room, "Ana")

    effects = room.left(ana, "The connection was lost.", now=105.0)

    assert ordered(effects) == [link.CloseTap(source="p1/microphone", stream="p1-1")]
    assert [type(effect) for effect in effects] == [Instruct, CloseStream, CloseMedia, TellAll, Keep]
    assert told(effects) == [wire.Left(participant=ana, reason="The connection was lost.")]
    assert room.left(ana, "again", now=105.0) == []


def test_a_message_that_crosses_a_goodbye_is_ignored() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, wire.Leave(), now=102.0)

    assert room.handle(ana, wire.Ping(n=1), now=102.1) == []


def test_the_end_is_told_to_everybody_before_anybody_is_dismissed() -> None:
    room = meeting()
    ana = admit(room, "Ana", Role.HOST)
    admit(room, "Ben")

    effects = room.handle(ana, wire.End(), now=110.0)

    assert effects[0] == TellAll(wire.Ended(reason="Ana ended the meeting."))
    assert [effect for effect in effects if isinstance(effect, Dismiss)] == [Dismiss("p1"), Dismiss("p2")]
    assert effects[-1] == Finish()


@pytest.mark.parametrize("message", [wire.End(), wire.SetCaptions(on=False)])
def test_what_only_the_host_may_is_refused_to_others_and_changes_nothing(message: wire.ClientMessage) -> None:
    room = meeting()
    ana = admit(room, "Ana")

    with pytest.raises(UserError, match="Only the host") as refused:
        room.handle(ana, message, now=102.0)

    assert refused.value.code == ErrorCode.NOT_ALLOWED
    assert told(room.admit(ticket("Ben"), ClientKind.DESKTOP, 103.0, 0.0)[1])[0].captions.on


# -- media ---------------------------------------------------------------------------------------------------


def test_an_offer_makes_the_peer_known_before_it_is_answered() -> None:
    room = meeting()
    ana = admit(room, "Ana")

    effects = room.handle(ana, offer(), now=102.0)

    assert isinstance(effects[0], OpenMedia)
    assert isinstance(effects[1], Tell)
    assert isinstance(effects[1].message, wire.Answer)
    assert ordered(effects)[0] == link.SetSending(peer=ana, sources=[])


def test_a_second_offer_is_out_of_order_and_the_first_stands() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, offer(), now=102.0)

    with pytest.raises(PeerFault) as refused:
        room.handle(ana, offer(), now=103.0)

    assert refused.value.code == ErrorCode.BAD_SEQUENCE
    assert room.secured(keys(ana)) != []


def test_an_offer_with_new_credentials_restarts_ice_and_nothing_else() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, offer(), now=101.0)
    room.secured(keys(ana))

    again = [replace(each, ice_ufrag="efgh", ice_pwd="q" * 24) for each in usual_lines()]
    effects = room.handle(ana, offer(again), now=102.0)

    (order,) = ordered(effects)
    (answer,) = told(effects)
    assert isinstance(order, link.RestartIce)
    assert isinstance(answer, wire.Answer)
    assert (order.peer, order.ufrag in answer.sdp, order.pwd in answer.sdp) == (ana, True, True)
    assert room.roster()[0].connected


def test_a_broken_offer_changes_nothing() -> None:
    room = meeting()
    ana = admit(room, "Ana")

    with pytest.raises(PeerFault) as refused:
        room.handle(ana, wire.Offer(sdp="nonsense"), now=102.0)

    assert refused.value.code == ErrorCode.BAD_SDP
    room.handle(ana, offer(), now=103.0)


def test_offers_wait_for_a_forwarder() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.forwarder_lost("It stopped.")

    with pytest.raises(UserError, match="in a moment"):
        room.handle(ana, offer(), now=102.0)
    room.forwarder_ready()

    room.handle(ana, offer(), now=103.0)


def test_muted_means_that_the_forwarder_drops_it() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, offer(), now=102.0)

    on = room.handle(ana, wire.SetMedia(microphone=True, camera=True), now=103.0)
    muted = room.handle(ana, wire.SetMedia(microphone=False, camera=True), now=104.0)

    assert ordered(on) == [link.SetSending(peer=ana, sources=["p1/microphone", "p1/camera"])]
    assert ordered(muted) == [link.SetSending(peer=ana, sources=["p1/camera"])]


def test_what_is_not_on_the_offer_is_never_sending() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, wire.SetMedia(microphone=True, camera=True), now=102.0)

    effects = room.handle(ana, offer(sends={}), now=103.0)

    assert ordered(effects)[0] == link.SetSending(peer=ana, sources=[])


def test_somebody_is_connected_when_the_handshake_is_done_and_not_before() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, offer(), now=102.0)

    effects = room.secured(keys(ana))

    assert ordered(effects) == [keys(ana)]
    assert told(effects)[0].participant.connected
    assert room.secured(keys(ana)) == []
    assert room.secured(keys("p9")) == []


def test_only_other_peoples_cameras_can_be_watched_each_once_best_first() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    admit(room, "Ben")
    admit(room, "Eve")
    room.handle(ana, offer(), now=102.0)
    wanted = ["p3/camera", "p1/camera", "p2/camera", "p3/camera", "p9/camera", "p2/microphone"]
    views = [wire.View(source=source, width=320, height=180, priority=4) for source in wanted]

    effects = room.handle(ana, wire.Watch(views=views), now=103.0)

    (order,) = ordered(effects)
    assert isinstance(order, link.SetViews)
    assert [view.source for view in order.views] == ["p3/camera", "p2/camera"]


def test_views_named_before_the_offer_count_after_it() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    admit(room, "Ben")
    view = wire.View(source="p2/camera", width=320, height=180, priority=4)

    assert room.handle(ana, wire.Watch(views=[view]), now=102.0) == []
    effects = room.handle(ana, offer(), now=103.0)

    assert link.SetViews(peer=ana, views=[link.View(**view.model_dump())]) in ordered(effects)


def test_whose_media_was_lost_is_told_alone_and_may_offer_again() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    room.handle(ana, offer(), now=102.0)
    room.secured(keys(ana))

    effects = room.media_lost(ana, "Nothing came for 30 s.")

    assert effects[0] == CloseMedia(ana)
    assert effects[-1] == Tell(ana, wire.Error(code="media_lost", sentence="Nothing came for 30 s."))
    assert room.media_lost(ana, "again") == []
    room.handle(ana, offer(), now=140.0)


def test_a_dead_forwarder_ends_everybodys_media_and_nobodys_stay() -> None:
    room = meeting()
    captioned(room)
    people = [speaker(room, "Ana"), speaker(room, "Ben"), admit(room, "Eve")]

    effects = room.forwarder_lost("Sound and picture stopped.")
    room.forwarder_ready()

    assert [effect.peer for effect in effects if isinstance(effect, CloseMedia)] == people[:2]
    assert told(effects)[-1] == wire.Notice(code="media_lost", sentence="Sound and picture stopped.")
    assert opened(room.handle(people[0], offer(), now=105.0)) == ["p1-3"]


def test_slots_and_speakers_are_told_in_the_clients_words() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    changed = link.SlotsChanged(peer=ana, shows=[link.SlotShows(mid="4", source="p2/camera")])

    slots = room.slots_changed(changed)
    speaking = room.speaking(link.Speaking(sources=["p1/microphone", "p9/microphone"]))

    assert slots == [Tell(ana, wire.Slots(shows=[wire.SlotShows(mid="4", source="p2/camera")]))]
    assert speaking == [TellAll(wire.Speaking(participants=["p1"]))]
    assert room.slots_changed(changed.model_copy(update={"peer": "p9"})) == []


# -- consent and captions ------------------------------------------------------------------------------------


def test_a_tap_opens_only_after_a_yes_and_after_the_worker_was_told() -> None:
    room = meeting()
    captioned(room)
    ana = admit(room, "Ana")
    before = room.handle(ana, offer(), now=102.0)

    effects = room.handle(ana, wire.AnswerConsent(captions=True), now=103.0)

    assert opened(before) == []
    assert effects[2:] == [
        OpenStream("p1-1", Tuning("", ())),
        Instruct(link.OpenTap(source="p1/microphone", stream="p1-1")),
    ]


def test_who_refuses_is_never_tapped() -> None:
    room = meeting()
    captioned(room)
    ana = admit(room, "Ana")
    effects = room.handle(ana, offer(), now=102.0)

    effects += room.handle(ana, wire.AnswerConsent(captions=False), now=103.0)
    effects += room.inference(up=True, available=False, sentence="")
    effects += room.inference(up=True, available=True, sentence="")

    assert opened(effects) == []


def test_taking_consent_back_closes_the_tap_and_takes_back_what_was_not_final() -> None:
    room = meeting()
    captioned(room)
    ana = speaker(room, "Ana")
    room.heard(heard("p1-1", "I would rather"))

    effects = room.handle(ana, wire.AnswerConsent(captions=False), now=104.0)

    assert link.CloseTap(source="p1/microphone", stream="p1-1") in ordered(effects)
    assert CloseStream("p1-1") in effects
    taken_back, remark = told(effects)[-2:]
    assert isinstance(taken_back, wire.Caption)
    assert remarks(effects) == [remark]
    assert (taken_back.committed, taken_back.final) == ("", True)
    assert room.heard(heard("p1-1", "I would rather not", final=True)) == []


def remarks(effects: Sequence[Effect]) -> list[wire.Caption]:
    return [message for message in told(effects) if isinstance(message, wire.Caption) and message.remark is not None]


def test_a_refusal_stands_in_the_transcript() -> None:
    room = meeting()
    ana = admit(room, "Ana")

    effects = room.handle(ana, wire.AnswerConsent(captions=False), now=108.0)

    (kept,) = [e.record for e in effects if isinstance(e, Keep) and isinstance(e.record, Line)]
    assert (kept.name, kept.text, kept.start) == ("Ana", "[not captioned]", 8.0)
    (shown,) = [message for message in told(effects) if isinstance(message, wire.Caption)]
    assert (shown.name, shown.remark, shown.start) == ("Ana", wire.Remark.NOT_CAPTIONED, 8.0)
    assert not remarks(room.handle(ana, wire.AnswerConsent(captions=False), now=109.0))


def test_who_refused_before_captions_began_and_who_comes_late_read_it_too() -> None:
    room = meeting(captions=False)
    host = admit(room, "Host", Role.HOST)
    ana = admit(room, "Ana")

    before = room.handle(ana, wire.AnswerConsent(captions=False), now=103.0)
    effects = room.handle(host, wire.SetCaptions(on=True), now=107.0)
    _, late = room.admit(ticket("Cleo"), wire.ClientKind.DESKTOP, now=110.0, wall=0.0)

    assert remarks(before) == []
    assert [(each.name, each.start) for each in remarks(effects)] == [("Ana", 7.0)]
    (past,) = [message for message in told(late) if isinstance(message, wire.History)]
    assert [caption.remark for caption in past.captions] == [wire.Remark.NOT_CAPTIONED]


def test_a_remark_is_nobodys_words_and_cannot_be_corrected() -> None:
    room = meeting()
    host = admit(room, "Host", Role.HOST)
    (remark,) = remarks(room.handle(admit(room, "Ana"), wire.AnswerConsent(captions=False), now=103.0))

    with pytest.raises(UserError, match="no such line"):
        room.handle(host, wire.Correct(segment=remark.segment, text="I agree."), now=104.0)


def test_consent_survives_captions_being_off_for_a_while() -> None:
    room = meeting()
    captioned(room)
    host = admit(room, "Host", Role.HOST)
    speaker(room, "Ana")

    off = room.handle(host, wire.SetCaptions(on=False), now=104.0)
    on = room.handle(host, wire.SetCaptions(on=True), now=105.0)

    assert CloseStream("p2-1") in off
    assert opened(on) == ["p2-2"]
    assert room.handle(host, wire.SetCaptions(on=True), now=106.0) == []


def test_a_caption_carries_the_exact_name_and_meeting_time() -> None:
    room = meeting()
    captioned(room)
    speaker(room, "Ana")
    speaker(room, "Ana")

    (effect,) = room.heard(heard("p2-2", "Hello"))

    assert isinstance(effect, TellAll)
    caption = effect.message
    assert isinstance(caption, wire.Caption)
    assert (caption.speaker, caption.name) == ("p2", "Ana (2)")
    assert (caption.start, caption.end) == (10.0, 12.5)


def test_a_final_is_kept_before_it_is_shown_and_a_partial_never() -> None:
    room = meeting()
    captioned(room)
    speaker(room, "Ana")

    partial = room.heard(heard("p1-1", "Hello"))
    final = room.heard(heard("p1-1", "Hello there.", final=True))

    assert [type(effect) for effect in partial] == [TellAll]
    assert [type(effect) for effect in final] == [Keep, TellAll]


def test_last_words_of_somebody_who_left_are_still_shown() -> None:
    room = meeting()
    captioned(room)
    ana = speaker(room, "Ana")
    room.left(ana, "", now=105.0)

    effects = room.heard(heard("p1-1", "Goodbye.", final=True))

    assert told(effects)[0].name == "Ana"


def test_people_are_told_about_captions_only_when_something_changed() -> None:
    room = meeting()

    first = room.inference(up=False, available=False, sentence="There are no weights.")
    again = room.inference(up=False, available=False, sentence="There are no weights.")

    assert told(first)[0].captions.sentence == "There are no weights."
    assert again == []


def test_people_are_told_where_speech_is_heard_when_that_changes_and_when_they_come() -> None:
    room = meeting()
    laptop = wire.CaptionsWorker(name="laptop", machine="ada", device="cuda:0")

    first = room.workers([laptop])
    again = room.workers([laptop])

    assert told(first)[0].captions.workers == [laptop]
    assert again == []
    assert len(told(room.workers([laptop] * 100))[0].captions.workers) == wire.MAX_WORKERS


def test_nobody_is_tapped_while_no_worker_is_expected() -> None:
    room = meeting()
    ana = admit(room, "Ana")
    effects = room.handle(ana, offer(), now=102.0)
    effects += room.handle(ana, wire.AnswerConsent(captions=True), now=103.0)

    later = room.inference(up=True, available=False, sentence="loading")
    gone = room.inference(up=False, available=False, sentence="given up")

    assert opened(effects) == []
    assert opened(later) == ["p1-1"]
    assert CloseStream("p1-1") in gone


def test_the_roster_says_what_everybody_answered() -> None:
    room = meeting()
    ana = admit(room, "Ana")

    effects = room.handle(ana, wire.AnswerConsent(captions=False), now=102.0)

    assert told(effects)[0].participant.captions == Consent.NO


def test_a_sender_is_told_which_of_its_layers_somebody_wants() -> None:
    opened = meeting()
    ana = speaker(opened, "Ana")

    effects = opened.layers_wanted(link.LayersWanted(peer=ana, source=f"{ana}/camera", wanted=["m", "l"]))

    assert effects == [Tell(ana, wire.Layers(source=f"{ana}/camera", wanted=["m", "l"]))]
    assert opened.layers_wanted(link.LayersWanted(peer="gone", source="gone/camera", wanted=[])) == []


def test_a_screen_that_is_on_is_sent_seen_and_shown_in_the_roster() -> None:
    opened = meeting()
    ana, ben = admit(opened, "Ana"), speaker(opened, "Ben")
    opened.handle(ana, offer(sends={"0": SourceKind.SCREEN_AUDIO, "1": SourceKind.SCREEN}), now=101.0)

    on = opened.handle(ana, wire.SetMedia(microphone=False, camera=True, screen=True, screen_audio=True), now=102.0)
    view = wire.View(source=f"{ana}/screen", width=1920, height=1080, priority=10)
    watched = opened.handle(ben, wire.Watch(views=[view]), now=102.0)

    assert ordered(on) == [link.SetSending(peer=ana, sources=[f"{ana}/screen", f"{ana}/screen_audio"])]
    assert ordered(watched) == [link.SetViews(peer=ben, views=[link.View(**view.model_dump())])]
    assert next(person for person in opened.roster() if person.id == ana).screen


def test_a_room_uses_vp8_unless_every_member_decodes_h264() -> None:
    baseline = Codec(102, "H264", 90_000, 1, {"packetization-mode": "1", "profile-level-id": "42e01f"})
    both = [replace(each, codecs=(VP8, RTX, baseline)) if each.kind == "video" else each for each in usual_lines()]
    only = [replace(each, codecs=(baseline,)) if each.mid == "1" else each for each in both]
    opened = meeting()
    ana, ben, eva = admit(opened, "Ana"), admit(opened, "Ben"), admit(opened, "Eva")

    with pytest.raises(PeerFault, match="VP8"):
        opened.handle(eva, offer(only), now=101.0)  # nobody is here yet, and most clients are of VP8 alone
    opened.handle(ana, offer(both), now=101.0)
    opened.handle(eva, offer(only), now=102.0)
    opened.handle(ben, offer(), now=103.0)
    opened.media_lost(eva, "gone")

    with pytest.raises(PeerFault, match="VP8"):
        opened.handle(eva, offer(only), now=104.0)
