"""Recorded speech for the caption benches: clips with their words, when each word ends, and Opus packets.

Word ends come from aligning the known text with the full 30 s window, clamped to where Silero hears a voice.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from models.captions.audio import RATE, VoiceDetector, VoiceModel
from models.core.hearing import Ask, Kind, Word, text_of
from models.core.scoring import words
from models.core.voice import FRAME, OFFSET
from tests.bench._answers import Ear

OPUS_RATE = 48_000
# Silence after each clip, and the faint noise of a quiet room under all of it.
TAIL = 2.5
ROOM_DBFS = -70.0
# Phrases are as far apart as people hear a pause; less speech than this is a click, not a phrase.
PHRASE_GAP = 0.5
SHORTEST_PHRASE = 0.25

Samples = npt.NDArray[np.float32]
"""Mono, -1..1."""

# Never looked at while the policy is tuned (since November 2026; what it was before had been tuned on everything): one
# reader of three, one speech, two commands.  Told apart by speaker, so that no voice is in both.
HELD_OUT = ("libri_1995", "libri_5703", "jfk", "grid_bbaf2n", "grid_swiz3n")


def media_folders() -> list[Path]:
    """The project's own clips, and the reference clips where a checkout has them beside it."""
    root = Path(__file__).resolve().parents[2]
    shared = root.parent / "shared" / "media"
    found = [folder for folder in (shared / "ship", shared / "reference") if (folder / "MANIFEST.tsv").exists()]
    if not found:
        raise FileNotFoundError("no clips: give --clips a folder with a MANIFEST.tsv (file, kind, lang, transcript)")
    return found


@dataclass(frozen=True, slots=True)
class Clip:
    name: str
    language: str
    transcript: str
    samples: Samples
    """At 48 kHz, without its tail of silence."""

    @property
    def held_out(self) -> bool:
        return any(name in self.name for name in HELD_OUT)

    @property
    def seconds(self) -> float:
        """With its tail."""
        return len(self.samples) / OPUS_RATE + TAIL


@dataclass(frozen=True, slots=True)
class Reference:
    """What was said in a clip: each word with its end, and which 32 ms frames are speech (seconds into the clip)."""

    spoken: list[tuple[str, float]]
    frames: list[bool]

    @property
    def speech_s(self) -> float:
        return sum(self.frames) * FRAME

    def phrase_end(self, until: float) -> float:
        """The end of the last frame of speech up to `until`."""
        place = min(int(until / FRAME) + 2, len(self.frames) - 1)
        while place > 0 and not self.frames[place]:
            place -= 1
        return (place + 1) * FRAME

    def phrases(self) -> list[tuple[float, float]]:
        """Start and end of each spoken phrase."""
        found: list[tuple[float, float]] = []
        for place in (place for place, speech in enumerate(self.frames) if speech):
            start, end = place * FRAME, (place + 1) * FRAME
            if found and start - found[-1][1] < PHRASE_GAP:
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
        return [(start, end) for start, end in found if end - start >= SHORTEST_PHRASE]


def load_clips(folders: Sequence[Path], match: str = "") -> list[Clip]:
    """Clips of speech and of noise (no transcript) whose file name contains `match`."""
    clips = []
    for folder in folders:
        with (folder / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
            for row in csv.DictReader(manifest, delimiter="\t"):
                spoken = row["kind"] == "speech" or (row["kind"] == "video" and row["transcript"])
                if (spoken or row["kind"] == "noise") and match in row["file"]:
                    sound = decode(folder / row["file"], OPUS_RATE)
                    clips.append(Clip(row["file"], row["lang"], row["transcript"] or "", sound))
    return clips


def decode(path: Path, rate: int) -> Samples:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float32)


def with_room(sound: Samples, rate: int) -> Samples:
    """The sound and its tail, over the noise of a quiet room."""
    noise = np.random.default_rng(0).normal(0, 10 ** (ROOM_DBFS / 20), len(sound) + int(TAIL * rate))
    noise[: len(sound)] += sound
    return noise.astype(np.float32)


def opus_packets(sound: Samples) -> list[tuple[int, bytes]]:
    """(RTP timestamp, packet) for 20 ms frames of 48 kHz mono, as a client sends them."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = OPUS_RATE, "mono", "s16", 32_000
    encoder.options = {"application": "voip", "frame_duration": "20"}
    encoder.open()
    whole = (np.clip(sound, -1, 1) * 32_767).astype(np.int16)
    packets: list[tuple[int, bytes]] = []
    for at in range(0, len(whole) - 959, 960):
        frame = av.AudioFrame.from_ndarray(whole[None, at : at + 960], format="s16", layout="mono")
        frame.sample_rate, frame.pts = OPUS_RATE, at
        packets += [(at, bytes(packet)) for packet in encoder.encode(frame)]
    return packets


def slower(sound: Samples) -> Samples:
    """48 kHz to 16 kHz by the simplest means; only references are made from it."""
    taps = np.sinc(np.arange(-24, 25) / 3) * np.hamming(49)
    return np.convolve(sound, taps / taps.sum(), "same")[::3].astype(np.float32)


def reference(ear: Ear, voice: VoiceModel, clip: Clip) -> Reference:
    sound = with_room(slower(clip.samples), RATE)
    frames = [probability > OFFSET for probability in VoiceDetector(voice).hear(sound)]
    placed = ear.place(sound, clip.transcript, clip.language or "en") if clip.transcript else []
    return Reference([(each, _within_speech(word, frames)) for word in placed for each in words(word.text)], frames)


def offline(ear: Ear, clip: Clip, language: str) -> list[str]:
    """What the model hears when it is given the whole clip (at most 30 s) at once."""
    sound = slower(clip.samples)
    heard = ear.recognise(sound, Ask(Kind.WHOLE, 0, len(sound) / RATE, (), language, 220))
    return words(text_of(heard.words))


def _within_speech(word: Word, frames: Sequence[bool]) -> float:
    place = min(int(word.end / FRAME), len(frames) - 1)
    while place > 0 and not frames[place]:
        place -= 1
    return max(min(word.end, (place + 1) * FRAME), word.start + 0.05)
