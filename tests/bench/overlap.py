"""Three people speak at once, for minutes, and one small computer captions them: late, but never ever later.

The real path at real speed, as in `captions`.  `final_p95_s` is measured from the end of each phrase.
`queue_growth`: by how many seconds finals of the last third came later than those of the second (medians; below a
second it is noise and counted as 0): what a queue that grows would show.

    python -m tests.bench overlap --json [--seconds 300] [--speakers 3] [other options of `captions`]
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from tests.bench import captions

SHORT = ["--seconds", "40", "--match", "sense"]
KEYS = ("final_p50_s", "final_p95_s", "shown_p50_s", "phrases_lost", "wer", "cpu_cores", "speech_s", "speakers")
# Medians of a minute's finals differ by so much from minute to minute without any queue.
NOISE = 1.0


def run(argv: Sequence[str]) -> dict[str, Any]:
    figures, finals = captions.hold(["--seconds", "300", "--speakers", "3", "--language", "en", *argv])
    return {key: figures[key] for key in KEYS} | {"queue_growth": growth([delay for _, delay in finals])}


def growth(delays: Sequence[float]) -> float:
    """Seconds, of the last third over the second; the first still warms up."""
    third = len(delays) // 3
    if not third:
        return 0.0
    later = median(delays[-third:]) - median(delays[third : 2 * third])
    return round(later, 2) if later >= NOISE else 0.0
