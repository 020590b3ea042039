"""From packets to captions: which packets are listened to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.captions.audio import VoiceModel
from models.captions.task import Captions
from models.captions.track import Track
from models.core.crosstalk import Room
from models.core.hearing import Ask, Heard, Kind
from models.runtime.task import Setup
from models.wire import CaptionText, Chunk, OpenStream, Result
from tests.models.test_audio import PACKETS

NO_LEVEL = 1
HALF_A_SECOND = Ask(Kind.FINAL, 0.0, 0.5, (), "en", 10)


def fed(level: int) -> Track:
    """25 packets of a tone, whose sender says of each how loud it is."""
    track = Track(OpenStream(stream="ana", task="captions", codec="opus", clock_rate=48_000), VoiceModel(), Room())
    for number, packet in enumerate(PACKETS):
        at = 20_000 * number
        chunk = Chunk(stream="ana", sequence=number, timestamp=960 * number, capture_us=at, level_dbov=level)
        track.feed(chunk, packet, now=at / 1e6)
    return track


@pytest.mark.parametrize("level", [NO_LEVEL, -79, 0])
def test_a_packet_is_listened_to_unless_its_sender_says_it_is_silent(level: int) -> None:
    assert np.abs(fed(level).samples(HALF_A_SECOND)).max() > 0.1


def test_what_its_sender_says_is_silent_is_silence_of_the_same_length() -> None:
    heard = fed(-127).samples(HALF_A_SECOND)

    assert len(heard) == 8_000
    assert not heard.any()


class Resting(Track):
    """Has something to show, and a pass to ask for."""

    def __init__(self) -> None:
        super().__init__(OpenStream(stream="ana", codec="opus", clock_rate=48_000), VoiceModel(), Room())
        self.told = [Result(stream="ana", caption=CaptionText(segment=1, tail="today"))]

    def want(self, now: float) -> Ask:
        return HALF_A_SECOND

    def take(self) -> list[Result]:
        told, self.told = self.told, []
        return told


class Deaf:
    """A recogniser that counts how often it is asked."""

    asked = 0

    def recognise(self, samples: object, ask: Ask) -> Heard:
        self.asked += 1
        return Heard((), "en")


def test_what_a_pause_shows_is_told_before_the_pass_that_it_asks_for() -> None:
    deaf = Deaf()
    task = Captions(Setup("deaf", Path(), "cpu", "int8", 1, lambda: 0.0), deaf)
    task._tracks["ana"] = Resting()

    told = task.work()
    assert [body.caption.tail for body in told if isinstance(body, Result)] == ["today"]
    assert deaf.asked == 0
    task.work()
    assert deaf.asked == 1
