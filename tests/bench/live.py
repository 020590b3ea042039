"""How many people may speak at once and still be captioned live by one worker.

Faster or slower than real time, on the virtual clock of `captions-sim`, through the real task: more and more people
speak without a pause, each another sequence of the clips, until finals come late.  `speakers_live` is the largest
number for which 95 % of the finals came within LIVE_S after their phrase's end.  On a CPU the clock goes by CPU time,
elsewhere by the time of the wall.  On a GPU the goal is 16 with whisper-small.

    python -m tests.bench live --json [--model NAME] [--device cuda] [--seconds 40] [--most 64] [--clips DIR …]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.captions.audio import VoiceDetector, VoiceModel
from models.captions.task import Captions
from models.core.scoring import percentile
from models.core.voice import OFFSET
from tests.bench._speech import OPUS_RATE, Clip, Reference, Samples, load_clips, media_folders, slower, with_room
from tests.bench.captions_sim import Clock, Hearing, listening, play_together

SHORT = ["--seconds", "12", "--most", "2"]
LIVE_S = 3.0
CROWDS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench live")
    parser.add_argument("--clips", type=Path, nargs="*", help="folders with a MANIFEST.tsv")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seconds", type=float, default=40.0, help="that everybody speaks")
    parser.add_argument("--most", type=int, default=CROWDS[-1], help="people at once")
    options = parser.parse_args(argv)
    clock = Clock(timer=time.process_time if options.device == "cpu" else time.perf_counter)
    _, task = listening(options.model, clock, device=options.device)
    clips = [clip for clip in load_clips(options.clips or media_folders()) if clip.transcript and clip.language == "en"]
    late: dict[int, float] = {}
    for crowd in (crowd for crowd in CROWDS if crowd <= options.most):
        late[crowd] = _final_p95(task, clock, [_speech(clips, who, options.seconds) for who in range(crowd)])
        if late[crowd] > LIVE_S:
            break
    live = [crowd for crowd, seconds in late.items() if seconds <= LIVE_S]
    return {
        "speakers_live": max(live, default=0), **{f"final_p95_s_{crowd}": round(late[crowd], 2) for crowd in late},
        "model": options.model, "device": options.device,
    }


def _speech(clips: Sequence[Clip], who: int, seconds: float) -> Samples:
    turned = [*clips[who % len(clips) :], *clips[: who % len(clips)]]
    once = np.concatenate([clip.samples for clip in turned])
    whole = int(seconds * OPUS_RATE)
    return with_room(np.tile(once, whole // len(once) + 1)[:whole], OPUS_RATE)


def _final_p95(task: Captions, clock: Clock, sounds: Sequence[Samples]) -> float:
    streams = {f"{len(sounds)}-{who}": sound for who, sound in enumerate(sounds)}
    runs, voice = play_together(task, clock, streams, Hearing("en")), VoiceModel()
    delays = []
    for stream, sound in streams.items():
        frames = [probability > OFFSET for probability in VoiceDetector(voice).hear(slower(sound))]
        delays += [seen.at - Reference([], frames).phrase_end(seen.end) for seen in runs[stream].finals]
    return percentile(delays, 95) or 0.0
