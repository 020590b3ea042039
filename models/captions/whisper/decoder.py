"""Whisper's decoder on onnxruntime: several readings are followed side by side (beam search), and the tokens that are
known beforehand, or are likely to come again, are read in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.captions.whisper.graph import NEVER, layers, memory_graph, product_graph, step_graph
from models.captions.whisper.weights import Array, read

MOST_READINGS = 5

Encoded = npt.NDArray[np.float32]
"""The encoder's output [1, places, width]."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`tokens`: those of the prefix first; `score`: the mean logarithm of their probabilities; `no_speech`: how
    probable it is that nobody speaks."""

    tokens: list[int]
    score: float
    no_speech: float


@dataclass(frozen=True, slots=True)
class Special:
    """Token ids."""

    start: int                      # of a transcript
    end: int
    no_speech: int
    never: tuple[int, ...]          # not words
    not_first: tuple[int, ...]      # without a prefix


def is_exact() -> bool:
    """Whether products of 8 bit numbers come out right: without VNNI a processor may cut sums of two off at 16 bit."""
    rows, columns = np.full((1, 64), 255.0, np.float32), {"w/weight": np.full((16, 64), 127, np.float32)}
    product = _session(product_graph(columns, "w")).run(None, {"x": rows})[0]
    return bool(np.allclose(product, 64 * 255 * 127, rtol=1e-3))


class Decoder:
    """Not for use by two threads at once."""

    def __init__(self, file: Path, special: Special, threads: int = 1) -> None:
        """`file`: of `weights`.  Raises OSError, ValueError, and KeyError when it is no Whisper."""
        self._special = special
        self._memory = _session(memory_graph(read(file)), threads)
        self._step = _session(step_graph(read(file), special.no_speech, 2 * MOST_READINGS), threads)
        arrays = read(file)     # anew: of this mapping only the rows of tokens that are asked for become resident
        self._tokens = arrays["decoder/embeddings/weight"]
        self._places = np.asarray(arrays["decoder/position_encodings/encodings"], np.float32)
        heads = int(arrays["decoder/num_heads"])
        self._unread = np.zeros((1, heads, 0, self._tokens.shape[1] // heads), np.float32)
        self._pasts = [f"p{kind}{layer}" for layer in range(layers(arrays)) for kind in "kv"]
        self._barred = np.zeros(len(self._tokens), np.float32)
        self._barred[list(special.never)] = NEVER
        self._barred_first = self._barred.copy()
        self._barred_first[list(special.not_first)] = NEVER

    def read(
        self, encoded: Encoded, prompt: Sequence[int], prefix: Sequence[int], most: int, readings: int,
        draft: Sequence[int] = (),
    ) -> Reading:  # fmt: skip
        """`prompt`: what comes before the transcript's words; `prefix`: the words it begins with; `most` tokens more
        are written, and so many `readings` followed (`MOST_READINGS` at most).

        `draft`: what probably follows the prefix.  It is taken over as far as each of its tokens is the likeliest, as
        one reading alone would have it (greedy speculative decoding: Leviathan et al., 2023).
        """
        state = dict(_results(self._memory, {"memory": encoded}), **dict.fromkeys(self._pasts, self._unread))
        draft = draft[: most - 1]
        known = [*prompt, *prefix, *draft]
        last = len(prompt) + len(prefix) - 1
        barred = self._barred if prefix or draft else self._barred_first
        asked = [prompt.index(self._special.start), *range(last, len(known))]
        made = self._go(state, np.array([known]), 0, {"at": asked, "origin": [0], "barred": barred})
        # Nobody's speaking is barred itself: not in the sum to which scores are relative.
        no_speech = 1 / (1 + np.exp(made["logits"][0, 0] - made["scores"][0, 0] - made["nothing"][0]))
        taken = _agreed(draft, made["ids"][1:, 0])
        del known[last + 1 + taken :]
        state.update((past, state[past][:, :, : len(known)]) for past in self._pasts)
        search = Search([*prefix, *draft[:taken]], self._special.end, readings)
        origin, tokens = search.first(made["scores"][1 + taken], made["ids"][1 + taken])
        most -= taken
        for place in range(len(known), min(len(known) + most - 1, len(self._places))):
            if search.over:
                break
            made = self._go(state, tokens[:, None], place, {"at": [0], "origin": origin, "barred": self._barred})
            origin, tokens = search.next(made["scores"], made["ids"])
        return Reading(*search.best(), float(no_speech))

    def _go(self, state: dict[str, Any], tokens: Array, place: int, options: dict[str, Any]) -> dict[str, Any]:
        """One step from `place` on; what has been read until then is in `state`."""
        new = tokens.shape[1]
        later = np.triu(np.full((new, new), NEVER, np.float32), 1)
        feed = {name: np.asarray(value) for name, value in options.items()}
        feed["embedded"] = self._tokens[tokens].astype(np.float32) + self._places[place : place + new]
        feed["mask"] = np.concatenate([np.zeros((new, place), np.float32), later], axis=1)
        made = _results(self._step, {**state, **feed})
        state.update((past, made[f"n{past[1:]}"]) for past in self._pasts)
        return made


def _agreed(draft: Sequence[int], likeliest: Array) -> int:
    """How many tokens of `draft` are the `likeliest`, from the first on."""
    return next((place for place, token in enumerate(draft) if token != likeliest[place]), len(draft))


class Search:
    """Beam search as CTranslate2 does it: over when as many readings have ended as are followed."""

    def __init__(self, prefix: list[int], end: int, readings: int) -> None:
        self._end = end
        self._readings = readings
        self._alive: list[tuple[float, list[int]]] = [(0.0, prefix)]
        self._ended: list[tuple[float, list[int]]] = []

    @property
    def over(self) -> bool:
        return len(self._ended) >= self._readings

    def first(self, scores: Array, ids: Array) -> tuple[Array, Array]:
        """`next`, of the first word.  That there is none is believed only where that is likeliest."""
        scores = scores.copy()
        scores[1:][ids[1:] == self._end] = NEVER
        return self.next(scores[None], ids[None])

    def next(self, scores: Array, ids: Array) -> tuple[Array, Array]:
        """`scores` and `ids` [readings, best] of what may follow each -> which of them go on, and with which tokens."""
        sums = np.array([score for score, _ in self._alive])[:, None] + scores
        best = np.argsort(-sums, axis=None, kind="stable")[: 2 * self._readings]
        going: list[tuple[float, list[int], int]] = []
        for rank, (row, column) in enumerate(zip(*np.unravel_index(best, sums.shape), strict=True)):
            score, before, token = float(sums[row, column]), self._alive[row][1], int(ids[row, column])
            if token != self._end:
                going.append((score, [*before, token], int(row)))
            elif rank < self._readings:
                self._ended.append((score / max(1, len(before)), before))
        self._alive = [(score, tokens) for score, tokens, _ in going[: self._readings]]
        rows = [row for *_, row in going[: self._readings]]
        return np.array(rows), np.array([tokens[-1] for _, tokens in self._alive])

    def best(self) -> tuple[list[int], float]:
        """Tokens and score."""
        alive = [] if self.over else [(score / len(tokens), tokens) for score, tokens in self._alive]
        score, tokens = max([*self._ended, *alive], key=lambda each: each[0])
        return tokens, score


def _session(content: bytes, threads: int = 1) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads, options.intra_op_num_threads = 1, threads
    options.log_severity_level = 3
    # Weights are laid out anew while they are loaded; the session's own allocator would keep the room of the old ones,
    # and the session its file: 100 MB.
    options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    session._model_bytes = b""
    return session


def _results(session: Any, feed: dict[str, Any]) -> dict[str, Any]:
    return dict(zip([each.name for each in session.get_outputs()], session.run(None, feed), strict=True))
