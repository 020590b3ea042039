"""What others say in their own language, in English."""

from __future__ import annotations

from app.viewmodels.translation import SHOWN_FOR
from sfu.wire.messages import CaptionsChanged, CaptionsState, SetTranslation, Translated, Welcome
from tests.viewmodels.meetings import Watched, person, welcome

CAN = CaptionsState(on=True, available=True, translates=True)
HELLO = Translated(segment="p1-1-1", speaker="p1", text="Hello")


def asked(meeting: Watched) -> list[bool]:
    return [command.on for command in meeting.wanted if isinstance(command, SetTranslation)]


def able() -> Welcome:
    return welcome(person(0), person(1)).model_copy(update={"captions": CAN})


def test_the_host_is_asked_once_and_again_after_a_reconnection() -> None:
    meeting = Watched()
    meeting.model.translation.wish(True)
    assert asked(meeting) == []

    meeting.happen(able())
    meeting.happen(CaptionsChanged(captions=CAN))
    assert asked(meeting) == [True]
    meeting.happen(able())
    meeting.model.translation.wish(False)

    assert asked(meeting) == [True, True, False]


def test_a_model_that_cannot_is_never_asked() -> None:
    meeting = Watched().live(person(0), person(1))

    meeting.model.translation.wish(True)

    assert (asked(meeting), meeting.model.translation.on) == ([], False)


def test_the_newest_line_stands_under_its_speaker_for_as_long_as_it_takes_to_read() -> None:
    meeting = Watched()
    meeting.model.translation.wish(True)
    meeting.happen(able(), HELLO)

    line = meeting.model.translation
    assert (line.speaker, line.order, line.text) == ("Person 1", 1, "Hello")
    meeting.now += SHOWN_FOR
    meeting.model.tick()
    assert line.text == ""


def test_what_comes_after_the_reader_changed_their_mind_is_not_shown() -> None:
    meeting = Watched()
    meeting.happen(able(), HELLO)

    assert meeting.model.translation.text == ""
