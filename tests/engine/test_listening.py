from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.engine.files import audio_blocks
from app.engine.listening import HowlDetector, MutedTalk
from app.engine.sources import BLOCK, BLOCK_S, Samples, level_dbov
from tests.engine.clips import samples

MEDIA = Path(__file__).parents[2] / "resources" / "media"


def howls(blocks: list[Samples]) -> list[bool]:
    detector = HowlDetector()
    return [detector.hear(block, level_dbov(block)) for block in blocks]


def cut(sound: Samples) -> list[Samples]:
    return [sound[start : start + BLOCK] for start in range(0, len(sound) - BLOCK + 1, BLOCK)]


def test_a_tone_that_stays_is_a_howl_within_a_second() -> None:
    heard = howls(cut(samples(1.0, hz=1_870)))

    assert heard.index(True) * BLOCK_S < 0.7


def test_a_howl_over_speech_is_one_all_the_same() -> None:
    speech = np.concatenate(list(audio_blocks(MEDIA / "en_sense_0870.flac")))[: 48_000 * 2]
    tone = samples(2.0, hz=2_300)
    mixed = np.clip(speech * 0.3 + tone[: speech.size] * 2, -32_768, 32_767).astype(np.int16)

    assert any(howls(cut(mixed)))


def test_it_is_over_when_the_tone_has_been_gone_for_two_seconds() -> None:
    silence: Samples = np.zeros(BLOCK, np.int16)

    heard = howls(cut(samples(1.0, hz=900)) + [silence] * 110)

    assert heard[50 + 50]
    assert not heard[-1]


@pytest.mark.parametrize("clip", sorted(path.name for path in MEDIA.glob("*.flac")))
def test_no_recording_of_people_or_rooms_howls(clip: str) -> None:
    assert not any(howls(list(audio_blocks(MEDIA / clip))))


def test_a_quiet_tone_harms_nobody() -> None:
    assert not any(howls(cut((samples(2.0, hz=1_000) / 200).astype(np.int16))))


def test_whoever_goes_on_talking_while_muted_is_told_within_a_second() -> None:
    talk = MutedTalk()
    speech = list(audio_blocks(MEDIA / "en_sense_0870.flac"))

    told = [talk.hear(level_dbov(block)) for block in speech]

    assert told.index(True) * BLOCK_S < 1.2


def test_a_cough_is_not_talk_and_a_pause_ends_it() -> None:
    talk = MutedTalk()

    assert not any(talk.hear(level) for level in [-30] * 8 + [-90] * 60)
    assert any(talk.hear(-30) for _ in range(30))
    assert not [talk.hear(-90) for _ in range(110)][-1]
