"""What a person chose about the window, remembered between runs.

A small JSON file in the data folder.  A file that somebody damaged costs the choices, never the start.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any

from sfu.wire.languages import LANGUAGES

log = logging.getLogger(__name__)

FILE = "window.json"
MOST_RECENT = 5
TEXT_SCALES = (0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)

CHOICES: dict[str, Collection[str]] = {
    "theme": ("system", "light", "dark"),
    "caption_look": ("card", "plate", "yellow"),
    "quality": ("best", "medium", "small"),
    "noise": ("automatic", "suppressed", "kept"),
    "spoken": {"", *LANGUAGES},
}
"""Of what may be only one of a few."""


@dataclass(frozen=True, slots=True)
class Recent:
    """A meeting that was joined by its link."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """`microphone` and `camera`: on when a meeting begins.  `theme`: system, light or dark.  `language`: system, en
    or zh.  Scales are factors of the design's sizes.  `still`: no motion, whatever the system says.

    Captions: `caption_place` below or above the pictures; `caption_look` card, or plate (white on black), or yellow;
    `finals_only`: no words that may still change; `announce`: finished lines are told to screen readers.
    `preview`: sound and picture are tried before every meeting.  `*_device`: ids, empty for the system's default.
    `echo`, `gain`, `noise`, `notice_muted`: how the microphone's sound is processed (`app.session.commands.SetSound`).
    `spoken`: the language that this person speaks (ISO 639), for captions; empty: guessed.  `translation`: what others
    say in other languages also in English.
    `quality`: how sharp pictures are at most, the own one and those of others (`app.session.commands.Quality`).
    `sounds`: who comes and goes is heard.  `blur`: the room behind the own face is.
    `setting`: work or school limits emotion guesses to oneself, private does not; empty until the person has said.
    `window`: where it stood (`app.ui.place`).
    `met`: the first run is over.  `keys`: own shortcuts, by action.  `recent`: joined by link, newest first.
    `play_rate`, `watched`: how fast recordings are played, and where each was left, in seconds by `Reel.key`.
    """

    name: str = ""
    microphone: bool = True
    camera: bool = False
    theme: str = "system"
    language: str = "system"
    text_scale: float = 1.0
    caption_scale: float = 1.0
    still: bool = False
    caption_place: str = "below"
    caption_look: str = "card"
    finals_only: bool = False
    announce: bool = False
    hide_self: bool = False
    mirror: bool = True
    blur: bool = False
    quality: str = "best"
    sounds: bool = True
    spoken: str = ""
    translation: bool = False
    preview: bool = True
    microphone_device: str = ""
    speaker_device: str = ""
    camera_device: str = ""
    echo: bool = True
    gain: bool = True
    noise: str = "automatic"
    notice_muted: bool = True
    setting: str = ""
    window: str = ""
    met: bool = False
    keys: dict[str, str] = field(default_factory=dict)
    recent: tuple[Recent, ...] = ()
    play_rate: float = 1.0
    watched: dict[str, float] = field(default_factory=dict)


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


class Keeper:
    """Saves on a thread of its own.

    A file that takes the place of another waits until its bytes are on the disk (ext4, `auto_da_alloc`): on a busy disk
    each choice held up the window for 270 to 520 ms.  Choices made meanwhile are written once, the newest.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._thread = ThreadPoolExecutor(1, "preferences")
        self._lock = threading.Lock()
        self._newest: Preferences | None = None

    def keep(self, chosen: Preferences) -> None:
        with self._lock:
            waiting, self._newest = self._newest, chosen
        if waiting is None:
            self._thread.submit(self._save)

    def close(self) -> None:
        """When all is written, or could not be."""
        self._thread.shutdown()

    def _save(self) -> None:
        with self._lock:
            chosen, self._newest = self._newest, None
        if chosen is not None:
            try:
                save(self._data_dir, chosen)
            except OSError as error:
                log.warning("choices could not be kept", extra={"reason": error.strerror})


def _checked(kept: dict[str, Any]) -> Preferences:
    """Only values of the right type; the rest are as on the first day."""
    default = Preferences()
    good = {
        known.name: kept[known.name]
        for known in fields(Preferences)
        if isinstance(kept.get(known.name), type(getattr(default, known.name)))
    }
    good = {name: value for name, value in good.items() if value in CHOICES.get(name, (value,))}
    if "keys" in good:
        good["keys"] = {name: keys for name, keys in good["keys"].items() if isinstance(keys, str)}
    if "watched" in good:
        places = good["watched"].items()
        good["watched"] = {key: float(at) for key, at in places if type(at) in (int, float) and isfinite(at)}
    return Preferences(**good, recent=_recent(kept.get("recent")))


def _recent(kept: Any) -> tuple[Recent, ...]:
    rows = kept if isinstance(kept, list) else []
    whole = [row for row in rows if isinstance(row, dict) and {"title", "link"} <= row.keys()]
    found = [Recent(str(row["title"]), str(row["link"])) for row in whole]
    return tuple(found[:MOST_RECENT])


def with_recent(chosen: Preferences, meeting: Recent) -> Preferences:
    """`meeting` first; the same link stands there once."""
    others = [other for other in chosen.recent if other.link != meeting.link]
    return replace(chosen, recent=(meeting, *others)[:MOST_RECENT])
