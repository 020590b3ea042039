"""How loud strangers spoke, second by second: what a mouth fits by chance (see `lips`).

`strangers.json` holds levels, not voices: nothing can be heard from them.  It was made from the recordings under
`resources/media` that are longer than a check's reading (NOTICE says whose they are):

    python -m models.deepfake.strangers resources/media/en_*.flac resources/media/ami_*.flac
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.deepfake.speech import RATE, STEP_S, Speech, speech_of
from models.deepfake.witness import Floats

FILE = Path(__file__).with_name("strangers.json")
LONG_ENOUGH_S = 7.5
# Steps of the natural logarithm that are kept.
_FINENESS = 20


def strangers(path: Path = FILE) -> list[Speech]:
    """One for each recording."""
    rows = json.loads(path.read_text("utf-8"))
    return [Speech(np.arange(len(row)) * STEP_S, np.array(row) / _FINENESS) for row in rows.values()]


def main(paths: Sequence[str]) -> None:
    """Writes the table."""
    table = {}
    for path in sorted(paths):
        samples = _samples(path)
        if len(samples) >= LONG_ENOUGH_S * RATE and not (speech := speech_of(samples, 0.0)).silent:
            table[Path(path).stem] = [round(float(level) * _FINENESS) for level in speech.level]
    FILE.write_text(json.dumps(table, separators=(",", ":")) + "\n", "utf-8")


def _samples(path: str) -> Floats:
    import av

    with av.open(path) as film:
        resampler = av.AudioResampler("flt", "mono", RATE)
        parts = [part.to_ndarray()[0] for frame in film.decode(audio=0) for part in resampler.resample(frame)]
    return np.asarray(np.concatenate(parts))


if __name__ == "__main__":
    main(sys.argv[1:])
