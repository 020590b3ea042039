"""The captions worker is killed in the middle of a sentence: what is lost, and how soon captions are back.

One person says the same sentences twice; the second time the worker gets SIGKILL while they speak, and the host starts
another.  `words_lost`: words of the text that were captioned the first time and not the second.  `back_s`: from the
kill to the next caption on a member's screen.  The real path at real speed, as in the `captions` bench.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.core.scoring import align, words
from tests.bench._meeting import Meeting, Person, Witness, meeting
from tests.bench._speech import load_clips, media_folders
from tests.bench.captions import Turn, sound_of

# Into a long sentence: some words are committed, some only shown.
AFTER = 4.0


def run(argv: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="failover --captions")
    parser.add_argument("--match", default="sense_0870", help="clips whose file name contains this")
    parser.add_argument("--undisturbed", action="store_true", help="before other people's programs here (for root)")
    options = parser.parse_args(argv)
    clips = load_clips(media_folders()[:1], options.match)
    once = sum(clip.seconds for clip in clips)
    turns, at = [], 0.0
    for clip in [*clips, *clips]:
        turns.append(Turn(at, clip))
        at += clip.seconds
    killed: list[float] = []

    def kill(held: Meeting) -> None:
        worker = held.worker()
        killed.append(time.monotonic())
        worker.kill()

    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        options_of_host = ["--language", "en"]
        with meeting(Path(folder), options_of_host, undisturbed=options.undisturbed) as held:
            witness = held.hold([Person("Speaker", sound_of(turns))], [(once + AFTER, kill)])
    return _figures(witness, [word for clip in clips for word in words(clip.transcript)], once, killed[0])


def _figures(witness: Witness, spoken: list[str], once: float, killed: float) -> dict[str, Any]:
    middle = witness.started["Speaker"] + once - 1.0 - witness.began
    finals = [caption for caption in witness.captions if caption["final"]]
    first, second = (
        [word for caption in finals if (caption["start"] < middle) is before for word in words(caption["committed"])]
        for before in (True, False)
    )
    came, again = (Counter(heard[at] for at, _ in align(heard, spoken).pairs) for heard in (first, second))
    back = [caption["at"] - killed for caption in witness.captions if caption["at"] > killed and caption["committed"]]
    return {
        "words": len(spoken),
        "words_lost": sum((came - again).values()),
        "back_s": round(min(back), 2) if back else None,
        "segments_final_twice": sum(n - 1 for n in Counter(c["segment"] for c in finals).values()),
    }
