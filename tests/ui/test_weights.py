"""Fetching weights behind the window: real threads, a registry that does as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.viewmodels.models import ModelsModel
from app.weights import Weights
from models.catalogue import Model, shipped_catalogue
from models.registry import Progress, Registry, State, Status
from sfu.rtp.errors import ErrorCode, UserError
from tests.ui.stage import settle

BASE = next(model for model in shipped_catalogue() if model.id == "whisper-base")


class FakeRegistry:
    """One model whose bytes come when the test says so."""

    def __init__(self, folder: Path, failure: str = "") -> None:
        self.state = State.MISSING
        self.go = threading.Event()
        self._folder = folder
        self._failure = failure

    def models(self) -> tuple[Model, ...]:
        return (BASE,)

    def status(self, name: str) -> Status:
        return Status(BASE, self.state, self._folder)

    def delete(self, name: str) -> None:
        if self._failure:
            raise UserError(ErrorCode.MISSING_MODEL, self._failure)
        self.state = State.MISSING

    def fetch(self, name: str, progress: Callable[[Progress], None]) -> None:
        progress(Progress(name, BASE.size // 2, BASE.size, "fetching"))
        assert self.go.wait(10)
        progress(Progress(name, BASE.size, BASE.size, "checking"))
        if self._failure:
            raise UserError(ErrorCode.MISSING_MODEL, self._failure)
        self.state = State.READY


def shown(registry: FakeRegistry) -> ModelsModel:
    model = ModelsModel(BASE.id)
    Weights(registry, model)  # type: ignore[arg-type]  # owned by the model
    return model


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        settle()


def test_a_fetch_ends_ready(application: QGuiApplication, tmp_path: Path) -> None:
    registry = FakeRegistry(tmp_path)
    model = shown(registry)
    model.fetch(BASE.id)
    until(lambda: model.rows.items()[0].received > 0)

    registry.go.set()

    until(lambda: model.rows.items()[0].state == "ready")
    assert model.lacking.items() == []


def test_a_stopped_fetch_can_be_taken_up_again(application: QGuiApplication, tmp_path: Path) -> None:
    registry = FakeRegistry(tmp_path)
    model = shown(registry)
    model.fetch(BASE.id)
    until(lambda: model.rows.items()[0].received > 0)

    model.stop(BASE.id)
    registry.go.set()

    until(lambda: model.rows.items()[0].state == "missing")
    assert model.rows.items()[0].sentence == ""
    model.fetch(BASE.id)
    until(lambda: model.rows.items()[0].state == "ready")


def test_a_failure_is_a_sentence(application: QGuiApplication, tmp_path: Path) -> None:
    registry = FakeRegistry(tmp_path, failure="The disk is full.")
    registry.go.set()
    model = shown(registry)

    model.fetch(BASE.id)

    until(lambda: model.rows.items()[0].sentence == "The disk is full.")
    assert model.rows.items()[0].state == "missing"


def test_deleting_takes_the_files_away(application: QGuiApplication, tmp_path: Path) -> None:
    registry = FakeRegistry(tmp_path)
    registry.state = State.READY
    model = shown(registry)

    model.delete(BASE.id)

    assert model.rows.items()[0].state == "missing"


def test_what_cannot_be_deleted_stays_and_says_why(application: QGuiApplication, tmp_path: Path) -> None:
    registry = FakeRegistry(tmp_path, failure="The disk is read-only.")
    registry.state = State.READY
    model = shown(registry)

    model.delete(BASE.id)

    assert (model.rows.items()[0].state, model.rows.items()[0].sentence) == ("ready", "The disk is read-only.")


def test_only_what_captions_need_and_a_person_can_fetch_is_listed(
    application: QGuiApplication, tmp_path: Path
) -> None:
    model = ModelsModel(BASE.id)
    Weights(Registry(tmp_path), model)

    names = {row.name for row in model.rows.items()}

    assert {"whisper-base", "whisper-tiny.en"} <= names
    assert not {"silero-vad", "face-landmarker", "selfie-segmentation"} & names
