from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QGuiApplication

from app.ui.images import QUIET_ZONE, icon, qr
from app.ui.resources import ICONS, UI
from tests.ui.fake_engine import LINK


def test_every_icon_that_is_named_is_here_and_no_other_is_shipped() -> None:
    named = {
        word
        for path in UI.rglob("*.qml")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"icon|\bname:|say\(", line, re.I)
        for word in re.findall(r'"([a-z][a-z0-9-]*)"', line)
    }
    page = (ICONS.parent / "web" / "index.html").read_text("utf-8")
    named |= set(re.findall(r'<symbol id="icon-([a-z0-9-]+)"', page))
    here = {path.stem for path in ICONS.glob("*.svg")}

    assert here <= named
    assert {"mic", "mic-off", "video", "captions", "log-out"} <= here
    assert (ICONS / "LICENSE").read_text("utf-8").startswith("ISC License")


def test_an_icon_has_the_colour_it_was_asked_for(application: QGuiApplication) -> None:
    image = icon("plus", "ff0000", 48)

    assert QColor(image.pixel(24, 24)).name() == "#ff0000"
    assert image.pixelColor(0, 0).alpha() == 0


def test_an_unknown_icon_is_nothing_and_a_line_in_the_log(
    application: QGuiApplication, caplog: pytest.LogCaptureFixture
) -> None:
    assert icon("no-such-icon", "ff0000", 20).pixelColor(10, 10).alpha() == 0
    assert "no such icon" in caplog.text
    caplog.clear()


def test_a_qr_code_has_its_quiet_zone_on_all_sides(application: QGuiApplication) -> None:
    image = qr(LINK, 240)
    dark = [
        (x, y) for y in range(240) for x in range(240) if image.pixelColor(x, y).lightness() < 128
    ]
    left, top = min(x for x, _ in dark), min(y for _, y in dark)
    module = next(run for run in range(1, 40) if image.pixelColor(left + 7 * run, top).lightness() >= 128)

    assert left >= QUIET_ZONE * module
    assert top >= QUIET_ZONE * module
    assert 240 - 1 - max(x for x, _ in dark) >= QUIET_ZONE * module
