"""Which recogniser hears: the model that was asked for, or, when the computer cannot keep up, a smaller one.

The smaller one is loaded when it is first needed.  Within a phrase the prefix that was committed is one model's tokens,
so only what has no prefix goes to the other.
"""

from __future__ import annotations

import logging
from pathlib import Path

from models.captions.audio import Samples
from models.captions.engines import Recogniser, engine
from models.catalogue import USUAL_ENGINE, shipped_catalogue
from models.core.effort import Effort
from models.core.hearing import Ask, Heard, Kind
from models.recommend import smaller
from models.registry import Registry, State
from models.runtime.task import Setup
from sfu.rtp.errors import ErrorCode, UserError

log = logging.getLogger("models.captions")


class Ears:
    """`spare`: catalogue id of the smaller model that is here, "" for none."""

    def __init__(self, setup: Setup, main: Recogniser, spare: str) -> None:
        self._setup = setup
        self.main = main
        self.spare = spare
        self._spare = shipped_catalogue().get(spare)
        self._small: Recogniser | None = None
        self._with_small: set[str] = set()

    def hear(self, stream: str, samples: Samples, ask: Ask, effort: Effort) -> Heard:
        if ask.kind is Kind.TRANSLATION:
            return self.main.recognise(samples, ask)
        if not ask.prefix:
            self._choose(stream, ask.language, effort)
        ear = self._small if stream in self._with_small and self._small is not None else self.main
        return ear.recognise(samples, ask)

    def forget(self, stream: str) -> None:
        self._with_small.discard(stream)

    def model(self, effort: Effort) -> str:
        """The one that hears what begins now; "" for the usual one."""
        return self.spare if effort is Effort.SMALL else ""

    def _choose(self, stream: str, language: str, effort: Effort) -> None:
        self._with_small.discard(stream)
        if effort is not Effort.SMALL or self._spare is None or not language or not self._spare.understands(language):
            return
        if self._small is None:
            log.info("a smaller model takes over", extra={"model": self.spare})
            self._small = load(self._setup, self.spare)
        self._with_small.add(stream)


def load(setup: Setup, model: str) -> Recogniser:
    """Raises UserError."""
    known = shipped_catalogue().get(model)
    return engine(known.engine if known is not None else USUAL_ENGINE)(Registry(setup.models).path(model), setup)


def spare(setup: Setup) -> str:
    """The best smaller model that is on this computer; "" when there is none."""
    catalogue, registry = shipped_catalogue(), Registry(setup.models)
    model = catalogue.get(setup.model)
    for candidate in smaller(model, catalogue) if model is not None else []:
        try:
            registry.path(candidate.id)
        except UserError:
            continue
        return candidate.id
    return ""


def largest(folder: Path) -> str:
    """The model for captions with most weights that is on this computer.  Raises UserError."""
    registry = Registry(folder)
    known = sorted((model for model in registry.models() if model.task == "captions"), key=lambda model: -model.size)
    for model in known:
        if registry.status(model.id).state is State.READY:
            return model.id
    sentence = "No model for captions is on this computer. Run `parley models fetch whisper-base`, and ask again."
    raise UserError(ErrorCode.MISSING_MODEL, sentence)
