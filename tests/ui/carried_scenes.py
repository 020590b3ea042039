"""Pictures of files for captions that come on a stick."""

from __future__ import annotations

from app.viewmodels.carried import CarriedRow
from app.viewmodels.models import ModelRow
from tests.ui.stage import Stage, settle

BASE = CarriedRow("whisper-base", "Whisper base", 148, "wanted")
FACES = CarriedRow("face-landmarker", "Face landmarks", 4, "here")
NEWER = CarriedRow("whisper-next", "whisper-next", 0, "unknown")
OLDER = CarriedRow("whisper-tiny.en", "Whisper tiny", 78, "other")


def lacking(stage: Stage) -> None:
    stage.desk.models.show([ModelRow("whisper-base", "Whisper base", "captions", 148, "missing")])


def copying(stage: Stage) -> None:
    stage.open_settings("models")
    lacking(stage)
    stick = stage.desk.models.stick
    stick.look("parley-models.zip")
    stick.copy([BASE, FACES, NEWER])
    stick.alter("whisper-base", "copying", 61, 148)
    settle()


def brought(stage: Stage) -> None:
    stage.open_settings("models")
    stick = stage.desk.models.stick
    stick.look("parley-models.zip")
    stick.copy([BASE, FACES, NEWER, OLDER])
    stick.alter("whisper-base", "taken", 0, 148)
    stick.end()
    settle()


def useless(stage: Stage) -> None:
    """On the first screen."""
    lacking(stage)
    stage.desk.models.stick.look("holiday.zip")
    stage.desk.models.stick.end("cut_off", "")
    settle()
