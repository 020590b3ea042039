"""Whisper, asked for one stretch of audio at a time.

The only file that knows CTranslate2 and faster-whisper.  It turns an `Ask` and its samples into words with times and
probabilities.  It keeps no memory between asks: what to ask, what to believe and what to show is decided in
`models.core`.

Whisper was trained on windows of 30 s, but its encoder takes shorter ones: ten seconds cost an eighth of the time.
Shorter windows need silence after the speech or the decoder runs on; see the README for the measurements.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from models.core.hearing import Ask, Heard, Kind, Word, normal
from models.core.naming import may_miss, says_any
from models.runtime import cuda
from sfu.rtp.errors import ErrorCode, UserError

if TYPE_CHECKING:
    from models.captions.whisper.decoder import Decoder, Special

Samples = npt.NDArray[np.float32]

log = logging.getLogger("models.captions")

RATE = 16_000
FRAMES_PER_SECOND = 100
FULL_WINDOW = 30.0
# Window lengths lie on a grid: one lays out memory for each.
GRID = 0.5
# The silence that must follow the speech, and the shortest window.  Below it the encoder is so far from what it was
# trained on that the decoder repeats itself; what decides a final is worth more than one more update of the screen.
PADDING = {
    Kind.PARTIAL: 1.2, Kind.FINAL: 2.0, Kind.HASTY: 2.0, Kind.CAREFUL: 0.0, Kind.TRANSLATION: 2.0,
    Kind.WHOLE: 0.0,
}
SHORTEST_WINDOW = {
    Kind.PARTIAL: 5.0, Kind.FINAL: 15.0, Kind.HASTY: 8.0, Kind.CAREFUL: FULL_WINDOW,
    Kind.TRANSLATION: 15.0, Kind.WHOLE: FULL_WINDOW,
}
# So many readings are followed side by side (beam search).  Whole phrases of the tuning clips: 10 words of 250 wrong
# instead of 13 in a window of 8 s, 8 instead of 15 in one of 15 s, for a fifth more work.  With two
# while a phrase grows words come 0.03 s sooner, and 0.6 more of 100 stay wrong.
BEAM = {
    Kind.PARTIAL: 5, Kind.FINAL: 5, Kind.HASTY: 1, Kind.CAREFUL: 5, Kind.TRANSLATION: 1, Kind.WHOLE: 1,
}
# Whisper writes Mandarin in either script; this sentence makes it simplified.
SCRIPT_PROMPTS = {"zh": "以下是普通话的句子。"}
# Hints beyond this are left out: every token costs a little in every pass, and a long list is recited more often.
MOST_HINT_TOKENS = 96
# The decoder's weights are in memory twice where it is hastened; not those of larger models than base (bytes).
MOST_HASTENED = 200 << 20
# Whisper's decoder has room for this many tokens, prefix and prompt included.
MOST_TOKENS = 448


@dataclass(frozen=True, slots=True)
class _Decoded:
    tokens: list[int]
    no_speech: float
    mean_logprob: float


class Whisper:
    """One loaded model.  Not for use by two threads at once."""

    def __init__(self, folder: Path, *, device: str = "cpu", compute: str = "int8", threads: int = 1) -> None:
        """Loads the CTranslate2 form in `folder`; UserError when it cannot be read or the device is not there."""
        kind, _, index = device.partition(":")
        if kind == "cuda":
            cuda.preload()
        import ctranslate2
        import tokenizers

        try:
            self._model = ctranslate2.models.Whisper(
                str(folder), device=kind, device_index=int(index or 0), compute_type=compute,
                intra_threads=threads, inter_threads=1,
            )
            self._tokens: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # ctranslate2 and tokenizers raise RuntimeError, ValueError and bare Exception
            sentence = f"the speech model in {folder} cannot be loaded on {device}: {error}"
            raise UserError(ErrorCode.MISSING_MODEL, sentence) from error
        # After the weights: its package is long in loading, and may be on its way in another thread (`VoiceModel`).
        from faster_whisper.feature_extractor import FeatureExtractor

        self._folder, self._device, self._compute, self._threads = folder, kind, compute, threads
        self._quick: Decoder | None = None
        self.multilingual: bool = self._model.is_multilingual
        self._features = FeatureExtractor(self._model.n_mels)
        self._end = self._id("<|endoftext|>")
        # Token ids can be asked for often; splitting words for a language is set up once.
        self._splitter = cache(self._make_splitter)

    def warm_up(self) -> None:
        """One short pass, so that the first words are not late; every further shape would save them 0.05 s, and cost
        whoever waits for a new worker half a second."""
        hum = 0.01 * np.sin(np.arange(2 * RATE, dtype=np.float32) * 0.05)
        self.recognise(hum, Ask(Kind.PARTIAL, 0.0, 2.0, (), "en", 8))

    def hasten(self) -> None:
        """Makes the decoder that passes over a growing phrase use from then on, where it is the quicker of the two: a
        second of work, which another thread may do."""
        if self._device != "cpu" or self._compute != "int8":
            return
        # Now, because ONNX is long in loading.
        from models.captions.whisper.decoder import Decoder, is_exact

        try:
            file = self._folder / "model.bin"
            if file.stat().st_size > MOST_HASTENED or not is_exact() or _leaving():
                return
            quick = Decoder(file, self._special(), self._threads)
        except (OSError, ValueError, KeyError) as error:
            log.info("this model is decoded by CTranslate2 alone", extra={"cause": str(error)})
            return
        if not _leaving() and self._is_quicker(quick):
            self._quick = quick

    def recognise(self, samples: Samples, ask: Ask) -> Heard:
        """Words in `samples` (16 kHz, -1..1), which are the audio from `ask.start` to `ask.end`."""
        encoded = self._encode(samples, ask.kind)
        if ask.kind is Kind.TRANSLATION:
            return self._translated(encoded, ask)
        # What no token stands for is guessed: a client may be newer than this model.
        language = (ask.language if self._knows(ask.language) else "") if self.multilingual else "en"
        guess, probability = "", 0.0
        if self.multilingual and (ask.guess or not language):
            guess, probability = self._detect(encoded)
            language = language or guess
        decoded = self._decode(encoded, replace(ask, hints=()), language)
        frames = len(samples) // (RATE // FRAMES_PER_SECOND)
        words = self._placed(encoded, decoded, language, frames, ask.start)
        told = self._told(encoded, ask, language, frames) if may_miss(words, ask.hints) else ()
        return Heard(words, language, decoded.no_speech, decoded.mean_logprob, guess, probability, told)

    def _translated(self, encoded: Any, ask: Ask) -> Heard:
        """One long "word": English words have no places in another language's sound."""
        decoded = self._decode(encoded, ask, ask.language)
        text = str(self._tokens.decode(decoded.tokens))
        words = (Word(text, tuple(decoded.tokens), ask.start, ask.end, math.exp(decoded.mean_logprob)),)
        return Heard(words if text.strip() else (), "en", decoded.no_speech, decoded.mean_logprob)

    def _told(self, encoded: Any, ask: Ask, language: str, frames: int) -> tuple[Word, ...]:
        """How it reads to who knows the hints; nothing when none of them is in it."""
        free = replace(ask, prefix=(), max_new_tokens=ask.max_new_tokens + len(ask.prefix))
        decoded = self._decode(encoded, free, language)
        said = str(self._tokens.decode(decoded.tokens))
        return self._placed(encoded, decoded, language, frames, ask.start) if says_any(said, ask.hints) else ()

    def _placed(
        self, encoded: Any, decoded: _Decoded, language: str, frames: int, start: float
    ) -> tuple[Word, ...]:
        return tuple(_shifted(word, start) for word in self._align(encoded, decoded.tokens, language, frames))

    def place(self, samples: Samples, text: str, language: str) -> list[Word]:
        """Where the words of a known text lie in `samples` (at most 30 s).  For measuring."""
        spoken = self._ids(text if language in SCRIPT_PROMPTS else f" {text}")
        frames = len(samples) // (RATE // FRAMES_PER_SECOND)
        return self._align(self._encode(samples, Kind.WHOLE), spoken, language, frames)

    # -- steps -----------------------------------------------------------------------------------------------

    def _encode(self, samples: Samples, kind: Kind) -> Any:
        import ctranslate2

        seconds = len(samples) / RATE + PADDING[kind]
        window = min(FULL_WINDOW, max(SHORTEST_WINDOW[kind], math.ceil(seconds / GRID) * GRID))
        padded = np.zeros(int(window * RATE), np.float32)
        heard = samples[: len(padded)]
        padded[: len(heard)] = heard
        features = self._features(padded, padding=0)[None, :, : int(window * FRAMES_PER_SECOND)]
        return self._model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(features, np.float32)))

    def _detect(self, encoded: Any) -> tuple[str, float]:
        token, probability = self._model.detect_language(encoded)[0][0]
        return str(token).strip("<|>"), float(probability)

    def _decode(self, encoded: Any, ask: Ask, language: str) -> _Decoded:
        translating = ask.kind is Kind.TRANSLATION
        before = [] if translating else self._before_speech(language, ask.hints)
        start = [*before, *self._start(language, translating), self._id("<|notimestamps|>")]
        if ask.kind is Kind.PARTIAL and self._quick is not None:
            return self._quickly(self._quick, encoded, ask, start)
        prompt = [*start, *ask.prefix]
        # CTranslate2 4.8 counts the prefix in max_length and takes half of it: too little looks like a restart.
        written = len(ask.prefix) + ask.max_new_tokens
        longest = min(MOST_TOKENS, max(2 * written, written + len(prompt)))
        result = self._model.generate(
            encoded, [prompt], beam_size=BEAM[ask.kind], max_length=longest, suppress_blank=not ask.prefix,
            return_scores=True, return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._end]
        if tuple(tokens[: len(ask.prefix)]) != ask.prefix:
            tokens = [*ask.prefix, *tokens]
        return _Decoded(tokens, float(result.no_speech_prob), float(result.scores[0]))

    def _quickly(self, quick: Decoder, encoded: Any, ask: Ask, start: list[int]) -> _Decoded:
        reading = quick.read(
            np.asarray(encoded), start, ask.prefix, ask.max_new_tokens, BEAM[ask.kind], ask.draft
        )
        return _Decoded(reading.tokens, reading.no_speech, reading.score)

    def _is_quicker(self, quick: Decoder) -> bool:
        """Measured, because it depends on the processor which library has the better product of matrices."""
        hum = Ask(Kind.PARTIAL, 0.0, 2.0, tuple(self._ids(" one two three four five six seven eight")), "en", 8)
        encoded = self._encode(np.zeros(2 * RATE, np.float32), hum.kind)
        start = [*self._start("en"), self._id("<|notimestamps|>")]
        mine = _quickest(lambda: self._quickly(quick, encoded, hum, start))
        theirs = _quickest(lambda: self._decode(encoded, hum, "en"))
        log.info("decoders compared", extra={"quick_s": round(mine, 3), "ctranslate2_s": round(theirs, 3)})
        return mine < theirs

    def _special(self) -> Special:
        from models.captions.whisper.decoder import Special

        config = json.loads((self._folder / "config.json").read_text("utf-8"))
        nothing = self._tokens.token_to_id("<|nospeech|>") or self._id("<|nocaptions|>")
        first = tuple(config["suppress_ids_begin"])
        return Special(self._id("<|startoftranscript|>"), self._end, nothing, tuple(config["suppress_ids"]), first)

    def _before_speech(self, language: str, hints: Sequence[str]) -> list[int]:
        """What the model is told was said before: nothing of the meeting (one odd word would breed more), but names."""
        in_script = self.multilingual and language in SCRIPT_PROMPTS
        # Latin names beside the script prompt made base write traditional characters: 6 wrong of 12 instead of 3.
        fitting = [hint for hint in hints if not (in_script and hint.isascii())]
        between, end = ("、", "。") if in_script else (", ", ".")
        told = self._ids(SCRIPT_PROMPTS[language]) if in_script else []
        for count in range(len(fitting), 0, -1):
            spelt = self._ids(("" if in_script else " ") + between.join(fitting[:count]) + end)
            if len(spelt) <= MOST_HINT_TOKENS:
                told += spelt
                break
        return [self._id("<|startofprev|>"), *told] if told else []

    def _start(self, language: str, translating: bool = False) -> list[int]:
        names = ["<|startoftranscript|>"]
        if self.multilingual:
            names += [f"<|{language}|>", "<|translate|>" if translating else "<|transcribe|>"]
        return [self._id(name) for name in names]

    def _knows(self, language: str) -> bool:
        return self._tokens.token_to_id(f"<|{language}|>") is not None

    def _id(self, special: str) -> int:
        found: int = self._tokens.token_to_id(special)
        return found

    def _ids(self, text: str) -> list[int]:
        return list(self._tokens.encode(text, add_special_tokens=False).ids)

    # -- words -----------------------------------------------------------------------------------------------

    def _align(self, encoded: Any, tokens: list[int], language: str, frames: int) -> list[Word]:
        """Words with times, from the decoder's attention to the audio (in seconds from its start)."""
        if not tokens:
            return []
        found = self._model.align(encoded, self._start(language), [tokens], max(4, frames))[0]
        token_at = np.array([pair[0] for pair in found.alignments])
        frame_at = np.array([pair[1] for pair in found.alignments])
        jumps = np.pad(np.diff(token_at), (1, 0), constant_values=1).astype(bool)
        times = frame_at[jumps] / 50.0      # the encoder halves the frame rate
        texts, groups = self._splitter(language)([*tokens, self._end])
        words: list[Word] = []
        place = 0
        for text, group in zip(texts[:-1], groups[:-1], strict=True):
            start, end = (float(times[min(at, len(times) - 1)]) for at in (place, place + len(group)))
            probability = float(min(found.text_token_probs[place : place + len(group)], default=0.0))
            _append(words, Word(text, tuple(group), start, end, probability, tuple(group)))
            place += len(group)
        return words

    def _make_splitter(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        task = "transcribe" if self.multilingual else None
        return Tokenizer(
            self._tokens, self.multilingual, task=task, language=language if self.multilingual else None
        ).split_to_word_tokens


def _leaving() -> bool:
    """The program waits for this thread to end."""
    return not threading.main_thread().is_alive()


def _quickest(call: Callable[[], object], times: int = 3) -> float:
    """Seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        found.append(time.perf_counter() - began)
    return min(found)


def _append(words: list[Word], word: Word) -> None:
    """Punctuation joins the word before it; so does a piece of an English word that was split from its beginning."""
    before = words[-1] if words else None
    if before is None or (normal(word.text) and (word.text.startswith(" ") or not word.text.isascii())):
        words.append(word)
    elif normal(word.text):
        words[-1] = Word(
            before.text + word.text, before.tokens + word.tokens, before.start, word.end,
            min(before.probability, word.probability), before.tokens + word.tokens,
        )
    else:
        words[-1] = Word(
            before.text + word.text, before.tokens + word.tokens, before.start, before.end, before.probability,
            before.bare_tokens,
        )


def _shifted(word: Word, by: float) -> Word:
    return Word(word.text, word.tokens, word.start + by, word.end + by, word.probability, word.bare_tokens)

