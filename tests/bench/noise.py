"""What captions say when nobody speaks, and what they miss when somebody speaks softly or in noise.

Faster than real time, on the virtual clock of `captions-sim`, through the real task.  Noises are made here (hum, keys,
breath, laughter, music) or come with the clips; each follows a sentence of speech, because that is where recognisers
invent.  `hallucinated_words`: words in the finals of stretches without speech.  `deletions`: of the words that are
captioned when the same clips are loud and clean, the share that is missing at -45 dBFS, and at 5 dB SNR.

    python -m tests.bench noise --json [--minutes 30] [--clips DIR …] [--show]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.scoring import align, words
from tests.bench._speech import OPUS_RATE, Clip, Samples, load_clips, media_folders
from tests.bench.captions_sim import Clock, Hearing, listening, play

SHORT = ["--minutes", "2"]
# Each kind of noise, at what a laptop's microphone hears of it.
STRETCH = 30.0
SOFT_DBFS = -45.0
SNR_DB = 5.0

Noise = Callable[[float, np.random.Generator], Samples]


def hum(seconds: float, chance: np.random.Generator) -> Samples:
    """Mains hum with harmonics, and a fan."""
    at = np.arange(int(seconds * OPUS_RATE)) / OPUS_RATE
    tones = sum(np.sin(2 * np.pi * 50 * k * at + k) / k for k in (1, 2, 3, 5))
    return _at(np.asarray(tones) + 3 * _pink(len(at), chance), -42)


def keys(seconds: float, chance: np.random.Generator) -> Samples:
    """Typing: bursts of clicks of a few milliseconds."""
    sound = 0.02 * _pink(int(seconds * OPUS_RATE), chance)
    for start in np.cumsum(chance.exponential(0.16, int(seconds * 5))):
        place, length = int(start * OPUS_RATE), int(0.012 * OPUS_RATE)
        if place + length < len(sound):
            sound[place : place + length] += chance.normal(0, 1, length) * np.exp(-np.arange(length) / 120)
    return _at(sound, -38)


def breath(seconds: float, chance: np.random.Generator) -> Samples:
    """Breathing into the microphone: slow swells of filtered noise."""
    at = np.arange(int(seconds * OPUS_RATE)) / OPUS_RATE
    swell = np.clip(np.sin(2 * np.pi * at / 3.6), 0, 1) ** 2
    return _at(np.convolve(chance.normal(0, 1, len(at)), np.ones(24) / 24, "same") * swell, -35)


def laughter(seconds: float, chance: np.random.Generator) -> Samples:
    """Voiced bursts of a falling pitch, five a second, two seconds at a time: "ha ha ha" without a vowel's formants."""
    at = np.arange(int(seconds * OPUS_RATE)) / OPUS_RATE
    bursts = np.clip(np.sin(2 * np.pi * 5 * at), 0, 1) * (at % 5 < 2)
    pitch = np.cumsum(2 * np.pi * (260 - 40 * (at % 2)) / OPUS_RATE)
    voiced = sum(np.sin(k * pitch) / k**1.5 for k in range(1, 9))
    return _at((np.asarray(voiced) + 0.5 * chance.normal(0, 1, len(at))) * bursts, -30)


def music(seconds: float, chance: np.random.Generator) -> Samples:
    """Chords of four plucked notes with a beat."""
    at = np.arange(int(seconds * OPUS_RATE)) / OPUS_RATE
    sound = np.zeros(len(at))
    for bar, root in enumerate(chance.choice([220.0, 246.9, 261.6, 329.6], int(seconds))):
        place = slice(bar * OPUS_RATE, (bar + 1) * OPUS_RATE)
        decay = np.exp(-3 * (at[place] - bar))
        sound[place] += decay * sum(np.sin(2 * np.pi * root * ratio * at[place]) for ratio in (1, 1.25, 1.5, 2))
        sound[place][:2400] += chance.normal(0, 0.5, 2400)
    return _at(sound, -28)


NOISES: dict[str, Noise] = {"hum": hum, "keys": keys, "breath": breath, "laughter": laughter, "music": music}


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench noise")
    parser.add_argument("--minutes", type=float, default=30.0, help="of noise")
    parser.add_argument("--clips", type=Path, nargs="*", help="folders with a MANIFEST.tsv")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--hints", nargs="*", default=[], help="names and words to expect")
    parser.add_argument("--show", action="store_true", help="print what was invented")
    options = parser.parse_args(argv)
    clips = load_clips(options.clips or media_folders())
    ear = Ear(options.model, tuple(options.hints), show=options.show)
    # GRID and card commands are misheard differently on every hearing: what is soft or loud is not what decides there.
    speech = [clip for clip in clips if clip.transcript and clip.language == "en" and "/en_" in f"/{clip.name}"]
    speech = [clip for clip in speech if "cards" not in clip.name]
    recorded = {clip.name: clip.samples for clip in clips if not clip.transcript}
    short = sorted(speech, key=lambda clip: len(clip.samples))[:4]
    invented = ear.invented(short, recorded, options.minutes * 60)
    clean = {clip.name: ear.words(clip) for clip in speech}
    soft = [(clip, _with(clip, _at(clip.samples, SOFT_DBFS))) for clip in speech]
    noisy = [(clip, _with(clip, _noisy(clip.samples, number))) for number, clip in enumerate(speech)]
    return {
        **{f"hallucinated_words_{kind}": count for kind, count in invented.items()},
        "hallucinated_words": sum(invented.values()),
        "noise_minutes": round(options.minutes, 1),
        "deletions": max(found := [ear.deletions(clean, soft), ear.deletions(clean, noisy)]),
        "deletions_soft": found[0],
        "deletions_noisy": found[1],
        "words": sum(len(heard) for heard in clean.values()),
    }


class Ear:
    """The captions task on a virtual clock."""

    def __init__(self, model: str, hints: tuple[str, ...], *, show: bool) -> None:
        self._hints = hints
        self._clock = Clock()
        _, self._task = listening(model, self._clock)
        self._plays = 0
        self._show = show

    def invented(self, speech: Sequence[Clip], recorded: dict[str, Samples], seconds: float) -> dict[str, int]:
        """Words said in noise, by kind of noise; each stretch follows a sentence."""
        chance = np.random.default_rng(1)
        kinds = [*NOISES, *recorded]
        counts = dict.fromkeys(kinds, 0)
        for number in range(max(1, round(seconds / STRETCH))):
            kind, before = kinds[number % len(kinds)], speech[number % len(speech)].samples
            noise = NOISES[kind](STRETCH, chance) if kind in NOISES else _long(recorded[kind])
            gap = np.zeros(int(0.8 * OPUS_RATE), np.float32)
            clip = Clip(kind, "en", "", np.concatenate([before, gap, noise]))
            speech_end = (len(before) + len(gap)) / OPUS_RATE
            finals = self._finals(clip)
            said = [word for text, start in finals if start > speech_end - 0.3 for word in words(text)]
            counts[kind] += len(said)
            if said and self._show:
                print(f"{kind}: {' '.join(said)}", flush=True)
        return counts

    def words(self, clip: Clip) -> list[str]:
        return [word for text, _ in self._finals(clip) for word in words(text)]

    def deletions(self, clean: dict[str, list[str]], harder: Sequence[tuple[Clip, Clip]]) -> float:
        """Share of the words known from the clean clips that have no counterpart, right or wrong."""
        missing = total = 0
        for clip, hard in harder:
            heard, known = self.words(hard), clean[clip.name]
            total += len(known)
            lost = align(heard, known).missing
            missing += lost
            if self._show and lost:
                print(f"{clip.name}: {len(heard)} of {len(known)}: {' '.join(heard)}", flush=True)
        return round(missing / max(1, total), 4)

    def _finals(self, clip: Clip) -> list[tuple[str, float]]:
        self._plays += 1
        hearing = Hearing(clip.language, self._hints)
        played = play(self._task, self._clock, clip, f"play-{self._plays}", hearing)
        return [(seen.committed, seen.start) for seen in played.finals]


def _with(clip: Clip, samples: Samples) -> Clip:
    return Clip(clip.name, clip.language, clip.transcript, samples)


def _noisy(sound: Samples, seed: int) -> Samples:
    """Speech with pink noise (what fans and streets sound like) SNR_DB below it."""
    noise = _pink(len(sound), np.random.default_rng(seed))
    level = _rms(sound) * 10 ** (-SNR_DB / 20)
    return np.asarray(sound + noise * level / _rms(noise), np.float32)


def _at(sound: npt.NDArray[np.floating[Any]], dbfs: float) -> Samples:
    return np.asarray(np.clip(sound * 10 ** (dbfs / 20) / max(1e-9, _rms(sound)), -1, 1), np.float32)


def _rms(sound: npt.NDArray[np.floating[Any]]) -> float:
    """Of the louder half of it: pauses are not the level of speech."""
    blocks = np.sqrt(np.mean(np.asarray(sound[: len(sound) // 960 * 960]).reshape(-1, 960) ** 2, axis=1))
    return float(np.sqrt(np.mean(blocks[blocks >= np.median(blocks)] ** 2)))


def _pink(length: int, chance: np.random.Generator) -> npt.NDArray[np.floating[Any]]:
    spectrum = np.fft.rfft(chance.normal(0, 1, length))
    spectrum /= np.sqrt(np.maximum(1.0, np.arange(len(spectrum))))
    sound = np.fft.irfft(spectrum, length)
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


def _long(sound: Samples) -> Samples:
    return np.tile(sound, int(np.ceil(STRETCH * OPUS_RATE / len(sound))))[: int(STRETCH * OPUS_RATE)]
