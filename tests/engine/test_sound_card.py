"""The engine's microphone and loudspeaker on a PortAudio that does what a test wants."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.engine.microphone import SystemMicrophone
from app.engine.sound_devices import BAD_SAMPLE_RATE, plugged_in, system_sound
from app.engine.sources import BLOCK, RATE, AudioBlock, Samples
from app.engine.speaker import CALM_S, SystemSpeaker
from app.session.devices import Device
from sfu.rtp.errors import UserError
from tests.engine.clips import samples

HZ = 440


class PortAudioError(Exception):
    pass


class Card:
    """`knows`: the rates at which it can be opened, the usual one first."""

    def __init__(self, *knows: int) -> None:
        self.knows = knows
        self.closed = 0
        self.counted: list[str] = []

    def open(self, **given: Any) -> Card:
        if given["samplerate"] not in self.knows:
            raise PortAudioError("Invalid sample rate", BAD_SAMPLE_RATE)
        self.given = given
        self.callback: Callable[..., None] = given["callback"]
        self.latency = 0.01
        return self

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.closed += 1
        self.given["finished_callback"]()

    def capture(self, sound: Samples) -> None:
        size = self.given["blocksize"]
        for start in range(0, len(sound) - size + 1, size):
            self.callback(sound[start : start + size].tobytes(), size, None, None)

    def fetch(self) -> Samples:
        out = bytearray(2 * self.given["blocksize"])
        self.callback(memoryview(out), self.given["blocksize"], None, None)
        return np.frombuffer(bytes(out), np.int16)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[Card], Card]:
    def put_in(card: Card) -> Card:
        module: Any = ModuleType("sounddevice")
        module.PortAudioError = PortAudioError
        module.RawInputStream = module.RawOutputStream = card.open
        apis = [{"name": "ALSA"}, {"name": "JACK"}]
        named = [("Laptop", 0, 1, 2), ("Headset", 0, 1, 1), ("Monitor of Laptop", 0, 2, 0), ("Laptop", 1, 1, 2)]
        listed = [
            {"name": name, "hostapi": api, "max_input_channels": ins, "max_output_channels": outs}
            for name, api, ins, outs in named
        ]
        usual = {"default_samplerate": float(card.knows[0]) if card.knows else 8_001.0}
        module.query_devices = lambda device=None, kind=None: listed if kind is None else usual
        module.query_hostapis = lambda: apis
        module.default = type("default", (), {"device": (1, 0)})
        module._terminate = lambda: card.counted.append("terminate")
        module._initialize = lambda: card.counted.append("initialize")
        monkeypatch.setitem(sys.modules, "sounddevice", module)
        return card

    return put_in


def tone_of(sound: Samples, rate: int) -> float:
    """The strongest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(sound.astype(np.float64) * np.hanning(sound.size)))
    return float(np.argmax(spectrum) * rate / sound.size)


def listening(card: Card) -> tuple[SystemMicrophone, list[AudioBlock], list[str]]:
    blocks: list[AudioBlock] = []
    failures: list[str] = []
    microphone = SystemMicrophone("Headset, ALSA")
    microphone.start(blocks.append, lambda error: failures.append(error.sentence))
    return microphone, blocks, failures


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000, 8_000])
def test_a_microphone_of_any_rate_gives_48_khz_in_blocks_of_20_ms(install: Callable[[Card], Card], rate: int) -> None:
    card = install(Card(rate))
    microphone, blocks, failures = listening(card)

    card.capture(sine(2.0, rate))
    microphone.close()

    assert card.given["device"] == "Headset, ALSA"
    assert 98 <= len(blocks) <= 100
    assert {block.samples.size for block in blocks} == {BLOCK}
    assert tone_of(np.concatenate([block.samples for block in blocks]), RATE) == pytest.approx(HZ, abs=1)
    assert failures == []


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
def test_a_loudspeaker_of_any_rate_plays_what_it_is_given(install: Callable[[Card], Card], rate: int) -> None:
    card = install(Card(rate))
    speaker = SystemSpeaker()
    speaker.start(lambda error: None)
    given, heard = samples(2.0, hz=HZ).reshape(-1, BLOCK), []

    for block in given:
        speaker.play(block)
        heard.append(card.fetch())
    speaker.close()

    assert {block.size for block in heard} == {rate // 50}
    assert tone_of(np.concatenate(heard), rate) == pytest.approx(HZ, abs=1)
    assert speaker.underruns <= 2


def test_a_device_whose_rate_cannot_be_converted_is_said(install: Callable[[Card], Card]) -> None:
    install(Card())

    with pytest.raises(UserError, match="48 kHz"):
        listening(Card())


def test_an_empty_ring_is_silence_and_counted_from_the_first_sound_on(install: Callable[[Card], Card]) -> None:
    card = install(Card(RATE))
    speaker = SystemSpeaker()
    speaker.start(lambda error: None)

    assert not card.fetch().any()
    assert (speaker.underruns, speaker.room(0.0)) == (0, 2)
    speaker.play(np.full(BLOCK, 7, np.int16))
    assert speaker.delay(0.0) == pytest.approx(0.03)
    assert card.fetch().all()
    assert not card.fetch().any()
    assert speaker.underruns == 1


def test_after_gaps_more_is_kept_ready_for_as_long_as_they_come(install: Callable[[Card], Card]) -> None:
    card = install(Card(RATE))
    speaker = SystemSpeaker()
    speaker.start(lambda error: None)

    def gap(now: float) -> int:
        """How many blocks are kept after it."""
        while card.fetch().any():
            pass
        for _ in range(wanted := speaker.room(now)):
            speaker.play(np.full(BLOCK, 7, np.int16))
        return wanted

    speaker.play(np.full(BLOCK, 7, np.int16))

    assert [gap(0.0), gap(1.0), gap(2.0)] == [3, 4, 4]

    assert speaker.room(2.0 + CALM_S - 0.1) == 0
    assert speaker.room(2.0 + CALM_S) == -1
    assert speaker.room(2.0 + 2 * CALM_S) == -2
    assert speaker.room(2.0 + 9 * CALM_S) == -2


def test_what_goes_away_by_itself_is_said_and_what_is_closed_is_not(install: Callable[[Card], Card]) -> None:
    card = install(Card(RATE))
    microphone, _, failures = listening(card)
    card.given["finished_callback"]()
    microphone.close()
    assert failures == ["The microphone was unplugged. Plug it in and switch it on again."]

    said: list[str] = []
    speaker = SystemSpeaker()
    speaker.start(lambda error: said.append(error.sentence))
    card.given["finished_callback"]()
    assert said == ["The speaker was unplugged. Plug it in and switch it on again."]
    speaker.close()
    assert (len(failures), len(said), card.closed) == (1, 1, 2)


def test_devices_are_counted_anew_and_listed_once_with_their_default(install: Callable[[Card], Card]) -> None:
    card = install(Card(RATE))

    microphones, speakers = plugged_in()

    assert card.counted == ["terminate", "initialize"]
    assert microphones == (
        Device("Laptop, ALSA", "Laptop"),
        Device("Headset, ALSA", "Headset", default=True),
        Device("Monitor of Laptop, ALSA", "Monitor of Laptop"),
    )
    assert speakers == (Device("Laptop, ALSA", "Laptop", default=True), Device("Headset, ALSA", "Headset"))


def test_what_the_computer_plays_is_found_by_its_name(install: Callable[[Card], Card]) -> None:
    install(Card(RATE))

    assert system_sound() == "Monitor of Laptop, ALSA"


def sine(seconds: float, rate: int) -> Samples:
    turns = np.arange(round(seconds * rate)) / rate * 2 * np.pi * HZ
    sound: Samples = (8_000 * np.sin(turns)).astype(np.int16)
    return sound
