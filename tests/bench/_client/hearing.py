"""How late Ana's voice is, how much of its own sound comes back to her, and whether lips and voice go together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.engine.sources import RATE
from tests.bench._client.card import Tape
from tests.bench._client.speech import Room, speech

WINDOW_S, LONGEST_S = 1.0, 0.6
"""Of speech that is looked for, and how late it may be."""
CLEAR = 0.5
"""Least correlation with which speech is recognised."""


def voice(heard: Tape, began: float) -> dict[float, float]:
    """How late Ana's voice was, by the instant at which it was heard; for every second in which it can be told."""
    said = speech()
    found = {}
    at = began
    while at < time.monotonic() - WINDOW_S - 0.1:
        original = said.get(at - LONGEST_S, round((WINDOW_S + LONGEST_S) * RATE))
        late = lag(original, heard.get(at, round(WINDOW_S * RATE)))
        if late is not None:
            found[at + WINDOW_S / 2] = late
        at += WINDOW_S / 2
    if not found:
        raise LookupError("nothing of what Ana said was heard")
    return found


def lag(original: Any, heard: Any) -> float | None:
    """Seconds by which `heard` follows; None where they do not resemble each other."""
    a, b = original.astype(np.float64), heard.astype(np.float64)
    size = 1 << (a.size + b.size).bit_length()
    products = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)[: a.size - b.size + 1]
    power = np.square(a).cumsum()
    energy = power[b.size - 1 :] - np.concatenate([[0.0], power[: -b.size]])
    likeness = products / np.sqrt(np.maximum(energy * np.square(b).sum(), 1.0))
    best = int(np.argmax(likeness))
    return LONGEST_S - best / RATE if likeness[best] > CLEAR else None


def echo_loss(heard: Tape, hers: Tape, began: float) -> float:
    """Decibels between the echo in the window's microphone and what of it reached Ana's loudspeaker."""
    count = round((time.monotonic() - began - 0.5) * RATE)
    echo = Room(heard).hears(began, count, hiss=False).astype(np.float64)
    left = hers.get(began, count).astype(np.float64)
    return round(float(10 * np.log10(np.mean(np.square(echo)) / max(float(np.mean(np.square(left))), 1e-3))), 1)


def skews(seen: Sequence[tuple[float, float]], heard: dict[float, float]) -> list[float]:
    """Of every picture that was shown: how much later it was than the voice around it."""
    times = np.array(list(heard))
    late = np.array(list(heard.values()))
    skews = []
    for at, code in seen:
        nearest = int(np.argmin(np.abs(times - at)))
        if abs(times[nearest] - at) < WINDOW_S:
            skews.append(abs(at - code - float(late[nearest])))
    return skews
