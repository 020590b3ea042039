"""Captions on a virtual clock: recorded speech through the real task, faster or slower than real time.

Clips become Opus packets of 20 ms, as the tap would hand them out.  The clock jumps from packet to packet and, while
the model works, moves by the measured time of the call: so the delays are those of a machine that does nothing else,
and a busy machine only makes them longer.  Word ends come from aligning the reference with the full 30 s window.

    python -m tests.bench captions-sim --json [--clips DIR …] [--model NAME] [--threads 1] [--match TEXT] [--show]
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from models.captions.audio import RATE, VoiceDetector, VoiceModel
from models.captions.model import Whisper
from models.captions.task import Captions
from models.core.hearing import Ask, Kind, Word, text_of
from models.core.scoring import Display, align, percentile, words
from models.core.voice import FRAME, OFFSET
from models.registry import Registry, default_models_dir
from models.runtime.task import Setup
from models.wire import CaptionText, Chunk, CloseStream, OpenStream, Result

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
# Silence after each clip, and the faint noise of a quiet room under all of it.
TAIL = 2.5
ROOM_DBFS = -70.0
SHORT = ["--match", "sense"]

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    name: str
    language: str
    transcript: str
    samples: Samples    # 48 kHz


@dataclass(slots=True)
class Clock:
    """Moves by jumps, and by real time while the model works."""

    at: float = 1000.0
    _began: float | None = None

    def __call__(self) -> float:
        return self.at if self._began is None else self.at + time.perf_counter() - self._began

    def work_begins(self) -> None:
        self._began = time.perf_counter()

    def work_ends(self) -> None:
        self.at, self._began = self(), None


@dataclass(slots=True)
class Run:
    """What one clip's captions did."""

    display: Display = field(default_factory=Display)
    finals: list[tuple[float, CaptionText]] = field(default_factory=list)
    committed_changed: int = 0
    committed: int = 0
    cpu_s: float = 0.0
    health: int = 0
    _committed: dict[int, str] = field(default_factory=dict)

    def take(self, at: float, result: Result) -> None:
        if not result.HasField("caption"):
            self.health += 1
            return
        caption = result.caption
        self.display.show(at, caption.segment, caption.committed + caption.tail)
        before, now = words(self._committed.get(caption.segment, "")), words(caption.committed)
        if caption.final:
            self.finals.append((at, caption))
            self.committed += len(before)
            self.committed_changed += len(before) - len(align(now, before).pairs)
        elif now[: len(before)] != before and not caption.committed.startswith(self._committed[caption.segment]):
            raise AssertionError(f"committed text changed: {self._committed[caption.segment]!r} {caption.committed!r}")
        self._committed[caption.segment] = caption.committed


def decode(path: Path, rate: int) -> Samples:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float32)


def opus_packets(sound: Samples) -> list[tuple[int, bytes]]:
    """(RTP timestamp, packet) for 20 ms frames of 48 kHz mono, as a client sends them."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", 32_000
    encoder.options = {"application": "voip", "frame_duration": "20"}
    encoder.open()
    whole = (np.clip(sound, -1, 1) * 32_767).astype(np.int16)
    packets: list[tuple[int, bytes]] = []
    for at in range(0, len(whole) - 959, 960):
        frame = av.AudioFrame.from_ndarray(whole[None, at : at + 960], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, at
        packets += [(at, bytes(packet)) for packet in encoder.encode(frame)]
    return packets


def load_clips(folders: Sequence[Path], match: str) -> list[Clip]:
    clips = []
    for folder in folders:
        with (folder / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
            for row in csv.DictReader(manifest, delimiter="\t"):
                spoken = row["kind"] == "speech" or (row["kind"] == "video" and row["transcript"])
                if (spoken or row["kind"] == "noise") and match in row["file"]:
                    sound = decode(folder / row["file"], 48_000)
                    clips.append(Clip(row["file"], row["lang"], row["transcript"] or "", sound))
    return clips


def with_room(sound: Samples, rate: int) -> Samples:
    noise = np.random.default_rng(0).normal(0, 10 ** (ROOM_DBFS / 20), len(sound) + int(TAIL * rate))
    noise[: len(sound)] += sound
    return noise.astype(np.float32)


def play(task: Captions, clock: Clock, clip: Clip, stream: str, language: str) -> tuple[Run, float]:
    """Runs one clip through the task; also the clock time of its first sample."""
    run, began = Run(), clock.at
    packets = opus_packets(with_room(clip.samples, 48_000))
    task.open(OpenStream(stream=stream, task="captions", codec="opus", clock_rate=48_000, language=language))
    cpu = time.process_time()
    sequence, closed = 0, False
    while True:
        while sequence < len(packets) and began + packets[sequence][0] / 48_000 + 0.02 <= clock.at:
            stamp, payload = packets[sequence]
            captured = int((began + stamp / 48_000) * 1e6)
            task.feed(Chunk(stream=stream, sequence=sequence, timestamp=stamp, capture_us=captured), payload)
            sequence += 1
        if sequence == len(packets) and not closed:
            task.close(stream)
            closed = True
        clock.work_begins()
        answers = task.work()
        clock.work_ends()
        for answer in answers:
            if isinstance(answer, Result):
                run.take(clock.at, answer)
        if any(isinstance(answer, CloseStream) for answer in answers):
            run.cpu_s = time.process_time() - cpu
            return run, began
        if sequence < len(packets):
            clock.at = max(clock.at, began + packets[sequence][0] / 48_000 + 0.02)


def reference(whisper: Whisper, voice: VoiceModel, clip: Clip) -> tuple[list[tuple[str, float]], list[bool]]:
    """The reference's words with their ends (seconds into the clip), and which 32 ms frames are speech."""
    sound = with_room(decode_again(clip), RATE)
    frames = [probability > OFFSET for probability in VoiceDetector(voice).hear(sound)]
    placed = whisper.place(sound, clip.transcript, clip.language or "en") if clip.transcript else []
    return [(each, _within_speech(word, frames)) for word in placed for each in words(word.text)], frames


def decode_again(clip: Clip) -> Samples:
    """16 kHz by the simplest means; only references are made from it."""
    taps = np.sinc(np.arange(-24, 25) / 3) * np.hamming(49)
    return np.convolve(clip.samples, taps / taps.sum(), "same")[::3].astype(np.float32)


def _within_speech(word: Word, frames: Sequence[bool]) -> float:
    place = min(int(word.end / FRAME), len(frames) - 1)
    while place > 0 and not frames[place]:
        place -= 1
    return max(min(word.end, (place + 1) * FRAME), word.start + 0.05)


def offline(whisper: Whisper, clip: Clip, language: str) -> list[str]:
    sound = decode_again(clip)
    heard = whisper.recognise(sound, Ask(Kind.CAREFUL, 0, len(sound) / RATE, (), language, 220))
    return words(text_of(heard.words))


def run(argv: Sequence[str]) -> dict[str, Any]:
    """The bench's figures; `tests.bench` prints them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench captions-sim")
    parser.add_argument("--clips", type=Path, nargs="*", default=[MEDIA / "ship", MEDIA / "reference"])
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--match", default="")
    parser.add_argument("--detect", action="store_true", help="do not tell the language")
    parser.add_argument("--show", action="store_true", help="print what was heard")
    options = parser.parse_args(argv)
    whisper = Whisper(Registry(default_models_dir()).path(options.model), threads=options.threads)
    whisper.warm_up()
    clock = Clock()
    setup = Setup(options.model, default_models_dir(), "cpu", options.threads, clock)
    task = Captions(setup, whisper)
    task.load()
    totals = Totals()
    for number, clip in enumerate(load_clips(options.clips, options.match)):
        language = "" if options.detect else clip.language
        played, began = play(task, clock, clip, f"{number}-{clip.name}"[:60], language)
        totals.add(clip, played, began, reference(whisper, VoiceModel(), clip), offline(whisper, clip, language))
        if options.show:
            print(f"{clip.name}: {' / '.join(caption.committed for _, caption in played.finals)}", flush=True)
    return totals.figures()


@dataclass(slots=True)
class Totals:
    shown: list[float] = field(default_factory=list)
    finals: list[float] = field(default_factory=list)
    born: int = 0
    replaced: int = 0
    committed: int = 0
    changed: int = 0
    errors: dict[str, list[int]] = field(default_factory=dict)
    speech_s: float = 0.0
    cpu_s: float = 0.0
    invented: int = 0
    lost: list[str] = field(default_factory=list)

    def add(
        self, clip: Clip, played: Run, began: float, said: tuple[list[tuple[str, float]], list[bool]], plain: list[str]
    ) -> None:
        spoken, frames = said
        heard = played.display.text()
        if not clip.transcript:
            self.invented += len(heard)
            return
        if not heard:
            self.lost.append(clip.name)
        self.shown += played.display.delays([(word, began + end) for word, end in spoken])
        self.finals += [at - _phrase_end(caption, began, frames) for at, caption in played.finals]
        self.born, self.replaced = self.born + played.display.born, self.replaced + played.display.replaced
        self.committed, self.changed = self.committed + played.committed, self.changed + played.committed_changed
        self.speech_s += sum(frames) * FRAME
        self.cpu_s += played.cpu_s
        reference_words = words(clip.transcript)
        count = self.errors.setdefault(clip.language, [0, 0, 0])
        count[0] += len(reference_words)
        count[1] += align(heard, reference_words).errors
        count[2] += align(plain, reference_words).errors

    def figures(self) -> dict[str, Any]:
        rates: dict[str, Any] = {}
        for language, (count, streaming, plain) in self.errors.items():
            rates[f"words_{language}"] = count
            rates[f"wer_{language}"] = round(streaming / count, 4)
            rates[f"offline_wer_{language}"] = round(plain / count, 4)
        return rates | {
            "shown_p50_s": _rounded(percentile(self.shown, 50)),
            "shown_p95_s": _rounded(percentile(self.shown, 95)),
            "final_p50_s": _rounded(percentile(self.finals, 50)),
            "final_p95_s": _rounded(percentile(self.finals, 95)),
            "unstable_ratio": round(self.replaced / max(1, self.born), 4),
            "final_changed_ratio": round(self.changed / max(1, self.committed), 4),
            "phrases_lost": self.lost,
            "hallucinated_words": self.invented,
            "cpu_cores": round(self.cpu_s / max(0.1, self.speech_s), 2),
            "speech_s": round(self.speech_s, 1),
        }


def _phrase_end(caption: CaptionText, began: float, frames: Sequence[bool]) -> float:
    """The last frame of speech up to the final's end."""
    place = min(int((caption.end_s - began) / FRAME) + 2, len(frames) - 1)
    while place > 0 and not frames[place]:
        place -= 1
    return began + (place + 1) * FRAME


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
