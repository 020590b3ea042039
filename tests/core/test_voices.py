"""Who is heard, who is said to speak, and that muted means muted."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sfu.core.forward import AUDIBLE_SILENCE
from sfu.link import messages as link
from tests.core.stage import Client, Stage


def talk(stage: Stage, *talking: tuple[Client, int], seconds: float = 1.0) -> None:
    for _ in range(int(seconds / 0.02)):
        for client, dbov in talking:
            client.voice(dbov=dbov)
        stage.pass_time(0.02)


def test_what_a_muted_client_sends_is_dropped() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()

    ana.sends("camera")
    ana.voice()

    assert ben.heard() == []


def test_who_talks_is_said_to_speak_and_silence_ends_it() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()

    talk(stage, (ana, 25), (ben, 80))
    assert stage.happened(link.Speaking)[-1].sources == ["ana/microphone"]

    talk(stage, (ana, 127), (ben, 127), seconds=3)
    assert stage.happened(link.Speaking)[-1].sources == []


def test_who_draws_a_breath_speaks_on() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.client("ben").join()

    for dbov in (25, 127, 25):
        talk(stage, (ana, dbov), seconds=0.4)

    assert [told.sources for told in stage.happened(link.Speaking)] == [["ana/microphone"]]


def test_speaking_is_told_when_it_changes_not_with_every_packet() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.client("ben").join()

    talk(stage, (ana, 25), seconds=3)

    assert len(stage.happened(link.Speaking)) == 1


def test_with_more_voices_than_slots_the_loud_ones_are_heard() -> None:
    stage = Stage()
    listener = stage.client("listener").join()
    quiet = [stage.client(f"q{i}").join() for i in range(3)]
    loud = stage.client("loud").join()

    talk(stage, (loud, 20), *((client, 127) for client in quiet), seconds=2)
    stage.happened(link.SlotsChanged)
    listener.take()
    talk(stage, (loud, 20), seconds=0.2)

    assert len(listener.heard()) >= 8


def test_a_slot_keeps_counting_when_its_voice_changes() -> None:
    stage = Stage()
    listener = stage.client("listener").join()
    ana = stage.client("ana").join()
    talk(stage, (ana, 25), seconds=0.4)
    stage.order(link.RemovePeer(peer="ana"))
    eva = stage.client("eva").join()
    talk(stage, (eva, 25), seconds=0.4)

    numbers = [packet.sequence for packet in listener.heard("a0")]
    steps = {(b - a) & 0xFFFF for a, b in pairwise(numbers)}
    assert steps <= {1, 2}
    assert len(numbers) >= 30


def test_silence_is_not_sent_on_and_the_numbers_go_on_without_a_gap() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    talk(stage, (ana, 25), seconds=0.2)
    talk(stage, (ana, 127), seconds=2)
    talk(stage, (ana, 25), seconds=0.2)

    heard = ben.heard("a0")

    assert len(heard) == 20 + AUDIBLE_SILENCE
    assert all((b.sequence - a.sequence) & 0xFFFF == 1 for a, b in pairwise(heard))
    assert (heard[-1].timestamp - heard[0].timestamp) & 0xFFFF_FFFF == 960 * 119


def test_numbers_go_on_after_a_silence_longer_than_half_their_circle() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join()
    ana.voice(dbov=25)
    for turn in range(1_000):
        leap = 39 if turn > 300 else 0  # a network that loses silence need not be simulated packet by packet
        stage.now += 0.02 * (1 + leap)
        ana.audio_sequence += leap
        ana.voice(dbov=127)
        ana.check()
        ben.check()
    ana.voice(dbov=25)

    heard = ben.heard("a0")

    assert all((b.sequence - a.sequence) & 0xFFFF == 1 for a, b in pairwise(heard))
    assert abs((heard[-1].timestamp - heard[0].timestamp) - 566 * 48_000) < 48_000


def heard_by(stage: Stage, listener: Client) -> set[str]:
    """Whose voices are on the listener's two slots."""
    peer = stage.plane.peers.get(listener.name)
    assert peer is not None
    return {slot.shows.partition("/")[0] for slot in peer.slots if not slot.video and slot.shows}


def crowd() -> tuple[Stage, Client, dict[str, Client]]:
    stage = Stage()
    listener = stage.client("listener").join()
    return stage, listener, {name: stage.client(name).join() for name in ("ana", "ben", "cleo", "dora")}


def test_of_more_talkers_than_slots_the_loudest_are_heard_whoever_began_last() -> None:
    stage, listener, them = crowd()

    talk(stage, (them["ana"], 12), (them["ben"], 15))
    talk(stage, (them["ana"], 12), (them["ben"], 15), (them["cleo"], 30), (them["dora"], 32), seconds=3)

    assert heard_by(stage, listener) == {"ana", "ben"}


def test_a_place_is_kept_against_who_is_hardly_louder_and_lost_to_who_clearly_is() -> None:
    stage, listener, them = crowd()
    talk(stage, (them["ana"], 20), (them["ben"], 24))

    talk(stage, (them["ana"], 20), (them["ben"], 24), (them["cleo"], 21), seconds=3)
    assert heard_by(stage, listener) == {"ana", "ben"}

    talk(stage, (them["ana"], 20), (them["ben"], 24), (them["cleo"], 12), seconds=1)
    assert heard_by(stage, listener) == {"ana", "cleo"}


def test_a_place_outlasts_a_pause_and_not_a_silence() -> None:
    stage, listener, them = crowd()
    talk(stage, (them["ana"], 20), (them["ben"], 20))

    talk(stage, (them["ana"], 127), (them["ben"], 20), (them["cleo"], 20), seconds=1.5)
    assert heard_by(stage, listener) == {"ana", "ben"}

    talk(stage, (them["ana"], 127), (them["ben"], 20), (them["cleo"], 20), seconds=1.5)
    assert heard_by(stage, listener) == {"ben", "cleo"}


def test_who_is_muted_gives_their_place_away_at_once() -> None:
    stage, listener, them = crowd()
    talk(stage, (them["ana"], 12), (them["ben"], 12), (them["cleo"], 30))

    them["ana"].sends()

    assert heard_by(stage, listener) == {"ben", "cleo"}


def test_who_is_heard_changes_and_pictures_are_not_settled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speakers change all the time; settling a hundred people's pictures each time held everybody's packets up."""
    stage, listener, them = crowd()
    settled: list[object] = []
    monkeypatch.setattr(stage.plane.quality, "recast", lambda *changed: settled.append(changed))

    talk(stage, (them["ana"], 12), (them["ben"], 15))
    talk(stage, (them["cleo"], 12), (them["dora"], 15), seconds=3)

    assert heard_by(stage, listener) == {"cleo", "dora"}
    assert settled == []
