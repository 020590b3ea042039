from __future__ import annotations

import pytest

from app.session import commands
from app.session.events import (
    Howling,
    LinkChanged,
    LinkState,
    LocalMedia,
    MicrophoneDead,
    MicrophoneLevel,
    TalkingWhileMuted,
)
from sfu.wire.messages import (
    CaptionsChanged,
    CaptionsState,
    Changed,
    Chat,
    ChatDeleted,
    ChatMessage,
    Effort,
    Joined,
    Left,
    Notice,
    Remark,
)
from tests.viewmodels.meetings import NO, UNASKED, YES, Watched, caption, person


def wrote(number: int, who: int) -> Chat:
    said = ChatMessage(id=number, at=61, sender=f"p{who}", name=f"Person {who}", text="Hello.")
    return Chat(message=said)


def test_presses_become_commands() -> None:
    meeting = Watched().live(person(0), person(1))

    meeting.model.toggle_microphone()
    meeting.model.toggle_camera()
    meeting.model.leave()
    meeting.model.end()

    assert meeting.wanted == [
        commands.SetMicrophone(False),
        commands.SetCamera(False),
        commands.Leave(),
        commands.EndMeeting(),
    ]


def test_what_others_wrote_is_news_until_the_chat_is_in_sight() -> None:
    meeting = Watched().live(person(0), person(1))
    chat = meeting.model.chat
    meeting.happen(*[wrote(number, who) for number, who in ((1, 1), (2, 0), (3, 1))])
    assert chat.unread == 2

    meeting.happen(ChatDeleted(message=3))
    assert chat.unread == 1

    chat.look(True)
    meeting.happen(wrote(4, 1))
    assert chat.unread == 0

    chat.look(False)
    meeting.happen(wrote(5, 1))
    assert chat.unread == 1


def test_the_button_follows_what_is_really_captured() -> None:
    meeting = Watched().live(person(0))
    meeting.model.toggle_microphone()
    assert meeting.model.microphone

    meeting.happen(LocalMedia(False, True))

    assert not meeting.model.microphone


def test_a_held_key_opens_a_muted_microphone_and_closes_it_again() -> None:
    meeting = Watched().live(person(0))
    meeting.happen(LocalMedia(False, True))

    for held in (True, True, False, False):
        meeting.model.talk(held)

    assert meeting.wanted == [commands.SetMicrophone(True), commands.SetMicrophone(False)]


def test_a_held_key_does_nothing_to_an_open_microphone() -> None:
    meeting = Watched().live(person(0))

    meeting.model.talk(True)
    meeting.model.talk(False)

    assert meeting.wanted == []


def test_consent_is_asked_once_and_the_answer_is_sent() -> None:
    meeting = Watched().live(person(0, captions=UNASKED))
    assert meeting.model.must_ask

    meeting.model.answer(False)

    assert not meeting.model.must_ask
    assert meeting.wanted == [commands.AnswerConsent(False)]
    meeting.happen(Changed(participant=person(0, captions=NO)))
    assert not meeting.model.captioned
    meeting.happen(Changed(participant=person(0, captions=YES)))
    assert meeting.model.captioned


def test_only_the_host_starts_captions_for_everybody() -> None:
    member = Watched().live(person(0), person(1), you="p1", captions=False)
    member.model.toggle_captions()
    assert member.wanted == []

    host = Watched().live(person(0), captions=False)
    host.model.toggle_captions()
    assert host.wanted == [commands.SetCaptions(True)]


def test_joins_and_leaves_are_announced_with_their_names() -> None:
    meeting = Watched().live(person(0))

    meeting.happen(Joined(participant=person(1)), Left(participant="p1"), Notice(code="worker_died", sentence="Wait."))

    assert meeting.announced == [
        ("joined", "Person 1", "", ""),
        ("left", "Person 1", "", ""),
        ("notice", "", "worker_died", "Wait."),
    ]


def test_the_clock_and_the_code_are_as_people_read_them() -> None:
    meeting = Watched().live(person(0))
    meeting.now += 65

    assert (meeting.model.elapsed, meeting.model.code, meeting.model.title) == ("2:05", "KM4T 7QXD", "Review")


def test_who_speaks_mandarin_is_told_while_a_small_model_hears() -> None:
    meeting = Watched().live(person(0))
    said = []
    for model in ("whisper-base", "whisper-large-v3-turbo"):
        meeting.happen(CaptionsChanged(captions=CaptionsState(on=True, available=True, model=model)))
        said.append(meeting.model.captions_small)

    assert said == [True, False]


def test_the_banner_says_the_worst_and_can_be_closed_until_it_changes() -> None:
    meeting = Watched().live(person(0))
    late = CaptionsState(on=True, available=False, sentence="Captions stopped.")
    meeting.happen(CaptionsChanged(captions=late))
    assert (meeting.model.trouble, meeting.model.trouble_sentence) == ("captions", "Captions stopped.")

    meeting.model.close_banner()
    assert meeting.model.trouble == ""

    meeting.happen(LinkChanged(LinkState.RECONNECTING))
    assert meeting.model.trouble == "reconnecting"


def test_the_host_knows_that_captions_are_late_before_a_word_of_them_comes() -> None:
    meeting = Watched().live(person(0))
    busy = CaptionsState(on=True, available=True, sentence="Captions 6 s behind.", behind=6.0, effort=Effort.SLOW)

    meeting.happen(CaptionsChanged(captions=busy))

    assert (meeting.model.trouble, meeting.model.trouble_seconds) == ("late", 6)


def test_talking_while_muted_and_feedback_are_said_while_they_last() -> None:
    meeting = Watched().live(person(0))

    meeting.happen(TalkingWhileMuted(True))
    assert meeting.model.trouble == "muted"
    meeting.happen(Howling(True))
    assert meeting.model.trouble == "howl"
    meeting.happen(Howling(False))
    meeting.happen(TalkingWhileMuted(False))
    assert meeting.model.trouble == ""


def test_a_microphone_without_a_sound_is_said_while_it_is_open() -> None:
    meeting = Watched().live(person(0))
    meeting.happen(LocalMedia(True, True))

    meeting.happen(MicrophoneDead(True))
    assert meeting.model.trouble == "deaf"
    meeting.happen(LocalMedia(False, True))
    assert meeting.model.trouble == ""
    meeting.happen(LocalMedia(True, True))
    meeting.happen(MicrophoneDead(False))
    assert meeting.model.trouble == ""


@pytest.mark.parametrize(
    ("seconds", "delay", "trouble"), [(1.0, 0, ""), (3.0, 3, ""), (6.0, 6, "late"), (20.0, 20, "paused")]
)
def test_late_captions_show_a_clock_then_a_banner(seconds: float, delay: int, trouble: str) -> None:
    meeting = Watched().live(person(0))
    meeting.now += 1.0 + seconds

    meeting.happen(caption("s", 0, "words"))

    assert (meeting.model.delay, meeting.model.trouble) == (delay, trouble)
    meeting.now += 60
    meeting.model.tick()
    assert (meeting.model.delay, meeting.model.trouble) == (0, "")


def test_a_growing_caption_changes_one_row_of_the_bar() -> None:
    meeting = Watched().live(person(0), person(1))
    meeting.happen(caption("s", 1, "Let us", "start"))
    said: list[tuple[int, int]] = []
    meeting.model.lines.dataChanged.connect(lambda top, bottom, roles: said.append((top.row(), bottom.row())))
    meeting.model.lines.rowsInserted.connect(lambda *_: pytest.fail("no new line is needed"))

    meeting.happen(caption("s", 1, "Let us start", "with"))

    assert said == [(0, 0)]


def test_a_final_is_one_new_row_of_the_transcript() -> None:
    meeting = Watched().live(person(0), person(1))
    meeting.happen(caption("a", 1, "First.", final=True))
    rows: list[tuple[int, int]] = []
    meeting.model.transcript.rowsInserted.connect(lambda parent, first, last: rows.append((first, last)))

    meeting.happen(caption("b", 1, "Second.", final=True))

    assert rows == [(1, 1)]
    assert [row.headed for row in meeting.model.transcript.items()] == [True, False]


def test_who_refuses_stands_in_the_transcript_and_not_on_the_bar() -> None:
    meeting = Watched().live(person(0), person(1))
    heard: list[str] = []
    meeting.model.said.connect(lambda name, text: heard.append(text))

    refused = caption("r", 1, "[not captioned]", final=True)
    meeting.happen(refused.model_copy(update={"remark": Remark.NOT_CAPTIONED}))

    rows = [(row.text, row.remark) for row in meeting.model.transcript.items()]
    assert rows == [("[not captioned]", "not_captioned")]
    assert (list(meeting.model.lines.items()), heard) == ([], [])


def test_captions_redraw_no_tile() -> None:
    meeting = Watched().live(person(0), person(1))
    meeting.model.gallery.fit(800, 600, 14, False, 1.0)
    meeting.model.gallery.tiles.dataChanged.connect(lambda *_: pytest.fail("a tile was redrawn"))

    meeting.happen(caption("s", 1, "words", "more"), MicrophoneLevel(-20))


def test_the_level_of_the_microphone_runs_from_silence_to_full() -> None:
    meeting = Watched().live(person(0))
    levels = []
    for dbov in (-127, -60, -30, 0):
        meeting.happen(MicrophoneLevel(dbov))
        levels.append(meeting.model.level)

    assert levels == [0.0, 0.0, 0.5, 1.0]


def test_who_comes_and_goes_is_heard_if_the_person_wants_it_and_a_crowd_rings_once() -> None:
    meeting = Watched().live(person(0))
    meeting.happen(Joined(participant=person(1)))
    assert meeting.wanted == []

    meeting.model.prefer(hide_self=False, finals_only=False, sounds=True)
    meeting.happen(Left(participant="p1"), *(Joined(participant=person(order)) for order in range(2, 20)))
    meeting.now += 10
    meeting.happen(Joined(participant=person(30)))

    assert meeting.wanted == [commands.Ring(commands.Sound.LEFT), commands.Ring(commands.Sound.JOINED)]
