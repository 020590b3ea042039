"""Another recogniser needs one folder: its code, and the catalogue of its models."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

import models.captions
from models import catalogue
from models.captions.engines import engine
from models.captions.task import Captions
from models.captions.whisper import load as load_whisper
from models.catalogue import shipped_catalogue, translates
from models.runtime.task import Setup
from models.wire import Chunk, OpenStream, Result
from sfu.rtp.errors import UserError
from tests.models.test_plane import CLIP, opus

WEIGHTS = b"squawk"
CODE = """
from models.core.hearing import Heard, Word


class Parrot:
    def __init__(self, word):
        self.word = word

    def recognise(self, samples, ask):
        places = range(round(ask.start / 0.4), int(ask.end / 0.4))
        words = [Word(f" {self.word}{n}", (n,), 0.4 * n, 0.4 * n + 0.3, 0.95) for n in places]
        return Heard(tuple(words), ask.language or "en", 0.0, -0.2, "en", 0.95)


def load(folder, setup):
    return Parrot((folder / "parrot.onnx").read_text())
"""
CATALOGUE = f"""
[[model]]
id = "parrot-grey"
title = "Parrot"
task = "captions"
engine = "parrot"
format = "onnx"
licence = "CC0-1.0"
upstream = "https://example.org/parrot"
input = "mono PCM, 16 kHz"
languages = ["en"]
memory_mb = 10
needs = "any"
speed = "fast"

[[model.file]]
name = "parrot.onnx"
size = {len(WEIGHTS)}
sha256 = "{hashlib.sha256(WEIGHTS).hexdigest()}"

[[model.source]]
kind = "url"
base = "https://example.org/parrot/"
"""


@pytest.fixture
def parrot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a recogniser, beside that of Whisper, and its weights among the models; the folder of those."""
    engines, weights = tmp_path / "captions", tmp_path / "models"
    (engines / "parrot").mkdir(parents=True)
    (engines / "parrot" / "__init__.py").write_text(CODE, "utf-8")
    (engines / "parrot" / "catalogue.toml").write_text(CATALOGUE, "utf-8")
    (weights / "parrot-grey").mkdir(parents=True)
    (weights / "parrot-grey" / "parrot.onnx").write_bytes(WEIGHTS)
    monkeypatch.setattr(models.captions, "__path__", [*models.captions.__path__, str(engines)])
    monkeypatch.setattr(catalogue, "ENGINES", engines)
    monkeypatch.delitem(sys.modules, "models.captions.parrot", raising=False)
    return weights


def test_a_recogniser_in_a_folder_of_its_own_captions_a_track(parrot: Path) -> None:
    now = [1000.0]
    task = Captions(Setup("parrot-grey", parrot, "cpu", "int8", 1, lambda: now[0]))
    task.load()
    task.open(OpenStream(stream="ana", task="captions", codec="opus", clock_rate=48_000, language="en"))
    told = []
    for number, packet in enumerate(opus(CLIP)):
        now[0] += 0.02
        chunk = Chunk(stream="ana", sequence=number, timestamp=960 * number, level_dbov=1)
        chunk.capture_us = int((now[0] - 0.02) * 1e6)
        task.feed(chunk, packet)
        told += task.work()

    captions = [body.caption for body in told if isinstance(body, Result) and body.HasField("caption")]
    assert any(caption.tail for caption in captions)
    assert [caption.committed.split()[0].rstrip("0123456789") for caption in captions if caption.final] == ["squawk"]


def test_what_its_models_know_is_what_its_catalogue_says(parrot: Path) -> None:
    model = shipped_catalogue().get("parrot-grey")

    assert model is not None
    assert (model.understands("en"), model.understands("zh"), translates(model.id)) == (True, False, False)


def test_every_captions_model_of_the_catalogue_has_an_engine() -> None:
    known = [model for model in shipped_catalogue() if model.task == "captions"]

    assert len(known) >= 7
    assert {engine(model.engine) for model in known} == {load_whisper}


def test_an_engine_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UserError, match="no engine 'moonbeam'"):
        engine("moonbeam")
