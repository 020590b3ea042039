"""Which captions model suits a computer.

By what was measured (models/captions/README.md): base in INT8 needs about one core while one person speaks and 320 MB;
tiny.en half of that, and knows only English.  Larger models want a GPU.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from models.catalogue import Model

LARGE = ("whisper-large-v3-turbo", "whisper-small", "whisper-base")
"""Best first, for a GPU; the first that the catalogue knows."""
ENOUGH_MEMORY_MB = 3_000
# A model that is to relieve another has to be much smaller: its time goes with its size.
SMALLER = 0.6


@dataclass(frozen=True, slots=True)
class Machine:
    cores: int
    memory_mb: int
    gpus: int

    @classmethod
    def this(cls) -> Self:
        import psutil

        from models.runtime.devices import gpus

        return cls(os.cpu_count() or 1, psutil.virtual_memory().total >> 20, gpus())


def smaller(model: Model, known: Iterable[Model]) -> list[Model]:
    """Those that could take over from `model` when it cannot keep up, the best first."""
    could = [other for other in known if other.task == model.task and other.size < SMALLER * model.size]
    return sorted(could, key=lambda other: other.size, reverse=True)


def recommended(machine: Machine, known: Collection[str]) -> tuple[str, str]:
    """Catalogue id, and why, for people."""
    if machine.gpus:
        best = next(model for model in LARGE if model in known or model == LARGE[-1])
        why = f"this computer has {machine.gpus} GPU{'s' if machine.gpus > 1 else ''}."
        measured = best == LARGE[-1]
        return best, why if measured else f"{why} We have not measured it there; whisper-base is the safe choice."
    if machine.cores < 2 or machine.memory_mb < ENOUGH_MEMORY_MB:
        return "whisper-tiny.en", "this computer is small; in English it keeps up. For other languages: whisper-base."
    return "whisper-base", f"it keeps up on {machine.cores} cores without a GPU, in many languages."
