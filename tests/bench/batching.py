"""Throughput with calls answered in batches over one at a time, on the model that is here: Whisper's encoder, whose
windows go in one batch.  On a GPU with `--device cuda:0`.

    python -m tests.bench batching [--device cpu] [--seconds N] [--json]
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

import numpy as np

from models.registry import Registry, default_models_dir
from models.runtime.devices import compute_type
from sfu.rtp.errors import UserError

SHORT = ["--seconds", "3"]
BATCH = 8
MEL, FRAMES = 80, 500


def windows_per_s(model: Any, batch: int, seconds: float) -> float:
    """Encoder windows of five seconds that are encoded each second, `batch` at once."""
    import ctranslate2

    features = ctranslate2.StorageView.from_array(np.zeros((batch, MEL, FRAMES), np.float32))
    model.encode(features, to_cpu=True)
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        model.encode(features, to_cpu=True)
        done += batch
    return done / (time.perf_counter() - began)


def run(argv: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench batching")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args(argv)
    import ctranslate2

    try:
        folder = Registry(default_models_dir()).path("whisper-base")
    except UserError as missing:
        raise LookupError(missing.sentence) from missing
    kind, _, index = options.device.partition(":")
    model = ctranslate2.models.Whisper(
        str(folder), device=kind, device_index=int(index or 0), compute_type=compute_type(options.device),
        intra_threads=max(1, (os.cpu_count() or 2) - 1),
    )
    single = windows_per_s(model, 1, options.seconds)
    batched = windows_per_s(model, BATCH, options.seconds)
    return {
        "speedup": round(batched / single, 2),
        "single_per_s": round(single, 1),
        "batched_per_s": round(batched, 1),
        "device": options.device,
    }
