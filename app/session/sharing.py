"""What of this computer's screen can be shown to others, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ShareMode(StrEnum):
    """TEXT: every pixel, a few times a second.  MOTION: a film or a demonstration, smooth rather than sharp."""

    TEXT = "text"
    MOTION = "motion"


@dataclass(frozen=True, slots=True)
class Shareable:
    """A whole screen or one window; `id` is for the engine, `name` for people."""

    id: str
    name: str
    window: bool = False
