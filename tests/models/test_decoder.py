"""The decoder on onnxruntime reads as CTranslate2's does, from the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest

from models.captions.whisper import decoder, model, weights
from models.captions.whisper.decoder import Decoder, Search, Special, is_exact
from models.captions.whisper.model import Whisper
from models.core.hearing import Ask, Kind
from tests.models import small_whisper as small

BEFORE = [small.START, small.LANGUAGE, small.TRANSCRIBE, small.NO_TIMES]
SEEDS = range(6)


@pytest.fixture(scope="module", params=[1, 2])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("whisper")
    small.write(made, request.param)
    return made


@pytest.fixture
def theirs(folder: Path) -> Any:
    return ctranslate2.models.Whisper(str(folder), compute_type="float32", intra_threads=1)


@pytest.fixture
def ours(folder: Path) -> Decoder:
    special = Special(small.START, small.END, small.NO_SPEECH, small.NEVER, (small.END,))
    return Decoder(folder / "model.bin", special)


def their_reading(model: Any, encoded: Any, prefix: list[int], most: int, readings: int) -> Any:
    written = len(prefix) + most
    return model.generate(
        encoded, [[*BEFORE, *prefix]], beam_size=readings, max_length=2 * written, return_scores=True,
        suppress_blank=not prefix, return_no_speech_prob=True,
    )[0]


@pytest.mark.parametrize("prefix", [[], [5, 17, 60, 2]])
@pytest.mark.parametrize("readings", [1, 5])
def test_reads_what_ctranslate2_reads(theirs: Any, ours: Decoder, prefix: list[int], readings: int) -> None:
    """INT8 against 32 bit: where two words are nearly as likely they may differ, so most readings agree, not all."""
    alike = 0
    for seed in SEEDS:
        sound = small.encoded(theirs, seed)
        expected = their_reading(theirs, sound, prefix, 4, readings)
        reading = ours.read(np.asarray(sound), BEFORE, prefix, 4, readings)
        assert reading.tokens[: len(prefix)] == prefix
        assert reading.no_speech == pytest.approx(expected.no_speech_prob, rel=0.5, abs=0.02)
        alike += reading.tokens == expected.sequences_ids[0]
        if reading.tokens == expected.sequences_ids[0]:
            assert reading.score == pytest.approx(expected.scores[0], abs=0.2)
    assert alike >= len(SEEDS) - 2


def test_says_nothing_that_is_barred(ours: Decoder, theirs: Any) -> None:
    for seed in SEEDS:
        reading = ours.read(np.asarray(small.encoded(theirs, seed)), BEFORE, [], 12, 5)
        assert 0 < len(reading.tokens) <= 12
        assert not set(reading.tokens) & {*small.NEVER, small.END}


def steps_of(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens each step has, from now on."""
    steps: list[int] = []
    go = decoder._go

    def noted(state: Any, tokens: Any, *rest: Any) -> Any:
        steps.append(tokens.shape[1])
        return go(state, tokens, *rest)

    monkeypatch.setattr(decoder, "_go", noted)
    return steps


@pytest.mark.parametrize("prefix", [[], [5, 17]])
def test_what_comes_again_is_read_in_one_step(
    ours: Decoder, theirs: Any, monkeypatch: pytest.MonkeyPatch, prefix: list[int]
) -> None:
    sound = np.asarray(small.encoded(theirs, 3))
    plain = ours.read(sound, BEFORE, prefix, 8, 1)
    steps = steps_of(ours, monkeypatch)
    again = ours.read(sound, BEFORE, prefix, 8, 1, plain.tokens[len(prefix) :])
    assert again.tokens == plain.tokens
    assert again.no_speech == pytest.approx(plain.no_speech, rel=0.3, abs=0.02)
    assert steps == [len(BEFORE) + len(plain.tokens) - 1]


@pytest.mark.parametrize("readings", [1, 5])
def test_a_draft_that_is_wrong_changes_nothing_that_is_read(ours: Decoder, theirs: Any, readings: int) -> None:
    """INT8 as above: rows that are read together share a scale."""
    alike = 0
    for seed in SEEDS:
        sound = np.asarray(small.encoded(theirs, seed))
        plain = ours.read(sound, BEFORE, [5], 6, readings)
        wrong = [(token + 1) % small.WORDS for token in plain.tokens[1:]]
        alike += ours.read(sound, BEFORE, [5], 6, readings, wrong).tokens == plain.tokens
    assert alike >= len(SEEDS) - 2


def test_of_a_draft_that_is_wrong_in_the_middle_the_beginning_stands(
    ours: Decoder, theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = np.asarray(small.encoded(theirs, 3))
    plain = ours.read(sound, BEFORE, [], 8, 1)
    assert len(plain.tokens) >= 4
    draft = list(plain.tokens)
    draft[2] = (draft[2] + 1) % small.WORDS
    steps = steps_of(ours, monkeypatch)
    reading = ours.read(sound, BEFORE, [], 8, 1, draft)
    assert reading.tokens[:2] == plain.tokens[:2]
    assert reading.tokens[2] != draft[2]
    assert len(reading.tokens) <= 8
    assert steps[1:] == [1] * (len(steps) - 1)


def test_the_file_is_read_as_it_was_written(folder: Path) -> None:
    arrays = weights.read(folder / "model.bin")
    assert arrays["decoder/projection/weight"].shape == (small.TOKENS, small.WIDTH)
    assert arrays["decoder/embeddings/weight"].dtype == np.float16
    assert int(arrays["decoder/num_heads"]) == small.HEADS
    assert np.isfinite(arrays["decoder/layer_1/ffn/linear_1/weight"]).all()


@pytest.mark.parametrize("damage", ["cut", "version", "text", "empty"])
def test_a_damaged_file_is_refused(folder: Path, tmp_path: Path, damage: str) -> None:
    content = bytearray((folder / "model.bin").read_bytes())
    if damage == "cut":
        del content[-2000:]
    elif damage == "empty":
        content.clear()
    else:
        content[0 if damage == "version" else 28] = 255
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(ValueError, match=r"binary version|cut off|empty"):
        weights.read(tmp_path / "model.bin")


# -- in the engine -----------------------------------------------------------------------------------------------------

GROWING = Ask(Kind.PARTIAL, 0.0, 2.0, (5, 17), "en", 4)
SOUND = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)


def test_a_growing_phrase_is_read_by_whichever_is_quicker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, ...]] = []
    read = Decoder.read

    def noted(self: Decoder, encoded: Any, prompt: list[int], prefix: tuple[int, ...], *rest: Any) -> Any:
        asked.append(prefix)
        return read(self, encoded, prompt, prefix, *rest)

    monkeypatch.setattr(Decoder, "read", noted)
    whisper = Whisper(folder)
    before = whisper.recognise(SOUND, GROWING)
    seconds = iter([2.0, 1.0, 1.0, 2.0])     # first the other is quicker, then this
    monkeypatch.setattr(model, "_quickest", lambda call: next(seconds))
    whisper.hasten()
    assert whisper.recognise(SOUND, GROWING) == before
    assert not asked
    whisper.hasten()
    after = whisper.recognise(SOUND, GROWING)
    assert asked == [(5, 17)]
    assert [word.tokens for word in after.words][:2] == [word.tokens for word in before.words][:2]


@pytest.mark.parametrize("why", ["inexact", "damaged", "away", "large", "float"])
def test_ctranslate2_reads_alone_where_the_other_cannot(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    whisper = Whisper(folder, compute="float32" if why == "float" else "int8")
    monkeypatch.setattr(decoder, "is_exact", lambda: why != "inexact")
    monkeypatch.setattr(Whisper, "_is_quicker", lambda self, quick: True)
    if why == "large":
        monkeypatch.setattr(model, "MOST_HASTENED", 1000)
    if why == "damaged":
        (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
        (tmp_path / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:-100])
        whisper._folder = tmp_path
    if why == "away":
        whisper._folder = tmp_path
    whisper.hasten()
    assert whisper._quick is None
    assert whisper.recognise(SOUND, GROWING).words


# -- which reading is followed: scores and ids as a decoder gives them, token 9 ends -----------------------------------


def test_the_likeliest_whole_is_found_where_its_first_word_is_not_the_likeliest() -> None:
    search = Search([], 9, 2)
    origin, tokens = search.first(np.log([0.6, 0.4]), np.array([1, 2]))
    assert (origin.tolist(), tokens.tolist()) == ([0, 0], [1, 2])
    # After 1 nothing is likely, after 2 one word is sure.
    origin, tokens = search.next(np.log([[0.3, 0.2], [0.9, 0.05]]), np.array([[3, 4], [5, 6]]))
    assert (origin.tolist(), tokens.tolist()) == ([1, 0], [5, 3])
    search.next(np.log([[0.9, 0.05], [0.9, 0.05]]), np.array([[9, 3], [9, 3]]))
    assert search.over
    tokens_best, score = search.best()
    assert tokens_best == [2, 5]
    assert score == pytest.approx(np.log(0.4 * 0.9 * 0.9) / 2)


def test_an_end_before_the_first_word_is_believed_only_where_it_is_likeliest() -> None:
    search = Search([7], 9, 1)
    search.first(np.log([0.9, 0.1]), np.array([9, 1]))
    assert search.over
    assert search.best()[0] == [7]
    search = Search([7], 9, 2)
    search.first(np.log([0.5, 0.4, 0.1]), np.array([1, 9, 2]))
    assert not search.over
    assert search.best()[0] == [7, 1]


def test_what_has_not_ended_in_time_is_the_reading_all_the_same() -> None:
    search = Search([], 9, 2)
    search.first(np.log([0.6, 0.4]), np.array([1, 2]))
    search.next(np.log([[0.8, 0.1], [0.3, 0.2]]), np.array([[3, 9], [4, 5]]))
    assert search.best()[0] == [1, 3]


def test_products_of_eight_bits_are_tried() -> None:
    assert isinstance(is_exact(), bool)
