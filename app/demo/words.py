"""When each word of the demo's recordings ends, so that a caption's delay can be measured.

The texts are known (`script.py`); where each word ends in the sound is found once, by forced alignment of the
known text with Whisper's cross-attention, clamped to where there is sound at all, and kept in
`resources/media/words.json`.  Accurate to about a tenth of a second; the delays it serves are near one.
Run `python -m app.demo.words` after changing the recordings.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.demo.script import CAST, Clip
from models.core.scoring import words

SOURCES = Path(__file__).resolve().parents[2] / "resources" / "media"
FILE = SOURCES / "words.json"
RATE = 16_000
# Below this (of full scale) a frame of these recordings holds no speech.
QUIET = 0.004

Spoken = list[tuple[str, float]]
"""Words and the second of the clip at which each ends."""


def load() -> dict[str, Spoken]:
    """Clip file to its words; clips without a known text are absent."""
    kept = json.loads(FILE.read_text("utf-8"))
    return {clip: [(str(word), float(end)) for word, end in spoken] for clip, spoken in kept.items()}


def align(model: Any, clip: Clip) -> Spoken:
    """Forced alignment of the clip's text; `model` is a `faster_whisper.WhisperModel`."""
    from faster_whisper.audio import decode_audio
    from faster_whisper.tokenizer import Tokenizer

    sound = decode_audio(str(SOURCES / clip.file), sampling_rate=RATE)
    tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language="en")
    encoded = model.encode(model.feature_extractor(sound)[:, :3000])
    tokens = [tokenizer.encode(" " + clip.text)]
    found = model.find_alignment(tokenizer, tokens, encoded, len(sound) * 100 // RATE)[0]
    ends: Spoken = []
    for part in found:
        end = _last_sound(sound, float(part["start"]), float(part["end"]))
        ends += [(word, round(end, 2)) for word in words(part["word"])]
    return ends


def _last_sound(sound: Any, start: float, end: float) -> float:
    """`end`, or the end of the last 20 ms that is louder than QUIET in start..end."""
    step = RATE // 50
    for at in range(int(end * RATE), int(start * RATE), -step):
        if np.sqrt(np.mean(sound[max(0, at - step) : at] ** 2)) > QUIET:
            return at / RATE
    return end


def main() -> None:
    from faster_whisper import WhisperModel

    from models.registry import Registry, default_models_dir

    folder = Registry(default_models_dir()).path("whisper-base")
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    clips = {turn.clip.file: turn.clip for part in CAST for turn in part.turns if turn.clip.text}
    kept = {file: align(model, clip) for file, clip in sorted(clips.items())}
    lines = [f"  {json.dumps(file)}: {json.dumps(spoken)}" for file, spoken in kept.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
