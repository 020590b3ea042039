"""Two laptops in one room: each microphone also hears the other person, quieter and a little later.

Faster than real time, on the virtual clock of `captions-sim`, through the real task.  Each clip is mixed into the other
person's track at -12 and -18 dB, 5 to 40 ms late.  `wrong_name_words`: words captioned under the name of somebody who
said nothing.  `lost_overlap_words`: both speak at once, each leaking into the other; of the words that are captioned
when the same two speak without leaking, the share that has no counterpart, right or wrong.

`--real`: Ana says all of it in a meeting at real speed, through clients, forwarder, tap and broker, while Ben is silent
beside her; only `wrong_name_words`, and how many words came under her own name.

    python -m tests.bench crosstalk --json [--clips DIR …] [--match TEXT] [--real] [--show]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.core.scoring import align, words
from tests.bench._meeting import Person, meeting
from tests.bench._score import Run
from tests.bench._speech import OPUS_RATE, Clip, Samples, load_clips, media_folders, with_room
from tests.bench.captions_sim import Clock, Hearing, listening, play_together

SHORT = ["--match", "sense_08"]
LEAKS_DB = (-12.0, -18.0)
LATE_S = (0.005, 0.040)


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench crosstalk")
    parser.add_argument("--clips", type=Path, nargs="*", help="folders with a MANIFEST.tsv")
    parser.add_argument("--match", default="sense", help="only clips whose file name contains this")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--real", action="store_true", help="in a meeting, at real speed")
    parser.add_argument("--show", action="store_true", help="print what was captioned")
    options = parser.parse_args(argv)
    clips = [clip for clip in load_clips(options.clips or media_folders(), options.match) if clip.transcript]
    if options.real:
        return _held(clips, options.model)
    pair = Pair(options.model, show=options.show)
    wrong = {leak: sum(pair.wrong_name(clip, leak) for clip in clips) for leak in LEAKS_DB}
    couples = list(zip(clips[::2], clips[1::2], strict=False))
    both = [pair.overlap(one, other, leak) for leak in LEAKS_DB for one, other in couples]
    missing, known = (sum(each) for each in zip(*both, strict=True)) if both else (0, 0)
    return {
        "wrong_name_words": sum(wrong.values()),
        **{f"wrong_name_words_{-leak:.0f}db": count for leak, count in wrong.items()},
        "lost_overlap_words": round(missing / max(1, known), 4),
        "overlap_words": known,
        "clips": len(clips),
    }


class Pair:
    """Ana and Ben, each with a microphone."""

    def __init__(self, model: str, *, show: bool) -> None:
        self._clock = Clock()
        _, self._task = listening(model, self._clock)
        self._plays = 0
        self._chance = np.random.default_rng(0)
        self._show = show

    def wrong_name(self, clip: Clip, leak_db: float) -> int:
        """Ana speaks, Ben is silent beside her: words under his name."""
        nobody = np.zeros(len(clip.samples), np.float32)
        _, ben = self._play(clip.samples, self._heard(nobody, clip.samples, leak_db))
        if ben and self._show:
            print(f"{clip.name} at {leak_db} dB, under the wrong name: {' '.join(ben)}", flush=True)
        return len(ben)

    def overlap(self, one: Clip, other: Clip, leak_db: float) -> tuple[int, int]:
        """Both speak at once: words that only the leaking costs, and words there are without it."""
        length = max(len(one.samples), len(other.samples))
        ana, ben = _to(one.samples, length), _to(other.samples, length)
        alone = self._play(ana, ben)
        leaking = self._play(self._heard(ana, ben, leak_db), self._heard(ben, ana, leak_db))
        if self._show:
            print(*(f"{leak_db} dB: {' '.join(heard)}" for heard in (*alone, *leaking)), sep="\n", flush=True)
        missing = sum(align(heard, known).missing for known, heard in zip(alone, leaking, strict=True))
        return missing, sum(len(known) for known in alone)

    def _heard(self, own: Samples, other: Samples, leak_db: float) -> Samples:
        return heard_too(own, other, leak_db, self._chance.uniform(*LATE_S))

    def _play(self, ana: Samples, ben: Samples) -> tuple[list[str], list[str]]:
        self._plays += 1
        sounds = {f"{name}-{self._plays}": with_room(sound, OPUS_RATE) for name, sound in (("a", ana), ("b", ben))}
        first, second = play_together(self._task, self._clock, sounds, Hearing("en")).values()
        return _words(first), _words(second)


def heard_too(own: Samples, other: Samples, leak_db: float, late_s: float) -> Samples:
    """What a microphone hears that also hears somebody else, so much later and quieter."""
    leak = np.concatenate([np.zeros(int(late_s * OPUS_RATE), np.float32), other])[: len(own)]
    return np.asarray(own + leak * 10 ** (leak_db / 20), np.float32)


def _held(clips: Sequence[Clip], model: str) -> dict[str, Any]:
    """One meeting in which every clip is said once for each distance and delay."""
    chance = np.random.default_rng(0)
    plays = [(clip.samples, leak) for leak in LEAKS_DB for clip in clips]
    ana = np.concatenate([sound for sound, _ in plays])
    ben = np.concatenate([
        heard_too(np.zeros(len(sound), np.float32), sound, leak, chance.uniform(*LATE_S)) for sound, leak in plays
    ])
    people = [Person(name, with_room(sound, OPUS_RATE)) for name, sound in (("Ana", ana), ("Ben", ben))]
    options = ["--model", model, "--language", "en"]
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder, meeting(Path(folder), options) as held:
        finals = [caption for caption in held.hold(people).captions if caption["final"]]
    right, wrong = (
        sum(len(words(each["committed"])) for each in finals if each["name"] == name) for name in ("Ana", "Ben")
    )
    return {"wrong_name_words": wrong, "right_name_words": right, "seconds": round(len(ana) / OPUS_RATE, 1)}


def _words(run: Run) -> list[str]:
    return [word for seen in run.finals for word in words(seen.committed)]


def _to(sound: Samples, length: int) -> Samples:
    return np.pad(sound, (0, length - len(sound)))
