"""Captions on a virtual clock: recorded speech through the real task, faster or slower than real time.

Clips become Opus packets of 20 ms, as the tap would hand them out.  The clock jumps from packet to packet and, while
the model works, moves by the CPU time of the call: so a computer that is busy with something else changes little, and
the delays are those of one that does nothing else.  As in a meeting, the model knows the names of who is here and asks
of each phrase which language it was in.  `--answers FILE` keeps what the model answers, so that a change of
the policy is measured in seconds and on the same model calls; `--show` prints what was heard, and every word that was
shown and replaced.

    python -m tests.bench captions-sim --json [--clips DIR …] [--model NAME] [--match TEXT] [--answers FILE] [--show]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from models.captions.audio import VoiceModel
from models.captions.task import Captions
from models.captions.whisper.model import BEAM, PADDING, SHORTEST_WINDOW, Whisper
from models.registry import Registry, default_models_dir
from models.runtime.process import give_back, keep_blocks
from models.runtime.task import Setup
from models.wire import Chunk, CloseStream, OpenStream, Result
from tests.bench._answers import Answers, Ear
from tests.bench._score import Run, Seen, Totals
from tests.bench._speech import (
    OPUS_RATE,
    Clip,
    Samples,
    load_clips,
    media_folders,
    offline,
    opus_packets,
    reference,
    with_room,
)

SHORT = ["--match", "sense"]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the recogniser is told beforehand."""

    language: str = ""
    hints: tuple[str, ...] = ()
    told: bool = True
    """They say which language they speak; otherwise it is what was settled, and every final asks again."""


@dataclass(slots=True)
class Clock:
    """Moves by jumps, and by CPU time while the model works; or, with kept answers, by what they took (`spend`)."""

    at: float = 1000.0
    kept: bool = False
    timer: Callable[[], float] = time.process_time
    _began: float | None = None

    def __call__(self) -> float:
        return self.at if self._began is None else self.at + self.timer() - self._began

    def spend(self, seconds: float) -> None:
        self.at += seconds

    def work_begins(self) -> None:
        self._began = None if self.kept else self.timer()

    def work_ends(self) -> None:
        self.at, self._began = self(), None


def play(
    task: Captions, clock: Clock, clip: Clip, stream: str, hearing: Hearing
) -> Run:
    """Runs one clip through the task."""
    return play_together(task, clock, {stream: with_room(clip.samples, OPUS_RATE)}, hearing)[stream]


def play_together(task: Captions, clock: Clock, sounds: Mapping[str, Samples], hearing: Hearing) -> dict[str, Run]:
    """Runs several streams, which begin at once, through the task.  The CPU time is the first one's."""
    began, cpu = clock.at, time.process_time()
    runs = {stream: Run() for stream in sounds}
    packets = sorted(
        (stamp, stream, payload) for stream, sound in sounds.items() for stamp, payload in opus_packets(sound)
    )
    for stream in sounds:
        task.open(OpenStream(
            stream=stream, task="captions", codec="opus", clock_rate=OPUS_RATE, hints=hearing.hints,
            language=hearing.language if hearing.told else "", usual_language=hearing.language,
        ))  # fmt: skip
    place, open_streams = 0, set(sounds)
    while open_streams:
        while place < len(packets) and began + packets[place][0] / OPUS_RATE + 0.02 <= clock.at:
            stamp, stream, payload = packets[place]
            captured = int((began + stamp / OPUS_RATE) * 1e6)
            task.feed(Chunk(stream=stream, sequence=stamp // 960, timestamp=stamp, capture_us=captured), payload)
            place += 1
            if place == len(packets):
                for each in sounds:
                    task.close(each)
        clock.work_begins()
        answers = task.work()
        clock.work_ends()
        for answer in answers:
            if isinstance(answer, Result) and answer.HasField("caption"):
                runs[answer.stream].take(_seen(answer, clock.at, began))
            elif isinstance(answer, CloseStream):
                open_streams.discard(answer.stream)
        if place < len(packets):
            clock.at = max(clock.at, began + packets[place][0] / OPUS_RATE + 0.02)
    next(iter(runs.values())).cpu_s = time.process_time() - cpu
    return runs


def _seen(result: Result, at: float, began: float) -> Seen:
    caption = result.caption
    return Seen(
        at - began, caption.segment, caption.committed, caption.tail, caption.final,
        caption.start_s - began, caption.end_s - began,
    )


def listening(
    model: str, clock: Clock, threads: int = 1, *, device: str = "cpu", answers: Path | None = None
) -> tuple[Ear, Captions]:
    """The captions task on a virtual clock, loaded, and the model that it hears with; `answers`: kept there."""
    compute = "int8" if device == "cpu" else "float16"
    keep_blocks()   # as a worker does
    whisper = Whisper(Registry(default_models_dir()).path(model), device=device, compute=compute, threads=threads)
    whisper.warm_up()
    whisper.hasten()
    ear: Ear = whisper
    if answers is not None:
        clock.kept = True
        ear = Answers(whisper, f"{model} {PADDING} {SHORTEST_WINDOW} {BEAM}", answers, clock.spend)
    task = Captions(Setup(model, default_models_dir(), device, compute, threads, clock), ear)
    task.load()
    return ear, task


def growth(task: Captions, clock: Clock, clips: Sequence[Clip], minutes: float) -> dict[str, Any]:
    """Resident memory after so many minutes of speech, over that after the first of them: streams of a minute each."""
    speech = [clip.samples for clip in clips if clip.transcript and clip.language == "en"]
    minute = np.tile(np.concatenate(speech), 60)[: 60 * OPUS_RATE]
    resident = []
    for number in range(max(2, round(minutes))):
        play_together(task, clock, {f"minute-{number}": minute}, Hearing("en"))
        give_back()
        resident.append(psutil.Process().memory_info().rss / 2**20)
    return {"memory_minutes": len(resident), "memory_growth_mb": round(resident[-1] - resident[0], 1)}


def run(argv: Sequence[str]) -> dict[str, Any]:
    """The bench's figures; `tests.bench` prints them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench captions-sim")
    parser.add_argument("--clips", type=Path, nargs="*", help="folders with a MANIFEST.tsv")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--match", default="")
    parser.add_argument("--told", action="store_true", help="people say which language they speak")
    parser.add_argument("--minutes", type=float, default=0.0, help="of speech, for `memory_growth_mb`: clips repeat")
    parser.add_argument("--hints", nargs="*", default=["Speaker 1"], help="names and words to expect")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="keep what the model answers there")
    parser.add_argument("--show", action="store_true", help="print what was heard, and what was replaced")
    options = parser.parse_args(argv)
    clock = Clock()
    ear, task = listening(options.model, clock, options.threads, answers=options.answers)
    totals = Totals()
    clips = load_clips(options.clips or media_folders(), options.match)
    for number, clip in enumerate(clips):
        heard_as = Hearing(clip.language, tuple(options.hints), options.told)
        played = play(task, clock, clip, f"{number}-{clip.name}"[:60], heard_as)
        totals.add(clip, played, reference(ear, VoiceModel(), clip), offline(ear, clip, clip.language))
        if options.show:
            print(f"{clip.name}: {' / '.join(seen.committed for seen in played.finals)}", flush=True)
            print(*(f"    {old} -> {new or 'nothing'}\n" for old, new in played.display.changes), sep="", end="")
        if isinstance(ear, Answers):
            ear.save()
    return totals.figures() | (growth(task, clock, clips, options.minutes) if options.minutes else {})
