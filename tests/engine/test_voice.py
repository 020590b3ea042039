from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.engine.listening import DEAD_BLOCKS
from app.engine.sources import BLOCK, RAW, AudioBlock, Samples
from app.engine.voice import LEVEL_EVERY, Voice
from app.session.commands import SetSound
from app.session.events import Event, Howling, MicrophoneDead, MicrophoneLevel, TalkingWhileMuted
from tests.engine.clips import samples

LOUD: Samples = samples(0.02)
SILENCE: Samples = np.zeros(BLOCK, np.int16)


def speaking(sound: SetSound = RAW) -> tuple[Voice, list[Event], list[tuple[AudioBlock, int]]]:
    events: list[Event] = []
    sent: list[tuple[AudioBlock, int]] = []
    voice = Voice(sound, events.append)
    voice.send = lambda block, level: sent.append((block, level))
    return voice, events, sent


def say(voice: Voice, block: Samples, times: int = 1) -> None:
    for _ in range(times):
        voice.take(AudioBlock(block, 0.0))


def test_sound_is_sent_with_its_level_and_the_level_is_shown_ten_times_a_second() -> None:
    voice, events, sent = speaking()

    say(voice, LOUD, 50)

    assert [level for _, level in sent] == [-14] * 50
    assert events.count(MicrophoneLevel(-14)) == 50 // LEVEL_EVERY


def test_not_one_block_of_a_muted_microphone_is_sent() -> None:
    voice, _, sent = speaking(replace(RAW, notice_muted=True))

    voice.mute(True)
    say(voice, LOUD, 50)

    assert sent == []


def test_talking_while_muted_is_said_and_taken_back_when_unmuted() -> None:
    voice, events, _ = speaking(replace(RAW, notice_muted=True))
    voice.mute(True)
    say(voice, LOUD, 50)
    voice.mute(False)

    told = [event for event in events if isinstance(event, TalkingWhileMuted)]
    assert told == [TalkingWhileMuted(True), TalkingWhileMuted(False)]


def test_a_howl_is_said_once() -> None:
    voice, events, _ = speaking()

    say(voice, LOUD, 100)

    assert [event for event in events if isinstance(event, Howling)] == [Howling(True)]


def test_without_a_connection_the_level_is_shown_all_the_same() -> None:
    voice, events, _ = speaking()
    voice.send = None

    say(voice, LOUD, LEVEL_EVERY)

    assert events == [MicrophoneLevel(-14)]


def test_captions_get_the_voice_with_its_noise() -> None:
    voice, _, sent = speaking(SetSound(echo=False, gain=False))
    noise = [np.random.default_rng(seed).normal(0, 300, BLOCK).astype(np.int16) for seed in range(100)]
    for block in noise:
        voice.take(AudioBlock(block, 0.0))
    suppressed = sent[-1][1]

    voice.captioned(True)
    for block in noise:
        voice.take(AudioBlock(block, 0.0))

    assert sent[-1][1] > suppressed + 10


def test_a_microphone_that_gives_nothing_at_all_is_said_until_it_does_or_is_closed() -> None:
    events: list[Event] = []
    voice = Voice(RAW, events.append, real=True)

    def said() -> list[bool]:
        return [event.dead for event in events if isinstance(event, MicrophoneDead)]

    say(voice, SILENCE, DEAD_BLOCKS - 1)
    assert said() == []
    say(voice, SILENCE, 50)
    assert said() == [True]
    say(voice, np.eye(1, BLOCK, dtype=np.int16)[0])
    assert said() == [True, False]

    say(voice, SILENCE, DEAD_BLOCKS)
    voice.closed()
    assert said() == [True, False, True, False]


def test_a_file_that_is_silent_until_its_moment_is_no_broken_microphone() -> None:
    voice, events, _ = speaking()

    say(voice, SILENCE, 2 * DEAD_BLOCKS)

    assert not any(isinstance(event, MicrophoneDead) for event in events)


def test_a_microphone_that_is_opened_again_learns_the_room_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    voice, _, _ = speaking()
    made: list[None] = []
    monkeypatch.setattr(voice, "_make_processor", lambda: made.append(None))

    say(voice, LOUD, 3)
    voice.closed()
    say(voice, LOUD, 3)

    assert len(made) == 2
