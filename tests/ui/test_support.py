"""Help from others, behind the window."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from app import report, updates
from app.support import Support
from app.viewmodels.support import SupportModel
from tests.ui.stage import settle


def until_said(model: SupportModel) -> str:
    deadline = time.monotonic() + 20
    while model.busy and time.monotonic() < deadline:
        settle()
        time.sleep(0.01)
    return model.said


def test_a_report_goes_where_the_person_wants_it_and_the_window_says_where(
    application: QGuiApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "examine", lambda names, setting: [])
    model = SupportModel()
    chosen = [str(tmp_path / "help.zip"), str(tmp_path / "no" / "help.zip"), ""]
    support = Support(model, tmp_path, lambda suggestion: chosen.pop(0))

    model.save_report()
    assert until_said(model) == str(tmp_path / "help.zip")
    assert (tmp_path / "help.zip").exists()
    model.save_report()
    assert "could not be written" in until_said(model)
    model.save_report()   # the dialog was closed: what was said stays
    assert "could not be written" in until_said(model)
    assert support.parent() is model


def test_updates_are_offered_only_where_an_administrator_has_named_a_place(
    application: QGuiApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_SETTINGS", str(tmp_path))
    nobody = SupportModel()
    Support(nobody, tmp_path, lambda suggestion: "")
    key = updates.new_key(tmp_path / "key")
    (tmp_path / updates.MANIFEST).write_text('{"version": "9.0"}')
    updates.sign(tmp_path / updates.MANIFEST, tmp_path / "key")
    (tmp_path / "updates.toml").write_text(f"place = {json.dumps(str(tmp_path))}\nkey = {json.dumps(key)}\n")
    somebody = SupportModel()
    Support(somebody, tmp_path, lambda suggestion: "")

    assert (nobody.updates, somebody.updates) == (False, True)
    somebody.look_for_update()
    assert "Parley 9.0 is in" in until_said(somebody)
