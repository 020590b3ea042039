from __future__ import annotations

import re
from pathlib import Path

import pytest

from installer import freezing
from sfu import roles

IMPORT = re.compile(r"^import (Qt[A-Za-z.]*)", re.MULTILINE)


@pytest.mark.parametrize("name", [
    "PySide6/Qt/lib/libQt6Core.so.6", "libQt6Quick.so.6", "PySide6/Qt6Core.dll", "PySide6/QtCore.abi3.so",
    "PySide6/Qt/lib/libQt6FFmpegStub-ssl.so.3", "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/plugins/platforms/qwindows.dll", "PySide6/Qt/qml/QtQuick/Controls/Basic/Button.qml",
    "PySide6/Qt/translations/qtbase_zh_CN.qm", "resources/web/index.html", "aiortc-1.16.0.dist-info/METADATA",
])
def test_what_the_program_uses_goes_in(name: str) -> None:
    assert freezing.wanted(name)


@pytest.mark.parametrize("name", [
    "PySide6/Qt/lib/libQt6WebEngineCore.so.6", "libQt6WebEngineCore.so.6", "PySide6/Qt6WebEngineCore.dll",
    "PySide6/Qt/lib/QtWebEngineCore.framework", "PySide6/Qt/lib/libQt63DRender.so.6",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so", "PySide6/Qt/plugins/qmltooling/libqmldbg_tcp.so",
    "PySide6/Qt/qml/QtQuick/Controls/Material/Button.qml", "PySide6/Qt/qml/QtWebEngine/qmldir",
    "PySide6/Qt/translations/qtbase_fr.qm",
])
def test_what_qt_brings_and_nobody_uses_stays_out(name: str) -> None:
    assert not freezing.wanted(name)


def test_no_path_of_the_machine_that_built_it_goes_along() -> None:
    assert not freezing.wanted("parley-0.1.0.dist-info/direct_url.json")
    assert not freezing.wanted("numpy-2.4.0.dist-info/RECORD")


def test_every_module_that_qml_imports_goes_in() -> None:
    imported = {name for file in (freezing.ROOT / "app").rglob("*.qml") for name in IMPORT.findall(file.read_text())}

    assert imported
    for name in imported:
        assert freezing.wanted(f"PySide6/Qt/qml/{name.replace('.', '/')}/qmldir"), name


def test_programs_tasks_engines_and_roles_are_found_though_nothing_imports_them() -> None:
    assert {"models.captions.whisper", "models.emotion.task", *roles.ROLES} <= set(freezing.modules())


def test_scenes_pages_words_weighing_and_licence_go_where_the_sources_have_them() -> None:
    places = {(place / file.name).as_posix() for file, place in freezing.data()}

    assert {"app/ui/Main.qml", "resources/web/index.html", "resources/translations/parley_zh.qm", "NOTICE",
            "resources/trust/en.html", "models/catalogue.toml", "models/captions/whisper/catalogue.toml",
            "models/emotion/weighing.json", "sfu/wire/schema.json"} <= places
    assert not [place for place in places if Path(place).suffix in freezing.NOT_DATA - {".so"}]
