"""A recording is played: real files and threads, a loudspeaker that only keeps time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from app.engine.playback import player as module
from app.engine.playback.files import File, Unplayable
from app.engine.playback.player import Around, Blind, HostBack, HostLost, Mute, NoLoudspeaker, Player, Told
from app.engine.sources import Failed, Samples
from app.engine.speaker import NullSpeaker
from app.session.playback import Reel
from sfu.rtp.errors import ErrorCode, UserError
from tests.engine.playback.reels import make_reel, number_of

DEADLINE = 60.0


class Listener(NullSpeaker):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Samples] = []

    def play(self, samples: Samples) -> None:
        self.blocks.append(samples)
        super().play(samples)


class Broken(NullSpeaker):
    def start(self, failed: Failed) -> None:
        raise UserError(ErrorCode.NO_DEVICE, "No speaker was found.")


class Loose(NullSpeaker):
    """Goes away when it is pulled."""

    closed = False

    def start(self, failed: Failed) -> None:
        self.pull = lambda: failed(UserError(ErrorCode.NO_DEVICE, "The speaker was unplugged."))

    def close(self) -> None:
        self.closed = True


class Theatre:
    """A player, what it showed (with the second that was heard then) and what it told."""

    def __init__(self, reel: Reel, open_file: Callable[[str], File], speaker: NullSpeaker | None = None) -> None:
        self.shown: list[tuple[float, int]] = []
        self.told: list[Told] = []
        self.listener = speaker or Listener()
        self._news = threading.Condition()
        self.player = Player(reel, Around(open_file, lambda: self.listener, self._show, self._hear))
        self.player.start()

    def until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE
        with self._news:
            while not happened():
                assert time.monotonic() < deadline
                self._news.wait(0.02)

    def _show(self, picture: av.VideoFrame) -> None:
        with self._news:
            self.shown.append((self.player.second, number_of(picture)))
            self._news.notify_all()

    def _hear(self, told: Told) -> None:
        self.told.append(told)


MakeTheatre = Callable[..., Theatre]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reel")


@pytest.fixture(scope="module")
def reel(folder: Path) -> Reel:
    return make_reel(folder)


@pytest.fixture
def theatre(folder: Path, reel: Reel) -> Iterator[MakeTheatre]:
    made: list[Theatre] = []

    def make(
        reel: Reel = reel, open_file: Callable[[str], File] = lambda name: str(folder / name),
        speaker: NullSpeaker | None = None,
    ) -> Theatre:  # fmt: skip
        made.append(Theatre(reel, open_file, speaker))
        return made[-1]

    yield make
    for one in made:
        one.player.close()


def test_pictures_are_shown_in_the_second_that_is_heard(theatre: MakeTheatre) -> None:
    played = theatre()
    played.player.play()

    played.until(lambda: played.player.second > 1.5)

    numbers = [number for _, number in played.shown]
    assert numbers == sorted(numbers)
    assert numbers[0] == 0
    early = [number / 25 - second for second, number in played.shown]
    assert max(early) < 0.001


def test_another_place_is_heard_and_seen(theatre: MakeTheatre) -> None:
    played = theatre()
    played.player.seek(5.0)
    played.until(lambda: bool(played.shown) and played.shown[-1][1] == 125)
    assert played.player.second == 5.0

    played.player.play()
    played.until(lambda: played.player.second > 5.3)
    sound = np.concatenate(played.listener.blocks)  # type: ignore[attr-defined]
    assert np.max(np.abs(sound)) > 8000  # the beep of second 5


def test_paused_it_stands_still_and_at_the_end_it_stops(theatre: MakeTheatre) -> None:
    played = theatre()
    played.player.play()
    played.until(lambda: played.player.second > 0.1)
    played.player.pause()
    played.until(lambda: played.player.second == played.player.second)
    assert not played.player.playing

    played.player.seek(7.8)
    played.player.play()
    played.until(lambda: not played.player.playing)
    assert played.player.second <= 8.0


def test_who_is_muted_is_not_heard(theatre: MakeTheatre) -> None:
    played = theatre()
    played.player.turn({"p1": 0.0, "p2": 0.0})
    played.player.play()

    played.until(lambda: played.player.second > 0.3)

    assert not np.any(np.concatenate(played.listener.blocks))  # type: ignore[attr-defined]


def test_a_voice_that_is_not_there_is_said_and_the_others_are_heard(theatre: MakeTheatre, reel: Reel) -> None:
    ana, ben = reel.voices
    played = theatre(replace(reel, voices=[ana, replace(ben, file="nobody.webm")]))
    played.player.play()

    played.until(lambda: played.player.second > 0.3)

    assert played.told == [Mute("p2", "gone")]


def test_a_damaged_film_is_said_and_the_voices_are_heard(theatre: MakeTheatre, reel: Reel) -> None:
    played = theatre(replace(reel, film="p1.webm"))
    played.player.play()

    played.until(lambda: played.player.second > 0.3)

    assert (played.told, played.shown) == ([Blind("damaged")], [])


def test_without_a_loudspeaker_the_picture_goes_on(theatre: MakeTheatre) -> None:
    played = theatre(speaker=Broken())
    played.player.play()

    played.until(lambda: len(played.shown) > 5)

    assert played.told == [NoLoudspeaker("No speaker was found.")]


def test_a_loudspeaker_that_is_pulled_out_is_closed_and_the_picture_goes_on(theatre: MakeTheatre) -> None:
    loose = Loose()
    played = theatre(speaker=loose)
    played.player.play()
    played.until(lambda: played.player.second > 0.1)

    loose.pull()
    before = len(played.shown)
    played.until(lambda: len(played.shown) > before + 5)

    assert played.told == [NoLoudspeaker("The speaker was unplugged.")]
    assert loose.closed


def test_a_host_that_is_lost_is_tried_again(
    theatre: MakeTheatre, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TRY_AGAIN_S", 0.01)
    there = threading.Event()

    def open_file(name: str) -> File:
        if not there.is_set():
            raise Unplayable("unreachable")
        return str(folder / name)

    played = theatre(open_file=open_file)
    played.player.play()
    played.until(lambda: bool(played.told) and played.player.waits)
    there.set()
    played.until(lambda: played.player.second > 0.2 and bool(played.shown))

    assert played.told == [HostLost(), HostBack()]


def test_the_films_own_sound_is_played_where_voices_are_not_apart(theatre: MakeTheatre, reel: Reel) -> None:
    played = theatre(replace(reel, voices=[], film="film.mp4"))
    played.player.play()

    played.until(lambda: played.player.second > 0.3)

    assert played.told == [Mute("", "damaged")]  # this film has none
