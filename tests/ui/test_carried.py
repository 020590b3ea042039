"""Files for captions from a stick: real threads, a small model, and the window that shows what comes of it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication

from app.carried import Stick
from app.viewmodels.carried import CarriedModel
from models import registry as registry_module
from models.catalogue import parse_catalogue
from models.registry import Registry, State
from tests.platform.conftest import FILES, WEIGHTS, entry, url_source
from tests.ui.carried_scenes import BASE, brought, copying, lacking
from tests.ui.looking import click, item_with, press, shows
from tests.ui.stage import Stage, settle

MakeStage = Callable[..., Stage]
TOYS = parse_catalogue(entry("toy", url_source("https://example.org/toy/"))
                       + entry("second", url_source("https://example.org/second/")))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models", TOYS)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """With the folder of one of the two."""
    folder = tmp_path / "usb"
    (folder / "toy").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / "toy" / name).write_bytes(content)
    return folder


def at_work(registry: Registry, *answers: str) -> CarriedModel:
    """`answers`: what is chosen in one dialog after another."""
    model = CarriedModel()
    left = list(answers)
    Stick(registry, model, "toy").ask(lambda: left.pop(0), lambda: left.pop(0), lambda suggested: left.pop(0))
    return model


def until_over(model: CarriedModel) -> dict[str, str]:
    deadline = time.monotonic() + 20
    while model.busy:
        assert time.monotonic() < deadline
        settle()
    return {row.name: row.fate for row in model.rows_now}


def test_what_is_on_the_stick_is_copied_and_named(
    application: QGuiApplication, registry: Registry, stick: Path
) -> None:
    model = at_work(registry, str(stick))

    model.choose_folder()

    assert until_over(model) == {"toy": "taken"}
    assert model.problem == ""
    assert registry.status("toy").state is State.READY


def test_what_one_computer_writes_another_takes(
    application: QGuiApplication, tmp_path: Path, registry: Registry, stick: Path
) -> None:
    here, there = registry, Registry(tmp_path / "there", TOYS)
    here.take("toy", lambda progress: None, stick)
    file = str(tmp_path / "parley-models.zip")

    writing = at_work(here, file)
    writing.choose_target()
    assert list(until_over(writing).values()) == ["written"]
    taking = at_work(there, file)
    taking.choose_file()

    assert until_over(taking) == {"toy": "taken"}
    assert there.verify("toy").state is State.READY


def test_damage_is_told_and_what_captions_need_is_still_asked_for(
    application: QGuiApplication, registry: Registry, stick: Path
) -> None:
    (stick / "toy" / "model.bin").write_bytes(WEIGHTS[::-1])
    shutil.copytree(stick / "toy", stick / "second")
    (stick / "second" / "model.bin").write_bytes(WEIGHTS)
    damaged = at_work(registry, str(stick))
    damaged.choose_folder()
    assert until_over(damaged) == {"toy": "damaged", "second": "taken"}

    shutil.rmtree(stick / "toy")
    without = at_work(registry, str(stick))
    without.choose_folder()

    assert until_over(without) == {"second": "here", "toy": "absent"}


def test_a_wrong_file_and_a_full_disk_are_problems_with_names(
    application: QGuiApplication, tmp_path: Path, registry: Registry, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.zip").write_bytes(b"Dear Ana")
    wrong = at_work(registry, str(tmp_path / "letter.zip"))
    wrong.choose_file()
    until_over(wrong)
    monkeypatch.setattr(registry_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=9_000_000))
    full = at_work(registry, str(stick))
    full.choose_folder()

    assert until_over(full) == {"toy": "stopped"}
    assert (wrong.problem, wrong.place) == ("no_bundle", "letter.zip")
    assert (full.problem, full.needed, full.free) == ("no_room", 67, 9)


def test_it_can_be_stopped_and_begun_again(
    application: QGuiApplication, registry: Registry, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = at_work(registry, str(stick), str(stick), "")
    ordinary = registry.take

    pressed = threading.Event()

    def slowly(name: str, progress: Callable[..., None], place: Path) -> Path:
        assert pressed.wait(10)
        return ordinary(name, progress, place)

    monkeypatch.setattr(registry, "take", slowly)
    model.choose_folder()
    model.stop()
    pressed.set()
    assert until_over(model) == {"toy": "stopped"}
    assert model.problem == "stopped"

    monkeypatch.setattr(registry, "take", ordinary)
    model.choose_folder()
    assert until_over(model) == {"toy": "taken"}
    model.choose_file()   # and the dialog is closed: what was told stays
    assert model.doing == "over"
    model.dismiss()
    assert (model.doing, model.rows_now) == ("", [])


def test_a_file_is_dropped_where_files_are_wanted(stage: MakeStage) -> None:
    shown = stage()
    shown.open_settings("models")
    brought_by: list[str] = []
    shown.desk.models.stick.bring_wanted.connect(brought_by.append)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/x.zip"), QUrl("file:///media/usb/parley-models.zip")])
    button = item_with(shown, "From a file…")
    where = button.mapToScene(QPointF(5, 5))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QGuiApplication.sendEvent(shown.window, QDragEnterEvent(where.toPoint(), copy, data, left, none))
    QGuiApplication.sendEvent(shown.window, QDropEvent(where, copy, data, left, none))

    assert brought_by == ["/media/usb/parley-models.zip"]


def test_the_window_says_what_was_found_and_what_not(stage: MakeStage) -> None:
    shown = stage()
    copying(shown)
    assert shows(shown, "Captions in many languages: 61 of 148 MB")
    stopped: list[bool] = []
    shown.desk.models.stick.stop_wanted.connect(lambda: stopped.append(True))
    click(shown, "Cancel")
    assert stopped == [True]

    brought(shown)

    assert shows(shown, "Captions in many languages: copied and checked")
    assert shows(shown, "whisper-next: this version of Parley does not know it. A newer one may.")
    click(shown, "Close")
    assert not shows(shown, "Finding faces: was here already")


def test_it_is_offered_on_the_first_screen_while_something_is_missing_and_by_keyboard(stage: MakeStage) -> None:
    shown = stage()
    assert not shows(shown, "From a folder…")
    lacking(shown)
    settle()
    asked: list[str] = []
    shown.desk.models.stick.folder_wanted.connect(lambda: asked.append("folder"))

    item_with(shown, "From a folder…").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    press(shown, Qt.Key.Key_Return)

    assert asked == ["folder"]
    shown.desk.models.stick.look("x.zip")
    shown.desk.models.stick.copy([BASE])
    shown.desk.models.stick.end("no_room", "", 215, 9)
    settle()
    assert shows(shown, "There is no room: 215 MB are needed, and 9 MB are free. Make room, then try again.")


def test_in_other_languages_too(stage: MakeStage) -> None:
    shown = stage(language="zh")
    brought(shown)

    assert shows(shown, "多语言字幕：已复制并核对")
