from __future__ import annotations

from app.session.chat import links, struck, written
from app.session.reducer import after
from app.session.state import Session, Spoken
from app.session.transcript import Entry
from sfu.wire import messages as wire


def message(number: int, text: str = "Hello", sender: str = "p1") -> wire.ChatMessage:
    return wire.ChatMessage(id=number, sender=sender, name="Ben", text=text, at=float(number))


def person(order: int, hand: float | None = None) -> wire.Participant:
    return wire.Participant(
        id=f"p{order}", name=f"Person {order}", role=wire.Role.MEMBER, client=wire.ClientKind.DESKTOP, order=order,
        hand=hand,
    )


def session(*people: wire.Participant) -> Session:
    return Session(you="p0", roster=people)


def test_messages_stand_in_the_order_in_which_the_host_took_them_and_once() -> None:
    chat = written(written(written((), message(2)), message(1)), message(2, "Hello again"))

    assert [(m.id, m.text) for m in chat] == [(1, "Hello"), (2, "Hello again")]


def test_a_deleted_message_keeps_its_place_and_loses_its_text() -> None:
    chat = struck((message(1), message(2)), 1)

    assert [(m.text, m.deleted) for m in chat] == [("", True), ("Hello", False)]


def test_history_that_comes_again_adds_nothing_twice() -> None:
    history = wire.History(
        chat=[message(1)],
        captions=[wire.Caption(segment="s", speaker="p1", name="Ben", committed="Hi.", final=True, start=1, end=2)],
    )

    twice = after(after(session(person(0)), history, 0.0), history, 0.0)

    assert len(twice.chat) == len(twice.transcript) == 1
    assert twice.announcement is None


def test_what_others_write_is_announced_and_ones_own_is_not() -> None:
    told = after(session(person(0)), wire.Chat(message=message(1)), 0.0)
    own = after(session(person(0)), wire.Chat(message=message(1, sender="p0")), 0.0)

    assert told.announcement
    assert told.announcement.about is Spoken.WRITTEN
    assert own.announcement is None


def test_hands_queue_as_they_went_up() -> None:
    assert session(person(0, 9.0), person(1), person(2, 3.0)).hands == ("p2", "p0")


def test_a_hand_that_goes_up_is_announced_once() -> None:
    raised = after(session(person(0), person(1)), wire.Changed(participant=person(1, 5.0)), 0.0)
    again = after(raised, wire.Changed(participant=person(1, 5.0)), 0.0)

    assert raised.announcement
    assert raised.announcement.about is Spoken.HAND
    assert again.announcement is raised.announcement


def test_corrected_words_replace_those_of_before_and_struck_ones_go() -> None:
    entries = (Entry("s1", "p1", "Ben", 1, 0, 1, "wrong"), Entry("s2", "p1", "Ben", 1, 2, 3, "right"))
    before = Session(transcript=entries)

    def corrected(segment: str, text: str) -> wire.Corrected:
        return wire.Corrected(segment=segment, text=text, by="p1", name="Ben", revision=1, at=5)

    after_one = after(before, corrected("s1", "mended"), 0.0)
    assert [entry.text for entry in after_one.transcript] == ["mended", "right"]
    assert [e.text for e in after(after_one, corrected("s2", ""), 0.0).transcript] == ["mended"]


def test_who_is_muted_or_asked_to_speak_is_told_by_whom() -> None:
    muted = after(session(), wire.Muted(kind=wire.SourceKind.MICROPHONE, by="Mei"), 0.0)
    asked = after(session(), wire.UnmuteAsked(kind=wire.SourceKind.MICROPHONE, by="Mei"), 0.0)

    assert muted.announcement
    assert (muted.announcement.about, muted.announcement.name) == (Spoken.MUTED, "Mei")
    assert asked.announcement
    assert asked.announcement.about is Spoken.ASKED


def test_addresses_are_found_as_written_and_nothing_is_guessed() -> None:
    text = "See https://intranet/plan?x=1, (http://10.0.0.2:8000/). 看https://a.example/b。 www.no.com javascript:x ftp://y"

    assert links(text) == ("https://intranet/plan?x=1", "http://10.0.0.2:8000/", "https://a.example/b")
