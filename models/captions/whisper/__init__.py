"""Whisper on CTranslate2, as an engine of captions (see `models.captions.engines`)."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from models.captions.engines import Recogniser
from models.runtime.task import Setup


def load(folder: Path, setup: Setup) -> Recogniser:
    """Loads what is in `folder` and runs it once.  Raises UserError."""
    from models.captions.whisper.model import Whisper

    whisper = Whisper(folder, device=setup.device, compute=setup.compute, threads=setup.threads)
    whisper.warm_up()
    # People wait for the first words.  No daemon: the libraries do not bear a thread that is ended in the middle.
    Thread(target=whisper.hasten, name="hasten").start()
    return whisper
