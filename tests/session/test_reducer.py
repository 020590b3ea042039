from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.events import (
    Event,
    Howling,
    LinkChanged,
    LinkQuality,
    LinkState,
    LocalMedia,
    MicrophoneLevel,
    TalkingWhileMuted,
)
from app.session.reducer import after, answered
from app.session.state import Session, Spoken
from sfu.wire.messages import (
    Answer,
    Caption,
    CaptionsChanged,
    CaptionsState,
    Changed,
    ClientKind,
    Consent,
    Ended,
    Error,
    Joined,
    Left,
    Meeting,
    Notice,
    Participant,
    Pong,
    Role,
    Slots,
    Speaking,
    Welcome,
)

IDS = st.sampled_from(["p1", "p2", "p3", "p4"])


def person(who: str, order: int = 0, **facts: object) -> Participant:
    known = {"id": who, "name": who.upper(), "role": Role.MEMBER, "client": ClientKind.DESKTOP, "order": order}
    return Participant.model_validate(known | facts)


def welcome(*roster: Participant, you: str = "p1", now: float = 30.0, captions: bool = True) -> Welcome:
    return Welcome(
        protocol=1,
        you=you,
        meeting=Meeting(id="m", title="Review", code="KM4T7QXD"),
        roster=list(roster),
        captions=CaptionsState(on=captions, available=True),
        now=now,
    )


def lived(*events: Event, now: float = 100.0) -> Session:
    session = Session()
    for event in events:
        session = after(session, event, now)
    return session


def test_the_roster_stands_in_join_order() -> None:
    session = lived(welcome(person("p2", 2), person("p1", 1)), Joined(participant=person("p3", 0)))

    assert [p.id for p in session.roster] == ["p3", "p1", "p2"]


def test_meeting_time_runs_on_the_hosts_clock() -> None:
    session = lived(welcome(person("p1"), now=30.0), now=100.0)

    assert session.elapsed(now=112.5) == 42.5


def test_somebody_who_joins_or_leaves_is_announced_once() -> None:
    session = lived(welcome(person("p1")), Joined(participant=person("p2")))
    assert session.announcement
    assert (session.announcement.about, session.announcement.name) == (Spoken.JOINED, "P2")

    again = after(session, Joined(participant=person("p2")), now=0)
    assert again.announcement is session.announcement

    gone = after(again, Left(participant="p2"), now=0)
    assert gone.announcement
    assert (gone.announcement.about, gone.announcement.name) == (Spoken.LEFT, "P2")
    assert [p.id for p in gone.roster] == ["p1"]


def test_a_change_about_somebody_unknown_is_believed() -> None:
    session = lived(welcome(person("p1")), Changed(participant=person("p9", camera=True)))

    assert session.person("p9") == person("p9", camera=True)


def test_consent_is_asked_when_a_captioned_meeting_is_live_and_only_until_it_is_answered() -> None:
    session = lived(welcome(person("p1")))
    assert not session.must_ask_consent

    session = after(session, LinkChanged(LinkState.LIVE), now=0)
    assert session.must_ask_consent
    assert not answered(session).must_ask_consent
    assert not after(session, Changed(participant=person("p1", captions=Consent.NO)), now=0).must_ask_consent


def test_captions_that_start_later_ask_then() -> None:
    session = lived(welcome(person("p1"), captions=False), LinkChanged(LinkState.LIVE))
    assert not session.must_ask_consent

    on = CaptionsChanged(captions=CaptionsState(on=True, available=True))
    assert after(session, on, now=0).must_ask_consent


def test_a_final_enters_the_transcript_with_its_speakers_colour_and_a_partial_does_not() -> None:
    partial = Caption(segment="s", speaker="p2", name="P2", committed="Hello", tail="the", start=1, end=2)
    final = partial.model_copy(update={"committed": "Hello there.", "tail": "", "final": True})
    session = lived(welcome(person("p1"), person("p2", 5)), partial)
    assert session.transcript == ()

    session = after(session, final, now=0)
    assert [(e.name, e.order, e.text) for e in session.transcript] == [("P2", 5, "Hello there.")]


def test_the_delay_of_captions_is_measured_against_the_meetings_clock() -> None:
    session = lived(welcome(person("p1"), now=30.0), now=100.0)
    partial = Caption(segment="s", speaker="p1", name="P1", committed="a", start=30, end=31)

    late = after(session, partial, now=105.0)

    assert late.delay
    assert late.delay.seconds == 4.0


def test_a_reconnection_keeps_what_was_said() -> None:
    final = Caption(segment="s", speaker="p1", name="P1", committed="Kept.", final=True, start=1, end=2)
    session = lived(welcome(person("p1")), final, LinkChanged(LinkState.RECONNECTING), welcome(person("p1", 4)))

    assert [entry.text for entry in session.transcript] == ["Kept."]
    assert session.roster == (person("p1", 4),)


ANY_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(Joined, participant=st.builds(person, IDS, st.integers(0, 5))),
    st.builds(Changed, participant=st.builds(person, IDS, st.integers(0, 5))),
    st.builds(Left, participant=IDS),
    st.builds(Speaking, participants=st.lists(IDS, max_size=4)),
    st.builds(lambda people, you: welcome(*people, you=you), st.lists(st.builds(person, IDS), max_size=4), IDS),
    st.builds(
        Caption,
        segment=st.sampled_from(["s1", "s2"]),
        speaker=IDS,
        name=st.just("N"),
        committed=st.text(max_size=20),
        tail=st.text(max_size=9),
        final=st.booleans(),
        start=st.floats(0, 99),
        end=st.floats(0, 99),
        confidence=st.just(0),
    ),
    st.builds(LinkChanged, st.sampled_from(LinkState)),
    st.builds(LocalMedia, st.booleans(), st.booleans()),
    st.builds(MicrophoneLevel, st.integers(-127, 0)),
    st.builds(TalkingWhileMuted, st.booleans()),
    st.builds(Howling, st.booleans()),
    st.just(LinkQuality(3_000_000, 720, 0.01, 0.0, 0.0)),
    st.builds(Notice, code=st.just("c"), sentence=st.text(max_size=9)),
    st.builds(Error, code=st.just("c"), sentence=st.text(max_size=9)),
    st.builds(Ended),
    st.just(Answer(sdp="", slots=[])),
    st.just(Slots(shows=[])),
    st.just(Pong(n=1, now=2)),
)


@given(st.lists(ANY_EVENT, max_size=30))
def test_any_order_of_events_leaves_a_session_that_makes_sense(events: list[Event]) -> None:
    session = lived(*events)

    assert len({p.id for p in session.roster}) == len(session.roster)
    assert list(session.roster) == sorted(session.roster, key=lambda p: (p.order, p.id))
    assert all(entry.text for entry in session.transcript)
    assert session.must_ask_consent in (True, False)
