"""Live captions as people get them: recorded speech at real speed through client, forwarder, tap, broker and worker.

One person speaks each language's clips one after the other (`--speakers N`: N people at once, each beginning with
another clip); a member of the meeting writes down what reached the screen, and when.  All figures are of one run.
`cpu_cores` is the worker's CPU time over the seconds of speech, its idle time included.

    python -m tests.bench captions --json [--clips DIR …] [--speakers N] [--model NAME] [--device cuda] [--seconds N]
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.captions.audio import VoiceModel
from models.captions.whisper.model import Whisper
from models.registry import Registry, default_models_dir
from tests.bench._meeting import Person, Witness, meeting
from tests.bench._score import Run, Seen, Totals
from tests.bench._speech import (
    OPUS_RATE,
    Clip,
    Reference,
    Samples,
    load_clips,
    media_folders,
    offline,
    reference,
    with_room,
)

SHORT = ["--match", "sense", "--seconds", "25"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A clip in somebody's sound; `at` in seconds."""

    at: float
    clip: Clip


Casts = dict[str, list[Turn]]
"""Names and turns."""
Known = dict[str, tuple[Clip, Reference, list[str]]]
"""Clips by name, where their words end, and what the model hears of them offline."""


def run(argv: Sequence[str]) -> dict[str, Any]:
    return hold(argv)[0]


def hold(argv: Sequence[str]) -> tuple[dict[str, Any], list[tuple[float, float]]]:
    """The figures, and every final: when it came (monotonic) and how long after its phrase's end."""
    options = _options(argv)
    known = _known(load_clips(options.clips or media_folders(), options.match), options)
    casts = _cast([clip for clip, _, _ in known.values()], options)
    people = [Person(name, sound_of(turns)) for name, turns in casts.items()]
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        arguments = ["--model", options.model, "--device", options.device]
        if options.language:
            arguments += ["--language", options.language]
        with meeting(Path(folder), arguments, undisturbed=options.undisturbed) as held:
            witness = held.hold(people)
        if options.passes:
            log = (Path(folder) / "host.log").read_text("utf-8")
            print(*re.findall("pass .*", log), sep="\n")
    figures, finals = score(casts, known, witness)
    if options.show:
        said = sorted((c["start"], c["name"], c["committed"]) for c in witness.captions if c["final"])
        print(*(f"{start:.1f} {name}: {text}" for start, name, text in said), sep="\n")
    figures["memory_growth_mb"] = round(witness.worker_mb[1] - witness.worker_mb[0], 1)
    return {**figures, "speakers": options.speakers, "model": options.model, "device": options.device}, finals


def score(
    casts: Casts, known: Known, witness: Witness
) -> tuple[dict[str, Any], list[tuple[float, float]]]:
    """Figures over everybody's clips, and the finals; each caption belongs to the clip in which it began."""
    totals = Totals()
    finals: list[tuple[float, float]] = []
    for name, turns in casts.items():
        mine = [caption for caption in witness.captions if caption["name"] == name]
        for turn in turns:
            began = witness.started[name] + turn.at
            clip, said, plain = known[turn.clip.name]
            played = _run(mine, witness.began, began, began + clip.seconds)
            totals.add(clip, played, said, plain)
            finals += [(began + seen.at, seen.at - said.phrase_end(seen.end)) for seen in played.finals]
    totals.cpu_s = witness.worker_cpu_s
    return totals.figures(), sorted(finals)


def _run(captions: list[dict[str, Any]], meeting_began: float, since: float, until: float) -> Run:
    """What was shown of the speech from `since` to `until` (monotonic)."""
    played = Run()
    first: dict[str, float] = {}
    for caption in captions:
        start = first.setdefault(caption["segment"], caption["start"] + meeting_began)
        if since - 0.5 <= start < until - 0.5:
            played.take(Seen(
                caption["at"] - since, caption["segment"], caption["committed"], caption["tail"], caption["final"],
                caption["start"] + meeting_began - since, caption["end"] + meeting_began - since,
            ))  # fmt: skip
    return played


def _known(clips: Sequence[Clip], options: argparse.Namespace) -> Known:
    whisper = Whisper(Registry(default_models_dir()).path(options.model), device=options.device)
    voice = VoiceModel()
    return {
        clip.name: (clip, reference(whisper, voice, clip), offline(whisper, clip, clip.language or "en"))
        for clip in clips
    }


def _cast(clips: Sequence[Clip], options: argparse.Namespace) -> Casts:
    """People and their turns: a person for Mandarin of their own, because people mostly speak one language."""
    english = [clip for clip in clips if clip.language != "zh"]
    casts = {
        f"Speaker {number + 1}": _turns(_rotated(english, number * 3), 0.0, options.seconds)
        for number in range(options.speakers)
    }
    if mandarin := [clip for clip in clips if clip.language == "zh"]:
        after = max((turns[-1].at + turns[-1].clip.seconds for turns in casts.values() if turns), default=0.0)
        casts["说话人"] = _turns(mandarin, after, None)
    return {name: turns for name, turns in casts.items() if turns}


def _turns(clips: Sequence[Clip], at: float, seconds: float | None) -> list[Turn]:
    """Clips one after the other; with `seconds`, from the beginning again until so much is filled."""
    turns: list[Turn] = []
    end = at + (seconds if seconds is not None else sum(clip.seconds for clip in clips) + 1e-6)
    place = 0
    while clips and at + clips[place % len(clips)].seconds <= end:
        turns.append(Turn(at, clips[place % len(clips)]))
        at += turns[-1].clip.seconds
        place += 1
    return turns


def _rotated(clips: list[Clip], by: int) -> list[Clip]:
    place = by % max(1, len(clips))
    return clips[place:] + clips[:place]


def sound_of(turns: Sequence[Turn]) -> Samples:
    last = turns[-1]
    sound = np.zeros(int((last.at + last.clip.seconds) * OPUS_RATE) + 1, np.float32)
    for turn in turns:
        spoken = with_room(turn.clip.samples, OPUS_RATE)
        begin = int(turn.at * OPUS_RATE)
        sound[begin : begin + len(spoken)] = spoken[: len(sound) - begin]
    return sound


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench captions")
    parser.add_argument("--clips", type=Path, nargs="*", help="folders with a MANIFEST.tsv")
    parser.add_argument("--speakers", type=int, default=1, help="people who speak at once")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--language", default="", help="tell the host the language instead of detecting it")
    parser.add_argument("--seconds", type=float, help="repeat or cut the clips to so long")
    parser.add_argument("--match", default="", help="only clips whose file name contains this")
    parser.add_argument("--undisturbed", action="store_true", help="before other people's programs here (for root)")
    parser.add_argument("--show", action="store_true", help="print what was heard")
    parser.add_argument("--passes", action="store_true", help="print what the model was asked, and how long it took")
    given = parser.parse_args(argv)
    if given.passes:
        os.environ["PARLEY_LOG"] = "DEBUG"      # the host's children inherit it
    return given
