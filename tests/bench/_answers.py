"""A recogniser's answers, kept in a file, so that a change of the caption policy is measured in seconds.

What the policy asks is mostly what it asked before; only what is new goes to the model.  An answer takes as long as
it took when it was first given (CPU time), whatever else the computer does now: so a policy that has not changed gives
the same figures again, and one that has is compared with it on the same model calls.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from models.captions.audio import Samples
from models.core.hearing import Ask, Heard, Word


class Ear(Protocol):
    """What the caption benches need of a model: `models.captions.whisper.model.Whisper`, or its kept answers."""

    def recognise(self, samples: Samples, ask: Ask) -> Heard: ...

    def place(self, samples: Samples, text: str, language: str) -> list[Word]: ...


class Answers:
    """An `Ear` that asks `ear` only what `file` does not answer."""

    def __init__(self, ear: Ear, name: str, file: Path, spend: Callable[[float], None]) -> None:
        """`name`: the model and its settings; `file`: our own (pickle); `spend` is told how long each answer took."""
        self._ear = ear
        self._name = name
        self._file = file
        self._spend = spend
        self._known: dict[str, tuple[Any, float]] = pickle.loads(file.read_bytes()) if file.exists() else {}
        self.new = 0

    def recognise(self, samples: Samples, ask: Ask) -> Heard:
        heard: Heard
        heard, took = self._remember(samples, ask, lambda: self._ear.recognise(samples, ask))
        self._spend(took)
        return heard

    def place(self, samples: Samples, text: str, language: str) -> list[Word]:
        placed: list[Word]
        placed, _ = self._remember(samples, (text, language), lambda: self._ear.place(samples, text, language))
        return placed

    def save(self) -> None:
        self._file.write_bytes(pickle.dumps(self._known))

    def _remember(self, samples: Samples, about: object, call: Callable[[], object]) -> tuple[Any, float]:
        key = hashlib.sha256(samples.tobytes() + repr((self._name, about)).encode()).hexdigest()
        if key not in self._known:
            began = time.process_time()
            answer = call()
            self._known[key] = answer, time.process_time() - began
            self.new += 1
        return self._known[key]
