"""From packets to captions: which packets are listened to."""

from __future__ import annotations

import numpy as np
import pytest

from models.captions.audio import VoiceModel
from models.captions.track import Track
from models.core.crosstalk import Room
from models.core.hearing import Ask, Kind
from models.wire import Chunk, OpenStream
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
