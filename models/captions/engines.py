"""What captions need of a recogniser, and how one is found.

An engine is a folder beside this file (`models/captions/whisper`) that offers `load(folder, setup)` and names its
models in a `catalogue.toml`.  That is all it takes to add another: what to ask of it, what to believe and what to show
is decided in `models.core`, and none of that knows which engine answers.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from models.captions.audio import Samples
from models.core.hearing import Ask, Heard
from models.runtime.task import Setup
from sfu.rtp.errors import ErrorCode, UserError


class Recogniser(Protocol):
    """Used by one thread only; keeps nothing between two asks."""

    def recognise(self, samples: Samples, ask: Ask) -> Heard:
        """Words in `samples` (mono, 16 kHz, -1..1), which are the sound from `ask.start` to `ask.end`.

        Words begin with those of `ask.prefix`.  What an engine has no use for (hints, a kind, a guess) it leaves out;
        an empty answer to a translation means that it cannot.
        """


Load = Callable[[Path, Setup], Recogniser]


def engine(name: str) -> Load:
    """`name`: a folder beside this file, or the dotted path of a module with `load`.  Raises UserError."""
    module = name if "." in name else f"models.captions.{name}"
    try:
        return cast("Load", importlib.import_module(module).load)
    except (ModuleNotFoundError, AttributeError) as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"there is no engine {name!r} for captions here: {error}") from error
