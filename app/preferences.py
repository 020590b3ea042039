"""What a person chose about the window, remembered between runs.

A small JSON file in the data folder.  A file that somebody damaged costs the choices, never the start.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

FILE = "window.json"
TEXT_SCALES = (0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`microphone` and `camera`: on when a meeting begins.  `theme`: system, light or dark.  `language`: system, en
    or zh.  Scales are factors of the design's sizes.  `still`: no motion, whatever the system says."""

    name: str = ""
    microphone: bool = True
    camera: bool = False
    theme: str = "system"
    language: str = "system"
    text_scale: float = 1.0
    caption_scale: float = 1.0
    still: bool = False


def load(data_dir: Path) -> Preferences:
    try:
        kept = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    return _checked(kept if isinstance(kept, dict) else {})


def save(data_dir: Path, preferences: Preferences) -> None:
    """Whole or not at all.  OSError when there is no room or no right to write."""
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f"{FILE}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(preferences), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(data_dir / FILE)


def _checked(kept: dict[str, Any]) -> Preferences:
    """Only values of the right type; the rest are as on the first day."""
    default = Preferences()
    good = {
        field.name: kept[field.name]
        for field in fields(Preferences)
        if isinstance(kept.get(field.name), type(getattr(default, field.name)))
    }
    return Preferences(**good)
