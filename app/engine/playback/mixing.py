"""Several voices as one sound: each as loud as wanted, together as fast as wanted, and always at the same second.

Told what was decoded, it gives blocks of 20 ms.  No files and no devices are known here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from app.engine.sources import BLOCK, RATE, Samples

Sound = NDArray[np.float32]
"""Mono, 48 kHz, full scale is 1."""

# The voices of a recording stay readable so far behind: another speed takes up what the old one had taken in advance.
_KEPT = RATE


class Mixer:
    """`put` what was decoded, `take` blocks.  `lacks` says for whom there is too little."""

    def __init__(self, people: Sequence[str], at: int = 0) -> None:
        """`at`: the sample of the recording that comes first."""
        self._voices = {person: _Buffer(at) for person in people}
        self._gains = dict.fromkeys(people, 1.0)
        self._were: dict[str, float] | None = None
        self._cursor = at
        self._tempo: Tempo | None = None

    def turn(self, person: str, gain: float) -> None:
        """How loud somebody is; 0: not at all."""
        self._gains[person] = gain

    def put(self, person: str, start: int, samples: Sound) -> None:
        self._voices[person].put(start, samples)

    def end(self, person: str) -> None:
        """Nothing more comes of them."""
        self._voices[person].until = None

    def lacks(self, ahead: int) -> list[str]:
        """Of whom less than so many samples are here."""
        return [
            person for person, voice in self._voices.items()
            if voice.until is not None and voice.until < self._cursor + ahead
        ]  # fmt: skip

    def until(self, person: str) -> int:
        """The sample up to which somebody who lacks some is known."""
        until = self._voices[person].until
        assert until is not None, "nothing more comes of them"
        return until

    def move(self, at: int) -> None:
        """To another place: what was decoded is forgotten."""
        self._cursor, self._were = at, None
        for person in self._voices:
            self._voices[person] = _Buffer(at)
        if self._tempo is not None:
            self._tempo = Tempo(self._tempo.rate)

    def set_rate(self, rate: float, at: int) -> None:
        """From sample `at`, which is the next to be heard."""
        self._tempo = Tempo(rate) if rate != 1.0 else None
        self._cursor = at

    def take(self) -> Samples | None:
        """The next 20 ms to be heard; None while somebody's sound is not here yet."""
        if self._tempo is None:
            mixed = self._mixed()
            return None if mixed is None else _whole(mixed)
        while (block := self._tempo.pull()) is None:
            mixed = self._mixed()
            if mixed is None:
                return None
            self._tempo.push(mixed)
        return _whole(block)

    def _mixed(self) -> Sound | None:
        if self.lacks(BLOCK):
            return None
        total = np.zeros(BLOCK, np.float32)
        were = self._were or self._gains
        for person, voice in self._voices.items():
            before, gain = were[person], self._gains[person]
            if before or gain:
                # A step in loudness would click.
                ramp = np.linspace(before, gain, BLOCK, dtype=np.float32) if before != gain else np.float32(gain)
                total += voice.read(self._cursor, BLOCK) * ramp
            voice.forget(self._cursor - _KEPT)
        self._were = dict(self._gains)
        self._cursor += BLOCK
        return total


class _Buffer:
    """Pieces of one voice; where none lies it is silent."""

    def __init__(self, at: int) -> None:
        self.until: int | None = at
        """How far it is known; None: to the end."""
        self._pieces: list[tuple[int, Sound]] = []

    def put(self, start: int, samples: Sound) -> None:
        self._pieces.append((start, samples))
        if self.until is not None:
            self.until = max(self.until, start + len(samples))

    def read(self, at: int, count: int) -> Sound:
        out = np.zeros(count, np.float32)
        for start, samples in self._pieces:
            first, last = max(start, at), min(start + len(samples), at + count)
            if last > first:
                out[first - at : last - at] += samples[first - start : last - start]
        return out

    def forget(self, before: int) -> None:
        while self._pieces and self._pieces[0][0] + len(self._pieces[0][1]) < before:
            del self._pieces[0]


class Tempo:
    """Faster or slower at the same pitch (libavfilter's `atempo`, WSOLA).

    What comes out lies `rate` times as far from the beginning as it did.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._graph: Any = av.filter.Graph()
        source = self._graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=Fraction(1, RATE))
        tempo, sink = self._graph.add("atempo", f"{rate}"), self._graph.add("abuffersink")
        source.link_to(tempo)
        tempo.link_to(sink)
        self._graph.configure()
        self._pushed = 0
        self._rest = np.zeros(0, np.float32)

    def push(self, sound: Sound) -> None:
        frame: Any = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._pushed, Fraction(1, RATE)
        self._pushed += len(sound)
        self._graph.push(frame)
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            while True:
                self._rest = np.concatenate([self._rest, self._graph.pull().to_ndarray().reshape(-1)])

    def pull(self) -> Sound | None:
        """20 ms; None before enough was pushed."""
        if len(self._rest) < BLOCK:
            return None
        block, self._rest = self._rest[:BLOCK], self._rest[BLOCK:]
        return block


def _whole(sound: Sound) -> Samples:
    samples: Samples = np.clip(sound * 32_767.0, -32_768, 32_767).astype(np.int16)
    return samples
