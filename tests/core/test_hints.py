"""What captions expect to hear: the glossary, who is here, and the language that somebody says they speak."""

from __future__ import annotations

import pytest

from models.catalogue import translates
from sfu.core.captioning import cleaned
from sfu.core.captions import Heard
from sfu.core.captions_health import ON_TIME, Pace
from sfu.core.effects import Effect, KeepGlossary, OpenStream, Tell, TuneStream, Tuning
from sfu.core.meeting import Meeting
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import Role
from tests.core.people import admit, meeting, speaker, ticket, told


def captioned(can_translate: bool = False) -> tuple[Meeting, str, str]:
    """The host, and Ana whose speech is captioned."""
    room = meeting(can_translate=can_translate)
    room.inference(up=True, available=True, sentence="")
    return room, admit(room, "Hana", Role.HOST), speaker(room, "Ana")


def tunings(effects: list[Effect]) -> list[Tuning]:
    return [effect.tuning for effect in effects if isinstance(effect, TuneStream | OpenStream)]


def test_who_joins_is_a_name_that_the_others_may_say() -> None:
    room, _, _ = captioned()

    _, effects = room.admit(ticket("Crianan"), wire.ClientKind.DESKTOP, now=103.0, wall=0.0)

    assert tunings(effects) == [Tuning("", ("Hana", "Crianan"))]


def test_who_leaves_is_not_expected_any_more() -> None:
    room, hana, _ = captioned()

    assert tunings(room.left(hana, "", now=110.0)) == [Tuning("", ())]


def test_an_edited_glossary_reaches_everybody_the_recogniser_and_the_next_meeting() -> None:
    room, hana, _ = captioned()

    effects = room.handle(hana, wire.SetGlossary(terms=["Crianan", " Inverashiel\n", "Crianan"]), now=110.0)

    assert KeepGlossary(("Crianan", "Inverashiel")) in effects
    assert tunings(effects) == [Tuning("", ("Crianan", "Inverashiel", "Hana"))]
    (changed,) = [message for message in told(effects) if isinstance(message, wire.CaptionsChanged)]
    assert changed.captions.glossary == ["Crianan", "Inverashiel"]
    assert room.handle(hana, wire.SetGlossary(terms=["Crianan", "Inverashiel"]), now=111.0) == []


def test_only_those_who_run_the_meeting_edit_the_glossary() -> None:
    room, _, ana = captioned()

    with pytest.raises(UserError) as refused:
        room.handle(ana, wire.SetGlossary(terms=["x"]), now=110.0)
    assert refused.value.code == ErrorCode.NOT_ALLOWED


def test_who_says_which_language_they_speak_is_heard_in_it_and_everybody_knows() -> None:
    room, _, ana = captioned()

    effects = room.handle(ana, wire.SetSpoken(language="zh"), now=110.0)

    assert tunings(effects) == [Tuning("zh", ("Hana",))]
    assert [message.participant.spoken for message in told(effects) if isinstance(message, wire.Changed)] == ["zh"]
    with pytest.raises(UserError) as refused:
        room.handle(ana, wire.SetSpoken(language="xx"), now=111.0)
    assert refused.value.code == ErrorCode.UNSUPPORTED


def test_terms_are_single_lines_each_once_and_as_many_as_fit() -> None:
    many = [f"word {number}" for number in range(100)]

    assert cleaned([" a\tb\x00c ", "a b c", "", "x" * 90]) == ["a b c", "x" * 64]
    assert cleaned(many) == many[: wire.MAX_GLOSSARY]



def test_everybody_knows_when_a_smaller_model_hears_and_when_it_does_no_more() -> None:
    room, _, _ = captioned()

    def state(pace: Pace) -> wire.CaptionsState:
        (changed,) = told(room.inference(True, True, "", pace))
        assert isinstance(changed, wire.CaptionsChanged)
        return changed.captions

    busy = state(Pace(4.0, wire.Effort.SMALL, "whisper-tiny.en"))
    assert (busy.behind, busy.effort, busy.model) == (4.0, wire.Effort.SMALL, "whisper-tiny.en")
    assert (state(ON_TIME).model, state(Pace(3.0)).behind) == ("whisper-base", 3.0)


def final(room: Meeting, stream: str, segment: int = 1) -> list[Effect]:
    return room.heard(Heard(stream, segment, "你好", "", True, "zh", start_s=110.0, end_s=112.0, confidence=0.9))


def test_who_asks_reads_in_english_what_others_say_and_nobody_else_is_bothered() -> None:
    room, hana, _ = captioned(can_translate=True)

    assert tunings(room.handle(hana, wire.SetTranslation(on=True), now=110.0)) == [Tuning("", ("Hana",), True)]
    final(room, "p2-1")
    assert room.translated("p2-1", 1, " Hello\n") == [
        Tell(hana, wire.Translated(segment="p2-1-1", speaker="p2", text="Hello"))
    ]
    assert tunings(room.handle(hana, wire.SetTranslation(on=False), now=111.0)) == [Tuning("", ("Hana",), False)]
    assert room.translated("p2-1", 1, "Hello") == []


def test_what_was_never_shown_or_taken_back_is_not_translated() -> None:
    room, hana, ana = captioned(can_translate=True)
    room.handle(hana, wire.SetTranslation(on=True), now=110.0)

    assert room.translated("p2-1", 1, "Hello") == []
    final(room, "p2-1")
    room.handle(ana, wire.AnswerConsent(captions=False), now=112.0)
    assert room.translated("p2-1", 1, "Hello") == []


def test_a_model_that_cannot_translate_is_not_asked_to() -> None:
    room, hana, _ = captioned()

    with pytest.raises(UserError) as refused:
        room.handle(hana, wire.SetTranslation(on=True), now=110.0)
    assert refused.value.code == ErrorCode.UNSUPPORTED
    assert translates("whisper-base")
    assert not any(translates(model) for model in ("whisper-tiny.en", "whisper-large-v3-turbo", "distil-large-v3"))
