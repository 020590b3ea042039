"""Whose way to the host is bad, as the forwarder's counters tell it second by second."""

from __future__ import annotations

from sfu.core.effects import Effect, TellAll
from sfu.core.paths import BAD_LOOKS, GOOD_LOOKS, Paths
from sfu.core.person import Person
from sfu.core.room import Room
from sfu.link import messages as link
from sfu.wire import messages as wire


def room(*names: str) -> Room:
    people = {
        name: Person(name, name, wire.Role.MEMBER, wire.ClientKind.DESKTOP, order=order)
        for order, name in enumerate(names)
    }
    return Room(0.0, people=people)


def counted(name: str, came: int, lost: int = 0, loss: float = 0.0, trip_ms: float = 2.0) -> link.PeerStats:
    voice = link.SourceStats(
        source=f"{name}/microphone", packets=came, octets=0, lost=lost, nacks_sent=0, keyframes=0, keyframe_requests=0
    )
    return link.PeerStats(
        peer=name, validated=True, secured=True, malformed=0, sources=[voice], slots=[], round_trip_ms=trip_ms,
        loss=loss,
    )  # fmt: skip


def snapshot(*peers: link.PeerStats) -> link.Snapshot:
    return link.Snapshot(at=0, cpu_s=0, rss_mb=0, received=0, forwarded=0, tap_dropped=0, peers=list(peers))


def weak(effects: list[Effect]) -> dict[str, bool]:
    told = [effect.message for effect in effects if isinstance(effect, TellAll)]
    return {message.participant.id: message.participant.weak for message in told if isinstance(message, wire.Changed)}


def test_a_voice_that_loses_a_tenth_is_weak_after_two_seconds_and_well_after_five_good_ones() -> None:
    paths = Paths(room("ana", "ben"))
    paths.told(snapshot(counted("ana", 50), counted("ben", 50)))

    seconds = [(counted("ana", 50 + 45 * n, 5 * n), counted("ben", 50 + 50 * n)) for n in (1, 2, 3)]
    said = [weak(paths.told(snapshot(*peers))) for peers in seconds]
    after = [weak(paths.told(snapshot(counted("ana", 185 + 50 * n, 15)))) for n in range(1, 1 + GOOD_LOOKS)]

    assert said == [{}, {"ana": True}, {}]
    assert after == [{}] * (GOOD_LOOKS - 1) + [{"ana": False}]


def test_what_they_lose_themselves_and_a_slow_way_count_too() -> None:
    for bad in ({"loss": 0.2}, {"trip_ms": 400.0}):
        paths = Paths(room("ana"))
        told = [weak(paths.told(snapshot(counted("ana", 50 * n, **bad)))) for n in range(1, 1 + BAD_LOOKS)]
        assert told[-1] == {"ana": True}, bad


def test_one_bad_second_is_no_news_and_two_good_ones_no_recovery() -> None:
    people = room("ana")
    paths = Paths(people)
    for loss in (0.5, 0.0, 0.5, 0.0):
        assert not paths.told(snapshot(counted("ana", 50, loss=loss)))
    for loss in (0.5, 0.5, 0.0, 0.0, 0.5):
        paths.told(snapshot(counted("ana", 50, loss=loss)))
    assert people.people["ana"].weak


def test_a_few_packets_a_new_connection_and_who_left_say_nothing() -> None:
    people = room("ana")
    paths = Paths(people)
    told = [paths.told(snapshot(counted("ana", came, lost))) for came, lost in ((500, 0), (503, 9), (50, 0), (100, 0))]
    people.people.clear()
    told += [paths.told(snapshot(counted("ana", 100, loss=0.9))) for _ in range(3)]

    assert told == [[]] * 7
