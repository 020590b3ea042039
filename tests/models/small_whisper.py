"""A Whisper of two small layers with weights by chance, in CTranslate2's form: what it writes means nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import tokenizers
from ctranslate2.specs.whisper_spec import WhisperSpec

WIDTH, HEADS, LAYERS, MELS, PLACES, TOKENS = 64, 1, 2, 80, 250, 90
WORDS, END, START, LANGUAGE, TRANSCRIBE, TRANSLATE = 80, 80, 81, 82, 84, 83
NO_SPEECH, NO_TIMES = 87, 88
SPECIAL = [
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>",
    "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>", "<|0.00|>",
]  # fmt: skip
NEVER = (3, *range(START, TOKENS))


def write(folder: Path, seed: int) -> None:
    chance = np.random.default_rng(seed)
    spec = WhisperSpec(1, HEADS, LAYERS, HEADS)
    encoder: Any = spec.encoder
    for conv, inputs in ((encoder.conv1, MELS), (encoder.conv2, WIDTH)):
        conv.weight, conv.bias = _numbers(chance, (WIDTH, inputs, 3), 0.05), _numbers(chance, (WIDTH,), 0.1)
    encoder.position_encodings.encodings = _numbers(chance, (PLACES, WIDTH), 1.0)
    decoder: Any = spec.decoder
    decoder.position_encodings.encodings = _numbers(chance, (448, WIDTH), 0.5)
    decoder.embeddings.weight = decoder.projection.weight = _numbers(chance, (TOKENS, WIDTH), 1.0)
    for layer in (*encoder.layer, *decoder.layer):
        _block(chance, layer.self_attention, 3)
        _dense(chance, layer.ffn.linear_0, WIDTH, 4 * WIDTH)
        _dense(chance, layer.ffn.linear_1, 4 * WIDTH, WIDTH)
        _norm(chance, layer.ffn.layer_norm)
    for layer in decoder.layer:
        _block(chance, layer.attention, 1)
    _norm(chance, encoder.layer_norm)
    _norm(chance, decoder.layer_norm)
    spec.register_vocabulary([f"w{number}" for number in range(WORDS)] + SPECIAL)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = list(NEVER), [END]
    spec.config.lang_ids, spec.config.alignment_heads = [LANGUAGE], [(0, 0)]
    spec.validate()
    spec.optimize(quantization="float16")
    spec.save(str(folder))
    words = {f"w{number}": number for number in range(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="w0"))
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.save(str(folder / "tokenizer.json"))


def encoded(model: Any, seed: int) -> Any:
    features = np.random.default_rng(seed).normal(size=(1, MELS, 2 * PLACES)).astype(np.float32)
    return model.encode(ctranslate2.StorageView.from_array(features))


def _block(chance: Any, block: Any, first: int) -> None:
    sizes = [3 * WIDTH, WIDTH] if first == 3 else [WIDTH, 2 * WIDTH, WIDTH]
    for linear, size in zip(block.linear, sizes, strict=True):
        _dense(chance, linear, WIDTH, size)
    _norm(chance, block.layer_norm)


def _dense(chance: Any, dense: Any, inputs: int, outputs: int) -> None:
    dense.weight, dense.bias = _numbers(chance, (outputs, inputs), inputs**-0.5), _numbers(chance, (outputs,), 0.1)


def _norm(chance: Any, norm: Any) -> None:
    norm.gamma, norm.beta = 1 + _numbers(chance, (WIDTH,), 0.1), _numbers(chance, (WIDTH,), 0.1)


def _numbers(chance: Any, shape: tuple[int, ...], size: float) -> Any:
    return (size * chance.normal(size=shape)).astype(np.float32)
