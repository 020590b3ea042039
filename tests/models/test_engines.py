"""Another recogniser needs one folder and one line in the catalogue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.captions.engines import Recogniser, engine
from models.captions.whisper import load as load_whisper
from models.catalogue import shipped_catalogue
from models.core.hearing import Ask, Heard, Kind, Word
from models.runtime.task import Setup
from sfu.rtp.errors import UserError

SETUP = Setup("parrot", Path(), "cpu", "int8", 1, lambda: 0.0)


class Parrot:
    def recognise(self, samples: object, ask: Ask) -> Heard:
        return Heard((Word(" hello", (1,), ask.start, ask.end, 1.0),), ask.language)


def load(folder: Path, setup: Setup) -> Recogniser:
    return Parrot()


def test_an_engine_is_a_module_that_loads_a_folder() -> None:
    parrot = engine("tests.models.test_engines")(Path(), SETUP)

    heard = parrot.recognise(np.zeros(16_000, np.float32), Ask(Kind.FINAL, 0.0, 1.0, (), "en", 10))
    assert [word.text for word in heard.words] == [" hello"]


def test_every_captions_model_of_the_catalogue_has_an_engine() -> None:
    models = [model for model in shipped_catalogue() if model.task == "captions"]

    assert len(models) >= 7
    assert {engine(model.engine) for model in models} == {load_whisper}


def test_an_engine_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UserError, match="no engine 'moonbeam'"):
        engine("moonbeam")
